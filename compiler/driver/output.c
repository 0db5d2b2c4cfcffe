/* output.c - `-o model.c`: the texts become files, all or none. */
#define _POSIX_C_SOURCE 200809L
#include "driver/session.h"

#include <string.h>
#include <unistd.h>

static void escape(Out *o, const char *path) /* for make and ninja */
{
    for (; *path != '\0'; path++) {
        if (*path == ' ' || *path == '#' || *path == '\\')
            out_puts(o, "\\");
        if (*path == '$')
            out_puts(o, "$");
        out_write(o, path, 1);
    }
}

/* Dependencies are absolute: build systems read depfiles from folders of their own. */
static void depend(Session *s, Out *text, const char *path)
{
    char folder[4096];
    out_puts(text, " ");
    if (path[0] != '/' && getcwd(folder, sizeof folder) != NULL)
        path = file_join(s->run, folder, path);
    escape(text, path);
}

bool output_depfile(Session *s, const Module *m, FileSet *files, const char *target)
{
    Out *text = arena_new(s->run, Out);
    if (!s->options.depfile)
        return true;
    out_init(text, s->run);
    escape(text, target);
    out_puts(text, ":");
    for (int i = 0; i < m->sources.n; i++)
        depend(s, text, m->sources.at[i]->path);
    if (s->options.weights != NULL)
        depend(s, text, s->options.weights);
    if (s->options.tuning != NULL)
        depend(s, text, s->options.tuning);
    if (s->options.arch != NULL)
        depend(s, text, s->options.arch);
    if (s->options.self_test_file != NULL)
        depend(s, text, s->options.self_test_file);
    for (int i = 0; i < s->options.link.n; i++)
        depend(s, text, s->options.link.at[i]);
    out_puts(text, "\n");
    const char *name = s->options.depfile_name;
    if (name == NULL) {
        bool c = str_ends(target, ".c");
        name =
            str_printf(s->run, "%.*s.d", (int)(strlen(target) - (c ? 2 : 0)), target);
    }
    file_set_add(files, name, text);
    return true;
}

bool session_compile_c(Session *s, Module *m)
{
    EmitUnit unit;
    EmitFiles made;
    const char *output = s->options.output;
    const char *stem = str_copy(s->run, output, strlen(output) - 2);
    if (file_name(stem)[0] == '\0')
        return diag_error(s->sink, (Span){ 0 }, DIAG_FILE,
                          "cannot write `%s`: the name has no stem", output);
    if (!session_unit(s, m, UNIT_C, &unit, NULL))
        return false;
    unit.stem = file_name(stem);
    if (s->options.self_test > 0 && !golden_make(s, m, &unit))
        return false;
    if (!emit_c(s->module, &unit, s->sink, &made))
        return false;
    FileSet files = { .arena = s->run };
    if (s->options.arch != NULL) {
        Out *all = arena_new(s->run, Out);
        if (!session_arch(s, &unit, &made, all))
            return false;
        file_set_add(&files, output, all);
        output_depfile(s, m, &files, output);
        return diag_error_count(s->sink) == 0 && file_set_write(&files, s->sink);
    }
    file_set_add(&files, output, &made.source);
    file_set_add(&files, str_printf(s->run, "%s.h", stem), &made.header);
    if (made.has_data)
        file_set_add(&files, str_printf(s->run, "%s_data.c", stem), &made.data);
    if (made.has_test) {
        file_set_add(&files, str_printf(s->run, "%s_test.c", stem), &made.test);
        file_set_add(&files, str_printf(s->run, "%s_test.h", stem), &made.test_header);
    }
    output_depfile(s, m, &files, output);
    return diag_error_count(s->sink) == 0 && file_set_write(&files, s->sink);
}
