/* package.h - a trained network as what other build systems take: a folder with the C,
 * a manifest, an example and a README. package.def lists the kinds. */
#ifndef DLC_EMIT_PACKAGE_H
#define DLC_EMIT_PACKAGE_H

#include "emit/emit.h"

typedef enum PackageKind {
#define PACKAGE(id, name, targets) PACKAGE_##id,
#define PACKAGE_FILE(id, path, template)
#include "emit/package.def"
#undef PACKAGE_FILE
#undef PACKAGE
    PACKAGE_COUNT
} PackageKind;

typedef struct PackageFile {
    const char *path; /* in the folder */
    const Out *text;
} PackageFile;

typedef struct Package {
    VEC(PackageFile) file;
} Package;

const char *package_name(PackageKind kind);              /* "arduino" */
const char *package_targets(PackageKind kind, Arena *a); /* "c99, avr, cortex_m*" */
bool package_fits(PackageKind kind, const Target *t);

/* From the files that emit_c made of the unit, whose stem is its prefix. */
Package package_make(Arena *a, PackageKind kind, const EmitUnit *unit,
                     const EmitFiles *made);

#endif
