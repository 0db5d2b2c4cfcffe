/* safetensors.h - the container of named tensors (github.com/huggingface/safetensors,
 * "Format"): 8 bytes little-endian length of the header, a JSON header, raw data. */
#ifndef DLC_IMPORT_SAFETENSORS_H
#define DLC_IMPORT_SAFETENSORS_H

#include "support/arena.h"
#include "support/vec.h"
#include "tensor/tensor.h"

typedef struct SafeTensor {
    const char *name;
    const char *dtype; /* "F32" */
    Shape shape;
    size_t begin, end; /* bytes of the file */
} SafeTensor;

typedef struct SafeMeta {
    const char *key, *text;
} SafeMeta;

typedef struct SafeFile {
    const unsigned char *bytes;
    size_t length;
    VEC(SafeMeta) meta; /* in the order of the file */
    VEC(SafeTensor) tensor;
} SafeFile;

/* Strict and bounded: every offset inside the file, no overlaps or gaps, sizes that
 * agree with shapes, no name twice. NULL when sound, else what is wrong, with the byte
 * where it was noticed. `bytes` is kept. */
const char *safetensors_read(Arena *a, const char *bytes, size_t length,
                             SafeFile *file);

/* Values of a tensor in f64. False: a dtype dlc does not read. */
bool safetensors_values(Arena *a, const SafeFile *file, const SafeTensor *t,
                        Tensor **value);

#endif
