/* leaf.c - parameters, states and shared layers: their paths, initial values, and the
 * value each has at this point of the graph. */
#include "front/elab.h"

#include "support/bug.h"

#include <string.h>

static const char *leaf_path(Elab *e, const char *name)
{
    const Instance *in = e->inst;
    const char *path =
        in->path[0] == '\0' ? name : str_printf(e->arena, "%s/%s", in->path, name);
    return in->suffix == NULL ? path : str_printf(e->arena, "%s/%s", path, in->suffix);
}

/* One body names each leaf and layer once; else two would share silently. */
static bool take_name(Elab *e, const Ast *st)
{
    if (map_has(e->inst->taken, st->name)) {
        Diag *d = fail_begin(e, DIAG_TWICE, st->name_span, "`%s` names two things here",
                             st->name);
        diag_help(d, "put it into a def: every call makes its own");
        return diag_end(d);
    }
    map_put(e->inst->taken, st->name, e->inst);
    return true;
}

/* ---- initial values -------------------------------------------------------------- */

static Value *shape_value(Elab *e, const Shape *shape)
{
    Value *at[SHAPE_MAX_RANK];
    for (int i = 0; i < shape->rank; i++)
        at[i] = value_int(e->arena, shape->dim[i]);
    return value_list(e->arena, VALUE_LIST, shape->rank, at);
}

static bool list_fill(const Value *v, double *to, int64_t *n, int64_t count)
{
    if (value_is_number(v)) {
        if (*n == count)
            return false;
        to[(*n)++] = value_number(v);
        return true;
    }
    for (int i = 0; v->kind == VALUE_LIST && i < v->list.n; i++)
        if (!list_fill(v->list.at[i], to, n, count))
            return false;
    return v->kind == VALUE_LIST;
}

static Node *list_node(Elab *e, const Value *v, const Shape *shape, const Ast *st)
{
    Tensor *t = tensor_new(e->arena, DTYPE_F32, *shape);
    int64_t n = 0, count = shape_count(shape);
    if (!list_fill(v, t->at, &n, count) || n != count)
        return fail(e, DIAG_DECLARED, st->named.value->span,
                    "`%s` is %s, which takes %lld numbers", st->name,
                    shape_text(e->arena, shape), (long long)count);
    for (int64_t i = 0; i < n; i++)
        t->at[i] = dtype_round(DTYPE_F32, t->at[i]);
    return build_constant(e->graph, t);
}

/* The states of a scan may begin with what was computed: an encoder's last state. */
static Node *initial_tensor(Elab *e, const Value *v, const Shape *shape, const Ast *st)
{
    Node *n = v->tensor->node;
    bool fits =
        n->dtype == DTYPE_F32 && (n->shape.rank == 0 || shape_equal(&n->shape, shape));
    if (!fits)
        return fail(e, DIAG_DECLARED, st->named.value->span,
                    "`%s` is f32%s, but begins with %s", st->name,
                    shape_text(e->arena, shape), tensor_text(e->arena, v->tensor));
    return build_broadcast(e->graph, n, *shape);
}

static Measure measure_of(const Value *v)
{
    static const char *const names[] = { [MEASURE_MEAN] = "data_mean",
                                         [MEASURE_VAR] = "data_var",
                                         [MEASURE_WHITEN] = "data_whitening" };
    for (int i = MEASURE_MEAN; i <= MEASURE_WHITEN; i++)
        if (str_equal(v->config->spec->name, names[i]))
            return (Measure)i;
    BUG("`%s` measures nothing", v->config->spec->name);
}

Node *leaf_initial(Elab *e, Value *v, const Shape *shape, const Ast *st)
{
    if (v->kind == VALUE_TENSOR && e->graph != e->module->init)
        return initial_tensor(e, v, shape, st);
    if (value_is_number(v))
        return build_full(e->graph, value_number(v), *shape);
    if (v->kind == VALUE_LIST)
        return list_node(e, v, shape, st);
    if (v->kind == VALUE_CONFIG) { /* measured before the first step */
        bool var = measure_of(v) == MEASURE_VAR;
        return build_full(e->graph, var ? 1 : 0, *shape);
    }
    if (v->kind != VALUE_LAYER)
        return fail(e, DIAG_KIND, st->named.value->span,
                    "`%s` starts from an init or a number, found %s", st->name,
                    value_describe(e->arena, v));
    Value *list = shape_value(e, shape);
    Value *y = layer_apply(e, v->layer, 1, &list, st->named.value->span);
    if (y == NULL)
        return NULL;
    y = tensor_of(e, y);
    bool fits = y != NULL && y->tensor->node->dtype == DTYPE_F32 &&
                (y->tensor->node->shape.rank == 0 ||
                 shape_equal(&y->tensor->node->shape, shape));
    if (!fits)
        return fail(e, DIAG_DECLARED, st->named.value->span,
                    "the init `%s` does not make f32%s", v->layer->name,
                    shape_text(e->arena, shape));
    if (y->tensor->node->batched)
        BUG("a random value of `init` is batched");
    return build_broadcast(e->graph, y->tensor->node, *shape);
}

static bool init_build(Elab *e, ModuleTensor *t, Value *v, const Ast *st)
{
    Graph *graph = e->graph;
    Map *current = e->current, *scalars = e->scalars;
    ScanLoop *scan = e->scan;
    e->scan = NULL;
    e->graph = e->module->init;
    e->current = map_new(e->arena);
    e->scalars = e->init_scalars;
    graph_at(e, st->span);
    Node *n = leaf_initial(e, v, &t->shape, st);
    if (n != NULL)
        graph_add_result(e->module->init, RESULT_NEXT, t->path, n);
    e->graph = graph;
    e->current = current;
    e->scalars = scalars;
    e->scan = scan;
    return n != NULL;
}

/* ---- values ---------------------------------------------------------------------- */

static Leaf *leaf_new(Elab *e, const ModuleTensor *t, Node *node, Value *reg)
{
    Leaf *l = arena_new(e->arena, Leaf);
    l->id = e->n_leaves++;
    l->path = t->path;
    l->node = node;
    l->frozen = t->frozen;
    l->reg = reg != NULL && reg->kind == VALUE_LAYER ? reg : NULL;
    return l;
}

Current *current_of(Elab *e, const ModuleTensor *t, Value *reg)
{
    Current *c = map_find(e->current, t->path);
    if (c != NULL)
        return c;
    bool param = t->role == ROLE_PARAM;
    Graph *g = graph_at(e, t->span);
    c = arena_new(e->arena, Current);
    c->path = t->path;
    c->input = build_input(g, param ? INPUT_PARAM : INPUT_STATE, t->path, t->dtype,
                           t->shape, 0, false);
    TensorValue *v = arena_new(e->arena, TensorValue);
    v->node = c->input;
    v->net = v->field = -1;
    v->source = param ? LEAF_PARAM : LEAF_STATE;
    v->path = t->path;
    if (param) {
        c->leaf = leaf_new(e, t, c->input, reg);
        if (!t->frozen)
            v->deps = leaf_set_of(e->arena, c->leaf);
    }
    c->value = c->value_at_entry = v;
    c->leaf_at_entry = c->leaf;
    map_put(e->current, t->path, c);
    if (e->net != NULL && t->role != ROLE_OPTIMIZER)
        vec_push(e->arena, &e->net_path, t->path);
    return c;
}

static bool fail_size(Elab *e, const Ast *st, const ModuleTensor *t, const Shape *shape)
{
    const SharedUse *use = e->shared;
    if (use != NULL && use->input != NULL) {
        const Layer *l = use->layer;
        const char *now = tensor_text(e->arena, use->input);
        const char *first = tensor_text(e->arena, l->built_for);
        Diag *d = diag_begin(e->sink, DIAG_SHARED_SIZE, use->span,
                             "the layer `%s` was built for %s and cannot take %s",
                             l->name, first, now);
        diag_primary_text(d, "%s here", now);
        diag_label(d, l->built_at, "%s here", first);
        diag_note(d, "every use of a `layer` shares one set of parameters");
        diag_help(d, "declare a second layer, or bring both inputs to one size");
        return diag_end(d);
    }
    Diag *d = fail_begin(
        e, DIAG_SHARED_SIZE, st->name_span,
        "this layer is shared, but its input changed size: `%s` was %s, "
        "and would now be %s",
        st->name, shape_text(e->arena, &t->shape), shape_text(e->arena, shape));
    diag_note(d, "every use of a `layer` shares one set of parameters");
    diag_help(d, "declare a second layer, or make the two inputs the same size");
    return diag_end(d);
}

Current *current_own(Elab *e, const char *path, const Shape *shape, Measure measure,
                     Span span)
{
    ModuleTensor *t = map_find(e->registry, path);
    if (t == NULL) {
        t = arena_new(e->arena, ModuleTensor);
        *t = (ModuleTensor){ .path = path,
                             .role = ROLE_OPTIMIZER,
                             .dtype = DTYPE_F32,
                             .shape = *shape,
                             .measure = measure,
                             .span = span,
                             .frame = e->act->frame };
        map_put(e->registry, path, t);
        vec_push(e->arena, &e->made, t);
        Graph *init = e->module->init;
        init->span = span;
        init->frame = e->act->frame;
        graph_add_result(init, RESULT_NEXT, path, build_full(init, 0, *shape));
    }
    return current_of(e, t, NULL);
}

void current_take(Elab *e, Current *c, TensorValue *v)
{
    if (c->leaf != NULL) {
        Leaf *leaf = arena_new(e->arena, Leaf);
        *leaf = *c->leaf;
        leaf->id = e->n_leaves++;
        leaf->node = v->node;
        c->leaf = leaf;
        v->deps = leaf->frozen ? NULL : leaf_set_of(e->arena, leaf);
    }
    c->value = v;
}

void current_set(Elab *e, Current *c, Node *node)
{
    TensorValue *v = tensor_copy(e, c->value);
    v->node = build_unary(e->graph, &op_stop_gradient, node);
    v->cut = NULL;
    current_take(e, c, v);
}

typedef struct LeafSettings {
    Value *reg;
    bool frozen, no_decay;
} LeafSettings;

static bool leaf_settings(Elab *e, const Ast *st, Scope *s, LeafSettings *out)
{
    *out = (LeafSettings){ 0 };
    for (int i = 0; i < st->named.settings.n; i++) {
        const Ast *set = st->named.settings.at[i];
        if (set->kind != AST_SETTING || !is_setting(BLOCK_PARAM, set->name))
            return fail(e, DIAG_SETTING, set->name_span,
                        "a parameter has no setting `%s`", set->name) != NULL;
        const Ast *expr = set->named.value;
        if (str_equal(set->name, "reg")) {
            out->reg = open_eval(e, expr, s, OPEN_REG);
            if (out->reg == NULL)
                return false;
            continue;
        }
        Value *v = eval(e, expr, s);
        if (v == NULL)
            return false;
        if (v->kind != VALUE_BOOL)
            return fail(e, DIAG_SETTING_KIND, expr->span, "`%s` is a bool, found %s",
                        set->name, value_describe(e->arena, v)) != NULL;
        if (str_equal(set->name, "train"))
            out->frozen = !v->truth;
        else
            out->no_decay = !v->truth;
    }
    return true;
}

enum { WHITEN_MAX = 1024 };

/* A matrix over the last axis of what is measured. */
static bool whitening_fits(Elab *e, const Value *v, const Ast *st, const Shape *shape)
{
    const TensorValue *x = v->config->value[0]->tensor;
    const Shape *s = &x->node->shape;
    int64_t n = s->rank > 0 ? s->dim[s->rank - 1] : 1;
    if (shape->rank != 2 || shape->dim[0] != n || shape->dim[1] != n)
        return fail(e, DIAG_DECLARED, st->named.type->span,
                    "`%s` is f32%s, but the whitening of %s is a matrix [%lld, %lld]",
                    st->name, shape_text(e->arena, shape), tensor_text(e->arena, x),
                    (long long)n, (long long)n) != NULL;
    return n <= WHITEN_MAX ||
           fail(
               e, DIAG_DECLARED, st->named.type->span,
               "whitening takes at most %d values, found %lld: make the images smaller",
               (int)WHITEN_MAX, (long long)n) != NULL;
}

static ModuleTensor *leaf_register(Elab *e, const char *path, const Ast *st,
                                   const Shape *shape, const LeafSettings *settings,
                                   Value *v)
{
    ModuleTensor *t = arena_new(e->arena, ModuleTensor);
    t->path = path;
    bool counts = e->block != NULL && e->block->metric != NULL &&
                  str_starts(path, e->block->metric);
    t->role = e->inst->suffix != NULL ? ROLE_OPTIMIZER
              : st->kind == AST_PARAM ? ROLE_PARAM
              : counts                ? ROLE_METRIC
                                      : ROLE_STATE;
    t->dtype = DTYPE_F32;
    t->shape = *shape;
    t->frozen = settings->frozen;
    t->no_decay = settings->no_decay;
    t->span = st->span;
    t->frame = e->act->frame;
    if (v->kind == VALUE_CONFIG)
        t->measure = measure_of(v);
    if (t->measure == MEASURE_WHITEN && !whitening_fits(e, v, st, shape))
        return NULL;
    map_put(e->registry, path, t);
    vec_push(e->arena, &e->made, t);
    return init_build(e, t, v, st) ? t : NULL;
}

static bool fail_measured(Elab *e, const Ast *st)
{
    Diag *d = fail_begin(e, DIAG_BATCHED_STATE, st->named.value->span,
                         "`%s` is measured over the data, inside `scan`", st->name);
    diag_note(d, "the states of a scan belong to one sample and end with it");
    diag_help(d, "measure the whole sequence before `scan`");
    return diag_end(d);
}

/* In the cell of a scan a state is carried from row to row. */
static bool carried_state(Elab *e, const char *path, const Ast *st, const Shape *shape,
                          Value *v, Scope *s)
{
    Current *c = scan_state(e, path, st, shape, v);
    if (c == NULL)
        return false;
    scope_define(e->arena, s, st->name, value_tensor(e->arena, c->value),
                 st->name_span);
    return true;
}

/* What is trained, saved and averaged are numbers of one type. */
static bool fail_type(Elab *e, const Ast *st)
{
    bool is_state = st->kind == AST_STATE;
    Diag *d = fail_begin(e, DIAG_DTYPE, st->named.type->span, "a %s is f32, found `%s`",
                         is_state ? "state" : "param", source_words(e, st->named.type));
    if (is_state)
        diag_help(d, "keep it as f32, which counts exactly to 16,777,216");
    else
        diag_help(d, "declare it as f32; `quantize` in a deploy block makes it smaller "
                     "there");
    fail_end(d);
    return false;
}

bool leaf_statement(Elab *e, const Ast *st, Scope *s)
{
    Type type;
    Shape shape;
    LeafSettings settings;
    if (!take_name(e, st) || !type_read(e, st->named.type, &type) ||
        !type_shape(e, &type, s, &shape) || !leaf_settings(e, st, s, &settings))
        return false;
    bool floats = type.type_class == TYPE_FLOATS ||
                  (type.type_class == TYPE_DTYPE && type.dtype == DTYPE_F32);
    if (!floats)
        return fail_type(e, st);
    const char *path = leaf_path(e, st->name);
    Value *v = open_eval(e, st->named.value, s, OPEN_INIT);
    if (v == NULL)
        return false;
    if (st->kind == AST_STATE && e->scan != NULL && v->kind == VALUE_CONFIG)
        return fail_measured(e, st);
    if (st->kind == AST_STATE && e->scan != NULL)
        return carried_state(e, path, st, &shape, v, s);
    ModuleTensor *t = map_find(e->registry, path);
    if (t == NULL) {
        t = leaf_register(e, path, st, &shape, &settings, v);
        if (t == NULL)
            return false;
    } else if (!shape_equal(&t->shape, &shape)) {
        return fail_size(e, st, t, &shape);
    }
    if (t->measure != MEASURE_NONE && e->mode == MODE_MEASURE &&
        !map_has(e->current, path) && v->kind == VALUE_CONFIG)
        graph_add_result(e->graph, RESULT_MEASURE, path,
                         v->config->value[0]->tensor->node);
    if (settings.reg != NULL)
        map_put(e->regs, path, settings.reg);
    Current *c = current_of(e, t, settings.reg);
    scope_define(e->arena, s, st->name, value_tensor(e->arena, c->value),
                 st->name_span);
    return true;
}

/* ---- layers ---------------------------------------------------------------------- */

bool layer_statement(Elab *e, const Ast *st, Scope *s)
{
    if (!take_name(e, st))
        return false;
    Instance *outer = e->inst, inner = *outer;
    inner.path = leaf_path(e, st->name);
    inner.counts = map_new(e->arena);
    inner.taken = map_new(e->arena);
    e->inst = &inner;
    Value *v = open_eval(e, st->named.value, s, OPEN_LAYER);
    e->inst = outer;
    if (v == NULL)
        return false;
    Layer *l = v->layer;
    const char *below = str_printf(e->arena, "%s/", inner.path);
    if (l->kind == LAYER_CALL && str_starts(l->path, below))
        l->path = inner.path; /* of one call: enc/w rather than enc/dense1/w */
    Layer *shared = arena_new(e->arena, Layer);
    *shared = *l;
    shared->kind = LAYER_SHARED;
    shared->name = st->name;
    shared->path = inner.path;
    shared->first = l;
    shared->built_for = NULL;
    Value *y = value_int(e->arena, 0);
    y->kind = VALUE_LAYER;
    y->layer = shared;
    scope_define(e->arena, s, st->name, y, st->name_span);
    return true;
}
