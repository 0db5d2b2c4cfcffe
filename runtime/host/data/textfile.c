/* textfile.c - one long text as overlapping windows of tokens. */
#include "host/data/textfile.h"

#include <stdlib.h>

#include "host/data/stream.h"
#include "host/data/vocabulary.h"

static bool refuse(const char *path, const dlc_source *source, const char *text,
                   const char *at, const char *end, Fault *fault)
{
    char what[DLC_TYPE_SIZE];
    long long line = 1, column = 1;
    for (const char *c = text; c < at; c++) {
        line += *c == '\n';
        column = *c == '\n' ? 1 : column + 1;
    }
    dlc_fault(fault, "%s:%lld:%lld: %s is not in the vocabulary", path, line, column,
              dlc_vocabulary_refused(what, at, end));
    if (source->vocab != NULL) {
        return dlc_fault_help(fault, "add it to %s", source->vocab);
    }
    return dlc_fault_help(fault, "vocab=chars is ASCII: list the characters in a file, "
                                 "vocab=chars(\"list.txt\"), or use vocab=bytes");
}

static bool tokenize(Table *table, const Vocabulary *v, const char *path,
                     const dlc_source *source, const char *text, int64_t bytes,
                     Fault *fault)
{
    const dlc_type *type = &table->field[0].type;
    const size_t size = dlc_dtype_bytes(type->dtype);
    const char *at = text, *end = text + bytes;
    unsigned char *to = dlc_new((size_t)bytes, size, path, fault);
    char why[DLC_TYPE_SIZE];
    int64_t n = 0, token = to != NULL ? dlc_vocabulary_next(v, &at, end) : -3;
    table->column[0] = to;
    for (; token >= 0; token = dlc_vocabulary_next(v, &at, end), n++) {
        dlc_value_store(to + (size_t)n * size, type, (double)token, why);
    }
    if (token == -2) {
        return refuse(path, source, text, at, end, fault);
    }
    if (token == -1 && n < type->dim[0]) {
        return dlc_fault(fault,
                         "%s: holds %lld tokens, fewer than the %lld of a sample", path,
                         (long long)n, (long long)type->dim[0]);
    }
    table->stride[0] = size;
    table->reach = type->dim[0];
    table->count = n - type->dim[0] + 1;
    return token == -1;
}

bool dlc_text_read(Table *table, const char *path, const dlc_source *source,
                   const Places *places, Fault *fault)
{
    Stream s;
    Vocabulary v = { 0 };
    int64_t bytes = 0;
    if (!dlc_stream_open(&s, path, fault)) {
        return false;
    }
    char *text = (char *)dlc_stream_read_new(&s, INT32_MAX, &bytes, fault);
    bool done = text != NULL && dlc_stream_is_at_end(&s, fault);
    dlc_stream_close(&s);
    done = done &&
           dlc_vocabulary_init(&v, source, table->field[0].type.bound, places, fault) &&
           tokenize(table, &v, path, source, text, bytes, fault);
    dlc_vocabulary_release(&v);
    free(text);
    return done;
}
