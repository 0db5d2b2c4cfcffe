/* folder.h - folders of files, one sample a file.
 *
 * For two fields, every folder inside is a class: the second field is its place among
 * them in order of their names (bytes compared), and there are exactly as many as the
 * field's bound. For one field, the files of the folder itself. Files are taken in
 * order of their names, so a sample's number does not depend on the file system; names
 * that begin with a dot, and files with another ending, are left out. */
#ifndef DLC_HOST_DATA_FOLDER_H
#define DLC_HOST_DATA_FOLDER_H

#include "host/data/table.h"

/* Decodes one file into a sample of `field`; called by several threads at once. */
typedef bool Decode(const char *path, const dlc_field *field, const dlc_source *source,
                    void *to, Fault *fault);

typedef struct FileKind {
    const char *words;          /* "PNG or JPEG images" */
    const char *const *endings; /* ".png", ..., NULL; compared without case */
    Decode *decode;
} FileKind;

typedef struct Files Files;

/* Lists a folder into a table and decodes all its files by as many threads as there are
 * processors: into memory, or (DLC_CACHE_NO, or DLC_CACHE_AUTO and more bytes than half
 * of the machine's memory) only to see that they can be; then each use decodes again.
 */
bool dlc_folder_read(Table *table, const char *path, const dlc_source *source,
                     const FileKind *kind, Fault *fault);

bool dlc_files_decode(const Files *files, int64_t sample, void *to, Fault *fault);
void dlc_files_free(Files *files); /* NULL: nothing */

/* True if a name has one of the endings. */
bool dlc_has_ending(const char *name, const char *const *endings);

#endif
