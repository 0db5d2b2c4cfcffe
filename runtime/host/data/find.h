/* find.h - where data files are looked for. */
#ifndef DLC_HOST_DATA_FIND_H
#define DLC_HOST_DATA_FIND_H

#include "host/report/fault.h"

typedef struct Places {
    const char *data_dir; /* --data DIR; NULL: not given */
    const char *source;   /* the .dl file as given to dlc */
} Places;

/* The path of an existing file, in new memory. A relative `name` is looked up in
 * --data, $DLC_DATA, the current folder, the .dl file's folder; in each, `name`, then
 * `name`.gz. NULL: reported, with all that was tried. */
char *dlc_find(const Places *places, const char *name, Fault *fault);

/* The path of folder/name or folder/name.gz, in new memory. NULL: neither exists (the
 * fault has no message then), or reported. */
char *dlc_find_in(const char *folder, const char *name, Fault *fault);

#endif
