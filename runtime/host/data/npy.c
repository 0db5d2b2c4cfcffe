/* npy.c - NumPy's .npy arrays. */
#include "host/data/npy.h"

#include <stdlib.h>
#include <string.h>

#include "host/data/stream.h"
#include "host/data/zip.h"

enum { MAX_HEADER = 1 << 16 };

/* The text after `'key':`, or NULL. */
static const char *find_key(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    if (at == NULL) {
        return NULL;
    }
    at += strlen(key);
    while (*at == ' ' || *at == ':') {
        at++;
    }
    return at;
}

static bool parse_shape(const char *at, NpyHeader *h)
{
    if (at == NULL || *at++ != '(') {
        return false;
    }
    while (*at != ')') {
        char *end = NULL;
        const long long extent = strtoll(at, &end, 10);
        if (end == at || extent < 0 || h->rank == NPY_MAX_RANK) {
            return false;
        }
        h->dim[h->rank++] = extent;
        at = end;
        while (*at == ',' || *at == ' ') {
            at++;
        }
        if (*at == '\0') {
            return false;
        }
    }
    return true;
}

static bool parse_header(const char *path, const char *text, NpyHeader *h, Fault *fault)
{
    const char *type = find_key(text, "'descr'");
    const char *order = find_key(text, "'fortran_order'");
    if (type == NULL || order == NULL || !parse_shape(find_key(text, "'shape'"), h)) {
        return dlc_fault(fault, "%s: offset 10: header is not the dictionary of a .npy",
                         path);
    }
    const bool little = type[0] == '\'' && (type[1] == '<' || type[1] == '|');
    if (!little || strchr("fiub", type[2]) == NULL || type[3] < '1' || type[3] > '8' ||
        type[4] != '\'') {
        return dlc_fault(fault,
                         "%s: offset 10: element type %.8s, expected a little"
                         "-endian number such as '<f4'",
                         path, type);
    }
    if (strncmp(order, "False", 5) != 0) {
        return dlc_fault(fault, "%s: offset 10: Fortran order, expected C order", path);
    }
    h->kind = type[2];
    h->bytes = type[3] - '0';
    return true;
}

bool dlc_npy_header(Stream *s, NpyHeader *h, Fault *fault)
{
    unsigned char b[12];
    int64_t n = dlc_stream_read(s, b, 10, fault);
    if (n < 0) {
        return false;
    }
    if (n < 10 || memcmp(b, "\x93NUMPY", 6) != 0 || b[6] < 1 || b[6] > 3) {
        return dlc_fault(fault, "%s: offset 0: not a .npy file", s->path);
    }
    int64_t length = b[8] | b[9] << 8;
    if (b[6] > 1) {
        n = dlc_stream_read(s, b + 10, 2, fault);
        length |= (int64_t)b[10] << 16 | (int64_t)b[11] << 24;
    }
    if (n < 0 || length > MAX_HEADER) {
        return n < 0 ? false
                     : dlc_fault(fault, "%s: offset 8: header of %lld bytes", s->path,
                                 (long long)length);
    }
    char *text = dlc_new((size_t)length + 1, 1, s->path, fault);
    if (text == NULL) {
        return false;
    }
    n = dlc_stream_read(s, text, length, fault);
    bool done = n == length;
    if (n >= 0 && !done) {
        dlc_fault(fault, "%s: ends at offset %lld, inside its header", s->path,
                  (long long)s->offset);
    }
    done = done && parse_header(s->path, text, h, fault);
    free(text);
    return done;
}

static double load(const unsigned char *at, const NpyHeader *h)
{
    union {
        double f8;
        int64_t i8;
        uint64_t u8;
    } wide;
    if (h->kind == 'f') {
        if (h->bytes == 4) {
            return dlc_value_load(at, DLC_F32);
        }
        memcpy(&wide, at, 8);
        return wide.f8;
    }
    const bool is_signed = h->kind == 'i';
    switch (h->bytes) {
    case 1:
        return dlc_value_load(at, is_signed ? DLC_I8 : DLC_U8);
    case 2:
        return dlc_value_load(at, is_signed ? DLC_I16 : DLC_U16);
    case 4:
        return dlc_value_load(at, is_signed ? DLC_I32 : DLC_U32);
    default:
        break;
    }
    memcpy(&wide, at, 8);
    return is_signed ? (double)wide.i8 : (double)wide.u8;
}

static bool type_fits(const NpyHeader *h, const dlc_type *type)
{
    static const struct {
        char kind;
        int bytes;
    } have[] = {
        [DLC_F32] = { 'f', 4 }, [DLC_U8] = { 'u', 1 },   [DLC_I8] = { 'i', 1 },
        [DLC_U16] = { 'u', 2 }, [DLC_I16] = { 'i', 2 },  [DLC_I32] = { 'i', 4 },
        [DLC_U32] = { 'u', 4 }, [DLC_BOOL] = { 'b', 1 },
    };
    const bool sized = h->kind == 'f' ? h->bytes == 4 || h->bytes == 8
                                      : h->bytes == 1 || h->bytes == 2 ||
                                            h->bytes == 4 || h->bytes == 8;
    if (!sized || (h->kind == 'b' && h->bytes != 1)) {
        return false;
    }
    if (type->bound > 0 || type->dtype == DLC_BOOL) {
        return h->kind != 'f';
    }
    return (h->kind == 'f' && type->dtype == DLC_F32) ||
           (have[type->dtype].kind == h->kind && have[type->dtype].bytes == h->bytes);
}

static bool check_shape(Stream *s, const NpyHeader *h, const dlc_field *field,
                        bool single, int64_t *count, Fault *fault)
{
    char want[DLC_TYPE_SIZE], have[DLC_TYPE_SIZE];
    dlc_type_print(want, &field->type);
    if (!type_fits(h, &field->type)) {
        return dlc_fault(fault, "%s: offset 10: element type %c%d, expected %s: %s",
                         s->path, h->kind, h->bytes, field->name, want);
    }
    if (h->rank > 0 && h->dim[0] > 0 &&
        dlc_dims_agree(h->rank - 1, h->dim + 1, &field->type)) {
        *count = h->dim[0];
        return true;
    }
    if (single && dlc_dims_agree(h->rank, h->dim, &field->type)) {
        *count = 1;
        return true;
    }
    const int shown = h->rank < DLC_MAX_RANK ? h->rank : DLC_MAX_RANK;
    return dlc_fault(fault, "%s: offset 10: shape %s, expected samples of %s: %s",
                     s->path, dlc_dims_print(have, shown, h->dim), field->name, want);
}

static unsigned char *read_body(Stream *s, const NpyHeader *h, const dlc_field *field,
                                int64_t count, Fault *fault)
{
    const int64_t elements = dlc_type_count(&field->type);
    if (elements > INT64_MAX / 16 / count) {
        dlc_fault(fault, "%s: offset 10: claims more samples than memory can hold",
                  s->path);
        return NULL;
    }
    const int64_t total = elements * count, header = s->offset;
    int64_t have = 0;
    unsigned char *raw = dlc_stream_read_new(s, total * h->bytes, &have, fault);
    if (raw != NULL && have < total * h->bytes) {
        dlc_fault(fault, "%s: ends at offset %lld, expected %lld bytes", s->path,
                  (long long)s->offset, (long long)(header + total * h->bytes));
    }
    if (raw == NULL || have < total * h->bytes || !dlc_stream_is_at_end(s, fault)) {
        free(raw);
        return NULL;
    }
    const size_t bytes = dlc_dtype_bytes(field->type.dtype);
    unsigned char *data = dlc_new((size_t)total, bytes, s->path, fault);
    char why[DLC_TYPE_SIZE];
    for (int64_t i = 0; data != NULL && i < total; i++) {
        const double value = load(raw + i * h->bytes, h);
        if (dlc_value_store(data + (size_t)i * bytes, &field->type, value, why) !=
            NULL) {
            dlc_fault(fault, "%s: offset %lld: %s is %g, %s", s->path,
                      (long long)(header + i * h->bytes), field->name, value, why);
            free(data);
            data = NULL;
        }
    }
    free(raw);
    return data;
}

static unsigned char *read_array(Stream *s, const dlc_field *field, bool single,
                                 int64_t *count, Fault *fault)
{
    NpyHeader h = { 0 };
    return dlc_npy_header(s, &h, fault) &&
                   check_shape(s, &h, field, single, count, fault)
               ? read_body(s, &h, field, *count, fault)
               : NULL;
}

unsigned char *dlc_npy_read(const char *path, const dlc_field *field, bool single,
                            int64_t *count, Fault *fault)
{
    Stream s;
    unsigned char *data = NULL;
    if (dlc_stream_open(&s, path, fault)) {
        data = read_array(&s, field, single, count, fault);
    }
    dlc_stream_close(&s);
    return data;
}

unsigned char *dlc_npz_array(const char *path, const char *name, const dlc_field *field,
                             bool single, int64_t *count, Fault *fault)
{
    char member[200], shown[600];
    int64_t bytes = 0;
    snprintf(member, sizeof member, "%.190s.npy", name);
    snprintf(shown, sizeof shown, "%.390s (%s)", path, member);
    unsigned char *raw = dlc_zip_read(path, member, &bytes, fault), *data = NULL;
    if (raw != NULL) {
        Stream s = dlc_stream_memory(shown, raw, bytes);
        data = read_array(&s, field, single, count, fault);
    }
    free(raw);
    return data;
}
