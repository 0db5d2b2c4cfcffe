/* math.c - calls of elementary functions and their instances, see math.h. */
#include "device/philox.h"
#include "loop/math_build.h"
#include "support/bug.h"
#include "support/str.h"

#include <string.h>

typedef struct MathRow {
    const char *name, *about, *wide;
    int n_params;
    double ulp;
    void (*build)(MathBuild *m);
} MathRow;

#define MATH(id, name, n, ulp, wide, about)                                            \
    { #name, about, wide, n, ulp, math_build_##name },
static const MathRow math_table[MATH_COUNT] = {
#include "loop/math.def"
};
#undef MATH

const char *math_name(MathFunction f)
{
    return math_table[f].name;
}

double math_max_ulp(MathFunction f)
{
    return math_table[f].ulp;
}

/* ---- functions under construction ------------------------------------------------ */

void math_param(MathBuild *m, const char *name, DType dtype)
{
    Var *v = arena_new(m->k->arena, Var);
    v->name = name;
    v->kind = VAR_PARAM;
    v->type = (LoopType){ dtype, 1 };
    v->id = m->f->n_params;
    v->low = INT32_MIN;
    v->high = INT32_MAX;
    m->f->param[m->f->n_params++] = v;
}

Expr *math_arg(MathBuild *m, int i)
{
    return expr_var(m->k, m->f->param[i]);
}

static bool name_used(const LoopFunction *f, const char *name)
{
    for (int i = 0; i < f->n_params; i++)
        if (str_equal(f->param[i]->name, name))
            return true;
    for (int i = 0; i < f->n_lets; i++)
        if (str_equal(f->let[i]->name, name))
            return true;
    return false;
}

enum { MATH_MAX_LETS = 64 };

Expr *math_let(MathBuild *m, const char *name, Expr *value)
{
    if (value->kind == EXPR_VAR || value->kind == EXPR_INT || value->kind == EXPR_FLOAT)
        return value;
    LoopFunction *f = m->f;
    if (f->n_lets == MATH_MAX_LETS)
        BUG("too many steps in %s", f->name);
    Var *v = arena_new(m->k->arena, Var);
    v->name = name;
    for (int i = 2; name_used(f, v->name); i++)
        v->name = str_printf(m->k->arena, "%s%d", name, i);
    v->kind = VAR_LET;
    v->type = value->type;
    v->id = f->n_params + f->n_lets;
    v->low = INT32_MIN;
    v->high = INT32_MAX;
    f->let[f->n_lets] = v;
    f->let_value[f->n_lets++] = value;
    return expr_var(m->k, v);
}

Expr *math_number(MathBuild *m, double value)
{
    return expr_f32(m->k, value);
}

Expr *math_madd(MathBuild *m, Expr *a, Expr *b, Expr *c)
{
    return m->fma ? expr_fma(m->k, a, b, c) : expr_add(m->k, expr_mul(m->k, a, b), c);
}

Expr *math_polynomial(MathBuild *m, Expr *x, const double *c, int n)
{
    Expr *p = math_number(m, c[0]);
    for (int i = 1; i < n; i++)
        p = math_let(m, "p", math_madd(m, p, x, math_number(m, c[i])));
    return p;
}

/* ---- calls ----------------------------------------------------------------------- */

static const LoopFunction *find_function(const Kernel *k, const char *name)
{
    for (int i = 0; i < k->function.n; i++)
        if (str_equal(k->function.at[i]->name, name))
            return k->function.at[i];
    return NULL;
}

static const LoopFunction *scalar_function(Kernel *k, MathFunction id, bool fma)
{
    const MathRow *row = &math_table[id];
    char *name = str_printf(k->arena, fma ? "dlc_%sf_fma" : "dlc_%sf", row->name);
    const LoopFunction *known = find_function(k, name);
    if (known != NULL)
        return known;
    LoopFunction *f = arena_new(k->arena, LoopFunction);
    f->name = name;
    f->about = str_printf(k->arena, "%s Within %.1f ulp.", row->about, row->ulp);
    f->result = (LoopType){ DTYPE_F32, 1 };
    f->let = arena_array(k->arena, Var *, MATH_MAX_LETS);
    f->let_value = arena_array(k->arena, Expr *, MATH_MAX_LETS);
    MathBuild m = { k, f, fma };
    math_param(&m, "x", DTYPE_F32);
    if (row->n_params == 2)
        math_param(&m, "y", DTYPE_F32);
    row->build(&m);
    vec_push(k->arena, &k->function, f);
    return f;
}

Expr *math_call(Kernel *k, MathFunction f, bool fma, Expr *x, Expr *y_or_null)
{
    if ((math_table[f].n_params == 2) != (y_or_null != NULL))
        BUG("%s takes %d arguments", math_table[f].name, math_table[f].n_params);
    const LoopFunction *function = scalar_function(k, f, fma);
    int lanes = x->type.lanes;
    if (y_or_null != NULL && y_or_null->type.lanes > lanes)
        lanes = y_or_null->type.lanes;
    if (lanes > 1)
        function = function_vectorize(k, function, lanes);
    Expr *args[2] = { x, y_or_null };
    return expr_call(k, function, math_table[f].n_params, args);
}

static int row_of(const LoopFunction *f)
{
    for (int i = 0; i < MATH_COUNT; i++) {
        size_t n = strlen(math_table[i].name);
        if (str_starts(f->name, "dlc_") &&
            strncmp(f->name + 4, math_table[i].name, n) == 0 && f->name[4 + n] == 'f' &&
            f->name[5 + n] == '\0')
            return i;
    }
    return -1;
}

const LoopFunction *math_wide(Kernel *k, const LoopFunction *f)
{
    int i = row_of(f);
    if (i < 0 && f->result.dtype != DTYPE_F32)
        return f;
    if (i < 0)
        BUG("%s has no twin in f64", f->name);
    const MathRow *row = &math_table[i];
    LoopFunction *y = arena_new(k->arena, LoopFunction);
    y->name = str_printf(k->arena, "dlc_%s_f64", row->name);
    y->result = (LoopType){ DTYPE_F64, 1 };
    y->c_text =
        str_printf(k->arena, "static double %s(double x%s)\n{\n    return %s;\n}\n",
                   y->name, row->n_params == 2 ? ", double y" : "", row->wide);
    return y;
}

/* ---- philox ---------------------------------------------------------------------- */

static void philox_run(const uint32_t *args, uint32_t *result)
{
    const uint32_t counter[4] = { args[0] / 4, args[1], args[2], args[3] };
    uint32_t out[4];
    dlc_philox(out, counter, args + 4);
    *result = out[args[0] % 4];
}

static const char philox_c_text[] =
    "static uint32_t dlc_philox_word(uint32_t element, uint32_t sample, uint32_t "
    "iteration,\n"
    "                                uint32_t stream, uint32_t key0, uint32_t key1)\n"
    "{\n"
    "    const uint32_t counter[4] = { element / 4u, sample, iteration, stream };\n"
    "    const uint32_t key[2] = { key0, key1 };\n"
    "    uint32_t out[4];\n"
    "    dlc_philox(out, counter, key);\n"
    "    return out[element % 4u];\n"
    "}\n";

static void high_run(const uint32_t *args, uint32_t *result)
{
    *result = (uint32_t)((uint64_t)args[0] * args[1] >> 32);
}

static const char high_c_text[] =
    "static uint32_t dlc_high_word(uint32_t a, uint32_t b)\n"
    "{\n"
    "    return (uint32_t)((uint64_t)a * b >> 32);\n"
    "}\n";

typedef struct Intrinsic { /* of u32 parameters and a u32 result */
    const char *name, *about, *c_text;
    void (*run)(const uint32_t *args, uint32_t *result);
    const char *parameter[6];
} Intrinsic;

static const Intrinsic intrinsics[] = {
    { "dlc_philox_word",
      "Word element % 4 of Philox4x32-10 at {element / 4, sample, iteration, stream}.",
      philox_c_text,
      philox_run,
      { "element", "sample", "iteration", "stream", "key0", "key1" } },
    { "dlc_high_word", "The high half of a * b.", high_c_text, high_run, { "a", "b" } },
};

const LoopFunction *math_intrinsic(Kernel *k, const char *name)
{
    const Intrinsic *row = NULL;
    for (int i = 0; i < ARRAY_LEN(intrinsics); i++)
        if (str_equal(name, intrinsics[i].name))
            row = &intrinsics[i];
    if (row == NULL)
        return NULL;
    const LoopFunction *known = find_function(k, name);
    if (known != NULL)
        return known;
    LoopFunction *f = arena_new(k->arena, LoopFunction);
    f->name = row->name;
    f->about = row->about;
    f->result = (LoopType){ DTYPE_U32, 1 };
    f->c_text = row->c_text;
    f->run = row->run;
    MathBuild m = { k, f, false };
    for (int i = 0; i < ARRAY_LEN(row->parameter) && row->parameter[i] != NULL; i++)
        math_param(&m, row->parameter[i], DTYPE_U32);
    vec_push(k->arena, &k->function, f);
    return f;
}

Expr *math_philox(Kernel *k, Expr *element, Expr *sample, Expr *iteration, Expr *stream,
                  Expr *key0, Expr *key1)
{
    Expr *args[6] = { element, sample, iteration, stream, key0, key1 };
    for (int i = 0; i < 6; i++)
        args[i] = expr_cast(k, args[i], DTYPE_U32);
    return expr_call(k, math_intrinsic(k, "dlc_philox_word"), 6, args);
}

/* One round: the words w, with the keys of the round. */
static void philox_round(Kernel *k, Var *const w[4], Var *const key[2])
{
    static const uint32_t factor[2] = { 0xD2511F53u, 0xCD9E8D57u };
    Expr *high[2], *low[2];
    for (int i = 0; i < 2; i++) {
        Expr *args[2] = { expr_u32(k, factor[i]), expr_var(k, w[2 * i]) };
        high[i] = kernel_let(k, "high",
                             expr_call(k, math_intrinsic(k, "dlc_high_word"), 2, args));
        low[i] = kernel_let(k, "low", expr_mul(k, args[0], args[1]));
    }
    for (int i = 0; i < 2; i++) {
        Expr *mixed = expr_binary(k, BIN_XOR, high[1 - i], expr_var(k, w[2 * i + 1]));
        kernel_assign(k, w[2 * i], expr_binary(k, BIN_XOR, mixed, expr_var(k, key[i])));
        kernel_assign(k, w[2 * i + 1], low[1 - i]);
    }
}

void math_philox_block(Kernel *k, Expr *const counter[4], Expr *const key[2],
                       Expr *word[4])
{
    static const uint32_t step[2] = { 0x9E3779B9u, 0xBB67AE85u };
    LoopType type = { DTYPE_U32, 1 };
    Var *w[4], *keys[2];
    for (int i = 0; i < 4; i++)
        w[i] = kernel_register(k, "w", type, expr_cast(k, counter[i], DTYPE_U32));
    for (int i = 0; i < 2; i++)
        keys[i] = kernel_register(k, "key", type, expr_cast(k, key[i], DTYPE_U32));
    loop_begin(k, "round", 10);
    philox_round(k, w, keys);
    for (int i = 0; i < 2; i++)
        kernel_assign(k, keys[i],
                      expr_add(k, expr_var(k, keys[i]), expr_u32(k, step[i])));
    loop_end(k);
    for (int i = 0; i < 4; i++)
        word[i] = expr_var(k, w[i]);
}
