/* loop_plan.c - gives every scratch buffer an offset in one arena.
 *
 * Before  STAGE_LOOPS.
 * After   STAGE_PLANNED: buffers alive at the same time do not overlap, unless a kernel
 *         works in place or, on one thread, reads its operand before it stores over
 *         it (loop/overlap.h); offsets are multiples of plan_align(); arena_bytes is
 * the end of the highest, arena_lower_bound what no placing can go below. With
 *         io_in_arena the caller's inputs and outputs have places, too.
 * Keeps   calls and kernels, but may_alias, which is set where places meet only.
 * Cost    quadratic in buffers for each of six strategies; all orders up to 7 buffers,
 *         thousands up to 100.
 * Source  Sekiyama, Imai, Negishi, Sato: Profile-guided memory optimization for deep
 *         neural networks (2018): dynamic storage allocation with known lifetimes;
 *         Pisarchyk, Lee: Efficient memory management for deep neural net inference
 *         (2020): greedy by size and by breadth. */
#include "loop/overlap.h"
#include "loop/program.h"
#include "passes/pass.h"

#include <string.h>

enum { EXACT_MAX = 7, IMPROVE_MAX = 100, MOVES = 6000 };

typedef struct Item {      /* storages that share one place, one after the other */
    int64_t bytes, offset; /* bytes up to the next multiple of the alignment */
    int64_t slack;         /* of those that are not used */
    int first, last;
    int id;
} Item;

/* In one call `from` is read for the last time and `to` is written for the first: the
 * place of `to` may begin in or below that of `from`, lower by `distance` or more. */
typedef struct Meeting {
    int call, from, to; /* items */
    int64_t distance;
    Buffer *operand, *result; /* of the kernel */
} Meeting;

/* Offsets of an item between low and high, both not included, meet what is placed. */
typedef struct Blocked {
    int64_t low, high;
} Blocked;

typedef struct Planner {
    PassContext *cx;
    Program *p;
    int64_t align;
    int *item_of; /* by storage id; -1: not in the arena */
    int n;
    Item *item;
    VEC(Meeting) meeting;
    Blocked *blocked; /* room for n, for find_gap */
    int64_t *best;    /* offsets of the best plan so far */
    int64_t best_bytes;
} Planner;

/* ---- lifetimes ------------------------------------------------------------------- */

/* Does what one pass of the loop leaves in s reach the next one, or calls outside? Not
 * when the first call that names it, in the loop, writes all of it. */
static bool is_local(const Program *p, const Storage *s, const ProgramLoop *l,
                     int depth)
{
    if (s->first < l->first || s->last > l->last)
        return false;
    bool met = false;
    for (int c = l->first; c <= l->last; c++) {
        const Call *call = &p->call.at[c];
        bool first = !met;
        for (int i = 0; i < call->n_arg; i++) {
            if (call->arg[i].storage != s)
                continue;
            met = true;
            bool reads = buffer_of_argument(call, i)->access != ACCESS_WRITE;
            if ((first && reads) || call->arg[i].step[depth] != 0)
                return false;
        }
    }
    return true;
}

static bool is_named(const Program *p, const Storage *s, const ProgramLoop *l)
{
    for (int c = l->first; c <= l->last; c++)
        for (int i = 0; i < p->call.at[c].n_arg; i++)
            if (p->call.at[c].arg[i].storage == s)
                return true;
    return false;
}

static int depth_of(const Program *p, const ProgramLoop *l)
{
    const ProgramLoop *around[PROGRAM_NEST_MAX];
    int n = program_loops(p, l->first, around);
    for (int d = 0; d < n; d++)
        if (around[d] == l)
            return d;
    BUG("a loop that is not around its own call");
}

/* What a loop carries lives as long as the loop: inner loops first. */
static void find_lifetimes(Program *p)
{
    for (int i = 0; i < p->storage.n; i++)
        p->storage.at[i]->first = p->storage.at[i]->last = -1;
    for (int c = 0; c < p->call.n; c++)
        for (int i = 0; i < p->call.at[c].n_arg; i++) {
            Storage *s = p->call.at[c].arg[i].storage;
            if (s->first < 0)
                s->first = c;
            s->last = c;
        }
    for (int i = p->loop.n - 1; i >= 0; i--) {
        const ProgramLoop *l = &p->loop.at[i];
        int depth = depth_of(p, l);
        for (int j = 0; j < p->storage.n; j++) {
            Storage *s = p->storage.at[j];
            if (!is_named(p, s, l) || is_local(p, s, l, depth))
                continue;
            s->first = s->first < l->first ? s->first : l->first;
            s->last = s->last > l->last ? s->last : l->last;
        }
    }
}

/* Does the plan give s a place? */
static bool is_placed(const Planner *l, const Storage *s)
{
    return s->kind == STORAGE_ARENA ||
           (l->cx->options->io_in_arena &&
            (s->kind == STORAGE_INPUT || s->kind == STORAGE_OUTPUT));
}

/* The caller writes inputs before the first call and reads outputs after the last. */
static void lengthen_lifetimes(const Planner *l)
{
    for (int i = 0; i < l->p->storage.n; i++) {
        Storage *s = l->p->storage.at[i];
        if (!is_placed(l, s) || s->kind == STORAGE_ARENA)
            continue;
        if (s->kind == STORAGE_INPUT)
            s->first = -1;
        else
            s->last = l->p->call.n - 1;
    }
}

static int64_t rounded(const Planner *l, int64_t bytes)
{
    return (bytes + l->align - 1) / l->align * l->align;
}

static bool is_whole(const CallArg *arg, const Buffer *b)
{
    bool moves = false;
    for (int d = 0; d < PROGRAM_NEST_MAX; d++)
        moves |= arg->step[d] != 0;
    return arg->offset == 0 && !moves && arg->storage->count == b->count;
}

/* An operand that dies in call c and whose place result `arg` may take; -1: none. */
static int dying_operand(const Planner *l, int c, int arg, const bool *taken)
{
    const Call *call = &l->p->call.at[c];
    const Storage *to = call->arg[arg].storage;
    for (int i = 0; i < call->n_arg; i++) {
        const Storage *s = call->arg[i].storage;
        const Buffer *b = buffer_of_argument(call, i);
        if (!taken[i] && b->may_alias && b->access == ACCESS_READ && is_placed(l, s) &&
            s->last == c && s->first < c && s->count == to->count &&
            s->dtype == to->dtype && is_whole(&call->arg[i], b) &&
            is_whole(&call->arg[arg], b))
            return i;
    }
    return -1;
}

static void add_item(Planner *l, const Storage *s)
{
    Item *it = &l->item[l->n];
    it->id = l->n;
    int64_t bytes = storage_bytes(s);
    it->bytes = rounded(l, bytes);
    it->slack = it->bytes - bytes;
    it->first = s->first;
    it->last = s->last;
    l->item_of[s->id] = l->n++;
}

static bool is_named_at(const Call *call, const Storage *s)
{
    for (int i = 0; i < call->n_arg; i++)
        if (call->arg[i].storage == s)
            return true;
    return false;
}

static bool may_meet(const Planner *l)
{
    return !l->cx->options->target->is_host && !l->cx->options->apart;
}

/* What a call stores first may reach into what it reads last, where no team of threads
 * runs its slices. */
static void find_meetings(Planner *l, int c, int result, const bool *taken)
{
    Call *call = &l->p->call.at[c];
    const Storage *to = call->arg[result].storage;
    Buffer *y = buffer_of_argument(call, result);
    for (int i = 0; i < call->n_arg && is_whole(&call->arg[result], y); i++) {
        const Storage *from = call->arg[i].storage;
        Buffer *x = buffer_of_argument(call, i);
        if (!is_placed(l, from) || from->last != c || from->first >= c || taken[i] ||
            x->access != ACCESS_READ || !is_whole(&call->arg[i], x))
            continue;
        int64_t distance =
            rounded(l, program_overlap(l->p, call->kernel, x, y, l->cx->scratch));
        int item = l->item_of[to->id];
        if (distance < l->item[item].bytes)
            vec_push(l->cx->scratch, &l->meeting,
                     ((Meeting){ c, l->item_of[from->id], item, distance, x, y }));
    }
}

/* Places for what call c is the first to write: those of operands that die, or new
 * ones. */
static void make_call_items(Planner *l, int c, bool *in_place)
{
    const Call *call = &l->p->call.at[c];
    bool *taken = arena_array(l->cx->scratch, bool, call->n_arg + 1);
    for (int i = 0; i < call->n_arg; i++) {
        const Storage *s = call->arg[i].storage;
        if (!is_placed(l, s) || s->first != c || l->item_of[s->id] >= 0)
            continue;
        const Buffer *b = buffer_of_argument(call, i);
        int from = b->may_alias ? dying_operand(l, c, i, taken) : -1;
        if (from < 0) {
            add_item(l, s);
            continue;
        }
        taken[from] = in_place[from] = in_place[i] = true;
        int item = l->item_of[call->arg[from].storage->id];
        l->item_of[s->id] = item;
        l->item[item].last = s->last;
    }
    for (int i = 0; i < call->n_arg && may_meet(l); i++) {
        const Storage *s = call->arg[i].storage;
        if (is_placed(l, s) && s->first == c && !in_place[i])
            find_meetings(l, c, i, taken);
    }
}

/* Items in order of their first call. From now on may_alias says what shares a place.
 */
static void make_items(Planner *l)
{
    Program *p = l->p;
    for (int i = 0; i < p->storage.n; i++)
        l->item_of[i] = -1;
    for (int i = 0; i < p->storage.n; i++) /* inputs */
        if (is_placed(l, p->storage.at[i]) && p->storage.at[i]->kind == STORAGE_INPUT)
            add_item(l, p->storage.at[i]);
    bool **in_place = arena_array(l->cx->scratch, bool *, p->call.n + 1);
    for (int c = 0; c < p->call.n; c++) {
        const Call *call = &p->call.at[c];
        for (int i = 0; i < p->storage.n; i++) { /* for all passes of a loop */
            const Storage *s = p->storage.at[i];
            if (is_placed(l, s) && s->first == c && !is_named_at(call, s))
                add_item(l, s);
        }
        in_place[c] = arena_array(l->cx->scratch, bool, call->n_arg + 1);
        make_call_items(l, c, in_place[c]);
    }
    for (int c = 0; c < p->call.n; c++)
        for (int i = 0; i < p->call.at[c].n_arg; i++)
            buffer_of_argument(&p->call.at[c], i)->may_alias = false;
    for (int c = 0; c < p->call.n; c++)
        for (int i = 0; i < p->call.at[c].n_arg; i++)
            if (in_place[c][i])
                buffer_of_argument(&p->call.at[c], i)->may_alias = true;
}

/* ---- placing --------------------------------------------------------------------- */

static bool meet(const Item *a, const Item *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static Blocked blocked_by(const Planner *l, const Item *it, const Item *x)
{
    Blocked b = { x->offset - it->bytes, x->offset + x->bytes };
    for (int i = 0; i < l->meeting.n; i++) {
        const Meeting *m = &l->meeting.at[i];
        if (m->to == it->id && m->from == x->id)
            b.low = x->offset - m->distance;
        if (m->from == it->id && m->to == x->id)
            b.high = x->offset + m->distance;
    }
    return b;
}

/* The lowest gap for `it` among what is placed; or the tightest. */
static int64_t find_gap(Planner *l, const Item *it, Item *const *placed, int n,
                        bool tightest)
{
    int blocks = 0;
    for (int i = 0; i < n; i++) {
        if (!meet(it, placed[i]))
            continue;
        Blocked b = blocked_by(l, it, placed[i]);
        int at = blocks++;
        for (; at > 0 && l->blocked[at - 1].low > b.low; at--)
            l->blocked[at] = l->blocked[at - 1];
        l->blocked[at] = b;
    }
    int64_t offset = 0, best = -1, best_room = 0;
    for (int i = 0; i < blocks; i++) {
        const Blocked *b = &l->blocked[i];
        int64_t room = b->low - offset;
        if (room >= 0 && (best < 0 || room < best_room)) {
            if (!tightest)
                return offset;
            best = offset;
            best_room = room;
        }
        offset = b->high > offset ? b->high : offset;
    }
    return best >= 0 ? best : offset;
}

/* Places items in the given order; keeps the plan when it is the best. Its bytes. */
static int64_t try_order(Planner *l, Item *const *order, bool tightest)
{
    Item **placed = arena_array(l->cx->scratch, Item *, l->n + 1);
    int64_t total = 0;
    for (int i = 0; i < l->n; i++) {
        Item *it = order[i];
        it->offset = find_gap(l, it, placed, i, tightest);
        if (it->offset + it->bytes - it->slack > total)
            total = it->offset + it->bytes - it->slack;
        int at = i;
        while (at > 0 && placed[at - 1]->offset > it->offset) {
            placed[at] = placed[at - 1];
            at--;
        }
        placed[at] = it;
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
static void sort_items(Planner *l, Item **order, OrderBy by)
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

static void try_all_orders(Planner *l, Item **order, int fixed, int64_t bound)
{
    if (l->best_bytes == bound)
        return;
    if (fixed == l->n) {
        ArenaMark mark = arena_mark(l->cx->scratch);
        try_order(l, order, false);
        arena_rewind(l->cx->scratch, mark);
        return;
    }
    for (int i = fixed; i < l->n; i++) {
        Item *it = order[i];
        order[i] = order[fixed];
        order[fixed] = it;
        try_all_orders(l, order, fixed + 1, bound);
        order[fixed] = order[i];
        order[i] = it;
    }
}

/* Moves items in the order, one at a time, and keeps what is not worse: a walk over
 * plateaus that ends at the bound. The same moves on every machine. */
static void improve(Planner *l, Item **order, int64_t bound)
{
    uint32_t random = 1;
    Item **moved = arena_array(l->cx->scratch, Item *, l->n + 1);
    ArenaMark mark = arena_mark(l->cx->scratch);
    int64_t total = try_order(l, order, false);
    for (int i = 0; i < MOVES && l->best_bytes > bound; i++) {
        random = random * 1664525u + 1013904223u;
        int from = (int)((random >> 8) % (uint32_t)l->n);
        random = random * 1664525u + 1013904223u;
        int to = (int)((random >> 8) % (uint32_t)l->n);
        for (int j = 0, at = 0; j < l->n; j++) {
            at += at == from;
            moved[j] = j == to ? order[from] : order[at++];
        }
        int64_t now = try_order(l, moved, (i & 7) == 7);
        if (now <= total) {
            memcpy(order, moved, (size_t)l->n * sizeof(Item *));
            total = now;
        }
        arena_rewind(l->cx->scratch, mark);
    }
}

/* What is alive at once has to fit: all of it, less what meetings may share; all but
 * one fill their multiples of the alignment. */
static int64_t lower_bound(const Planner *l)
{
    int64_t most = 0;
    for (int c = 0; c < l->p->call.n; c++) {
        int64_t alive = 0, slack = 0;
        for (int i = 0; i < l->n; i++) {
            const Item *it = &l->item[i];
            if (it->first > c || c > it->last)
                continue;
            alive += it->bytes;
            slack = it->slack > slack ? it->slack : slack;
        }
        for (int i = 0; i < l->meeting.n; i++) {
            const Meeting *m = &l->meeting.at[i];
            int64_t from = l->item[m->from].bytes, to = l->item[m->to].bytes;
            int64_t both = from + m->distance > to ? from + m->distance : to;
            if (m->call == c)
                alive -= from + to - both;
        }
        most = alive - slack > most ? alive - slack : most;
    }
    return most;
}

/* Buffers that meet in the plan are not `restrict`. */
static void mark_meetings(Planner *l)
{
    for (int i = 0; i < l->meeting.n; i++) {
        const Meeting *m = &l->meeting.at[i];
        int64_t from = l->best[m->from], to = l->best[m->to];
        if (from < to + l->item[m->to].bytes && to < from + l->item[m->from].bytes)
            m->operand->may_alias = m->result->may_alias = true;
    }
}

/* Bytes. Vectors want cache lines; microcontrollers words. */
static int64_t plan_align(const Target *t)
{
    return t->is_host ? 64 : 4;
}

PassResult loop_plan(PassContext *cx, Program *p)
{
    Planner l = { .cx = cx, .p = p, .best_bytes = -1 };
    l.align = plan_align(cx->options->target);
    l.blocked = arena_array(cx->scratch, Blocked, p->storage.n + 1);
    l.item_of = arena_array(cx->scratch, int, p->storage.n + 1);
    l.item = arena_array(cx->scratch, Item, p->storage.n + 1);
    l.best = arena_array(cx->scratch, int64_t, p->storage.n + 1);
    find_lifetimes(p);
    lengthen_lifetimes(&l);
    make_items(&l);
    p->arena_lower_bound = lower_bound(&l);
    Item **order = arena_array(cx->scratch, Item *, l.n + 1);
    for (int by = 0; by < ORDER_COUNT; by++) {
        sort_items(&l, order, (OrderBy)by);
        try_order(&l, order, false);
        try_order(&l, order, true);
    }
    if (l.n <= EXACT_MAX)
        try_all_orders(&l, order, 0, p->arena_lower_bound);
    else if (l.n <= IMPROVE_MAX)
        for (int by = 0; by < ORDER_COUNT; by++) {
            sort_items(&l, order, (OrderBy)by);
            improve(&l, order, p->arena_lower_bound);
        }
    p->arena_bytes = l.best_bytes > 0 ? l.best_bytes : 0;
    mark_meetings(&l);
    for (int i = 0; i < p->storage.n; i++)
        if (is_placed(&l, p->storage.at[i])) {
            int item = l.item_of[i];
            p->storage.at[i]->offset_bytes = item < 0 ? 0 : l.best[item];
        }
    out_print(&cx->stats, "%lld bytes in %d places, %d may meet, lower bound %lld\n",
              (long long)p->arena_bytes, l.n, l.meeting.n,
              (long long)p->arena_lower_bound);
    return PASS_CHANGED;
}
