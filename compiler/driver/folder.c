/* folder.c - folders of this machine: made whole under a temporary name, removed. */
#define _POSIX_C_SOURCE 200809L
#include "driver/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *file_make_folder(Arena *a, DiagSink *sink)
{
    const char *base = getenv("TMPDIR");
    if (base == NULL || base[0] == '\0')
        base = "/tmp";
    char *name = str_printf(a, "%s/dlc.XXXXXX", base);
    if (mkdtemp(name) != NULL)
        return name;
    diag_error(sink, (Span){ 0 }, DIAG_FILE, "cannot make a folder in `%s`: %s", base,
               strerror(errno));
    return NULL;
}

/* What is not a folder is unlinked first; folders in it are removed alike. */
static void remove_inside(int fd)
{
    DIR *d = fdopendir(fd);
    if (d == NULL) {
        close(fd);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (str_equal(e->d_name, ".") || str_equal(e->d_name, "..") ||
            unlinkat(dirfd(d), e->d_name, 0) == 0)
            continue;
        int inner = openat(dirfd(d), e->d_name,
                           O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner >= 0)
            remove_inside(inner);
        unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
    }
    closedir(d);
}

void file_remove_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0)
        remove_inside(fd);
    rmdir(folder);
}

bool folder_is_free(const char *folder, DiagSink *sink)
{
    struct stat info;
    if (lstat(folder, &info) != 0 && errno == ENOENT)
        return true;
    Diag *d = diag_begin(sink, DIAG_FILE, (Span){ 0 }, "cannot write `%s`: it exists",
                         folder);
    diag_help(d, "remove it, or choose another name");
    return diag_end(d);
}

static bool make_parents(Arena *a, const char *path, size_t behind)
{
    for (const char *c = path + behind; (c = strchr(c, '/')) != NULL; c++) {
        const char *parent = str_copy(a, path, (size_t)(c - path));
        if (mkdir(parent, 0777) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool write_inside(const FileSet *set, const char *folder, DiagSink *sink)
{
    FileSet inside = { .arena = set->arena };
    for (int i = 0; i < set->path.n; i++) {
        const char *path = str_printf(set->arena, "%s/%s", folder, set->path.at[i]);
        if (!make_parents(set->arena, path, strlen(folder) + 1))
            return diag_error(sink, (Span){ 0 }, DIAG_FILE, "cannot write `%s`: %s",
                              path, strerror(errno));
        file_set_add(&inside, path, set->text.at[i]);
    }
    return file_set_write(&inside, sink);
}

bool folder_write(const FileSet *set, const char *folder, DiagSink *sink)
{
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/')
        n--;
    const char *to = str_copy(set->arena, folder, n);
    const char *temporary = str_printf(set->arena, "%s.%ld.tmp", to, (long)getpid());
    if (mkdir(temporary, 0777) != 0)
        return diag_error(sink, (Span){ 0 }, DIAG_FILE, "cannot write `%s`: %s", to,
                          strerror(errno));
    bool good = write_inside(set, temporary, sink);
    if (good && rename(temporary, to) != 0)
        good = diag_error(sink, (Span){ 0 }, DIAG_FILE, "cannot write `%s`: %s", to,
                          strerror(errno));
    if (!good)
        file_remove_folder(temporary);
    return good;
}
