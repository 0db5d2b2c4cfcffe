/* plan_place.c - where the items of a plan go: several orders of placing them, each
 * into the lowest or the tightest gap, and walks from those orders. */
#include "passes/plan.h"

#include <string.h>

enum { EXACT_MAX = 7, IMPROVE_MAX = 100, MOVES = 6000 };

typedef enum Fit { FIT_LOWEST, FIT_TIGHTEST, FIT_COUNT } Fit;

/* Offsets of an item between low and high, both not included, meet what is placed. */
typedef struct Blocked {
    int64_t low, high;
} Blocked;

typedef struct Search {
    Plan *plan;
    Fit fit;
    int n;
    Item **placed;    /* by offset; room for all */
    Blocked *blocked; /* by low; room for two of each item */
    int64_t bound;
} Search;

/* ---- gaps ------------------------------------------------------------------------ */

static bool meet(const Item *a, const Item *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static const Meeting *meeting_of(const Plan *l, const Item *a, const Item *b)
{
    for (int i = 0; i < l->meeting.n; i++) {
        const Meeting *m = &l->meeting.at[i];
        if ((m->from == a->id && m->to == b->id) ||
            (m->from == b->id && m->to == a->id))
            return m;
    }
    return NULL;
}

static void block(Search *s, int *n, int64_t low, int64_t high)
{
    int at = (*n)++;
    for (; at > 0 && s->blocked[at - 1].low > low; at--)
        s->blocked[at] = s->blocked[at - 1];
    s->blocked[at] = (Blocked){ low, high };
}

/* Where `it` would meet x, which is placed. */
static void block_for(Search *s, int *n, const Item *it, const Item *x)
{
    const Meeting *m = meeting_of(s->plan, it, x);
    int64_t low = x->offset - it->bytes, high = x->offset + x->bytes;
    if (m != NULL && m->to == it->id)
        low = x->offset - m->distance > low ? x->offset - m->distance : low;
    else if (m != NULL)
        high = x->offset + m->distance < high ? x->offset + m->distance : high;
    if (m != NULL && m->same) {
        block(s, n, low, x->offset);
        low = x->offset;
    }
    block(s, n, low, high);
}

/* A gap for `it` among the first n that are placed. */
static int64_t find_gap(Search *s, const Item *it, int n)
{
    int blocks = 0;
    for (int i = 0; i < n; i++)
        if (meet(it, s->placed[i]))
            block_for(s, &blocks, it, s->placed[i]);
    int64_t offset = 0, best = -1, best_room = 0;
    for (int i = 0; i < blocks; i++) {
        const Blocked *b = &s->blocked[i];
        int64_t room = b->low - offset;
        if (room >= 0 && (best < 0 || room < best_room)) {
            if (s->fit == FIT_LOWEST)
                return offset;
            best = offset;
            best_room = room;
        }
        offset = b->high > offset ? b->high : offset;
    }
    return best >= 0 ? best : offset;
}

/* ---- orders ---------------------------------------------------------------------- */

/* Places items in the given order; keeps the plan when it is the best. Its bytes. */
static int64_t try_order(Search *s, Item *const *order)
{
    Plan *l = s->plan;
    int64_t total = 0;
    for (int i = 0; i < l->n; i++) {
        Item *it = order[i];
        it->offset = find_gap(s, it, i);
        if (it->offset + it->bytes - it->slack > total)
            total = it->offset + it->bytes - it->slack;
        int at = i;
        while (at > 0 && s->placed[at - 1]->offset > it->offset) {
            s->placed[at] = s->placed[at - 1];
            at--;
        }
        s->placed[at] = it;
    }
    if (l->best_bytes >= 0 && total >= l->best_bytes)
        return total;
    l->best_bytes = total;
    for (int i = 0; i < l->n; i++)
        l->best[i] = l->item[i].offset;
    return total;
}

typedef enum OrderBy { BY_FIRST, BY_BYTES, BY_AREA, ORDER_COUNT } OrderBy;

static int64_t rank_of(const Item *it, OrderBy by)
{
    switch (by) {
    case BY_FIRST:
        return -it->first;
    case BY_BYTES:
        return it->bytes;
    default:
        return it->bytes * (it->last - it->first + 1);
    }
}

/* Larger rank first; ties by first use (insertion sort is stable). */
static void sort_items(Plan *l, Item **order, OrderBy by)
{
    for (int i = 0; i < l->n; i++) {
        int at = i;
        while (at > 0 && rank_of(order[at - 1], by) < rank_of(&l->item[i], by)) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = &l->item[i];
    }
}

static void try_all_orders(Search *s, Item **order, int fixed)
{
    if (s->plan->best_bytes == s->bound)
        return;
    if (fixed == s->plan->n) {
        try_order(s, order);
        return;
    }
    for (int i = fixed; i < s->plan->n; i++) {
        Item *it = order[i];
        order[i] = order[fixed];
        order[fixed] = it;
        try_all_orders(s, order, fixed + 1);
        order[fixed] = order[i];
        order[i] = it;
    }
}

/* ---- walks ----------------------------------------------------------------------- */

static uint32_t draw(uint32_t *random, int n)
{
    *random = *random * 1664525u + 1013904223u;
    return (*random >> 8) % (uint32_t)n;
}

/* The place in the order of the item that ends highest. */
static int highest(const Plan *l, Item *const *order)
{
    int best = 0;
    for (int i = 1; i < l->n; i++)
        if (order[i]->offset + order[i]->bytes >
            order[best]->offset + order[best]->bytes)
            best = i;
    return best;
}

/* Moves items in the order, one at a time, every second time the one that ends highest
 * to an earlier place, and keeps what is not worse: a walk over plateaus that ends at
 * the bound. The same moves on every machine. */
static void improve(Search *s, Item **order)
{
    Plan *l = s->plan;
    uint32_t random = 1;
    Item **moved = arena_array(l->cx->scratch, Item *, l->n + 1);
    int64_t total = try_order(s, order);
    int top = highest(l, order);
    for (int i = 0; i < MOVES && l->best_bytes > s->bound; i++) {
        int from = i & 1 ? top : (int)draw(&random, l->n);
        int to = (int)draw(&random, i & 1 ? from + 1 : l->n);
        for (int j = 0, at = 0; j < l->n; j++) {
            at += at == from;
            moved[j] = j == to ? order[from] : order[at++];
        }
        int64_t now = try_order(s, moved);
        if (now > total)
            continue;
        memcpy(order, moved, (size_t)l->n * sizeof(Item *));
        total = now;
        top = highest(l, order);
    }
}

void plan_place(Plan *l, int64_t bound)
{
    Arena *a = l->cx->scratch;
    Search s = { .plan = l, .bound = bound };
    s.placed = arena_array(a, Item *, l->n + 1);
    s.blocked = arena_array(a, Blocked, 2 * l->n + 2);
    Item **order = arena_array(a, Item *, l->n + 1);
    for (int by = 0; by < ORDER_COUNT; by++) {
        sort_items(l, order, (OrderBy)by);
        for (s.fit = 0; s.fit < FIT_COUNT; s.fit++)
            try_order(&s, order);
    }
    s.fit = FIT_LOWEST;
    if (l->n <= EXACT_MAX)
        try_all_orders(&s, order, 0);
    for (int by = 0; by < ORDER_COUNT && l->n > EXACT_MAX && l->n <= IMPROVE_MAX;
         by++) {
        sort_items(l, order, (OrderBy)by);
        improve(&s, order);
    }
}

/* ---- the bound ------------------------------------------------------------------- */

/* What call c can save where its result `to` meets operands: not more than its size. */
static int64_t saved(const Plan *l, int c, const Item *to)
{
    int64_t bytes = 0;
    for (int i = 0; i < l->meeting.n; i++) {
        const Meeting *m = &l->meeting.at[i];
        if (m->call != c || m->to != to->id)
            continue;
        int64_t from = l->item[m->from].bytes, apart = from + to->bytes;
        int64_t end = from + (m->same ? 0 : m->distance);
        bytes += apart - (end > to->bytes ? end : to->bytes);
    }
    return bytes < to->bytes ? bytes : to->bytes;
}

/* What is alive at once has to fit: all of it, less what meetings save; all but one
 * fill their multiples of the alignment. */
int64_t plan_lower_bound(const Plan *l, int *call)
{
    int64_t most = 0;
    *call = 0;
    for (int c = 0; c < l->p->call.n; c++) {
        int64_t alive = 0, slack = 0;
        for (int i = 0; i < l->n; i++) {
            const Item *it = &l->item[i];
            if (it->first > c || c > it->last)
                continue;
            alive += it->bytes - saved(l, c, it);
            slack = it->slack > slack ? it->slack : slack;
        }
        if (alive - slack > most) {
            most = alive - slack;
            *call = c;
        }
    }
    return most;
}
