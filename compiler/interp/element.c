/* element.c - see element.h. */
#include "interp/element.h"

#include "tensor/half.h"

#include <string.h>

void element_store(DType dtype, void *array, int64_t i, double value)
{
    char *to = (char *)array + (size_t)i * dtype_bytes(dtype);
    float f = (float)value;
    int64_t n = dtype == DTYPE_F16 ? half_of(value) : (int64_t)value;
    if (dtype == DTYPE_F32)
        memcpy(to, &f, sizeof f);
    else
        for (size_t b = 0; b < dtype_bytes(dtype); b++)
            to[b] = (char)(unsigned char)((uint64_t)n >> (8 * b));
}

double element_load(DType dtype, const void *array, int64_t i)
{
    const unsigned char *from =
        (const unsigned char *)array + (size_t)i * dtype_bytes(dtype);
    if (dtype == DTYPE_F32) {
        float f;
        memcpy(&f, from, sizeof f);
        return (double)f;
    }
    uint64_t n = 0;
    for (size_t b = 0; b < dtype_bytes(dtype); b++)
        n |= (uint64_t)from[b] << (8 * b);
    bool is_signed = dtype == DTYPE_I8 || dtype == DTYPE_I16 || dtype == DTYPE_I32;
    if (dtype == DTYPE_F16)
        return half_value((uint16_t)n);
    uint64_t sign = UINT64_C(1) << (8 * dtype_bytes(dtype) - 1);
    return is_signed && (n & sign) ? (double)n - 2.0 * (double)sign : (double)n;
}
