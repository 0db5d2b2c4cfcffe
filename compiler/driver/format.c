/* format.c - `--fmt`: every file given, in place; "-" from standard input to output. */
#include "driver/session.h"

#include "front/format.h"

static bool format_one(Session *s, const char *path)
{
    const Source *source = session_source(s, path);
    Out *text = arena_new(s->run, Out);
    FileSet files = { .arena = s->run };
    out_init(text, s->run);
    if (source == NULL || !ast_format(s->run, source, s->sink, text))
        return false;
    if (str_equal(path, "-")) {
        out_puts(&s->out, out_text(text));
        return true;
    }
    if (str_equal(source->text, out_text(text)))
        return true;
    file_set_add(&files, path, text);
    return file_set_write(&files, s->sink);
}

bool session_format(Session *s)
{
    bool good = true;
    for (int i = 0; i < s->options.input.n; i++)
        good = format_one(s, s->options.input.at[i]) && good;
    return good;
}
