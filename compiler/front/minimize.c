/* minimize.c - `minimize LOSS [over PARTS] using OPTIMIZER`: the gradient of the batch
 * mean with respect to the versions of the parameters that the loss saw, then the
 * update of their current values by the optimizer, a def from (w, g) to the next w. */
#include "front/elab.h"

#include "support/bug.h"

#include <string.h>

/* ---- two losses for one net -------------------------------------------------------
 */

static Span keyword(const Ast *st)
{
    return (Span){ st->span.source, st->span.begin, st->span.begin + 8 };
}

/* Two losses that train one net without saying so. */
static void warn_twice(Elab *e, const Minimize *m, const Names *reach)
{
    for (int i = 0; i < e->block->minimize.n; i++) {
        const Minimize *other = &e->block->minimize.at[i];
        Names others = { other->n_nets, other->nets };
        const char *both = NULL, *rest = NULL;
        for (int k = 0; k < m->n_nets; k++)
            if (both == NULL && names_has(&others, m->nets[k]))
                both = m->nets[k];
        if (both == NULL || m->has_over || other->has_over)
            continue;
        for (int k = 0; k < reach->n; k++)
            if (rest == NULL && !names_has(&others, reach->at[k]))
                rest = reach->at[k];
        Diag *d = diag_begin(e->sink, DIAG_TWO_LOSSES, keyword(m->ast),
                             "two losses both train `%s`", both);
        diag_primary_text(d, "this one, too");
        diag_label(d, keyword(other->ast), "this one trains %s",
                   names_text(e->arena, &others));
        diag_help(d, "say which nets each one trains: `minimize ... over %s using ...`",
                  rest != NULL ? rest : both);
        diag_end(d);
    }
}

/* ---- gradient -------------------------------------------------------------------- */

typedef struct Trained { /* a parameter, with the versions the loss saw */
    Current *current;
    Leaf *seen; /* the first */
    Node *gradient;
} Trained;

typedef struct Training {
    int n;
    Trained *at;
    int n_leaves;
    Leaf **leaf;
} Training;

static Training training_of(Elab *e, const LeafSet *deps, const Names *over)
{
    Training t = { 0 };
    t.at = arena_array(e->arena, Trained, deps->n);
    t.leaf = arena_array(e->arena, Leaf *, deps->n);
    for (int i = 0; i < deps->n; i++) {
        Leaf *leaf = deps->at[i];
        if (!over_has(over, leaf->path))
            continue;
        t.leaf[t.n_leaves++] = leaf;
        int k = 0;
        while (k < t.n && !str_equal(t.at[k].seen->path, leaf->path))
            k++;
        if (k == t.n)
            t.at[t.n++] = (Trained){ map_find(e->current, leaf->path), leaf, NULL };
    }
    return t;
}

/* Regularizers of what this statement trains: numbers added to the batch mean. */
static Node *regularized(Elab *e, Node *loss, const Training *t, Span span)
{
    for (int i = 0; i < t->n; i++) {
        const Leaf *leaf = t->at[i].seen;
        if (leaf->reg == NULL)
            continue;
        Value *w = tensor_make(e, leaf->node, 0, NULL);
        Value *y = tensor_of(e, layer_apply(e, leaf->reg->layer, 1, &w, span));
        if (y == NULL)
            return NULL;
        if (y->tensor->node->shape.rank != 0)
            return fail(e, DIAG_NOT_SCALAR, leaf->reg->layer->span,
                        "a regularizer is one number, but this is %s",
                        tensor_text(e->arena, y->tensor));
        loss = build_add(graph_at(e, span), loss, y->tensor->node);
    }
    return loss;
}

static bool differentiate(Elab *e, Node *loss, Training *t, Span loss_span, Span span)
{
    Graph *g = graph_at(e, span);
    if (loss->batched)
        loss = build_unary(g, &op_batch_mean, loss);
    loss = regularized(e, loss, t, span);
    if (loss == NULL)
        return false;
    Node **wrt = arena_array(e->arena, Node *, t->n_leaves);
    for (int i = 0; i < t->n_leaves; i++)
        wrt[i] = t->leaf[i]->node;
    if (!foreign_derives(e, loss, t->n_leaves, wrt, loss_span))
        return false;
    g = graph_at(e, span);
    Node *grad = build_grad(g, loss, t->n_leaves, wrt);
    for (int i = 0; i < t->n_leaves; i++) {
        Node *part = build_result(g, grad, i);
        for (int k = 0; k < t->n; k++) {
            Trained *p = &t->at[k];
            if (str_equal(p->seen->path, t->leaf[i]->path))
                p->gradient =
                    p->gradient == NULL ? part : build_add(g, p->gradient, part);
        }
    }
    return true;
}

/* Clipping by global norm (Pascanu, Mikolov, Bengio 2013, algorithm 1), and by value.
 */
static void clip(Elab *e, const Layer *optimizer, Training *t, Span span)
{
    Graph *g = graph_at(e, span);
    if (optimizer->extra[1] != NULL) {
        double limit = value_number(optimizer->extra[1]);
        for (int i = 0; i < t->n; i++) {
            Node *low = build_max(g, t->at[i].gradient, build_scalar(g, -limit));
            t->at[i].gradient = build_min(g, low, build_scalar(g, limit));
        }
    }
    if (optimizer->extra[0] == NULL)
        return;
    Node *sum = NULL;
    for (int i = 0; i < t->n; i++) {
        Node *square = build_mul(g, t->at[i].gradient, t->at[i].gradient);
        int axes[SHAPE_MAX_RANK] = { 0, 1, 2, 3, 4, 5, 6, 7 };
        if (square->shape.rank > 0)
            square = build_reduce(g, &op_reduce_sum, square, square->shape.rank, axes);
        sum = sum == NULL ? square : build_add(g, sum, square);
    }
    double limit = value_number(optimizer->extra[0]);
    Node *norm = build_max(g, build_sqrt(g, sum), build_scalar(g, limit));
    Node *scale = build_div(g, build_scalar(g, limit), norm);
    for (int i = 0; i < t->n; i++)
        t->at[i].gradient = build_mul(g, t->at[i].gradient, scale);
}

static int64_t batches_of_update(const Elab *e)
{
    return setting_int(e->block, "accumulate", 1);
}

/* ---- update ---------------------------------------------------------------------- */

static bool fail_next(Elab *e, const Layer *o, const Current *c, const Value *y,
                      Span span)
{
    if (y->kind == VALUE_TENSOR && y->tensor->node->batched)
        return fail(e, DIAG_BATCHED_STATE, span,
                    "the next value of `%s` differs between samples", c->path) != NULL;
    return fail(e, DIAG_DECLARED, span,
                "`%s` makes %s from the parameter `%s`, which is %s", o->name,
                value_describe(e->arena, y), c->path,
                tensor_text(e->arena, c->value)) != NULL;
}

/* A parameter with `decay: false` sees an optimizer whose argument `decay` is 0. */
static void without_decay(Elab *e, Layer *optimizer, Span span)
{
    const Item *item = optimizer->callee->item;
    const AstList *params = &item->ast->item.signature->signature.params;
    Slot *slot = arena_array(e->arena, Slot, optimizer->n_slots + 1);
    for (int i = 0; i < optimizer->n_slots; i++) {
        slot[i] = optimizer->slot[i];
        if (str_equal(params->at[i]->name, "decay"))
            slot[i] = (Slot){ .given = true,
                              .value = value_float(e->arena, 0),
                              .span = span };
    }
    optimizer->slot = slot;
}

static bool update_one(Elab *e, const Layer *optimizer, const Trained *t, int index,
                       Span span)
{
    Current *c = t->current;
    Layer one = *optimizer;
    one.path =
        str_printf(e->arena, "%sminimize%d/%s", e->block->name, index, optimizer->name);
    one.suffix = c->path;
    Value *w = tensor_make(e, c->value->node, 0, NULL);
    Value *in[2] = { w, tensor_make(e, t->gradient, 0, NULL) };
    Layer *copy = arena_new(e->arena, Layer);
    *copy = one;
    const ModuleTensor *tensor = map_find(e->registry, c->path);
    if (tensor->no_decay)
        without_decay(e, copy, span);
    Value *y = layer_apply(e, copy, 2, in, span);
    if (y == NULL)
        return false;
    bool fits = y->kind == VALUE_TENSOR && !y->tensor->node->batched &&
                dtype_is_float(y->tensor->node->dtype) &&
                shape_equal(&y->tensor->node->shape, &c->input->shape);
    if (!fits)
        return fail_next(e, optimizer, c, y, span);
    graph_at(e, span);
    current_set(e, c, y->tensor->node);
    return true;
}

/* MODE_GRAD: results of the function, over all statements. */
static void collect(Elab *e, const Training *t)
{
    for (int i = 0; i < t->n; i++) {
        const char *path = t->at[i].seen->path;
        Current *sum = NULL;
        for (int k = 0; k < e->block->gradients.n; k++)
            if (str_equal(e->block->gradients.at[k]->path, path))
                sum = e->block->gradients.at[k];
        if (sum == NULL) {
            sum = arena_new(e->arena, Current);
            sum->path = path;
            sum->input = t->at[i].gradient;
            vec_push(e->arena, &e->block->gradients, sum);
        } else {
            sum->input = build_add(e->graph, sum->input, t->at[i].gradient);
        }
    }
}

/* `accumulate: n`: every step adds to sums; each n-th is followed by a function that
 * updates from their means and clears them. */
static Current *sum_of(Elab *e, const Trained *p, int index, Span span)
{
    const Current *c = p->current;
    const char *path = str_printf(e->arena, "%sminimize%d/gradient/%s", e->block->name,
                                  index, c->path);
    return current_own(e, path, &c->input->shape, MEASURE_NONE, span);
}

static void add_to_sums(Elab *e, const Training *t, int index, Span span)
{
    for (int i = 0; i < t->n; i++) {
        Current *sum = sum_of(e, &t->at[i], index, span);
        Graph *g = graph_at(e, span);
        current_set(e, sum, build_add(g, sum->value->node, t->at[i].gradient));
    }
}

static void take_means(Elab *e, Training *t, int index, Span span)
{
    for (int i = 0; i < t->n; i++) {
        Current *sum = sum_of(e, &t->at[i], index, span);
        Graph *g = graph_at(e, span);
        t->at[i].gradient =
            build_scale(g, sum->value->node, 1 / (double)batches_of_update(e));
        current_set(e, sum, build_full(g, 0, sum->input->shape));
    }
}

static void take_gradients(Elab *e, Training *t, Span span)
{
    for (int i = 0; i < t->n; i++) {
        const Current *c = t->at[i].current;
        t->at[i].gradient = build_input(graph_at(e, span), INPUT_GRADIENT, c->path,
                                        DTYPE_F32, c->input->shape, 0, false);
    }
}

static bool train_params(Elab *e, Value *optimizer, Node *loss, Training *t, int index,
                         const Ast *st)
{
    Span span = st->span;
    if (e->mode == MODE_APPLY)
        take_gradients(e, t, span);
    else if (e->mode == MODE_ACCUMULATED)
        take_means(e, t, index, span);
    else if (!differentiate(e, loss, t, st->minimize.loss->span, span))
        return false;
    if (e->mode == MODE_GRAD)
        collect(e, t);
    if (e->mode == MODE_STEP && batches_of_update(e) > 1)
        add_to_sums(e, t, index, span);
    if (e->mode == MODE_GRAD || (e->mode == MODE_STEP && batches_of_update(e) > 1))
        return true;
    clip(e, optimizer->layer, t, span);
    for (int i = 0; i < t->n; i++)
        if (!update_one(e, optimizer->layer, &t->at[i], index, span))
            return false;
    return true;
}

/* ---- statements ------------------------------------------------------------------ */

/* A loss or a metric, which is one number; `what` it is called in messages. */
Value *monitored_scalar(Elab *e, Value *v, const Ast *expr, const char *what)
{
    if (v == NULL)
        return NULL;
    if (v->kind != VALUE_TENSOR || v->tensor->node->shape.rank == 0) {
        Value *t = tensor_of(e, v);
        if (t == NULL)
            return fail(e, DIAG_KIND, expr->span, "%s is a number, found %s", what,
                        value_describe(e->arena, v));
        return float_of(e, t, expr->span);
    }
    Diag *d = fail_begin(e, DIAG_NOT_SCALAR, expr->span,
                         "%s must be one number per sample, but this is %s", what,
                         tensor_text(e->arena, v->tensor));
    diag_note(d,
              "the mean over the batch is implied, the reduction over a sample is not");
    diag_help(d, "wrap it in `mean(...)` or `sum(...)`");
    return fail_end(d);
}

/* Steps of the block for one of the statement's own: its optimizer counts updates. */
static int64_t stride_of(const Elab *e)
{
    if (e->block->inside)
        return e->block->now.n;
    return e->mode == MODE_APPLY ? 1 : batches_of_update(e);
}

static bool fail_accumulate(Elab *e, const Ast *st)
{
    const Ast *setting = setting_find(e->block, "accumulate")->ast;
    Diag *d = fail_begin(e, DIAG_CLASH, keyword(st),
                         "`accumulate` allows one `minimize`, and this is the second");
    diag_label(d, setting->name_span, "set here");
    diag_help(d, "a larger `batch` does the same for several");
    return diag_end(d);
}

bool minimize_statement(Elab *e, const Ast *st, Scope *s)
{
    Value *loss = monitored_scalar(e, eval(e, st->minimize.loss, s), st->minimize.loss,
                                   "the loss");
    e->stride = stride_of(e);
    Value *optimizer = open_eval(e, st->minimize.optimizer, s, OPEN_OPTIMIZER);
    e->stride = 1;
    if (loss == NULL || optimizer == NULL)
        return false;
    if (optimizer->kind != VALUE_LAYER || optimizer->layer->open != OPEN_OPTIMIZER)
        return fail(e, DIAG_NOTHING_TO_TRAIN, st->minimize.optimizer->span,
                    "`using` takes an optimizer, found %s",
                    value_describe(e->arena, optimizer)) != NULL;
    const TensorValue *t = loss->tensor;
    Names reach = over_reach(e, t->deps), over = { 0 };
    if (reach.n == 0) {
        Diag *d =
            fail_begin(e, DIAG_NOTHING_TO_TRAIN, st->minimize.loss->span,
                       "there is nothing to train: this loss reaches no parameter");
        diag_note(d, "a loss must be computed from the output of a net");
        return diag_end(d);
    }
    if (!over_read(e, st, s, t, &reach, &over))
        return false;
    Minimize m = { .ast = st, .has_over = st->minimize.over.n > 0 };
    if (!m.has_over)
        over = reach;
    m.n_nets = reach.n;
    m.nets = reach.at;
    if (e->mode == MODE_STEP || e->mode == MODE_EVERY)
        warn_twice(e, &m, &reach);
    vec_push(e->arena, &e->block->minimize, m);
    if (e->block->minimize.n > 1 && batches_of_update(e) > 1)
        return fail_accumulate(e, st);
    Monitored report = { .value = loss->tensor, .is_loss = true };
    vec_push(e->arena, &e->block->losses, report);
    loss = weigh(e, loss, s);
    if (loss == NULL)
        return false;
    if (e->mode == MODE_EVAL || e->mode == MODE_MEASURE)
        return true;
    t = loss->tensor;
    Training training = training_of(e, t->deps, &over);
    e->stride = stride_of(e);
    bool ok = train_params(e, optimizer, t->node, &training,
                           e->block->minimize.n - e->block->n_outer, st);
    e->stride = 1;
    return ok;
}
