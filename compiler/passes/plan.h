/* plan.h - inside of loop_plan: what wants a place in the arena, and where it gets one.
 */
#ifndef DLC_PASSES_PLAN_H
#define DLC_PASSES_PLAN_H

#include "loop/program.h"
#include "passes/pass.h"

typedef struct Item {      /* storages that share one place, one after the other */
    int64_t bytes, offset; /* bytes up to the next multiple of the alignment */
    int64_t slack;         /* of those that are not used */
    int first, last;
    int id;
} Item;

/* In one call `from` is read for the last time and `to` is written for the first: the
 * place of `to` may begin in or below that of `from`, lower by `distance` or more, and
 * where `same`, at its beginning, too. */
typedef struct Meeting {
    int call, from, to; /* items */
    int64_t distance;
    bool same;
    Buffer *operand, *result; /* of the kernel */
} Meeting;

typedef struct Plan {
    PassContext *cx;
    Program *p;
    int64_t align;
    int *item_of; /* by storage id; -1: not in the arena */
    int n;
    Item *item;
    VEC(Meeting) meeting;
    int64_t *best; /* offsets of the best plan so far; best_bytes < 0: none */
    int64_t best_bytes;
} Plan;

/* Does the plan give s a place? */
bool plan_places(const Plan *l, const Storage *s);

/* Lifetimes of storages, and the items and meetings that come of them. From now on
 * may_alias says what shares a place. */
void plan_items(Plan *l);

/* What no placing of the items can go below, and the first call that says so. */
int64_t plan_lower_bound(const Plan *l, int *call);

/* Fills best and best_bytes; ends early at the bound. */
void plan_place(Plan *l, int64_t bound);

#endif
