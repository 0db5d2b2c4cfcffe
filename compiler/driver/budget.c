/* budget.c - see budget.h.
 *
 * While a kernel runs, its inputs, its results and what later kernels read are there.
 * The most of that is what a net needs, and the kernel where it is most is the peak
 * that the message shows. Elements of a quantized net count as many bytes as they will
 * have. Other kernels than those of the check may let results reach further into
 * operands: the message comes when that could not help either. With trained values the
 * plan is known, and its figure decides. */
#include "driver/budget.h"

#include "driver/latency.h"
#include "graph/op.h"
#include "loop/program.h"

#include <string.h>

typedef struct Peak {
    int64_t bytes;
    int call; /* index in program->call */
} Peak;

static int64_t element_bytes(const Storage *s, Quantize q)
{
    bool shrinks = s->dtype == DTYPE_F32 && q == QUANTIZE_INT8; /* f16: weights only */
    return shrinks ? 1 : (int64_t)dtype_bytes(s->dtype);
}

/* Has it a place in the arena while call c runs? */
static bool is_alive(const Storage *s, int c)
{
    return s->offset_bytes >= 0 && s->first <= c && c <= s->last;
}

static Peak peak_of(const Program *p, Quantize q)
{
    Peak peak = { 0, 0 };
    for (int c = 0; c < p->call.n; c++) {
        int64_t bytes = 0;
        for (int i = 0; i < p->storage.n; i++) {
            const Storage *s = p->storage.at[i];
            if (is_alive(s, c))
                bytes += s->count * element_bytes(s, q);
        }
        if (bytes > peak.bytes)
            peak = (Peak){ bytes, c };
    }
    return peak;
}

/* What no plan goes below, whatever its kernels: in a call results may reach into all
 * operands that die there. What is small is left out, since some of it (the factors of
 * batch normalization) is not there any more with trained values. */
static int64_t least_of(const Program *p, Quantize q)
{
    int64_t most = 0, largest_bytes = 0;
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        int64_t bytes = s->count * element_bytes(s, q);
        if (s->offset_bytes >= 0 && bytes > largest_bytes)
            largest_bytes = bytes;
    }
    for (int c = 0; c < p->call.n; c++) {
        int64_t stays = 0, dies = 0, made = 0;
        for (int i = 0; i < p->storage.n; i++) {
            const Storage *s = p->storage.at[i];
            int64_t bytes = s->count * element_bytes(s, q);
            if (!is_alive(s, c) || bytes * 64 < largest_bytes)
                continue;
            *(s->first == c ? &made : s->last == c ? &dies : &stays) += bytes;
        }
        int64_t least = stays + (dies > made ? dies : made);
        most = least > most ? least : most;
    }
    return most;
}

/* ---- the message ----------------------------------------------------------------- */

const char *budget_kib(Session *s, int64_t bytes)
{
    if (bytes < 1024)
        return str_printf(s->run, "%lld byte%s", (long long)bytes,
                          bytes == 1 ? "" : "s");
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
                   budget_kib(s, peak.bytes), budget_kib(s, peak.bytes - d->ram_bytes));
    diag_primary_text(diag, "the budget");
    if (layer.source != NULL && in != NULL && out != NULL)
        diag_label(diag, layer, "the peak: %s in, %s out",
                   sample_text(s, in, r->program->batch),
                   sample_text(s, out, r->program->batch));
    diag_help(diag, "use a smaller input, an earlier stride, or fewer filters here");
    return diag_end(diag);
}

/* "`conv1_relu` [1, 48, 48, 8], 18432 bytes, and ...": the two largest of the arena. */
const char *budget_largest(Session *s, const Program *p)
{
    const Storage *first = NULL, *second = NULL;
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *x = p->storage.at[i];
        if (x->offset_bytes < 0)
            continue;
        if (first == NULL || storage_bytes(x) > storage_bytes(first)) {
            second = first;
            first = x;
        } else if (second == NULL || storage_bytes(x) > storage_bytes(second)) {
            second = x;
        }
    }
    if (second == NULL)
        return first != NULL ? first->name : "none";
    return str_printf(s->run, "`%s` %s, %lld bytes, and `%s` %s, %lld bytes",
                      first->name, shape_text(s->run, &first->shape),
                      (long long)storage_bytes(first), second->name,
                      shape_text(s->run, &second->shape),
                      (long long)storage_bytes(second));
}

static const ModuleNet *deployed(const ModuleDeploy *d)
{
    return d->chosen != NULL ? d->chosen : d->stream != NULL ? d->stream : d->net;
}

/* What a stream keeps between calls. */
static int64_t memory_bytes(const ModuleDeploy *d)
{
    const ModuleNet *net = deployed(d);
    int64_t bytes = 0;
    for (int i = 0; i < net->memory.n; i++)
        bytes += shape_count(&net->memory.at[i]->shape) *
                 (int64_t)dtype_bytes(net->memory.at[i]->dtype);
    return bytes;
}

static bool check_one(Session *s, const ModuleDeploy *d)
{
    PipelineResult result = { NULL, NULL };
    PipelineOptions options = { .target = target_find("c99"),
                                .level = s->options.level,
                                .inference = true,
                                .io_in_arena = true };
    bool timed = d->latency > 0 && s->options.weights == NULL && d->weights == NULL;
    if (d->ram_bytes == 0 && !timed)
        return true;
    const ModuleNet *net = deployed(d);
    Graph *g = graph_rebuild(net->graph, NULL, NULL, true);
    if (!pipeline_run(s->module, s->scratch, g, d->batch > 0 ? d->batch : 1, &options,
                      s->sink, &result))
        return false;
    if (timed) /* with trained values: unit.c, when the kernels are known */
        latency_check(s, d, result.graph);
    if (d->ram_bytes == 0)
        return true;
    Peak peak = peak_of(result.program, d->quantize);
    int64_t kept = memory_bytes(d);
    if (least_of(result.program, d->quantize) + kept <= d->ram_bytes)
        return true;
    peak.bytes += kept;
    return peak.bytes <= d->ram_bytes || report(s, d, &result, peak);
}

bool budget_check_plan(Session *s, const ModuleDeploy *d, const Program *p)
{
    int64_t bytes = program_ram_bytes(p) + memory_bytes(d);
    if (d->ram_bytes == 0 || bytes <= d->ram_bytes)
        return true;
    Diag *diag = diag_begin(s->sink, DIAG_RAM, d->ram_span,
                            "`%s` needs %s of ram as it is planned, %s over budget",
                            d->net->name, budget_kib(s, bytes),
                            budget_kib(s, bytes - d->ram_bytes));
    diag_primary_text(diag, "the budget");
    diag_note(diag, "scratch %lld bytes, of which no plan needs less than %lld",
              (long long)p->arena_bytes, (long long)p->arena_lower_bound);
    diag_note(diag, "the largest buffers are %s; `--plan` lists all",
              budget_largest(s, p));
    diag_help(diag, "use a smaller input, an earlier stride, or fewer filters there");
    return diag_end(diag);
}

bool budget_check(Session *s, const Module *m)
{
    bool good = true;
    for (int i = 0; i < m->deploy.n; i++)
        good = check_one(s, m->deploy.at[i]) && good;
    return good;
}
