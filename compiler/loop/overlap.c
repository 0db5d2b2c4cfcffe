/* overlap.c - see overlap.h.
 *
 * The kernel is walked in the order of its execution. An event says how far stores to
 * `to` have reached at most and where loads from `from` begin at least; a loop whose
 * iterations would be too many is one event, with its variables as ranges. Then every
 * store has to end, `distance` bytes lower, below all that is read after it:
 *
 *     distance = max over events t of (end of stores at t - least load at or after t)
 *
 * Source  the "diagonal" memory optimization of Stoutchinin, Conti, Benini: Optimally
 *         scheduling CNN convolutions for efficient memory access (2019), and Svoboda,
 *         Fernandez-Marques, Liberis, Lane: Deep learning on microcontrollers: a study
 *         on deployment costs and challenges (2022), here derived from the loops. */
#include "loop/overlap.h"

#include "loop/build.h"

enum { EVENTS_MAX = 60000, EVENTS_MIN = 1000, EVENTS_OF_PROGRAM = 400000 };

typedef struct Event {
    int64_t stored; /* bytes of `to`, exclusive end; 0: none */
    int64_t loaded; /* first byte of `from`; INT64_MAX: none */
} Event;

typedef struct Narrowed {
    Var *var;
    int64_t low, high; /* what they were */
} Narrowed;

typedef struct Walk {
    const Buffer *from, *to;
    Arena *scratch;
    VEC(Event) event;
    VEC(Narrowed) narrowed;
} Walk;

static void add_event(Walk *w, int64_t stored, int64_t loaded)
{
    if (stored > 0 || loaded < INT64_MAX)
        vec_push(w->scratch, &w->event, ((Event){ stored, loaded }));
}

static Range within(const Buffer *b, const Expr *index, int lanes)
{
    Range r = expr_range(index);
    r.low = r.low < 0 ? 0 : r.low;
    r.high = r.high + lanes > b->count ? b->count - lanes : r.high;
    return r;
}

/* First byte of `from` that e loads; INT64_MAX: none. */
static int64_t loaded_by(const Walk *w, const Expr *e)
{
    int64_t least = INT64_MAX;
    if (e->kind == EXPR_LOAD && e->buffer == w->from)
        least = within(e->buffer, e->arg[0], e->type.lanes).low *
                (int64_t)dtype_bytes(e->buffer->dtype);
    for (int i = 0; i < e->n_arg; i++) {
        int64_t x = loaded_by(w, e->arg[i]);
        least = x < least ? x : least;
    }
    return least;
}

static void walk_load(Walk *w, const Expr *e)
{
    add_event(w, 0, loaded_by(w, e));
}

/* ---- conditions ------------------------------------------------------------------ */

typedef enum Truth { NEVER, ALWAYS, SOMETIMES } Truth;

static Truth when(bool always, bool never)
{
    return always ? ALWAYS : never ? NEVER : SOMETIMES;
}

static Truth truth_of(const Expr *e)
{
    if (e->kind == EXPR_UNARY && e->op == UN_NOT) {
        Truth t = truth_of(e->arg[0]);
        return t == SOMETIMES ? t : t == ALWAYS ? NEVER : ALWAYS;
    }
    if (e->kind != EXPR_BINARY)
        return SOMETIMES;
    if (e->op == BIN_AND || e->op == BIN_OR) {
        Truth a = truth_of(e->arg[0]), b = truth_of(e->arg[1]);
        Truth strong = e->op == BIN_AND ? NEVER : ALWAYS;
        return a == strong || b == strong ? strong : a == b ? a : SOMETIMES;
    }
    if (e->arg[0]->type.dtype != DTYPE_I32 || e->arg[0]->type.lanes != 1)
        return SOMETIMES;
    Range a = expr_range(e->arg[0]), b = expr_range(e->arg[1]);
    bool apart = a.high < b.low || b.high < a.low;
    bool same = a.low == a.high && b.low == b.high && a.low == b.low;
    switch (e->op) {
    case BIN_LT:
        return when(a.high < b.low, a.low >= b.high);
    case BIN_LE:
        return when(a.high <= b.low, a.low > b.high);
    case BIN_GT:
        return when(a.low > b.high, a.high <= b.low);
    case BIN_GE:
        return when(a.low >= b.high, a.high < b.low);
    case BIN_EQ:
        return when(same, apart);
    case BIN_NE:
        return when(apart, same);
    default:
        return SOMETIMES;
    }
}

/* ---- statements ------------------------------------------------------------------ */

static void walk_block(Walk *w, const Block *b, int64_t budget);

/* All that a block may do, as one event. */
static Event summary_of(Walk *w, const Block *b)
{
    int begin = w->event.n;
    walk_block(w, b, 0);
    Event all = { 0, INT64_MAX };
    for (int i = begin; i < w->event.n; i++) {
        const Event *e = &w->event.at[i];
        all.stored = e->stored > all.stored ? e->stored : all.stored;
        all.loaded = e->loaded < all.loaded ? e->loaded : all.loaded;
    }
    w->event.n = begin;
    return all;
}

static bool touches(const Walk *w, const Block *b)
{
    bool any = false;
    for (int i = 0; i < b->stmt.n && !any; i++) {
        const Stmt *s = b->stmt.at[i];
        any = (s->kind == STMT_STORE && s->buffer == w->to) ||
              (s->index != NULL && loaded_by(w, s->index) < INT64_MAX) ||
              (s->value != NULL && loaded_by(w, s->value) < INT64_MAX) ||
              touches(w, &s->body) || touches(w, &s->otherwise);
    }
    return any;
}

/* The variable's range is what is known of it at this place, until it is put back. */
static void walk_for(Walk *w, Stmt *s, int64_t budget)
{
    if (!touches(w, &s->body))
        return;
    Var *v = s->var;
    Range kept = { v->low, v->high };
    Range begin = expr_range(s->begin), end = expr_range(s->end);
    int64_t trips = (end.high - begin.low + s->step - 1) / s->step;
    bool exact = begin.low == begin.high && end.low == end.high;
    if (exact && trips <= budget) {
        for (int64_t i = begin.low; i < end.low; i += s->step) {
            v->low = v->high = i;
            walk_block(w, &s->body, budget / trips);
        }
    } else if (trips > 0) {
        v->low = begin.low;
        v->high = end.high - 1;
        Event all = summary_of(w, &s->body);
        add_event(w, all.stored, all.loaded);
    }
    v->low = kept.low;
    v->high = kept.high;
}

static void walk_if(Walk *w, Stmt *s, int64_t budget)
{
    walk_load(w, s->value);
    Truth t = truth_of(s->value);
    if (t != NEVER)
        walk_block(w, &s->body, budget);
    if (t != ALWAYS)
        walk_block(w, &s->otherwise, budget);
}

static void walk_store(Walk *w, const Stmt *s)
{
    walk_load(w, s->index);
    walk_load(w, s->value);
    if (s->buffer == w->to)
        add_event(w,
                  (within(s->buffer, s->index, s->value->type.lanes).high +
                   s->value->type.lanes) *
                      (int64_t)dtype_bytes(s->buffer->dtype),
                  INT64_MAX);
}

/* While its block is walked, a named value has the range it has here. */
static void narrow(Walk *w, Stmt *s)
{
    Var *v = s->var;
    if (v->type.dtype != DTYPE_I32 || v->type.lanes != 1)
        return;
    vec_push(w->scratch, &w->narrowed, ((Narrowed){ v, v->low, v->high }));
    Range r = expr_range(s->value);
    v->low = r.low > v->low ? r.low : v->low;
    v->high = r.high < v->high ? r.high : v->high;
}

static void widen(Walk *w, int n)
{
    while (w->narrowed.n > n) {
        const Narrowed *x = &w->narrowed.at[--w->narrowed.n];
        x->var->low = x->low;
        x->var->high = x->high;
    }
}

/* A C function may read everything after it has written everything. */
static void walk_extern(Walk *w, const Stmt *s)
{
    int64_t stored = 0, loaded = INT64_MAX;
    for (int i = 0; i < s->n_arg; i++) {
        const ExternArg *arg = &s->arg[i];
        const Buffer *b = arg->buffer;
        int64_t bytes = b != NULL ? (int64_t)dtype_bytes(b->dtype) : 0;
        if (b != NULL && b == w->to && arg->writes &&
            (arg->first + arg->count) * bytes > stored)
            stored = (arg->first + arg->count) * bytes;
        if (b != NULL && b == w->from && !arg->writes && arg->first * bytes < loaded)
            loaded = arg->first * bytes;
    }
    add_event(w, stored, loaded);
}

static void walk_block(Walk *w, const Block *b, int64_t budget)
{
    int loops = 0, narrowed = w->narrowed.n;
    for (int i = 0; i < b->stmt.n; i++)
        loops += b->stmt.at[i]->kind == STMT_FOR || b->stmt.at[i]->kind == STMT_IF;
    for (int i = 0; i < b->stmt.n; i++) {
        Stmt *s = b->stmt.at[i];
        switch (s->kind) {
        case STMT_FOR:
            walk_for(w, s, budget / loops);
            break;
        case STMT_IF:
            walk_if(w, s, budget / loops);
            break;
        case STMT_STORE:
            walk_store(w, s);
            break;
        case STMT_EXTERN:
            walk_extern(w, s);
            break;
        case STMT_LET:
            walk_load(w, s->value);
            narrow(w, s);
            break;
        case STMT_ASSIGN:
            walk_load(w, s->value);
            break;
        case STMT_COMMENT:
            break;
        }
    }
    widen(w, narrowed);
}

/* ---- the distance ---------------------------------------------------------------- */

/* Compilers may exchange accesses of different types, but not those of bytes. */
static bool may_share(const Buffer *a, const Buffer *b)
{
    return a->dtype == b->dtype || dtype_bytes(a->dtype) == 1 ||
           dtype_bytes(b->dtype) == 1;
}

int64_t loop_overlap(const Kernel *k, const Buffer *from, const Buffer *to, int events,
                     Arena *scratch)
{
    int64_t apart = to->count * (int64_t)dtype_bytes(to->dtype);
    if (!may_share(from, to) || from->access != ACCESS_READ)
        return apart;
    Walk w = { .from = from, .to = to, .scratch = scratch };
    walk_block(&w, &k->body, events);
    int64_t distance = 0, later = INT64_MAX;
    for (int i = w.event.n - 1; i >= 0; i--) {
        const Event *e = &w.event.at[i];
        later = e->loaded < later ? e->loaded : later;
        if (e->stored > 0 && later < INT64_MAX && e->stored - later > distance)
            distance = e->stored - later;
    }
    return distance < apart ? distance : apart;
}

int64_t program_overlap(const Program *p, const Kernel *k, const Buffer *from,
                        const Buffer *to, Arena *scratch)
{
    int events = EVENTS_OF_PROGRAM / (p->call.n + 1);
    events = events > EVENTS_MAX   ? EVENTS_MAX
             : events < EVENTS_MIN ? EVENTS_MIN
                                   : events;
    ArenaMark mark = arena_mark(scratch);
    int64_t distance = loop_overlap(k, from, to, events, scratch);
    arena_rewind(scratch, mark);
    return distance;
}
