/* learning.c - see learning.h.
 *
 * What training needs on a device is its state (what it changes: parameters, moments,
 * states of nets), scratch, inputs and outputs. When that is over the budget, forward
 * values are computed again in the backward pass (passes/graph_recompute.c), in as many
 * segments as make it fit at the least cost. */
#include "driver/learning.h"

#include "driver/budget.h"
#include "graph/op.h"
#include "loop/program.h"

#include <string.h>

enum { MOST_SEGMENTS = 8, OWN_BYTES = 32 /* seed, step, scalars */ };

static int64_t flops_of(const Program *p)
{
    int64_t flops = 0;
    for (int i = 0; i < p->call.n; i++)
        flops += p->call.at[i].kernel->flops;
    return flops;
}

static void count_state(const Module *m, const Map *resident, Learning *l)
{
    l->own = OWN_BYTES;
    for (int i = 0; i < m->tensor.n; i++) {
        const ModuleTensor *t = &m->tensor.at[i];
        int64_t bytes = shape_count(&t->shape) * (int64_t)dtype_bytes(t->dtype);
        if (map_has(resident, t->path))
            *(t->role == ROLE_PARAM ? &l->params : &l->own) += bytes;
    }
}

/* Names of the kernels that compute something again, for --plan. */
static const char *names_again(Session *s, const PipelineResult *r)
{
    Out o;
    out_init(&o, s->module);
    for (int i = 0, call = 0; i < r->graph->node.n; i++) {
        const Node *n = r->graph->node.at[i];
        if (n->op != &op_group)
            continue;
        bool again = false;
        for (int k = 0; k < n->body->node.n; k++)
            again = again || n->body->node.at[k]->late == 1;
        if (again && call < r->program->call.n)
            out_print(&o, "%s%s", o.length > 0 ? ", " : "",
                      r->program->call.at[call].kernel->name);
        call++;
    }
    return out_text(&o);
}

typedef struct Wanted { /* what does not change from try to try */
    const Module *module;
    const ModuleDeploy *deploy;
    const Map *resident;
    const Graph *step;
    const Target *target;
    const QuantizeOptions *quantize;
} Wanted;

static bool try_it(Session *s, const Wanted *w, int recompute, Learning *l)
{
    PipelineResult result = { NULL, NULL };
    const PipelineOptions options = { .target = w->target,
                                      .level = s->options.level,
                                      .inference = true,
                                      .quantize = w->quantize,
                                      .recompute = recompute };
    Graph *g = graph_rebuild(w->step, NULL, NULL, true);
    if (!pipeline_run(s->module, s->scratch, g, w->deploy->train->batch, &options,
                      s->sink, &result))
        return false;
    *l = (Learning){ .recompute = recompute, .program = result.program };
    count_state(w->module, w->resident, l);
    l->ram = l->params + l->own + program_ram_bytes(result.program);
    l->cost.segments = recompute;
    l->cost.flops = flops_of(result.program);
    l->cost.kernels = recompute > 0 ? names_again(s, &result) : NULL;
    return true;
}

bool learning_fit(Session *s, const Module *m, const ModuleDeploy *d,
                  const Map *resident, const Graph *step, const Target *target,
                  const QuantizeOptions *quantize, Learning *l)
{
    const Wanted w = { m, d, resident, step, target, quantize };
    Learning next;
    if (!try_it(s, &w, 0, l))
        return false;
    const Recomputed plain = { .plain_scratch = l->program->arena_bytes,
                               .plain_flops = l->cost.flops };
    for (int k = 1; k <= MOST_SEGMENTS; k++) {
        if (d->ram_bytes == 0 || l->ram <= d->ram_bytes)
            break; /* the last segment is kept: more of them cost more */
        if (!try_it(s, &w, k, &next))
            return false;
        if (next.ram < l->ram)
            *l = next;
    }
    l->cost.plain_scratch = plain.plain_scratch;
    l->cost.plain_flops = plain.plain_flops;
    return true;
}

/* ---- the message ----------------------------------------------------------------- */

/* The net of a parameter that is trained, "lenet" of "lenet/conv1/w". */
static const char *trained_net(Session *s, const ModuleTrain *t)
{
    for (int i = 0; i < t->step->result.n; i++)
        if (t->step->result.at[i].kind == RESULT_NEXT)
            return str_copy(s->run, t->step->result.at[i].path,
                            strcspn(t->step->result.at[i].path, "/"));
    return "NET";
}

static void print_help(Session *s, Diag *diag, const ModuleDeploy *d, const Learning *l)
{
    if (d->train->batch > 1)
        diag_help(diag,
                  "`batch: 1` in `%s` makes most of the scratch %lld times "
                  "smaller",
                  d->train->name, (long long)d->train->batch);
    else if (l->own >= l->params && l->own > OWN_BYTES)
        diag_help(diag, "`sgd` without momentum keeps nothing beside the parameters");
    else
        diag_help(diag,
                  "train less of it: `minimize ... over last(%s, 1)`, or fewer "
                  "filters",
                  trained_net(s, d->train));
}

bool learning_fits(Session *s, const ModuleDeploy *d, const Learning *l)
{
    const Program *p = l->program;
    if (d->ram_bytes == 0 || l->ram <= d->ram_bytes)
        return true;
    Diag *diag = diag_begin(
        s->sink, DIAG_RAM, d->ram_span, "training `%s` needs %s of ram, %s over budget",
        d->net->name, budget_kib(s, l->ram), budget_kib(s, l->ram - d->ram_bytes));
    diag_primary_text(diag, "the budget");
    diag_note(diag,
              "trained parameters %lld bytes, moments and states %lld, scratch %lld, "
              "inputs and outputs %lld",
              (long long)l->params, (long long)l->own, (long long)p->arena_bytes,
              (long long)(program_ram_bytes(p) - p->arena_bytes));
    diag_note(diag, "the largest buffers are %s", budget_largest(s, p));
    if (l->recompute > 0)
        diag_note(diag,
                  "scratch would be %lld bytes if the backward pass computed "
                  "nothing again",
                  (long long)l->cost.plain_scratch);
    print_help(s, diag, d, l);
    return diag_end(diag);
}

bool learning_check(Session *s, const Module *m)
{
    bool good = true;
    for (int i = 0; i < m->deploy.n; i++) {
        const ModuleDeploy *d = m->deploy.at[i];
        Learning l;
        if (d->train == NULL || d->ram_bytes == 0 || d->quantize == QUANTIZE_INT8)
            continue;
        const Target *target = d->target != NULL ? target_find(d->target) : NULL;
        target = target != NULL ? target : target_find("c99");
        Map *resident = NULL;
        bake_add_resident(s, m, d, &resident);
        Graph *step = bake_train(s, d->train->step, resident);
        good = step != NULL &&
               learning_fit(s, m, d, resident, step, target, NULL, &l) &&
               learning_fits(s, d, &l) && good;
    }
    return good;
}
