/* split.c - tile sizes by a small model, see split.h. */
#include "kernels/split.h"

Split split_even(int64_t extent, int64_t most)
{
    Split s = { 0 };
    if (extent <= 0)
        return s;
    int64_t pieces = (extent + most - 1) / most;
    int64_t small = extent / pieces, larger = extent - small * pieces;
    s.pieces = pieces;
    if (larger > 0)
        s.at[s.n++] = (Segment){ 0, small + 1, larger, NULL };
    s.at[s.n++] = (Segment){ larger * (small + 1), small, pieces - larger, NULL };
    return s;
}

int split_lanes(const Target *t, int64_t elements)
{
    for (int lanes = t->lanes; lanes >= 4; lanes /= 2)
        if (lanes <= elements)
            return lanes;
    return 1;
}

int64_t split_max_rows(const Target *t, int columns)
{
    if (t->lanes == 1)
        return columns >= 8 ? 1 : columns >= 4 ? 4 : 8;
    int64_t free = t->registers - 2 - columns;
    int64_t rows = free / columns;
    return rows < 1 ? 1 : rows > TILE_MAX_ROWS ? TILE_MAX_ROWS : rows;
}

/* A core with two FMA units of latency 4 and two load units: bound by arithmetic, by
 * loads or by the chains of few accumulators; plus what the loop itself costs. */
int64_t split_tile_cost(int64_t rows, int64_t columns)
{
    int64_t cost = rows * columns, loads = rows + columns;
    if (cost < loads)
        cost = loads;
    if (cost < 8)
        cost = 8;
    return 8 * cost + 8 + loads;
}

static int64_t rows_cost(const Split *s, int columns)
{
    int64_t sum = 0;
    for (int i = 0; i < s->n; i++)
        sum += s->at[i].count * split_tile_cost(s->at[i].size, columns);
    return sum;
}

Split split_rows(const Target *t, int64_t rows, int columns)
{
    int64_t most = split_max_rows(t, columns);
    Split even = split_even(rows, most);
    if (even.n == 1)
        return even;
    for (int64_t size = most; 2 * size > most; size--) {
        Split equal = split_even(rows, size);
        if (rows % size == 0 &&
            100 * rows_cost(&equal, columns) <= 103 * rows_cost(&even, columns))
            return equal;
    }
    return even;
}

int split_vectors(const Target *t, int64_t rows, int64_t width)
{
    if (t->lanes == 1)
        return width < 4 ? (int)width : 4;
    int64_t vectors = (width + t->lanes - 1) / t->lanes;
    int best = 1, most = rows == 1 ? 8 : 4;
    int64_t best_cost = INT64_MAX;
    for (int n = 1; n <= most && n <= vectors; n++) {
        Split strips = split_even(vectors, n);
        int64_t cost = 0;
        for (int i = 0; i < strips.n; i++) {
            int columns = (int)strips.at[i].size;
            Split tiles = split_rows(t, rows, columns);
            cost += strips.at[i].count * rows_cost(&tiles, columns) + (tiles.n > 1);
        }
        if (cost < best_cost) {
            best_cost = cost;
            best = n;
        }
    }
    return best;
}

/* ---- columns --------------------------------------------------------------------- */

static void add_column(Column *list, int *n, int64_t at, int lanes)
{
    list[(*n)++] = (Column){ at, lanes };
}

/* `width` elements in pieces of at most `lanes`. */
static int pieces_of(const Target *t, int64_t width, int lanes, Column *list)
{
    int n = 0;
    for (int64_t at = 0; at < width;) {
        int piece = split_lanes(t, width - at < lanes ? width - at : lanes);
        if (lanes < piece)
            piece = lanes;
        add_column(list, &n, at, piece);
        at += piece;
    }
    return n;
}

static Strip *strip_new(Arena *a, const Target *t, int64_t width, int lanes, bool pad)
{
    Strip *s = arena_new(a, Strip);
    s->width = width;
    s->n_out = pieces_of(t, width, lanes, s->out);
    if (pad) {
        for (int64_t at = 0; at < width; at += lanes)
            add_column(s->column, &s->n, at, lanes);
        s->padded = s->n * lanes;
        return s;
    }
    s->padded = width;
    s->n = s->n_out;
    for (int i = 0; i < s->n; i++)
        s->column[i] = s->out[i];
    return s;
}

Split split_columns(Arena *a, const Target *t, int64_t width, int vectors, int lanes,
                    bool pad)
{
    int64_t full = width / lanes, rest = width % lanes;
    pad = pad && rest > 0;
    Split s = split_even(full + pad, vectors);
    for (int i = 0; i < s.n; i++) {
        Segment *g = &s.at[i];
        g->begin *= lanes;
        g->size *= lanes;
    }
    if (pad) { /* the last piece of all is a segment of its own */
        Segment *last = &s.at[s.n - 1];
        Segment tail = { last->begin + (last->count - 1) * last->size,
                         last->size - lanes + rest, 1, NULL };
        if (--last->count == 0)
            *last = tail;
        else
            s.at[s.n++] = tail;
    } else if (rest > 0) {
        s.at[s.n++] = (Segment){ full * lanes, rest, 1, NULL };
        s.pieces++;
    }
    for (int i = 0; i < s.n; i++) {
        bool padded = pad && i == s.n - 1;
        s.at[i].strip = strip_new(a, t, s.at[i].size, lanes, padded);
    }
    return s;
}

/* ---- loops ----------------------------------------------------------------------- */

void split_each(Kernel *k, const Split *s, const char *name, SplitBody *body,
                void *context)
{
    for (int i = 0; i < s->n; i++) {
        const Segment *g = &s->at[i];
        if (g->count == 1) {
            body(context, g, expr_i32(k, g->begin));
            continue;
        }
        Expr *at =
            loop_begin_range(k, name, expr_i32(k, g->begin),
                             expr_i32(k, g->begin + g->count * g->size), g->size);
        body(context, g, at);
        loop_end(k);
    }
}

static void sliced_segment(Kernel *k, const Split *s, int i, int64_t first, Expr *slice,
                           SplitBody *body, void *context)
{
    const Segment *g = &s->at[i];
    bool last = i == s->n - 1;
    if (!last)
        if_begin(k, expr_binary(k, BIN_LT, slice, expr_i32(k, first + g->count)));
    Expr *piece = expr_sub(k, slice, expr_i32(k, first));
    Expr *begin = expr_i32(k, g->begin);
    if (g->count > 1)
        begin = expr_add(k, begin, expr_mul(k, piece, expr_i32(k, g->size)));
    body(context, g, begin);
    if (last)
        return;
    if_else(k);
    sliced_segment(k, s, i + 1, first + g->count, slice, body, context);
    if_end(k);
}

void split_sliced(Kernel *k, const Split *s, const char *name, SplitBody *body,
                  void *context)
{
    if (s->pieces == 1) {
        body(context, &s->at[0], expr_i32(k, s->at[0].begin));
        return;
    }
    if (s->n == 1 && s->at[0].begin == 0) {
        Expr *slice = loop_begin_sliced(k, name, s->pieces);
        body(context, &s->at[0], expr_mul(k, slice, expr_i32(k, s->at[0].size)));
        loop_end(k);
        return;
    }
    Expr *slice = loop_begin_sliced(k, name, s->pieces);
    sliced_segment(k, s, 0, 0, slice, body, context);
    loop_end(k);
}
