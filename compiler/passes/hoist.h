/* hoist.h - inside of pass graph_hoist: one scan, and what of its region is computed
 * outside. */
#ifndef DLC_PASSES_HOIST_H
#define DLC_PASSES_HOIST_H

#include "graph/build.h"
#include "graph/region.h"
#include "passes/pass.h"

typedef enum Depends { ON_CONSTANTS, ON_ROWS, ON_CARRIES } Depends;

typedef struct Hoist {
    Arena *a;
    Graph *to;       /* where the loop stands */
    const Node *n;   /* the scan as it was */
    Node *const *in; /* its operands, in `to` */
    ScanParts p;
    Graph *w;          /* a copy of the region; its marks say what differs by step */
    bool *mark;        /* by id in w: the mark it had */
    Depends *depends;  /* by id in w */
    bool *live;        /* by id in w: some wanted result needs it */
    bool *for_carry;   /* by id in w: the next value of a kept carry needs it */
    bool *keeps_carry; /* by carry */
    bool *is_sum;   /* by carry: only added to, at the end of the loop is soon enough */
    bool *lifted;   /* by id in w: computed before the loop, for all steps */
    bool *sunk;     /* by id in w: computed after the loop, for all steps */
    Node **outside; /* by id in w: in `to`; lifted and sunk: all steps */
    bool *stacked;  /* by id in w: is, or becomes, a y */
    int *y_index;   /* by id in w: result of the new scan */
    Node *loop;     /* the new scan */
} Hoist;

/* A copy of n for all steps (of what depends on rows) or once; NULL: a kind that has no
 * batch rule. */
bool hoist_can_batch(const Node *n);
/* x of w in `to`: rows of all steps, [length, ..], for what differs by step. */
Node *hoist_outside(Hoist *h, Node *x);
/* Asks that x's rows be at hand after the loop. */
void hoist_want(Hoist *h, const Node *x);

bool hoist_is_heavy(const Node *n);
/* Marks what the marked nodes need; by id in w. */
void hoist_mark_needed(const Hoist *h, bool *needed);

/* hoist_sink.c: what is computed after the loop. used: by result, is it read? */
void hoist_find_sunk(Hoist *h, const bool *used, const Target *t);

/* hoist_sum.c: the sum over all steps of x, from rows; `want` first, for what it reads.
 */
bool hoist_can_sum(Hoist *h, const Node *x);
void hoist_want_sum(Hoist *h, const Node *x);
Node *hoist_sum(Hoist *h, Node *x);

#endif
