/* type.c - sizes, names and values of the element types in a model's table. */
#include "host/data/type.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct Element {
    const char *name;
    size_t bytes;
    double least, most;
} Element;

static const Element element[] = {
    [DLC_F32] = { "f32", 4, -FLT_MAX, FLT_MAX },
    [DLC_U8] = { "u8", 1, 0, 255 },
    [DLC_I8] = { "i8", 1, -128, 127 },
    [DLC_U16] = { "u16", 2, 0, 65535 },
    [DLC_I16] = { "i16", 2, -32768, 32767 },
    [DLC_I32] = { "i32", 4, -2147483648.0, 2147483647.0 },
    [DLC_U32] = { "u32", 4, 0, 4294967295.0 },
    [DLC_BOOL] = { "bool", 1, 0, 1 },
};

size_t dlc_dtype_bytes(dlc_dtype dtype)
{
    return element[dtype].bytes;
}

const char *dlc_dtype_name(dlc_dtype dtype)
{
    return element[dtype].name;
}

int64_t dlc_type_count(const dlc_type *type)
{
    int64_t count = 1;
    for (int i = 0; i < type->rank; i++) {
        count *= type->dim[i];
    }
    return count;
}

size_t dlc_type_bytes(const dlc_type *type)
{
    return (size_t)dlc_type_count(type) * dlc_dtype_bytes(type->dtype);
}

char *dlc_type_print(char buffer[DLC_TYPE_SIZE], const dlc_type *type)
{
    Text text = dlc_text(buffer, DLC_TYPE_SIZE);
    if (type->bound > 0) {
        dlc_text_add(&text, "index(%lld)", (long long)type->bound);
    } else {
        dlc_text_add(&text, "%s", dlc_dtype_name(type->dtype));
    }
    for (int i = 0; i < type->rank; i++) {
        dlc_text_add(&text, "%s%lld", i == 0 ? "[" : ", ", (long long)type->dim[i]);
    }
    dlc_text_add(&text, "%s", type->rank > 0 ? "]" : "");
    return buffer;
}

bool dlc_dims_agree(int rank, const int64_t *dim, const dlc_type *type)
{
    int i = 0, j = 0;
    for (;;) {
        while (i < rank && dim[i] == 1) {
            i++;
        }
        while (j < type->rank && type->dim[j] == 1) {
            j++;
        }
        if (i == rank || j == type->rank) {
            return i == rank && j == type->rank;
        }
        if (dim[i++] != type->dim[j++]) {
            return false;
        }
    }
}

char *dlc_dims_print(char buffer[DLC_TYPE_SIZE], int rank, const int64_t *dim)
{
    Text text = dlc_text(buffer, DLC_TYPE_SIZE);
    dlc_text_add(&text, "%s", rank == 0 ? "scalar" : "");
    for (int i = 0; i < rank; i++) {
        dlc_text_add(&text, "%s%lld", i == 0 ? "" : " x ", (long long)dim[i]);
    }
    return buffer;
}

const char *dlc_value_store(void *to, const dlc_type *type, double value,
                            char why[DLC_TYPE_SIZE])
{
    const Element *e = &element[type->dtype];
    const double most = type->bound > 0 ? (double)(type->bound - 1) : e->most;
    const double least = type->bound > 0 ? 0 : e->least;
    if (type->dtype == DLC_F32) {
        if (!isfinite(value) || fabs(value) > FLT_MAX) {
            snprintf(why, DLC_TYPE_SIZE, "expected a finite f32 number");
            return why;
        }
        const float f = (float)value;
        memcpy(to, &f, sizeof f);
        return NULL;
    }
    if (!(value >= least && value <= most) || value != floor(value)) {
        snprintf(why, DLC_TYPE_SIZE, "expected an integer in %.0f .. %.0f", least,
                 most);
        return why;
    }
    const int64_t whole = (int64_t)value;
    switch (e->bytes) {
    case 1: {
        const uint8_t v = (uint8_t)whole;
        memcpy(to, &v, sizeof v);
        break;
    }
    case 2: {
        const uint16_t v = (uint16_t)whole;
        memcpy(to, &v, sizeof v);
        break;
    }
    default: {
        const uint32_t v = (uint32_t)whole;
        memcpy(to, &v, sizeof v);
        break;
    }
    }
    return NULL;
}

#define LOAD(type)                                                                     \
    do {                                                                               \
        type v;                                                                        \
        memcpy(&v, from, sizeof v);                                                    \
        return (double)v;                                                              \
    } while (0)

double dlc_value_load(const void *from, dlc_dtype dtype)
{
    switch (dtype) {
    case DLC_F32:
        LOAD(float);
    case DLC_U8:
    case DLC_BOOL:
        LOAD(uint8_t);
    case DLC_I8:
        LOAD(int8_t);
    case DLC_U16:
        LOAD(uint16_t);
    case DLC_I16:
        LOAD(int16_t);
    case DLC_I32:
        LOAD(int32_t);
    case DLC_U32:
        LOAD(uint32_t);
    }
    return 0;
}

int64_t dlc_value_find_bad(const void *data, int64_t count, const dlc_type *type)
{
    const double bound = type->dtype == DLC_BOOL ? 2 : (double)type->bound;
    const unsigned char *at = data;
    const size_t bytes = dlc_dtype_bytes(type->dtype);
    for (int64_t i = 0; bound > 0 && i < count; i++) {
        const double value = dlc_value_load(at + (size_t)i * bytes, type->dtype);
        if (!(value >= 0 && value < bound)) {
            return i;
        }
    }
    return -1;
}
