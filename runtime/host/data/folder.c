/* folder.c - folders of files, one sample a file. */
#include "host/data/folder.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

struct Files {
    const FileKind *kind;
    const dlc_field *field; /* that the files fill */
    const dlc_source *source;
    char **path;
    int64_t count, room;
};

void dlc_files_free(Files *files)
{
    for (int64_t i = 0; files != NULL && i < files->count; i++) {
        free(files->path[i]);
    }
    if (files != NULL) {
        free(files->path);
    }
    free(files);
}

bool dlc_files_decode(const Files *files, int64_t sample, void *to, Fault *fault)
{
    return files->kind->decode(files->path[sample], files->field, files->source, to,
                               fault);
}

bool dlc_has_ending(const char *name, const char *const *endings)
{
    const size_t length = strlen(name);
    for (; *endings != NULL; endings++) {
        const size_t n = strlen(*endings);
        if (length > n && strcasecmp(name + length - n, *endings) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- listing --------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static bool push(char ***list, int64_t *count, int64_t *room, char *path, Fault *fault)
{
    if (path == NULL) {
        return false;
    }
    if (*count == *room) {
        const int64_t more = *room == 0 ? 64 : 2 * *room;
        char **larger = realloc(*list, (size_t)more * sizeof(char *));
        if (larger == NULL) {
            free(path);
            return dlc_fault(fault, "out of memory for the names of files");
        }
        *list = larger;
        *room = more;
    }
    (*list)[(*count)++] = path;
    return true;
}

static char *path_join(const char *folder, const char *name, Fault *fault)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = dlc_new(size, 1, folder, fault);
    if (path != NULL) {
        snprintf(path, size, "%s/%s", folder, name);
    }
    return path;
}

/* Appends what a folder holds, sorted: its folders, or its files of a kind (NULL). */
static bool list_folder(const char *folder, const char *const *endings, char ***list,
                        int64_t *count, int64_t *room, Fault *fault)
{
    DIR *dir = opendir(folder);
    const int64_t first = *count;
    if (dir == NULL) {
        return dlc_fault(fault, "%s: cannot be opened as a folder: %s", folder,
                         strerror(errno));
    }
    bool done = true;
    errno = 0;
    for (struct dirent *e = readdir(dir); done && e != NULL; e = readdir(dir)) {
        struct stat info;
        if (e->d_name[0] == '.' ||
            (endings != NULL && !dlc_has_ending(e->d_name, endings))) {
            continue;
        }
        char *path = path_join(folder, e->d_name, fault);
        const bool wanted =
            path != NULL && stat(path, &info) == 0 &&
            (endings == NULL ? S_ISDIR(info.st_mode) : S_ISREG(info.st_mode));
        if (path == NULL || wanted) {
            done = push(list, count, room, path, fault);
        } else {
            free(path);
        }
        errno = 0;
    }
    if (done && errno != 0) {
        done = dlc_fault(fault, "%s: cannot be read: %s", folder, strerror(errno));
    }
    closedir(dir);
    if (done && *count > first) {
        qsort(*list + first, (size_t)(*count - first), sizeof(char *), by_name);
    }
    return done;
}

static bool list_files(Files *files, const char *folder, Fault *fault)
{
    const int64_t first = files->count;
    if (!list_folder(folder, files->kind->endings, &files->path, &files->count,
                     &files->room, fault)) {
        return false;
    }
    return files->count > first ||
           dlc_fault(fault, "%s: holds no %s", folder, files->kind->words);
}

static bool too_few_classes(const char *folder, char **class, int64_t n, int64_t bound,
                            Fault *fault)
{
    char names[400];
    Text text = dlc_text(names, sizeof names);
    for (int64_t i = 0; i < n && i < 20; i++) {
        const char *slash = strrchr(class[i], '/');
        dlc_text_add(&text, "%s%.40s", i > 0 ? ", " : "", slash + 1);
    }
    return dlc_fault(fault, "%s: holds %lld folders, expected %lld, one a class%s%s",
                     folder, (long long)n, (long long)bound, n > 0 ? ": " : "", names);
}

/* Every class with its files; its number goes to field 1. */
static bool list_classes(Table *table, Files *files, const char *folder, Fault *fault)
{
    char **class = NULL;
    int64_t n = 0, room = 0;
    const dlc_type *type = &table->field[1].type;
    bool done = list_folder(folder, NULL, &class, &n, &room, fault);
    int64_t *end = done ? dlc_new((size_t)n, sizeof *end, folder, fault) : NULL;
    if (done && n != type->bound) {
        done = too_few_classes(folder, class, n, type->bound, fault);
    }
    done = done && end != NULL;
    for (int64_t i = 0; done && i < n; i++) {
        done = list_files(files, class[i], fault);
        end[i] = files->count;
    }
    done = done && dlc_table_reserve(table, 1, files->count, fault);
    for (int64_t i = 0, at = 0; done && i < n; i++) {
        char why[DLC_TYPE_SIZE];
        for (; at < end[i]; at++) {
            dlc_value_store(table->column[1] + (size_t)at * table->stride[1], type,
                            (double)i, why);
        }
    }
    for (int64_t i = 0; i < n; i++) {
        free(class[i]);
    }
    free(class);
    free(end);
    return done;
}

/* ---- decoding -------------------------------------------------------------------- */

typedef struct Work {
    const Files *files;
    unsigned char *to; /* NULL: each thread has room for one */
    size_t bytes;      /* of a sample */
    atomic_int_fast64_t next;
    pthread_mutex_t lock;
    int64_t failed; /* the first file in order that cannot be decoded; count: none */
    Fault *fault;
} Work;

static void *work_run(void *argument)
{
    Work *w = argument;
    Fault fault = { .message = "" };
    unsigned char *own =
        w->to == NULL ? dlc_new(1, w->bytes, "a sample", &fault) : NULL;
    for (;;) {
        const int64_t i = atomic_fetch_add(&w->next, 1);
        if (i >= w->files->count) {
            break;
        }
        unsigned char *to = w->to != NULL ? w->to + (size_t)i * w->bytes : own;
        if (to == NULL || !dlc_files_decode(w->files, i, to, &fault)) {
            pthread_mutex_lock(&w->lock);
            if (i < w->failed) { /* the same message for any number of threads */
                w->failed = i;
                *w->fault = fault;
            }
            pthread_mutex_unlock(&w->lock);
            break;
        }
    }
    free(own);
    return NULL;
}

/* All files, by every processor. */
static bool decode_all(const Files *files, unsigned char *to, Fault *fault)
{
    enum { MOST = 64 };
    pthread_t thread[MOST];
    Work w = { .files = files,
               .to = to,
               .bytes = dlc_type_bytes(&files->field->type),
               .lock = PTHREAD_MUTEX_INITIALIZER,
               .failed = files->count,
               .fault = fault };
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int n = processors > MOST ? MOST : (int)processors, started = 0;
    while (started < n - 1 && started < files->count - 1 &&
           pthread_create(&thread[started], NULL, work_run, &w) == 0) {
        started++;
    }
    work_run(&w);
    for (int i = 0; i < started; i++) {
        pthread_join(thread[i], NULL);
    }
    return w.failed == files->count;
}

static bool fits_memory(int64_t count, size_t bytes)
{
    const double pages = (double)sysconf(_SC_PHYS_PAGES);
    const double page = (double)sysconf(_SC_PAGESIZE);
    return (double)count * (double)bytes <= pages * page / 2;
}

bool dlc_folder_read(Table *table, const char *path, const dlc_source *source,
                     const FileKind *kind, Fault *fault)
{
    Files *files = dlc_new(1, sizeof *files, path, fault);
    if (files == NULL) {
        return false;
    }
    *files = (Files){ .kind = kind, .field = &table->field[0], .source = source };
    table->files = files;
    const bool listed = table->n_fields == 2 ? list_classes(table, files, path, fault)
                                             : list_files(files, path, fault);
    if (!listed) {
        return false;
    }
    table->count = files->count;
    if (source->cache == DLC_CACHE_NO ||
        (source->cache == DLC_CACHE_AUTO &&
         !fits_memory(table->count, table->stride[0]))) {
        table->slot = dlc_new(1, table->stride[0], path, fault);
        return table->slot != NULL && decode_all(files, NULL, fault);
    }
    if (!dlc_table_reserve(table, 0, table->count, fault) ||
        !decode_all(files, table->column[0], fault)) {
        return false;
    }
    dlc_files_free(files);
    table->files = NULL;
    return true;
}
