/* type.h - sizes, names and values of the element types in a model's table. */
#ifndef DLC_HOST_DATA_TYPE_H
#define DLC_HOST_DATA_TYPE_H

#include "host/model.h"
#include "host/report/text.h"

enum { DLC_TYPE_SIZE = 160 };

size_t dlc_dtype_bytes(dlc_dtype dtype);
const char *dlc_dtype_name(dlc_dtype dtype); /* "u8" */

int64_t dlc_type_count(const dlc_type *type); /* elements of one sample */
size_t dlc_type_bytes(const dlc_type *type);  /* bytes of one sample */

/* "u8[28, 28]", "index(10)". Returns `buffer`. */
char *dlc_type_print(char buffer[DLC_TYPE_SIZE], const dlc_type *type);

/* True if the extents agree when extents of 1 are left out: 28x28 holds [28, 28, 1]. */
bool dlc_dims_agree(int rank, const int64_t *dim, const dlc_type *type);

/* "60000 x 28 x 28", "scalar" for rank 0. Returns `buffer`. */
char *dlc_dims_print(char buffer[DLC_TYPE_SIZE], int rank, const int64_t *dim);

/* Stores one element. NULL: done; else why the value does not fit, such as "expected
 * 0 .. 9", in a buffer of the caller's. */
const char *dlc_value_store(void *to, const dlc_type *type, double value,
                            char why[DLC_TYPE_SIZE]);

/* One element as a number. */
double dlc_value_load(const void *from, dlc_dtype dtype);

/* Position of the first element of an index or bool array that is out of bounds, or -1.
 */
int64_t dlc_value_find_bad(const void *data, int64_t count, const dlc_type *type);

#endif
