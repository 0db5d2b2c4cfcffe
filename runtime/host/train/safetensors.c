/* safetensors.c - files of named tensors. */
#include "host/train/safetensors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/report/text.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the runtime's files are written as memory lies: little endian only"
#endif

enum { MAX_HEADER = 1 << 26 };

static const struct {
    const char *name;
    int bytes;
} dtypes[] = {
    { "F32", 4 }, { "U8", 1 },  { "I8", 1 },   { "U16", 2 }, { "I16", 2 },
    { "I32", 4 }, { "U32", 4 }, { "BOOL", 1 }, /* in the order of dlc_dtype */
    { "F64", 8 }, { "I64", 8 }, { "U64", 8 },  { "F16", 2 }, { "BF16", 2 },
};

const char *dlc_safetensors_dtype(dlc_dtype dtype)
{
    return dtypes[dtype].name;
}

int dlc_safetensors_element(const char *dtype)
{
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++) {
        if (strcmp(dtype, dtypes[i].name) == 0) {
            return dtypes[i].bytes;
        }
    }
    return 0;
}

static bool read_header(SafeFile *f, int64_t size, Fault *fault)
{
    unsigned char b[8];
    if (size < 8 || fread(b, 1, 8, f->file) != 8) {
        return dlc_fault(fault,
                         "%s: is truncated: %lld bytes, expected a header length"
                         " of 8",
                         f->path, (long long)size);
    }
    uint64_t length = 0;
    for (int i = 7; i >= 0; i--) {
        length = length << 8 | b[i];
    }
    if (length > MAX_HEADER || (int64_t)length > size - 8) {
        return dlc_fault(fault,
                         "%s: offset 0: claims a header of %llu bytes in a file of"
                         " %lld",
                         f->path, (unsigned long long)length, (long long)size);
    }
    f->data_start = 8 + (int64_t)length;
    f->data_bytes = size - f->data_start;
    f->header = dlc_new((size_t)length + 8, 1, f->path, fault);
    if (f->header == NULL) {
        return false;
    }
    if (fread(f->header, 1, (size_t)length, f->file) != length) {
        return dlc_fault(fault, "%s: cannot be read: %s", f->path, strerror(errno));
    }
    return dlc_safetensors_parse(f, (size_t)length, fault);
}

bool dlc_safetensors_open(SafeFile *file, const char *path, Fault *fault)
{
    *file = (SafeFile){ .path = path };
    file->file = fopen(path, "rb");
    struct stat info;
    if (file->file == NULL || fstat(fileno(file->file), &info) != 0) {
        const int code = errno;
        dlc_safetensors_close(file);
        return dlc_fault(fault, "%s: cannot be opened: %s", path, strerror(code));
    }
    if (!S_ISREG(info.st_mode)) {
        dlc_safetensors_close(file);
        return dlc_fault(fault, "%s: is not a file", path);
    }
    if (!read_header(file, (int64_t)info.st_size, fault)) {
        dlc_safetensors_close(file);
        return false;
    }
    return true;
}

void dlc_safetensors_close(SafeFile *file)
{
    if (file->file != NULL) {
        fclose(file->file);
    }
    free(file->header);
    free(file->tensor);
    free(file->meta);
    *file = (SafeFile){ 0 };
}

const SafeTensor *dlc_safetensors_find(const SafeFile *file, const char *name)
{
    int low = 0, high = file->n_tensors;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        const int order = strcmp(name, file->tensor[middle].name);
        if (order == 0) {
            return &file->tensor[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

const char *dlc_safetensors_meta(const SafeFile *file, const char *key)
{
    for (int i = 0; i < file->n_meta; i++) {
        if (strcmp(file->meta[i].key, key) == 0) {
            return file->meta[i].value;
        }
    }
    return NULL;
}

bool dlc_safetensors_read(SafeFile *file, const SafeTensor *tensor, void *to,
                          Fault *fault)
{
    if (fseeko(file->file, (off_t)(file->data_start + tensor->offset), SEEK_SET) != 0 ||
        fread(to, 1, (size_t)tensor->bytes, file->file) != (size_t)tensor->bytes) {
        return dlc_fault(fault, "%s: tensor %s cannot be read", file->path,
                         tensor->name);
    }
    return true;
}

/* Offsets in the order of the data: larger elements first. Returns the order. */
static int *place(SafeTensor *tensor, int n_tensors, Fault *fault)
{
    int *order = dlc_new((size_t)n_tensors, sizeof *order, "a weights file", fault);
    int64_t offset = 0;
    int n = 0;
    for (int size = 8; order != NULL && size > 0; size /= 2) {
        for (int i = 0; i < n_tensors; i++) {
            if (dlc_safetensors_element(tensor[i].dtype) == size) {
                tensor[i].offset = offset;
                offset += tensor[i].bytes;
                order[n++] = i;
            }
        }
    }
    return order;
}

static void write_header(FILE *out, const SafeTensor *tensor, const int *order, int n,
                         const SafeMeta *meta, int n_meta)
{
    fputs("{\"__metadata__\":{", out);
    for (int i = 0; i < n_meta; i++) {
        fputs(i > 0 ? "," : "", out);
        dlc_json_string(out, meta[i].key);
        fputc(':', out);
        dlc_json_string(out, meta[i].value);
    }
    fputc('}', out);
    for (int i = 0; i < n; i++) {
        const SafeTensor *t = &tensor[order[i]];
        fputc(',', out);
        dlc_json_string(out, t->name);
        fprintf(out, ":{\"dtype\":\"%s\",\"shape\":[", t->dtype);
        for (int d = 0; d < t->rank; d++) {
            fprintf(out, "%s%lld", d > 0 ? "," : "", (long long)t->dim[d]);
        }
        fprintf(out, "],\"data_offsets\":[%lld,%lld]}", (long long)t->offset,
                (long long)(t->offset + t->bytes));
    }
    fputc('}', out);
}

static bool write_all(FILE *out, const SafeTensor *tensor, const int *order, int n,
                      const SafeMeta *meta, int n_meta)
{
    unsigned char length[8] = { 0 };
    fwrite(length, 1, 8, out);
    write_header(out, tensor, order, n, meta, n_meta);
    while (ftello(out) > 0 && ftello(out) % 8 != 0) {
        fputc(' ', out);
    }
    const off_t end = ftello(out);
    for (int i = 0; i < n; i++) {
        const SafeTensor *t = &tensor[order[i]];
        fwrite(t->data, 1, (size_t)t->bytes, out);
    }
    for (int i = 0; i < 8; i++) {
        length[i] = (unsigned char)((uint64_t)(end - 8) >> 8 * i);
    }
    return !ferror(out) && end >= 8 && fseeko(out, 0, SEEK_SET) == 0 &&
           fwrite(length, 1, 8, out) == 8 && fflush(out) == 0 &&
           fsync(fileno(out)) == 0;
}

/* The rename itself must survive a power cut; a folder that cannot be opened is no
 * failure of the file. */
static void sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    const int length = slash == NULL ? 0 : (int)(slash - path) + 1;
    snprintf(folder, sizeof folder, "%.*s.", length, path);
    const int handle = open(folder, O_RDONLY);
    if (handle >= 0) {
        fsync(handle);
        close(handle);
    }
}

bool dlc_safetensors_write(const char *path, SafeTensor *tensor, int n_tensors,
                           const SafeMeta *meta, int n_meta, Fault *fault)
{
    const size_t size = strlen(path) + 5;
    char *temporary = dlc_new(size, 1, path, fault);
    int *order = place(tensor, n_tensors, fault);
    if (temporary == NULL || order == NULL) {
        free(temporary);
        free(order);
        return false;
    }
    snprintf(temporary, size, "%s.tmp", path);
    errno = 0;
    FILE *out = fopen(temporary, "wb");
    bool done = out != NULL && write_all(out, tensor, order, n_tensors, meta, n_meta);
    int code = errno;
    if (out != NULL && fclose(out) != 0 && done) {
        done = false;
        code = errno;
    }
    if (done && rename(temporary, path) != 0) {
        done = false;
        code = errno;
    }
    if (done) {
        sync_folder(path);
    } else {
        if (out != NULL) {
            unlink(temporary);
        }
        dlc_fault(fault, "%s: cannot be written: %s", path,
                  code != 0 ? strerror(code) : "write error");
    }
    free(temporary);
    free(order);
    return done;
}
