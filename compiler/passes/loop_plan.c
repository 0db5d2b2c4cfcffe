/* loop_plan.c - gives every scratch buffer an offset in one arena.
 *
 * Before  STAGE_LOOPS.
 * After   STAGE_PLANNED: buffers alive at the same time do not overlap, unless a kernel
 *         works in place or, on one thread, reads its operand before it stores over
 *         it (loop/overlap.h); offsets are multiples of plan_align(); arena_bytes is
 *         the end of the highest, arena_lower_bound what no placing can go below. With
 *         io_in_arena the caller's inputs and outputs have places, too.
 * Keeps   calls and kernels, but may_alias, which is set where places meet only.
 * Cost    quadratic in buffers for each of six strategies; all orders up to 7 buffers,
 *         thousands up to 100.
 * Source  Sekiyama, Imai, Negishi, Sato: Profile-guided memory optimization for deep
 *         neural networks (2018): dynamic storage allocation with known lifetimes;
 *         Pisarchyk, Lee: Efficient memory management for deep neural net inference
 *         (2020): greedy by size and by breadth. */
#include "passes/plan.h"

/* Buffers that meet in the plan are not `restrict`. */
static void mark_meetings(Plan *l)
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
    Plan l = { .cx = cx, .p = p, .best_bytes = -1 };
    l.align = plan_align(cx->options->target);
    l.item_of = arena_array(cx->scratch, int, p->storage.n + 1);
    l.item = arena_array(cx->scratch, Item, p->storage.n + 1);
    l.best = arena_array(cx->scratch, int64_t, p->storage.n + 1);
    plan_items(&l);
    p->arena_lower_bound = plan_lower_bound(&l, &p->arena_bound_call);
    plan_place(&l, p->arena_lower_bound);
    p->arena_bytes = l.best_bytes > 0 ? l.best_bytes : 0;
    mark_meetings(&l);
    for (int i = 0; i < p->storage.n; i++)
        if (plan_places(&l, p->storage.at[i])) {
            int item = l.item_of[i];
            p->storage.at[i]->offset_bytes = item < 0 ? 0 : l.best[item];
        }
    out_print(&cx->stats, "%lld bytes in %d places, %d may meet, lower bound %lld\n",
              (long long)p->arena_bytes, l.n, l.meeting.n,
              (long long)p->arena_lower_bound);
    return PASS_CHANGED;
}
