/* dtype.c - see dtype.h; the facts are rows of dtype.def. */
#include "tensor/dtype.h"

#include "tensor/half.h"

#include <math.h>
#include <string.h>

typedef struct DTypeInfo {
    const char *name, *c_name;
    size_t bytes;
    DTypeClass class;
} DTypeInfo;

static const DTypeInfo table[DTYPE_COUNT] = {
#define DTYPE(id, name, c_name, bytes, class)                                          \
    [DTYPE_##id] = { name, c_name, bytes, DTYPE_CLASS_##class },
#include "tensor/dtype.def"
#undef DTYPE
};

const char *dtype_name(DType t)
{
    return table[t].name;
}

const char *dtype_c_name(DType t)
{
    return table[t].c_name;
}

size_t dtype_bytes(DType t)
{
    return table[t].bytes;
}

DTypeClass dtype_class(DType t)
{
    return table[t].class;
}

bool dtype_is_float(DType t)
{
    return table[t].class == DTYPE_CLASS_FLOAT;
}

bool dtype_find(const char *name, DType *t)
{
    for (int i = 0; i < DTYPE_DL_COUNT; i++)
        if (strcmp(table[i].name, name) == 0) {
            *t = (DType)i;
            return true;
        }
    return false;
}

DType dtype_of_index(int64_t bound)
{
    return bound <= 256 ? DTYPE_U8 : bound <= 65536 ? DTYPE_U16 : DTYPE_I32;
}

double dtype_round(DType t, double value)
{
    if (t == DTYPE_F32)
        return (double)(float)value;
    if (t == DTYPE_F16)
        return half_value(half_of(value));
    if (dtype_is_float(t))
        return value;
    if (t == DTYPE_BOOL)
        return value != 0;
    double bits = 8.0 * (double)dtype_bytes(t);
    bool is_signed = table[t].name[0] == 'i';
    double low = is_signed ? -ldexp(1, (int)bits - 1) : 0;
    double high = (is_signed ? ldexp(1, (int)bits - 1) : ldexp(1, (int)bits)) - 1;
    if (isnan(value))
        return low;
    value = trunc(value);
    return value < low ? low : value > high ? high : value;
}
