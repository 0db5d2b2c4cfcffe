/* kernels.c - writes a C program that times the generated contractions of one target:
 * bench_kernels TARGET > bench.c. Built and run by kernels.sh.
 *
 * The peak is measured in the same run by a kernel of its own: fused multiply-adds on
 * as many accumulators as the target has room for, no loads. */
#include "tools/kernel_case.h"

#include "emit/c_kernel.h"
#include "emit/c_prelude.h"
#include "support/str.h"

#include <stdio.h>

enum { PEAK_STEPS = 100000 };

typedef struct Bench {
    Arena *arena;
    const Target *target;
    Out kernels, calls;
    int count;
} Bench;

static void add_call(Bench *b, const Kernel *k, const char *title, double flops)
{
    out_print(&b->calls, "    BENCH(\"%s\", %.0f, %s(", title, flops, k->name);
    for (int i = 0, n = 0; i < k->buffer.n; i++)
        if (k->buffer.at[i]->access != ACCESS_LOCAL)
            out_print(&b->calls, "%sarray(%d, %lld)", n++ > 0 ? ", " : "", i,
                      (long long)k->buffer.at[i]->count);
    out_print(&b->calls, "%s));\n", kernel_is_sliced(k) ? ", 0, 1" : "");
}

static void add_node(Bench *b, const Node *n, const char *title, double flops)
{
    Kernel *k = case_kernel(b->arena, n, b->target,
                            str_printf(b->arena, "kernel_%d", b->count++));
    c_kernel_print(k, b->target, &b->kernels);
    out_puts(&b->kernels, "\n");
    add_call(b, k, title, flops);
}

static void add_dot(Bench *b, int64_t m, int64_t k, int64_t n, bool ta, bool tb)
{
    DotCase c = { .m = m, .n = n, .k = k, .transpose_a = ta, .transpose_b = tb };
    const char *title =
        str_printf(b->arena, "dot %lldx%lldx%lld %c%c", (long long)m, (long long)k,
                   (long long)n, ta ? 'T' : 'N', tb ? 'T' : 'N');
    add_node(b, case_dot(b->arena, c), title, 2.0 * (double)(m * n * k));
}

static void add_conv(Bench *b, const char *name, ConvCase c)
{
    Node *forward = case_conv2d(b->arena, c);
    double flops =
        2.0 * (double)(shape_count(&forward->shape) * c.kh * c.kw * c.c / c.groups);
    add_node(b, forward, str_printf(b->arena, "%s forward", name), flops);
    add_node(b, case_conv2d_input(b->arena, c), str_printf(b->arena, "%s input", name),
             flops);
    add_node(b, case_conv2d_filter(b->arena, c),
             str_printf(b->arena, "%s filter", name), flops);
}

static ConvCase valid(int64_t size, int64_t c, int64_t f)
{
    return (ConvCase){ .rank = 4,
                       .images = 64,
                       .h = size,
                       .w = size,
                       .c = c,
                       .kh = 3,
                       .kw = 3,
                       .f = f,
                       .stride_h = 1,
                       .stride_w = 1,
                       .dilation_h = 1,
                       .dilation_w = 1,
                       .groups = 1 };
}

static ConvCase same(int64_t size, int64_t c, int64_t f)
{
    ConvCase s = valid(size, c, f);
    for (int i = 0; i < 4; i++)
        s.pad[i] = 1;
    return s;
}

static void add_peak(Bench *b)
{
    const Target *t = b->target;
    int n = t->lanes == 1 ? 8 : t->registers >= 32 ? 24 : 12;
    Kernel *k = kernel_new(b->arena, "peak");
    const Buffer *from =
        kernel_buffer(k, "a", DTYPE_F32, (n + 2) * t->lanes, ACCESS_READ);
    const Buffer *to = kernel_buffer(k, "y", DTYPE_F32, n * t->lanes, ACCESS_WRITE);
    Lowering w = { .kernel = k, .has_fma = t->has_fma };
    Var *acc[24];
    LoopType type = { DTYPE_F32, t->lanes };
    Expr *x[2];
    for (int i = 0; i < 2; i++)
        x[i] = kernel_let(
            k, "x", expr_load(k, from, expr_i32(k, (n + i) * t->lanes), t->lanes));
    for (int i = 0; i < n; i++)
        acc[i] = kernel_register(
            k, "acc", type, expr_load(k, from, expr_i32(k, i * t->lanes), t->lanes));
    (void)loop_begin(k, "t", PEAK_STEPS);
    for (int i = 0; i < n; i++)
        kernel_assign(k, acc[i], lower_madd(&w, x[0], x[1], expr_var(k, acc[i])));
    loop_end(k);
    for (int i = 0; i < n; i++)
        kernel_store(k, to, expr_i32(k, i * t->lanes), expr_var(k, acc[i]));
    c_kernel_print(k, t, &b->kernels);
    out_print(&b->kernels,
              "\n#define PEAK_FLOPS %.0f\n#define PEAK() peak(array(0, %d), "
              "array(1, %d))\n\n",
              2.0 * n * t->lanes * PEAK_STEPS, (n + 2) * t->lanes, n * t->lanes);
}

static void add_all(Bench *b)
{
    add_dot(b, 64, 784, 128, false, false); /* the MLP: forward, weight gradient .. */
    add_dot(b, 64, 128, 64, false, false);
    add_dot(b, 784, 64, 128, true, false);
    add_dot(b, 128, 64, 64, true, false);
    add_dot(b, 64, 64, 128, false, true); /* .. input gradient */
    add_dot(b, 64, 128, 10, false, false);
    add_dot(b, 1, 784, 128, false, false);
    add_dot(b, 1, 128, 784, false, true);
    add_dot(b, 256, 256, 256, false, false);
    add_dot(b, 512, 512, 512, false, false);
    add_conv(b, "28x28 1-32", valid(28, 1, 32)); /* the MNIST convnet */
    add_conv(b, "13x13 32-64", valid(13, 32, 64));
    add_conv(b, "5x5 64-64", valid(5, 64, 64));
    add_conv(b, "32x32 3-32 same", same(32, 3, 32));
    add_conv(b, "32x32 16-16 same", same(32, 16, 16));
    add_conv(b, "8x8 64-64 same", same(8, 64, 64));
    ConvCase depthwise = same(16, 64, 64);
    depthwise.groups = 64;
    add_conv(b, "16x16 64 depthwise", depthwise);
    ConvCase point = valid(12, 64, 64);
    point.kh = point.kw = 1;
    add_conv(b, "12x12 64-64 1x1", point);
}

int main(int argc, char **argv)
{
    Bench b = { .arena = arena_create("bench") };
    b.target = argc > 1 ? target_find(argv[1]) : target_of_host();
    if (!b.target) {
        fprintf(stderr, "no target %s\n", argv[1]);
        return 1;
    }
    out_init(&b.kernels, b.arena);
    out_init(&b.calls, b.arena);
    add_peak(&b);
    add_all(&b);
    Out file;
    out_init(&file, b.arena);
    c_prelude_print(out_text(&b.kernels), b.target, &file);
    out_puts(&file, out_text(&b.kernels));
    printf(
        "/* march: %s */\n%s#include \"kernels_timer.h\"\n\nint main(int argc, char "
        "**argv)\n{\n    const char *wanted = argc > 1 ? argv[1] : \"\";\n%s    return "
        "0;\n}\n",
        b.target->march, out_text(&file), out_text(&b.calls));
    return 0;
}
