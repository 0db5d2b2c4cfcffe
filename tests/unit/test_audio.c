/* test_audio.c - std/audio.dl against NumPy (audio_golden.py). */
#include "front/module.h"
#include "graph/op.h"
#include "interp/graph_interp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audio_golden.def"

enum { SAMPLES = 1600 };

/* The signal of audio_golden.py. */
static void fill_signal(double *x, int64_t n)
{
    uint32_t noise = 12345;
    const double pi = 3.14159265358979323846;
    for (int64_t i = 0; i < n; i++) {
        noise = noise * 1664525U + 1013904223U;
        double t = (double)i / 16000;
        x[i] =
            (float)(0.5 * sin(2 * pi * 440 * t) + 0.25 * sin(2 * pi * 1234.5 * t + 1) +
                    0.1 * (noise / 2147483648.0 - 1));
    }
}

/* Results of the net `text`, whose only input is the signal. */
static Tensor **results_of(Arena *a, const char *text)
{
    DiagSink *sink = diag_sink_new(a);
    ElaborateOptions options = { .load = NULL };
    Source *s = source_new(a, "t.dl", "t.dl", text, (uint32_t)strlen(text));
    Ast *tree = ast_parse(a, s, sink);
    Module *m = tree == NULL ? NULL : elaborate(a, s, tree, &options, sink);
    if (m == NULL)
        fail_msg("%s", diag_message(sink, 0));
    const Graph *g = m->net.at[0]->graph;
    Tensor **in = arena_array(a, Tensor *, g->node.n);
    for (int i = 0; i < g->node.n; i++)
        if (g->node.at[i]->op == &op_input) {
            in[i] = tensor_new(a, DTYPE_F32, g->node.at[i]->shape);
            fill_signal(in[i]->at, shape_count(&in[i]->shape));
        }
    return graph_evaluate(g, in, a);
}

static void compare(const char *what, const double *got, const double *want, size_t n)
{
    double worst = 0, scale = 1;
    for (size_t i = 0; i < n; i++)
        scale = fmax(scale, fabs(want[i]));
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(got[i] - want[i]) / scale);
    print_message("%s: %zu numbers, worst %.1e\n", what, n, worst);
    assert_true(worst < 1e-6); /* of the numbers' nine digits */
}

#define COMPARE(what, got, want) compare(what, got, want, sizeof want / sizeof *want)

/* 15 = 3 * 5: neither a power of two nor a square. */
static void test_rfft(void **state)
{
    Arena *a = arena_create("rfft");
    (void)state;
    Tensor **y =
        results_of(a, "net n(x: f32[1, 15]) -> (re: f32[1, 8], im: f32[1, 8]) {\n"
                      "    re, im = rfft(x)\n}\n");
    double both[16];
    memcpy(both, y[0]->at, sizeof both / 2);
    memcpy(both + 8, y[1]->at, sizeof both / 2);
    COMPARE("rfft", both, golden_rfft15);
    arena_destroy(a);
}

static void test_spectrogram(void **state)
{
    Arena *a = arena_create("spectrogram");
    (void)state;
    Tensor **y = results_of(a, "net n(x: f32[1600]) -> y: f32[4, 513] = "
                               "spectrogram(x, 640, 320)\n");
    COMPARE("spectrogram", y[0]->at + 513 + 20, golden_spectrum);
    arena_destroy(a);
}

static void test_log_mel(void **state)
{
    Arena *a = arena_create("log_mel");
    (void)state;
    Tensor **y = results_of(a, "net n(x: f32[1600]) -> y: f32[4, 40] = log_mel(x)\n");
    COMPARE("log_mel", y[0]->at + 2 * 40, golden_log_mel);
    arena_destroy(a);
}

static void test_mfcc(void **state)
{
    Arena *a = arena_create("mfcc");
    (void)state;
    Tensor **y =
        results_of(a, "net n(x: f32[1600]) -> y: f32[4, 10, 1] = mfcc(x, 10)\n");
    COMPARE("mfcc", y[0]->at, golden_mfcc);
    arena_destroy(a);
}

/* One window after the other, as inference has them, beside all windows at once: rows
 * that fill signal and window, that do not, windows that do not overlap, one window. */
static void test_windows(void **state)
{
    static const int cases[][3] = { { 256, 64, 32 }, { 256, 96, 32 }, { 250, 64, 32 },
                                    { 203, 48, 20 }, { 200, 40, 40 }, { 50, 48, 20 } };
    Arena *a = arena_create("windows");
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int *c = cases[i], t = (c[0] - c[1]) / c[2] + 1;
        char text[400];
        snprintf(text, sizeof text,
                 "net n(x: f32[%d]) -> (y: f32[%d, 33], z: f32[%d, 33]) {\n"
                 "    y = spectrogram(x, %d, %d, 128, 33)\n"
                 "    z = magnitudes(frames(x, %d, %d), 128, 33)\n}\n",
                 c[0], t, t, c[1], c[2], c[1], c[2]);
        Tensor **y = results_of(a, text);
        compare("windows", y[0]->at, y[1]->at, (size_t)t * 33);
    }
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rfft),
                                        cmocka_unit_test(test_spectrogram),
                                        cmocka_unit_test(test_log_mel),
                                        cmocka_unit_test(test_mfcc),
                                        cmocka_unit_test(test_windows) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
