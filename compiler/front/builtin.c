/* builtin.c - the table of builtins, and those that compute pointwise or reduce. */
#include "front/elab.h"

#include "support/bug.h"

#include <math.h>

static const Builtin builtins[] = {
#define BUILTIN(name, handler, op, signature)                                          \
    { #name, builtin_##handler, op, signature },
#include "front/builtin.def"
#undef BUILTIN
};

const Builtin *builtin_find(const char *name)
{
    for (int i = 0; i < ARRAY_LEN(builtins); i++)
        if (str_equal(builtins[i].name, name))
            return &builtins[i];
    return NULL;
}

int builtin_count(void)
{
    return ARRAY_LEN(builtins);
}

const Builtin *builtin_at(int i)
{
    return &builtins[i];
}

bool builtin_is_measure(const Builtin *b)
{
    return b->call == builtin_measure;
}

/* ---- pointwise ------------------------------------------------------------------- */

static Value *fail_integers(Elab *e, const Builtin *b, const TensorValue *t, Span span)
{
    Diag *d = fail_begin(e, DIAG_DTYPE, span, "`%s` takes floats, but its input is %s",
                         b->name, tensor_text(e->arena, t));
    diag_origin(e, d, t, "");
    diag_help(d, "convert it with `f32(...)`");
    return fail_end(d);
}

/* A float tensor, or NULL and a message. */
static Value *float_input(Elab *e, const Builtin *b, Value *x, Span span)
{
    Value *t = tensor_of(e, x);
    if (t == NULL)
        return fail(e, DIAG_KIND, span, "`%s` takes a tensor or a number, found %s",
                    b->name, value_describe(e->arena, x));
    if (!dtype_is_float(t->tensor->node->dtype))
        return fail_integers(e, b, t->tensor, span);
    return t;
}

static double number_function(OpCode op, double x)
{
    switch (op) {
    case OP_abs:
        return fabs(x);
    case OP_cos:
        return cos(x);
    case OP_erf:
        return erf(x);
    case OP_exp:
        return exp(x);
    case OP_expm1:
        return expm1(x);
    case OP_floor:
        return floor(x);
    case OP_log:
        return log(x);
    case OP_log1p:
        return log1p(x);
    case OP_sign:
        return (x > 0) - (x < 0);
    case OP_sin:
        return sin(x);
    case OP_sqrt:
        return sqrt(x);
    case OP_tanh:
        return tanh(x);
    default:
        BUG("no function of numbers for op %d", (int)op);
    }
}

Value *builtin_unary(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = args->at[0];
    if (value_is_number(x)) {
        double y = number_function(b->op->code, value_number(x));
        bool whole = b->op == &op_floor || b->op == &op_sign ||
                     (b->op == &op_abs && x->kind == VALUE_INT);
        if (isnan(y) || isinf(y))
            return fail(e, DIAG_ARGUMENT_COUNT, args->span,
                        "`%s` of %s is not a number", b->name,
                        value_words(e->arena, x));
        return whole && fabs(y) < 9e15 ? value_int(e->arena, (int64_t)y)
                                       : value_float(e->arena, y);
    }
    x = float_input(e, b, x, args->span);
    if (x == NULL)
        return NULL;
    return tensor_make(e, build_unary(graph_at(e, args->span), b->op, x->tensor->node),
                       1, &x);
}

Value *builtin_round(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = args->at[0];
    if (value_is_number(x))
        return value_int(e->arena, (int64_t)floor(value_number(x) + 0.5));
    Value *half = value_float(e->arena, 0.5);
    BuiltinArgs shifted = *args;
    shifted.at[0] = binary_value(e, "+", x, half, NULL, args->span);
    return shifted.at[0] == NULL ? NULL : builtin_unary(e, b, &shifted);
}

static bool join_shapes(Elab *e, const Builtin *b, const Value *x, const Value *y,
                        Span span)
{
    Shape joint;
    if (shape_broadcast(&x->tensor->node->shape, &y->tensor->node->shape, &joint))
        return shape_check(e, span, &joint);
    Diag *d =
        fail_begin(e, DIAG_BROADCAST, span, "`%s` cannot combine %s with %s", b->name,
                   tensor_text(e->arena, x->tensor), tensor_text(e->arena, y->tensor));
    diag_origin(e, d, x->tensor, "left: ");
    diag_origin(e, d, y->tensor, "right: ");
    diag_note(d,
              "shapes must be equal, or one must be the trailing part of the other, or "
              "1 where they differ");
    return diag_end(d);
}

Value *builtin_extreme(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = args->at[0], *y = args->at[1];
    if (value_is_number(x) && value_is_number(y)) {
        bool less = value_number(x) < value_number(y);
        return less == (b->op == &op_min) ? x : y;
    }
    graph_at(e, args->span);
    x = float_input(e, b, x, args->span);
    y = x != NULL ? float_input(e, b, y, args->span) : NULL;
    if (y == NULL || !join_shapes(e, b, x, y, args->span))
        return NULL;
    Node *n =
        build_binary(graph_at(e, args->span), b->op, x->tensor->node, y->tensor->node);
    return tensor_make(e, n, 2, (Value *[]){ x, y });
}

Value *builtin_where(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *c = args->at[0];
    if (c->kind == VALUE_BOOL)
        return c->truth ? args->at[1] : args->at[2];
    if (c->kind != VALUE_TENSOR || c->tensor->node->dtype != DTYPE_BOOL)
        return fail(e, DIAG_DTYPE, args->span, "`where` decides by bools, found %s",
                    value_describe(e->arena, c));
    graph_at(e, args->span);
    Value *x = float_input(e, b, args->at[1], args->span);
    Value *y = x != NULL ? float_input(e, b, args->at[2], args->span) : NULL;
    if (y == NULL || !join_shapes(e, b, x, y, args->span) ||
        !join_shapes(e, b, c,
                     x->tensor->node->shape.rank > y->tensor->node->shape.rank ? x : y,
                     args->span))
        return NULL;
    Node *n = build_select(graph_at(e, args->span), c->tensor->node, x->tensor->node,
                           y->tensor->node);
    return tensor_make(e, n, 3, (Value *[]){ c, x, y });
}

Value *builtin_dot(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    (void)b;
    return binary_value(e, "@", args->at[0], args->at[1], NULL, args->span);
}

Value *builtin_integer(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    const Value *x = args->at[0];
    (void)b;
    if (x->kind != VALUE_BOOL && !value_is_number(x))
        return fail(e, DIAG_KIND, args->span, "`int` converts a constant, found %s",
                    value_describe(e->arena, x));
    double y = value_number(x);
    if (!(fabs(y) < 9e15))
        return fail(e, DIAG_ARGUMENT_COUNT, args->span, "`int` of %g is too large", y);
    return value_int(e->arena, (int64_t)y);
}

/* ---- reductions ------------------------------------------------------------------ */

static bool add_axis(Elab *e, const Value *v, const Value *x, Span span,
                     bool take[SHAPE_MAX_RANK])
{
    const Shape *s = &x->tensor->node->shape;
    if (v->kind != VALUE_INT)
        return fail(e, DIAG_KIND, span, "`axis` is an int or a list of ints, found %s",
                    value_describe(e->arena, v)) != NULL;
    if (v->integer < -s->rank || v->integer >= s->rank) {
        Diag *d =
            fail_begin(e, DIAG_INDEX_RANGE, span, "axis %lld of %s does not exist",
                       (long long)v->integer, tensor_text(e->arena, x->tensor));
        diag_origin(e, d, x->tensor, "");
        return diag_end(d);
    }
    take[v->integer < 0 ? v->integer + s->rank : v->integer] = true;
    return true;
}

int64_t axis_of(Elab *e, const Value *axis, const Value *x, Span span)
{
    bool take[SHAPE_MAX_RANK] = { 0 };
    if (!add_axis(e, axis, x, span, take))
        return -1;
    int64_t i = 0;
    while (!take[i])
        i++;
    return i;
}

static bool read_axes(Elab *e, const Value *axis, const Value *x, Span span, int *n,
                      int axes[SHAPE_MAX_RANK])
{
    bool take[SHAPE_MAX_RANK] = { 0 };
    int rank = x->tensor->node->shape.rank;
    for (int i = 0; axis == NULL && i < rank; i++)
        take[i] = true;
    if (axis != NULL && axis->kind == VALUE_LIST) {
        for (int i = 0; i < axis->list.n; i++)
            if (!add_axis(e, axis->list.at[i], x, span, take))
                return false;
    } else if (axis != NULL && !add_axis(e, axis, x, span, take)) {
        return false;
    }
    *n = 0;
    for (int i = 0; i < rank; i++)
        if (take[i])
            axes[(*n)++] = i;
    return true;
}

static Value *reduce_list(Elab *e, const Builtin *b, const Value *list, Span span)
{
    double y = b->op == &op_reduce_prod ? 1 : 0;
    bool ints = true;
    for (int i = 0; i < list->list.n; i++) {
        const Value *v = list->list.at[i];
        if (!value_is_number(v))
            return fail(e, DIAG_KIND, span, "`%s` of a list takes numbers, found %s",
                        b->name, value_describe(e->arena, v));
        double x = value_number(v);
        ints = ints && v->kind == VALUE_INT;
        if (b->op == &op_reduce_prod)
            y *= x;
        else if (b->op == &op_reduce_max)
            y = i == 0 || (x > y) == (b->call == builtin_reduce) ? x : y;
        else
            y += x;
    }
    if (b->op == NULL)
        return value_float(e->arena, y / (list->list.n > 0 ? list->list.n : 1));
    return ints && fabs(y) < 9e15 ? value_int(e->arena, (int64_t)y)
                                  : value_float(e->arena, y);
}

static Node *reduced(Graph *g, const Op *op, Node *x, int n, const int *axes, bool keep)
{
    double count = 1;
    for (int i = 0; i < n; i++)
        count *= (double)x->shape.dim[axes[i]];
    if (n == 0)
        return x;
    Node *y = build_reduce(g, op != NULL ? op : &op_reduce_sum, x, n, axes);
    if (op == NULL)
        y = build_scale(g, y, 1 / count);
    return keep ? build_keep(g, y, n, axes) : y;
}

Value *builtin_reduce(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    int n, axes[SHAPE_MAX_RANK];
    const Value *keep = args->at[2];
    if (args->at[0]->kind == VALUE_LIST)
        return reduce_list(e, b, args->at[0], args->span);
    graph_at(e, args->span);
    Value *x = float_input(e, b, args->at[0], args->span);
    if (x == NULL || !read_axes(e, args->at[1], x, args->span, &n, axes))
        return NULL;
    if (keep != NULL && keep->kind != VALUE_BOOL)
        return fail(e, DIAG_KIND, args->span, "`keep` is a bool, found %s",
                    value_describe(e->arena, keep));
    Node *y = reduced(graph_at(e, args->span), b->op, x->tensor->node, n, axes,
                      keep != NULL && keep->truth);
    return tensor_make(e, y, 1, &x);
}

/* min x = -max -x */
Value *builtin_reduce_min(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    if (args->at[0]->kind == VALUE_LIST)
        return reduce_list(e, b, args->at[0], args->span);
    BuiltinArgs negated = *args;
    negated.at[0] = unary_value(e, "-", args->at[0], args->span);
    if (negated.at[0] == NULL)
        return NULL;
    return unary_value(e, "-", builtin_reduce(e, b, &negated), args->span);
}

/* x with another axis last, for ops that work along the last one. */
static Node *axis_to_last(Graph *g, Node *x, int64_t axis)
{
    int axes[SHAPE_MAX_RANK], n = 0;
    for (int i = 0; i < x->shape.rank; i++)
        if (i != axis)
            axes[n++] = i;
    axes[n] = (int)axis;
    return axis == n ? x : build_transpose(g, x, axes);
}

static Value *axis_input(Elab *e, const Builtin *b, const BuiltinArgs *args,
                         int64_t *axis)
{
    graph_at(e, args->span);
    Value *x = float_input(e, b, args->at[0], args->span);
    if (x == NULL)
        return NULL;
    Value *last = value_int(e->arena, -1);
    *axis = axis_of(e, args->at[1] != NULL ? args->at[1] : last, x, args->span);
    return *axis < 0 ? NULL : x;
}

Value *builtin_argmax(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    int64_t axis;
    Value *x = axis_input(e, b, args, &axis);
    if (x == NULL)
        return NULL;
    Graph *g = graph_at(e, args->span);
    Node *y = build_unary(g, &op_argmax, axis_to_last(g, x->tensor->node, axis));
    return tensor_make(e, y, 1, &x);
}

/* Running sums: y[i] is the sum of x[..i + 1] along the axis. */
Value *builtin_cumsum(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    int64_t axis;
    Value *x = axis_input(e, b, args, &axis);
    if (x == NULL)
        return NULL;
    graph_at(e, args->span);
    Node *y = node_with(e, b->op, 1, &x->tensor->node, "axis", axis, NULL);
    return tensor_make(e, y, 1, &x);
}
