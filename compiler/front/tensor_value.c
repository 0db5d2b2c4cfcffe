/* tensor_value.c - graph nodes with what messages and losses need to know about them.
 */
#include "front/elab.h"

#include "support/bug.h"

#include <stdarg.h>
#include <string.h>

enum { MAX_ELEMENTS_LOG2 = 31 };

Graph *graph_at(Elab *e, Span span)
{
    e->graph->span = blame(e, span);
    e->graph->frame = e->act->frame;
    return e->graph;
}

bool shape_check(Elab *e, Span span, const Shape *s)
{
    double count = 1;
    for (int i = 0; i < s->rank; i++) {
        if (s->dim[i] < 1)
            return fail(e, DIAG_ATTRIBUTE, span,
                        "a dimension is at least 1, found %lld",
                        (long long)s->dim[i]) != NULL;
        count *= (double)s->dim[i];
    }
    if (count <= (double)((int64_t)1 << MAX_ELEMENTS_LOG2))
        return true;
    return fail(e, DIAG_ATTRIBUTE, span,
                "a tensor %s has more elements than dlc can address",
                shape_text(e->arena, s)) != NULL;
}

bool shape_push(Elab *e, Span span, Shape *s, int64_t dim)
{
    if (s->rank == SHAPE_MAX_RANK)
        return fail(e, DIAG_ATTRIBUTE, span, "a tensor has at most %d dimensions",
                    SHAPE_MAX_RANK) != NULL;
    s->dim[s->rank++] = dim;
    return true;
}

Value *tensor_make(Elab *e, Node *node, int n, Value *const *parents)
{
    if (node == NULL)
        return NULL;
    TensorValue *t = arena_new(e->arena, TensorValue);
    t->node = node;
    t->net = t->field = -1;
    bool counted = false, measured = false;
    for (int i = 0; i < n; i++) {
        if (parents[i] == NULL || parents[i]->kind != VALUE_TENSOR)
            continue;
        TensorValue *p = parents[i]->tensor;
        if (t->parent == NULL)
            t->parent = p;
        t->deps = leaf_set_union(e->arena, t->deps, p->deps);
        t->cut = cut_join(e->arena, t->cut, p->cut);
        counted = counted || p->counted;
        measured = measured || (p->node->batched && !p->counted);
    }
    t->counted = counted && !measured; /* a count times an error is an error */
    if (!shape_check(e, e->graph->span, &node->shape))
        return NULL;
    return value_tensor(e->arena, t);
}

Value *tensor_leaf(Elab *e, Node *node, const char *label, Span user)
{
    Value *v = tensor_make(e, node, 0, NULL);
    if (v != NULL) {
        v->tensor->label = label;
        v->tensor->user = user;
    }
    return v;
}

TensorValue *tensor_copy(Elab *e, const TensorValue *t)
{
    TensorValue *copy = arena_new(e->arena, TensorValue);
    *copy = *t;
    return copy;
}

Value *tensor_of(Elab *e, Value *v)
{
    if (v == NULL || v->kind == VALUE_TENSOR)
        return v;
    if (!value_is_number(v))
        return NULL;
    return tensor_make(e, build_scalar(e->graph, value_number(v)), 0, NULL);
}

/* The shape of nested lists of numbers; false: they are none, or ragged. */
static bool list_shape(const Value *v, int depth, Shape *s)
{
    if (v->kind != VALUE_LIST)
        return value_is_number(v) && depth == s->rank;
    if (v->list.n == 0 || depth == SHAPE_MAX_RANK)
        return false;
    if (depth == s->rank)
        s->dim[s->rank++] = v->list.n;
    for (int i = 0; i < v->list.n; i++)
        if (v->list.n != s->dim[depth] || !list_shape(v->list.at[i], depth + 1, s))
            return false;
    return true;
}

static double *list_fill(const Value *v, DType dtype, double *at)
{
    if (v->kind != VALUE_LIST) {
        *at = dtype_round(dtype, value_number(v));
        return at + 1;
    }
    for (int i = 0; i < v->list.n; i++)
        at = list_fill(v->list.at[i], dtype, at);
    return at;
}

Value *tensor_of_numbers(Elab *e, DType dtype, const Value *v, Span span)
{
    Shape s = { 0 };
    bool range = v->kind == VALUE_RANGE && v->range.from != NULL &&
                 v->range.to != NULL && v->range.from->kind == VALUE_INT &&
                 v->range.to->kind == VALUE_INT &&
                 v->range.from->integer < v->range.to->integer &&
                 (double)v->range.to->integer - (double)v->range.from->integer < 1e9;
    if (range)
        s = shape_1(v->range.to->integer - v->range.from->integer);
    else if (v->kind != VALUE_LIST || !list_shape(v, 0, &s))
        return fail(
            e, DIAG_KIND, span,
            "`%s` makes a tensor of a range `0..n` or of lists of equal length, "
            "found %s",
            dtype_name(dtype), value_describe(e->arena, v));
    if (!shape_check(e, span, &s))
        return NULL;
    Tensor *t = tensor_new(e->arena, dtype, s);
    if (!range)
        list_fill(v, dtype, t->at);
    for (int64_t i = 0; range && i < s.dim[0]; i++)
        t->at[i] = dtype_round(dtype, (double)(v->range.from->integer + i));
    return tensor_make(e, build_constant(graph_at(e, span), t), 0, NULL);
}

Value *float_of(Elab *e, Value *x, Span span)
{
    if (x == NULL || dtype_is_float(x->tensor->node->dtype))
        return x;
    bool counts = x->tensor->node->dtype == DTYPE_BOOL;
    Value *y = tensor_make(e, build_cast(graph_at(e, span), x->tensor->node, DTYPE_F32),
                           1, &x);
    if (y != NULL && counts)
        y->tensor->counted = true;
    return y;
}

Value *full_value(Elab *e, double x, const Shape *shape, Span span)
{
    if (!shape_check(e, span, shape))
        return NULL;
    return tensor_make(e, build_full(graph_at(e, span), x, *shape), 0, NULL);
}

static AttrValue attr_read(AttrKind kind, va_list *args)
{
    AttrValue v = { 0 };
    switch (kind) {
    case ATTR_INT:
    case ATTR_BOOL:
    case ATTR_DTYPE:
        v.i = va_arg(*args, int64_t);
        break;
    case ATTR_FLOAT:
        v.f = va_arg(*args, double);
        break;
    case ATTR_TEXT:
        v.text = va_arg(*args, const char *);
        break;
    case ATTR_INTS:
        v.ints.n = va_arg(*args, int);
        v.ints.at = va_arg(*args, const int64_t *);
        break;
    case ATTR_TENSOR:
        v.tensor = va_arg(*args, const Tensor *);
        break;
    }
    return v;
}

/* The general builder, with attributes by name: values of the attribute's kind (ints as
 * int64_t; lists as their length, an int, and an array). */
Node *node_with(Elab *e, const Op *op, int n_in, Node *const *in, ...)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { 0 } };
    va_list args;
    va_start(args, in);
    for (const char *name; (name = va_arg(args, const char *)) != NULL;) {
        int i = 0;
        while (i < OP_MAX_ATTRS && op->attr[i].name != NULL &&
               !str_equal(op->attr[i].name, name))
            i++;
        if (i == OP_MAX_ATTRS || op->attr[i].name == NULL)
            BUG("op %s has no attribute %s", op->name, name);
        attrs[i] = attr_read(op->attr[i].kind, &args);
        if (op->attr[i].kind == ATTR_INTS) {
            int64_t *copy = arena_array(e->arena, int64_t, attrs[i].ints.n);
            for (int k = 0; k < attrs[i].ints.n; k++)
                copy[k] = attrs[i].ints.at[k];
            attrs[i].ints.at = copy;
        }
    }
    va_end(args);
    AttrValue *copy = arena_array(e->arena, AttrValue, OP_MAX_ATTRS);
    memcpy(copy, attrs, sizeof attrs);
    return build_node(e->graph, e->sink, op, n_in, in, copy);
}
