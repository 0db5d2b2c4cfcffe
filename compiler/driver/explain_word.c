/* explain_word.c - `--explain` of a word of the language: a def of the library as it is
 * written, a function of the compiler, a setting, a source. */
#include "driver/session.h"
#include "front/library.h"
#include "graph/op.h"
#include "support/bug.h"
#include "support/vec.h"

#include <string.h>

typedef struct Word {
    const char *name, *kind, *parameters;
} Word;

static const Word builtins[] = {
#define BUILTIN(name, handler, op, signature) { #name, "", signature },
#include "front/builtin.def"
#undef BUILTIN
};

static const Word settings[] = {
#define SETTING(block, name, kind) { #name, #block, kind },
#include "front/settings.def"
#undef SETTING
};

static const Word configs[] = {
#define CONFIG(name, kind, parameters) { #name, kind, parameters },
#include "front/config.def"
#undef CONFIG
};

/* ---- defs of the library --------------------------------------------------------- */

static const char *line_end(const char *line)
{
    const char *end = strchr(line, '\n');
    return end == NULL ? line + strlen(line) : end + 1;
}

/* The name that `def NAME(` at a line's beginning defines; NULL: none. */
static const char *def_name(Arena *a, const char *line)
{
    return str_starts(line, "def ") ? str_copy(a, line + 4, strcspn(line + 4, "( "))
                                    : NULL;
}

/* Prints the def with the comment above it. Its text ends before the next line that
 * begins in column 1, except the closing brace. */
static void print_def(Out *o, const char *comment, const char *def)
{
    const char *end = line_end(def);
    while (*end == ' ' || *end == '}' || (*end == '\n' && end[1] == ' '))
        end = line_end(end);
    out_write(o, comment, (size_t)(end - comment));
}

static bool explain_def(Session *s, const LibraryModule *m, const char *name)
{
    const char *comment = NULL;
    int number = 1;
    for (const char *line = m->text; *line != '\0'; line = line_end(line), number++) {
        const char *here = def_name(s->run, line);
        if (here != NULL && str_equal(here, name)) {
            out_print(&s->out, "std/%s.dl:%d\n\n", m->name, number);
            print_def(&s->out, comment != NULL ? comment : line, line);
            return true;
        }
        if (!str_starts(line, "##"))
            comment = NULL;
        else if (comment == NULL)
            comment = line;
    }
    return false;
}

/* ---- words of the tables --------------------------------------------------------- */

static const char *block_word(const char *block)
{
    static const char *const word[][2] = { { "DATA", "data" },
                                           { "AUGMENT", "augment" },
                                           { "TRAIN", "train" },
                                           { "DEPLOY", "deploy" },
                                           { "PARAM", "param" } };
    for (int i = 0; i < ARRAY_LEN(word); i++)
        if (str_equal(word[i][0], block))
            return word[i][1];
    return block;
}

static bool explain_table(Session *s, const char *name)
{
    bool found = false;
    for (int i = 0; i < ARRAY_LEN(builtins); i++) {
        if (!str_equal(builtins[i].name, name))
            continue;
        out_print(&s->out, "%s(%s): a function of the compiler\n", name,
                  builtins[i].parameters);
        found = true;
    }
    for (int i = 0; i < ARRAY_LEN(settings); i++) {
        if (!str_equal(settings[i].name, name))
            continue;
        out_print(&s->out, "%s: a setting of %s, kind %s\n", name,
                  block_word(settings[i].kind), settings[i].parameters);
        found = true;
    }
    for (int i = 0; i < ARRAY_LEN(configs); i++) {
        if (!str_equal(configs[i].name, name))
            continue;
        out_print(&s->out, "%s: a value of kind %s", name, configs[i].kind);
        if (configs[i].parameters[0] != '\0')
            out_print(&s->out, ", from %s", configs[i].parameters);
        out_puts(&s->out, "\n");
        found = true;
    }
    return found;
}

bool explain_word(Session *s, const char *name)
{
    bool found = explain_table(s, name);
    for (int i = 0; i < library_count; i++)
        found = explain_def(s, &library_modules[i], name) || found;
    return found;
}

const char *explain_nearest(Session *s, const char *name)
{
    VEC(const char *) all = { 0 };
    for (int i = 0; i < ARRAY_LEN(builtins); i++)
        vec_push(s->run, &all, builtins[i].name);
    for (int i = 0; i < ARRAY_LEN(settings); i++)
        vec_push(s->run, &all, settings[i].name);
    for (int i = 0; i < ARRAY_LEN(configs); i++)
        vec_push(s->run, &all, configs[i].name);
    for (int i = 0; i < OP_COUNT; i++)
        vec_push(s->run, &all, op_table[i]->name);
    for (int i = 0; i < DIAG_COUNT; i++)
        vec_push(s->run, &all, diag_table[i].code);
    for (int i = 0; i < library_count; i++)
        for (const char *line = library_modules[i].text; *line != '\0';
             line = line_end(line))
            if (def_name(s->run, line) != NULL)
                vec_push(s->run, &all, def_name(s->run, line));
    return str_nearest(name, all.at, all.n);
}
