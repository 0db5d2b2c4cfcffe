/* test_format.c - dlc --fmt: fixpoints, long lines, and the rules of the layout. */
#include "front/format.h"
#include "support/bug.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_create("test");
    return 0;
}

static int teardown(void **state)
{
    arena_destroy(*state);
    return 0;
}

/* ast_format itself checks that the tree stays the same, and calls BUG() if not. */
static const char *formatted(Arena *a, const char *text)
{
    DiagSink *sink = diag_sink_new(a);
    Source *s = source_new(a, "t.dl", "t.dl", text, (uint32_t)strlen(text));
    Out out;
    out_init(&out, a);
    if (!ast_format(a, s, sink, &out))
        fail_msg("%s: %s", text, diag_message(sink, 0));
    return out_text(&out);
}

static void expect(Arena *a, const char *text, const char *want)
{
    const char *got = formatted(a, text);
    assert_string_equal(got, want);
    assert_string_equal(formatted(a, got), want);
}

static void examples_are_fixpoints(void **state)
{
    static const char *const examples[] = {
        "01_linear_regression",
        "02_xor",
        "03_mnist_mlp",
        "04_mnist_cnn",
        "05_cifar_cnn",
        "06_resnet8",
        "07_ds_cnn",
        "08_mobilenet",
        "09_lstm_imdb",
        "10_gru_forecast",
        "11_char_gpt",
        "12_autoencoder",
        "13_vae",
        "14_gan",
        "15_dqn",
        "18_rbm",
        "19_reinforce",
        "blocks",
    };
    Arena *a = *state;
    for (int i = 0; i < ARRAY_LEN(examples); i++) {
        const char *path = str_printf(a, DLC_TESTS "/examples/%s.dl", examples[i]);
        FILE *in = fopen(path, "rb");
        if (in == NULL)
            fail_msg("cannot open %s", path);
        char *text = arena_alloc(a, 1 << 16);
        text[fread(text, 1, (1 << 16) - 1, in)] = '\0';
        fclose(in);
        assert_string_equal(formatted(a, text), text);
    }
}

static void spacing(void **state)
{
    expect(
        *state,
        "def f(x,y :f32[ 1,2 ]=-1)->z:[n//2]=- x+2* - y [ 0 , .. ]-g (a = -1)\n",
        "def f(x, y: f32[1, 2] = -1) -> z: [n // 2] = -x + 2 * -y[0, ..] - g(a=-1)\n");
    expect(*state, "const a=[ 0.9 .. 1.1 ,x [1 ..],x[.. 2],( b ),f( [1],k=[2] )]",
           "const a = [0.9..1.1, x[1..], x[..2], (b), f([1], k=[2])]\n");
    expect(*state, "def f(x: same|valid=same)=x|>relu|>m . g",
           "def f(x: same | valid = same) = x |> relu |> m.g\n");
    expect(*state, "train(x:f32)->y:f32{ every(5){ } ; y=not( x ) }",
           "train(x: f32) -> y: f32 { every (5) {}; y = not (x) }\n");
    expect(*state, "", "");
    expect(*state, "\n\n  # c  \n\n\n\n# d", "# c\n\n# d\n");
}

static void blocks(void **state)
{
    expect(*state, "deploy a {target:c99;ram:8KiB;}",
           "deploy a { target: c99; ram: 8KiB }\n");
    expect(*state, "deploy a { ; }\ndeploy b {\n}\n", "deploy a {}\ndeploy b {}\n");
    expect(*state, "deploy a {\n\n;target: c99; ram: 8KiB\n\n\n;\n}",
           "deploy a {\n    target: c99\n    ram:    8KiB\n}\n");
    expect(*state, "def f(x) -> y\n{ if a { y = 1 }\nelse\n{\ty = 2 # no\n}\n# end\n}",
           "def f(x) -> y {\n    if a { y = 1 } else {\n        y = 2  # no\n    }\n"
           "    # end\n}\n");
    expect(*state, "const a = 1 const b = 2", "const a = 1\nconst b = 2\n");
}

static void columns(void **state)
{
    expect(*state,
           "train on d {\n epochs: 1 # a\n batch : 10 # bc\n\n x: 1\n # own\n longer: "
           "2\n}\n",
           "train on d {\n    epochs: 1   # a\n    batch:  10  # bc\n\n    x: 1\n"
           "    # own\n    longer: 2\n}\n");
    expect(*state,
           "def f(x) {\n param a: [1, 2] = zeros\n param long: [n] = init { reg: r }\n"
           " state b: [1] = zeros\n}\n",
           "def f(x) {\n    param a:    [1, 2] = zeros\n"
           "    param long: [n]    = init { reg: r }\n    state b: [1] = zeros\n}\n");
    expect(*state, "data d(x: f32) {\n train: rows([[1],\n [2]])\n longest: 1\n}\n",
           "data d(x: f32) {\n    train:   rows([[1],\n                   [2]])\n"
           "    longest: 1\n}\n");
}

static void pipelines(void **state)
{
    expect(*state, "def f(x) =\nx |> a |>\n  # why\n b\n |> c",
           "def f(x) =\n    x |> a |>\n    # why\n    b\n      |> c\n");
    expect(*state, "def f(x) =\nx |> a |>\n b\n |> c",
           "def f(x) =\n    x |> a\n      |> b\n      |> c\n");
    expect(*state, "def f(x) = g(x |> a\n|> b)",
           "def f(x) = g(x |> a\n               |> b)\n");
    expect(*state,
           "net f(x: f32[28, 28, 1]) -> y: f32[10] = x |> conv(32, 3, relu, pad=same) "
           "|> batchnorm |> relu |> conv(64, 3, relu) |> dense(10, softmax)",
           "net f(x: f32[28, 28, 1]) -> y: f32[10] =\n"
           "    x |> conv(32, 3, relu, pad=same) |> batchnorm |> relu |> conv(64, 3, "
           "relu) "
           "|> dense(10, softmax)\n");
    expect(*state,
           "net f(x: f32[28, 28, 1]) -> y: f32[10] {\n"
           "y = x |> conv(32, 3, relu, pad=same) |> batchnorm |> relu |> conv(64, 3, "
           "relu) "
           "|> batchnorm |> relu |> dense(10, softmax)}",
           "net f(x: f32[28, 28, 1]) -> y: f32[10] {\n"
           "    y = x |> conv(32, 3, relu, pad=same) |> batchnorm |> relu\n"
           "          |> conv(64, 3, relu) |> batchnorm |> relu\n"
           "          |> dense(10, softmax)\n}\n");
}

static void long_lines(void **state)
{
    expect(*state,
           "def f(x) {\ny = mix(some_function_with_a_name(a, b, c), "
           "another_function_too(d, "
           "e, f), and_a_third_one(1, 2))\n}",
           "def f(x) {\n    y = mix(some_function_with_a_name(a, b, c), "
           "another_function_too(d, e, f),\n            and_a_third_one(1, 2))\n}\n");
    expect(*state,
           "train on d { minimize cross_entropy(probs, label) + something_else(probs) "
           "over "
           "generator using adamw(lr=cosine(1e-3, warmup=200)) }",
           "train on d {\n    minimize cross_entropy(probs, label) + "
           "something_else(probs) "
           "over generator\n        using adamw(lr=cosine(1e-3, warmup=200))\n}\n");
    expect(*state,
           "def g(x: [h, w, c], filters: int, kernel: int | list = 3, act: layer = "
           "linear, "
           "stride: int | list = 1) -> y { y = x }",
           "def g(x: [h, w, c], filters: int, kernel: int | list = 3, act: layer = "
           "linear,\n"
           "      stride: int | list = 1) -> y {\n    y = x\n}\n");
    expect(*state,
           "def g(x: [h, w, c], filters: int) -> y: [(h - filters) // stride + 1, (w - "
           "filters) // stride + 1, c] extern \"dl_g\"",
           "def g(x: [h, w, c], filters: int)\n    -> y: [(h - filters) // stride + 1, "
           "(w - "
           "filters) // stride + 1, c] extern \"dl_g\"\n");
}

static void errors_are_reported(void **state)
{
    Arena *a = *state;
    DiagSink *sink = diag_sink_new(a);
    const char *text = "def f(x = 1";
    Source *s = source_new(a, "t.dl", "t.dl", text, (uint32_t)strlen(text));
    Out out;
    out_init(&out, a);
    assert_false(ast_format(a, s, sink, &out));
    assert_int_equal(diag_count(sink), 1);
    assert_int_equal(out.length, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(examples_are_fixpoints),
        TEST(spacing),
        TEST(blocks),
        TEST(columns),
        TEST(pipelines),
        TEST(long_lines),
        TEST(errors_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
