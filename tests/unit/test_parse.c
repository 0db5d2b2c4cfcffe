/* test_parse.c - scanner, grammar, tree, recovery: from text to trees and messages. */
#include "front/ast.h"
#include "front/token.h"
#include "support/bug.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena *arena;
    DiagSink *sink;
} Fixture;

static int setup(void **state)
{
    static Fixture f;
    f.arena = arena_create("test");
    f.sink = diag_sink_new(f.arena);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    Fixture *f = *state;
    arena_destroy(f->arena);
    return 0;
}

static Ast *parse_bytes(Fixture *f, const char *text, size_t length)
{
    Source *s = source_new(f->arena, "t.dl", "t.dl", text, (uint32_t)length);
    Ast *tree = ast_parse(f->arena, s, f->sink);
    assert_int_equal(tree == NULL, diag_error_count(f->sink) > 0);
    return tree;
}

static Ast *parse(Fixture *f, const char *text)
{
    return parse_bytes(f, text, strlen(text));
}

/* The value of `const x = TEXT`. */
static Ast *expression(Fixture *f, const char *text)
{
    Ast *file = parse(f, str_printf(f->arena, "const x = %s\n", text));
    if (file == NULL)
        fail_msg("%s: %s", text, diag_message(f->sink, 0));
    return file->list.at[0]->named.value;
}

static const char *printed(Fixture *f, const Ast *tree)
{
    Out out;
    out_init(&out, f->arena);
    ast_print_source(tree, &out);
    return out_text(&out);
}

static const char *bare(Fixture *f, const Ast *tree)
{
    Out out;
    out_init(&out, f->arena);
    ast_print_bare(tree, &out);
    return out_text(&out);
}

static const char *rendered(Fixture *f)
{
    Out out;
    out_init(&out, f->arena);
    diag_render(f->sink, &out, DIAG_TEXT, false);
    return out_text(&out);
}

/* ---- files ----------------------------------------------------------------------- */

static char *read_file(Fixture *f, const char *path, size_t *length)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        fail_msg("cannot open %s", path);
    char *text = arena_alloc(f->arena, 1 << 20);
    *length = fread(text, 1, (1 << 20) - 1, in);
    fclose(in);
    return text;
}

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

static void all_examples_parse(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < ARRAY_LEN(examples); i++) {
        size_t length;
        const char *path =
            str_printf(f->arena, DLC_TESTS "/examples/%s.dl", examples[i]);
        const char *text = read_file(f, path, &length);
        if (parse_bytes(f, text, length) == NULL)
            fail_msg("%s: %s", path, rendered(f));
    }
}

/* The cases of tests/diag that the parser alone decides. */
static const char *const syntax_cases[] = {
    "01_missing_pipe", "02_pipe_plus",     "03_return",   "04_unclosed", "05_comment",
    "06_quotes",       "07_assign_in_if",  "38_several",  "40_expected", "41_tokens",
    "42_end_of_file",  "43_next_item",     "44_one_line", "45_arrow",    "46_reserved",
    "47_type_colon",   "48_operator_pipe", "49_stage",    "50_nesting",  "51_let",
    "52_not_text",     "53_crlf",
};

static void messages_are_the_expected_ones(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < ARRAY_LEN(syntax_cases); i++) {
        size_t length, ignored;
        const char *name = syntax_cases[i];
        const char *text =
            read_file(f, str_printf(f->arena, DLC_TESTS "/diag/%s.dl", name), &length);
        const char *want = read_file(
            f, str_printf(f->arena, DLC_TESTS "/diag/%s.txt", name), &ignored);
        const char *shown = str_printf(f->arena, "%s.dl", name);
        f->sink = diag_sink_new(f->arena);
        Source *s = source_new(f->arena, shown, shown, text, (uint32_t)length);
        assert_null(ast_parse(f->arena, s, f->sink));
        /* the files have no blanks at ends of lines; empty source lines do */
        const char *got = rendered(f);
        char *trimmed = arena_alloc(f->arena, strlen(got) + 1);
        size_t n = 0;
        for (; *got != '\0'; got++) {
            while (*got == '\n' && n > 0 && trimmed[n - 1] == ' ')
                n--;
            trimmed[n++] = *got;
        }
        trimmed[n] = '\0';
        assert_string_equal(trimmed, want);
    }
}

/* ---- grammar --------------------------------------------------------------------- */

static void operators_bind_as_documented(void **state)
{
    Fixture *f = *state;
    static const struct {
        const char *text, *same; /* the second with all parentheses */
    } row[] = {
        { "a + b * c", "a + (b * c)" },
        { "a - b - c", "(a - b) - c" },
        { "a ** b ** c", "a ** (b ** c)" },
        { "-a ** b", "-(a ** b)" },
        { "a ** -b", "a ** (-b)" },
        { "-a * b", "(-a) * b" },
        { "a * b // c % d @ e", "(((a * b) // c) % d) @ e" },
        { "not a == b", "not (a == b)" },
        { "not a and b", "(not a) and b" },
        { "a or b and c", "a or (b and c)" },
        { "a + b < c * d", "(a + b) < (c * d)" },
        { "a .. b + c", "a..(b + c)" },
        { "x |> f |> g(1)", "(x |> f) |> g(1)" },
        { "if a then b else if c then d else e",
          "if a then b else (if c then d else e)" },
        { "f(a)[b].c(d)", "(((f(a))[b]).c)(d)" },
        { "-a.b", "-(a.b)" },
    };
    for (int i = 0; i < ARRAY_LEN(row); i++) {
        const char *a = bare(f, expression(f, row[i].text));
        assert_string_equal(a, bare(f, expression(f, row[i].same)));
    }
}

static void source_keeps_the_tree(void **state)
{
    Fixture *f = *state;
    static const char *const text[] = {
        "(a + b) * c",
        "a - (b - c)",
        "(a ** b) ** c",
        "(-a) ** b",
        "2 ** -(a + b)",
        "(a == b) == c",
        "not (a and b)",
        "-(a + b)",
        "(x |> f) + y",
        "(if a then b else c) |> f",
        "x |> (if a then f else g)",
        "x |> (f |> g)",
        "(a + b)[0]",
        "(x |> f).y",
        "[a, .., -1]",
        "f(x, y=1 + 2, z=\"q\\\"\\n\")",
        "x[1..]",
        "x[..n]",
        "x[..]",
        "x[a..b, 3]",
        "20_000",
        "0xFF",
        "64KiB",
        "1e-3",
        "(1..2)",
        "true",
        "f((a..b))",
        "(not a) == b",
        "if (if a then b else c) then d else e",
    };
    for (int i = 0; i < ARRAY_LEN(text); i++) {
        const Ast *tree = expression(f, text[i]);
        const char *again = printed(f, tree);
        if (expression(f, again) == NULL)
            fail_msg("%s printed as %s", text[i], again);
        assert_string_equal(bare(f, tree), bare(f, expression(f, again)));
    }
    assert_string_equal(printed(f, expression(f, "( a+b )*- c[ 1 .. ]")),
                        "(a + b) * -c[1..]");
}

static void signatures_print_as_written(void **state)
{
    Fixture *f = *state;
    const char *text =
        "(x: [.., n], act: layer = linear, pad: same | valid = valid, b = 1)"
        " -> (y: [n // 2], z)";
    Ast *file = parse(f, str_printf(f->arena, "def f%s = x", text));
    assert_non_null(file);
    assert_string_equal(printed(f, file->list.at[0]->item.signature), text);
}

static void soft_keywords_are_names(void **state)
{
    Fixture *f = *state;
    assert_non_null(parse(f,
                          "data train(state: f32[4], data: index(3), param: f32) {\n"
                          "    train: npy(\"a.npy\"); test: npy(\"b.npy\") }\n"
                          "net layer(state: f32[4]) -> metric: f32[3] {\n"
                          "    metric = state |> dense(3, softmax) }\n"
                          "def augment(every, deploy = 2) = every * deploy\n"
                          "train layer(state: f32[4], data: index(3)) -> param: f32 {\n"
                          "    batch: 8\n"
                          "    metric = layer(state)\n"
                          "    state, data = split(augment(state, deploy=3), every)\n"
                          "    every 5 { layer <- layer }\n"
                          "    param = metric[data]\n"
                          "    train.w <- train.w * 2\n"
                          "    minimize param using adam\n"
                          "    metric acc = param\n"
                          "}\n"
                          "deploy layer as state { target: c99 }\n"));
}

static void spans_are_bytes(void **state)
{
    Fixture *f = *state;
    const char *text = "# \xc3\xa9\nconst x = (a + bc) |> f(1)\n";
    Ast *item = parse(f, text)->list.at[0];
    assert_int_equal(item->span.begin, 5);
    assert_int_equal(item->span.end, strlen(text) - 1);
    Ast *pipe = item->named.value;
    assert_string_equal(span_text(f->arena, pipe->span), "(a + bc) |> f(1)");
    assert_string_equal(span_text(f->arena, pipe->name_span), "|>");
    assert_string_equal(span_text(f->arena, pipe->pair.left->span), "(a + bc)");
    assert_string_equal(span_text(f->arena, pipe->pair.left->name_span), "+");
    assert_string_equal(span_text(f->arena, pipe->pair.right->name_span), "f");
}

static void values_are_read(void **state)
{
    Fixture *f = *state;
    assert_int_equal(expression(f, "9223372036854775807")->integer, INT64_MAX);
    assert_int_equal(expression(f, "0xFF")->integer, 255);
    assert_int_equal(expression(f, "20_000")->integer, 20000);
    assert_true(expression(f, "1_0.5e-1")->number == 1.05);
    const Ast *q = expression(f, "2.5KiB");
    assert_true(q->kind == AST_QUANTITY && q->number == 2.5);
    assert_string_equal(q->name, "KiB");
    assert_string_equal(expression(f, "\"a\\\"b\\\\c\\n\\t\"")->name, "a\"b\\c\n\t");
    assert_true(expression(f, "true")->truth);
    assert_false(expression(f, "false")->truth);
}

static void doc_comments_belong_to_items(void **state)
{
    Fixture *f = *state;
    Ast *file = parse(f, "## The file.\n\n## One\n##  two\ndef f(x) = x  ## not a doc\n"
                         "def g(x) = x\n\n## Lost.\n\ndef h(x) = x\n");
    assert_string_equal(file->doc, "The file.");
    assert_string_equal(file->list.at[0]->doc, "One\n two");
    assert_null(file->list.at[1]->doc);
    assert_null(file->list.at[2]->doc);
    assert_string_equal(parse(f, "## Mine.\ndef f(x) = x")->list.at[0]->doc, "Mine.");
}

/* ---- hard texts ------------------------------------------------------------------ */

static void odd_files_are_programs(void **state)
{
    Fixture *f = *state;
    assert_int_equal(parse(f, "")->list.n, 0);
    assert_int_equal(parse(f, "\n\n")->list.n, 0);
    assert_int_equal(parse(f, "# only this")->list.n, 0);
    assert_int_equal(parse(f, "\xef\xbb\xbf"
                              "const a = 1")
                         ->list.n,
                     1);
    const char *crlf = "## Doc\r\ndef f(x) -> y {\r\n    y = x\r\n}\r\n";
    Ast *file = parse(f, crlf);
    assert_string_equal(file->list.at[0]->doc, "Doc");
}

static void bytes_that_are_no_text(void **state)
{
    Fixture *f = *state;
    static const struct {
        const char *text;
        size_t length;
        uint32_t at;
    } row[] = {
        { "const a\0= 1", 11, 7 },  { "# \xff", 3, 2 },
        { "# \xc3", 3, 2 },         { "# \xc0\x80", 4, 2 },
        { "# \xed\xa0\x80", 5, 2 }, { "# \xf5\x80\x80\x80", 6, 2 },
        { "# \xe2\x82", 4, 2 },     { "# \xf0\x80\x80\x80", 6, 2 },
    };
    for (int i = 0; i < ARRAY_LEN(row); i++) {
        f->sink = diag_sink_new(f->arena);
        assert_null(parse_bytes(f, row[i].text, row[i].length));
        assert_int_equal(diag_count(f->sink), 1);
        assert_int_equal(diag_id(f->sink, 0), DIAG_LEXICAL);
        assert_int_equal(diag_span(f->sink, 0).begin, row[i].at);
    }
    f->sink = diag_sink_new(f->arena);
    assert_non_null(
        parse(f, "# \xe2\x82\xac \xf0\x9f\x98\x80 \xc3\xa9\nconst a = \"\xc3\xa9\""));
}

static void depth_is_bounded(void **state)
{
    Fixture *f = *state;
    static const char *const part[][3] = {
        { "(", "1", ")" },
        { "[", "1", "]" },
        { "f(", "x", ")" },
        { "-", "1", "" },
        { "not ", "a", "" },
        { "", "a", ".b" },
        { "", "f", "(x)" },
        { "", "x", " |> f" },
        { "", "1", " + 1" },
        { "2 ** ", "1", "" },
        { "", "x", "[0]" },
        { "(", "", "" },
        { "if a then b else ", "c", "" },
    };
    enum { DEEP = 10000 };
    for (int i = 0; i < ARRAY_LEN(part); i++) {
        Out text;
        out_init(&text, f->arena);
        out_puts(&text, "const x = ");
        for (int k = 0; k < DEEP; k++)
            out_puts(&text, part[i][0]);
        out_puts(&text, part[i][1]);
        for (int k = 0; k < DEEP; k++)
            out_puts(&text, part[i][2]);
        out_puts(&text, "\n\nconst y = 1 2\n");
        f->sink = diag_sink_new(f->arena);
        assert_null(parse_bytes(f, out_text(&text), text.length));
        assert_int_equal(diag_count(f->sink), 2); /* and the next item has its own */
        assert_int_equal(diag_id(f->sink, 0), DIAG_NESTING);
        assert_int_equal(diag_id(f->sink, 1), DIAG_SYNTAX);
    }
}

static void blocks_are_bounded_too(void **state)
{
    Fixture *f = *state;
    Out text;
    out_init(&text, f->arena);
    out_puts(&text, "def f(x) -> y {\n");
    for (int k = 0; k < 10000; k++)
        out_puts(&text, "if a {\n");
    assert_null(parse_bytes(f, out_text(&text), text.length));
    assert_int_equal(diag_id(f->sink, 0), DIAG_NESTING);

    f->sink = diag_sink_new(f->arena);
    out_init(&text, f->arena);
    out_puts(&text, "def f(x) -> y {\nif a { y = 1 }");
    for (int k = 0; k < 10000; k++)
        out_puts(&text, " else if a { y = 1 }");
    out_puts(&text, "\n}\n");
    assert_null(parse_bytes(f, out_text(&text), text.length));
    assert_int_equal(diag_id(f->sink, 0), DIAG_NESTING);
}

static void usual_depths_are_fine(void **state)
{
    Fixture *f = *state;
    Out text;
    out_init(&text, f->arena);
    for (int k = 0; k < 190; k++)
        out_puts(&text, "(");
    out_puts(&text, "x");
    for (int k = 0; k < 190; k++)
        out_puts(&text, " |> f)");
    assert_int_equal(expression(f, out_text(&text))->height, 191);
}

static void recovery_goes_on_at_items(void **state)
{
    Fixture *f = *state;
    assert_null(parse(f, "def a(x) = )\n"
                         "  def lost(x) = )\n" /* not in column 1 */
                         "def b(x) = x\n"
                         "train: 3\n"
                         "def c(x) -> y {\n"
                         "data = 1\n" /* a name, in column 1 */
                         "y = $ x x\n"
                         "}\n"
                         "deploy a { )\n"));
    assert_int_equal(diag_count(f->sink), 4);
    static const int lines[] = { 1, 4, 7, 9 };
    for (int i = 0; i < 4; i++) {
        Span at = diag_span(f->sink, i);
        assert_int_equal(source_line(at.source, at.begin), lines[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(all_examples_parse),
        TEST(messages_are_the_expected_ones),
        TEST(operators_bind_as_documented),
        TEST(source_keeps_the_tree),
        TEST(signatures_print_as_written),
        TEST(soft_keywords_are_names),
        TEST(spans_are_bytes),
        TEST(values_are_read),
        TEST(doc_comments_belong_to_items),
        TEST(odd_files_are_programs),
        TEST(bytes_that_are_no_text),
        TEST(depth_is_bounded),
        TEST(blocks_are_bounded_too),
        TEST(usual_depths_are_fine),
        TEST(recovery_goes_on_at_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
