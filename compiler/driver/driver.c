/* driver.c - sets up a session, runs the mode, prints the messages. */
#define _POSIX_C_SOURCE 200809L
#include "driver/driver.h"

#include "driver/session.h"
#include "support/bug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_OK = 0, EXIT_DIAGNOSTICS = 1, EXIT_USAGE = 2 };

static bool wants_color(ColorWhen when)
{
    const char *term = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    if (when != COLOR_AUTO)
        return when == COLOR_ALWAYS;
    return isatty(STDERR_FILENO) && (no_color == NULL || no_color[0] == '\0') &&
           term != NULL && !str_equal(term, "dumb");
}

static bool check(Session *s)
{
    if (str_ends(s->options.input.at[0], ".dlir"))
        return session_dlir(s);
    return session_module(s) != NULL;
}

static bool compile(Session *s)
{
    const char *output = s->options.output;
    Module *m = session_module(s);
    if (m == NULL)
        return false;
    if (s->options.tune != NULL)
        return session_tune(s, m);
    for (int i = 0; i < m->sources.n; i++)
        if (file_same(output, m->sources.at[i]->path))
            return diag_error(s->sink, (Span){ 0 }, DIAG_FILE,
                              "cannot write `%s`: it is a source of this program",
                              output);
    if (str_ends(output, ".dl") || str_ends(output, ".h"))
        return diag_error(s->sink, (Span){ 0 }, DIAG_FILE,
                          "cannot write `%s`: the output is NAME.c or a program, NAME",
                          output);
    if (s->options.package >= 0)
        return session_package(s, m);
    return str_ends(output, ".c") ? session_compile_c(s, m) : session_program(s, m);
}

static bool run_mode(Session *s)
{
    switch (s->options.mode) {
    case MODE_CHECK:
        return check(s);
    case MODE_COMPILE:
        return compile(s);
    case MODE_EMIT:
    case MODE_PLAN:
    case MODE_SUMMARY:
        return session_emit(s);
    case MODE_FMT:
        return session_format(s);
    case MODE_HELP:
        options_help(&s->out);
        return true;
    case MODE_VERSION:
        out_print(&s->out, "dlc %s\n", DLC_VERSION);
        return true;
    default:
        return session_explain(s);
    }
}

static bool allow(Session *s)
{
    for (int i = 0; i < s->options.allow.n; i++) {
        int found = -1;
        for (int d = 0; d < DIAG_COUNT; d++)
            if (str_equal(diag_table[d].code, s->options.allow.at[i]) &&
                diag_table[d].severity == SEVERITY_WARNING)
                found = d;
        if (found < 0) {
            fprintf(stderr,
                    "dlc: error: --allow takes the code of a warning, not `%s`\n",
                    s->options.allow.at[i]);
            return false;
        }
        diag_allow(s->sink, (DiagId)found);
    }
    return true;
}

static bool target_is_known(const Options *o)
{
    if (o->target == NULL || target_find(o->target) != NULL)
        return true;
    const char *names[64];
    int n = 0;
    for (; n < target_count() && n < ARRAY_LEN(names); n++)
        names[n] = target_at(n)->name;
    const char *near = str_nearest(o->target, names, n);
    fprintf(stderr, "dlc: error: unknown target `%s`; %s%s%s\n", o->target,
            near ? "did you mean `" : "see dlc --list-targets", near ? near : "",
            near ? "`?" : "");
    return false;
}

static bool passes_are_known(Session *s)
{
    const Options *o = &s->options;
    const char *wrong = pipeline_check_names(s->run, o->dump_after, PASS_NAMES_ALL);
    const char *option = "--dump-after";
    if (wrong == NULL) {
        option = "--stop-after";
        wrong = pipeline_check_names(s->run, o->stop_after, PASS_NAMES_ONLY);
    }
    if (wrong == NULL) {
        option = "--passes";
        wrong = pipeline_check_names(s->run, o->passes, PASS_NAMES_ONLY);
    }
    for (int i = 0; i < o->no_pass.n && wrong == NULL; i++) {
        option = str_printf(s->run, "--no-%s", o->no_pass.at[i]);
        wrong = pipeline_check_names(s->run, o->no_pass.at[i], PASS_NAMES_REMOVABLE);
    }
    if (wrong != NULL)
        fprintf(stderr, "dlc: error: %s: %s\n", option, wrong);
    return wrong == NULL;
}

/* Everything that is printed, at once: messages, then the result. */
static bool flush_texts(Session *s)
{
    Out messages;
    out_init(&messages, s->run);
    diag_render(s->sink, &messages, s->options.diagnostics,
                s->options.diagnostics == DIAG_TEXT && wants_color(s->options.color));
    fputs(out_text(&s->log), stderr);
    fputs(out_text(&messages), stderr);
    if (s->out.length > 0)
        fwrite(s->out.text, 1, s->out.length, stdout);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    fputs("dlc: error: cannot write to standard output\n", stderr);
    return false;
}

static int run(Session *s)
{
    const char *error;
    if (!options_read(s->run, s->argc, s->argv, &s->options, &error)) {
        fprintf(stderr, "dlc: error: %s\n", error);
        return EXIT_USAGE;
    }
    if (!allow(s) || !target_is_known(&s->options) || !passes_are_known(s))
        return EXIT_USAGE;
    bool good = run_mode(s);
    bool usage =
        !good && diag_error_count(s->sink) == 0 && s->options.mode == MODE_EXPLAIN;
    if (!flush_texts(s))
        return EXIT_DIAGNOSTICS;
    if (usage)
        return EXIT_USAGE;
    return good && diag_error_count(s->sink) == 0 ? EXIT_OK : EXIT_DIAGNOSTICS;
}

int driver_run(int argc, char **argv)
{
    Session s = { .argc = argc, .argv = argv };
    s.run = arena_create("run");
    s.module = arena_create("module");
    s.scratch = arena_create("scratch");
    s.sink = diag_sink_new(s.run);
    s.source = map_new(s.run);
    out_init(&s.out, s.run);
    out_init(&s.log, s.run);
    bug_set_hook(session_crash, &s);
    int status = run(&s);
    bug_set_hook(NULL, NULL);
    arena_destroy(s.scratch);
    arena_destroy(s.module);
    arena_destroy(s.run);
    return status;
}
