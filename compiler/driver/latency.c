/* latency.c - see latency.h.
 *
 * Multiply-adds and results of contractions and the operations of everything else, each
 * at its price. What is fused behind a contraction is part of the price of its result,
 * but for functions of floats.
 * Work is booked on the layer of the net that called for it. */
#include "driver/latency.h"

#include "graph/op.h"
#include "graph/region.h"
#include "passes/lower.h"

#include <string.h>

typedef struct Part {
    const char *layer;
    double cycles;
} Part;

typedef struct Estimate {
    Arena *arena;
    const TargetCost *cost[COST_F32 + 1];
    bool int8;
    const char *net; /* NULL: parts are not asked for */
    double cycles;
    VEC(Part) part;
} Estimate;

static void book(Estimate *e, const Node *n, double cycles)
{
    e->cycles += cycles;
    const Frame *f = e->net != NULL ? emit_layer_frame(n->frame, e->net) : NULL;
    if (f == NULL)
        return;
    const char *rest = f->path + strlen(e->net) + 1;
    const char *layer = str_copy(e->arena, rest, strcspn(rest, "/"));
    for (int i = 0; i < e->part.n; i++)
        if (str_equal(e->part.at[i].layer, layer)) {
            e->part.at[i].cycles += cycles;
            return;
        }
    Part part = { layer, cycles };
    vec_push(e->arena, &e->part, part);
}

static const TargetCost *cost_of(const Estimate *e, const Node *n)
{
    bool integers = !dtype_is_float(n->n_in > 0 ? n->in[0]->dtype : n->dtype);
    return e->cost[e->int8 || integers ? COST_INT8 : COST_F32];
}

static double contraction_cycles(const Estimate *e, const Node *n)
{
    const TargetCost *cost = cost_of(e, n);
    double each = cost->dense;
    if (n->op == &op_conv2d)
        each = attr_int(n, "groups") > 1 ? cost->depthwise : cost->convolution;
    double macs = n->op->cost != NULL ? (double)n->op->cost(n).flops / 2 : 0;
    return macs * each + (double)shape_count(&n->shape) * cost->result;
}

static double other_cycles(const Estimate *e, const Node *n)
{
    int64_t flops = n->op->cost != NULL    ? n->op->cost(n).flops
                    : node_is_reduction(n) ? shape_count(&n->in[0]->shape)
                                           : op_weight(n->op) * shape_count(&n->shape);
    return (double)flops * cost_of(e, n)->flop;
}

static bool is_contraction(const Node *n)
{
    return (n->op->flags & OP_CONTRACTION) != 0;
}

/* An exponential or a division of floats, which is no part of the price of a result. */
static bool is_function(const Node *n)
{
    return dtype_is_float(n->dtype) && op_weight(n->op) > 1;
}

static void add_graph(Estimate *e, const Graph *g, double times)
{
    bool contracts = false;
    for (int i = 0; i < g->node.n; i++)
        contracts = contracts || is_contraction(g->node.at[i]);
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->body != NULL)
            add_graph(e, n->body,
                      n->op == &op_scan ? times * (double)scan_parts(n).length : times);
        else if (is_contraction(n))
            book(e, n, times * contraction_cycles(e, n));
        else if (!contracts || is_function(n))
            book(e, n, times * other_cycles(e, n));
    }
}

/* False: what work costs there is not known. */
static bool estimate(Arena *a, const Graph *g, const Target *t, bool int8,
                     const char *net, Estimate *e)
{
    *e = (Estimate){ .arena = a, .int8 = int8, .net = net };
    for (int i = 0; i <= COST_F32; i++)
        e->cost[i] = target_cost(t, (CostNumbers)i);
    if (e->cost[COST_INT8] == NULL || e->cost[COST_F32] == NULL)
        return false;
    add_graph(e, g, 1);
    return true;
}

int64_t latency_cycles(Arena *scratch, const Graph *g, const Target *t, bool int8)
{
    Estimate e;
    ArenaMark mark = arena_mark(scratch);
    int64_t cycles =
        estimate(scratch, g, t, int8, NULL, &e) ? (int64_t)(e.cycles + 0.5) : 0;
    arena_rewind(scratch, mark);
    return cycles;
}

/* ---- the message ----------------------------------------------------------------- */

static const char *time_text(Arena *a, double seconds)
{
    return seconds >= 1 ? str_printf(a, "%.2f s", seconds)
           : seconds >= 1e-3
               ? str_printf(a, "%.*f ms", seconds < 0.1 ? 1 : 0, seconds * 1e3)
               : str_printf(a, "%.0f us", seconds * 1e6);
}

static const Part *longest(const Estimate *e, double below)
{
    const Part *best = NULL;
    for (int i = 0; i < e->part.n; i++)
        if (e->part.at[i].cycles < below &&
            (best == NULL || e->part.at[i].cycles > best->cycles))
            best = &e->part.at[i];
    return best;
}

static const char *longest_text(Arena *a, const Estimate *e, double clock)
{
    enum { SHOWN = 3 };
    double below = e->cycles * 2 + 1;
    Out o;
    out_init(&o, a);
    for (int i = 0; i < SHOWN; i++) {
        const Part *p = longest(e, below);
        if (p == NULL || p->cycles * 100 < e->cycles)
            break; /* what takes a hundredth is no news */
        below = p->cycles;
        out_print(&o, "%s`%s` %s", i > 0 ? ", " : "", p->layer,
                  time_text(a, p->cycles / clock));
    }
    return o.length > 0 ? out_text(&o) : NULL;
}

/* What would help most: numbers of one byte, else less of the longest layer. */
static void advise(Arena *a, Diag *diag, const ModuleDeploy *d, const Graph *g,
                   const Target *t, const Estimate *now)
{
    const Part *most = longest(now, now->cycles * 2 + 1);
    Estimate shrunk;
    if (d->quantize != QUANTIZE_INT8 && estimate(a, g, t, true, NULL, &shrunk) &&
        shrunk.cycles < now->cycles)
        diag_help(diag, "`quantize: int8(...)` would make it about %s",
                  time_text(a, shrunk.cycles / d->clock));
    else if (most != NULL)
        diag_help(
            diag,
            "use a smaller input, an earlier stride, or fewer filters or units in `%s`",
            most->layer);
}

void latency_check(Session *s, const ModuleDeploy *d, const Graph *g)
{
    const Target *t = d->target != NULL ? target_find(d->target) : NULL;
    Arena *a = s->run;
    Estimate e;
    if (d->latency == 0 || t == NULL ||
        !estimate(a, g, t, d->quantize == QUANTIZE_INT8, d->net->name, &e) ||
        e.cycles / d->clock <= d->latency)
        return;
    double seconds = e.cycles / d->clock;
    Diag *diag = diag_begin(s->sink, DIAG_LATENCY, d->latency_span,
                            "`%s` takes about %s a call on `%s`, %s over what is asked",
                            d->net->name, time_text(a, seconds), t->name,
                            time_text(a, seconds - d->latency));
    diag_primary_text(diag, "what is asked");
    diag_note(diag, "an estimate of %s cycles; what the device takes, it must tell",
              emit_grouped(a, (int64_t)(e.cycles + 0.5)));
    const char *parts = longest_text(a, &e, d->clock);
    if (parts != NULL)
        diag_note(diag, "the longest layers are %s", parts);
    advise(a, diag, d, g, t, &e);
    diag_end(diag);
}
