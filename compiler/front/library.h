/* library.h - the standard library, compiler/std, as text inside this binary. The table
 * is made by std/embed.cmake. */
#ifndef DLC_FRONT_LIBRARY_H
#define DLC_FRONT_LIBRARY_H

#include <stdint.h>

typedef struct LibraryModule {
    const char *name; /* "prelude" */
    const char *text; /* NUL-terminated */
    uint32_t length;  /* bytes */
} LibraryModule;

extern const LibraryModule library_modules[];
extern const int library_count;

#endif
