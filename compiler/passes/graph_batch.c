/* graph_batch.c - from one sample to a batch.
 *
 * Before  values differ by sample where `batched` says so; shapes are a sample's.
 * After   batched values have a leading axis of extent graph->batch; no batch_mean, no
 *         batch_sum; results NEXT are the same for the whole batch.
 * Keeps   names, spans, frames, order.
 * Cost    linear.
 * Source  one rebuild by graph/batch.
 */
#include "graph/batch.h"
#include "graph/build.h"
#include "passes/pass.h"

/* The next value of a param or a state must not depend on the sample. */
static bool check_results(PassContext *cx, const Graph *g)
{
    bool ok = true;
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        if (r->kind != RESULT_NEXT || !r->value->batched)
            continue;
        Diag *d = diag_begin(cx->sink, DIAG_BATCHED_STATE, r->value->span,
                             "the next value of `%s` depends on the sample", r->path);
        diag_help(d,
                  "reduce it over the batch with `batch_mean` or `batch_sum`, or use "
                  "the state inside `scan`");
        diag_end(d);
        ok = false;
    }
    return ok;
}

/* Outputs and measures that happen to be the same for all samples get the axis that
 * their readers expect: one value a sample. Reports do where they are per sample
 * (eval). */
static void widen_results(Graph *to, const Graph *from, int64_t batch)
{
    bool reports = false;
    for (int i = 0; i < from->result.n; i++)
        reports |= from->result.at[i].kind == RESULT_REPORT &&
                   from->result.at[i].value->batched;
    for (int i = 0; i < to->result.n; i++) {
        Result *r = &to->result.at[i];
        bool per_sample = r->kind == RESULT_OUTPUT || r->kind == RESULT_MEASURE ||
                          (r->kind == RESULT_REPORT && reports);
        if (per_sample && !from->result.at[i].value->batched)
            r->value = batch_broadcast(to, r->value, batch);
    }
}

PassResult graph_batch(PassContext *cx, Graph *g)
{
    if (!check_results(cx, g))
        return PASS_FAILED;
    int64_t batch = cx->batch;
    Graph *to = graph_rebuild(g, batch_node, &batch, true);
    widen_results(to, g, cx->batch);
    to->batch = cx->batch;
    to->stage = STAGE_BATCHED;
    pass_replace(g, to);
    return PASS_CHANGED;
}
