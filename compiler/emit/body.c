/* body.c - a public function: pointers into the arena, scalars, calls of kernels in
 * order.
 *
 * With a team every member runs the whole body: sliced kernels share their iterations,
 * others run on rank 0, and members meet before a call that touches memory which a call
 * since the last meeting wrote (or writes memory that one read), unless both ran on
 * rank 0 alone. */
#include "emit/body.h"

#include "support/bug.h"

#include <string.h>

void body_use(BodyWriter *b, const char *name)
{
    for (int i = 0; i < b->signature.parameter.n; i++)
        if (str_equal(b->signature.parameter.at[i].name, name))
            b->parameter_used[i] = true;
}

static const char *parameter_of_path(BodyWriter *b, const char *path)
{
    for (int i = 0; i < b->signature.parameter.n; i++) {
        const Parameter *p = &b->signature.parameter.at[i];
        if (p->path != NULL && str_equal(p->path, path)) {
            b->parameter_used[i] = true;
            return p->name;
        }
    }
    return NULL;
}

const char *body_report(BodyWriter *b, const char *name)
{
    const ModuleTrain *t = b->f->train;
    int64_t step = b->f->kind == FUNCTION_EVAL ? t->batch : 1;
    for (int i = 0; i < t->n_reports; i++)
        if (str_equal(t->report[i].name, name)) {
            body_use(b, "report");
            return i == 0 ? "report"
                          : str_printf(b->w->arena, "report + %lld",
                                       (long long)(i * step));
        }
    BUG("%s reports `%s`, which the module does not know", b->f->name, name);
}

const char *body_gradient(BodyWriter *b, const char *path)
{
    const Member *m = map_find(b->w->member, path);
    if (m == NULL || m->tensor->role != ROLE_PARAM)
        BUG("gradient of `%s`, which is no parameter", path);
    body_use(b, "gradient");
    return str_printf(b->w->arena, "gradient->%s", m->name);
}

static const char *member_place(BodyWriter *b, const char *path)
{
    const Member *m = map_find(b->w->member, path);
    bool in_net = b->f->kind == FUNCTION_NET || b->f->kind == FUNCTION_RESET;
    const char *place = structs_access(b->w, path, in_net);
    if (place == NULL)
        BUG("%s reads `%s`, which is in no struct", b->f->name, path);
    body_use(b, !in_net ? "t"
                : m->tensor->role == ROLE_PARAM
                    ? "params"
                    : str_printf(b->w->arena, "%s_state",
                                 b->w->unit->module->net.at[m->net]->name));
    return place;
}

/* Storage of the twin in f64 that the caller holds. */
static const char *twin_place(BodyWriter *b, const Storage *s)
{
    Arena *a = b->w->arena;
    const char *name = s->path;
    if (s->kind == STORAGE_PARAM || s->kind == STORAGE_STATE) {
        const Member *m = map_find(b->w->member, s->path);
        body_use(b, "tensor");
        return str_printf(a, "tensor[%d]", m->index);
    }
    if (s->kind == STORAGE_OUTPUT) {
        bool loss = str_starts(name, "report/");
        body_use(b, loss ? "losses" : "stopped");
        return loss ? str_printf(a, "losses + %s", name + strlen("report/"))
                    : str_printf(a, "stopped[%s]", name + strlen("output/frozen/"));
    }
    if (str_starts(name, "frozen/")) {
        body_use(b, "frozen");
        return str_printf(a, "frozen[%s]", name + strlen("frozen/"));
    }
    for (int i = 0; i < b->f->train->n_inputs; i++)
        if (str_equal(b->f->train->input[i].name, name)) {
            body_use(b, "field");
            return str_printf(a, "(const %s *)field[%d]", dtype_c_name(s->dtype), i);
        }
    BUG("%s reads `%s`, which is no field", b->f->name, name);
}

static const char *place_of(BodyWriter *b, const Storage *s)
{
    const char *place = NULL;
    if (b->f->kind == FUNCTION_LOSSES && s->kind != STORAGE_CONSTANT &&
        s->kind != STORAGE_SCALAR && s->kind != STORAGE_ARENA)
        return twin_place(b, s);
    switch (s->kind) {
    case STORAGE_INPUT:
        if (str_starts(s->path, "gradient/"))
            return body_gradient(b, s->path + strlen("gradient/"));
        place = parameter_of_path(b, s->path);
        break;
    case STORAGE_OUTPUT:
        if (str_starts(s->path, "gradient/"))
            return body_gradient(b, s->path + strlen("gradient/"));
        if (str_starts(s->path, "report/"))
            return body_report(b, s->path + strlen("report/"));
        place = parameter_of_path(b, s->path);
        break;
    case STORAGE_PARAM:
    case STORAGE_STATE:
        return member_place(b, s->path);
    case STORAGE_CONSTANT:
        return constant_name(b->w, s->name, s->data);
    case STORAGE_SCALAR:
    case STORAGE_ARENA:
        return name_unique(b->w->arena, b->local, name_flat(b->w->arena, s->name));
    }
    if (place == NULL)
        BUG("%s has no parameter for `%s`", b->f->name, s->path);
    return place;
}

/* ---- scalars --------------------------------------------------------------------- */

/* Steps of the run that the caller makes, or that the program's settings ask for. */
static const char *total_steps(Arena *a, const ModuleTrain *t)
{
    const char *usual = t->steps > 0
                            ? str_printf(a, "%lld.0f", (long long)t->steps)
                            : str_printf(a, "t->steps_per_epoch * %lld.0f",
                                         (long long)(t->epochs > 0 ? t->epochs : 1));
    return str_printf(a, "t->total_steps > 0.0f ? t->total_steps : %s", usual);
}

static void print_scalar(BodyWriter *b, const Storage *s, Out *o)
{
    FunctionKind kind = b->f->kind;
    bool in_net = kind == FUNCTION_NET || kind == FUNCTION_RESET,
         at_init = kind == FUNCTION_INIT;
    const char *value = NULL, *type = dtype_c_name(s->dtype);
    if (str_equal(s->path, "key")) {
        const char *seed = in_net || at_init ? "seed" : "t->seed";
        body_use(b, in_net || at_init ? "seed" : "t");
        out_print(o,
                  "    const uint32_t %s[2] = { (uint32_t)(%s & 0xffffffffU), "
                  "(uint32_t)(%s >> 32) };\n",
                  b->name[s->id], seed, seed);
        return;
    }
    if (str_equal(s->path, "iteration")) {
        value = in_net                  ? "step"
                : at_init               ? "0"
                : kind == FUNCTION_EVAL ? "0x80000000U | split"
                                        : "t->step";
        body_use(b, in_net ? "step" : kind == FUNCTION_EVAL ? "split" : "t");
    } else if (str_equal(s->path, "sample")) {
        value = kind == FUNCTION_EVAL ? "first" : "0";
        body_use(b, "first");
    } else if (in_net || at_init) {
        value = "1.0f"; /* a schedule has no meaning here; the same for every call */
    } else if (str_equal(s->path, "step")) {
        value = kind == FUNCTION_EVAL || kind == FUNCTION_MEASURE ||
                        kind == FUNCTION_OBSERVE
                    ? "(float)t->step"
                    : "(float)(t->step + 1U)";
        body_use(b, "t");
    } else {
        value = str_equal(s->path, "total_steps")
                    ? total_steps(b->w->arena, b->f->train)
                    : str_printf(b->w->arena, "t->%s", s->path);
        body_use(b, "t");
    }
    out_print(o, "    const %s %s[1] = { %s };\n", type, b->name[s->id], value);
}

/* ---- calls ----------------------------------------------------------------------- */

static void touch_of(const BodyWriter *b, int call, int i, Touch *t)
{
    const Call *c = &b->f->program->call.at[call];
    const CallArg *arg = &c->arg[i];
    const Buffer *buffer = buffer_of_argument(c, i);
    const Storage *s = arg->storage;
    int64_t size = (int64_t)dtype_bytes(s->dtype);
    int64_t base = s->kind == STORAGE_ARENA ? s->offset_bytes : 0;
    *t = (Touch){ .space = s->kind == STORAGE_ARENA ? NULL : (const void *)s,
                  .begin = base + arg->offset * size,
                  .end = base + (arg->offset + program_reach(b->f->program, call, arg) +
                                 buffer->count) *
                                    size,
                  .writes = (buffer->access & ACCESS_WRITE) != 0,
                  .is_sliced = kernel_is_sliced(c->kernel) };
}

static bool must_meet(const BodyWriter *b, const Touch *t)
{
    for (int i = 0; i < b->touch.n; i++) {
        const Touch *old = &b->touch.at[i];
        bool overlap =
            old->space == t->space && old->begin < t->end && t->begin < old->end;
        if (overlap && (old->writes || t->writes) && (old->is_sliced || t->is_sliced))
            return true;
    }
    return false;
}

static void leave_rank0(BodyWriter *b)
{
    if (b->in_rank0) {
        out_indent(&b->calls, 4 + 4 * b->depth);
        out_puts(&b->calls, "}\n");
    }
    b->in_rank0 = false;
}

static void meet(BodyWriter *b)
{
    leave_rank0(b);
    out_indent(&b->calls, 4 + 4 * b->depth);
    out_puts(&b->calls, "team_wait(team);\n");
    b->w->uses_wait = true;
    b->touch.n = 0;
}

static void meet_if_needed(BodyWriter *b, int call)
{
    const Call *c = &b->f->program->call.at[call];
    bool needed = false;
    Touch t;
    for (int i = 0; i < c->n_arg; i++) {
        touch_of(b, call, i, &t);
        needed = needed || must_meet(b, &t);
    }
    if (needed)
        meet(b);
    for (int i = 0; i < c->n_arg; i++) {
        touch_of(b, call, i, &t);
        vec_push(b->w->arena, &b->touch, t);
    }
}

static bool shared_memory(const BodyWriter *b)
{
    bool any = false;
    for (int i = 0; i < b->touch.n; i++)
        any |= b->touch.at[i].is_sliced;
    return b->has_team && any;
}

/* Members meet before a loop and at the end of each pass: what one pass wrote, the next
 * may read. */
static void open_loop(BodyWriter *b, const ProgramLoop *l)
{
    if (shared_memory(b))
        meet(b);
    leave_rank0(b);
    out_indent(&b->calls, 4 + 4 * b->depth);
    const char *row = name_unique(b->w->arena, b->local, "row");
    b->row[b->depth++] = row;
    if (l->reverse)
        out_print(&b->calls, "for (int32_t %s = %lld; %s >= 0; --%s) {\n", row,
                  (long long)l->count - 1, row, row);
    else
        out_print(&b->calls, "for (int32_t %s = 0; %s < %lld; ++%s) {\n", row, row,
                  (long long)l->count, row);
}

static void close_loop(BodyWriter *b)
{
    if (shared_memory(b))
        meet(b);
    leave_rank0(b);
    b->depth--;
    out_indent(&b->calls, 4 + 4 * b->depth);
    out_puts(&b->calls, "}\n");
}

static const char *argument(BodyWriter *b, const Call *c, int i)
{
    const CallArg *arg = &c->arg[i];
    const Buffer *buffer = buffer_of_argument(c, i);
    const char *text = b->name[arg->storage->id];
    if (arg->offset != 0)
        text = str_printf(b->w->arena, "%s + %lld", text, (long long)arg->offset);
    for (int d = 0; d < b->depth; d++)
        if (arg->step[d] != 0)
            text = str_printf(b->w->arena, "%s + %s * %lld", text, b->row[d],
                              (long long)arg->step[d]);
    if (buffer->dtype == arg->storage->dtype ||
        str_equal(dtype_c_name(buffer->dtype), dtype_c_name(arg->storage->dtype)))
        return text;
    BUG("kernel %s takes %s as %s", c->kernel->name, dtype_name(arg->storage->dtype),
        dtype_name(buffer->dtype));
}

static const char *number_argument(const BodyWriter *b, const Call *c, int i)
{
    long long value = (long long)kernel_number(b->w, c->kernel, i);
    return str_printf(b->w->arena, "%lld", value);
}

static void print_wrapped_call(BodyWriter *b, const Call *c, bool sliced, int indent)
{
    Out *o = &b->calls;
    const char *name = kernel_use(b->w, c->kernel);
    size_t begin = o->length;
    out_indent(o, indent);
    out_print(o, "%s(", name);
    int column = (int)(o->length - begin), hang = column < 40 ? column : indent + 4;
    int slices = c->n_arg + (sliced ? 2 : 0);
    int n = slices + kernel_number_count(b->w, c->kernel);
    for (int i = 0; i < n; i++) {
        const char *text = i < c->n_arg   ? argument(b, c, i)
                           : i >= slices  ? number_argument(b, c, i - slices)
                           : !b->has_team ? (i == c->n_arg ? "0" : "1")
                                          : (i == c->n_arg ? "rank" : "size");
        int width = (int)strlen(text) + 2;
        if (i > 0 && column + width > 86) {
            out_puts(o, "\n");
            out_indent(o, hang);
            column = hang;
        } else if (i > 0) {
            out_puts(o, " ");
        }
        out_print(o, "%s%s", text, i + 1 < n ? "," : "");
        column += width;
    }
    out_puts(o, ");\n");
}

static void print_mark(BodyWriter *b, int call, int indent)
{
    Writer *w = b->w;
    const Call *c = &b->f->program->call.at[call];
    Mark m = { .kernel = kernel_use(w, c->kernel),
               .flops = c->kernel->flops,
               .bytes = c->kernel->bytes };
    static const char *const word[] = {
        [FUNCTION_INIT] = "init",       [FUNCTION_STEP] = "step",
        [FUNCTION_EVAL] = "eval",       [FUNCTION_GRAD] = "grad",
        [FUNCTION_APPLY] = "apply",     [FUNCTION_MEASURE] = "measure",
        [FUNCTION_LOSSES] = "losses",   [FUNCTION_EVERY] = "every",
        [FUNCTION_OBSERVE] = "observe", [FUNCTION_RESET] = "reset",
    };
    m.function = b->f->kind == FUNCTION_NET ? b->f->net->name : word[b->f->kind];
    if (!w->unit->profile || b->f->kind == FUNCTION_LOSSES)
        return;
    out_indent(&b->calls, indent);
    if (b->has_team && !b->in_rank0) {
        out_puts(&b->calls, "if (rank == 0)\n");
        out_indent(&b->calls, indent + 4);
    }
    out_print(&b->calls, "MARK(%d);\n", w->mark.n);
    vec_push(w->arena, &w->mark, m);
}

static void print_call(BodyWriter *b, int call)
{
    const Call *c = &b->f->program->call.at[call];
    bool sliced = kernel_is_sliced(c->kernel);
    int indent = 4 + 4 * b->depth;
    if (b->has_team) {
        meet_if_needed(b, call);
        if (sliced) {
            leave_rank0(b);
            b->uses_slices = true;
        } else if (!b->in_rank0) {
            out_indent(&b->calls, indent);
            out_puts(&b->calls, "if (rank == 0) {\n");
            b->in_rank0 = true;
        }
    }
    indent += b->in_rank0 ? 4 : 0;
    layers_begin(b, c, indent);
    print_wrapped_call(b, c, sliced, indent);
    print_mark(b, call, indent);
}

static void print_calls(BodyWriter *b)
{
    const Program *p = b->f->program;
    for (int c = 0, next = 0; c < p->call.n; c++) {
        const ProgramLoop *around[PROGRAM_NEST_MAX];
        int depth = program_loops(p, c, around);
        for (; next < p->loop.n && p->loop.at[next].first == c; next++)
            open_loop(b, &p->loop.at[next]);
        print_call(b, c);
        for (int d = 0; d < depth; d++)
            if (around[d]->last == c)
                close_loop(b);
    }
}

/* ---- what surrounds the calls ---------------------------------------------------- */

static void print_end(BodyWriter *b)
{
    if (!b->has_team) {
        body_every(b);
        body_rest(b, "    ");
        return;
    }
    meet(b); /* all results are there, and all have read the scalars */
    body_every(b);
    size_t before = b->calls.length;
    out_puts(&b->calls, "    if (rank == 0) {\n");
    size_t opened = b->calls.length;
    body_rest(b, "        ");
    if (b->calls.length == opened)
        b->calls.length = before;
    else
        out_puts(&b->calls, "    }\n");
}

/* "[4, 8], lives from call 0 to 3" */
static void print_arena_local(BodyWriter *b, const Storage *s, Out *o)
{
    const char *type = dtype_c_name(s->dtype);
    size_t begin = o->length;
    out_print(o, "    %s *const %s = (%s *)(void *)(bytes + %lld);", type,
              b->name[s->id], type, (long long)s->offset_bytes);
    size_t used = o->length - begin;
    out_indent(o, used < 62 ? (int)(62 - used) : 1);
    out_print(o, "/* %s, calls %d..%d */\n", shape_text(b->w->arena, &s->shape),
              s->first, s->last);
}

static bool in_arena(const BodyWriter *b)
{
    for (int i = 0; i < b->f->program->storage.n; i++)
        if (b->name[i] != NULL && b->f->program->storage.at[i]->kind == STORAGE_ARENA)
            return true;
    return false;
}

static void print_locals(BodyWriter *b, Out *o)
{
    const Program *p = b->f->program;
    if (in_arena(b)) {
        if (!signature_has_arena(b->f))
            out_print(o,
                      "    float scratch[%lld];\n"
                      "    unsigned char *const bytes = (unsigned char *)scratch;\n",
                      (long long)((p->arena_bytes + 3) / 4));
        else
            out_puts(o, "    unsigned char *const bytes = (unsigned char *)arena;\n");
        body_use(b, "arena");
    }
    for (int i = 0; i < p->storage.n; i++)
        if (b->name[i] != NULL && p->storage.at[i]->kind == STORAGE_ARENA)
            print_arena_local(b, p->storage.at[i], o);
    for (int i = 0; i < p->storage.n; i++)
        if (b->name[i] != NULL && p->storage.at[i]->kind == STORAGE_SCALAR)
            print_scalar(b, p->storage.at[i], o);
    if (body_has_every(b)) { /* before anybody may count it */
        out_puts(o, "    const uint32_t this_step = t->step + 1U;\n");
        body_use(b, "t");
    }
    if (b->has_team) {
        out_puts(o, "    const int32_t rank = team != NULL ? team->rank : 0;\n");
        if (b->uses_slices)
            out_puts(o, "    const int32_t size = team != NULL ? team->size : 1;\n");
        body_use(b, "team");
    }
}

static void name_storages(BodyWriter *b)
{
    const Program *p = b->f->program;
    for (int i = 0; i < b->signature.parameter.n; i++)
        map_put(b->local, b->signature.parameter.at[i].name, NULL);
    map_put(b->local, "bytes", NULL);
    map_put(b->local, "rank", NULL);
    map_put(b->local, "size", NULL);
    map_put(b->local, "scratch", NULL);
    map_put(b->local, "s", NULL);
    map_put(b->local, "this_step", NULL);
    for (int i = 0; i < p->storage.n; i++)
        if (p->storage.at[i]->id != i)
            BUG("storage %d of %s has id %d", i, p->name, p->storage.at[i]->id);
    for (int i = 0; i < p->call.n; i++)
        for (int j = 0; j < p->call.at[i].n_arg; j++) {
            const Storage *s = p->call.at[i].arg[j].storage;
            if (b->name[s->id] == NULL)
                b->name[s->id] = place_of(b, s);
        }
}

void body_print(Writer *w, const EmitFunction *f, Out *o)
{
    Out locals;
    BodyWriter b = { .w = w, .f = f, .signature = signature_of(w, f) };
    b.local = map_new(w->arena);
    b.name = arena_array(w->arena, const char *, f->program->storage.n + 1);
    b.parameter_used = arena_array(w->arena, bool, b.signature.parameter.n + 1);
    b.has_team = signature_has_team(w, f);
    out_init(&b.calls, w->arena);
    out_init(&locals, w->arena);
    name_storages(&b);
    print_calls(&b);
    layers_end(&b);
    print_end(&b);
    print_locals(&b, &locals);

    signature_print(w, &b.signature, f, o);
    out_puts(o, "\n{\n");
    out_write(o, out_text(&locals), locals.length);
    if (locals.length > 0)
        out_puts(o, "\n");
    for (int i = 0; i < b.signature.parameter.n; i++)
        if (!b.parameter_used[i])
            out_print(o, "    (void)%s;\n", b.signature.parameter.at[i].name);
    out_write(o, out_text(&b.calls), b.calls.length);
    out_puts(o, "}\n\n");
}
