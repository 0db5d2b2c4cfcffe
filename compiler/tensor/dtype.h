/* dtype.h - element types of tensors. bool is stored as uint8_t 0 or 1. */
#ifndef DLC_TENSOR_DTYPE_H
#define DLC_TENSOR_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum DType {
#define DTYPE(id, name, c_name, bytes, class) DTYPE_##id,
#include "tensor/dtype.def"
#undef DTYPE
    DTYPE_COUNT,
    DTYPE_DL_COUNT = DTYPE_F64 /* those that dl and .dlir know */
} DType;

typedef enum DTypeClass {
    DTYPE_CLASS_FLOAT,
    DTYPE_CLASS_INT,
    DTYPE_CLASS_BOOL
} DTypeClass;

const char *dtype_name(DType t);   /* "f32" */
const char *dtype_c_name(DType t); /* "float" */
size_t dtype_bytes(DType t);
DTypeClass dtype_class(DType t);
bool dtype_is_float(DType t);
bool dtype_find(const char *name, DType *t); /* of dl */
/* Smallest unsigned type that holds 0 .. bound-1: u8, u16, else i32. */
DType dtype_of_index(int64_t bound);
/* `value` rounded to what the type stores (f32: nearest; ints: toward zero, clamped).
 */
double dtype_round(DType t, double value);

#endif
