/* lower.c - from groups to kernels: storage, calls, one loop nest per group.
 *
 * Before  STAGE_GROUPED and scheduled.
 * After   a Program: one kernel and one call a group, in order. Results have their
 *         caller's storage; next values are written over the old ones.
 * Keeps   the graph.
 * Cost    linear in the size of the kernels. */
#include "passes/lower.h"
#include "graph/region.h"
#include "kernels/kernels.h"
#include "passes/group.h"
#include "passes/lowerer.h"
#include "support/str.h"

#include <string.h>

/* ---- storage --------------------------------------------------------------------- */

static const char *storage_name(Lowerer *l, const char *wish)
{
    Arena *a = l->cx->module;
    char *base = str_printf(a, "%s", wish);
    for (char *c = base; *c; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (!letter && !(*c >= '0' && *c <= '9'))
            *c = '_';
    }
    if (!base[0] || (base[0] >= '0' && base[0] <= '9') || base[0] == '_')
        base = str_printf(a, "t%s", base);
    char *name = base;
    for (int i = 2; map_has(l->names, name); i++)
        name = str_printf(a, "%s_%d", base, i);
    map_put(l->names, name, name);
    return name;
}

Storage *program_storage(Lowerer *l, StorageKind kind, const char *name,
                         const char *path, const Node *like)
{
    Arena *a = l->cx->module;
    Storage *s = arena_new(a, Storage);
    s->kind = kind;
    s->name = storage_name(l, name);
    s->path = path;
    s->dtype = like->dtype;
    s->shape = like->shape;
    s->count = shape_count(&like->shape);
    s->bound = like->bound;
    s->offset_bytes = -1;
    s->first = s->last = -1;
    s->id = l->p->storage.n;
    vec_push(a, &l->p->storage, s);
    return s;
}

static Storage *find_storage(const Lowerer *l, StorageKind kind, const char *path)
{
    for (int i = 0; i < l->p->storage.n; i++) {
        Storage *s = l->p->storage.at[i];
        if (s->kind == kind && str_equal(s->path, path))
            return s;
    }
    return NULL;
}

/* An input that stands twice is one storage. */
static Storage *reuse_storage(Lowerer *l, StorageKind kind, const char *path,
                              const Node *n)
{
    Storage *s = find_storage(l, kind, path);
    return s ? s : program_storage(l, kind, path, path, n);
}

static Storage *input_storage(Lowerer *l, const Node *n)
{
    const char *path = attr_text(n, "path");
    Arena *a = l->cx->module;
    switch ((InputKind)attr_int(n, "kind")) {
    case INPUT_FIELD:
        return reuse_storage(l, STORAGE_INPUT, path, n);
    case INPUT_PARAM:
        return reuse_storage(l, STORAGE_PARAM, path, n);
    case INPUT_STATE:
        return reuse_storage(l, STORAGE_STATE, path, n);
    case INPUT_SCALAR:
        return reuse_storage(l, STORAGE_SCALAR, path, n);
    case INPUT_KEY:
        return reuse_storage(l, STORAGE_SCALAR, "key", n);
    case INPUT_ITERATION:
        return reuse_storage(l, STORAGE_SCALAR, "iteration", n);
    case INPUT_SAMPLE:
        return reuse_storage(l, STORAGE_SCALAR, "sample", n);
    case INPUT_GRADIENT: {
        const char *full = str_printf(a, "gradient/%s", path);
        return reuse_storage(l, STORAGE_INPUT, full, n);
    }
    case INPUT_OPERAND:
        break;
    }
    BUG("graph %s has an operand of a region", l->g->name);
}

/* Where a result lives: what the caller gave. */
static Storage *result_storage(Lowerer *l, const Result *r)
{
    Arena *a = l->cx->module;
    const char *prefix = "output";
    switch (r->kind) {
    case RESULT_NEXT: {
        Storage *s = find_storage(l, STORAGE_PARAM, r->path);
        if (!s)
            s = find_storage(l, STORAGE_STATE, r->path);
        const PipelineOptions *o = l->cx->options;
        bool state = o->is_state && o->is_state(o->context, r->path);
        return s ? s
                 : program_storage(l, state ? STORAGE_STATE : STORAGE_PARAM, r->path,
                                   r->path, r->value);
    }
    case RESULT_OUTPUT:
        break;
    case RESULT_REPORT:
        prefix = "report";
        break;
    case RESULT_GRADIENT:
        prefix = "gradient";
        break;
    case RESULT_MEASURE:
        prefix = "measure";
        break;
    case RESULT_OPERAND:
        BUG("graph %s has a result of a region", l->g->name);
    }
    const char *path = str_printf(a, "%s/%s", prefix, r->path);
    return program_storage(l, STORAGE_OUTPUT, path, path, r->value);
}

/* "dense1_relu" for what group "dense1_dot_bias_relu" makes: its layer and its last
 * word; else "t<id>". */
const char *group_value_name(Arena *a, const Node *n)
{
    const char *group =
        n->op == &op_result && n->in[0]->body ? n->in[0]->body->name : NULL;
    const char *first = group ? strchr(group, '_') : NULL;
    const char *last = group ? strrchr(group, '_') : NULL;
    if (group == NULL)
        return str_printf(a, "t%d", n->id);
    if (first == NULL) /* "exp" alone would shadow the function */
        return str_printf(a, "%s_%d", group, n->id);
    if (first == last)
        return group;
    return str_printf(a, "%.*s%s", (int)(first - group), group, last);
}

static void make_inputs(Lowerer *l)
{
    const Graph *g = l->g;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->op == &op_input)
            l->place[i].storage = input_storage(l, n);
    }
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        if (r->value->op == &op_result) {
            if (l->place[r->value->id].storage)
                BUG("value %s is two results", r->path);
            l->place[r->value->id].storage = result_storage(l, r);
        }
    }
}

/* A group that only reshapes what another kernel made, or an input of the function: no
 * kernel, the same place. */
static const Node *reshaped(const Lowerer *l, const Node *group)
{
    const Graph *body = group->body;
    if (group->op != &op_group || body->result.n != 1 || group->n_in != 1)
        return NULL;
    const Node *value = body->result.at[0].value;
    if (value->op != &op_reshape || peel_reshapes(value->in[0])->op != &op_input)
        return NULL;
    for (int i = 0; i < l->g->result.n; i++) /* results have a place of their own */
        if (l->g->result.at[i].value->op == &op_result &&
            l->g->result.at[i].value->in[0] == group)
            return NULL;
    const Node *from = group->in[0];
    return from->op == &op_result || node_is_input(from, INPUT_FIELD) ? from : NULL;
}

/* Constants, and what kernels hand to each other; scans make theirs. */
void lower_scratch(Lowerer *l)
{
    const Graph *g = l->g;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (l->place[i].storage)
            continue;
        const char *name = n->name ? n->name : group_value_name(l->cx->module, n);
        if (n->op == &op_constant) {
            l->place[i].storage = program_storage(l, STORAGE_CONSTANT, name, "", n);
            l->place[i].storage->data = attr_tensor(n, "value");
        } else if (n->op == &op_result && !node_is_scan_result(n) &&
                   !reshaped(l, n->in[0])) {
            l->place[i].storage = program_storage(l, STORAGE_ARENA, name, "", n);
        }
    }
}

/* ---- one group ------------------------------------------------------------------- */

static const char *value_name(const Node *n, const Storage *s)
{
    return n->name ? n->name : s->name;
}

static bool same_place(const Place *a, const Place *b)
{
    return a->storage == b->storage && a->offset == b->offset &&
           !memcmp(a->step, b->step, sizeof a->step);
}

Buffer *call_buffer(Lowerer *l, Kernel *k, ArgVec *args, const Node *n, const Place *at,
                    Access access)
{
    Buffer *b = kernel_buffer(k, value_name(n, at->storage), at->storage->dtype,
                              shape_count(&n->shape), access);
    CallArg arg = { .storage = at->storage, .offset = at->offset };
    memcpy(arg.step, at->step, sizeof arg.step);
    vec_push(l->cx->module, args, arg);
    return b;
}

/* The buffer that a node at this place already has; NULL: none. */
static Buffer *find_buffer(const Lowerer *l, const Kernel *k, const ArgVec *args,
                           const Node *n)
{
    const Place *at = &l->place[n->id];
    for (int i = 0; i < args->n; i++) {
        const CallArg *arg = &args->at[i];
        Place other = { .storage = arg->storage, .offset = arg->offset };
        memcpy(other.step, arg->step, sizeof other.step);
        if (same_place(&other, at) && k->buffer.at[i]->count == shape_count(&n->shape))
            return k->buffer.at[i];
    }
    return NULL;
}

/* Results of the group that something reads, in order. */
static const Node *find_result(const Lowerer *l, const Node *group, int index)
{
    for (int i = group->id + 1; i < l->g->node.n; i++) {
        const Node *n = l->g->node.at[i];
        if (n->op == &op_result && n->in[0] == group && attr_int(n, "index") == index)
            return n;
    }
    return NULL;
}

/* Buffers of operands, then of results; a result over an operand is one buffer. */
static void bind_buffers(Lowerer *l, LowerGroup *g, const Node *group, ArgVec *args)
{
    const Graph *body = g->body;
    const Node **result = arena_array(l->cx->scratch, const Node *, body->result.n + 1);
    for (int i = 0; i < body->result.n; i++)
        result[i] = find_result(l, group, i);
    for (int i = 0; i < group->n_in; i++) {
        const Node *x = group->in[i];
        const Place *at = &l->place[x->id];
        bool both = false;
        for (int j = 0; j < body->result.n; j++)
            both |= result[j] && same_place(&l->place[result[j]->id], at);
        if (both && !operand_is_in_place(group, i))
            BUG("kernel %s writes %s, which it reads elsewhere", g->k->name,
                at->storage->name);
        Buffer *b = find_buffer(l, g->k, args, x);
        if (!b)
            b = call_buffer(l, g->k, args, x, at,
                            both ? ACCESS_READ_WRITE : ACCESS_READ);
        g->buffer[region_input(body, i)->id] = b;
    }
    g->result = arena_array(l->cx->scratch, GroupResult, body->result.n + 1);
    for (int i = 0; i < body->result.n; i++) {
        if (!result[i])
            continue;
        Buffer *b = find_buffer(l, g->k, args, result[i]);
        if (!b)
            b = call_buffer(l, g->k, args, result[i], &l->place[result[i]->id],
                            ACCESS_WRITE);
        g->result[g->n_result++] =
            (GroupResult){ peel_reshapes(g->body->result.at[i].value), b };
    }
}

/* Permission for the memory plan: operands that die may give their place to results of
 * the same size, since each element is read before it is written. */
static void permit_in_place(Lowerer *l, LowerGroup *g, const Node *group)
{
    for (int i = 0; i < group->n_in; i++) {
        Buffer *b = g->buffer[region_input(g->body, i)->id];
        if (l->place[group->in[i]->id].storage->kind != STORAGE_ARENA ||
            b->access != ACCESS_READ)
            continue;
        bool any = false;
        for (int j = 0; j < g->n_result; j++) {
            Buffer *r = g->result[j].buffer;
            bool fits = r->access == ACCESS_WRITE && r->count == b->count &&
                        r->dtype == b->dtype;
            any |= fits && operand_is_in_place(group, i);
        }
        b->may_alias = any;
        for (int j = 0; j < g->n_result && any; j++)
            if (g->result[j].buffer->access == ACCESS_WRITE)
                g->result[j].buffer->may_alias = true;
    }
}

static void count_uses(LowerGroup *g)
{
    for (int i = 0; i < g->body->node.n; i++) {
        const Node *n = g->body->node.at[i];
        for (int j = 0; j < n->n_in; j++)
            g->uses[n->in[j]->id]++;
    }
    for (int i = 0; i < g->body->result.n; i++)
        g->uses[g->body->result.at[i].value->id]++;
}

/* Scalars first, once: they are the same for all elements. */
static void compute_scalars(LowerGroup *g)
{
    bool *scalar = arena_array(g->cx->scratch, bool, g->body->node.n);
    for (int i = 0; i < g->body->node.n; i++) {
        const Node *n = g->body->node.at[i];
        bool is_result = false;
        for (int j = 0; j < g->n_result; j++)
            is_result |= g->result[j].value == n;
        scalar[i] = n->shape.rank == 0 &&
                    (!node_is_computed(n) || (n->op->flags & OP_POINTWISE));
        for (int j = 0; j < n->n_in; j++)
            scalar[i] = scalar[i] && scalar[n->in[j]->id];
        if (!scalar[i] || is_result || n->op == &op_constant)
            continue;
        if (g->buffer[i] && g->buffer[i]->access != ACCESS_READ)
            continue;
        bool feeds_loops = false;
        for (int j = i + 1; j < g->body->node.n; j++) {
            const Node *m = g->body->node.at[j];
            for (int a = 0; a < m->n_in; a++)
                feeds_loops |= m->in[a] == n && m->shape.rank > 0;
        }
        if (feeds_loops && g->uses[i] == 1)
            g->uses[i] = 2; /* named, not repeated */
        if (feeds_loops)
            group_value(&g->w, n, NULL);
    }
}

static const Node *find_root(const Graph *body)
{
    for (int i = 0; i < body->node.n; i++)
        if (node_is_nest(body->node.at[i]))
            return body->node.at[i];
    return NULL;
}

/* Random numbers have a group of their own. */
static const Node *find_random(const Graph *body)
{
    for (int i = 0; i < body->node.n; i++)
        if (body->node.at[i]->op->flags & OP_RANDOM)
            return body->node.at[i];
    return NULL;
}

static void describe(Lowerer *l, Kernel *k, const Node *group, const Node *root)
{
    Arena *a = l->cx->module;
    const Graph *body = group->body;
    k->flops = body_flops(body);
    k->bytes = body_bytes(group);
    const Node *what = root;
    for (int i = body->node.n - 1; i >= 0 && !what; i--)
        if (node_is_reduction(body->node.at[i]))
            what = body->node.at[i];
    if (!what)
        what = body->result.at[0].value;
    k->equation = what->op == &op_input ? "y = x" : what->op->equation;
    Out out;
    out_init(&out, l->cx->scratch);
    for (int i = 0; i < group->n_in; i++) {
        const Node *x = group->in[i];
        out_print(&out, "%s%s %s", i ? ", " : "",
                  value_name(x, l->place[x->id].storage), shape_text(a, &x->shape));
    }
    const char *separator = " -> ";
    for (int i = 0; i < body->result.n; i++) {
        const Node *y = find_result(l, group, i);
        if (y)
            out_print(&out, "%s%s %s", separator,
                      value_name(y, l->place[y->id].storage), shape_text(a, &y->shape));
        separator = ", ";
    }
    k->shapes = str_printf(a, "%s", out_text(&out));
    if (group->span.source)
        k->place = str_printf(a, "%s:%d", source_written_name(group->span.source->name),
                              source_line(group->span.source, group->span.begin));
}

/* Operations on elements behind the contraction. */
static int tail_operations(const LowerGroup *g)
{
    int count = 0;
    for (int i = 0; i < g->body->node.n; i++) {
        const Node *n = g->body->node.at[i];
        count += (n->op->flags & OP_POINTWISE) != 0 && n->shape.rank > 0;
    }
    return count;
}

/* More than about two microseconds on one core. */
static bool worth_slices(const Kernel *k)
{
    return k->flops > 16000 || k->bytes > 24000;
}

/* "lenet/block1/conv2_bias_relu": as the layer is called in a profile. */
static const char *layer_of(const Lowerer *l, const Node *group)
{
    const char *name = group->body->name ? group->body->name : "group";
    const char *path = group->frame ? group->frame->path : "";
    const char *slash = strrchr(path, '/');
    return slash == NULL
               ? name
               : str_printf(l->cx->module, "%.*s/%s", (int)(slash - path), path, name);
}

/* Builds the kernel of contraction n as the tuning file says, or as its generators
 * choose. False: op->nest is to. */
static bool generate(Lowerer *l, LowerGroup *g, const Node *n)
{
    Tuning *tuning = l->cx->options->tuning;
    const Target *t = g->target;
    const char *layer = layer_of(l, g->group);
    if (tuning != NULL)
        tuning_see(tuning, layer, n, t);
    TuningRow *row = tuning != NULL ? tuning_find(tuning, layer) : NULL;
    if (row == NULL)
        return kernel_generate(&g->w, n, t);
    row->used = true;
    bool suits = kernel_variant_suits(row->variant, n, t);
    if (suits && row->variant->form == VARIANT_LOOPS)
        return false;
    if (suits && kernel_generate_variant(&g->w, n, t, row->variant))
        return true;
    if (!row->if_fits) {
        Diag *d = diag_begin(l->cx->sink, DIAG_TUNING, row->span, "kernel `%s` %s",
                             row->variant->name,
                             suits ? "does not take the shape of this layer"
                                   : "is not for what this layer computes");
        diag_help(d, "measure again, or take the line out");
        l->failed = !diag_end(d);
    }
    return kernel_generate(&g->w, n, t);
}

static void lower_group(Lowerer *l, const Node *group)
{
    Arena *a = l->cx->module;
    PassContext *cx = l->cx;
    const Target *t = cx->options->target;
    int number = l->p->call.n + 1;
    const char *name = group->body->name ? group->body->name : "group";
    Kernel *k = kernel_new(a, str_printf(a, "k%d_%s", number, name));
    LowerGroup *g = arena_new(cx->scratch, LowerGroup);
    g->body = collapse_axes(group->body);
    g->w = (Lowering){ .kernel = k,
                       .has_fma = t->has_fma,
                       .short_rescale = t->int8 != INT8_LOOPS,
                       .least_ram = cx->options->least_ram,
                       .value = group_value,
                       .buffer = group_buffer,
                       .finish = group_finish,
                       .constant = group_constant,
                       .repack = group_repack,
                       .new_constant = group_new_constant,
                       .workspace = group_workspace,
                       .share = group_share,
                       .body = g->body,
                       .context = g };
    g->cx = cx;
    g->target = t;
    g->k = k;
    g->lanes = 1;
    g->buffer = arena_array(cx->scratch, Buffer *, g->body->node.n);
    g->row = arena_array(cx->scratch, RowBuffer, g->body->node.n);
    g->uses = arena_array(cx->scratch, int, g->body->node.n);
    ArgVec args = { 0 };
    g->lowerer = l;
    g->group = group;
    g->args = &args;
    bind_buffers(l, g, group, &args);
    permit_in_place(l, g, group);
    count_uses(g);
    const Node *root = find_root(g->body);
    describe(l, k, group, root);
    g->slice = worth_slices(k);
    compute_scalars(g);
    g->w.tail = tail_operations(g);
    const Node *random = find_random(g->body);
    if (random && cx->options->level >= 1 && kernel_generate(&g->w, random, t))
        ; /* four words at a time */
    else if (!root)
        lower_space(g);
    else if (root->op == &op_extern)
        lower_extern(g, root);
    else if (cx->options->level < 1 || !generate(l, g, root))
        root->op->nest(&g->w, root);
    drop_unread_operands(g);
    Call call = { k, args.at, args.n, group->frame ? group->frame->path : NULL };
    vec_push(a, &l->p->call, call);
}

void lower_graph(Lowerer *l)
{
    for (int i = 0; i < l->g->node.n; i++) {
        const Node *n = l->g->node.at[i];
        const Node *same = n->op == &op_result ? reshaped(l, n->in[0]) : NULL;
        if (same)
            l->place[i] = l->place[same->id];
        else if (n->op == &op_group && !reshaped(l, n))
            lower_group(l, n);
        else if (n->op == &op_scan)
            lower_scan(l, n);
    }
}

static bool is_read(const Program *p, const Storage *s)
{
    for (int i = 0; i < p->call.n; i++)
        for (int j = 0; j < p->call.at[i].n_arg; j++)
            if (p->call.at[i].arg[j].storage == s)
                return true;
    return false;
}

/* Constants that every reader has in an order of its own now. */
static void drop_unread_constants(Program *p)
{
    int kept = 0;
    for (int i = 0; i < p->storage.n; i++) {
        Storage *s = p->storage.at[i];
        if (s->kind == STORAGE_CONSTANT && !is_read(p, s))
            continue;
        s->id = kept;
        p->storage.at[kept++] = s;
    }
    p->storage.n = kept;
}

PassResult lower(PassContext *cx, Graph *graph)
{
    Program *p = arena_new(cx->module, Program);
    p->arena = cx->module;
    p->name = graph->name;
    p->batch = graph->batch;
    Lowerer l = { .cx = cx,
                  .g = graph,
                  .p = p,
                  .place = arena_array(cx->scratch, Place, graph->node.n),
                  .names = map_new(cx->scratch) };
    make_inputs(&l);
    lower_scratch(&l);
    lower_graph(&l);
    drop_unread_constants(p);
    cx->program = p;
    out_print(&cx->stats, "%d kernels\n", p->call.n);
    return l.failed ? PASS_FAILED : PASS_CHANGED;
}
