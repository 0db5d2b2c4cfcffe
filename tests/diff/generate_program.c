/* generate_program.c - random programs: the text of several nets over sequences and of
 * a train block of several statements, elaborated as any program is.
 *
 * Nets: cells with states under scan (both directions, one inside another, begun where
 * another ended), states of the batch, shared layers, a twin of the first net. Losses
 * share nets, stop gradients, look at `grad` by the input and by a parameter; updates
 * are ordered, over some of the nets, every n steps, copies and mixes of the twins. */
#include "front/module.h"
#include "generate.h"
#include "generate_inside.h"
#include "support/bug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READER, TWIN, HEAD, CLASSES, MAKER, LINE, NETS };

static const char *const net_name[NETS] = { "reader",  "twin",  "head",
                                            "classes", "maker", "line" };

typedef struct Writer {
    Generator random;
    Out out;
    int names;       /* e1, m2 .. of the train block */
    bool no_plateau; /* a block may have one, and none in `every` */
} Writer;

static int64_t below(Writer *w, int64_t n)
{
    return generate_below(&w->random, n);
}

static int units(Writer *w)
{
    return 1 + (int)below(w, 5);
}

/* ---- nets ------------------------------------------------------------------------ */

static const char cells[] =
    "def leaky(x: [n], keep = 0.5) -> y: [n] {\n"
    "    state s: [n] = zeros\n"
    "    state m: [n] = -1\n"
    "    y = mix(s, x, keep) + maximum(m, s)\n"
    "    s <- mix(s, x, keep)\n"
    "    m <- 0.5 * y\n"
    "}\n"
    "def delays(x: [n]) -> y: [2 * n] {\n"
    "    state a: [n] = zeros\n"
    "    state b: [n] = 1\n"
    "    y = concat([a, b])\n"
    "    a <- x\n"
    "    b <- a\n"
    "}\n"
    "def decoder(x: [n], start: [m]) -> y: [m] {\n"
    "    param w: [n, m] = glorot\n"
    "    state h: [m] = start\n"
    "    y = tanh(x @ w + h)\n"
    "    h <- y\n"
    "}\n"
    "def carried(x: [t, n]) -> y { y = x |> scan(decoder(tanh(x[-1]))) }\n"
    "def running(x: [n]) -> y: [n] {\n"
    "    state s: [n] = zeros\n"
    "    y = x - s\n"
    "    s <- mix(s, batch_mean(x), 0.9)\n"
    "}\n"
    "def nested(x: [t, n], units: int) = reshape(x, [t, n, 1]) |> scan(gru(units) |> "
    "last)\n"
    "def across(x: [n], units: int) = reshape(x, [n, 1]) |> rnn(units) |> flatten\n"
    "def twice(x: [t, n], units: int) -> y {\n"
    "    layer cell = lstm_cell(units)\n"
    "    y = concat([x |> scan(cell), reverse(x) |> scan(cell)])\n"
    "}\n";

static const char *activation(Writer *w)
{
    static const char *const name[] = { "tanh", "relu", "silu", "logistic", "elu" };
    return name[below(w, 5)];
}

static void sequence_stage(Writer *w)
{
    Out *o = &w->out;
    static const char *const cell[] = { "lstm", "gru", "rnn" };
    out_puts(o, " |> ");
    switch (below(w, 15)) {
    case 0:
        out_print(o, "lstm(%d)", units(w));
        break;
    case 1:
        out_print(o, "gru(%d)", units(w));
        break;
    case 2:
        out_print(o, "rnn(%d, %s)", units(w), activation(w));
        break;
    case 3:
        out_print(o, "scan(leaky(0.%d))", 1 + (int)below(w, 9));
        break;
    case 4:
        out_print(o, "scan(delays |> dense(%d, %s))", units(w), activation(w));
        break;
    case 5:
        out_print(o, "scan(delays |> dense(%d) |> dropout(0.2))", units(w));
        break;
    case 6:
        out_puts(o, "carried");
        break;
    case 7:
        out_print(o, "nested(%d)", units(w));
        break;
    case 8:
        out_print(o, "twice(%d)", units(w));
        break;
    case 9:
        out_print(o, "bidirectional(%s_cell(%d), %s_cell(%d))", cell[below(w, 3)],
                  units(w), cell[below(w, 3)], units(w));
        break;
    case 10:
        out_print(o, "stacked(%d, 2, cell=%s, drop=0.1)", units(w), cell[below(w, 3)]);
        break;
    case 11:
        out_print(o, "reverse |> scan(%s_cell(%d))", cell[below(w, 3)], units(w));
        break;
    case 12:
        out_print(o, "dense(%d, %s) |> batchnorm", units(w), activation(w));
        break;
    case 13:
        out_puts(o, "layernorm(eps=0.1) |> tf.attention(1, causal=true)");
        break;
    default:
        out_print(o, "residual(conv1d(%d, 2, pad=causal) |> gru(%d) |> conv1d(1, 1))",
                  units(w), units(w));
    }
}

static void vector_stage(Writer *w)
{
    Out *o = &w->out;
    switch (below(w, 7)) {
    case 0:
        out_print(o, " |> dense(%d) |> batchnorm |> %s", units(w), activation(w));
        break;
    case 1:
        out_puts(o, " |> running");
        break;
    case 2:
        out_puts(o, " |> layernorm(eps=0.1)");
        break;
    case 3:
        out_print(o, " |> across(%d) |> dense(%d)", units(w), units(w));
        break;
    case 4:
        out_puts(o, " |> dropout(0.25)");
        break;
    default:
        out_print(o, " |> dense(%d, %s)", 1 + (int)below(w, 8), activation(w));
    }
}

/* A recipe from [t, n] to [m]. */
static void write_body(Writer *w)
{
    Out *o = &w->out;
    out_puts(o, "def body(x: [t, n]) = x");
    for (int64_t i = 1 + below(w, 2); i > 0; i--)
        sequence_stage(w);
    static const char *const end[] = { " |> last", " |> mean(axis=0)", " |> flatten" };
    out_puts(o, end[below(w, 3)]);
    if (below(w, 2))
        vector_stage(w);
    out_puts(o, " |> dense(M, tanh)\n\n");
}

static void write_nets(Writer *w)
{
    Out *o = &w->out;
    out_puts(o, "net reader(x: f32[T, N]) -> h: f32[M] = body(x)\n"
                "net twin(x: f32[T, N]) -> h: f32[M] = body(x)\n"
                "net head(h: f32[M]) -> y: f32[M] = h");
    for (int64_t i = below(w, 3); i > 0; i--)
        vector_stage(w);
    out_puts(o, " |> dense(M)\nnet classes(h: f32[M]) -> p: f32[M] = h");
    for (int64_t i = below(w, 2); i > 0; i--)
        vector_stage(w);
    out_puts(o, " |> dense(M, softmax)\n"
                "net maker(z: f32[M]) -> x: f32[T, N] {\n    h = z");
    vector_stage(w);
    out_puts(o, " |> dense(T * N)\n    x = reshape(h, [T, N])");
    if (below(w, 2))
        out_puts(o, " |> rnn(N)");
    out_puts(o, "\n}\nnet line(h: f32[M]) -> y: f32[M] {\n"
                "    param w: [M, M] = glorot\n    y = tanh(h @ w)\n}\n\n");
}

/* ---- the train block ------------------------------------------------------------- */

static const char *optimizer(Writer *w)
{
    static const char *const some[] = {
        "adam(lr=plateau(0.01))",
        "sgd(lr=0.1)",
        "sgd(lr=0.1, momentum=0.9, nesterov=true, decay=0.01)",
        "sgd(lr=0.2, clip=0.5)",
        "adam(lr=0.01)",
        "adam(lr=cosine(0.02, warmup=3), clip_value=0.3)",
        "adamw(lr=0.01, decay=0.1)",
        "rmsprop(lr=0.01, momentum=0.5)",
        "adagrad(lr=exponential(0.05, rate=0.5, every=4))",
        "adadelta(clip=1.0)",
    };
    int64_t i = below(w, (int64_t)(sizeof some / sizeof *some));
    if (i == 0 && w->no_plateau)
        i = 1;
    w->no_plateau |= i == 0;
    return some[i];
}

/* What a loss reaches, as bits by net. */
typedef struct Loss {
    const char *text;
    unsigned reach;
} Loss;

#define BIT(net) (1u << (net))

/* `before`: the statements that the loss stands on are printed with this indent. */
static Loss random_loss(Writer *w, const char *before)
{
    Out *o = &w->out;
    Arena *a = w->random.arena;
    int n = ++w->names;
    const char *form[] = { "mse(head(reader(x)), y)",
                           "cross_entropy(classes(reader(x)), label)",
                           "mse(head(stop_gradient(reader(x))), y)",
                           "mse(head(reader(x)), stop_gradient(head(twin(x))))",
                           "mse(line(reader(x)), y) + 0.01 * sum(line.w ** 2)" };
    const unsigned reach[] = { BIT(READER) | BIT(HEAD), BIT(READER) | BIT(CLASSES),
                               BIT(HEAD), BIT(READER) | BIT(HEAD),
                               BIT(READER) | BIT(LINE) };
    int64_t kind = below(w, 10);
    if (kind < 5)
        return (Loss){ form[kind], reach[kind] };
    if (kind == 5) { /* a gradient penalty */
        out_print(o, "%se%d = mse(head(reader(x)), y)\n", before, n);
        return (Loss){ str_printf(a, "e%d + mean(grad(e%d, x) ** 2)", n, n),
                       BIT(READER) | BIT(HEAD) };
    }
    if (kind == 6) { /* what is made is read */
        out_print(o, "%sm%d = maker(randn([M]))\n", before, n);
        bool stops = below(w, 2);
        return (Loss){ str_printf(a,
                                  stops ? "mean((reader(stop_gradient(m%d)) - 1) ** 2)"
                                        : "mean((reader(m%d) - y) ** 2)",
                                  n),
                       BIT(READER) | (stops ? 0 : BIT(MAKER)) };
    }
    if (kind == 7) { /* a step inside the loss */
        out_print(o,
                  "%se%d = mse(line(y), reader(x))\n"
                  "%sw%d = line.w - 0.1 * grad(e%d, line.w)\n",
                  before, n, before, n, n);
        return (Loss){ str_printf(a, "mse(tanh(reader(x) @ w%d), y)", n),
                       BIT(READER) | BIT(LINE) };
    }
    if (kind == 8) { /* adversarial samples */
        out_print(o,
                  "%se%d = cross_entropy(classes(reader(x)), label)\n"
                  "%sb%d = x + 0.1 * stop_gradient(tanh(9 * grad(e%d, x)))\n",
                  before, n, before, n, n);
        return (Loss){ str_printf(a, "cross_entropy(classes(reader(b%d)), label)", n),
                       BIT(READER) | BIT(CLASSES) };
    }
    out_print(o, "%sh%d = reader(x)\n%sr%d = maker(h%d) - x\n", before, n, before, n,
              n);
    return (Loss){ str_printf(a, "mean(r%d ** 2) + 0.1 * mse(line(h%d), y)", n, n),
                   BIT(READER) | BIT(MAKER) | BIT(LINE) };
}

static void write_minimize(Writer *w, Loss l, const char *before)
{
    Out *o = &w->out;
    out_print(o, "%sminimize %s", before, l.text);
    unsigned over = l.reach & (unsigned)below(w, 1 << NETS);
    if (over != 0) {
        const char *comma = " over ";
        for (int i = 0; i < NETS; i++)
            if (over & BIT(i)) {
                out_print(o, "%s%s", comma, net_name[i]);
                comma = ", ";
            }
    }
    out_print(o, " using %s\n", optimizer(w));
}

static const char *random_mix(Writer *w)
{
    static const char *const some[] = { "twin <- reader",
                                        "twin <- mix(twin, reader, 0.9)",
                                        "reader <- 0.5 * (twin + reader)" };
    return some[below(w, 3)];
}

static void write_every(Writer *w)
{
    Out *o = &w->out;
    out_print(o, "    every %d {\n", 1 + (int)below(w, 4));
    int64_t kind = below(w, 3);
    bool before = w->no_plateau;
    w->no_plateau = true;
    if (kind != 0)
        write_minimize(w, random_loss(w, "        "), "        ");
    if (kind != 1)
        out_print(o, "        %s\n", random_mix(w));
    w->no_plateau = before;
    out_puts(o, "    }\n");
}

static void write_train(Writer *w)
{
    Out *o = &w->out;
    static const int batch[] = { 1, 2, 3, 5 };
    out_print(o, "train on d {\n    steps: 20\n    batch: %d\n", batch[below(w, 4)]);
    int64_t statements = below(w, 4);
    if (statements == 0 && below(w, 2))
        out_print(o, "    accumulate: %d\n", 2 + (int)below(w, 2));
    /* A loss that two statements share, the first of which moves what it saw. */
    Loss shared = random_loss(w, "    ");
    out_print(o, "    l = %s\n", shared.text);
    shared.text = "l";
    write_minimize(w, shared, "    ");
    for (int64_t i = 0; i < statements; i++)
        switch (below(w, 5)) {
        case 0:
            write_minimize(w, shared, "    ");
            break;
        case 1:
            out_print(o, "    %s\n", random_mix(w));
            break;
        case 2:
            write_every(w);
            break;
        default:
            write_minimize(w, random_loss(w, "    "), "    ");
        }
    if (below(w, 2))
        out_puts(o, "    metric acc = accuracy(classes(reader(x)), label)\n");
    if (below(w, 3) == 0)
        out_puts(o, "    metric f = f1(classes(reader(x)), label)\n");
    out_puts(o, "}\n");
}

const char *generate_program_text(Arena *a, uint64_t seed)
{
    Writer w = { .random = { .arena = a, .state = seed } };
    Out *o = &w.out;
    out_init(o, a);
    int t = 1 + (int)below(&w, 4), n = 1 + (int)below(&w, 5), m = 2 + (int)below(&w, 4);
    out_print(o,
              "import std.transformer as tf\n\nconst T = %d\nconst N = %d\nconst M = "
              "%d\n\ndata d(x: f32[T, N], y: f32[M], label: index(M)) {\n"
              "    train: csv(\"none.csv\")\n}\n\n",
              t, n, m);
    out_puts(o, cells);
    write_body(&w);
    write_nets(&w);
    write_train(&w);
    return out_text(o);
}

/* ---- its functions --------------------------------------------------------------- */

static Module *elaborate_text(Arena *a, const char *text)
{
    DiagSink *sink = diag_sink_new(a);
    ElaborateOptions options = { .load = NULL };
    Source *s = source_new(a, "random.dl", "random.dl", text, (uint32_t)strlen(text));
    Ast *tree = ast_parse(a, s, sink);
    Module *m = tree ? elaborate(a, s, tree, &options, sink) : NULL;
    if (m != NULL)
        return m;
    Out out;
    out_init(&out, a);
    diag_render(sink, &out, DIAG_TEXT, false);
    printf("%s\n%s", text, out_text(&out));
    exit(1);
}

Generated generate_program(Arena *a, uint64_t seed, int function)
{
    const Module *m = elaborate_text(a, generate_program_text(a, seed));
    const ModuleTrain *t = m->train.at[0];
    Generated y = { .batch = t->batch };
    if (function == 0)
        y.graph = t->step;
    else if (function <= t->every.n)
        y.graph = t->every.at[function - 1].graph;
    else if (function == t->every.n + 1)
        y.graph = t->eval;
    else if (function == t->every.n + 2)
        y.graph = t->grad;
    return y;
}

Generated generate(Arena *a, GeneratedKind kind, uint64_t seed, int function)
{
    if (kind == GENERATED_PROGRAM)
        return generate_program(a, seed, function);
    return function == 0 ? generate_step(a, seed) : (Generated){ 0 };
}
