/* values.c - input values of differential tests, see generate.h. */
#include "generate.h"
#include "graph/op.h"
#include "support/bug.h"
#include "support/hash.h"

#include <math.h>
#include <string.h>

static uint64_t mix(uint64_t *state) /* splitmix64 (Steele, Lea, Flood 2014) */
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double unit(uint64_t *state)
{
    return (double)(mix(state) >> 40) / (double)(1 << 24);
}

/* Second moments, of an optimizer or a normalization. */
static bool is_square(const char *path)
{
    static const char *const within[] = { "/v/", "/a/", "/u/" };
    size_t length = strlen(path);
    if (length > 4 && !strcmp(path + length - 4, "/var"))
        return true;
    if (!strstr(path, "minimize"))
        return false;
    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        if (strstr(path, within[i]))
            return true;
    return length > 2 && !strcmp(path + length - 2, "/v");
}

static double value_of(DType dtype, int64_t bound, const char *path, uint64_t *state)
{
    double u = unit(state);
    if (bound > 0)
        return floor(u * (double)bound);
    switch (dtype) {
    case DTYPE_BOOL:
        return u < 0.5;
    case DTYPE_U32:
        return floor(u * 1000);
    case DTYPE_U8:
        return floor(u * 256);
    case DTYPE_F32:
        break;
    default:
        return floor(u * 100) - 50;
    }
    if (!strcmp(path, "step"))
        return 3;
    if (!strcmp(path, "lr_scale"))
        return 1;
    if (!strcmp(path, "total_steps"))
        return 5;
    if (!strcmp(path, "epoch") || !strcmp(path, "steps_per_epoch"))
        return 2;
    if (is_square(path))
        return 0.01 + u;
    return dtype_round(DTYPE_F32, 2 * u - 1);
}

Tensor *generate_values(Arena *a, const char *path, DType dtype, Shape shape,
                        int64_t bound, uint64_t seed)
{
    Tensor *t = tensor_new(a, dtype, shape);
    uint64_t state = hash_bytes(HASH_START ^ seed, path, strlen(path));
    for (int64_t i = 0; i < shape_count(&shape); i++)
        t->at[i] = dtype_round(dtype, value_of(dtype, bound, path, &state));
    return t;
}

Tensor *generate_input(Arena *a, const Node *n, uint64_t seed)
{
    const char *path = attr_text(n, "path");
    static const char *const fixed[] = {
        [INPUT_KEY] = "key", [INPUT_ITERATION] = "iteration", [INPUT_SAMPLE] = "sample"
    };
    InputKind kind = (InputKind)attr_int(n, "kind");
    if (kind == INPUT_KEY || kind == INPUT_ITERATION || kind == INPUT_SAMPLE)
        path = fixed[kind];
    return generate_values(a, path ? path : "", n->dtype, n->shape, n->bound, seed);
}

void *generate_storage(Arena *a, const Tensor *t)
{
    int64_t n = shape_count(&t->shape);
    char *at = arena_alloc_array(a, (size_t)n, dtype_bytes(t->dtype));
    for (int64_t i = 0; i < n; i++) {
        double v = t->at[i];
        char *to = at + (size_t)i * dtype_bytes(t->dtype);
        switch (t->dtype) {
#define STORE(type)                                                                    \
    {                                                                                  \
        type x = (type)v;                                                              \
        memcpy(to, &x, sizeof x);                                                      \
    }                                                                                  \
    break
        case DTYPE_F32:
            STORE(float);
        case DTYPE_I8:
            STORE(int8_t);
        case DTYPE_I16:
            STORE(int16_t);
        case DTYPE_I32:
            STORE(int32_t);
        case DTYPE_U8:
        case DTYPE_BOOL:
            STORE(uint8_t);
        case DTYPE_U16:
            STORE(uint16_t);
        case DTYPE_U32:
            STORE(uint32_t);
#undef STORE
        default:
            BUG("no storage form of %s", dtype_name(t->dtype));
        }
    }
    return at;
}

double storage_element(DType dtype, const void *at, int64_t i)
{
    const char *from = (const char *)at + (size_t)i * dtype_bytes(dtype);
    switch (dtype) {
#define LOAD(type)                                                                     \
    {                                                                                  \
        type x;                                                                        \
        memcpy(&x, from, sizeof x);                                                    \
        return (double)x;                                                              \
    }
    case DTYPE_F32:
        LOAD(float)
    case DTYPE_I8:
        LOAD(int8_t)
    case DTYPE_I16:
        LOAD(int16_t)
    case DTYPE_I32:
        LOAD(int32_t)
    case DTYPE_U8:
    case DTYPE_BOOL:
        LOAD(uint8_t)
    case DTYPE_U16:
        LOAD(uint16_t)
    case DTYPE_U32:
        LOAD(uint32_t)
#undef LOAD
    default:
        BUG("no storage form of %s", dtype_name(dtype));
    }
}
