/* safetensors.h - files of named tensors (Hugging Face's safetensors format, 0.4).
 *
 * u64 n, little endian; n bytes of JSON: {"name": {"dtype": "F32", "shape": [..],
 * "data_offsets": [begin, end]}, "__metadata__": {"key": "text"}}; the data. */
#ifndef DLC_HOST_TRAIN_SAFETENSORS_H
#define DLC_HOST_TRAIN_SAFETENSORS_H

#include <stdint.h>
#include <stdio.h>

#include "host/data/type.h"
#include "host/report/fault.h"

typedef struct SafeTensor {
    const char *name;
    const char *dtype; /* "F32" */
    int rank;
    int64_t dim[DLC_MAX_RANK];
    const void *data;      /* writing: its bytes; reading: NULL */
    int64_t offset, bytes; /* in the data part */
} SafeTensor;

typedef struct SafeMeta {
    const char *key, *value;
} SafeMeta;

typedef struct SafeFile {
    FILE *file;
    const char *path; /* the caller's */
    char *header;     /* names and texts point into it */
    int64_t data_start, data_bytes;
    SafeTensor *tensor; /* sorted by name */
    int n_tensors;
    SafeMeta *meta;
    int n_meta;
} SafeFile;

/* "F32" of a table's element type. */
const char *dlc_safetensors_dtype(dlc_dtype dtype);

/* Opens a file and checks its header: every name once, every extent and range inside
 * the file, sizes that agree with shapes. Nothing is allocated on the word of the file.
 */
bool dlc_safetensors_open(SafeFile *file, const char *path, Fault *fault);
void dlc_safetensors_close(SafeFile *file);

const SafeTensor *dlc_safetensors_find(const SafeFile *file, const char *name);
const char *dlc_safetensors_meta(const SafeFile *file, const char *key); /* or NULL */

/* Reads tensor->bytes bytes. */
bool dlc_safetensors_read(SafeFile *file, const SafeTensor *tensor, void *to,
                          Fault *fault);

/* Writes a file: under a temporary name in the same folder, fsync, rename, so that the
 * old file stays whole if anything fails. Larger element types come first (alignment),
 * otherwise the given order; offsets are set here. */
bool dlc_safetensors_write(const char *path, SafeTensor *tensor, int n_tensors,
                           const SafeMeta *meta, int n_meta, Fault *fault);

/* Parses the JSON (header.c): fills tensor, n_tensors, meta, n_meta. */
bool dlc_safetensors_parse(SafeFile *file, size_t length, Fault *fault);

/* Bytes of one element of a safetensors dtype; 0: unknown. */
int dlc_safetensors_element(const char *dtype);

#endif
