/* npy.h - NumPy's .npy arrays (format versions 1 to 3, NEP 1). */
#ifndef DLC_HOST_DATA_NPY_H
#define DLC_HOST_DATA_NPY_H

#include "host/data/stream.h"
#include "host/data/type.h"

enum { NPY_MAX_RANK = 32 };

typedef struct NpyHeader {
    char kind; /* f i u b */
    int bytes; /* of an element */
    int rank;
    int64_t dim[NPY_MAX_RANK];
} NpyHeader;

/* What an array says of itself, in front of its values: C order, little endian. */
bool dlc_npy_header(Stream *stream, NpyHeader *header, Fault *fault);

/* Reads samples of a field: shape [count, field...], or the field's own shape for one
 * sample if `single` allows it; C order, little endian. The element type must be the
 * field's; f64 narrows to f32, and any integer type serves an index or bool field if
 * its values fit. Returns the samples in new memory; NULL: reported with file and
 * offset. */
unsigned char *dlc_npy_read(const char *path, const dlc_field *field, bool single,
                            int64_t *count, Fault *fault);

/* As above, of the array `name` (in the archive: name.npy) of an .npz file. */
unsigned char *dlc_npz_array(const char *path, const char *name, const dlc_field *field,
                             bool single, int64_t *count, Fault *fault);

#endif
