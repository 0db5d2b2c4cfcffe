/* check_batch.c - pass graph_batch, by each op's rule, equals a loop over samples.
 * Every combination of batched and unbatched operands. */
#include "case.h"

#include "graph/text.h"
#include "passes/pass.h"

#include <math.h>

enum { BATCH = 3 };

/* Input i of sample s: its own when batched, else the one of all samples. `random`
 * counts samples by its operand. */
static Tensor *sample_input(const OpCase *c, Arena *a, int i, int s, Tensor *const *all)
{
    const Node *n = c->in[i];
    int64_t count = shape_count(&n->shape);
    Tensor *x = tensor_new(a, n->dtype, n->shape);
    for (int64_t j = 0; j < count; j++)
        x->at[j] = all[i]->at[n->batched ? s * count + j : j];
    if (c->op->flags & OP_RANDOM && i == 2)
        x->at[0] += s;
    return x;
}

/* Values with the batch axis where an input is batched. */
static void sample_all(const OpCase *c, Arena *a, Tally *t, Tensor **all)
{
    Tensor *one[BATCH][CASE_MAX_IN];
    for (int s = 0; s < BATCH; s++)
        case_sample(c, a, t, one[s]);
    for (int i = 0; i < c->n_in; i++) {
        const Node *n = c->in[i];
        Shape wide = { .rank = n->shape.rank + 1, .dim = { BATCH } };
        int64_t count = shape_count(&n->shape);
        for (int d = 0; d < n->shape.rank; d++)
            wide.dim[d + 1] = n->shape.dim[d];
        all[i] = tensor_new(a, n->dtype, n->batched ? wide : n->shape);
        for (int s = 0; s < (n->batched ? BATCH : 1); s++)
            for (int64_t j = 0; j < count; j++)
                all[i]->at[s * count + j] = one[s][i]->at[j];
    }
}

static bool batch_graph(Arena *a, Tally *t, const OpCase *c)
{
    DiagSink *sink = diag_sink_new(a);
    PassContext cx = { .module = a, .scratch = a, .sink = sink, .batch = BATCH };
    out_init(&cx.stats, a);
    if (graph_batch(&cx, c->graph) == PASS_FAILED) {
        tally_fail(t, c->text, "%s", diag_message(sink, 0));
        return false;
    }
    const char *defects = graph_verify(c->graph, a);
    if (defects)
        tally_fail(t, c->text, "batched: %s", defects);
    return defects == NULL;
}

static void check_mask(Tally *t, const Op *op, const char *text, unsigned mask)
{
    Arena *a = arena_create("batch");
    OpCase c = case_new(a, text, op, mask, t);
    if (!c.graph) {
        arena_destroy(a);
        return;
    }
    bool over_samples = (op->flags & OP_SAMPLE_ONLY) != 0;
    if (mask == 0 && !c.node->batched) {
        arena_destroy(a);
        return;
    }
    t->cases++;
    Tensor *all[CASE_MAX_IN], *x[CASE_MAX_IN], *want[BATCH];
    sample_all(&c, a, t, all);
    for (int s = 0; s < BATCH; s++) {
        for (int i = 0; i < c.n_in; i++)
            x[i] = sample_input(&c, a, i, s, all);
        want[s] = case_run(c.graph, a, c.n_in, x)[0];
    }
    int64_t count = shape_count(&want[0]->shape);
    if (batch_graph(a, t, &c)) {
        Tensor *y = case_run(c.graph, a, c.n_in, all)[0];
        if (shape_count(&y->shape) != BATCH * count)
            tally_fail(t, text, "mask %u: shape %s", mask, shape_text(a, &y->shape));
        else
            for (int64_t i = 0; i < BATCH * count; i++) {
                double w = want[i / count]->at[i % count];
                if (over_samples) {
                    w = 0;
                    for (int s = 0; s < BATCH; s++)
                        w += want[s]->at[i % count];
                    w /= op->code == OP_batch_mean ? BATCH : 1;
                }
                if (!tally_compare(t, text, str_printf(a, "mask %u: an element", mask),
                                   y->at[i], w, 1 + fabs(w), 1e-12))
                    break;
            }
    }
    arena_destroy(a);
}

/* Reduces the batch axis instead of the sample's. */
static Node *forget_axis(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    return build_node(g, NULL, n->op, 1, in, n->attr);
}

void check_batch(Tally *t, bool fault)
{
    if (fault) {
        Op broken = op_reduce_sum;
        broken.batch = forget_axis;
        check_mask(t, &broken, "reduce_sum f32[3, 2] {axes=[0]}", 1);
        return;
    }
    for (int i = 0; i < OP_COUNT; i++) {
        const Op *op = op_table[i];
        const char *text[64];
        int n = op->flags & OP_STRUCTURE && !op->batch ? 0 : case_texts(op, text, 64);
        for (int j = 0; j < n; j++) {
            Arena *a = arena_create("masks");
            OpCase c = case_new(a, text[j], op, 0, t);
            for (unsigned mask = 0; c.graph && mask < 1u << c.n_in; mask++)
                if (!(op->flags & OP_RANDOM) || mask == 0)
                    check_mask(t, op, text[j], mask);
            arena_destroy(a);
        }
    }
}
