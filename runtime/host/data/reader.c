/* reader.c - which reader a source has. A new one is a file beside this and a row of
 * the table. */
#include "host/data/reader.h"

#include <stdlib.h>

#include "host/data/cifar.h"
#include "host/data/csv.h"
#include "host/data/idx.h"
#include "host/data/image.h"
#include "host/data/npy.h"
#include "host/data/textfile.h"
#include "host/data/wav.h"

typedef struct Reading {
    Table *table;
    const dlc_source *source;
    const Places *places;
    const char *path; /* of the source's first file or folder; NULL: it has none */
    Fault *fault;
} Reading;

/* ---- one array a field ----------------------------------------------------------- */

typedef unsigned char *ReadArray(const Reading *r, int f, const char *path,
                                 int64_t *count);

static bool read_arrays(const Reading *r, ReadArray *read)
{
    Table *table = r->table;
    const bool one_file = r->source->kind == DLC_SOURCE_NPZ;
    if (r->source->n_paths - one_file != table->n_fields) {
        return dlc_fault(r->fault, "line %d: %d files for %d fields", r->source->line,
                         r->source->n_paths - one_file, table->n_fields);
    }
    for (int f = 0; f < table->n_fields; f++) {
        int64_t count = 0;
        char *path = dlc_find(r->places, r->source->path[one_file ? 0 : f], r->fault);
        if (path != NULL) {
            table->column[f] = read(r, f, path, &count);
        }
        bool done = path != NULL && table->column[f] != NULL;
        if (done && f > 0 && count != table->count) {
            done =
                one_file
                    ? dlc_fault(r->fault, "%s has %lld samples of %s, but %lld of %s",
                                path, (long long)count, table->field[f].name,
                                (long long)table->count, table->field[0].name)
                    : dlc_fault(r->fault, "%s has %lld samples, but %s has %lld", path,
                                (long long)count, r->path, (long long)table->count);
        }
        free(path);
        table->count = count;
        if (!done) {
            return false;
        }
    }
    return true;
}

static unsigned char *idx_array(const Reading *r, int f, const char *path,
                                int64_t *count)
{
    return dlc_idx_read(path, &r->table->field[f], count, r->fault);
}

static unsigned char *npy_array(const Reading *r, int f, const char *path,
                                int64_t *count)
{
    return dlc_npy_read(path, &r->table->field[f], false, count, r->fault);
}

static unsigned char *npz_array(const Reading *r, int f, const char *path,
                                int64_t *count)
{
    return dlc_npz_array(path, r->source->path[1 + f], &r->table->field[f], false,
                         count, r->fault);
}

/* ---- the readers ----------------------------------------------------------------- */

static bool read_idx(const Reading *r)
{
    return read_arrays(r, idx_array);
}

static bool read_npy(const Reading *r)
{
    return read_arrays(r, npy_array);
}

static bool read_npz(const Reading *r)
{
    return read_arrays(r, npz_array);
}

static bool read_csv(const Reading *r)
{
    return dlc_csv_read(r->path, r->source, r->places, r->table, r->fault);
}

static bool read_cifar(const Reading *r)
{
    return dlc_cifar_read(r->table, r->path, r->source->from == DLC_TEST, r->fault);
}

static bool read_images(const Reading *r)
{
    return dlc_folder_read(r->table, r->path, r->source, &dlc_image_kind, r->fault);
}

static bool read_wav(const Reading *r)
{
    return dlc_folder_read(r->table, r->path, r->source, &dlc_wav_kind, r->fault);
}

static bool read_text(const Reading *r)
{
    return dlc_text_read(r->table, r->path, r->source, r->places, r->fault);
}

/* Samples that stand in the program. */
static bool read_rows(const Reading *r)
{
    Table *table = r->table;
    const double *value = r->source->rows;
    char why[DLC_TYPE_SIZE];
    for (int f = 0; f < table->n_fields; f++) {
        if (!dlc_table_reserve(table, f, r->source->n_rows, r->fault)) {
            return false;
        }
    }
    for (int64_t row = 0; row < r->source->n_rows; row++) {
        for (int f = 0; f < table->n_fields; f++) {
            const dlc_type *type = &table->field[f].type;
            const size_t bytes = dlc_dtype_bytes(type->dtype);
            const int64_t n = dlc_type_count(type);
            unsigned char *to = table->column[f] + (size_t)(row * n) * bytes;
            for (int64_t i = 0; i < n; i++, to += bytes, value++) {
                if (dlc_value_store(to, type, *value, why) != NULL) {
                    return dlc_fault(r->fault, "line %d: row %lld: %s is %g, %s",
                                     r->source->line, (long long)row + 1,
                                     table->field[f].name, *value, why);
                }
            }
        }
    }
    table->count = r->source->n_rows;
    return true;
}

static bool (*const readers[])(const Reading *r) = {
    [DLC_SOURCE_IDX] = read_idx,       [DLC_SOURCE_CSV] = read_csv,
    [DLC_SOURCE_ROWS] = read_rows,     [DLC_SOURCE_NPY] = read_npy,
    [DLC_SOURCE_NPZ] = read_npz,       [DLC_SOURCE_CIFAR10] = read_cifar,
    [DLC_SOURCE_IMAGES] = read_images, [DLC_SOURCE_WAV] = read_wav,
    [DLC_SOURCE_TEXT] = read_text,
};

bool dlc_table_load(Table *table, const dlc_source *source, int n_fields,
                    const dlc_field *field, const Places *places, Fault *fault)
{
    if (!dlc_table_init(table, n_fields, field, fault)) {
        return false;
    }
    char *path = source->n_paths > 0 ? dlc_find(places, source->path[0], fault) : NULL;
    const Reading r = { table, source, places, path, fault };
    bool done = (path != NULL || source->n_paths == 0) && readers[source->kind](&r);
    free(path);
    if (done && table->count == 0) {
        done = dlc_fault(fault, "line %d: the source holds no samples", source->line);
    }
    if (done && table->count > INT32_MAX) {
        done =
            dlc_fault(fault, "%s holds more than 2147483647 samples", source->path[0]);
    }
    return done;
}
