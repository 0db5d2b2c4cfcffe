/* pretrained.h - parameters to begin with, from files that this program did not write.
 */
#ifndef DLC_HOST_TRAIN_PRETRAINED_H
#define DLC_HOST_TRAIN_PRETRAINED_H

#include "host/report/progress.h"
#include "host/train/safetensors.h"

enum { NAMES_MOST = 64 };

typedef struct Names { /* --map OLD=NEW, --layout=torch */
    int n;
    const char *map[NAMES_MOST];
    bool torch;
} Names;

/* One array of a file, in its own order of axes. */
typedef struct Foreign {
    const char *name, *dtype; /* as safetensors names it: "F32" */
    int rank;
    int64_t dim[DLC_MAX_RANK];
    int64_t offset, bytes; /* the reader's */
} Foreign;

/* Copies into `state` each tensor of the file whose name, after the map, is that of a
 * parameter or state: exactly, or with `.` for `/`. OLD=NEW replaces a whole name, or
 * the leading parts OLD of one. With `torch`, weight, bias and running_mean find w, b,
 * mu and their like, and matrices and filters are turned: [out, in] to [in, out],
 * [f, c, h, w] to [h, w, c, f]. Says what matched and what did not. A match of another
 * shape is an error, and so is a file of which nothing matches. Safetensors, .npz. */
bool dlc_pretrained_load(const char *path, const dlc_model *model, unsigned char *state,
                         const Names *names, Progress *progress, Fault *fault);

/* Arrays of an .npz archive (npz.c): a zip of .npy files. */
typedef struct Npz {
    const char *path; /* the caller's */
    Foreign *array;
    unsigned char **file; /* of each array: its .npy */
    int n_arrays;
    char *text; /* their names */
} Npz;

bool dlc_npz_open(Npz *npz, const char *path, Fault *fault);
void dlc_npz_close(Npz *npz);
/* The values of an array, its `bytes` bytes. */
const unsigned char *dlc_npz_values(const Npz *npz, const Foreign *array);

#endif
