/* idx.c - IDX files, the format of MNIST: big-endian arrays with their extents. */
#include "host/data/idx.h"

#include <stdlib.h>
#include <string.h>

#include "host/data/stream.h"

typedef struct Code {
    unsigned char code;
    const char *name;
    size_t bytes;
    int dtype; /* dlc_dtype; -1: no field has it */
} Code;

static const Code codes[] = {
    { 0x08, "u8", 1, DLC_U8 },   { 0x09, "i8", 1, DLC_I8 },
    { 0x0B, "i16", 2, DLC_I16 }, { 0x0C, "i32", 4, DLC_I32 },
    { 0x0D, "f32", 4, DLC_F32 }, { 0x0E, "f64", 8, -1 },
};

static const Code *find_code(unsigned char code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].code == code) {
            return &codes[i];
        }
    }
    return NULL;
}

static uint32_t big_endian(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Index and bool fields accept every integer type; the values are checked later. */
static bool code_fits(const Code *code, const dlc_type *type)
{
    if (code->dtype < 0) {
        return false;
    }
    if (type->bound > 0 || type->dtype == DLC_BOOL) {
        return code->dtype != DLC_F32;
    }
    return code->dtype == (int)type->dtype;
}

/* Reads magic and extents. Fills code, count. */
static bool read_header(Stream *s, const dlc_field *field, const Code **code,
                        int64_t *count, Fault *fault)
{
    char want[DLC_TYPE_SIZE], have[DLC_TYPE_SIZE];
    unsigned char magic[4], word[4];
    int64_t dim[256];
    dlc_type_print(want, &field->type);
    int64_t n = dlc_stream_read(s, magic, 4, fault);
    if (n < 0) {
        return false;
    }
    if (n < 4 || magic[0] != 0 || magic[1] != 0) {
        return dlc_fault(fault, "%s: offset 0: not an IDX file, expected bytes 00 00",
                         s->path);
    }
    *code = find_code(magic[2]);
    if (*code == NULL || !code_fits(*code, &field->type)) {
        return dlc_fault(fault,
                         "%s: offset 2: element type 0x%02X (%s), expected %s: %s",
                         s->path, (unsigned)magic[2],
                         *code == NULL ? "unknown" : (*code)->name, field->name, want);
    }
    const int rank = magic[3];
    for (int i = 0; i < rank; i++) {
        n = dlc_stream_read(s, word, 4, fault);
        if (n < 0) {
            return false;
        }
        if (n < 4) {
            return dlc_fault(fault, "%s: ends at offset %lld, inside its %d extents",
                             s->path, (long long)s->offset, rank);
        }
        dim[i] = big_endian(word);
    }
    const int shown = rank < DLC_MAX_RANK ? rank : DLC_MAX_RANK;
    if (rank < 1 || !dlc_dims_agree(rank - 1, dim + 1, &field->type)) {
        return dlc_fault(fault, "%s: offset 4: extents %s, expected samples of %s: %s",
                         s->path, dlc_dims_print(have, shown, dim), field->name, want);
    }
    if (dim[0] == 0) {
        return dlc_fault(fault, "%s: offset 4: holds no samples", s->path);
    }
    *count = dim[0];
    return true;
}

static void swap_bytes(unsigned char *data, int64_t count, size_t bytes)
{
    for (int64_t i = 0; i < count && bytes > 1; i++, data += bytes) {
        for (size_t a = 0, b = bytes - 1; a < b; a++, b--) {
            const unsigned char t = data[a];
            data[a] = data[b];
            data[b] = t;
        }
    }
}

/* Converts integers to the type of an index or bool field, checking each. Frees `raw`.
 */
static unsigned char *convert(Stream *s, unsigned char *raw, int64_t count,
                              const Code *code, int64_t header, const dlc_field *field,
                              Fault *fault)
{
    const size_t bytes = dlc_dtype_bytes(field->type.dtype);
    unsigned char *data = dlc_new((size_t)count, bytes, s->path, fault);
    char why[DLC_TYPE_SIZE];
    for (int64_t i = 0; data != NULL && i < count; i++) {
        const double value =
            dlc_value_load(raw + (size_t)i * code->bytes, (dlc_dtype)code->dtype);
        if (dlc_value_store(data + (size_t)i * bytes, &field->type, value, why) !=
            NULL) {
            dlc_fault(fault, "%s: offset %lld: %s is %.0f, %s", s->path,
                      (long long)(header + i * (int64_t)code->bytes), field->name,
                      value, why);
            free(data);
            data = NULL;
        }
    }
    free(raw);
    return data;
}

static unsigned char *read_body(Stream *s, const dlc_field *field, int64_t *count,
                                Fault *fault)
{
    const Code *code = NULL;
    if (!read_header(s, field, &code, count, fault)) {
        return NULL;
    }
    const int64_t header = s->offset, elements = dlc_type_count(&field->type);
    if (elements > INT64_MAX / 16 / *count) {
        dlc_fault(fault, "%s: offset 4: claims %lld samples, more than memory can hold",
                  s->path, (long long)*count);
        return NULL;
    }
    const int64_t bytes = elements * *count * (int64_t)code->bytes;
    int64_t have = 0;
    unsigned char *raw = dlc_stream_read_new(s, bytes, &have, fault);
    if (raw == NULL) {
        return NULL;
    }
    if (have < bytes) {
        dlc_fault(fault,
                  "%s: ends at offset %lld, expected %lld bytes for %lld samples",
                  s->path, (long long)s->offset, (long long)(header + bytes),
                  (long long)*count);
        free(raw);
        return NULL;
    }
    if (!dlc_stream_is_at_end(s, fault)) {
        free(raw);
        return NULL;
    }
    swap_bytes(raw, elements * *count, code->bytes);
    if (field->type.bound > 0 || field->type.dtype == DLC_BOOL) {
        return convert(s, raw, elements * *count, code, header, field, fault);
    }
    return raw;
}

unsigned char *dlc_idx_read(const char *path, const dlc_field *field, int64_t *count,
                            Fault *fault)
{
    Stream stream;
    unsigned char *data = NULL;
    if (dlc_stream_open(&stream, path, fault)) {
        data = read_body(&stream, field, count, fault);
    }
    dlc_stream_close(&stream);
    return data;
}
