/* file.c - see file.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "driver/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT_BYTES = 1 << 30 };

static char *read_all(Arena *a, int fd, size_t *length, const char **why)
{
    size_t used = 0, capacity = 1 << 16;
    char *text = arena_alloc(a, capacity);
    for (;;) {
        if (used + 1 >= capacity) {
            text = arena_grow(a, text, used, 2 * capacity);
            capacity *= 2;
        }
        ssize_t n = read(fd, text + used, capacity - used - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            *why = str_copy(a, strerror(errno), strlen(strerror(errno)));
            return NULL;
        }
        if (n == 0)
            break;
        used += (size_t)n;
        if (used > FILE_LIMIT_BYTES) {
            *why = "larger than 1 GiB";
            return NULL;
        }
    }
    text[used] = '\0';
    *length = used;
    return text;
}

char *file_read(Arena *a, const char *path, size_t *length, const char **why)
{
    if (str_equal(path, "-"))
        return read_all(a, STDIN_FILENO, length, why);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0) {
        *why = str_copy(a, strerror(errno), strlen(strerror(errno)));
        return NULL;
    }
    char *text = NULL;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
        *why = "it is a folder";
    else
        text = read_all(a, fd, length, why);
    close(fd);
    return text;
}

bool file_exists(const char *path)
{
    return access(path, R_OK) == 0;
}

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *file_folder(Arena *a, const char *path)
{
    return str_copy(a, path, (size_t)(file_name(path) - path));
}

const char *file_identity(Arena *a, const char *path)
{
    char real[PATH_MAX];
    return realpath(path, real) != NULL ? str_copy(a, real, strlen(real)) : path;
}

const char *file_join(Arena *a, const char *folder, const char *path)
{
    if (path[0] == '/' || folder[0] == '\0')
        return path;
    bool slash = str_ends(folder, "/");
    return str_printf(a, "%s%s%s", folder, slash ? "" : "/", path);
}

/* ---- writing --------------------------------------------------------------------- */

void file_set_add(FileSet *set, const char *path, const Out *text)
{
    vec_push(set->arena, &set->path, path);
    vec_push(set->arena, &set->text, text);
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        length -= (size_t)n;
    }
    return true;
}

static const char *temporary_of(Arena *a, const char *path)
{
    return str_printf(a, "%s%s.%ld.tmp", file_folder(a, path), file_name(path),
                      (long)getpid());
}

static bool write_temporary(Arena *a, const char *path, const char *text, size_t length,
                            mode_t mode, DiagSink *sink)
{
    const char *temporary = temporary_of(a, path);
    Span none = { 0 };
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return diag_error(sink, none, DIAG_FILE, "cannot write `%s`: %s", path,
                          strerror(errno));
    bool good = write_all(fd, text, length);
    int error = errno;
    if (close(fd) != 0 && good) {
        good = false;
        error = errno;
    }
    if (good)
        return true;
    unlink(temporary);
    return diag_error(sink, none, DIAG_FILE, "cannot write `%s`: %s", path,
                      strerror(error));
}

static bool rename_temporary(Arena *a, const char *path, DiagSink *sink)
{
    const char *temporary = temporary_of(a, path);
    if (rename(temporary, path) == 0)
        return true;
    int error = errno;
    unlink(temporary);
    return diag_error(sink, (Span){ 0 }, DIAG_FILE, "cannot write `%s`: %s", path,
                      strerror(error));
}

/* A folder, a device: renaming a file over it is never what was meant. */
static bool may_replace(const char *path, DiagSink *sink)
{
    struct stat info;
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode))
        return true;
    return diag_error(sink, (Span){ 0 }, DIAG_FILE,
                      "cannot write `%s`: it is not a plain file", path);
}

bool file_set_write(const FileSet *set, DiagSink *sink)
{
    int written = 0;
    bool good = true;
    for (int i = 0; i < set->path.n && good; i++)
        good = may_replace(set->path.at[i], sink);
    for (; written < set->path.n && good; written += good) {
        const Out *text = set->text.at[written];
        good = write_temporary(set->arena, set->path.at[written],
                               text->text ? text->text : "", text->length, 0666, sink);
    }
    for (int i = 0; i < written; i++) {
        if (good)
            good = rename_temporary(set->arena, set->path.at[i], sink);
        else
            unlink(temporary_of(set->arena, set->path.at[i]));
    }
    return good;
}

bool file_install(Arena *a, const char *from, const char *to, DiagSink *sink)
{
    size_t length = 0;
    const char *why = NULL;
    const char *bytes = file_read(a, from, &length, &why);
    if (bytes == NULL)
        return diag_error(sink, (Span){ 0 }, DIAG_FILE, "cannot read `%s`: %s", from,
                          why);
    return may_replace(to, sink) && write_temporary(a, to, bytes, length, 0777, sink) &&
           rename_temporary(a, to, sink);
}

bool file_same(const char *a, const char *b)
{
    struct stat first, second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}
