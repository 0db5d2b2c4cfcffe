/* npz.c - archives of NumPy arrays: a zip of .npy files, unpacked when it is opened. */
#include <stdlib.h>
#include <string.h>

#include "host/data/npy.h"
#include "host/data/zip.h"
#include "host/report/text.h"
#include "host/train/pretrained.h"

/* What the header says, as safetensors would. */
static bool describe(Foreign *f, const NpyHeader *h)
{
    const bool is_float = h->kind == 'f' && (h->bytes == 4 || h->bytes == 8);
    f->dtype = !is_float ? "another type than <f4, <f8" : h->bytes == 4 ? "F32" : "F64";
    f->rank = h->rank;
    f->bytes = h->bytes;
    if (h->rank > DLC_MAX_RANK) {
        return false;
    }
    for (int i = 0; i < h->rank; i++) {
        f->dim[i] = h->dim[i];
        if (h->dim[i] > 0 && f->bytes > INT64_MAX / h->dim[i]) {
            return false;
        }
        f->bytes *= h->dim[i];
    }
    return true;
}

/* One member as an array; its name, without .npy, goes to *text. */
static bool read_array(Npz *npz, const Zip *zip, const ZipMember *m, char **text,
                       Fault *fault)
{
    Foreign *f = &npz->array[npz->n_arrays];
    char shown[600];
    NpyHeader header = { 0 };
    unsigned char *file = dlc_zip_unpack(zip, m, fault);
    if (file == NULL) {
        return false;
    }
    npz->file[npz->n_arrays++] = file;
    snprintf(shown, sizeof shown, "%.390s (%.*s)", npz->path,
             m->name_length > 190 ? 190 : m->name_length, m->name);
    Stream stream = dlc_stream_memory(shown, file, (int64_t)m->size);
    if (!dlc_npy_header(&stream, &header, fault)) {
        return false;
    }
    f->offset = stream.offset;
    if (!describe(f, &header) || f->bytes != (int64_t)m->size - f->offset) {
        return dlc_fault(fault,
                         "%s: offset %lld: not as many values as its header says",
                         shown, (long long)m->size);
    }
    size_t length = (size_t)m->name_length;
    if (length > 4 && memcmp(m->name + length - 4, ".npy", 4) == 0) {
        length -= 4;
    }
    memcpy(*text, m->name, length);
    f->name = *text;
    *text += length + 1;
    return true;
}

static bool read_arrays(Npz *npz, const Zip *zip, Fault *fault)
{
    const size_t n = (size_t)zip->n_members + 1;
    size_t letters = n;
    for (int i = 0; i < zip->n_members; i++) {
        letters += (size_t)zip->member[i].name_length;
    }
    npz->array = dlc_new(n, sizeof *npz->array, npz->path, fault);
    npz->file = dlc_new(n, sizeof *npz->file, npz->path, fault);
    npz->text = dlc_new(letters, 1, npz->path, fault);
    char *text = npz->text;
    bool done = npz->array != NULL && npz->file != NULL && text != NULL;
    for (int i = 0; done && i < zip->n_members; i++) {
        done = read_array(npz, zip, &zip->member[i], &text, fault);
    }
    return done;
}

bool dlc_npz_open(Npz *npz, const char *path, Fault *fault)
{
    Zip zip;
    *npz = (Npz){ .path = path };
    const bool done = dlc_zip_open(&zip, path, fault) && read_arrays(npz, &zip, fault);
    dlc_zip_close(&zip);
    return done;
}

void dlc_npz_close(Npz *npz)
{
    for (int i = 0; i < npz->n_arrays; i++) {
        free(npz->file[i]);
    }
    free(npz->array);
    free(npz->file);
    free(npz->text);
    *npz = (Npz){ 0 };
}

const unsigned char *dlc_npz_values(const Npz *npz, const Foreign *array)
{
    return npz->file[array - npz->array] + array->offset;
}
