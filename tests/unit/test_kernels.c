/* test_kernels.c - generated contractions equal their op, for every target. */
#include "tools/kernel_case.h"

#include "interp/loop_interp.h"
#include "loop/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Operands and what the op's eval says: the sums, and the sums of magnitudes, to which
 * the rounding errors of any order are proportional. */
typedef struct Truth {
    float *operand[2];
    Tensor *sum, *magnitude;
} Truth;

static Tensor *evaluate(Arena *a, const Node *n, const Truth *truth, bool magnitudes)
{
    Tensor *in[2], *y = tensor_new(a, n->dtype, n->shape);
    for (int i = 0; i < 2; i++) {
        in[i] = tensor_new(a, DTYPE_F32, n->in[i]->shape);
        for (int64_t j = 0; j < shape_count(&n->in[i]->shape); j++) {
            double x = (double)truth->operand[i][j];
            in[i]->at[j] = magnitudes ? fabs(x) : x;
        }
    }
    n->op->eval(n, (const Tensor *const *)in, y);
    return y;
}

static Truth truth_of(Arena *a, const Node *n)
{
    Truth truth;
    uint32_t seed = 1;
    for (int i = 0; i < 2; i++) {
        int64_t count = shape_count(&n->in[i]->shape);
        truth.operand[i] = arena_array(a, float, count);
        for (int64_t j = 0; j < count; j++) {
            seed = seed * 1664525u + 1013904223u;
            truth.operand[i][j] = (float)(seed >> 8) * 0x1p-23f - 1.0f;
        }
    }
    truth.sum = evaluate(a, n, &truth, false);
    truth.magnitude = evaluate(a, n, &truth, true);
    return truth;
}

/* ---- one case -------------------------------------------------------------------- */

static void compare(const Node *n, const Target *t, const char *label,
                    const Truth *want)
{
    Arena *arena = arena_create("case");
    Kernel *k = case_kernel(arena, n, t, "kernel");
    int64_t count = shape_count(&n->shape);
    if (!k)
        fail_msg("%s for %s is not generated", label, t->name);
    const char *defects = kernel_verify(k, arena);
    if (defects)
        fail_msg("%s for %s: %s", label, t->name, defects);
    float *y = arena_array(arena, float, count);
    for (int64_t i = 0; i < count; i++)
        y[i] = NAN;
    void *buffers[3] = { want->operand[0], want->operand[1], y };
    for (int rank = 0; rank < 2; rank++) /* a team of two */
        kernel_run(k, buffers, rank, 2, arena);
    for (int64_t i = 0; i < count; i++) {
        double error = fabs((double)y[i] - want->sum->at[i]);
        if (!(error <= 1e-6 + 2e-6 * want->magnitude->at[i]))
            fail_msg("%s for %s: element %lld is %g, not %g", label, t->name,
                     (long long)i, (double)y[i], want->sum->at[i]);
    }
    arena_destroy(arena);
}

static void compare_all(Arena *a, const Node *n, const char *label)
{
    Truth want = truth_of(a, n);
    for (int i = 0; i < target_count(); i++)
        compare(n, target_at(i), label, &want);
    arena_destroy(a);
}

static void check_dot(DotCase c)
{
    Arena *a = arena_create("case");
    char label[80];
    snprintf(label, sizeof label, "dot %d x %d x %d %c%c lead %d", (int)c.m, (int)c.n,
             (int)c.k, c.transpose_a ? 'T' : 'N', c.transpose_b ? 'T' : 'N',
             (int)c.lead);
    compare_all(a, case_dot(a, c), label);
}

static void check_conv(ConvCase c)
{
    typedef Node *CaseNode(Arena *, ConvCase);
    CaseNode *const nodes[] = { case_conv2d, case_conv2d_input, case_conv2d_filter };
    for (int i = 0; i < 3; i++) {
        Arena *a = arena_create("case");
        Node *n = nodes[i](a, c);
        char label[160];
        snprintf(
            label, sizeof label,
            "%s [%d, %d, %d, %d] with [%d, %d, %d], stride %d %d, pad %d %d %d %d, "
            "dilation %d %d, %d groups, rank %d",
            n->op->name, (int)c.images, (int)c.h, (int)c.w, (int)c.c, (int)c.kh,
            (int)c.kw, (int)c.f, (int)c.stride_h, (int)c.stride_w, (int)c.pad[0],
            (int)c.pad[1], (int)c.pad[2], (int)c.pad[3], (int)c.dilation_h,
            (int)c.dilation_w, (int)c.groups, c.rank);
        compare_all(a, n, label);
    }
}

/* ---- tests ----------------------------------------------------------------------- */

static const int64_t extents[] = { 1, 2, 7, 10, 13, 16, 33, 64, 128 };

static void test_dot_shapes(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++)
            for (int t = 0; t < 4; t++) {
                seed = seed * 1664525u + 1013904223u;
                check_dot((DotCase){ .m = extents[i],
                                     .n = extents[j],
                                     .k = extents[(seed >> 16) % 9],
                                     .transpose_a = t & 1,
                                     .transpose_b = t >> 1 });
            }
}

static void test_dot_leading(void **state)
{
    (void)state;
    for (int t = 0; t < 4; t++)
        for (int where = 1; where < 4; where++)
            for (int64_t m = 1; m < 10; m += 4)
                check_dot((DotCase){ .m = m,
                                     .n = 19,
                                     .k = 33,
                                     .transpose_a = t & 1,
                                     .transpose_b = t >> 1,
                                     .lead = 5,
                                     .a_lead = where & 1,
                                     .b_lead = where >> 1 });
}

/* Panels: rows 2 KB apart, a panel that does not fit. */
static void test_dot_panels(void **state)
{
    (void)state;
    check_dot((DotCase){ .m = 70, .n = 512, .k = 64 });
    for (int t = 0; t < 2; t++) {
        check_dot((DotCase){
            .m = 9, .n = 5, .k = 17000, .transpose_a = t, .transpose_b = true });
        check_dot((DotCase){ .m = 20, .n = 21, .k = 5000, .transpose_a = t });
    }
    check_dot((DotCase){ .m = 300, .n = 10, .k = 40 });
}

#define VALID                                                                          \
    {                                                                                  \
        0, 0, 0, 0                                                                     \
    }
static void test_conv_shapes(void **state)
{
    (void)state;
    static const ConvCase cases[] = {
        { 4, 2, 6, 9, 1, 1, 1, 5, 1, 1, VALID, 1, 1, 1 },
        { 4, 3, 8, 8, 16, 1, 1, 33, 1, 1, VALID, 1, 1, 1 },
        { 4, 2, 9, 9, 8, 1, 1, 16, 2, 2, VALID, 1, 1, 1 },
        { 4, 2, 12, 11, 1, 3, 3, 32, 1, 1, VALID, 1, 1, 1 },
        { 4, 2, 8, 12, 3, 3, 3, 16, 1, 1, { 1, 1, 1, 1 }, 1, 1, 1 },
        { 4, 3, 13, 13, 32, 3, 3, 64, 1, 1, VALID, 1, 1, 1 },
        { 4, 17, 5, 5, 16, 3, 3, 32, 1, 1, VALID, 1, 1, 1 },
        { 4, 1, 16, 20, 16, 3, 3, 32, 1, 1, { 1, 1, 1, 1 }, 1, 1, 1 },
        { 4, 1, 30, 40, 8, 3, 3, 10, 1, 1, { 1, 1, 1, 1 }, 1, 1, 1 },
        { 4, 2, 13, 14, 3, 5, 5, 10, 2, 2, { 1, 2, 1, 2 }, 1, 1, 1 },
        { 4, 2, 21, 10, 1, 10, 4, 20, 2, 2, { 4, 5, 1, 1 }, 1, 1, 1 },
        { 4, 2, 13, 11, 9, 5, 3, 16, 2, 1, { 2, 2, 1, 1 }, 1, 1, 1 },
        { 4, 2, 11, 12, 16, 3, 3, 16, 1, 1, { 2, 2, 2, 2 }, 2, 2, 1 },
        { 4, 2, 12, 12, 8, 3, 3, 8, 2, 2, { 2, 1, 2, 1 }, 2, 2, 1 },
        { 4, 2, 12, 12, 8, 3, 3, 8, 3, 2, { 2, 1, 2, 1 }, 2, 3, 1 },
        { 4, 2, 9, 9, 16, 3, 3, 32, 1, 1, { 1, 1, 1, 1 }, 1, 1, 2 },
        { 4, 1, 9, 9, 12, 3, 3, 18, 1, 1, { 1, 0, 0, 1 }, 1, 1, 3 },
        { 4, 2, 10, 10, 20, 3, 3, 20, 1, 1, { 1, 1, 1, 1 }, 1, 1, 20 },
        { 4, 2, 11, 10, 24, 3, 3, 24, 2, 2, { 0, 1, 0, 1 }, 1, 1, 24 },
        { 4, 2, 9, 9, 6, 3, 3, 12, 1, 1, { 1, 1, 1, 1 }, 1, 1, 6 },
        { 4, 5, 3, 3, 16, 3, 3, 16, 1, 1, { 1, 1, 1, 1 }, 1, 1, 1 },
        { 4, 9, 1, 1, 32, 1, 1, 10, 1, 1, VALID, 1, 1, 1 },
        { 4, 4, 2, 3, 8, 2, 2, 8, 1, 1, { 3, 3, 3, 3 }, 1, 1, 1 },
        { 4, 3, 7, 5, 4, 3, 2, 7, 4, 3, { 0, 1, 1, 0 }, 1, 1, 1 },
        { 4, 2, 33, 4, 8, 3, 3, 16, 1, 1, { 1, 1, 1, 1 }, 1, 1, 1 },
        { 4, 2, 20, 20, 3, 7, 7, 16, 2, 2, { 3, 2, 3, 2 }, 1, 1, 1 },
        { 4, 40, 6, 6, 16, 3, 3, 40, 1, 1, VALID, 1, 1, 1 },
        { 3, 1, 12, 12, 3, 3, 3, 16, 1, 1, { 1, 1, 1, 1 }, 1, 1, 1 },
        { 5, 6, 7, 7, 16, 3, 3, 16, 1, 1, VALID, 1, 1, 1 },
        { 5, 6, 2, 2, 16, 2, 2, 16, 1, 1, VALID, 1, 1, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_conv(cases[i]);
}

/* Panels that fit with narrower vectors only, and not at all. */
static void test_conv_panels(void **state)
{
    (void)state;
    check_conv((ConvCase){ 4, 1, 4, 4, 16, 3, 3, 700, 1, 1, VALID, 1, 1, 1 });
    check_conv((ConvCase){ 4, 1, 3, 3, 5, 3, 3, 2000, 1, 1, VALID, 1, 1, 1 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dot_shapes),  cmocka_unit_test(test_dot_leading),
        cmocka_unit_test(test_dot_panels),  cmocka_unit_test(test_conv_shapes),
        cmocka_unit_test(test_conv_panels),
    };
    return cmocka_run_group_tests_name("kernels", tests, NULL, NULL);
}
