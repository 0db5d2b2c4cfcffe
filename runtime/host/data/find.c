/* find.c - where data files are looked for. */
#include "host/data/find.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host/report/text.h"

/* dir/name or dir/name.gz if it exists; NULL if not (no fault) or out of memory. */
static char *try_in(const char *dir, size_t dir_length, const char *name, Text *tried,
                    Fault *fault)
{
    static const char *const ending[] = { "", ".gz" };
    const size_t size = dir_length + strlen(name) + 8;
    char *path = dlc_new(size, 1, "a path", fault);
    for (int i = 0; path != NULL && i < 2; i++) {
        const bool slash = dir_length > 0 && dir[dir_length - 1] != '/';
        snprintf(path, size, "%.*s%s%s%s", (int)dir_length, dir, slash ? "/" : "", name,
                 ending[i]);
        struct stat info;
        if (stat(path, &info) == 0) {
            return path;
        }
    }
    if (path != NULL) {
        const size_t length = strlen(path) - 3; /* without the .gz */
        dlc_text_add(tried, "%s%.*s", tried->length > 0 ? ", " : "", (int)length, path);
    }
    free(path);
    return NULL;
}

char *dlc_find(const Places *places, const char *name, Fault *fault)
{
    char buffer[2000];
    Text tried = dlc_text(buffer, sizeof buffer);
    char *found = NULL;
    fault->message[0] = '\0';
    if (name[0] == '/') {
        found = try_in("", 0, name, &tried, fault);
    } else {
        const char *variable = getenv("DLC_DATA");
        const char *slash = strrchr(places->source, '/');
        if (places->data_dir != NULL) {
            found =
                try_in(places->data_dir, strlen(places->data_dir), name, &tried, fault);
        }
        if (found == NULL && variable != NULL && variable[0] != '\0') {
            found = try_in(variable, strlen(variable), name, &tried, fault);
        }
        if (found == NULL) {
            found = try_in("", 0, name, &tried, fault);
        }
        if (found == NULL && slash != NULL) {
            const size_t length = (size_t)(slash - places->source);
            found =
                try_in(places->source, length == 0 ? 1 : length, name, &tried, fault);
        }
    }
    if (found == NULL && fault->message[0] == '\0') {
        dlc_fault(fault, "data file %s not found; tried %s (each also with .gz)", name,
                  buffer);
        dlc_fault_help(fault, "say where it is: --data DIR or DLC_DATA=DIR");
    }
    return found;
}

char *dlc_find_in(const char *folder, const char *name, Fault *fault)
{
    char buffer[2000];
    Text tried = dlc_text(buffer, sizeof buffer);
    fault->message[0] = '\0';
    return try_in(folder, strlen(folder), name, &tried, fault);
}
