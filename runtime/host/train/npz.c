/* npz.c - archives of NumPy arrays: a zip (PKWARE's APPNOTE 6.3, without zip64 and
 * encryption) of .npy files (versions 1 to 3), little endian, C order. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "host/report/text.h"
#include "host/train/pretrained.h"

enum { END = 22, ENTRY = 46, LOCAL = 30, NPY_HEAD = 1 << 16 };

static uint32_t u16_at(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32_at(const unsigned char *p)
{
    return u16_at(p) | u16_at(p + 2) << 16;
}

static bool read_file(Npz *z, Fault *fault)
{
    FILE *file = fopen(z->path, "rb");
    long size = -1;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        size = ftell(file);
    }
    if (size < END || size > INT32_MAX || fseek(file, 0, SEEK_SET) != 0) {
        if (file != NULL) {
            fclose(file);
        }
        return dlc_fault(fault, "%s: is not an .npz archive", z->path);
    }
    z->size = size;
    z->bytes = dlc_new((size_t)size, 1, z->path, fault);
    const bool done =
        z->bytes != NULL && fread(z->bytes, 1, (size_t)size, file) == (size_t)size;
    fclose(file);
    return done || dlc_fault(fault, "%s: cannot be read", z->path);
}

/* The end record: it stands last but for a comment. -1: there is none. */
static int64_t find_end(const Npz *z)
{
    for (int64_t at = z->size - END; at >= 0 && at > z->size - END - 65536; at--) {
        if (u32_at(z->bytes + at) == 0x06054b50) {
            return at;
        }
    }
    return -1;
}

/* One entry of the directory: where its data is and how it is packed. */
typedef struct Entry {
    const char *name;
    uint32_t name_length, method, packed, size;
    int64_t data;
} Entry;

static bool read_entry(const Npz *z, int64_t *at, Entry *e, Fault *fault)
{
    const unsigned char *p = z->bytes + *at;
    if (*at + ENTRY > z->size || u32_at(p) != 0x02014b50) {
        return dlc_fault(fault, "%s: byte %lld: the archive's directory is broken",
                         z->path, (long long)*at);
    }
    *e = (Entry){ (const char *)p + ENTRY, u16_at(p + 28), u16_at(p + 10),
                  u32_at(p + 20),          u32_at(p + 24), 0 };
    const int64_t local = u32_at(p + 42);
    *at += ENTRY + (int64_t)e->name_length + u16_at(p + 30) + u16_at(p + 32);
    if (*at > z->size || local + LOCAL > z->size ||
        u32_at(z->bytes + local) != 0x04034b50) {
        return dlc_fault(fault, "%s: the archive's directory leaves the file", z->path);
    }
    e->data =
        local + LOCAL + u16_at(z->bytes + local + 26) + u16_at(z->bytes + local + 28);
    if (e->data + (int64_t)e->packed > z->size || (e->method != 0 && e->method != 8) ||
        (e->method == 0 && e->packed != e->size)) {
        return dlc_fault(fault, "%s: %.*s is cut off or packed in an unknown way",
                         z->path, (int)e->name_length, e->name);
    }
    return true;
}

/* The first `n` bytes of an entry, unpacked; fewer if it is shorter. -1: broken. */
static int64_t unpack(const Npz *z, const Entry *e, unsigned char *to, int64_t n)
{
    if (e->method == 0) {
        const int64_t count = n < (int64_t)e->size ? n : (int64_t)e->size;
        memcpy(to, z->bytes + e->data, (size_t)count);
        return count;
    }
    z_stream stream = { .next_in = z->bytes + e->data,
                        .avail_in = e->packed,
                        .next_out = to,
                        .avail_out = (uInt)n };
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
        return -1;
    }
    const int status = inflate(&stream, Z_SYNC_FLUSH);
    const int64_t count = n - (int64_t)stream.avail_out;
    inflateEnd(&stream);
    return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR ? count
                                                                             : -1;
}

/* "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }" */
static bool parse_head(const char *head, Foreign *f)
{
    const char *descr = strstr(head, "'descr':"), *shape = strstr(head, "'shape':");
    const char *order = strstr(head, "'fortran_order':");
    if (descr == NULL || shape == NULL || order == NULL ||
        strstr(order, "False") == NULL || (shape = strchr(shape, '(')) == NULL) {
        return false;
    }
    const char *kind = strchr(descr + 8, '\'');
    f->dtype = kind == NULL                     ? ""
               : strncmp(kind, "'<f4'", 5) == 0 ? "F32"
               : strncmp(kind, "'<f8'", 5) == 0 ? "F64"
                                                : "another type than <f4, <f8";
    int64_t count = 1;
    for (shape++; *shape != ')'; shape += strspn(shape, ", ")) {
        char *end = NULL;
        const long long extent = strtoll(shape, &end, 10);
        if (end == shape || extent < 0 || extent > INT32_MAX ||
            f->rank == DLC_MAX_RANK) {
            return false;
        }
        f->dim[f->rank++] = extent;
        count = extent == 0 || count < INT32_MAX / extent ? count * extent : -1;
        if (count < 0) {
            return false;
        }
        shape = end;
    }
    f->bytes = count * (strcmp(f->dtype, "F64") == 0 ? 8 : 4);
    return true;
}

/* Reads what an entry says of itself. Its data follows the header. */
static bool read_array(Npz *z, const Entry *e, Foreign *f, char **text, Fault *fault)
{
    unsigned char *head = dlc_new(NPY_HEAD + 1, 1, "an array", fault);
    const int64_t have = head != NULL ? unpack(z, e, head, NPY_HEAD) : -1;
    bool good = have >= 12 && memcmp(head, "\x93NUMPY", 6) == 0;
    if (good) {
        const bool wide = head[6] > 1;
        const int64_t start = wide ? 12 : 10;
        const int64_t length = wide ? u32_at(head + 8) : u16_at(head + 8);
        good = start + length <= have;
        if (good) {
            head[start + length] = '\0';
            f->offset = start + length;
            good = parse_head((const char *)head + start, f) &&
                   (f->dtype[0] != 'F' || f->offset + f->bytes == (int64_t)e->size);
        }
    }
    free(head);
    if (!good) {
        return dlc_fault(fault, "%s: %.*s is not an array in C order", z->path,
                         (int)e->name_length, e->name);
    }
    size_t length = e->name_length;
    if (length > 4 && memcmp(e->name + length - 4, ".npy", 4) == 0) {
        length -= 4;
    }
    memcpy(*text, e->name, length);
    f->name = *text;
    *text += length + 1;
    return true;
}

bool dlc_npz_open(Npz *npz, const char *path, Fault *fault)
{
    *npz = (Npz){ .path = path };
    if (!read_file(npz, fault)) {
        return false;
    }
    const int64_t end = find_end(npz);
    if (end < 0) {
        return dlc_fault(fault, "%s: is not an .npz archive", path);
    }
    const int n = (int)u16_at(npz->bytes + end + 10);
    int64_t at = u32_at(npz->bytes + end + 16);
    npz->array = dlc_new((size_t)n, sizeof *npz->array, path, fault);
    npz->text = dlc_new((size_t)npz->size + 1, 1, path, fault);
    char *text = npz->text;
    for (int i = 0; npz->array != NULL && text != NULL && i < n; i++) {
        Entry e;
        if (!read_entry(npz, &at, &e, fault) ||
            !read_array(npz, &e, &npz->array[i], &text, fault)) {
            return false;
        }
        npz->n_arrays++;
    }
    return npz->array != NULL && npz->text != NULL;
}

void dlc_npz_close(Npz *npz)
{
    free(npz->bytes);
    free(npz->array);
    free(npz->text);
    *npz = (Npz){ 0 };
}

bool dlc_npz_read(const Npz *npz, const Foreign *array, void *to, Fault *fault)
{
    const int64_t end = find_end(npz);
    int64_t at = u32_at(npz->bytes + end + 16);
    Entry e = { 0 };
    for (const Foreign *f = npz->array; f <= array; f++) {
        if (!read_entry(npz, &at, &e, fault)) {
            return false;
        }
    }
    const int64_t all = array->offset + array->bytes;
    unsigned char *bytes = dlc_new((size_t)all, 1, array->name, fault);
    const bool done = bytes != NULL && unpack(npz, &e, bytes, all) == all;
    if (done) {
        memcpy(to, bytes + array->offset, (size_t)array->bytes);
    }
    free(bytes);
    return done ||
           dlc_fault(fault, "%s: %s is cut off or broken", npz->path, array->name);
}
