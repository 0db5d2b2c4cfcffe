/* test_loop_program.c - text of loop programs, their verifier, the loop interpreter. */
#define _POSIX_C_SOURCE 200809L

#include "interp/loop_interp.h"
#include "loop/math.h"
#include "loop/text.h"
#include "support/bug.h"
#include "support/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena *a;
    Kernel *k;
    Buffer *x, *y, *index;
} Fixture;

static int setup(void **state)
{
    static Fixture f;
    f.a = arena_create("test");
    f.k = kernel_new(f.a, "k");
    f.x = kernel_buffer(f.k, "x", DTYPE_F32, 64, ACCESS_READ);
    f.index = kernel_buffer(f.k, "index", DTYPE_U8, 64, ACCESS_READ);
    f.y = kernel_buffer(f.k, "y", DTYPE_F32, 64, ACCESS_WRITE);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    Fixture *f = *state;
    arena_destroy(f->a);
    return 0;
}

/* ---- programs -------------------------------------------------------------------- */

static Storage *new_storage(Arena *a, Program *p, StorageKind kind, const char *name,
                            int64_t offset, int first, int last)
{
    Storage *s = arena_new(a, Storage);
    *s = (Storage){ .kind = kind,
                    .name = name,
                    .path = name,
                    .dtype = DTYPE_F32,
                    .shape = shape_1(64),
                    .count = 64,
                    .offset_bytes = offset,
                    .first = first,
                    .last = last,
                    .id = p->storage.n };
    vec_push(a, &p->storage, s);
    return s;
}

/* out = exp(in * 2 + 1) through two arena buffers and a constant. */
static Program *small_program(Arena *a)
{
    Program *p = arena_new(a, Program);
    *p = (Program){ .arena = a, .name = "step", .batch = 64, .arena_bytes = 512 };
    Storage *s[5] = { new_storage(a, p, STORAGE_INPUT, "in", -1, 0, 0),
                      new_storage(a, p, STORAGE_ARENA, "h", 0, 0, 1),
                      new_storage(a, p, STORAGE_ARENA, "g", 256, 1, 2),
                      new_storage(a, p, STORAGE_CONSTANT, "one", -1, 0, 0),
                      new_storage(a, p, STORAGE_OUTPUT, "out", -1, 0, 0) };
    Tensor *one = arena_new(a, Tensor);
    *one = (Tensor){ DTYPE_F32, shape_1(64), arena_array(a, double, 64) };
    for (int i = 0; i < 64; i++)
        one->at[i] = 1 + i * 0.25;
    s[3]->data = one;
    static const int args[3][3] = { { 0, 1, -1 }, { 1, 3, 2 }, { 2, 4, -1 } };
    for (int c = 0; c < 3; c++) {
        Kernel *k = kernel_new(a, str_printf(a, "k%d", c));
        k->equation = "y[i] = \"f\"\n(x[i])";
        k->flops = 64;
        Buffer *x = kernel_buffer(k, "x", DTYPE_F32, 64, ACCESS_READ);
        Buffer *z = c == 1 ? kernel_buffer(k, "z", DTYPE_F32, 64, ACCESS_READ) : x;
        Buffer *y = kernel_buffer(k, "y", DTYPE_F32, 64, ACCESS_WRITE);
        Expr *i = c == 0
                      ? loop_begin_sliced(k, "i", 64)
                      : loop_begin_range(k, "i", expr_i32(k, 0), expr_i32(k, 64), 16);
        Expr *v = expr_load(k, x, i, c == 0 ? 1 : 16);
        if (c == 0)
            v = expr_mul(k, v, expr_f32(k, 2));
        else if (c == 1)
            v = expr_add(k, v, expr_load(k, z, i, 16));
        else
            v = math_call(k, MATH_EXP, false, v, NULL);
        if (c == 1)
            v = kernel_let(k, "sum", v);
        kernel_store(k, y, i, v);
        loop_end(k);
        Call call = { .kernel = k,
                      .arg = arena_array(a, CallArg, 3),
                      .n_arg = c == 1 ? 3 : 2 };
        for (int n = 0; n < call.n_arg; n++)
            call.arg[n].storage = s[args[c][n]];
        vec_push(a, &p->call, call);
    }
    return p;
}

static const char *program_text(Arena *a, const Program *p)
{
    Out out;
    out_init(&out, a);
    program_print(p, &out);
    return out_text(&out);
}

static void test_round_trip(void **state)
{
    Fixture *f = *state;
    int n;
    Program *p = small_program(f->a), *q, **all;
    const char *text = program_text(f->a, p);
    DiagSink *sink = diag_sink_new(f->a);
    Source *source = source_new(f->a, "p.dlir", "p.dlir", text, (uint32_t)strlen(text));
    if (!program_read(f->a, source, sink, &n, &all))
        fail_msg("%s", diag_message(sink, 0));
    assert_int_equal(n, 1);
    q = all[0];
    assert_string_equal(program_text(f->a, q), text);
    assert_true(program_hash(p) == program_hash(q));
    assert_null(program_verify(q, f->a));
    float in[64], out[2][64];
    for (int i = 0; i < 64; i++)
        in[i] = (float)(i % 7) - 3;
    program_run(p, (void *[]){ in, NULL, NULL, NULL, out[0] }, 1, f->a);
    program_run(q, (void *[]){ in, NULL, NULL, NULL, out[1] }, 3, f->a);
    assert_memory_equal(out[0], out[1], sizeof out[0]);
    assert_true(out[0][0] > 0.0067f && out[0][0] < 0.0068f); /* exp(-3 * 2 + 1) */
    q->call.at[0].kernel->body.stmt.at[0]->step = 2;
    assert_true(program_hash(p) != program_hash(q));
}

/* Every text cut short, and with one byte changed, is read or refused, never worse. */
static void test_broken_text(void **state)
{
    Fixture *f = *state;
    const char *text = program_text(f->a, small_program(f->a));
    size_t n = strlen(text);
    int refused = 0;
    for (size_t i = 0; i < n; i += 3) {
        Arena *a = arena_create("broken");
        for (int way = 0; way < 2; way++) {
            char *broken = str_copy(a, text, way == 0 ? i : n);
            if (way == 1)
                broken[i] = "x0({ -"[i % 6];
            int count;
            Program **p;
            DiagSink *sink = diag_sink_new(a);
            bool read = program_read(
                a, source_new(a, "p", "p", broken, (uint32_t)strlen(broken)), sink,
                &count, &p);
            assert_true(read == (diag_count(sink) == 0));
            refused += !read;
        }
        arena_destroy(a);
    }
    assert_true(refused > (int)n / 6);
}

static void test_program_verify(void **state)
{
    Fixture *f = *state;
    Program *p = small_program(f->a);
    assert_null(program_verify(p, f->a));
    p->storage.at[2]->offset_bytes = 128;
    assert_non_null(strstr(program_verify(p, f->a), "overlap"));
    p->storage.at[2]->offset_bytes = 260;
    assert_non_null(strstr(program_verify(p, f->a), "inside the arena"));
    p->storage.at[2]->offset_bytes = 256;
    p->storage.at[1]->last = 0;
    assert_non_null(strstr(program_verify(p, f->a), "not alive"));
}

/* ---- interpreter ----------------------------------------------------------------- */

/* True when it ended in BUG(), whose exit status is 70. */
static bool bugs(void (*run)(Fixture *f), Fixture *f)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        FILE *quiet = freopen("/dev/null", "w", stderr);
        run(f);
        _exit(quiet == NULL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 70;
}

static void run_outside(Fixture *f)
{
    Kernel *k = f->k;
    Expr *i = loop_begin(k, "i", 65);
    kernel_store(k, f->y, i, expr_f32(k, 1));
    loop_end(k);
    float x[64] = { 0 }, y[65];
    uint8_t index[64] = { 0 };
    kernel_run(k, (void *[]){ x, index, y }, 0, 1, f->a);
}

static void run_inside(Fixture *f)
{
    Kernel *k = f->k;
    Expr *i = loop_begin(k, "i", 64);
    kernel_store(k, f->y, i, expr_f32(k, 1));
    loop_end(k);
    float x[64] = { 0 }, y[64];
    uint8_t index[64] = { 0 };
    kernel_run(k, (void *[]){ x, index, y }, 0, 1, f->a);
}

static void test_out_of_range(void **state)
{
    Fixture *f = *state;
    assert_true(bugs(run_outside, f));
    assert_false(bugs(run_inside, f));
}

/* An arena buffer read before it is written is NaN, though its bytes held numbers. */
static void test_poison(void **state)
{
    Fixture *f = *state;
    Program *p = small_program(f->a);
    p->call.at[1].arg[0].storage = p->storage.at[2]; /* g is not written yet */
    float in[64] = { 0 }, out[64];
    program_run(p, (void *[]){ in, NULL, NULL, NULL, out }, 1, f->a);
    assert_true(out[0] != out[0]);
}

/* Slices together do what one run does; each does only its part. */
static void test_slices(void **state)
{
    Fixture *f = *state;
    Kernel *k = f->k;
    Expr *i = loop_begin_sliced(k, "i", 64);
    kernel_store(k, f->y, i, expr_mul(k, expr_load(k, f->x, i, 1), expr_f32(k, 3)));
    loop_end(k);
    float x[64], y[64] = { 0 };
    uint8_t index[64] = { 0 };
    for (int n = 0; n < 64; n++)
        x[n] = (float)n + 1;
    kernel_run(k, (void *[]){ x, index, y }, 1, 3, f->a);
    for (int n = 0; n < 64; n++)
        assert_true(y[n] == (n % 3 == 1 ? 3 * x[n] : 0));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_round_trip),   TEST(test_broken_text), TEST(test_program_verify),
        TEST(test_out_of_range), TEST(test_poison),      TEST(test_slices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
