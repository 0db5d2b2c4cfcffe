/* tune.c - `--tune=FILE --measure=COMMAND`: which kernel is the best for each layer.
 *
 * Round after round every layer gets its next variant; dlc compiles the model with
 * them, by a call of itself, and the command runs what came out and prints what each
 * layer took. A layer keeps what dlc chooses by itself unless a variant is better by
 * MARGIN. */
#define _POSIX_C_SOURCE 200809L
#include "driver/command.h"
#include "support/bug.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 200 /* one of so many instructions */ };

typedef struct Candidate { /* a layer */
    const TuningLayer *layer;
    int64_t plain; /* as dlc chooses */
    const KernelVariant *best;
    int64_t count; /* of the best */
} Candidate;

typedef struct Tuner {
    Session *s;
    const char *target, *folder;
    int n;
    Candidate *at;
} Tuner;

/* ---- running ---------------------------------------------------------------------
 */

static bool report(Tuner *t, const char *what, const char *command, const char *log)
{
    enum { SHOWN_BYTES = 2000 };
    size_t length = 0;
    const char *why, *said = file_read(t->s->run, log, &length, &why);
    Diag *d =
        diag_begin(t->s->sink, DIAG_PROGRAM, (Span){ 0 }, "`%s` %s", command, what);
    while (said != NULL && length > 0 && said[length - 1] == '\n')
        length--;
    if (said != NULL && length > 0)
        diag_note(d, "%.*s%s", (int)(length < SHOWN_BYTES ? length : SHOWN_BYTES), said,
                  length > SHOWN_BYTES ? " ..." : "");
    return diag_end(d);
}

/* What this program was called with, but for what concerns tuning. */
static void push_arguments(Tuner *t, Words *words)
{
    static const char *const own[] = { "--tune", "--measure" };
    for (int i = 1; i < t->s->argc; i++) {
        const char *word = t->s->argv[i];
        bool skip = false;
        for (int o = 0; o < ARRAY_LEN(own); o++) {
            size_t n = strlen(own[o]);
            if (strncmp(word, own[o], n) != 0 || (word[n] != '\0' && word[n] != '='))
                continue;
            skip = true;
            i += word[n] == '\0';
        }
        if (!skip)
            words_push(t->s, words, word);
    }
}

static bool compile_with(Tuner *t, const Out *rows, const char *output)
{
    Session *s = t->s;
    FileSet files = { .arena = s->run };
    const char *file = file_join(s->run, t->folder, "round.tuning");
    const char *log = file_join(s->run, t->folder, "compile.log");
    file_set_add(&files, file, rows);
    if (!file_set_write(&files, s->sink))
        return false;
    Words words = { 0 };
    words_push(s, &words, command_self(s));
    push_arguments(t, &words);
    words_push(s, &words, "--tuning");
    words_push(s, &words, file);
    words_push(s, &words, "--self-test=1");
    words_push(s, &words, "-o");
    words_push(s, &words, output);
    int status = command_run(s, words, log);
    return status == 0 || (command_signal() == 0 &&
                           report(t, "does not compile the model again", "dlc", log));
}

static bool add_line(const Tuner *t, int64_t *counts, const char *line)
{
    char *end;
    long long count = strtoll(line, &end, 10);
    if (end == line || *end != ' ' || count < 0)
        return false;
    while (*end == ' ')
        end++;
    for (int i = 0; i < t->n; i++)
        if (str_equal(t->at[i].layer->name, end))
            counts[i] = (counts[i] < 0 ? 0 : counts[i]) + count;
    return true;
}

/* counts[i] becomes what layer i took with these rows. */
static bool measure(Tuner *t, const Out *rows, int64_t *counts)
{
    Session *s = t->s;
    const char *command = s->options.measure;
    const char *output = file_join(s->run, t->folder, "model.c");
    const char *log = file_join(s->run, t->folder, "measure.log"), *why;
    Words words = { 0 };
    words_split(s, &words, command);
    words_push(s, &words, output);
    if (!compile_with(t, rows, output))
        return false;
    if (words.n < 2)
        return diag_error(s->sink, (Span){ 0 }, DIAG_PROGRAM,
                          "--measure names no command");
    if (command_run(s, words, log) != 0)
        return command_signal() == 0 && report(t, "fails", command, log);
    size_t length;
    const char *text = file_read(s->run, log, &length, &why);
    for (int i = 0; i < t->n; i++)
        counts[i] = -1;
    for (const char *at = text; at != NULL && *at != '\0';) {
        size_t n = strcspn(at, "\n");
        if (!add_line(t, counts, str_copy(s->run, at, n)))
            return report(t, "prints something else than lines COUNT LAYER", command,
                          log);
        at += n + (at[n] == '\n');
    }
    for (int i = 0; i < t->n; i++)
        if (counts[i] < 0)
            return diag_error(s->sink, (Span){ 0 }, DIAG_PROGRAM,
                              "`%s` does not say what layer `%s` took", command,
                              t->at[i].layer->name);
    return true;
}

/* ---- rounds ----------------------------------------------------------------------
 */

static bool first_round(Tuner *t)
{
    Out rows;
    out_init(&rows, t->s->run);
    tuning_print_head(t->target, &rows);
    int64_t *counts = arena_array(t->s->run, int64_t, t->n + 1);
    if (!measure(t, &rows, counts))
        return false;
    for (int i = 0; i < t->n; i++)
        t->at[i].plain = t->at[i].count = counts[i];
    return true;
}

/* Variant `round` of each layer that has so many. */
static bool next_round(Tuner *t, int round)
{
    Out rows;
    out_init(&rows, t->s->run);
    tuning_print_head(t->target, &rows);
    for (int i = 0; i < t->n; i++)
        if (round < t->at[i].layer->variant.n)
            tuning_print_row(t->at[i].layer->name, t->at[i].layer->variant.at[round],
                             true, 0, &rows);
    int64_t *counts = arena_array(t->s->run, int64_t, t->n + 1);
    if (!measure(t, &rows, counts))
        return false;
    for (int i = 0; i < t->n; i++) {
        Candidate *c = &t->at[i];
        if (round >= c->layer->variant.n || counts[i] >= c->count ||
            counts[i] >= c->plain - c->plain / MARGIN)
            continue;
        c->count = counts[i];
        c->best = c->layer->variant.at[round];
    }
    return true;
}

static bool all_rounds(Tuner *t)
{
    int most = 0;
    for (int i = 0; i < t->n; i++)
        if (t->at[i].layer->variant.n > most)
            most = t->at[i].layer->variant.n;
    bool good = first_round(t);
    for (int round = 0; round < most && good; round++)
        good = next_round(t, round);
    return good;
}

/* ---- result ----------------------------------------------------------------------
 */

static void print_result(const Tuner *t, Out *file, Out *table)
{
    int64_t plain = 0, best = 0;
    tuning_print_head(t->target, file);
    for (int i = 0; i < t->n; i++) {
        const Candidate *c = &t->at[i];
        const char *name = c->layer->name;
        if (c->best != NULL)
            tuning_print_row(name, c->best, false, c->count, file);
        else
            out_print(file, "# %s: what dlc chooses, %lld\n", name,
                      (long long)c->count);
        out_print(table, "%10lld  %10lld  %-16s %s\n", (long long)c->plain,
                  (long long)c->count, c->best != NULL ? c->best->name : "-", name);
        plain += c->plain;
        best += c->count;
    }
    out_print(table, "%10lld  %10lld  all\n", (long long)plain, (long long)best);
}

static bool write_result(Tuner *t)
{
    Session *s = t->s;
    Out *file = arena_new(s->run, Out);
    FileSet files = { .arena = s->run };
    out_init(file, s->run);
    print_result(t, file, &s->out);
    int64_t *counts = arena_array(s->run, int64_t, t->n + 1);
    if (!measure(t, file, counts)) /* it compiles, and its self-test passes */
        return false;
    file_set_add(&files, s->options.tune, file);
    return file_set_write(&files, s->sink);
}

bool session_tune(Session *s, Module *m)
{
    EmitUnit unit;
    Tuner t = { .s = s };
    if (s->options.weights == NULL)
        return diag_error(s->sink, (Span){ 0 }, DIAG_PROGRAM,
                          "--tune measures a trained net: give --weights=FILE");
    if (!session_unit(s, m, UNIT_C, &unit, NULL))
        return false;
    t.target = unit.target->name;
    t.n = s->tuning.layer.n;
    if (t.n == 0)
        return diag_error(s->sink, (Span){ 0 }, DIAG_TUNING,
                          "nothing to tune: `%s` has no layer of int8 with kernels to "
                          "choose from on `%s`",
                          m->name, t.target);
    t.at = arena_array(s->run, Candidate, t.n);
    for (int i = 0; i < t.n; i++)
        t.at[i].layer = &s->tuning.layer.at[i];
    t.folder = file_make_folder(s->run, s->sink);
    if (t.folder == NULL)
        return false;
    command_watch(true);
    bool good = all_rounds(&t) && write_result(&t);
    file_remove_folder(t.folder);
    command_watch(false);
    if (command_signal() != 0)
        raise(command_signal());
    return good;
}
