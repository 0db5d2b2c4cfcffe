/* structs.c - the structs of the interface: parameters, states of nets, the train
 * state.
 *
 * On targets with vectors every array begins at a multiple of the alignment, by padding
 * members, so that no vector of a kernel straddles two cache lines for nothing. */
#include "emit/writer.h"

/* The net of that name: streams are another form of a net of the module. */
static int net_index(const Module *m, const ModuleNet *net)
{
    for (int i = 0; i < m->net.n; i++)
        if (str_equal(m->net.at[i]->name, net->name))
            return i;
    return -1;
}

static int owner_of(const Module *m, const char *path)
{
    for (int i = 0; i < m->net.n; i++)
        for (int j = 0; j < m->net.at[i]->tensor.n; j++)
            if (str_equal(m->net.at[i]->tensor.at[j], path))
                return i;
    return -1;
}

/* Names of members of the train state that are not tensors. */
static const char *const own_members[] = {
    "params", "seed", "step", "epoch", "steps_per_epoch", "total_steps", "lr_scale"
};

static bool add_member(Writer *w, Map *taken, const ModuleTensor *t, int memory_of)
{
    Member *m = arena_new(w->arena, Member);
    m->tensor = t;
    m->index = w->members.n;
    m->name = name_flat(w->arena, t->path);
    m->net = t->role == ROLE_STATE ? owner_of(w->unit->module, t->path) : memory_of;
    map_put(w->member, t->path, m);
    vec_push(w->arena, &w->members, m);
    if (!map_has(taken, m->name)) {
        map_put(taken, m->name, m);
        return true;
    }
    const Member *other = map_find(taken, m->name);
    if (other == NULL)
        return diag_error(w->sink, t->span, DIAG_TWICE,
                          "`%s` becomes `%s` in C, which dlc uses itself", t->path,
                          m->name);
    Diag *d = diag_begin(w->sink, DIAG_TWICE, t->span,
                         "`%s` and `%s` have one name in C, `%s`", other->tensor->path,
                         t->path, m->name);
    diag_label(d, other->tensor->span, "`%s`", other->tensor->path);
    return diag_end(d);
}

/* Is it a state that a net with trained values goes on changing? */
static bool becomes_memory(const EmitUnit *unit, const char *path)
{
    for (int i = 0; i < unit->function.n; i++) {
        const EmitFunction *f = &unit->function.at[i];
        for (int j = 0; f->kind == FUNCTION_RESET && j < f->net->memory.n; j++)
            if (str_equal(f->net->memory.at[j]->path, path))
                return true;
    }
    return false;
}

bool structs_init(Writer *w)
{
    const Module *m = w->unit->module;
    Map *taken = map_new(w->arena);
    bool good = true;
    w->member = map_new(w->arena);
    for (size_t i = 0; i < sizeof own_members / sizeof own_members[0]; i++)
        map_put(taken, own_members[i], NULL);
    for (int i = 0; i < m->tensor.n; i++)
        if (!becomes_memory(w->unit, m->tensor.at[i].path))
            good = add_member(w, taken, &m->tensor.at[i], -1) && good;
    for (int i = 0; i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        for (int j = 0; f->kind == FUNCTION_RESET && j < f->net->memory.n; j++) {
            const ModuleTensor *t = f->net->memory.at[j];
            if (map_has(w->member, t->path))
                continue; /* two deploy blocks of the net have one struct */
            good = add_member(w, taken, t, net_index(m, f->net)) && good;
        }
    }
    return good;
}

/* Constant in the text, not in a struct. */
static bool is_baked(const Writer *w, const ModuleTensor *t)
{
    const Map *resident = w->unit->resident;
    return w->unit->weights != NULL && t->role != ROLE_MEMORY &&
           (resident == NULL || !map_has(resident, t->path));
}

bool structs_has_memory(const Writer *w, int net)
{
    for (int i = 0; i < w->members.n; i++)
        if (w->members.at[i]->tensor->role == ROLE_MEMORY &&
            w->members.at[i]->net == net)
            return true;
    return false;
}

bool structs_has_params(const Writer *w)
{
    for (int i = 0; i < w->members.n; i++)
        if (w->members.at[i]->tensor->role == ROLE_PARAM &&
            !is_baked(w, w->members.at[i]->tensor))
            return true;
    return false;
}

bool structs_has_state(const Writer *w, int net)
{
    for (int i = 0; i < w->members.n; i++)
        if (w->members.at[i]->tensor->role == ROLE_STATE &&
            w->members.at[i]->net == net && !is_baked(w, w->members.at[i]->tensor))
            return true;
    return false;
}

bool structs_has_train(const Writer *w)
{
    return w->unit->weights == NULL || w->unit->resident != NULL;
}

static const char *state_member(const Writer *w, int net)
{
    return str_printf(w->arena, "%s_state", w->unit->module->net.at[net]->name);
}

const char *structs_designator(Writer *w, const Member *m)
{
    if (m->tensor->role == ROLE_PARAM)
        return str_printf(w->arena, "params.%s", m->name);
    if (m->net >= 0)
        return str_printf(w->arena, "%s.%s", state_member(w, m->net), m->name);
    return m->name;
}

const char *structs_access(Writer *w, const char *path, bool in_net)
{
    const Member *m = map_find(w->member, path);
    if (m == NULL || is_baked(w, m->tensor))
        return NULL;
    if (!in_net)
        return str_printf(w->arena, "t->%s", structs_designator(w, m));
    if (m->tensor->role == ROLE_PARAM)
        return str_printf(w->arena, "params->%s", m->name);
    if (m->net < 0)
        return NULL;
    return str_printf(w->arena, "%s->%s", state_member(w, m->net), m->name);
}

int structs_align(const Writer *w)
{
    int lanes = w->unit->target->lanes;
    return lanes > 1 ? 64 : 16;
}

/* ---- text ------------------------------------------------------------------------ */

static int64_t tensor_bytes(const ModuleTensor *t)
{
    return shape_count(&t->shape) * (int64_t)dtype_bytes(t->dtype);
}

static void print_member(Writer *w, const Member *m, int *pads, Out *o)
{
    const ModuleTensor *t = m->tensor;
    int64_t bytes = tensor_bytes(t), align = structs_align(w);
    size_t begin = o->length;
    int64_t count = shape_count(&t->shape);
    out_print(o, "    %s %s[%lld];", dtype_c_name(t->dtype), m->name,
              (long long)(count > 0 ? count : 1));
    size_t used = o->length - begin;
    out_indent(o, used < 44 ? (int)(44 - used) : 1);
    out_print(o, "/* %s %s */\n", name_comment(w->arena, t->path),
              shape_text(w->arena, &t->shape));
    if (align > 16 && bytes % align != 0)
        out_print(o, "    unsigned char pad%d[%lld];\n", (*pads)++,
                  (long long)(align - bytes % align));
}

static void print_struct(Writer *w, const char *name, const char *about,
                         TensorRole role, int net, Out *o)
{
    int pads = 0;
    out_print(o, "/* %s */\ntypedef struct %s {\n", about, name);
    for (int i = 0; i < w->members.n; i++) {
        const Member *m = w->members.at[i];
        bool mine = role == ROLE_PARAM ? m->tensor->role == role
                                       : m->net == net && m->tensor->role != ROLE_PARAM;
        if (mine && !is_baked(w, m->tensor))
            print_member(w, m, &pads, o);
    }
    out_print(o, "} %s;\n\n", name);
}

static void print_train_state(Writer *w, Out *o)
{
    const char *prefix = w->unit->prefix;
    int pads = 0;
    out_puts(o,
             "/* All that training changes; the caller's. _train_init fills it. */\n");
    out_print(o, "typedef struct %s_train_state {\n", prefix);
    if (structs_has_params(w))
        out_print(o, "    %s_params params;\n", prefix);
    for (int n = 0; n < w->unit->module->net.n; n++)
        if (structs_has_state(w, n))
            out_print(o, "    %s_%s %s;\n", prefix, state_member(w, n),
                      state_member(w, n));
    for (int i = 0; i < w->members.n; i++) {
        const Member *m = w->members.at[i];
        bool own = m->tensor->role == ROLE_OPTIMIZER ||
                   m->tensor->role == ROLE_METRIC ||
                   (m->tensor->role == ROLE_STATE && m->net < 0);
        if (own && !is_baked(w, m->tensor))
            print_member(w, m, &pads, o);
    }
    out_puts(o,
             "    uint64_t seed;                          /* of all random numbers */\n"
             "    uint32_t step;                          /* steps done */\n"
             "    float epoch;                            /* from 0, the caller's */\n"
             "    float steps_per_epoch;                  /* the caller's */\n"
             "    float total_steps;                      /* of the run; 0: as the "
             "program says */\n"
             "    float lr_scale;                         /* 1 unless a plateau "
             "lowered it */\n");
    out_print(o, "} %s_train_state;\n\n", prefix);
}

void structs_print(Writer *w, Out *o)
{
    const char *prefix = w->unit->prefix;
    if (structs_has_params(w))
        print_struct(w, str_printf(w->arena, "%s_params", prefix),
                     "What is trained: dense, row-major, channels last.", ROLE_PARAM,
                     -1, o);
    for (int n = 0; n < w->unit->module->net.n; n++)
        if (structs_has_state(w, n) || structs_has_memory(w, n))
            print_struct(w, str_printf(w->arena, "%s_%s", prefix, state_member(w, n)),
                         structs_has_memory(w, n)
                             ? "Kept between calls; _reset fills it before the first."
                             : "Kept between steps, not trained.",
                         ROLE_STATE, n, o);
    if (structs_has_train(w))
        print_train_state(w, o);
}
