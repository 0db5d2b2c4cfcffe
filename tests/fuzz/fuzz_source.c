/* fuzz_source.c - random edits of programs: the parser accepts or rejects with a
 * located message, the formatter keeps what was accepted, and neither crashes.
 *
 *     fuzz_source SECONDS FILE..    replays seeds 0, 1, 2, .. until the time is up
 *     fuzz_source --seed=N FILE..   prints the program of one seed and runs it
 *
 * A seed alone decides a program, so a failure can be repeated. Edits move tokens (as
 * in mutation-based grammar fuzzing; Holler, Herzig, Zeller, USENIX Security 2012) and,
 * less often, bytes. */
#include "front/ast.h"
#include "front/format.h"
#include "front/token.h"
#include "support/vec.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_FILES = 64, MOST_EDITS = 4 };

typedef struct Corpus {
    const Source *file[MOST_FILES];
    TokenList tokens[MOST_FILES];
    int n;
} Corpus;

typedef struct Tally {
    long programs, accepted;
} Tally;

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014) */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int below(uint64_t *state, int n)
{
    return (int)(next_random(state) % (uint64_t)n);
}

/* ---- edits ----------------------------------------------------------------------- */

typedef struct Text {
    const char *at;
    size_t length;
} Text;

typedef VEC(Text) TextVec;

/* The program as tokens and the blanks and comments between them. */
static TextVec cut(Arena *a, const Source *s, const TokenList *tokens)
{
    TextVec v = { 0 };
    uint32_t end = 0;
    for (int i = 0; i < tokens->token.n; i++) {
        Span span = tokens->token.at[i].span;
        Text gap = { s->text + end, span.begin - end };
        Text token = { s->text + span.begin, span.end - span.begin };
        if (gap.length > 0)
            vec_push(a, &v, gap);
        if (token.length > 0)
            vec_push(a, &v, token);
        end = span.end;
    }
    return v;
}

static Text any_token(const Corpus *c, uint64_t *random)
{
    static const char *const odd[] = {
        "(",     ")",  "[",    "]",    "{",        "}",      "\"",
        "\n",    "#",  "##",   "$",    "\xc3\xa9", "\xff",   "1.",
        "'a'",   "..", "-",    "|>",   ";",        ",",      "99999999999999999999",
        "1e999", "\t", "\r\n", "else", "if",       "\nnet ", "\ntrain ",
    };
    if (below(random, 4) == 0) {
        const char *text = odd[below(random, (int)(sizeof odd / sizeof odd[0]))];
        return (Text){ text, strlen(text) };
    }
    int k = below(random, c->n);
    Span s = c->tokens[k].token.at[below(random, c->tokens[k].token.n)].span;
    return (Text){ s.source->text + s.begin, s.end - s.begin };
}

static void edit_tokens(Arena *a, const Corpus *c, TextVec *v, uint64_t *random)
{
    Text none = { "", 0 };
    int k = below(random, v->n), j = below(random, v->n);
    Text t = v->at[k];
    switch (below(random, 5)) {
    case 0:
        v->at[k] = none;
        break;
    case 1:
        v->at[k] = v->at[j];
        v->at[j] = t;
        break;
    case 2:
        v->at[k] = any_token(c, random);
        break;
    case 3:
        vec_push(a, v, none);
        memmove(v->at + k + 1, v->at + k, (size_t)(v->n - 1 - k) * sizeof *v->at);
        v->at[k] = any_token(c, random);
        break;
    default: /* a piece of the program, many times */
        for (int i = 0, times = below(random, 300); i < times; i++) {
            Text again = v->at[k + i % 3 < v->n ? k + i % 3 : k];
            vec_push(a, v, again);
        }
    }
}

static char *join(Arena *a, const TextVec *v, size_t *length)
{
    *length = 0;
    for (int i = 0; i < v->n; i++)
        *length += v->at[i].length;
    char *text = arena_alloc(a, *length + 1), *end = text;
    for (int i = 0; i < v->n; i++) {
        memcpy(end, v->at[i].at, v->at[i].length);
        end += v->at[i].length;
    }
    return text;
}

static char *program_of(Arena *a, const Corpus *c, uint64_t seed, size_t *length)
{
    uint64_t random = seed;
    int k = below(&random, c->n);
    TextVec v = cut(a, c->file[k], &c->tokens[k]);
    for (int i = below(&random, MOST_EDITS) + 1; i > 0; i--)
        edit_tokens(a, c, &v, &random);
    char *text = join(a, &v, length);
    if (below(&random, 8) == 0 && *length > 0) /* any byte, NUL too */
        text[below(&random, (int)*length)] = (char)below(&random, 256);
    if (below(&random, 16) == 0)
        *length = (size_t)below(&random, (int)*length + 1);
    text[*length] = '\0';
    return text;
}

/* ---- one program ----------------------------------------------------------------- */

static bool wrong(const char *what)
{
    printf("%s\n", what);
    return false;
}

static bool messages_have_places(const DiagSink *sink, const Source *s)
{
    if (diag_error_count(sink) == 0)
        return wrong("rejected without a message");
    for (int i = 0; i < diag_count(sink); i++) {
        Span at = diag_span(sink, i);
        if (at.source != s || at.begin > at.end || at.end > s->length)
            return wrong("a message without a place in the file");
    }
    return true;
}

static bool formats(Arena *a, const Source *s, DiagSink *sink)
{
    Out once, twice;
    out_init(&once, a);
    out_init(&twice, a);
    if (!ast_format(a, s, sink, &once))
        return wrong("the formatter rejects what the parser accepts");
    const Source *again =
        source_new(a, s->path, s->name, out_text(&once), (uint32_t)once.length);
    if (!ast_format(a, again, sink, &twice))
        return wrong("the formatter rejects its own text");
    return str_equal(out_text(&once), out_text(&twice)) ||
           wrong("formatting twice is not formatting once");
}

static bool run(Arena *a, const char *text, size_t length, Tally *tally)
{
    DiagSink *sink = diag_sink_new(a);
    const Source *s = source_new(a, "fuzz.dl", "fuzz.dl", text, (uint32_t)length);
    const Ast *tree = ast_parse(a, s, sink);
    tally->programs++;
    Out out;
    out_init(&out, a);
    if (tree == NULL) {
        diag_render(sink, &out, DIAG_TEXT, false);
        return messages_have_places(sink, s);
    }
    tally->accepted++;
    if (diag_count(sink) != 0)
        return wrong("accepted with a message");
    ast_print(tree, &out);
    return formats(a, s, sink);
}

/* ---- files and time -------------------------------------------------------------- */

static void add_file(Arena *a, Corpus *c, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL || c->n == MOST_FILES) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    char *text = arena_alloc(a, 1 << 17);
    size_t length = fread(text, 1, (1 << 17) - 1, in);
    fclose(in);
    c->file[c->n] = source_new(a, path, path, text, (uint32_t)length);
    c->tokens[c->n] = token_scan(a, c->file[c->n]);
    c->n++;
}

static uint64_t current_seed; /* for the message of a crash */
static bool finished;

static void crashed(int signal_number)
{
    printf("signal %d in the program of --seed=%llu\n", signal_number,
           (unsigned long long)current_seed);
    fflush(stdout);
    _Exit(1);
}

static void exiting(void)
{
    if (finished)
        return;
    fflush(stdout);
    fprintf(stderr, "exit in the program of: --seed=%llu\n",
            (unsigned long long)current_seed);
}

static int replay(Arena *a, const Corpus *c, double seconds)
{
    Tally tally = { 0 };
    clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
    ArenaMark mark = arena_mark(a);
    signal(SIGSEGV, crashed);
    signal(SIGABRT, crashed);
    atexit(exiting); /* BUG() exits */
    for (current_seed = 0; clock() < end; current_seed++) {
        size_t length;
        const char *text = program_of(a, c, current_seed, &length);
        if (!run(a, text, length, &tally)) {
            printf("fuzz_source --seed=%llu\n", (unsigned long long)current_seed);
            finished = true;
            return 1;
        }
        arena_rewind(a, mark);
    }
    finished = true;
    printf("%ld programs, %ld accepted\n", tally.programs, tally.accepted);
    if (tally.accepted == 0 || tally.accepted == tally.programs) {
        printf("the edits test nothing\n");
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    Arena *a = arena_create("fuzz");
    Corpus c = { 0 };
    if (argc < 3) {
        fprintf(stderr, "usage: fuzz_source SECONDS|--seed=N FILE..\n");
        return 2;
    }
    for (int i = 2; i < argc; i++)
        add_file(a, &c, argv[i]);
    int status;
    if (str_starts(argv[1], "--seed=")) {
        size_t length;
        Tally tally = { 0 };
        char *text = program_of(a, &c, strtoull(argv[1] + 7, NULL, 10), &length);
        fwrite(text, 1, length, stdout);
        fflush(stdout);
        status = !run(a, text, length, &tally);
    } else {
        status = replay(a, &c, strtod(argv[1], NULL));
    }
    arena_destroy(a);
    return status;
}
