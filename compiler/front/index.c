/* index.c - x[2..5, .., i]: slices, rows, and choice by an index tensor. */
#include "front/elab.h"

#include <string.h>

typedef struct Sub { /* one axis of x */
    int64_t start, stop;
    bool drops;   /* a single index: the axis disappears */
    Value *index; /* choice by a tensor */
    const Ast *ast;
} Sub;

static bool range_end(Elab *e, const Value *v, int64_t otherwise, int64_t extent,
                      const Ast *ast, int64_t *x)
{
    *x = otherwise;
    if (v == NULL)
        return true;
    if (v->kind != VALUE_INT)
        return fail(e, DIAG_KIND, ast->span, "a range runs over ints, found %s",
                    value_describe(e->arena, v)) != NULL;
    *x = v->integer < 0 ? v->integer + extent : v->integer;
    return true;
}

static bool sub_range(Elab *e, const Value *v, const TensorValue *x, int axis, Sub *sub)
{
    int64_t extent = x->node->shape.dim[axis];
    if (!range_end(e, v->range.from, 0, extent, sub->ast, &sub->start) ||
        !range_end(e, v->range.to, extent, extent, sub->ast, &sub->stop))
        return false;
    if (0 <= sub->start && sub->start < sub->stop && sub->stop <= extent)
        return true;
    bool empty = sub->start == sub->stop && 0 <= sub->start && sub->stop <= extent;
    Diag *d =
        empty ? fail_begin(e, DIAG_INDEX_RANGE, sub->ast->span,
                           "the range %lld..%lld is empty", (long long)sub->start,
                           (long long)sub->stop)
              : fail_begin(e, DIAG_INDEX_RANGE, sub->ast->span,
                           "the range %lld..%lld is outside dimension %d, which has "
                           "%lld elements",
                           (long long)sub->start, (long long)sub->stop, axis,
                           (long long)extent);
    diag_origin(e, d, x, "");
    return diag_end(d);
}

static bool sub_tensor(Elab *e, Value *v, const TensorValue *x, int axis, Sub *sub)
{
    const Node *n = v->tensor->node;
    int64_t extent = x->node->shape.dim[axis];
    if (n->bound == 0)
        return fail(e, DIAG_INDEX_RANGE, sub->ast->span,
                    "an index must be an `index(n)`, found %s",
                    tensor_text(e->arena, v->tensor)) != NULL;
    if (n->bound > extent) {
        Diag *d =
            fail_begin(e, DIAG_INDEX_RANGE, sub->ast->span,
                       "an index below %lld can leave dimension %d, which has %lld "
                       "elements",
                       (long long)n->bound, axis, (long long)extent);
        diag_origin(e, d, x, "");
        return diag_end(d);
    }
    sub->index = v;
    return true;
}

static bool sub_read(Elab *e, const Ast *ast, Scope *s, const TensorValue *x, int axis,
                     Sub *sub)
{
    int64_t extent = x->node->shape.dim[axis];
    *sub = (Sub){ 0, extent, false, NULL, ast };
    if (ast == NULL)
        return true;
    Value *v = eval(e, ast, s);
    if (v == NULL)
        return false;
    if (v->kind == VALUE_RANGE)
        return sub_range(e, v, x, axis, sub);
    if (v->kind == VALUE_TENSOR)
        return sub_tensor(e, v, x, axis, sub);
    if (v->kind != VALUE_INT)
        return fail(e, DIAG_KIND, ast->span, "an index is an int, found %s",
                    value_describe(e->arena, v)) != NULL;
    if (v->integer < -extent || v->integer >= extent) {
        Diag *d =
            fail_begin(e, DIAG_INDEX_RANGE, ast->span,
                       "index %lld is outside dimension %d, which has %lld elements",
                       (long long)v->integer, axis, (long long)extent);
        diag_origin(e, d, x, "");
        return diag_end(d);
    }
    sub->start = v->integer < 0 ? v->integer + extent : v->integer;
    sub->stop = sub->start + 1;
    sub->drops = true;
    return true;
}

/* The subscript of each axis; `..` fills up with whole axes. */
static bool subs_read(Elab *e, const Ast *expr, Scope *s, const TensorValue *x,
                      Sub *subs)
{
    const AstList *list = &expr->index.subs;
    int rank = x->node->shape.rank, rest = -1;
    for (int i = 0; i < list->n; i++)
        if (list->at[i]->kind == AST_REST)
            rest = i;
    int named = list->n - (rest >= 0);
    if (named > rank)
        return fail(e, DIAG_INDEX_RANGE, expr->span, "%d %s into %s", named,
                    named == 1 ? "index" : "indices", tensor_text(e->arena, x)) != NULL;
    for (int axis = 0; axis < rank; axis++) {
        int i = axis;
        if (rest >= 0 && axis >= rest)
            i = axis < rank - (list->n - rest - 1) ? -1 : axis - rank + list->n;
        const Ast *ast = i >= 0 && i < list->n ? list->at[i] : NULL;
        if (!sub_read(e, ast, s, x, axis, &subs[axis]))
            return false;
    }
    return true;
}

Value *tensor_select_axis(Elab *e, Value *x, Value *index, int axis, Span span)
{
    Graph *g = graph_at(e, span);
    Node *n = x->tensor->node, *at = index->tensor->node;
    Shape positions = { .rank = n->shape.rank };
    for (int i = 0; i < n->shape.rank; i++)
        positions.dim[i] = axis != 0 && i < axis ? n->shape.dim[i] : 1;
    Shape all = n->shape;
    Node *wanted = build_reshape(g, build_cast(g, at, DTYPE_I32), positions);
    Node *here = build_iota(g, DTYPE_I32, all, axis, n->shape.dim[axis]);
    Node *hit = build_eq(g, here, build_broadcast(g, wanted, all));
    Node *zero = build_full(g, 0, all);
    Node *y = build_reduce(g, &op_reduce_sum, build_select(g, hit, n, zero), 1,
                           (int[]){ axis });
    return tensor_make(e, y, 2, (Value *[]){ x, index });
}

/* Dimension `from` of x, moved to `to`; the others keep their order. */
static Node *axes_moved(Graph *g, Node *x, int count, int from, int to)
{
    int axes[SHAPE_MAX_RANK], n = 0, rest = 0;
    for (int i = 0; i < x->shape.rank; i++) {
        if (i >= to && i < to + count) {
            axes[i] = from + n++;
            continue;
        }
        rest += rest == from ? count : 0;
        axes[i] = rest++;
    }
    return from == to ? x : build_transpose(g, x, axes);
}

Value *tensor_gather(Elab *e, Value *x, Value *index, int axis, Span span)
{
    Node *n = x->tensor->node, *at = index->tensor->node;
    if (at->shape.rank == 0 && n->batched && axis == 0 && dtype_is_float(n->dtype))
        return tensor_select_axis(e, x, index, 0, span);
    if (n->shape.rank - 1 + at->shape.rank > SHAPE_MAX_RANK)
        return fail(e, DIAG_ATTRIBUTE, span, "a tensor has at most %d dimensions",
                    SHAPE_MAX_RANK);
    Graph *g = graph_at(e, span);
    Node *y = build_gather(g, axes_moved(g, n, 1, axis, 0), at);
    y = axes_moved(g, y, at->shape.rank, 0, axis);
    return tensor_make(e, y, 2, (Value *[]){ x, index });
}

static Value *list_item(Elab *e, const Value *x, const Ast *expr, Scope *s)
{
    int64_t i;
    if (expr->index.subs.n != 1 ||
        !eval_int(e, expr->index.subs.at[0], s, &i, "the index of a list is"))
        return NULL;
    if (i < -x->list.n || i >= x->list.n)
        return fail(e, DIAG_INDEX_RANGE, expr->span,
                    "index %lld is outside a list of %d elements", (long long)i,
                    x->list.n);
    return x->list.at[i < 0 ? i + x->list.n : i];
}

Value *index_eval(Elab *e, const Ast *expr, Scope *s)
{
    Value *x = eval(e, expr->index.base, s);
    if (x == NULL)
        return NULL;
    if (x->kind == VALUE_LIST)
        return list_item(e, x, expr, s);
    if (x->kind != VALUE_TENSOR)
        return fail(e, DIAG_KIND, expr->span, "%s cannot be indexed",
                    value_describe(e->arena, x));
    Sub sub[SHAPE_MAX_RANK];
    if (!subs_read(e, expr, s, x->tensor, sub))
        return NULL;
    Node *n = x->tensor->node;
    Graph *g = graph_at(e, expr->span);
    int64_t start[SHAPE_MAX_RANK], stop[SHAPE_MAX_RANK], step[SHAPE_MAX_RANK];
    Shape kept = { 0 };
    int chosen[SHAPE_MAX_RANK], n_chosen = 0;
    Value *index[SHAPE_MAX_RANK];
    bool sliced = false;
    for (int i = 0; i < n->shape.rank; i++) {
        start[i] = sub[i].start;
        stop[i] = sub[i].stop;
        step[i] = 1;
        sliced = sliced || stop[i] - start[i] != n->shape.dim[i];
        if (sub[i].index != NULL) {
            chosen[n_chosen] = kept.rank;
            index[n_chosen++] = sub[i].index;
        }
        if (!sub[i].drops)
            kept.dim[kept.rank++] = stop[i] - start[i];
    }
    Node *y = sliced ? build_slice(g, n, start, stop, step) : n;
    if (!shape_equal(&kept, &y->shape))
        y = build_reshape(g, y, kept);
    Value *v = tensor_make(e, y, 1, &x);
    /* From the last: those in front keep their place. */
    for (int i = n_chosen - 1; v != NULL && i >= 0; i--)
        v = tensor_gather(e, v, index[i], chosen[i], expr->span);
    if (v != NULL && x->tensor->range != RANGE_ANY)
        v->tensor->range = RANGE_UNIT;
    return v;
}

Value *tensor_row(Elab *e, Value *x, int64_t row, Span span)
{
    Node *n = x->tensor->node;
    Graph *g = graph_at(e, span);
    int64_t start[SHAPE_MAX_RANK] = { 0 }, stop[SHAPE_MAX_RANK], step[SHAPE_MAX_RANK];
    Shape rest = { .rank = n->shape.rank - 1 };
    for (int i = 0; i < n->shape.rank; i++) {
        stop[i] = n->shape.dim[i];
        step[i] = 1;
        if (i > 0)
            rest.dim[i - 1] = n->shape.dim[i];
    }
    start[0] = row;
    stop[0] = row + 1;
    Node *y = build_reshape(g, build_slice(g, n, start, stop, step), rest);
    return tensor_make(e, y, 1, &x);
}
