/* load.c - what a run reads, and its hash: sources by the name the user gave, imports
 * beside the file that imports, a tuning file. */
#include "driver/budget.h"
#include "driver/learning.h"
#include "driver/session.h"
#include "support/hash.h"

#include <string.h>

enum { SOURCE_LIMIT_BYTES = 16 << 20 };

static const Source *load(Session *s, const char *path, const char **why)
{
    const char *key = file_identity(s->run, path);
    const Source *known = map_find(s->source, key);
    if (known != NULL)
        return known;
    size_t length = 0;
    char *text = file_read(s->run, path, &length, why);
    if (text == NULL)
        return NULL;
    if (length > SOURCE_LIMIT_BYTES) {
        *why = "larger than 16 MiB";
        return NULL;
    }
    const char *name = str_equal(path, "-") ? "<stdin>" : path;
    Source *source = source_new(s->run, path, name, text, (uint32_t)length);
    map_put(s->source, key, source);
    return source;
}

const Source *session_source(Session *s, const char *path)
{
    const char *why = NULL;
    const Source *source = load(s, path, &why);
    if (source == NULL)
        diag_error(s->sink, (Span){ 0 }, DIAG_FILE, "cannot read `%s`: %s", path, why);
    return source;
}

const Source *session_import(void *context, const char *path, const Source *from)
{
    Session *s = context;
    const char *why;
    const char *beside = file_join(s->run, file_folder(s->run, from->path), path);
    const Source *source = load(s, beside, &why);
    for (int i = 0; source == NULL && i < s->options.import_dir.n; i++)
        source = load(s, file_join(s->run, s->options.import_dir.at[i], path), &why);
    return source;
}

static bool all_defines_used(Session *s)
{
    bool good = true;
    for (int i = 0; i < s->options.define.n; i++)
        if (!s->options.define.at[i].used)
            good = diag_error(s->sink, (Span){ 0 }, DIAG_UNDEFINED,
                              "-D %s: the program has no const of that name",
                              s->options.define.at[i].name);
    return good;
}

Module *session_module(Session *s)
{
    const Source *source = session_source(s, s->options.input.at[0]);
    if (source == NULL)
        return NULL;
    Ast *program = ast_parse(s->run, source, s->sink);
    if (program == NULL)
        return NULL;
    ElaborateOptions options = { .load = session_import,
                                 .load_context = s,
                                 .n_defines = s->options.define.n,
                                 .define = s->options.define.at,
                                 .batch = s->options.batch };
    Module *m = elaborate(s->module, source, program, &options, s->sink);
    if (m == NULL || !all_defines_used(s) || !budget_check(s, m) ||
        !learning_check(s, m))
        return NULL;
    return m;
}

bool session_tuning(Session *s)
{
    s->tuning = (Tuning){ .arena = s->run };
    if (s->options.tuning == NULL)
        return true;
    const Source *source = session_source(s, s->options.tuning);
    return source != NULL && tuning_read(s->run, source, s->sink, &s->tuning);
}

uint64_t session_hash(Session *s, const Module *m)
{
    uint64_t hash = HASH_START;
    for (int i = 0; i < m->sources.n; i++)
        hash = hash_bytes(hash, m->sources.at[i]->text, m->sources.at[i]->length);
    hash = hash_bytes(hash, s->options.spelled, strlen(s->options.spelled));
    if (s->options.weights != NULL)
        hash = hash_bytes(hash, &s->weights.hash, sizeof s->weights.hash);
    if (s->tuning.source != NULL)
        hash = hash_bytes(hash, s->tuning.source->text, s->tuning.source->length);
    return hash;
}
