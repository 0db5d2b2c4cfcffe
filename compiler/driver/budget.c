/* budget.c - see budget.h.
 *
 * While a kernel runs, its inputs, its results and what later kernels read are there,
 * in the arena or the caller's arrays. The most of that is what a net needs, and the
 * kernel where it is most is the peak that the message shows. Elements of a quantized
 * net count as many bytes as they will have. */
#include "driver/budget.h"

#include "graph/op.h"

#include <string.h>

typedef struct Peak {
    int64_t bytes;
    int call; /* index in program->call */
} Peak;

static int64_t element_bytes(const Storage *s, Quantize q)
{
    bool shrinks = s->dtype == DTYPE_F32;
    return shrinks && q == QUANTIZE_INT8  ? 1
           : shrinks && q == QUANTIZE_F16 ? 2
                                          : (int64_t)dtype_bytes(s->dtype);
}

/* First and last call that touch a storage of the caller's; false: none does. */
static bool calls_of(const Program *p, const Storage *s, int *first, int *last)
{
    *first = -1;
    for (int c = 0; c < p->call.n; c++)
        for (int i = 0; i < p->call.at[c].n_arg; i++)
            if (p->call.at[c].arg[i].storage == s) {
                *first = *first < 0 ? c : *first;
                *last = c;
            }
    return *first >= 0;
}

/* Is it there while call c runs? Inputs from the start, outputs to the end. */
static bool is_alive(const Program *p, const Storage *s, int c)
{
    int first = s->first, last = s->last;
    if (s->kind == STORAGE_ARENA)
        return first <= c && c <= last;
    if ((s->kind != STORAGE_INPUT && s->kind != STORAGE_OUTPUT) ||
        !calls_of(p, s, &first, &last))
        return false;
    return s->kind == STORAGE_INPUT ? c <= last : c >= first;
}

/* Two in one place: one works in place of the other, and only the larger counts. */
static bool is_covered(const Program *p, const Storage *s, int c)
{
    for (int i = 0; i < p->storage.n && s->kind == STORAGE_ARENA; i++) {
        const Storage *t = p->storage.at[i];
        if (t != s && t->kind == STORAGE_ARENA && t->offset_bytes == s->offset_bytes &&
            is_alive(p, t, c) &&
            (t->count > s->count || (t->count == s->count && t->id < s->id)))
            return true;
    }
    return false;
}

static Peak peak_of(const Program *p, Quantize q)
{
    Peak peak = { 0, 0 };
    for (int c = 0; c < p->call.n; c++) {
        int64_t bytes = 0;
        for (int i = 0; i < p->storage.n; i++) {
            const Storage *s = p->storage.at[i];
            if (is_alive(p, s, c) && !is_covered(p, s, c))
                bytes += s->count * element_bytes(s, q);
        }
        if (bytes > peak.bytes)
            peak = (Peak){ bytes, c };
    }
    return peak;
}

/* ---- the message ----------------------------------------------------------------- */

static const char *kib(Session *s, int64_t bytes)
{
    return str_printf(s->run, "%.1f KiB", (double)bytes / 1024);
}

/* The shape of one sample: [96, 96, 3] of [1, 96, 96, 3]. */
static const char *sample_text(Session *s, const Storage *from, int64_t batch)
{
    Shape shape = from->shape;
    if (shape.rank > 1 && shape.dim[0] == batch) {
        shape.rank--;
        memmove(shape.dim, shape.dim + 1, (size_t)shape.rank * sizeof shape.dim[0]);
    }
    return shape_text(s->run, &shape);
}

/* The largest activation that a call reads (or writes); NULL: none. */
static const Storage *largest(const Call *c, bool writes)
{
    const Storage *best = NULL;
    int arg = 0;
    for (int i = 0; i < c->kernel->buffer.n; i++) {
        const Buffer *b = c->kernel->buffer.at[i];
        if (b->access == ACCESS_LOCAL)
            continue;
        const Storage *s = c->arg[arg++].storage;
        bool activation = s->kind == STORAGE_INPUT || s->kind == STORAGE_OUTPUT ||
                          s->kind == STORAGE_ARENA;
        if (activation && ((b->access & ACCESS_WRITE) != 0) == writes &&
            (best == NULL || s->count > best->count))
            best = s;
    }
    return best;
}

/* What names a kernel: its contraction, or the first thing that it computes. */
static const Node *root_of(const Node *group)
{
    const Node *root = NULL;
    for (int i = 0; i < group->body->node.n; i++) {
        const Node *n = group->body->node.at[i];
        if (n->op == &op_input || n->op == &op_constant)
            continue;
        if (root == NULL ||
            ((n->op->flags & OP_CONTRACTION) && !(root->op->flags & OP_CONTRACTION)))
            root = n;
    }
    return root != NULL ? root : group;
}

/* Where the program calls what became the kernel of call number `call`. */
static Span span_of_call(const Graph *g, int call, const ModuleNet *net)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->op != &op_group || call-- > 0)
            continue;
        n = root_of(n);
        Span span = n->span;
        for (const Frame *f = n->frame; f != NULL; f = f->parent)
            if (f->path != NULL && strcmp(f->path, net->name) != 0 &&
                f->call.source == net->span.source)
                span = f->call;
        return span;
    }
    return (Span){ 0 };
}

static bool report(Session *s, const ModuleDeploy *d, const PipelineResult *r,
                   Peak peak)
{
    const Call *c = &r->program->call.at[peak.call];
    const Storage *in = largest(c, false), *out = largest(c, true);
    Span layer = span_of_call(r->graph, peak.call, d->net);
    Diag *diag =
        diag_begin(s->sink, DIAG_RAM, d->ram_span,
                   "`%s` needs %s of ram for activations, %s over budget", d->net->name,
                   kib(s, peak.bytes), kib(s, peak.bytes - d->ram_bytes));
    diag_primary_text(diag, "the budget");
    if (layer.source != NULL && in != NULL && out != NULL)
        diag_label(diag, layer, "the peak: %s in, %s out",
                   sample_text(s, in, r->program->batch),
                   sample_text(s, out, r->program->batch));
    diag_help(diag, "use a smaller input, an earlier stride, or fewer filters here");
    return diag_end(diag);
}

static bool check_one(Session *s, const ModuleDeploy *d)
{
    PipelineResult result = { NULL, NULL };
    PipelineOptions options = { .target = target_find("c99"),
                                .level = s->options.level,
                                .inference = true,
                                .ram_budget = d->ram_bytes };
    if (d->ram_bytes == 0)
        return true;
    const ModuleNet *net = d->stream != NULL ? d->stream : d->net;
    Graph *g = graph_rebuild(net->graph, NULL, NULL, true);
    if (!pipeline_run(s->module, s->scratch, g, d->batch > 0 ? d->batch : 1, &options,
                      s->sink, &result))
        return false;
    Peak peak = peak_of(result.program, d->quantize);
    for (int i = 0; i < net->memory.n; i++) /* between calls, too */
        peak.bytes += shape_count(&net->memory.at[i]->shape) *
                      (int64_t)dtype_bytes(net->memory.at[i]->dtype);
    return peak.bytes <= d->ram_bytes || report(s, d, &result, peak);
}

bool budget_check(Session *s, const Module *m)
{
    bool good = true;
    for (int i = 0; i < m->deploy.n; i++)
        good = check_one(s, m->deploy.at[i]) && good;
    return good;
}
