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
#include "loop/intrinsics.def"
#undef INTRINSIC

typedef struct IntrinsicRow {
    const char *name;
    int n_params;
    int64_t low, high;
    const char *about;
    void (*run)(const uint32_t *args, uint32_t *result);
} IntrinsicRow;

static const IntrinsicRow table[INTRINSIC_COUNT] = {
#define INTRINSIC(name, n_params, low, high, about)                                    \
    { #name, n_params, low, high, about, run_##name },
#include "loop/intrinsics.def"
#undef INTRINSIC
};

static const LoopFunction *function_of(Kernel *k, const IntrinsicRow *row)
{
    static const char *const parameter[4] = { "x", "multiplier", "shift", "more" };
    for (int i = 0; i < k->function.n; i++)
        if (str_equal(k->function.at[i]->name, row->name))
            return k->function.at[i];
    LoopFunction *f = arena_new(k->arena, LoopFunction);
    f->name = row->name;
    f->about = row->about;
    f->result = (LoopType){ DTYPE_I32, 1 };
    f->low = row->low;
    f->high = row->high;
    f->n_params = row->n_params;
    f->c_text = ""; /* copied from runtime/device by name */
    f->run = row->run;
    for (int i = 0; i < row->n_params; i++) {
        f->param[i] = arena_new(k->arena, Var);
        *f->param[i] = (Var){
            .name = parameter[i], .kind = VAR_PARAM, .type = f->result, .id = i
        };
    }
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
