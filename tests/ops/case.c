/* case.c - see case.h. */
#include "case.h"

#include "graph/region.h"
#include "graph/scan.h"
#include "graph/text.h"
#include "interp/graph_interp.h"
#include "support/bug.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const more_cases[] = {
#define CASE(text) text,
#include "cases.def"
#undef CASE
};

int case_texts(const Op *op, const char **text, int max)
{
    int n = 0;
    size_t length = strlen(op->name);
    for (int i = 0; i < OP_MAX_EXAMPLES && op->example[i].expression; i++)
        if (n < max)
            text[n++] = op->example[i].expression;
    for (int i = 0; i < ARRAY_LEN(more_cases); i++)
        if (strncmp(more_cases[i], op->name, length) == 0 &&
            more_cases[i][length] == ' ' && n < max)
            text[n++] = more_cases[i];
    return n;
}

/* ---- texts ----------------------------------------------------------------------- */

/* f32[2, 3] or index(4)[2] becomes a literal of zeros. */
static bool zeros_of_type(Scan *s, Out *o)
{
    const char *word;
    int64_t bound = 0, dim[SHAPE_MAX_RANK], count = 1;
    int n = 0;
    if (!scan_word(s, &word))
        return false;
    out_puts(o, word);
    if (str_equal(word, "index")) {
        if (!scan_expect(s, "(") || !scan_int(s, &bound) || !scan_expect(s, ")"))
            return false;
        out_print(o, "(%d)", (int)bound);
    }
    if (!scan_expect(s, "["))
        return false;
    while (!scan_accept(s, "]"))
        if ((n > 0 && !scan_expect(s, ",")) || !scan_int(s, &dim[n++]))
            return false;
    for (int i = 0; i < n; i++)
        count *= dim[i];
    out_puts(o, " ");
    for (int64_t i = 0; i < count; i++) {
        int64_t inner = 1;
        for (int d = n - 1; d >= 0; d--) {
            inner *= dim[d];
            if (i % inner == 0)
                out_puts(o, "[");
        }
        out_puts(o, "0");
        inner = 1;
        for (int d = n - 1; d >= 0; d--) {
            inner *= dim[d];
            if ((i + 1) % inner == 0)
                out_puts(o, "]");
        }
        if (i + 1 < count)
            out_puts(o, ", ");
    }
    return true;
}

/* Types stand where a bracket follows a word or `)` directly. */
static const char *expand(Arena *a, const char *text)
{
    const char *brace = strchr(text, '{'), *at = strchr(text, '[');
    bool types =
        at && at > text && (!brace || at < brace) && at[-1] != ' ' && at[-1] != '[';
    if (!types)
        return text;
    Scan s;
    Out o;
    const char *word;
    DiagSink *sink = diag_sink_new(a);
    scan_init(&s, a, NULL, text, sink);
    out_init(&o, a);
    if (!scan_word(&s, &word))
        return text;
    out_print(&o, "%s ", word);
    do {
        if (!zeros_of_type(&s, &o))
            return text;
        out_puts(&o, scan_peek(&s, ',') ? ", " : " ");
    } while (scan_accept(&s, ","));
    out_puts(&o, s.at);
    return out_text(&o);
}

/* Every result of a loop, in one row. */
static Node *all_results(Graph *g, Node *scan)
{
    Node *part[CASE_MAX_IN];
    int n = scan->body->result.n;
    scan_mark(scan);
    for (int i = 0; i < n && i < CASE_MAX_IN; i++) {
        Node *y = build_result(g, scan, i);
        part[i] = build_reshape(
            g, y, (Shape){ .rank = 1, .dim = { shape_count(&y->shape) } });
    }
    return n == 1 ? part[0] : build_concat(g, n, part, 0);
}

OpCase case_new(Arena *a, const char *text, const Op *op, unsigned batched, Tally *t)
{
    OpCase c = { .arena = a, .text = text, .op = op };
    DiagSink *sink = diag_sink_new(a);
    Graph *parsed = graph_new(a, "text");
    Node *n = graph_read_expression(parsed, expand(a, text), sink);
    if (n == NULL || n->n_in > CASE_MAX_IN) {
        tally_fail(t, text, "%s", diag_count(sink) ? diag_message(sink, 0) : "no node");
        return c;
    }
    Graph *g = graph_new(a, "case");
    c.n_in = n->n_in;
    for (int i = 0; i < n->n_in; i++)
        c.in[i] =
            build_input(g, INPUT_FIELD, str_printf(a, "x%d", i), n->in[i]->dtype,
                        n->in[i]->shape, n->in[i]->bound, (batched >> i & 1) != 0);
    c.node = build_region(g, NULL, op, n->body, n->n_in, c.in, n->attr);
    if (n->body != NULL)
        c.node = all_results(g, c.node);
    graph_add_result(g, RESULT_OUTPUT, "y", c.node);
    c.graph = g;
    return c;
}

/* ---- values ---------------------------------------------------------------------- */

double random_unit(Tally *t) /* splitmix64 (Steele, Lea, Flood 2014) */
{
    uint64_t z = (t->random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (double)(z >> 11) / 9007199254740992.0;
}

Tensor *random_tensor(Arena *a, Tally *t, Shape shape)
{
    Tensor *y = tensor_new(a, DTYPE_F32, shape);
    for (int64_t i = 0; i < shape_count(&shape); i++)
        y->at[i] = 2 * random_unit(t) - 1;
    return y;
}

/* Off zero and apart from each other: distinct steps of 0.05 from 0.1 on, either sign.
 */
static double apart(Tally *t, int *used, int first)
{
    int step = (*used)++ * 71 + first;
    double x = 0.1 + 0.05 * (step % 401);
    return random_unit(t) < 0.5 ? -x : x;
}

static double sample(Tally *t, const Operand *operand, const Node *n, int *used,
                     int first)
{
    double u = random_unit(t);
    if (n->dtype == DTYPE_BOOL)
        return u < 0.5;
    if (n->bound > 0)
        return floor(u * (double)n->bound);
    if (!dtype_is_float(n->dtype))
        return n->dtype == DTYPE_I32 ? floor(u * 19) - 9 : floor(u * 10);
    switch (operand->domain) {
    case DOMAIN_OFF_ZERO:
        return apart(t, used, first);
    case DOMAIN_POSITIVE:
        return 0.2 + 2.8 * u;
    case DOMAIN_UNIT:
        return 0.05 + 0.9 * u;
    default:
        return 4 * u - 2;
    }
}

void case_sample(const OpCase *c, Arena *a, Tally *t, Tensor **x)
{
    int used = 0, first = (int)(random_unit(t) * 401);
    for (int i = 0; i < c->n_in; i++) {
        const Node *n = c->in[i];
        int slot = i;
        while (slot > 0 && c->op->operand[slot].name == NULL)
            slot--; /* variadic: the last one describes the rest */
        x[i] = tensor_new(a, n->dtype, n->shape);
        for (int64_t j = 0; j < shape_count(&n->shape); j++)
            x[i]->at[j] = dtype_round(
                n->dtype, sample(t, &c->op->operand[slot], n, &used, first));
    }
}

Tensor **case_run(const Graph *g, Arena *a, int n, Tensor *const *x)
{
    Tensor **input = arena_array(a, Tensor *, g->node.n);
    for (int i = 0; i < g->node.n; i++)
        for (int j = 0; j < n && g->node.at[i]->op == &op_input; j++)
            if (str_equal(attr_text(g->node.at[i], "path"), str_printf(a, "x%d", j)))
                input[i] = x[j];
    return graph_evaluate(g, input, a);
}

/* ---- counting -------------------------------------------------------------------- */

void tally_fail(Tally *t, const char *text, const char *format, ...)
{
    t->failures++;
    if (t->quiet)
        return;
    va_list args;
    va_start(args, format);
    printf("ops.%s: %s: ", t->check, text);
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

bool tally_compare(Tally *t, const char *text, const char *what, double got,
                   double want, double scale, double tolerance)
{
    if (got == want || (isnan(got) && isnan(want)))
        return true;
    double error = fabs(got - want) / scale;
    if (error > t->worst) {
        t->worst = error;
        t->worst_case = text;
    }
    if (error <= tolerance)
        return true;
    tally_fail(t, text, "%s is %.12g, not %.12g", what, got, want);
    return false;
}
