/* batch.c - samples gathered into the dense arrays that the emitted functions read. */
#include "host/data/batch.h"

#include <stdlib.h>
#include <string.h>

bool dlc_batch_init(Batch *batch, int n_fields, const dlc_field *field, int size,
                    Fault *fault)
{
    *batch =
        (Batch){ .n_fields = n_fields, .size = size, .field = field, .fault = fault };
    batch->data = dlc_new((size_t)n_fields + 1, sizeof(void *), "a batch", fault);
    for (int f = 0; batch->data != NULL && f < n_fields; f++) {
        batch->data[f] =
            dlc_new((size_t)size, dlc_type_bytes(&field[f].type), field[f].name, fault);
        if (batch->data[f] == NULL) {
            return false;
        }
    }
    if (batch->data != NULL) {
        batch->data[n_fields] = dlc_new((size_t)size, sizeof(float), "a batch", fault);
    }
    return batch->data != NULL && batch->data[n_fields] != NULL;
}

void dlc_batch_release(Batch *batch)
{
    for (int f = 0; batch->data != NULL && f <= batch->n_fields; f++) {
        free(batch->data[f]);
    }
    free(batch->data);
    *batch = (Batch){ 0 };
}

int dlc_batch_gather(Batch *batch, const Split *split, const uint32_t *order,
                     uint32_t first)
{
    const uint32_t left = split->count - first;
    for (int f = 0; f < batch->n_fields; f++) {
        const size_t bytes = dlc_type_bytes(&batch->field[f].type);
        unsigned char *to = batch->data[f];
        for (int i = 0; i < batch->size; i++, to += bytes) {
            const uint32_t at =
                (uint32_t)(((uint64_t)first + (uint64_t)i) % split->count);
            const bool own = f < split->table->n_fields;
            if (!dlc_split_get(split, f, own && order != NULL ? order[at] : at, to,
                               batch->fault)) {
                return -1;
            }
        }
    }
    const int real = left < (uint32_t)batch->size ? (int)left : batch->size;
    float *valid = batch->data[batch->n_fields];
    for (int i = 0; i < batch->size; i++) {
        valid[i] = i < real ? 1.0F : 0.0F;
    }
    return real;
}

void dlc_batch_make(Batch *batch, uint64_t seed)
{
    char why[DLC_TYPE_SIZE];
    for (int f = 0; f < batch->n_fields; f++) {
        const dlc_type *type = &batch->field[f].type;
        const size_t bytes = dlc_dtype_bytes(type->dtype);
        const int64_t n = dlc_type_count(type) * batch->size;
        const uint32_t bound = type->bound > 0           ? (uint32_t)type->bound
                               : type->dtype == DLC_BOOL ? 2
                               : type->dtype == DLC_U8   ? 256
                                                         : 128;
        Random random = dlc_random(seed, PURPOSE_SAMPLE, (uint32_t)f);
        unsigned char *to = batch->data[f];
        for (int64_t i = 0; i < n; i++, to += bytes) {
            const double value = type->dtype == DLC_F32
                                     ? dlc_random_normal(&random)
                                     : (double)dlc_random_below(&random, bound);
            dlc_value_store(to, type, value, why);
        }
    }
}
