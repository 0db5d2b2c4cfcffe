/* program.c - `-o model`: the C goes to a folder of its own, $CC compiles it and links
 * it with the host runtime, and only a finished program gets the name that was asked
 * for.
 *
 * What to link with stands in runtime.txt, which CMake writes beside the executable
 * (build tree) and installs as lib/dlc/runtime.txt: lines `include DIR`, `library
 * FILE`, `link FLAG`; relative paths are relative to that file. $DLC_RUNTIME names its
 * folder. */
#define _POSIX_C_SOURCE 200809L
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

typedef VEC(const char *) Words;

typedef struct Toolchain {
    Words compiler; /* $CC, in words */
    Words include, library, link;
} Toolchain;

static void push(Session *s, Words *w, const char *word)
{
    vec_push(s->run, w, word);
}

static void push_split(Session *s, Words *w, const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        if (n > 0)
            push(s, w, str_copy(s->run, text, n));
        text += n + (text[n] == ' ');
    }
}

/* ---- where the runtime is -------------------------------------------------------- */

static const char *own_folder(Session *s)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0) { /* no /proc: as it was called */
        const char *called = s->argv[0];
        return strchr(called, '/') ? file_folder(s->run, called) : "";
    }
    return file_folder(s->run, str_copy(s->run, path, (size_t)n));
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
            push(s, &t->include, file_join(s->run, folder, line + 8));
        else if (str_starts(line, "library "))
            push(s, &t->library, file_join(s->run, folder, line + 8));
        else if (str_starts(line, "link ") && line[5] != '\0')
            push(s, &t->link, line + 5);
        text += n + (text[n] == '\n');
    }
    for (int i = 0; i < t->library.n; i++)
        if (!file_exists(t->library.at[i]))
            return diag_error(s->sink, (Span){ 0 }, DIAG_PROGRAM,
                              "the runtime `%s` is not built", t->library.at[i]);
    const char *cc = getenv("CC");
    push_split(s, &t->compiler, cc != NULL && cc[0] != '\0' ? cc : "cc");
    if (t->compiler.n == 0)
        push(s, &t->compiler, "cc");
    return true;
}

/* ---- running the compiler -------------------------------------------------------- */

/* SIGINT, SIGTERM or SIGHUP while a compiler runs: it is stopped, the folder removed,
 * and dlc ends as the signal would have ended it. */
static volatile sig_atomic_t caught;

static void catch_signal(int number)
{
    caught = number;
}

static const int caught_signals[] = { SIGHUP, SIGINT, SIGTERM };

static void watch_signals(bool on)
{
    struct sigaction action = { .sa_handler = on ? catch_signal : SIG_DFL };
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < ARRAY_LEN(caught_signals); i++) {
        struct sigaction old;
        sigaction(caught_signals[i], NULL, &old);
        if (old.sa_handler != SIG_IGN) /* nohup */
            sigaction(caught_signals[i], &action, NULL);
    }
}

/* Waits for the child; a signal goes on to it. */
static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
        if (caught != 0)
            kill(child, SIGTERM);
    }
    return caught == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Runs a command, with what it says in `log`. Its exit status, or -1. */
static int run_command(Session *s, Words words, const char *log)
{
    char **argv = arena_array(s->run, char *, words.n + 1);
    for (int i = 0; i < words.n; i++)
        argv[i] = str_copy(s->run, words.at[i], strlen(words.at[i]));
    pid_t child = caught == 0 ? fork() : -1;
    if (child < 0)
        return -1;
    if (child == 0) {
        watch_signals(false);
        int out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        int in = open("/dev/null", O_RDONLY);
        if (out < 0 || in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
            dup2(out, 2) < 0)
            _exit(126);
        execvp(argv[0], argv);
        dprintf(2, "%s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    return wait_for(child);
}

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
        push(s, &words, t->compiler.at[i]);
    push(s, &words, "-Werror");
    push(s, &words, flag);
    push(s, &words, "-fsyntax-only");
    push(s, &words, "-xc");
    push(s, &words, "/dev/null");
    return run_command(s, words, file_join(s->run, folder, "probe.log")) == 0;
}

static void push_flags(Session *s, Words *words, const EmitUnit *unit,
                       const Toolchain *t, const char *folder)
{
    static const char *const always[] = { "-std=c99", "-O2", "-ffp-contract=off",
                                          "-fno-math-errno" };
    for (int i = 0; i < ARRAY_LEN(always); i++)
        push(s, words, always[i]);
    if (unit->target->march != NULL)
        push_split(s, words, unit->target->march);
    static const char *const wished[] = { "-fira-region=one",
                                          "-fno-predictive-commoning" };
    for (int i = 0; i < ARRAY_LEN(wished); i++)
        if (takes_flag(s, t, folder, wished[i]))
            push(s, words, wished[i]);
    push(s, words,
         str_printf(s->run, "-D%s_PROFILE", name_upper(s->run, unit->prefix)));
    /* Not -I: a model may be called stdint.dl. */
    push(s, words, str_printf(s->run, "-iquote%s", folder));
    for (int i = 0; i < t->include.n; i++)
        push(s, words, str_printf(s->run, "-I%s", t->include.at[i]));
}

static bool run_compiler(Session *s, const EmitUnit *unit, const Toolchain *t,
                         const char *folder, bool has_data, const char *program)
{
    Words words = { 0 };
    static const char *const part[] = { "", "_program", "_data" };
    for (int i = 0; i < t->compiler.n; i++)
        push(s, &words, t->compiler.at[i]);
    push_flags(s, &words, unit, t, folder);
    for (int i = 0; i < (has_data ? 3 : 2); i++)
        push(s, &words, str_printf(s->run, "%s/%s%s.c", folder, unit->stem, part[i]));
    for (int i = 0; i < s->options.link.n; i++)
        push(s, &words, s->options.link.at[i]);
    for (int i = 0; i < t->library.n; i++)
        push(s, &words, t->library.at[i]);
    for (int i = 0; i < t->link.n; i++)
        push(s, &words, t->link.at[i]);
    push(s, &words, "-o");
    push(s, &words, program);
    const char *log = file_join(s->run, folder, "cc.log");
    int status = run_command(s, words, log);
    return status == 0 || (caught == 0 && report_failure(s, &words, log, status));
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
    watch_signals(true);
    bool good = build(s, &unit, &made, &t, folder);
    file_remove_folder(folder);
    watch_signals(false);
    if (caught != 0)
        raise(caught);
    output_depfile(s, m, &depfile, s->options.output);
    return good && file_set_write(&depfile, s->sink);
}
