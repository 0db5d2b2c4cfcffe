/* check_lower.c - the lowering rules: a kernel of one op, proved in bounds, interpreted
 * in f32, against eval in f64. With and without fused multiply-add. */
#include "case.h"

#include "interp/loop_interp.h"
#include "loop/text.h"
#include "ops/lowering.h"
#include "support/bug.h"

#include <math.h>
#include <string.h>

typedef struct CaseLowering {
    Lowering w; /* first: callbacks cast back */
    const OpCase *c;
    const Buffer *operand[CASE_MAX_IN], *result;
} CaseLowering;

static const Buffer *case_buffer(Lowering *w, const Node *n)
{
    const CaseLowering *l = (const CaseLowering *)w;
    for (int i = 0; i < l->c->n_in; i++)
        if (l->c->in[i] == n)
            return l->operand[i];
    BUG("%s reads a node that is not its operand", l->c->text);
}

static Expr *case_value(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    Expr *x = expr_load(k, lower_buffer(w, n), expr_linear(k, &n->shape, at), 1);
    DType t = DTYPE_I32;
    if (dtype_is_float(n->dtype))
        t = DTYPE_F32;
    else if (n->dtype == DTYPE_BOOL || n->dtype == DTYPE_U32)
        t = n->dtype;
    return t == x->type.dtype ? x : expr_cast(k, x, t);
}

static void case_finish(Lowering *w, const Node *n, Expr *const *at, const Var *lane,
                        int lanes, Expr *value)
{
    const CaseLowering *l = (const CaseLowering *)w;
    Kernel *k = w->kernel;
    if (lane || lanes != 1)
        BUG("%s: an op's own rule makes vectors", l->c->text);
    if (value->type.dtype != n->dtype)
        value = expr_cast(k, value, n->dtype);
    kernel_store(k, l->result, expr_linear(k, &n->shape, at), value);
}

Kernel *case_kernel(const OpCase *c, Arena *a, bool has_fma)
{
    const Node *n = c->node;
    CaseLowering l = { .w = { .kernel = kernel_new(a, "case"),
                              .has_fma = has_fma,
                              .value = case_value,
                              .buffer = case_buffer,
                              .finish = case_finish },
                       .c = c };
    Kernel *k = l.w.kernel;
    for (int i = 0; i < c->n_in; i++)
        l.operand[i] = kernel_buffer(k, str_printf(a, "x%d", i), c->in[i]->dtype,
                                     shape_count(&c->in[i]->shape), ACCESS_READ);
    l.result = kernel_buffer(k, "y", n->dtype, shape_count(&n->shape), ACCESS_WRITE);
    if (c->op->nest) {
        c->op->nest(&l.w, n);
        return k;
    }
    Expr *at[SHAPE_MAX_RANK];
    for (int i = 0; i < n->shape.rank; i++)
        at[i] = loop_begin(k, "i", n->shape.dim[i]);
    case_finish(&l.w, n, at, NULL, 1, c->op->element(&l.w, n, at));
    for (int i = 0; i < n->shape.rank; i++)
        loop_end(k);
    return k;
}

/* ---- storage --------------------------------------------------------------------- */

/* clang-format off */
#define STORAGE_TYPES \
    TYPE(F32, float) \
    TYPE(I8, int8_t) \
    TYPE(I16, int16_t) \
    TYPE(I32, int32_t) \
    TYPE(U8, uint8_t) \
    TYPE(U16, uint16_t) \
    TYPE(U32, uint32_t) \
    TYPE(BOOL, uint8_t)
/* clang-format on */

static void *to_storage(Arena *a, const Tensor *t)
{
    int64_t n = shape_count(&t->shape);
    void *data = arena_alloc_array(a, (size_t)n, dtype_bytes(t->dtype));
    for (int64_t i = 0; i < n; i++)
        switch (t->dtype) {
#define TYPE(id, c_type)                                                               \
    case DTYPE_##id:                                                                   \
        ((c_type *)data)[i] = (c_type)t->at[i];                                        \
        break;
            STORAGE_TYPES
#undef TYPE
        default:
            BUG("no storage of %s", dtype_name(t->dtype));
        }
    return data;
}

static double element(DType dtype, const void *data, int64_t i)
{
    switch (dtype) {
#define TYPE(id, c_type)                                                               \
    case DTYPE_##id:                                                                   \
        return (double)((const c_type *)data)[i];
        STORAGE_TYPES
#undef TYPE
    default:
        BUG("no storage of %s", dtype_name(dtype));
    }
}

/* ---- the check ------------------------------------------------------------------- */

static void check_case(Tally *t, const Op *op, const char *text, bool has_fma)
{
    Arena *a = arena_create("lower");
    OpCase c = case_new(a, text, op, 0, t);
    if (!c.graph) {
        arena_destroy(a);
        return;
    }
    t->cases++;
    Tensor *x[CASE_MAX_IN];
    case_sample(&c, a, t, x); /* already rounded to f32 */
    Tensor *want = case_run(c.graph, a, c.n_in, x)[0];
    Kernel *k = case_kernel(&c, a, has_fma);
    const char *defects = kernel_verify(k, a);
    if (defects) {
        tally_fail(t, text, "%s", defects);
        arena_destroy(a);
        return;
    }
    void *buffers[CASE_MAX_IN + 1];
    for (int i = 0; i < c.n_in; i++)
        buffers[i] = to_storage(a, x[i]);
    Tensor *poison = tensor_new(a, want->dtype, want->shape);
    for (int64_t i = 0; i < shape_count(&want->shape); i++)
        poison->at[i] = dtype_is_float(want->dtype) ? (double)NAN : 113;
    buffers[c.n_in] = to_storage(a, poison);
    kernel_run(k, buffers, 0, 1, a);
    double most = 0;
    for (int64_t i = 0; i < shape_count(&want->shape); i++)
        if (isfinite(want->at[i]))
            most = fmax(most, fabs(want->at[i]));
    for (int64_t i = 0; i < shape_count(&want->shape); i++)
        if (!tally_compare(t, text, str_printf(a, "element %d", (int)i),
                           element(want->dtype, buffers[c.n_in], i), want->at[i],
                           1 + most, dtype_is_float(want->dtype) ? 2e-6 : 0))
            break;
    arena_destroy(a);
}

static Expr *off_by_one(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *last = expr_i32(w->kernel, n->shape.dim[0] - 1);
    Expr *next = expr_binary(w->kernel, BIN_MIN,
                             expr_add(w->kernel, at[0], expr_i32(w->kernel, 1)), last);
    return op_exp.element(w, n, &next);
}

static Expr *out_of_bounds(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *next = expr_add(w->kernel, at[0], expr_i32(w->kernel, 1));
    return op_exp.element(w, n, &next);
}

void check_lower(Tally *t, bool fault)
{
    if (fault) {
        Op broken = op_exp;
        broken.element = off_by_one;
        check_case(t, &broken, "exp f32[4]", true);
        int before = t->failures;
        broken.element = out_of_bounds;
        check_case(t, &broken, "exp f32[4]", true);
        t->failures = before > 0 && t->failures > before;
        return;
    }
    for (int i = 0; i < OP_COUNT; i++) {
        const Op *op = op_table[i];
        const char *text[64];
        int n = op->element || op->nest ? case_texts(op, text, 64) : 0;
        for (int j = 0; j < n; j++) {
            check_case(t, op, text[j], false);
            check_case(t, op, text[j], true);
        }
    }
}
