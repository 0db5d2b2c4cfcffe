/* stream_rows.c - one row of what an op makes of rows: views, reductions of other axes,
 * products and gathers by rows. */
#include "front/stream.h"

#include "support/bug.h"

bool stream_pointwise(Stream *s, const Node *n, int axis)
{
    Node **in = arena_array(s->e->arena, Node *, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        if ((in[i] = stream_row(s, n, i, axis)) == NULL)
            return false;
    Node *y = stream_copy(s, n, in);
    y->shape = shape_without(&n->shape, axis);
    stream_set(s, n, ROWS, axis, y);
    return true;
}

static int64_t count_before(const Shape *shape, int axis)
{
    int64_t n = 1;
    for (int i = 0; i < axis; i++)
        n *= shape->dim[i];
    return n;
}

bool stream_reshape(Stream *s, const Node *n, int axis)
{
    int64_t before = count_before(&n->in[0]->shape, axis);
    for (int i = 0; i < n->shape.rank; i++)
        if (n->shape.dim[i] == s->rows && count_before(&n->shape, i) == before) {
            Node *row = s->part[n->in[0]->id].node;
            stream_set(s, n, ROWS, i,
                       build_reshape(s->to, row, shape_without(&n->shape, i)));
            return true;
        }
    return stream_refuse(s, n, "joins time with another dimension");
}

bool stream_transpose(Stream *s, const Node *n, int axis)
{
    int count = 0, to[SHAPE_MAX_RANK], at = 0, time = 0;
    const int64_t *axes = attr_ints(n, "axes", &count);
    for (int i = 0; i < count; i++) {
        if (axes[i] == axis)
            time = i;
        else
            to[at++] = (int)(axes[i] < axis ? axes[i] : axes[i] - 1);
    }
    stream_set(s, n, ROWS, time,
               build_transpose(s->to, s->part[n->in[0]->id].node, to));
    return true;
}

bool stream_broadcast(Stream *s, const Node *n, int axis)
{
    int time = axis + n->shape.rank - n->in[0]->shape.rank;
    Node *row = s->part[n->in[0]->id].node;
    Shape shape = shape_without(&n->shape, time);
    if (row->shape.rank < axis + n->in[0]->shape.rank - 1 - axis) /* cannot be */
        BUG("a row of another rank");
    stream_set(s, n, ROWS, time, build_broadcast(s->to, row, shape));
    return true;
}

bool stream_slice(Stream *s, const Node *n, int axis)
{
    int count = 0, at = 0;
    const int64_t *start = attr_ints(n, "start", &count);
    const int64_t *stop = attr_ints(n, "stop", &count);
    const int64_t *step = attr_ints(n, "step", &count);
    int64_t from[SHAPE_MAX_RANK], to[SHAPE_MAX_RANK], by[SHAPE_MAX_RANK];
    for (int i = 0; i < n->shape.rank; i++) {
        if (i == axis)
            continue;
        from[at] = start[i];
        to[at] = stop[i];
        by[at++] = step[i];
    }
    Node *row = build_slice(s->to, s->part[n->in[0]->id].node, from, to, by);
    bool last = start[axis] == s->rows - 1 && n->shape.dim[axis] == 1;
    if (n->shape.dim[axis] == s->rows) {
        stream_set(s, n, ROWS, axis, row);
        return true;
    }
    if (!last)
        return stream_refuse(s, n, "takes other rows than the last");
    stream_set(s, n, NOW, 0, build_reshape(s->to, row, n->shape));
    return true;
}

bool stream_concat(Stream *s, const Node *n, int axis)
{
    int64_t along = attr_int(n, "axis");
    Node **in = arena_array(s->e->arena, Node *, n->n_in);
    if (along == axis)
        return stream_refuse(s, n, "puts rows behind each other");
    for (int i = 0; i < n->n_in; i++)
        if ((in[i] = stream_row(s, n, i, axis)) == NULL)
            return false;
    stream_set(
        s, n, ROWS, axis,
        build_concat(s->to, n->n_in, in, (int)(along < axis ? along : along - 1)));
    return true;
}

bool stream_pad(Stream *s, const Node *n, int axis)
{
    int count = 0, at = 0;
    const int64_t *b = attr_ints(n, "before", &count),
                  *a = attr_ints(n, "after", &count);
    const int64_t *m = attr_ints(n, "interior", &count);
    int64_t before[SHAPE_MAX_RANK], after[SHAPE_MAX_RANK], inside[SHAPE_MAX_RANK];
    if (b[axis] != 0 || a[axis] != 0 || m[axis] != 0)
        return stream_refuse(s, n, "adds rows");
    for (int i = 0; i < n->shape.rank; i++)
        if (i != axis) {
            before[at] = b[i];
            after[at] = a[i];
            inside[at++] = m[i];
        }
    Node *y = build_pad(s->to, s->part[n->in[0]->id].node, before, after, inside);
    attr_set(y, "value", (AttrValue){ .f = attr_float(n, "value") });
    stream_set(s, n, ROWS, axis, y);
    return true;
}

bool stream_reduce(Stream *s, const Node *n, int axis)
{
    int count = 0, at[SHAPE_MAX_RANK], below = 0;
    const int64_t *axes = attr_ints(n, "axes", &count);
    for (int i = 0; i < count; i++) {
        if (axes[i] == axis)
            return stream_refuse(s, n, "reduces over time");
        at[i] = (int)(axes[i] < axis ? axes[i] : axes[i] - 1);
        below += axes[i] < axis;
    }
    stream_set(s, n, ROWS, axis - below,
               build_reduce(s->to, n->op, s->part[n->in[0]->id].node, count, at));
    return true;
}

/* Rows of a are rows of the product; b is the same for all, or has rows as well. */
bool stream_dot(Stream *s, const Node *n, int axis)
{
    Part a = s->part[n->in[0]->id], b = s->part[n->in[1]->id];
    bool ta = attr_int(n, "transpose_a") != 0, tb = attr_int(n, "transpose_b") != 0;
    int rank = n->in[0]->shape.rank;
    bool leading = a.kind == ROWS && axis < rank - 2;
    bool row = a.kind == ROWS && axis == (ta ? rank - 1 : rank - 2);
    if (leading && b.kind == ROWS && b.axis == axis) {
        stream_set(s, n, ROWS, axis, build_dot(s->to, a.node, b.node, ta, tb));
        return true;
    }
    if (leading && b.kind == PLAIN && n->in[1]->shape.rank == 2) {
        stream_set(s, n, ROWS, axis, build_dot(s->to, a.node, b.node, ta, tb));
        return true;
    }
    if (!row || b.kind == ROWS)
        return stream_refuse(s, n, "multiplies rows of different steps");
    Shape one = shape_with_one(&a.node->shape, rank - 2);
    Node *y = build_dot(s->to, build_reshape(s->to, a.node, one), b.node, false, tb);
    stream_set(s, n, ROWS, n->shape.rank - 2,
               build_reshape(s->to, y, shape_without(&y->shape, y->shape.rank - 2)));
    return true;
}

bool stream_gather(Stream *s, const Node *n, int axis)
{
    if (s->part[n->in[0]->id].kind == ROWS)
        return stream_refuse(s, n, "picks rows of any step");
    Node *row = s->part[n->in[1]->id].node;
    stream_set(s, n, ROWS, axis, build_gather(s->to, s->part[n->in[0]->id].node, row));
    return true;
}
