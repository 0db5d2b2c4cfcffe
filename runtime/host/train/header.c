/* header.c - the JSON of a safetensors file: a strict parser of exactly that grammar.
 *
 * No recursion (the nesting is fixed), no allocation but the two arrays, which grow
 * with what was parsed; strings are unescaped in place. */
#include <stdlib.h>
#include <string.h>

#include "host/train/safetensors.h"

typedef struct Parser {
    SafeFile *file;
    char *start, *at, *end; /* *end is 0 */
    Fault *fault;
} Parser;

static bool expected(const Parser *p, const char *what)
{
    return dlc_fault(p->fault, "%s: header: offset %lld: expected %s", p->file->path,
                     (long long)(8 + (p->at - p->start)), what);
}

static void skip_space(Parser *p)
{
    while (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r') {
        p->at++;
    }
}

static bool accept(Parser *p, char c)
{
    skip_space(p);
    if (*p->at != c || p->at == p->end) {
        return false;
    }
    p->at++;
    return true;
}

static bool expect(Parser *p, char c)
{
    const char what[] = { '`', c, '`', '\0' };
    return accept(p, c) || expected(p, what);
}

static int hex4(const char *at)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const char c = at[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

/* \uXXXX as UTF-8, at most 3 bytes: shorter than what it replaces. Pairs of surrogates
 * and NUL are refused: no name of ours has them. */
static char *put_utf8(char *to, int c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3F));
    } else {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    }
    return to;
}

static bool parse_string(Parser *p, const char **text)
{
    static const char escape[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
    if (!accept(p, '"')) {
        return expected(p, "a string");
    }
    char *to = p->at;
    *text = to;
    while (*p->at != '"') {
        if ((unsigned char)*p->at < 0x20) {
            return expected(p, "a closing quote");
        }
        if (*p->at != '\\') {
            *to++ = *p->at++;
            continue;
        }
        const char c = p->at[1];
        const char *known = c == '\0' ? NULL : strchr(escape, c);
        if (known != NULL) {
            *to++ = meaning[known - escape];
            p->at += 2;
            continue;
        }
        const int code = c == 'u' ? hex4(p->at + 2) : -1;
        if (code <= 0 || (code >= 0xD800 && code < 0xE000)) {
            return expected(p, "an escape of JSON");
        }
        to = put_utf8(to, code);
        p->at += 6;
    }
    p->at++;
    *to = '\0';
    return true;
}

static bool parse_integer(Parser *p, int64_t *value)
{
    skip_space(p);
    if (*p->at < '0' || *p->at > '9') {
        return expected(p, "an integer");
    }
    *value = 0;
    for (; *p->at >= '0' && *p->at <= '9'; p->at++) {
        if (*value > (INT64_MAX - 9) / 10) {
            return expected(p, "an integer below 2^63");
        }
        *value = *value * 10 + (*p->at - '0');
    }
    return true;
}

/* [a, b, ...] of at most `room` integers. */
static bool parse_integers(Parser *p, int64_t *value, int room, int *count)
{
    *count = 0;
    if (!expect(p, '[')) {
        return false;
    }
    if (accept(p, ']')) {
        return true;
    }
    do {
        if (*count == room) {
            return expected(p, "fewer numbers");
        }
        if (!parse_integer(p, &value[(*count)++])) {
            return false;
        }
    } while (accept(p, ','));
    return expect(p, ']');
}

/* Room for one more element in an array that doubles. */
static void *grown(Parser *p, void *array, int count, size_t size)
{
    if (count > 0 && (count < 16 || (count & (count - 1)) != 0)) {
        return array;
    }
    const size_t room = count < 16 ? 16 : 2 * (size_t)count;
    void *larger = realloc(array, room * size);
    if (larger == NULL) {
        dlc_fault(p->fault, "out of memory for the header of %s", p->file->path);
    }
    return larger;
}

static bool check_tensor(Parser *p, SafeTensor *t, const int64_t *offset)
{
    const char *path = p->file->path;
    int64_t bytes = dlc_safetensors_element(t->dtype);
    if (bytes == 0) {
        return dlc_fault(p->fault, "%s: tensor %s has the unknown element type %s",
                         path, t->name, t->dtype);
    }
    for (int i = 0; i < t->rank; i++) {
        if (t->dim[i] != 0 && bytes > INT64_MAX / t->dim[i]) {
            return dlc_fault(p->fault, "%s: tensor %s is larger than 2^63 bytes", path,
                             t->name);
        }
        bytes *= t->dim[i];
    }
    if (offset[0] > offset[1] || offset[1] - offset[0] != bytes) {
        return dlc_fault(p->fault,
                         "%s: tensor %s has offsets %lld .. %lld, but its shape"
                         " takes %lld bytes",
                         path, t->name, (long long)offset[0], (long long)offset[1],
                         (long long)bytes);
    }
    if (offset[1] > p->file->data_bytes) {
        return dlc_fault(p->fault,
                         "%s: is truncated: tensor %s ends at offset %lld, the"
                         " file at %lld",
                         path, t->name, (long long)(p->file->data_start + offset[1]),
                         (long long)(p->file->data_start + p->file->data_bytes));
    }
    t->offset = offset[0];
    t->bytes = bytes;
    return true;
}

static bool parse_tensor(Parser *p, const char *name)
{
    enum { DTYPE = 1, SHAPE = 2, OFFSETS = 4 };
    SafeTensor t = { .name = name };
    int64_t offset[2] = { 0, 0 };
    int seen = 0, count = 0;
    if (!expect(p, '{')) {
        return false;
    }
    do {
        const char *key = NULL;
        if (!parse_string(p, &key) || !expect(p, ':')) {
            return false;
        }
        bool done = false;
        if (strcmp(key, "dtype") == 0 && (seen & DTYPE) == 0) {
            seen |= DTYPE;
            done = parse_string(p, &t.dtype);
        } else if (strcmp(key, "shape") == 0 && (seen & SHAPE) == 0) {
            seen |= SHAPE;
            done = parse_integers(p, t.dim, DLC_MAX_RANK, &t.rank);
        } else if (strcmp(key, "data_offsets") == 0 && (seen & OFFSETS) == 0) {
            seen |= OFFSETS;
            done = parse_integers(p, offset, 2, &count) &&
                   (count == 2 || expected(p, "two offsets"));
        } else {
            return dlc_fault(p->fault, "%s: tensor %s: unexpected or repeated key %s",
                             p->file->path, name, key);
        }
        if (!done) {
            return false;
        }
    } while (accept(p, ','));
    if (!expect(p, '}')) {
        return false;
    }
    if (seen != (DTYPE | SHAPE | OFFSETS)) {
        return dlc_fault(p->fault, "%s: tensor %s lacks dtype, shape or data_offsets",
                         p->file->path, name);
    }
    SafeFile *f = p->file;
    SafeTensor *larger = grown(p, f->tensor, f->n_tensors, sizeof *f->tensor);
    if (larger == NULL) {
        return false;
    }
    f->tensor = larger;
    return check_tensor(p, &t, offset) && (f->tensor[f->n_tensors++] = t, true);
}

static bool parse_meta(Parser *p)
{
    SafeFile *f = p->file;
    if (!expect(p, '{')) {
        return false;
    }
    if (accept(p, '}')) {
        return true;
    }
    do {
        SafeMeta *larger = grown(p, f->meta, f->n_meta, sizeof *f->meta);
        if (larger == NULL) {
            return false;
        }
        f->meta = larger;
        SafeMeta *m = &f->meta[f->n_meta];
        if (!parse_string(p, &m->key) || !expect(p, ':') ||
            !parse_string(p, &m->value)) {
            return false;
        }
        f->n_meta++;
    } while (accept(p, ','));
    return expect(p, '}');
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const SafeTensor *)a)->name, ((const SafeTensor *)b)->name);
}

/* The format has no holes: the tensors fill the file, each byte once. */
static bool check_filled(const SafeFile *file, Fault *fault)
{
    int64_t end = 0, sum = 0;
    for (int i = 0; i < file->n_tensors; i++) {
        const SafeTensor *t = &file->tensor[i];
        end = t->offset + t->bytes > end ? t->offset + t->bytes : end;
        sum += t->bytes;
    }
    if (end < file->data_bytes) {
        return dlc_fault(fault,
                         "%s: offset %lld: goes on for %lld bytes after its last"
                         " tensor",
                         file->path, (long long)(file->data_start + end),
                         (long long)(file->data_bytes - end));
    }
    return sum == end ||
           dlc_fault(fault, "%s: tensors overlap or leave bytes unused", file->path);
}

bool dlc_safetensors_parse(SafeFile *file, size_t length, Fault *fault)
{
    Parser p = { file, file->header, file->header, file->header + length, fault };
    if (!expect(&p, '{')) {
        return false;
    }
    if (!accept(&p, '}')) {
        do {
            const char *name = NULL;
            if (!parse_string(&p, &name) || !expect(&p, ':')) {
                return false;
            }
            if (strcmp(name, "__metadata__") == 0 ? !parse_meta(&p)
                                                  : !parse_tensor(&p, name)) {
                return false;
            }
        } while (accept(&p, ','));
        if (!expect(&p, '}')) {
            return false;
        }
    }
    skip_space(&p);
    if (p.at != p.end) {
        return expected(&p, "the end of the header");
    }
    if (file->n_tensors > 0) {
        qsort(file->tensor, (size_t)file->n_tensors, sizeof *file->tensor, by_name);
    }
    for (int i = 1; i < file->n_tensors; i++) {
        if (strcmp(file->tensor[i - 1].name, file->tensor[i].name) == 0) {
            return dlc_fault(fault, "%s: tensor %s occurs twice", file->path,
                             file->tensor[i].name);
        }
    }
    return check_filled(file, fault);
}
