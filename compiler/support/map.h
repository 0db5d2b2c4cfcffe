/* map.h - from strings to pointers. Iteration is in order of insertion, so nothing that
 * dlc prints depends on hash values. Keys are kept by pointer, not copied. */
#ifndef DLC_SUPPORT_MAP_H
#define DLC_SUPPORT_MAP_H

#include "support/arena.h"

#include <stdbool.h>

typedef struct Map Map;

Map *map_new(Arena *a);
void *map_find(const Map *m, const char *key); /* NULL: absent */
bool map_has(const Map *m, const char *key);
void map_put(Map *m, const char *key, void *value); /* replaces, keeping the order */
int map_count(const Map *m);
const char *map_key(const Map *m, int i);
void *map_value(const Map *m, int i);

#endif
