/* program.c - `-o model`: the C goes to a folder of its own, $CC compiles it and links
 * it with the host runtime, and only a finished program gets the name that was asked
 * for.
 *
 * What to link with stands in runtime.txt, which CMake writes beside the executable
 * (build tree) and installs as lib/dlc/runtime.txt: lines `include DIR`, `library
 * FILE`, `link FLAG`; relative paths are relative to that file. $DLC_RUNTIME names its
 * folder. */
#define _POSIX_C_SOURCE 200809L
#include "driver/command.h"
#include "driver/session.h"
#include "emit/names.h"
#include "support/bug.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Toolchain {
    Words compiler; /* $CC, in words */
    Words include, library, link;
} Toolchain;

/* ---- where the runtime is -------------------------------------------------------- */

static const char *own_folder(Session *s)
{
    const char *self = command_self(s);
    return strchr(self, '/') ? file_folder(s->run, self) : "";
}

static const char *find_runtime(Session *s)
{
    const char *given = getenv("DLC_RUNTIME"), *own = own_folder(s);
    const char *place[3] = { NULL, file_join(s->run, own, "runtime.txt"),
                             file_join(s->run, own,
                                       "../" DLC_LIBDIR "/dlc/runtime.txt") };
    if (given != NULL && given[0] != '\0') {
        place[0] = file_join(s->run, given, "runtime.txt");
        place[1] = place[2] = NULL;
    }
    for (int i = 0; i < ARRAY_LEN(place); i++)
        if (place[i] != NULL && file_exists(place[i]))
            return place[i];
    Diag *d = diag_begin(s->sink, DIAG_PROGRAM, (Span){ 0 },
                         "the runtime of training programs is not found");
    for (int i = 0; i < ARRAY_LEN(place); i++)
        if (place[i] != NULL)
            diag_note(d, "not at `%s`", place[i]);
    diag_help(d, "set DLC_RUNTIME to the folder that holds runtime.txt");
    diag_end(d);
    return NULL;
}

static bool read_runtime(Session *s, Toolchain *t)
{
    size_t length;
    const char *why = NULL, *path = find_runtime(s);
    if (path == NULL)
        return false;
    const char *text = file_read(s->run, path, &length, &why);
    if (text == NULL)
        return diag_error(s->sink, (Span){ 0 }, DIAG_FILE, "cannot read `%s`: %s", path,
                          why);
    const char *folder = file_folder(s->run, path);
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        const char *line = str_copy(s->run, text, n);
        if (str_starts(line, "include "))
            words_push(s, &t->include, file_join(s->run, folder, line + 8));
        else if (str_starts(line, "library "))
            words_push(s, &t->library, file_join(s->run, folder, line + 8));
        else if (str_starts(line, "link ") && line[5] != '\0')
            words_push(s, &t->link, line + 5);
        text += n + (text[n] == '\n');
    }
    for (int i = 0; i < t->library.n; i++)
        if (!file_exists(t->library.at[i]))
            return diag_error(s->sink, (Span){ 0 }, DIAG_PROGRAM,
                              "the runtime `%s` is not built", t->library.at[i]);
    const char *cc = getenv("CC");
    words_split(s, &t->compiler, cc != NULL && cc[0] != '\0' ? cc : "cc");
    if (t->compiler.n == 0)
        words_push(s, &t->compiler, "cc");
    return true;
}

/* ---- running the compiler -------------------------------------------------------- */

static bool report_failure(Session *s, const Words *words, const char *log, int status)
{
    enum { SHOWN_BYTES = 4000 };
    size_t length = 0;
    const char *why, *said = file_read(s->run, log, &length, &why);
    Diag *d =
        diag_begin(s->sink, DIAG_PROGRAM, (Span){ 0 },
                   "`%s` cannot build the program (status %d)", words->at[0], status);
    while (said != NULL && length > 0 && said[length - 1] == '\n')
        length--;
    if (said != NULL && length > 0)
        diag_note(d, "%.*s%s", (int)(length < SHOWN_BYTES ? length : SHOWN_BYTES), said,
                  length > SHOWN_BYTES ? " ..." : "");
    return diag_end(d);
}

/* Does the compiler take this flag? gcc keeps the accumulators of a kernel in registers
 * with -fira-region=one, and with -fno-predictive-commoning does not carry loads of
 * overlapping rows in registers that they need; clang knows neither. */
static bool takes_flag(Session *s, const Toolchain *t, const char *folder,
                       const char *flag)
{
    Words words = { 0 };
    for (int i = 0; i < t->compiler.n; i++)
        words_push(s, &words, t->compiler.at[i]);
    words_push(s, &words, "-Werror");
    words_push(s, &words, flag);
    words_push(s, &words, "-fsyntax-only");
    words_push(s, &words, "-xc");
    words_push(s, &words, "/dev/null");
    return command_run(s, words, file_join(s->run, folder, "probe.log")) == 0;
}

static void push_flags(Session *s, Words *words, const EmitUnit *unit,
                       const Toolchain *t, const char *folder)
{
    static const char *const always[] = { "-std=c99", "-O2", "-ffp-contract=off",
                                          "-fno-math-errno" };
    for (int i = 0; i < ARRAY_LEN(always); i++)
        words_push(s, words, always[i]);
    if (unit->target->march != NULL)
        words_split(s, words, unit->target->march);
    static const char *const wished[] = { "-fira-region=one",
                                          "-fno-predictive-commoning" };
    for (int i = 0; i < ARRAY_LEN(wished); i++)
        if (takes_flag(s, t, folder, wished[i]))
            words_push(s, words, wished[i]);
    words_push(s, words,
               str_printf(s->run, "-D%s_PROFILE", name_upper(s->run, unit->prefix)));
    /* Not -I: a model may be called stdint.dl. */
    words_push(s, words, str_printf(s->run, "-iquote%s", folder));
    for (int i = 0; i < t->include.n; i++)
        words_push(s, words, str_printf(s->run, "-I%s", t->include.at[i]));
}

static bool run_compiler(Session *s, const EmitUnit *unit, const Toolchain *t,
                         const char *folder, bool has_data, const char *program)
{
    Words words = { 0 };
    static const char *const part[] = { "", "_program", "_data" };
    for (int i = 0; i < t->compiler.n; i++)
        words_push(s, &words, t->compiler.at[i]);
    push_flags(s, &words, unit, t, folder);
    for (int i = 0; i < (has_data ? 3 : 2); i++)
        words_push(s, &words,
                   str_printf(s->run, "%s/%s%s.c", folder, unit->stem, part[i]));
    for (int i = 0; i < s->options.link.n; i++)
        words_push(s, &words, s->options.link.at[i]);
    for (int i = 0; i < t->library.n; i++)
        words_push(s, &words, t->library.at[i]);
    for (int i = 0; i < t->link.n; i++)
        words_push(s, &words, t->link.at[i]);
    words_push(s, &words, "-o");
    words_push(s, &words, program);
    const char *log = file_join(s->run, folder, "cc.log");
    int status = command_run(s, words, log);
    return status == 0 ||
           (command_signal() == 0 && report_failure(s, &words, log, status));
}

static bool build(Session *s, const EmitUnit *unit, const EmitFiles *made,
                  const Toolchain *t, const char *folder)
{
    FileSet files = { .arena = s->run };
    const char *base = str_printf(s->run, "%s/%s", folder, unit->stem);
    file_set_add(&files, str_printf(s->run, "%s.h", base), &made->header);
    file_set_add(&files, str_printf(s->run, "%s.c", base), &made->source);
    file_set_add(&files, str_printf(s->run, "%s_program.c", base), &made->program);
    if (made->has_data)
        file_set_add(&files, str_printf(s->run, "%s_data.c", base), &made->data);
    const char *program = file_join(s->run, folder, "program");
    if (!file_set_write(&files, s->sink) ||
        !run_compiler(s, unit, t, folder, made->has_data, program))
        return false;
    return file_install(s->run, program, s->options.output, s->sink);
}

/* Somebody has to define what `extern` names. */
static bool check_links(Session *s, const EmitUnit *unit)
{
    const char *name = emit_foreign(unit);
    for (int i = 0; i < s->options.link.n; i++)
        if (!file_exists(s->options.link.at[i]))
            return diag_error(s->sink, (Span){ 0 }, DIAG_FILE,
                              "cannot link `%s`: there is no such file",
                              s->options.link.at[i]);
    if (name == NULL || s->options.link.n > 0)
        return true;
    Diag *d = diag_begin(s->sink, DIAG_PROGRAM, (Span){ 0 },
                         "the program calls the C function `%s`, which nothing defines",
                         name);
    diag_help(d, "name the file that does: `--link=%s.c`", name);
    return diag_end(d);
}

bool session_program(Session *s, Module *m)
{
    EmitUnit unit;
    EmitFiles made;
    Toolchain t = { .compiler = { 0 } };
    FileSet depfile = { .arena = s->run };
    if (!session_unit(s, m, UNIT_PROGRAM, &unit, NULL) ||
        !emit_c(s->module, &unit, s->sink, &made))
        return false;
    if (diag_error_count(s->sink) > 0 || !check_links(s, &unit) || !read_runtime(s, &t))
        return false;
    const char *folder = file_make_folder(s->run, s->sink);
    if (folder == NULL)
        return false;
    command_watch(true);
    bool good = build(s, &unit, &made, &t, folder);
    file_remove_folder(folder);
    command_watch(false);
    if (command_signal() != 0)
        raise(command_signal());
    output_depfile(s, m, &depfile, s->options.output);
    return good && file_set_write(&depfile, s->sink);
}
