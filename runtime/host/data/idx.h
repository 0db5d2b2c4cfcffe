/* idx.h - IDX files, the format of MNIST: big-endian arrays with their extents.
 *
 * LeCun, Cortes, Burges: the MNIST database, "file formats": two zero bytes, element
 * type, rank, one u32 an extent, data with the last axis fastest. */
#ifndef DLC_HOST_DATA_IDX_H
#define DLC_HOST_DATA_IDX_H

#include "host/data/type.h"

/* Reads a plain or gzip'd file as samples of a field: the first extent counts samples,
 * the others must be the field's (extents of 1 aside), the element type must be the
 * field's (an index or bool field takes any integer type), labels must be below the
 * bound. Returns the samples, dense, in new memory, and their number; NULL: reported
 * with file and offset. */
unsigned char *dlc_idx_read(const char *path, const dlc_field *field, int64_t *count,
                            Fault *fault);

#endif
