/* plan_items.c - how long storages live, which of them share a place, and which may
 * reach into each other. */
#include "loop/overlap.h"
#include "passes/plan.h"

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

bool plan_places(const Plan *l, const Storage *s)
{
    return s->kind == STORAGE_ARENA ||
           (l->cx->options->io_in_arena &&
            (s->kind == STORAGE_INPUT || s->kind == STORAGE_OUTPUT));
}

/* The caller writes inputs before the first call and reads outputs after the last. */
static void lengthen_lifetimes(const Plan *l)
{
    for (int i = 0; i < l->p->storage.n; i++) {
        Storage *s = l->p->storage.at[i];
        if (!plan_places(l, s) || s->kind == STORAGE_ARENA)
            continue;
        if (s->kind == STORAGE_INPUT)
            s->first = -1;
        else
            s->last = l->p->call.n - 1;
    }
}

static int64_t rounded(const Plan *l, int64_t bytes)
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

/* Nobody reads s after call c: not the caller either. */
static bool dies_at(const Storage *s, int c)
{
    return s->last == c && s->first < c && s->kind != STORAGE_OUTPUT;
}

/* An operand that dies in call c and whose place result `arg` may take; -1: none. */
static int dying_operand(const Plan *l, int c, int arg, const bool *taken)
{
    const Call *call = &l->p->call.at[c];
    const Storage *to = call->arg[arg].storage;
    for (int i = 0; i < call->n_arg; i++) {
        const Storage *s = call->arg[i].storage;
        const Buffer *b = buffer_of_argument(call, i);
        if (!taken[i] && b->may_alias && b->access == ACCESS_READ &&
            plan_places(l, s) && dies_at(s, c) && s->count == to->count &&
            s->dtype == to->dtype && is_whole(&call->arg[i], b) &&
            is_whole(&call->arg[arg], b))
            return i;
    }
    return -1;
}

static void add_item(Plan *l, const Storage *s)
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

/* Does lowering permit y the place of x? One of the same size to any of its results; a
 * larger one to the only other that shares. */
static bool is_permitted(const Kernel *k, const Buffer *x, const Buffer *y)
{
    int n = 0;
    for (int i = 0; i < k->buffer.n; i++)
        n += k->buffer.at[i]->may_alias;
    return x->may_alias && y->may_alias && x->dtype == y->dtype &&
           (x->count == y->count || (n == 2 && x->count > y->count));
}

static bool may_meet(const Plan *l)
{
    return !l->cx->options->target->is_host && !l->cx->options->apart;
}

/* What a call stores first may reach into what it reads last, where no team of threads
 * runs its slices. */
static void find_meetings(Plan *l, int c, int result, const bool *taken)
{
    Call *call = &l->p->call.at[c];
    const Storage *to = call->arg[result].storage;
    Buffer *y = buffer_of_argument(call, result);
    for (int i = 0; i < call->n_arg && is_whole(&call->arg[result], y); i++) {
        const Storage *from = call->arg[i].storage;
        Buffer *x = buffer_of_argument(call, i);
        if (!plan_places(l, from) || !dies_at(from, c) || taken[i] ||
            x->access != ACCESS_READ || !is_whole(&call->arg[i], x))
            continue;
        int64_t distance =
            rounded(l, program_overlap(l->p, call->kernel, x, y, l->cx->scratch));
        bool same = distance == 0 || is_permitted(call->kernel, x, y);
        int item = l->item_of[to->id];
        Meeting m = { c, l->item_of[from->id], item, distance, same, x, y };
        if (same || distance < l->item[item].bytes)
            vec_push(l->cx->scratch, &l->meeting, m);
    }
}

/* Places for what call c is the first to write: those of operands that die, or new
 * ones, which on one thread may meet those of such operands. */
static void make_call_items(Plan *l, int c, bool *in_place)
{
    const Call *call = &l->p->call.at[c];
    bool *taken = arena_array(l->cx->scratch, bool, call->n_arg + 1);
    for (int i = 0; i < call->n_arg; i++) {
        const Storage *s = call->arg[i].storage;
        if (!plan_places(l, s) || s->first != c || l->item_of[s->id] >= 0)
            continue;
        const Buffer *b = buffer_of_argument(call, i);
        int from = b->may_alias && !may_meet(l) ? dying_operand(l, c, i, taken) : -1;
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
        if (plan_places(l, s) && s->first == c && !in_place[i])
            find_meetings(l, c, i, taken);
    }
}

/* Items in order of their first call. */
static void make_items(Plan *l)
{
    Program *p = l->p;
    for (int i = 0; i < p->storage.n; i++)
        l->item_of[i] = -1;
    for (int i = 0; i < p->storage.n; i++) /* inputs */
        if (plan_places(l, p->storage.at[i]) && p->storage.at[i]->kind == STORAGE_INPUT)
            add_item(l, p->storage.at[i]);
    bool **in_place = arena_array(l->cx->scratch, bool *, p->call.n + 1);
    for (int c = 0; c < p->call.n; c++) {
        const Call *call = &p->call.at[c];
        for (int i = 0; i < p->storage.n; i++) { /* for all passes of a loop */
            const Storage *s = p->storage.at[i];
            if (plan_places(l, s) && s->first == c && !is_named_at(call, s))
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

void plan_items(Plan *l)
{
    find_lifetimes(l->p);
    lengthen_lifetimes(l);
    make_items(l);
}
