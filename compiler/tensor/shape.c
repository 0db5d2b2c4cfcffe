/* shape.c - see shape.h. */
#include "tensor/shape.h"

#include "support/bug.h"
#include "support/out.h"

Shape shape_of(int rank, const int64_t *dim)
{
    Shape s = { .rank = rank };
    if (rank > SHAPE_MAX_RANK)
        BUG("rank %d", rank);
    for (int i = 0; i < rank; i++)
        s.dim[i] = dim[i];
    return s;
}

Shape shape_1(int64_t a)
{
    return (Shape){ .rank = 1, .dim = { a } };
}

Shape shape_2(int64_t a, int64_t b)
{
    return (Shape){ .rank = 2, .dim = { a, b } };
}

int64_t shape_count(const Shape *s)
{
    int64_t n = 1;
    for (int i = 0; i < s->rank; i++)
        n *= s->dim[i];
    return n;
}

bool shape_is_sane(const Shape *s)
{
    int64_t n = 1;
    for (int i = 0; i < s->rank; i++) {
        if (s->dim[i] < 1 || s->dim[i] > INT32_MAX || n * s->dim[i] > (int64_t)1 << 40)
            return false;
        n *= s->dim[i];
    }
    return true;
}

bool shape_equal(const Shape *a, const Shape *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (a->dim[i] != b->dim[i])
            return false;
    return true;
}

bool shape_broadcast(const Shape *a, const Shape *b, Shape *y)
{
    const Shape *low = a->rank <= b->rank ? a : b;
    const Shape *high = low == a ? b : a;
    int skip = high->rank - low->rank;
    *y = *high;
    for (int i = 0; i < low->rank; i++) {
        int64_t m = low->dim[i], n = high->dim[i + skip];
        if (m == n)
            continue;
        if (skip > 0 || (m != 1 && n != 1))
            return false;
        y->dim[i] = m == 1 ? n : m;
    }
    return true;
}

void shape_strides(const Shape *s, int64_t stride[SHAPE_MAX_RANK])
{
    int64_t n = 1;
    for (int i = s->rank - 1; i >= 0; i--) {
        stride[i] = n;
        n *= s->dim[i];
    }
}

bool shape_next(const Shape *s, int64_t at[SHAPE_MAX_RANK])
{
    for (int i = s->rank - 1; i >= 0; i--) {
        if (++at[i] < s->dim[i])
            return true;
        at[i] = 0;
    }
    return false;
}

int64_t shape_linear(const Shape *s, const int64_t at[SHAPE_MAX_RANK])
{
    int64_t n = 0;
    for (int i = 0; i < s->rank; i++)
        n = n * s->dim[i] + at[i];
    return n;
}

void shape_at(const Shape *s, int64_t linear, int64_t at[SHAPE_MAX_RANK])
{
    for (int i = s->rank - 1; i >= 0; i--) {
        at[i] = linear % s->dim[i];
        linear /= s->dim[i];
    }
}

const char *shape_text(Arena *a, const Shape *s)
{
    Out o;
    out_init(&o, a);
    out_puts(&o, "[");
    for (int i = 0; i < s->rank; i++)
        out_print(&o, "%s%lld", i ? ", " : "", (long long)s->dim[i]);
    out_puts(&o, "]");
    return out_text(&o);
}

Shape shape_squeeze(const Shape *s)
{
    Shape y = { 0 };
    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] != 1)
            y.dim[y.rank++] = s->dim[i];
    return y;
}

int shape_prefix(const Shape *space, const Shape *s)
{
    int from = 0;
    for (int i = 0; i <= s->rank; i++) {
        if (from == space->rank)
            return i;
        if (i == s->rank || s->dim[i] == 1)
            continue;
        if (s->dim[i] != space->dim[from])
            return -1;
        from++;
    }
    return -1;
}
