/* file.h - files of this machine: read whole, written whole. POSIX lives here and in
 * program.c only. */
#ifndef DLC_DRIVER_FILE_H
#define DLC_DRIVER_FILE_H

#include "support/diag.h"
#include "support/vec.h"

/* The whole file, NUL-terminated, "-" is standard input. NULL: *why says the reason. */
char *file_read(Arena *a, const char *path, size_t *length, const char **why);
bool file_exists(const char *path);
bool file_same(const char *a, const char *b); /* one file under two names */
const char *file_folder(Arena *a,
                        const char *path); /* "models/" of "models/xor.dl", "" */
const char *file_name(const char *path);   /* "xor.dl" */
/* One name for all names of a file: "parts/../a.dl" and "a.dl" are one module. */
const char *file_identity(Arena *a, const char *path);
const char *file_join(Arena *a, const char *folder, const char *path);

/* Files that appear together or not at all: each text goes to a temporary file beside
 * its place, and only when all are complete are they renamed. */
typedef struct FileSet {
    Arena *arena;
    VEC(const char *) path;
    VEC(const Out *) text;
} FileSet;

void file_set_add(FileSet *set, const char *path, const Out *text);
bool file_set_write(const FileSet *set, DiagSink *sink); /* false: reported, E0701 */

/* Copies an executable to its place, by a temporary file and a rename. */
bool file_install(Arena *a, const char *from, const char *to, DiagSink *sink);

/* ---- folder.c -------------------------------------------------------------------- */

/* A fresh folder under $TMPDIR or /tmp, and its removal with all that is in it. */
const char *file_make_folder(Arena *a, DiagSink *sink); /* NULL: reported */
void file_remove_folder(const char *folder);

/* Is nothing of that name there? False: reported, E0701. */
bool folder_is_free(const char *folder, DiagSink *sink);
/* A new folder with these files, by paths inside; it appears whole or not at all. */
bool folder_write(const FileSet *set, const char *folder, DiagSink *sink);

#endif
