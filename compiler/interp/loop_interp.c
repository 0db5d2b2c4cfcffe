/* loop_interp.c - runs register code, see loop_interp.h. */
#include "interp/loop_interp.h"
#include "interp/element.h"
#include "interp/loop_code.h"
#include "loop/program.h"
#include "loop/scalar.h"
#include "support/bug.h"
#include "tensor/half.h"

#include <math.h>
#include <string.h>

typedef struct Memory {
    void *at;
    int64_t count;
} Memory;

static void out_of_range(const Code *code, const Ins *ins, int64_t index)
{
    const Buffer *b = code->kernel->buffer.at[ins->b];
    BUG("kernel %s: %s[%lld .. +%d] of %lld", code->kernel->name, b->name,
        (long long)index, ins->lanes, (long long)b->count);
}

/* halves are added until one is left */
static void fold_lanes(const Ins *ins, Word *w)
{
    Word t[64];
    memcpy(t, w + ins->a, (size_t)ins->lanes * sizeof *t);
    for (int half = ins->lanes / 2; half >= 1; half /= 2)
        for (int l = 0; l < half; l++) {
            Word x = t[l], y = t[l + half];
            switch (ins->op) {
            /* clang-format off */
            case CODE_HSUM_F: t[l].f = x.f + y.f; break;
            case CODE_HMAX_F: t[l].f = x.f > y.f ? x.f : y.f; break;
            case CODE_HSUM_I: t[l].u = x.u + y.u; break;
            case CODE_HMAX_I: t[l].i = x.i > y.i ? x.i : y.i; break;
            default: t[l].u = x.u > y.u ? x.u : y.u; break;
                /* clang-format on */
            }
        }
    w[ins->to] = t[0];
}

#define EACH(statement)                                                                \
    for (int l = 0; l < lanes; l++) {                                                  \
        statement;                                                                     \
    }                                                                                  \
    break
#define TO(field) to[l].field
#define A(field)  a[l].field
#define B(field)  b[l].field
#define AT(type)  ((type *)m->at + index)

static void load(const Code *code, const Ins *ins, Word *w, const Memory *memory)
{
    const Memory *m = &memory[ins->b];
    int64_t index = w[ins->a].i;
    int lanes = ins->lanes;
    if (index < 0 || index + lanes > m->count)
        out_of_range(code, ins, index);
    Word *to = w + ins->to;
    switch (ins->op) {
    /* clang-format off */
    case CODE_LOAD_32: EACH(TO(u) = AT(const uint32_t)[l]);
    case CODE_LOAD_U8: EACH(TO(i) = AT(const uint8_t)[l]);
    case CODE_LOAD_I8: EACH(TO(i) = AT(const int8_t)[l]);
    case CODE_LOAD_F16: EACH(TO(f) = (float)half_value(AT(const uint16_t)[l]));
    case CODE_LOAD_U16: EACH(TO(i) = AT(const uint16_t)[l]);
    default: EACH(TO(i) = AT(const int16_t)[l]);
        /* clang-format on */
    }
}

static void store(const Code *code, const Ins *ins, const Word *w, const Memory *memory)
{
    const Memory *m = &memory[ins->b];
    int64_t index = w[ins->to].i;
    int lanes = ins->lanes;
    if (index < 0 || index + lanes > m->count)
        out_of_range(code, ins, index);
    const Word *a = w + ins->a;
    switch (ins->op) {
    case CODE_STORE_32:
        EACH(AT(uint32_t)[l] = A(u));
    case CODE_STORE_8:
        EACH(AT(uint8_t)[l] = (uint8_t)A(u));
    default:
        EACH(AT(uint16_t)[l] = (uint16_t)A(u));
    }
}

static void convert(const Ins *ins, Word *w)
{
    Word *to = w + ins->to;
    const Word *a = w + ins->a;
    int lanes = ins->lanes;
    switch (ins->op) {
    /* clang-format off */
    case CODE_F_OF_I: EACH(TO(f) = (float)A(i));
    case CODE_F_OF_U: EACH(TO(f) = (float)A(u));
    case CODE_I_OF_F: EACH(TO(i) = scalar_i32_of_f32(A(f)));
    case CODE_U_OF_F: EACH(TO(u) = scalar_u32_of_f32(A(f)));
    case CODE_B_OF_F: EACH(TO(u) = A(f) != 0.0f);
    case CODE_B_OF_I: EACH(TO(u) = A(u) != 0);
    default: EACH(TO(i) = scalar_clamp(A(i), ins->b, ins->c));
        /* clang-format on */
    }
}

/* Not on the hot path of contractions. */
static void compute_rare(const Code *code, const Ins *ins, Word *w)
{
    Word *to = w + ins->to;
    const Word *a = w + ins->a, *b = w + ins->b;
    int lanes = ins->lanes;
    switch (ins->op) {
    /* clang-format off */
    case CODE_DIV_F: EACH(TO(f) = A(f) / B(f));
    case CODE_EQ_F: EACH(TO(u) = A(f) == B(f));
    case CODE_NE_F: EACH(TO(u) = A(f) != B(f));
    case CODE_LE_F: EACH(TO(u) = A(f) <= B(f));
    case CODE_MIN_I: EACH(TO(i) = A(i) < B(i) ? A(i) : B(i));
    case CODE_MAX_I: EACH(TO(i) = A(i) > B(i) ? A(i) : B(i));
    case CODE_EQ_I: EACH(TO(u) = A(u) == B(u));
    case CODE_NE_I: EACH(TO(u) = A(u) != B(u));
    case CODE_LE_I: EACH(TO(u) = A(i) <= B(i));
    case CODE_DIV_U: EACH(TO(u) = A(u) / B(u));
    case CODE_MOD_U: EACH(TO(u) = A(u) % B(u));
    case CODE_MIN_U: EACH(TO(u) = A(u) < B(u) ? A(u) : B(u));
    case CODE_MAX_U: EACH(TO(u) = A(u) > B(u) ? A(u) : B(u));
    case CODE_LT_U: EACH(TO(u) = A(u) < B(u));
    case CODE_LE_U: EACH(TO(u) = A(u) <= B(u));
    case CODE_AND: EACH(TO(u) = A(u) & B(u));
    case CODE_OR: EACH(TO(u) = A(u) | B(u));
    case CODE_XOR: EACH(TO(u) = A(u) ^ B(u));
    case CODE_SHL: EACH(TO(u) = A(u) << (B(u) & 31));
    case CODE_SHR_I: EACH(TO(i) = A(i) >> (B(u) & 31));
    case CODE_SHR_U: EACH(TO(u) = A(u) >> (B(u) & 31));
    case CODE_NEG_F: EACH(TO(u) = A(u) ^ 0x80000000U);
    case CODE_ABS_F: EACH(TO(u) = A(u) & 0x7fffffffU);
    case CODE_SQRT_F: EACH(TO(f) = sqrtf(A(f)));
    case CODE_FLOOR_F: EACH(TO(f) = floorf(A(f)));
    case CODE_NEG_I: EACH(TO(u) = 0U - A(u));
    case CODE_ABS_I: EACH(TO(u) = A(i) < 0 ? 0U - A(u) : A(u));
    case CODE_NOT_I: EACH(TO(u) = ~A(u));
    case CODE_NOT_B: EACH(TO(u) = A(u) ^ 1U);
    case CODE_HSUM_F:
    case CODE_HMAX_F:
    case CODE_HSUM_I:
    case CODE_HMAX_I:
    case CODE_HMAX_U: fold_lanes(ins, w); break;
    case CODE_INTRINSIC:
        /* clang-format on */
        code->function.at[ins->b]->run(&w[ins->a].u, &w[ins->to].u);
        break;
    default:
        convert(ins, w);
        break;
    }
}

static void run(const Code *code, Word *w, const Memory *memory)
{
    const Ins *first = code->ins.at, *ins = first;
    for (;; ins++) {
        Word *to = w + ins->to;
        const Word *a = w + ins->a;
        int lanes = ins->lanes;
        switch (ins->op) {
        /* clang-format off */
        case CODE_COPY: EACH(to[l] = a[l]);
        case CODE_SPLAT: EACH(to[l] = a[0]);
        case CODE_LOAD_32:
        case CODE_LOAD_U8:
        case CODE_LOAD_I8:
        case CODE_LOAD_U16:
        case CODE_LOAD_F16:
        case CODE_LOAD_I16: load(code, ins, w, memory); break;
        case CODE_STORE_32:
        case CODE_STORE_8:
        case CODE_STORE_16: store(code, ins, w, memory); break;
        case CODE_ADD_F: EACH(TO(f) = A(f) + w[ins->b + l].f);
        case CODE_SUB_F: EACH(TO(f) = A(f) - w[ins->b + l].f);
        case CODE_MUL_F: EACH(TO(f) = A(f) * w[ins->b + l].f);
        case CODE_MIN_F: EACH(TO(f) = A(f) < w[ins->b + l].f ? A(f) : w[ins->b + l].f);
        case CODE_MAX_F: EACH(TO(f) = A(f) > w[ins->b + l].f ? A(f) : w[ins->b + l].f);
        case CODE_LT_F: EACH(TO(u) = A(f) < w[ins->b + l].f);
        case CODE_ADD_I: EACH(TO(u) = A(u) + w[ins->b + l].u);
        case CODE_SUB_I: EACH(TO(u) = A(u) - w[ins->b + l].u);
        case CODE_MUL_I: EACH(TO(u) = A(u) * w[ins->b + l].u);
        case CODE_DIV_I: EACH(TO(i) = A(i) / w[ins->b + l].i);
        case CODE_MOD_I: EACH(TO(i) = A(i) % w[ins->b + l].i);
        case CODE_LT_I: EACH(TO(u) = A(i) < w[ins->b + l].i);
        case CODE_SCALE_ADD: to->u = a->u * (uint32_t)ins->c + w[ins->b].u; break;
        case CODE_SELECT: EACH(to[l] = A(u) ? w[ins->b + l] : w[ins->c + l]);
        case CODE_FMA: EACH(TO(f) = fmaf(A(f), w[ins->b + l].f, w[ins->c + l].f));
        case CODE_FOR:
            /* clang-format on */
            *to = *a;
            if (to->i >= w[ins->b].i)
                ins = first + ins->c - 1;
            break;
        case CODE_NEXT:
            to->i += a->i;
            if (to->i < w[ins->b].i)
                ins = first + ins->c - 1;
            break;
        case CODE_UNLESS:
            if (a->u == 0)
                ins = first + ins->c - 1;
            break;
        case CODE_JUMP:
            ins = first + ins->c - 1;
            break;
        case CODE_END:
            return;
        default:
            compute_rare(code, ins, w);
            break;
        }
    }
}

/* ---- kernels --------------------------------------------------------------------- */

enum { POISON = 0xff }; /* a NaN as f32, -1 as an integer */

static void run_code(const Code *code, void *const *buffers, int slice_rank,
                     int slice_size, Arena *scratch)
{
    const Kernel *k = code->kernel;
    Word *w = arena_array(scratch, Word, code->word.n);
    memcpy(w, code->word.at, (size_t)code->word.n * sizeof *w);
    w[WORD_SLICE_RANK].i = slice_rank;
    w[WORD_SLICE_SIZE].i = slice_size;
    Memory *memory = arena_array(scratch, Memory, k->buffer.n + 1);
    int n = 0;
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        memory[i].count = b->count;
        if (b->access != ACCESS_LOCAL) {
            memory[i].at = buffers[n++];
            continue;
        }
        size_t bytes = (size_t)b->count * dtype_bytes(b->dtype);
        memory[i].at = arena_alloc(scratch, bytes + 1);
        memset(memory[i].at, POISON, bytes);
    }
    run(code, w, memory);
}

void kernel_run(const Kernel *k, void *const *buffers, int slice_rank, int slice_size,
                Arena *scratch)
{
    ArenaMark mark = arena_mark(scratch);
    run_code(kernel_compile(k, scratch), buffers, slice_rank, slice_size, scratch);
    arena_rewind(scratch, mark);
}

/* ---- programs -------------------------------------------------------------------- */

void *storage_constant(const Storage *s, Arena *a)
{
    char *at = arena_alloc(a, (size_t)storage_bytes(s) + 1);
    for (int64_t i = 0; i < s->count; i++)
        element_store(s->dtype, at, i, dtype_round(s->dtype, s->data->at[i]));
    return at;
}

static bool is_planned(const Storage *s)
{
    return s->offset_bytes >= 0;
}

static bool overlaps(const Storage *a, const Storage *b)
{
    if (a->offset_bytes < 0 || b->offset_bytes < 0)
        return a == b;
    return a->offset_bytes < b->offset_bytes + storage_bytes(b) &&
           b->offset_bytes < a->offset_bytes + storage_bytes(a);
}

/* Nothing else that lives at call `now` shares bytes with s. */
static bool owns_bytes(const Program *p, const Storage *s, int now)
{
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *o = p->storage.at[i];
        if (o != s && (o->kind == STORAGE_ARENA || is_planned(o)) && o->first <= now &&
            now <= o->last && overlaps(o, s))
            return false;
    }
    return true;
}

static void **place_storage(const Program *p, void *const *data, Arena *scratch)
{
    void **at = arena_array(scratch, void *, p->storage.n + 1);
    char *arena = arena_alloc(scratch, (size_t)p->arena_bytes + 1);
    memset(arena, POISON, (size_t)p->arena_bytes);
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        int64_t end = s->offset_bytes + storage_bytes(s);
        if (s->kind == STORAGE_CONSTANT) {
            at[i] = storage_constant(s, scratch);
        } else if (s->kind != STORAGE_ARENA && !is_planned(s)) {
            at[i] = data[i];
        } else if (s->offset_bytes < 0) {
            at[i] = arena_alloc(scratch, (size_t)storage_bytes(s) + 1);
            memset(at[i], POISON, (size_t)storage_bytes(s));
        } else if (end > p->arena_bytes) {
            BUG("storage %s ends at %lld of %lld bytes", s->name, (long long)end,
                (long long)p->arena_bytes);
        } else {
            at[i] = arena + s->offset_bytes;
            if (s->kind == STORAGE_INPUT)
                memcpy(at[i], data[i], (size_t)storage_bytes(s));
        }
    }
    return at;
}

/* Only a sliced kernel is shared: the others run on the first member. */
static bool runs_sliced(const Kernel *k)
{
    for (int i = 0; i < k->body.stmt.n; i++)
        if (k->body.stmt.at[i]->kind == STMT_FOR &&
            k->body.stmt.at[i]->loop == LOOP_SLICED)
            return true;
    return false;
}

static void run_call(const ProgramStep *step, const Code *code, void **at,
                     int team_size, Arena *scratch)
{
    const Program *p = step->p;
    const Call *call = &p->call.at[step->call];
    ArenaMark mark = arena_mark(scratch);
    void **buffers = arena_array(scratch, void *, call->n_arg + 1);
    for (int i = 0, n = 0; i < call->kernel->buffer.n; i++) {
        const Buffer *b = call->kernel->buffer.at[i];
        if (b->access == ACCESS_LOCAL)
            continue;
        if (n == call->n_arg)
            BUG("a call of %s in %s has too few arguments", call->kernel->name,
                p->name);
        const CallArg *arg = &call->arg[n];
        const Storage *s = arg->storage;
        if (at[s->id] == NULL)
            BUG("program %s runs without data for %s", p->name, s->name);
        int64_t offset = program_offset(step, arg);
        if (s->dtype != b->dtype || offset < 0 || offset + b->count > s->count)
            BUG("%s of %s does not fit storage %s", b->name, call->kernel->name,
                s->name);
        buffers[n++] = (char *)at[s->id] + (size_t)offset * dtype_bytes(s->dtype);
    }
    int members = runs_sliced(call->kernel) ? team_size : 1;
    for (int rank = 0; rank < members; rank++)
        run_code(code, buffers, rank, team_size, scratch);
    arena_rewind(scratch, mark);
}

void program_run_watched(const Program *p, void *const *data, int team_size,
                         Arena *scratch, StorageSeen *finished, void *context)
{
    ArenaMark mark = arena_mark(scratch);
    void **at = place_storage(p, data, scratch);
    const Code **code = arena_array(scratch, const Code *, p->call.n + 1);
    for (ProgramStep step = program_begin(p); step.call < p->call.n;
         program_next(&step)) {
        int c = step.call;
        for (int i = 0; i < p->storage.n; i++) {
            const Storage *s = p->storage.at[i];
            if (is_planned(s) && s->first == c && owns_bytes(p, s, c) &&
                program_is_first_pass(&step, s->first, s->last))
                memset(at[i], POISON, (size_t)storage_bytes(s));
        }
        if (code[c] == NULL)
            code[c] = kernel_compile(p->call.at[c].kernel, scratch);
        run_call(&step, code[c], at, team_size, scratch);
        for (int i = 0; i < p->storage.n; i++) {
            const Storage *s = p->storage.at[i];
            if (!is_planned(s) || s->last != c ||
                !program_is_last_pass(&step, s->first, s->last))
                continue;
            if (finished != NULL && s->kind == STORAGE_ARENA)
                finished(context, s, at[i]);
            if (s->kind != STORAGE_OUTPUT && owns_bytes(p, s, c) &&
                owns_bytes(p, s, c + 1))
                memset(at[i], POISON, (size_t)storage_bytes(s));
        }
    }
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->kind == STORAGE_OUTPUT && is_planned(s))
            memcpy(data[i], at[i], (size_t)storage_bytes(s));
    }
    arena_rewind(scratch, mark);
}

void program_run(const Program *p, void *const *data, int team_size, Arena *scratch)
{
    program_run_watched(p, data, team_size, scratch, NULL, NULL);
}
