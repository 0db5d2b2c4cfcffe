/* metric.c - `metric NAME = E`: one number per sample, of which the split has a mean;
 * or one number for the split so far, computed from states of its own that begin anew
 * with each split (`metrics/NAME/...`, language 5.1); or such a state itself, a table.
 */
#include "front/elab.h"

#include "support/bug.h"

/* In evaluation an array of the caller's: the samples that fill up the last batch are
 * 0. Training has full batches. */
Value *valid_input(Elab *e)
{
    Value *v = map_find(e->scalars, VALID_PATH);
    if (v != NULL)
        return v;
    Graph *g = graph_at(e, (Span){ 0 });
    Node *n = e->mode != MODE_EVAL ? build_scalar(g, 1)
                                   : build_input(g, INPUT_FIELD, VALID_PATH, DTYPE_F32,
                                                 (Shape){ 0 }, 0, true);
    v = tensor_make(e, n, 0, NULL);
    map_put(e->scalars, VALID_PATH, v);
    return v;
}

/* accuracy(net(x), label): which output and which field a confusion matrix compares. */
static void note_classes(Elab *e, const Ast *expr, Scope *s)
{
    ModuleTrain *train = e->block->train;
    if (expr->kind != AST_CALL || expr->call.args.n < 2 || train->class_net >= 0)
        return;
    const TensorValue *t[2] = { NULL, NULL };
    for (int i = 0; i < 2; i++) {
        const Ast *arg = expr->call.args.at[i]->argument;
        const Binding *b = arg->kind == AST_NAME ? scope_find(s, arg->name) : NULL;
        if (b != NULL && b->value != NULL && b->value->kind == VALUE_TENSOR)
            t[i] = b->value->tensor;
    }
    if (t[0] == NULL || t[1] == NULL || t[0]->net < 0 || t[1]->field < 0 ||
        t[0]->node->shape.rank != 1 || t[1]->node->bound != t[0]->node->shape.dim[0])
        return;
    train->class_net = t[0]->net;
    train->class_field = t[1]->field;
}

/* The metric's expression, as an instance of its own. */
static Value *metric_eval(Elab *e, const Ast *st, Scope *s)
{
    const char *path = str_printf(e->arena, "%smetrics/%s", e->block->name, st->name);
    Instance own = { .path = path,
                     .counts = map_new(e->arena),
                     .taken = map_new(e->arena) };
    Instance *outer = e->inst;
    e->block->metric = str_printf(e->arena, "%s/", path);
    e->inst = &own;
    Value *v = eval(e, st->named.value, s);
    e->inst = outer;
    return v;
}

/* A table is the next value of one of the metric's states: the runtime reads it there.
 */
static bool tally_note(Elab *e, const Ast *st, const Value *v)
{
    if (v->kind != VALUE_TENSOR || v->tensor->node->batched ||
        v->tensor->node->shape.rank == 0)
        return false;
    for (int i = 0; i < map_count(e->current); i++) {
        const Current *c = map_value(e->current, i);
        if (c == NULL || !str_starts(c->path, e->block->metric) ||
            c->value->node != v->tensor->node || c->input == c->value->node)
            continue;
        Tally t = { st->name, c->path };
        if (e->mode == MODE_STEP)
            vec_push(e->arena, &e->block->train->tally, t);
        return true;
    }
    return false;
}

static bool is_taken(const Elab *e, const char *name)
{
    const ModuleTrain *t = e->block->train;
    bool taken = false;
    for (int i = 0; i < e->block->metrics.n; i++)
        taken |= str_equal(e->block->metrics.at[i].name, name);
    for (int i = 0; i < t->tally.n && e->mode == MODE_STEP; i++)
        taken |= str_equal(t->tally.at[i].name, name);
    return taken;
}

bool metric_statement(Elab *e, const Ast *st, Scope *s)
{
    const char *what = str_printf(e->arena, "the metric `%s`", st->name);
    if (e->block->inside)
        return fail(e, DIAG_STRAY_STATEMENT, st->name_span,
                    "a metric is reported for every step, so it cannot stand inside "
                    "`every`") != NULL;
    if (is_taken(e, st->name))
        return fail(e, DIAG_TWICE, st->name_span, "two metrics are called `%s`",
                    st->name) != NULL;
    Value *v = metric_eval(e, st, s);
    if (v != NULL && e->mode == MODE_STEP)
        note_classes(e, st->named.value, s);
    bool table = v != NULL && tally_note(e, st, v);
    if (v != NULL && !table)
        v = monitored_scalar(e, v, st->named.value, what);
    e->block->metric = NULL;
    if (v == NULL || table)
        return v != NULL;
    Monitored report = { .name = st->name, .value = v->tensor };
    vec_push(e->arena, &e->block->metrics, report);
    return true;
}
