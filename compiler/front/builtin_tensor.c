/* builtin_tensor.c - builtins over indices, chance, the batch and the gradient, and
 * what is known of a value's range. */
#include "front/elab.h"

#include "support/bug.h"

#include <math.h>

static Value *tensor_arg(Elab *e, const Builtin *b, const BuiltinArgs *args, int i)
{
    Value *t = tensor_of(e, args->at[i]);
    if (t == NULL)
        return fail(e, DIAG_KIND, args->span, "`%s` takes a tensor, found %s", b->name,
                    value_describe(e->arena, args->at[i]));
    return t;
}

static Value *index_arg(Elab *e, const Builtin *b, const BuiltinArgs *args, int i)
{
    Value *t = tensor_arg(e, b, args, i);
    if (t == NULL || t->tensor->node->bound > 0)
        return t;
    Diag *d = fail_begin(e, DIAG_DTYPE, args->span,
                         "`%s` takes an index, but its input is %s", b->name,
                         tensor_text(e->arena, t->tensor));
    diag_origin(e, d, t->tensor, "");
    diag_help(d, "an index is a class or token number; declare it in the data block as "
                 "`index(n)`");
    return fail_end(d);
}

/* ---- indices --------------------------------------------------------------------- */

Value *builtin_gather(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *table = tensor_arg(e, b, args, 0);
    Value *index = table != NULL ? index_arg(e, b, args, 1) : NULL;
    if (index == NULL)
        return NULL;
    const Shape *s = &table->tensor->node->shape;
    int64_t bound = index->tensor->node->bound, axis = 0;
    if (args->at[2] != NULL && (axis = axis_of(e, args->at[2], table, args->span)) < 0)
        return NULL;
    if (s->rank > 0 && bound <= s->dim[axis])
        return tensor_gather(e, table, index, (int)axis, args->span);
    const char *which = axis == 0 ? "the first dimension"
                                  : str_printf(e->arena, "dimension %d", (int)axis);
    return fail(e, DIAG_INDEX_RANGE, args->span,
                "an index below %lld can leave %s of %s", (long long)bound, which,
                tensor_text(e->arena, table->tensor));
}

enum { FRAME_PARTS = 8 };

/* x[first + hop i + j, ..] for i below count, j below width: [count, width, ..]. */
static Node *frame_part(Graph *g, Node *x, int64_t first, int64_t count, int64_t hop,
                        int64_t width)
{
    int64_t zero[SHAPE_MAX_RANK] = { 0 }, start[SHAPE_MAX_RANK] = { first },
            after[SHAPE_MAX_RANK] = { 0 }, stop[SHAPE_MAX_RANK], step[SHAPE_MAX_RANK];
    int64_t end = first + count * hop;
    after[0] = end > x->shape.dim[0] ? end - x->shape.dim[0] : 0;
    x = after[0] > 0 ? build_pad(g, x, zero, after, zero) : x;
    Shape rows = { .rank = x->shape.rank + 1, .dim = { count, hop } };
    for (int i = 0; i < rows.rank; i++) {
        step[i] = 1;
        if (i < x->shape.rank)
            stop[i] = i == 0 ? end : x->shape.dim[i];
        if (i > 1)
            rows.dim[i] = x->shape.dim[i - 1];
    }
    x = build_reshape(g, build_slice(g, x, start, stop, step), rows);
    for (int i = 0; i < rows.rank; i++)
        stop[i] = i == 1 ? width : rows.dim[i];
    return width == hop ? x : build_slice(g, x, zero, stop, step);
}

/* The same by an index for each element, where parts would be too many. */
static Node *frames_gathered(Elab *e, Graph *g, Node *x, int64_t count, int64_t size,
                             int64_t hop)
{
    Shape at = shape_2(count, size);
    Tensor *by = tensor_new(e->arena, DTYPE_I32, (Shape){ 0 });
    by->at[0] = (double)hop;
    Node *first =
        build_mul(g, build_iota(g, DTYPE_I32, at, 0, 0), build_constant(g, by));
    return build_gather(g, x, build_add(g, first, build_iota(g, DTYPE_I32, at, 1, 0)));
}

/* Windows of x[n, ..] that overlap: [t, size, ..], one every `hop`. When hop and size
 * have a large common part, they are slices side by side: views, without indices. */
Value *builtin_frames(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_arg(e, b, args, 0);
    int64_t n[2];
    for (int i = 0; x != NULL && i < 2; i++) {
        const Value *v = args->at[1 + i];
        if (v->kind != VALUE_INT || v->integer < 1 || v->integer > INT32_MAX)
            return fail(e, DIAG_KIND, args->span,
                        "`%s` of `frames` is a positive int, found %s",
                        i == 0 ? "size" : "hop", value_describe(e->arena, v));
        n[i] = v->integer;
    }
    if (x == NULL)
        return NULL;
    Node *node = x->tensor->node, *part[FRAME_PARTS];
    int64_t size = n[0], hop = n[1], common = size;
    if (node->shape.rank == 0 || node->shape.rank == SHAPE_MAX_RANK ||
        size > node->shape.dim[0])
        return fail(e, DIAG_PATTERN, args->span, "a frame of %lld does not fit in %s",
                    (long long)size, tensor_text(e->arena, x->tensor));
    for (int64_t rest = hop % common; rest != 0;) { /* Euclid */
        int64_t next = common % rest;
        common = rest;
        rest = next;
    }
    Graph *g = graph_at(e, args->span);
    int64_t count = (node->shape.dim[0] - size) / hop + 1, parts = size / common;
    if (parts > FRAME_PARTS)
        return tensor_make(e, frames_gathered(e, g, node, count, size, hop), 1, &x);
    for (int64_t i = 0; i < parts; i++)
        part[i] = frame_part(g, node, i * common, count, hop, common);
    return tensor_make(e, build_concat(g, (int)parts, part, 1), 1, &x);
}

/* 1 where the last axis, added to index's, equals the index. */
Value *builtin_one_hot(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *index = index_arg(e, b, args, 0);
    if (index == NULL)
        return NULL;
    Node *n = index->tensor->node;
    Shape column = n->shape, all = n->shape;
    if (!shape_push(e, args->span, &column, 1) ||
        !shape_push(e, args->span, &all, n->bound) || !shape_check(e, args->span, &all))
        return NULL;
    Graph *g = graph_at(e, args->span);
    Node *wanted = build_reshape(g, build_cast(g, n, DTYPE_I32), column);
    Node *here = build_iota(g, DTYPE_I32, all, all.rank - 1, n->bound);
    Node *hit = build_eq(g, here, build_broadcast(g, wanted, all));
    return tensor_make(e, build_cast(g, hit, DTYPE_F32), 1, &index);
}

/* x[.., n] at index[..]: one element of each row, by comparison and sum, which fuses
 * with what made the row and differentiates to a select. */
Value *builtin_pick(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_arg(e, b, args, 0);
    Value *index = x != NULL ? index_arg(e, b, args, 1) : NULL;
    if (index == NULL)
        return NULL;
    Node *n = x->tensor->node, *at = index->tensor->node;
    const Shape *s = &n->shape;
    bool fits = s->rank == at->shape.rank + 1 && dtype_is_float(n->dtype);
    for (int i = 0; fits && i < at->shape.rank; i++)
        fits = s->dim[i] == at->shape.dim[i];
    if (!fits || at->bound > s->dim[s->rank - 1])
        return fail(e, DIAG_PATTERN, args->span,
                    "`pick` takes x[.., n] and index(n)[..], found %s and %s",
                    tensor_text(e->arena, x->tensor),
                    tensor_text(e->arena, index->tensor));
    Value *y = tensor_select_axis(e, x, index, s->rank - 1, args->span);
    if (y != NULL && x->tensor->range != RANGE_ANY)
        y->tensor->range = RANGE_UNIT;
    return y;
}

/* Scores of later positions become so low that softmax gives them 0. */
Value *builtin_mask_future(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_arg(e, b, args, 0);
    if (x == NULL)
        return NULL;
    const Shape *s = &x->tensor->node->shape;
    if (s->rank < 2 || s->dim[s->rank - 1] != s->dim[s->rank - 2])
        return fail(e, DIAG_PATTERN, args->span,
                    "`mask_future` takes scores [.., t, t], but its input is %s",
                    tensor_text(e->arena, x->tensor));
    Graph *g = graph_at(e, args->span);
    int64_t t = s->dim[s->rank - 1];
    Node *row = build_iota(g, DTYPE_I32, shape_2(t, t), 0, t);
    Node *column = build_iota(g, DTYPE_I32, shape_2(t, t), 1, t);
    Node *past = build_broadcast(g, build_le(g, column, row), *s);
    Node *y = build_select(g, past, x->tensor->node, build_full(g, -1e30, *s));
    return tensor_make(e, y, 1, &x);
}

/* ---- chance ---------------------------------------------------------------------- */

static Cut *cut_new(Elab *e, const TensorValue *x, Span span)
{
    Cut *cut = arena_new(e->arena, Cut);
    cut->deps = x->deps;
    cut->user = blame(e, span);
    return cut;
}

static Node *chance_input(Elab *e, InputKind kind, const char *name, Shape shape)
{
    Value *v = map_find(e->scalars, name);
    if (v == NULL) {
        Node *n = build_input(e->graph, kind, name, DTYPE_U32, shape, 0, false);
        v = tensor_make(e, n, 0, NULL);
        map_put(e->scalars, name, v);
    }
    return v->tensor->node;
}

static Node *zero_u32(Elab *e)
{
    return build_constant(e->graph, tensor_new(e->arena, DTYPE_U32, (Shape){ 0 }));
}

static Node *uniform_node(Elab *e, Shape shape, bool batched)
{
    Graph *g = e->graph;
    bool init = g == e->module->init;
    Node *key = chance_input(e, INPUT_KEY, "key", shape_1(2));
    Node *iteration = init
                          ? zero_u32(e)
                          : chance_input(e, INPUT_ITERATION, "iteration", (Shape){ 0 });
    Node *sample =
        init ? zero_u32(e) : chance_input(e, INPUT_SAMPLE, "sample", (Shape){ 0 });
    return build_random(g, key, iteration, sample, shape, batched && !init);
}

static Node *random_node(Elab *e, bool normal, Shape shape, bool batched, Span span);

/* Inside scans: drawn before the loop for all its steps, a row of which each one sees.
 */
static Node *random_rows(Elab *e, bool normal, Shape shape, bool batched, Span span)
{
    ScanLoop *scan = e->scan;
    Shape all = { .rank = shape.rank + 1, .dim = { scan->length } };
    if (all.rank > SHAPE_MAX_RANK)
        return fail(e, DIAG_ATTRIBUTE, span, "a tensor has at most %d dimensions",
                    SHAPE_MAX_RANK);
    for (int i = 0; i < shape.rank; i++)
        all.dim[i + 1] = shape.dim[i];
    e->scan = scan->parent;
    Node *rows = random_node(e, normal, all, batched, span);
    e->scan = scan;
    return rows != NULL ? scan_row(e, rows) : NULL;
}

/* Uniform or normal numbers, different for each sample where `batched`; never in an
 * initializer. */
static Node *random_node(Elab *e, bool normal, Shape shape, bool batched, Span span)
{
    if (!shape_check(e, span, &shape))
        return NULL;
    if (e->scan != NULL) /* each step draws its own */
        return random_rows(e, normal, shape, batched, span);
    Graph *g = graph_at(e, span);
    Node *u = uniform_node(e, shape, batched);
    return normal ? build_normal(g, u, uniform_node(e, shape, batched)) : u;
}

Value *builtin_random(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    bool bernoulli = str_equal(b->name, "bernoulli");
    const Value *list = args->at[bernoulli ? 1 : 0];
    Value *like = args->at[bernoulli ? 2 : 1], *p = NULL;
    Shape shape = { 0 };
    bool batched = true;
    if (bernoulli) {
        p = tensor_arg(e, b, args, 0);
        if (p == NULL)
            return NULL;
        if (like == NULL && list == NULL)
            like = p;
    } else if (like == NULL && list != NULL && list->kind == VALUE_TENSOR) {
        like = args->at[0];
    }
    if (like != NULL) {
        if (like->kind != VALUE_TENSOR)
            return fail(e, DIAG_KIND, args->span, "`like` is a tensor, found %s",
                        value_describe(e->arena, like));
        shape = like->tensor->node->shape;
        batched = like->tensor->node->batched;
    } else if (list != NULL && !shape_of_list(e, list, args->span, &shape)) {
        return NULL;
    }
    Node *n = random_node(e, str_equal(b->name, "randn"), shape, batched, args->span);
    if (n == NULL || !bernoulli)
        return tensor_make(e, n, 0, NULL);
    Graph *g = e->graph;
    Shape joint;
    if (!shape_broadcast(&shape, &p->tensor->node->shape, &joint) ||
        !shape_equal(&joint, &shape))
        return fail(e, DIAG_BROADCAST, args->span,
                    "`bernoulli` draws %s, which probabilities %s do not fit",
                    shape_text(e->arena, &shape), tensor_text(e->arena, p->tensor));
    Node *hit = build_lt(g, n, p->tensor->node);
    Value *y = tensor_make(e, build_cast(g, hit, DTYPE_F32), 0, NULL);
    if (y != NULL) { /* no gradient finds its way through a draw */
        y->tensor->range = RANGE_UNIT;
        y->tensor->cut = cut_new(e, p->tensor, args->span);
    }
    return y;
}

/* ---- gradient and batch ---------------------------------------------------------- */

Value *builtin_stop_gradient(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_arg(e, b, args, 0);
    if (x == NULL)
        return NULL;
    Value *y = tensor_make(
        e, build_unary(graph_at(e, args->span), b->op, x->tensor->node), 1, &x);
    if (y == NULL)
        return NULL;
    y->tensor->cut = cut_new(e, x->tensor, args->span);
    y->tensor->deps = NULL;
    y->tensor->range = x->tensor->range;
    return y;
}

/* Of the batch sum of e when x differs between samples, of its mean when it does not.
 */
Value *builtin_grad(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *y = tensor_arg(e, b, args, 0),
          *x = y != NULL ? tensor_arg(e, b, args, 1) : NULL;
    if (x == NULL)
        return NULL;
    if (y->tensor->node->shape.rank != 0)
        return fail(e, DIAG_NOT_SCALAR, args->span,
                    "`grad` differentiates one number per sample, but this is %s",
                    tensor_text(e->arena, y->tensor));
    if (!foreign_derives(e, y->tensor->node, 1, &x->tensor->node, args->span))
        return NULL;
    Graph *g = graph_at(e, args->span);
    Node *target = y->tensor->node;
    bool batched = x->tensor->node->batched;
    if (target->batched)
        target = build_unary(g, batched ? &op_batch_sum : &op_batch_mean, target);
    Node *d = build_result(g, build_grad(g, target, 1, &x->tensor->node), 0);
    d->batched = batched;
    return tensor_make(e, d, 2, (Value *[]){ x, y });
}

/* The batch is whole before and after a scan only: inside, states are each sample's. */
static bool outside_scan(Elab *e, const Builtin *b, Span span)
{
    if (e->scan == NULL)
        return true;
    Diag *d = fail_begin(e, DIAG_BATCHED_STATE, span,
                         "`%s` looks at the whole batch, inside `scan`", b->name);
    diag_note(d, "the states of a scan belong to one sample and end with it");
    diag_help(d, "normalize the whole sequence before or after `scan`, or use "
                 "`layernorm` inside");
    return diag_end(d);
}

Value *builtin_batch(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_arg(e, b, args, 0);
    if (x == NULL)
        return NULL;
    if (!dtype_is_float(x->tensor->node->dtype))
        return fail(e, DIAG_DTYPE, args->span, "`%s` takes floats, but its input is %s",
                    b->name, tensor_text(e->arena, x->tensor));
    bool constant = x->tensor->node->op == &op_constant; /* a number for each sample */
    if (!x->tensor->node->batched && !constant)
        return fail(e, DIAG_ARGUMENT_COUNT, args->span,
                    "`%s` reduces the batch, but this does not depend on the sample",
                    b->name);
    if (!outside_scan(e, b, args->span))
        return NULL;
    return tensor_make(e, build_unary(graph_at(e, args->span), b->op, x->tensor->node),
                       1, &x);
}

static Node *channel_mean(Graph *g, Node *x)
{
    int axes[SHAPE_MAX_RANK], n = x->shape.rank - 1;
    double count = 1;
    for (int i = 0; i < n; i++) {
        axes[i] = i;
        count *= (double)x->shape.dim[i];
    }
    if (n > 0)
        x = build_scale(g, build_reduce(g, &op_reduce_sum, x, n, axes), 1 / count);
    return x->batched ? build_unary(g, &op_batch_mean, x) : x;
}

/* Mean and biased variance of each channel over the batch and all but the last axis
 * (Ioffe and Szegedy 2015, algorithm 1). In two passes: exact for large means. */
Value *builtin_batch_moments(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_arg(e, b, args, 0);
    if (x == NULL || !outside_scan(e, b, args->span))
        return NULL;
    Node *n = x->tensor->node;
    if (n->shape.rank == 0 || !dtype_is_float(n->dtype))
        return fail(e, DIAG_PATTERN, args->span,
                    "`batch_moments` takes floats [.., c], but its input is %s",
                    tensor_text(e->arena, x->tensor));
    Graph *g = graph_at(e, args->span);
    Node *mean = channel_mean(g, n);
    Node *c = build_sub(g, n, mean);
    Node *variance = channel_mean(g, build_mul(g, c, c));
    Value *both[2] = { tensor_make(e, mean, 1, &x), tensor_make(e, variance, 1, &x) };
    if (both[0] == NULL || both[1] == NULL)
        return NULL;
    return value_list(e->arena, VALUE_TUPLE, 2, both);
}

/* ---- constants and measures ------------------------------------------------------ */

Value *builtin_full(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Shape shape;
    (void)b;
    if (!value_is_number(args->at[0]))
        return fail(e, DIAG_KIND, args->span, "`full` repeats a number, found %s",
                    value_describe(e->arena, args->at[0]));
    if (!shape_of_list(e, args->at[1], args->span, &shape))
        return NULL;
    return full_value(e, value_number(args->at[0]), &shape, args->span);
}

Value *builtin_measure(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_arg(e, b, args, 0);
    if (x == NULL)
        return NULL;
    if (!dtype_is_float(x->tensor->node->dtype) || x->tensor->deps != NULL)
        return fail(e, DIAG_DTYPE, args->span,
                    "`%s` measures floats that depend on the fields only, found %s",
                    b->name, tensor_text(e->arena, x->tensor));
    Config *c = arena_new(e->arena, Config);
    c->spec = config_find(b->name, "init");
    c->name = b->name;
    c->value[0] = x;
    Value *v = value_int(e->arena, 0);
    v->kind = VALUE_CONFIG;
    v->config = c;
    return v;
}

/* ---- ranges ---------------------------------------------------------------------- */

enum { RANGE_FLOOR_EXPONENT = -30 };

/* log(max(y, 1e-30)): no infinities where y is 0. */
static Node *floored_log(Graph *g, Node *y)
{
    Node *least = build_scalar(g, pow(10, RANGE_FLOOR_EXPONENT));
    return build_log(g, build_binary(g, &op_max, y, least));
}

/* Logits of what the program says is a distribution (simplex) or lies in [0, 1] (unit).
 */
static Value *logits_of(Elab *e, const Builtin *b, Value *y, Span span)
{
    const Node *n = y->tensor->node;
    bool simplex = str_equal(b->name, "simplex");
    if (n->dtype != DTYPE_F32 || (simplex && n->shape.rank == 0))
        return fail(e, DIAG_DTYPE, span, "`%s` takes %s, found %s", b->name,
                    simplex ? "f32[.., n]" : "f32", tensor_text(e->arena, y->tensor));
    Graph *g = graph_at(e, span);
    Node *z = floored_log(g, y->tensor->node);
    if (!simplex) {
        Node *other = build_sub(g, build_scalar(g, 1), y->tensor->node);
        z = build_sub(g, z, floored_log(g, other));
    }
    return tensor_make(e, z, 1, &y);
}

/* Says that y is the softmax (simplex) or sigmoid (unit) of logits. The library's word
 * is taken for logits that it names; for others they are computed from y. */
Value *builtin_known_range(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    if (args->at[1] != NULL && !e->act->source->is_library) {
        Diag *d =
            fail_begin(e, DIAG_NOT_PROBABILITY, args->span,
                       "only the library says what the logits of `%s` are", b->name);
        diag_help(d, "write `%s(y)`: they are computed from it", b->name);
        return fail_end(d);
    }
    Value *y = tensor_arg(e, b, args, 0), *logits = NULL;
    if (y != NULL)
        logits = args->at[1] != NULL ? tensor_arg(e, b, args, 1)
                                     : logits_of(e, b, y, args->span);
    if (logits == NULL)
        return NULL;
    TensorValue *t = tensor_copy(e, y->tensor);
    t->range = str_equal(b->name, "simplex") ? RANGE_SIMPLEX : RANGE_UNIT;
    t->logits = logits->tensor;
    return value_tensor(e->arena, t);
}

/* A number of which more is better: what `keep` and `stop` want to know of a metric. */
Value *builtin_score(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_arg(e, b, args, 0);
    if (x == NULL)
        return NULL;
    TensorValue *t = tensor_copy(e, x->tensor);
    t->counted = true;
    return value_tensor(e->arena, t);
}

/* z with p = softmax(z), or sigmoid(z): what it was made from, else computed. */
Value *builtin_logits(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *p = tensor_arg(e, b, args, 0);
    if (p == NULL)
        return NULL;
    if (p->tensor->logits != NULL)
        return value_tensor(e->arena, p->tensor->logits);
    if (p->tensor->range == RANGE_ANY)
        return fail(e, DIAG_NOT_PROBABILITY, args->span,
                    "`logits` takes the result of softmax or sigmoid, found %s",
                    tensor_text(e->arena, p->tensor));
    Graph *g = graph_at(e, args->span);
    Node *n = build_log(g, p->tensor->node);
    if (p->tensor->range == RANGE_UNIT) {
        Node *other = build_unary(g, &op_log1p, build_neg(g, p->tensor->node));
        n = build_sub(g, n, other);
    }
    return tensor_make(e, n, 1, &p);
}
