/* random - uniform numbers in [0, 1), a pure function of seed, stream, iteration,
 * sample and position, so that any kernel and any thread can compute any of them.
 *
 * The word at position e of sample s is lane e % 4 of Philox4x32-10 with the seed as
 * key and counter { e / 4, s, iteration, stream }; y = (word >> 8) 2^-24. Unbatched
 * nodes use sample 0xffffffff. `shape` is a sample's; `batch` > 0 puts an axis in front
 * of it. */
#include "ops/rules.h"

#include "device/philox.h"

enum { KEY, ITERATION, SAMPLE };

static bool random_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    for (int i = 0; i < n->n_in; i++) {
        const Shape *s = &n->in[i]->shape;
        if (!check_dtype(n, i, DTYPE_U32, sink)) /* C1 */
            return false;
        bool fits = i == KEY ? s->rank == 1 && s->dim[0] == 2 : s->rank == 0;
        if (!fits) /* C2 */
            return diag_error(sink, n->span, DIAG_PATTERN, "`%s` of random is u32%s",
                              n->op->operand[i].name, n->op->operand[i].shape);
    }
    Shape sample;
    if (!check_shape_attr(n, "shape", &sample, sink)) /* C3 */
        return false;
    int64_t batch = attr_int(n, "batch");
    y->dtype = DTYPE_F32;
    y->shape = batch > 0 ? shape_with_leading(&sample, batch) : sample;
    return true;
}

static double uniform_at(const Node *n, const Tensor *const *in, uint32_t element,
                         uint32_t sample)
{
    uint32_t key[2] = { (uint32_t)in[KEY]->at[0], (uint32_t)in[KEY]->at[1] };
    uint32_t counter[4] = { element / 4, sample, (uint32_t)in[ITERATION]->at[0],
                            (uint32_t)attr_int(n, "stream") };
    uint32_t word[4];
    dlc_philox(word, counter, key);
    return (double)(word[element % 4] >> 8) / 16777216.0;
}

static void random_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int64_t batch = attr_int(n, "batch");
    int64_t samples = batch > 0 ? batch : 1;
    int64_t count = shape_count(&y->shape) / samples;
    for (int64_t s = 0; s < samples; s++) {
        uint32_t sample = 0xffffffff;
        if (attr_int(n, "batched") != 0)
            sample = (uint32_t)in[SAMPLE]->at[0] + (uint32_t)s;
        for (int64_t i = 0; i < count; i++)
            y->at[s * count + i] = uniform_at(n, in, (uint32_t)i, sample);
    }
}

static Node *random_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    AttrValue attrs[OP_MAX_ATTRS] = {
        n->attr[0], n->attr[1], n->attr[2], { .i = batch }
    };
    return batch_with(g, n, in, attrs);
}

static Expr *random_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    bool has_batch = attr_int(n, "batch") > 0;
    Expr *sample = expr_u32(k, 0xffffffff);
    if (attr_int(n, "batched") != 0)
        sample = lower_value(w, n->in[SAMPLE], NULL);
    Shape inner = { .rank = n->shape.rank - has_batch };
    for (int i = 0; i < inner.rank; i++)
        inner.dim[i] = n->shape.dim[i + has_batch];
    if (has_batch)
        sample = expr_add(k, sample, expr_cast(k, at[0], DTYPE_U32));
    Expr *element = expr_cast(k, expr_linear(k, &inner, at + has_batch), DTYPE_U32);
    Expr *first = expr_i32(k, 0), *second = expr_i32(k, 1);
    Expr *word = math_philox(k, element, sample, lower_value(w, n->in[ITERATION], NULL),
                             expr_u32(k, (uint32_t)attr_int(n, "stream")),
                             lower_value(w, n->in[KEY], &first),
                             lower_value(w, n->in[KEY], &second));
    Expr *high = expr_binary(k, BIN_SHR, word, expr_u32(k, 8));
    return expr_mul(k, expr_cast(k, high, DTYPE_F32), expr_f32(k, 1 / 16777216.0));
}

const Op op_random = {
    .code = OP_random,
    .name = "random",
    .summary = "uniform numbers in [0, 1)",
    .result = "[..]",
    .equation = "y[e] = (philox(key, e/4, sample, iteration, stream)[e%4] >> 8) 2^-24",
    .reference = "Salmon, Moraes, Dror, Shaw 2011, Parallel Random Numbers, 3.3",
    .flags = OP_RANDOM | OP_NO_GRAD,
    .operand = { { "key", "[2]", "seed", DOMAIN_LABEL },
                 { "iteration", "[]", "number of the step", DOMAIN_LABEL },
                 { "sample", "[]", "the batch's first sample", DOMAIN_LABEL } },
    .attr = { { "stream", ATTR_INT, "unique in the function" },
              { "shape", ATTR_INTS, "of one sample" },
              { "batched", ATTR_BOOL, "differs from sample to sample" },
              { "batch", ATTR_INT, "samples; 0: one, without an axis" } },
    .shape = random_shape,
    .eval = random_eval,
    .batch = random_batch,
    .element = random_element,
    .constraint = {
        { "C1", "operands are u32", "random [1, 2], u32 0, u32 0 {shape=[1]}",
          DIAG_DTYPE },
        { "C2", "operands have these shapes",
          "random u32 [1], u32 0, u32 0 {shape=[1]}", DIAG_PATTERN },
        { "C3", "extents are at least 1",
          "random u32 [1, 2], u32 0, u32 0 {shape=[0]}", DIAG_ATTRIBUTE },
    },
    .example = {
        { "words of a zero counter and key, shifted",
          "random u32 [0, 0], u32 0, u32 0 {stream=0, shape=[4], batched=1}",
          "[0.3990464210510254, 0.8805201649665833, 0.7357127666473389, "
          "0.6054818034172058]" },
    },
};
