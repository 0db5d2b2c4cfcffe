/* arena.c - chunked bump allocation. The only file that calls malloc and free. */
#include "support/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef DLC_HOSTILE
enum { CHUNK_BYTES = 4096 };
#else
enum { CHUNK_BYTES = 1 << 18 };
#endif
enum { ALIGN = 16 };

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *older;
    size_t used, size;
    union { /* the payload starts aligned */
        long double align_float;
        void *align_pointer;
        unsigned char at[ALIGN];
    } data;
};

struct Arena {
    const char *name;
    Chunk *newest;
    size_t total_bytes;
};

static void *checked_malloc(size_t bytes)
{
    void *p = malloc(bytes);
    if (p == NULL) {
        fprintf(stderr, "dlc: error: out of memory (%zu bytes asked for)\n", bytes);
        exit(3);
    }
    return p;
}

Arena *arena_create(const char *name)
{
    Arena *a = checked_malloc(sizeof *a);
    *a = (Arena){ .name = name };
    return a;
}

static void free_newest(Arena *a)
{
    Chunk *older = a->newest->older;
    free(a->newest);
    a->newest = older;
}

void arena_destroy(Arena *a)
{
    while (a->newest != NULL)
        free_newest(a);
    free(a);
}

static void add_chunk(Arena *a, size_t bytes)
{
    size_t size = bytes > CHUNK_BYTES ? bytes : (size_t)CHUNK_BYTES;
    Chunk *c = checked_malloc(offsetof(Chunk, data) + size);
    c->older = a->newest;
    c->used = 0;
    c->size = size;
    a->newest = c;
}

void *arena_alloc(Arena *a, size_t bytes)
{
    size_t rounded = (bytes + (ALIGN - 1)) & ~(size_t)(ALIGN - 1);
    if (rounded < bytes) {
        fprintf(stderr, "dlc: error: out of memory (%zu bytes asked for)\n", bytes);
        exit(3);
    }
    if (a->newest == NULL || a->newest->size - a->newest->used < rounded)
        add_chunk(a, rounded);
    void *p = a->newest->data.at + a->newest->used;
    a->newest->used += rounded;
    a->total_bytes += rounded;
    memset(p, 0, rounded);
    return p;
}

void *arena_alloc_array(Arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size) {
        fprintf(stderr, "dlc: error: out of memory (%zu x %zu bytes asked for)\n",
                count, size);
        exit(3);
    }
    return arena_alloc(a, count * size);
}

void *arena_grow(Arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
    void *p = arena_alloc(a, new_bytes);
    if (old_bytes != 0)
        memcpy(p, old, old_bytes);
    return p;
}

ArenaMark arena_mark(const Arena *a)
{
    return (ArenaMark){ .chunk = a->newest, .used = a->newest ? a->newest->used : 0 };
}

void arena_rewind(Arena *a, ArenaMark mark)
{
    while (a->newest != NULL && a->newest != mark.chunk)
        free_newest(a);
    if (a->newest == NULL)
        return;
#ifdef DLC_DEBUG
    memset(a->newest->data.at + mark.used, 0xdd, a->newest->used - mark.used);
#endif
    a->newest->used = mark.used;
}

size_t arena_used_bytes(const Arena *a)
{
    return a->total_bytes;
}
