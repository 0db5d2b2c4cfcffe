/* safetensors.c - a cursor over the header's JSON: only objects of the two shapes that
 * the format knows are accepted, nothing is recursive, nothing is read past the end. */
#include "import/safetensors.h"

#include "support/map.h"
#include "support/str.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_LIMIT_BYTES = 100 * 1000 * 1000, NAME_LIMIT_BYTES = 4096 };

typedef struct Cursor {
    Arena *arena;
    const unsigned char *at, *end, *start;
    const char *why; /* the first thing that was wrong */
} Cursor;

static bool fail(Cursor *c, const char *why)
{
    if (c->why == NULL)
        c->why =
            str_printf(c->arena, "%s at byte %zu", why, (size_t)(c->at - c->start));
    return false;
}

static void skip_space(Cursor *c)
{
    while (c->at < c->end &&
           (*c->at == ' ' || *c->at == '\n' || *c->at == '\r' || *c->at == '\t'))
        c->at++;
}

static bool peek(Cursor *c, char what)
{
    skip_space(c);
    return c->at < c->end && *c->at == (unsigned char)what;
}

static bool take(Cursor *c, char what)
{
    if (!peek(c, what))
        return fail(c, str_printf(c->arena, "the header lacks `%c`", what));
    c->at++;
    return true;
}

static bool hex4(Cursor *c, unsigned *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++, c->at++) {
        if (c->at >= c->end)
            return fail(c, "the header ends inside a string");
        unsigned char d = *c->at;
        unsigned digit = d >= '0' && d <= '9'   ? d - '0' + 0u
                         : d >= 'a' && d <= 'f' ? d - 'a' + 10u
                         : d >= 'A' && d <= 'F' ? d - 'A' + 10u
                                                : 16u;
        if (digit == 16)
            return fail(c, "an escape of the header is not hexadecimal");
        *value = *value * 16 + digit;
    }
    return true;
}

/* A string of JSON; of \u escapes only ASCII is taken: no path of dl needs more. */
static bool read_string(Cursor *c, const char **text)
{
    char buffer[NAME_LIMIT_BYTES];
    size_t n = 0;
    if (!take(c, '"'))
        return false;
    while (c->at < c->end && *c->at != '"') {
        unsigned char b = *c->at++;
        if (b < ' ')
            return fail(c, "a control character in a string of the header");
        if (b == '\\') {
            static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
            const char *escape =
                c->at < c->end && *c->at != '\0' ? strchr(from, (int)*c->at) : NULL;
            unsigned code;
            if (escape != NULL) {
                b = (unsigned char)to[escape - from];
                c->at++;
            } else if (c->at < c->end && *c->at == 'u') {
                c->at++;
                if (!hex4(c, &code))
                    return false;
                if (code == 0 || code > 127)
                    return fail(c, "a name of the header is not ASCII");
                b = (unsigned char)code;
            } else {
                return fail(c, "an unknown escape in a string of the header");
            }
        }
        if (n + 1 >= sizeof buffer)
            return fail(c, "a string of the header is too long");
        buffer[n++] = (char)b;
    }
    if (!take(c, '"'))
        return false;
    *text = str_copy(c->arena, buffer, n);
    return true;
}

static bool read_size(Cursor *c, int64_t *value)
{
    skip_space(c);
    if (c->at >= c->end || *c->at < '0' || *c->at > '9')
        return fail(c, "the header lacks a number");
    *value = 0;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        if (*value > INT64_MAX / 16)
            return fail(c, "a number of the header is too large");
        *value = *value * 10 + (*c->at - '0');
    }
    return true;
}

static bool read_sizes(Cursor *c, int64_t *at, int limit, int *n)
{
    *n = 0;
    if (!take(c, '['))
        return false;
    while (!peek(c, ']')) {
        if (*n == limit)
            return fail(c, "a list of the header is too long");
        if (*n > 0 && !take(c, ','))
            return false;
        if (!read_size(c, &at[(*n)++]))
            return false;
    }
    return take(c, ']');
}

static bool read_metadata(Cursor *c, SafeFile *file)
{
    if (!take(c, '{'))
        return false;
    for (int n = 0; !peek(c, '}'); n++) {
        SafeMeta m;
        if ((n > 0 && !take(c, ',')) || !read_string(c, &m.key) || !take(c, ':') ||
            !read_string(c, &m.text))
            return false;
        vec_push(c->arena, &file->meta, m);
    }
    return take(c, '}');
}

static size_t element_bytes(const char *dtype)
{
    static const struct {
        const char *name;
        size_t bytes;
    } known[] = { { "BOOL", 1 }, { "U8", 1 },  { "I8", 1 },   { "U16", 2 },
                  { "I16", 2 },  { "F16", 2 }, { "BF16", 2 }, { "U32", 4 },
                  { "I32", 4 },  { "F32", 4 }, { "U64", 8 },  { "I64", 8 },
                  { "F64", 8 } };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_equal(known[i].name, dtype))
            return known[i].bytes;
    return 0;
}

/* Bytes of a dense tensor; false when that overflows. */
static bool dense_bytes(const Shape *s, size_t element, size_t *bytes)
{
    *bytes = element;
    for (int i = 0; i < s->rank; i++) {
        if (s->dim[i] != 0 && *bytes > SIZE_MAX / 2 / (size_t)s->dim[i])
            return false;
        *bytes *= (size_t)s->dim[i];
    }
    return true;
}

static bool read_tensor(Cursor *c, const char *name, size_t data_bytes, SafeTensor *t)
{
    int seen = 0, n;
    int64_t offset[2] = { 0, 0 };
    *t = (SafeTensor){ .name = name };
    if (!take(c, '{'))
        return false;
    for (int i = 0; i < 3; i++) {
        const char *key;
        if ((i > 0 && !take(c, ',')) || !read_string(c, &key) || !take(c, ':'))
            return false;
        int bit = str_equal(key, "dtype")          ? 1
                  : str_equal(key, "shape")        ? 2
                  : str_equal(key, "data_offsets") ? 4
                                                   : 0;
        if (bit == 0 || (seen & bit))
            return fail(c,
                        str_printf(c->arena, "unexpected key `%s` of `%s`", key, name));
        seen |= bit;
        if (bit == 1   ? !read_string(c, &t->dtype)
            : bit == 2 ? !read_sizes(c, t->shape.dim, SHAPE_MAX_RANK, &t->shape.rank)
                       : !read_sizes(c, offset, 2, &n) ||
                             (n != 2 && !fail(c, "two offsets are needed")))
            return false;
    }
    size_t bytes, element = element_bytes(t->dtype);
    if (element == 0)
        return fail(c,
                    str_printf(c->arena, "unknown dtype `%s` of `%s`", t->dtype, name));
    if (offset[1] < offset[0] || (uint64_t)offset[1] > data_bytes)
        return fail(c, str_printf(c->arena, "`%s` lies outside the file", name));
    if (!dense_bytes(&t->shape, element, &bytes) ||
        bytes != (size_t)(offset[1] - offset[0]))
        return fail(
            c, str_printf(c->arena, "the bytes of `%s` do not fit its shape", name));
    t->begin = (size_t)offset[0];
    t->end = (size_t)offset[1];
    return take(c, '}');
}

static int by_offset(const void *left, const void *right)
{
    const SafeTensor *a = left, *b = right;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

/* Tensors tile the data without overlap or gap: the format demands it. */
static bool check_tiling(Cursor *c, const SafeFile *file, size_t data_bytes)
{
    size_t reached = 0;
    SafeTensor *sorted = arena_array(c->arena, SafeTensor, file->tensor.n + 1);
    for (int i = 0; i < file->tensor.n; i++)
        sorted[i] = file->tensor.at[i];
    qsort(sorted, (size_t)file->tensor.n, sizeof *sorted, by_offset);
    for (int i = 0; i < file->tensor.n; i++) {
        if (sorted[i].begin != reached)
            return fail(c, str_printf(c->arena,
                                      "`%s` overlaps another tensor or leaves a gap",
                                      sorted[i].name));
        reached = sorted[i].end;
    }
    return reached == data_bytes || fail(c, "bytes after the last tensor");
}

static bool read_header(Cursor *c, size_t data_bytes, SafeFile *file)
{
    Map *seen = map_new(c->arena);
    if (!take(c, '{'))
        return false;
    for (int n = 0; !peek(c, '}'); n++) {
        const char *name;
        SafeTensor t;
        if ((n > 0 && !take(c, ',')) || !read_string(c, &name) || !take(c, ':'))
            return false;
        if (map_has(seen, name))
            return fail(c, str_printf(c->arena, "`%s` stands twice", name));
        map_put(seen, name, NULL);
        if (str_equal(name, "__metadata__")) {
            if (!read_metadata(c, file))
                return false;
        } else {
            if (!read_tensor(c, name, data_bytes, &t))
                return false;
            vec_push(c->arena, &file->tensor, t);
        }
    }
    if (!take(c, '}'))
        return false;
    skip_space(c);
    return c->at == c->end || fail(c, "text after the header");
}

const char *safetensors_read(Arena *a, const char *bytes, size_t length, SafeFile *file)
{
    *file = (SafeFile){ .bytes = (const unsigned char *)bytes, .length = length };
    if (length < 8)
        return "shorter than the 8 bytes of its first field";
    uint64_t header = 0;
    for (int i = 7; i >= 0; i--)
        header = header << 8 | file->bytes[i];
    if (header > HEADER_LIMIT_BYTES)
        return str_printf(a, "claims a header of %llu bytes",
                          (unsigned long long)header);
    if (header > length - 8)
        return str_printf(a, "is truncated: a header of %llu bytes, but %zu follow",
                          (unsigned long long)header, length - 8);
    size_t data = 8 + (size_t)header;
    Cursor c = { .arena = a,
                 .start = file->bytes,
                 .at = file->bytes + 8,
                 .end = file->bytes + data };
    if (!read_header(&c, length - data, file) || !check_tiling(&c, file, length - data))
        return c.why;
    for (int i = 0; i < file->tensor.n; i++) {
        file->tensor.at[i].begin += data;
        file->tensor.at[i].end += data;
    }
    return NULL;
}

static uint32_t little(const unsigned char *p, size_t n)
{
    uint32_t v = 0;
    for (size_t i = n; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static double value_of(DType t, const unsigned char *p)
{
    uint32_t bits = little(p, dtype_bytes(t));
    float f;
    switch (t) {
    case DTYPE_F32:
        memcpy(&f, &bits, sizeof f);
        return (double)f;
    case DTYPE_I8:
        return bits < 128 ? (double)bits : (double)bits - 256.0;
    case DTYPE_I16:
        return bits < 32768 ? (double)bits : (double)bits - 65536.0;
    case DTYPE_I32:
        return bits < 2147483648u ? (double)bits : (double)bits - 4294967296.0;
    default:
        return (double)bits;
    }
}

bool safetensors_values(Arena *a, const SafeFile *file, const SafeTensor *t,
                        Tensor **value)
{
    static const struct {
        const char *name;
        DType dtype;
    } known[] = { { "F32", DTYPE_F32 }, { "U8", DTYPE_U8 },    { "I8", DTYPE_I8 },
                  { "U16", DTYPE_U16 }, { "I16", DTYPE_I16 },  { "I32", DTYPE_I32 },
                  { "U32", DTYPE_U32 }, { "BOOL", DTYPE_BOOL } };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        if (!str_equal(known[k].name, t->dtype))
            continue;
        *value = tensor_new(a, known[k].dtype, t->shape);
        int64_t n = shape_count(&t->shape);
        for (int64_t i = 0; i < n; i++)
            (*value)->at[i] =
                value_of(known[k].dtype, file->bytes + t->begin +
                                             (size_t)i * dtype_bytes(known[k].dtype));
        return true;
    }
    return false;
}
