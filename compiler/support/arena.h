/* arena.h - memory with a lifetime.
 *
 * The compiler has three arenas, made by the driver and named for lifetime: `run`
 * (sources, symbols, options, diagnostics), `module` (graphs and loop programs) and
 * `scratch` (work of one pass, reset after it).
 *
 * Ownership: pointers never outlive their arena; an object may point to its own or a
 * longer-lived arena, never to a shorter one. malloc and free exist only in arena.c. */
#ifndef DLC_SUPPORT_ARENA_H
#define DLC_SUPPORT_ARENA_H

#include <stddef.h>

typedef struct Arena Arena;

typedef struct ArenaMark {
    void *chunk;
    size_t used;
} ArenaMark;

Arena *arena_create(const char *name); /* exits 3 when memory is out */
void arena_destroy(Arena *a);

/* Zeroed, aligned to 16 bytes, never NULL (out of memory: message, exit 3). */
void *arena_alloc(Arena *a, size_t bytes);
void *arena_alloc_array(Arena *a, size_t count, size_t size); /* checks overflow */
void *arena_grow(Arena *a, void *old, size_t old_bytes, size_t new_bytes); /* copies */

ArenaMark arena_mark(const Arena *a);
void arena_rewind(Arena *a, ArenaMark mark); /* frees what came after; debug poisons */
size_t arena_used_bytes(const Arena *a);

#define arena_new(a, Type) ((Type *)arena_alloc((a), sizeof(Type)))
#define arena_array(a, Type, count)                                                    \
    ((Type *)arena_alloc_array((a), (size_t)(count), sizeof(Type)))

#endif
