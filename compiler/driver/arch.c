/* arch.c - `--arch=FILE.c`: the C of a model in the place of one line of that file. */
#include "driver/session.h"

#include <string.h>

static const char placeholder[] = "/* @model@ */";

/* The next line from `text` on that is the placeholder, but for blanks; NULL: none. */
static const char *find_line(const char *text)
{
    for (; text != NULL && *text != '\0'; text = strchr(text, '\n')) {
        text += *text == '\n';
        const char *word = text + strspn(text, " \t");
        const char *end = word + strlen(placeholder);
        if (str_starts(word, placeholder) && end[strspn(end, " \t\r")] <= '\n')
            return text;
    }
    return NULL;
}

static bool fail(Session *s, const char *what)
{
    Diag *d = diag_begin(s->sink, DIAG_PROGRAM, (Span){ 0 },
                         "`%s` has %s `%s`, where the model goes", s->options.arch,
                         what, placeholder);
    diag_help(d, "an architecture file has exactly one; see runtime/arch/README.md");
    return diag_end(d);
}

bool session_arch(Session *s, const EmitUnit *unit, const EmitFiles *made, Out *out)
{
    const Source *arch = session_source(s, s->options.arch);
    out_init(out, s->run);
    if (arch == NULL)
        return false;
    const char *line = find_line(arch->text);
    const char *rest = line != NULL ? line + strcspn(line, "\n") : NULL;
    if (line == NULL)
        return fail(s, "no line");
    if (find_line(rest) != NULL)
        return fail(s, "two lines");
    out_write(out, arch->text, (size_t)(line - arch->text));
    if (!emit_arch(s->module, unit, made, out) && strstr(rest, "MODEL_") != NULL) {
        Diag *d = diag_begin(s->sink, DIAG_CLASH, (Span){ 0 },
                             "`%s` runs a trained net of one input and one output, "
                             "without a state; this "
                             "program has none such last",
                             s->options.arch);
        diag_help(d, "give --weights, deploy such a net, or write an architecture file "
                     "that calls the functions by their names");
        return diag_end(d);
    }
    out_puts(out, rest + (*rest == '\n'));
    return true;
}
