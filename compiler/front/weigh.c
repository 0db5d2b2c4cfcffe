/* weigh.c - `class_weights`: each sample's loss, as it is minimized, counts with the
 * weight of its class. Reported losses are without, so that train and valid compare. */
#include "front/elab.h"

static bool is_label(const Value *v)
{
    return v != NULL && v->kind == VALUE_TENSOR && v->tensor->node->bound > 0 &&
           v->tensor->node->shape.rank == 0;
}

static Value *fail_label(Elab *e, Span span, const char *found)
{
    Diag *d =
        fail_begin(e, DIAG_SETTING_KIND, span,
                   "`class_weights` needs one label, an `index(n)`, found %s", found);
    diag_help(d, "or weigh the loss itself: `weight[label] * cross_entropy(...)`");
    return fail_end(d);
}

/* balanced(label) names it; for a list it is the one label among the inputs. */
static Value *find_label(Elab *e, const SettingValue *set, Scope *s)
{
    const Value *v = set->value;
    const ModuleTrain *t = e->block->train;
    if (v->kind == VALUE_CONFIG) {
        const Ast *name = v->config->node[0];
        Value *label = name != NULL && name->kind == AST_NAME
                           ? lookup(e, name->name, s, name->span)
                           : NULL;
        if (name != NULL && name->kind == AST_NAME && label == NULL)
            return NULL;
        if (is_label(label))
            return label;
        return fail_label(e, set->ast->named.value->span,
                          label != NULL ? value_describe(e->arena, label) : "none");
    }
    Value *found = NULL;
    int n = 0;
    for (int i = 0; i < t->n_inputs; i++) {
        const Binding *b = scope_find(s, t->input[i].name);
        if (b != NULL && is_label(b->value)) {
            found = b->value;
            scope_mark_used(s, t->input[i].name);
            n++;
        }
    }
    if (n == 1)
        return found;
    return fail_label(e, set->ast->named.value->span,
                      n == 0 ? "none" : str_printf(e->arena, "%d", n));
}

static Node *list_table(Elab *e, const SettingValue *set, int64_t n)
{
    const ValueList *list = &set->value->list;
    Tensor *t = tensor_new(e->arena, DTYPE_F32, shape_1(n));
    Span span = set->ast->named.value->span;
    if (list->n != n)
        return fail(e, DIAG_SETTING_KIND, span,
                    "`class_weights` holds %d numbers, but there are %lld classes",
                    list->n, (long long)n);
    for (int i = 0; i < list->n; i++) {
        if (!value_is_number(list->at[i]) || value_number(list->at[i]) < 0)
            return fail(e, DIAG_SETTING_KIND, span,
                        "a weight is a number from 0, found %s",
                        value_describe(e->arena, list->at[i]));
        t->at[i] = dtype_round(DTYPE_F32, value_number(list->at[i]));
    }
    return build_constant(graph_at(e, span), t);
}

/* samples / (classes x samples of the class): the frequencies are measured before the
 * first step, as data_mean is. */
static Node *balanced_table(Elab *e, const SettingValue *set, Node *label)
{
    Span span = set->ast->named.value->span;
    Shape shape = shape_1(label->bound);
    const char *path = str_printf(e->arena, "%sclass_frequency", e->block->name);
    if (e->block->train->data == NULL)
        return fail(e, DIAG_CLASH, span,
                    "`balanced` counts the classes of a data block, and this block has "
                    "none");
    bool first = !map_has(e->current, path);
    Current *c = current_own(e, path, &shape, MEASURE_MEAN, span);
    Graph *g = graph_at(e, span);
    if (e->mode == MODE_MEASURE && first) {
        Node *here = build_iota(g, DTYPE_I32, shape, 0, label->bound);
        Node *one = build_broadcast(
            g, build_reshape(g, build_cast(g, label, DTYPE_I32), shape_1(1)), shape);
        Node *hot = build_cast(g, build_eq(g, here, one), DTYPE_F32);
        graph_add_result(g, RESULT_MEASURE, path, hot);
    }
    Node *often = build_max(g, c->value->node, build_scalar(g, 1e-6));
    Node *share = build_scalar(g, 1 / (double)label->bound);
    return build_div(g, build_broadcast(g, share, shape), often);
}

Value *weigh(Elab *e, Value *loss, Scope *s)
{
    const SettingValue *set = setting_find(e->block, "class_weights");
    if (set == NULL || set->value == NULL || e->mode == MODE_EVAL || loss == NULL)
        return loss;
    Value *label = find_label(e, set, s);
    if (label == NULL)
        return NULL;
    Node *index = label->tensor->node;
    Node *table = set->value->kind == VALUE_LIST ? list_table(e, set, index->bound)
                                                 : balanced_table(e, set, index);
    if (table == NULL)
        return NULL;
    Value *weight = tensor_make(
        e, build_gather(graph_at(e, set->ast->span), table, index), 1, &label);
    return binary_value(e, "*", weight, loss, NULL, set->ast->span);
}
