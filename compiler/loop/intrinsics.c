/* intrinsics.c - see intrinsics.h. */
#include "loop/intrinsics.h"

#include "device/dsp.h"
#include "device/fixed.h"
#include "support/str.h"

#define RUN_1(name)                                                                    \
    static void run_##name(const uint32_t *args, uint32_t *result)                     \
    {                                                                                  \
        *result = (uint32_t)name((int32_t)args[0]);                                    \
    }
#define RUN_2(name)                                                                    \
    static void run_##name(const uint32_t *args, uint32_t *result)                     \
    {                                                                                  \
        *result = (uint32_t)name((int32_t)args[0], (int32_t)args[1]);                  \
    }
#define RUN_3(name)                                                                    \
    static void run_##name(const uint32_t *args, uint32_t *result)                     \
    {                                                                                  \
        *result =                                                                      \
            (uint32_t)name((int32_t)args[0], (int32_t)args[1], (int32_t)args[2]);      \
    }
#define RUN_4(name)                                                                    \
    static void run_##name(const uint32_t *args, uint32_t *result)                     \
    {                                                                                  \
        *result = (uint32_t)name((int32_t)args[0], (int32_t)args[1], (int32_t)args[2], \
                                 (int32_t)args[3]);                                    \
    }
#define INTRINSIC(name, n_params, low, high, about) RUN_##n_params(name)
#define VECTOR_INTRINSIC(name, n_params, lanes, bytes, result, about)
#include "loop/intrinsics.def"
#undef INTRINSIC
#undef VECTOR_INTRINSIC

/* Arguments of vectors stand lane by lane, one behind the other. */
static void run_v16c_dot(const uint32_t *args, uint32_t *result)
{
    *result = args[32];
    for (int l = 0; l < 16; l++)
        *result += args[l] * args[16 + l];
}

static void run_v4i_madd(const uint32_t *args, uint32_t *result)
{
    for (int l = 0; l < 4; l++)
        result[l] = args[l] * args[4 + l] + args[8 + l];
}

static void run_v4i_shift(const uint32_t *args, uint32_t *result)
{
    for (int l = 0; l < 4; l++) {
        int32_t n = (int32_t)args[4 + l];
        result[l] = n >= 0 ? args[l] << n : (uint32_t)((int32_t)args[l] >> -n);
    }
}

static void run_v4i_scale_cut(const uint32_t *args, uint32_t *result)
{
    for (int l = 0; l < 4; l++) {
        int32_t x = dlc_smmulr((int32_t)(2 * args[l]), (int32_t)args[4 + l]);
        int32_t sum = (int32_t)((uint32_t)x + args[8 + l]);
        result[l] = (uint32_t)(sum >> -(int32_t)args[12 + l]);
    }
}

static void run_v4i_scale(const uint32_t *args, uint32_t *result)
{
    for (int l = 0; l < 4; l++) {
        int32_t x = dlc_smmulr((int32_t)(2 * args[l]), (int32_t)args[4 + l]);
        int32_t sum = x + (x >> 31) + (int32_t)args[8 + l];
        result[l] = (uint32_t)(sum >> -(int32_t)args[12 + l]);
    }
}

static void run_v4i_smmulr(const uint32_t *args, uint32_t *result)
{
    for (int l = 0; l < 4; l++)
        result[l] = (uint32_t)dlc_smmulr((int32_t)args[l], (int32_t)args[4 + l]);
}

typedef struct IntrinsicRow {
    const char *name;
    int n_params;
    int64_t low, high;
    int lanes;   /* of the first two parameters */
    bool bytes;  /* they are packed bytes */
    int results; /* lanes of the result, and of other parameters */
    const char *about;
    void (*run)(const uint32_t *args, uint32_t *result);
} IntrinsicRow;

static const IntrinsicRow table[INTRINSIC_COUNT] = {
#define INTRINSIC(name, n_params, low, high, about)                                    \
    { #name, n_params, low, high, 1, false, 1, about, run_##name },
#define VECTOR_INTRINSIC(name, n_params, lanes, bytes, result, about)                  \
    { #name, n_params, INT32_MIN, INT32_MAX, lanes, bytes, result, about, run_##name },
#include "loop/intrinsics.def"
#undef INTRINSIC
#undef VECTOR_INTRINSIC
};

static Var *parameter_of(Kernel *k, const IntrinsicRow *row, int i)
{
    static const char *const name[4] = { "x", "multiplier", "shift", "more" };
    bool bytes = row->bytes && i < 2;
    Var *v = arena_new(k->arena, Var);
    *v = (Var){ .name = name[i], .kind = VAR_PARAM, .id = i, .packed = bytes };
    v->type =
        (LoopType){ bytes ? DTYPE_I8 : DTYPE_I32, i < 2 ? row->lanes : row->results };
    return v;
}

static const LoopFunction *function_of(Kernel *k, const IntrinsicRow *row)
{
    for (int i = 0; i < k->function.n; i++)
        if (str_equal(k->function.at[i]->name, row->name))
            return k->function.at[i];
    LoopFunction *f = arena_new(k->arena, LoopFunction);
    f->name = row->name;
    f->about = row->about;
    f->result = (LoopType){ DTYPE_I32, row->results };
    f->low = row->low;
    f->high = row->high;
    f->n_params = row->n_params;
    f->c_text = ""; /* copied from runtime/device by name */
    f->run = row->run;
    for (int i = 0; i < row->n_params; i++)
        f->param[i] = parameter_of(k, row, i);
    vec_push(k->arena, &k->function, f);
    return f;
}

Expr *intrinsic_call(Kernel *k, Intrinsic id, Expr *const *args)
{
    return expr_call(k, function_of(k, &table[id]), table[id].n_params, args);
}

const LoopFunction *intrinsic_find(Kernel *k, const char *name)
{
    for (int i = 0; i < INTRINSIC_COUNT; i++)
        if (str_equal(table[i].name, name))
            return function_of(k, &table[i]);
    return NULL;
}

const LoopFunction *intrinsic_vectorize(Kernel *k, const char *name, int lanes)
{
    if (!str_starts(name, "dlc_"))
        return NULL;
    return intrinsic_find(k, str_printf(k->arena, "v%di_%s", lanes, name + 4));
}
