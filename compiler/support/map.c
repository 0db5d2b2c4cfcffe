/* map.c - open addressing over an array of entries in order of insertion. */
#include "support/map.h"

#include "support/hash.h"
#include "support/vec.h"

#include <string.h>

typedef struct Entry {
    const char *key;
    void *value;
    uint64_t hash;
} Entry;

struct Map {
    Arena *arena;
    VEC(Entry) entry;
    int *slot; /* index of an entry + 1; 0: free */
    int n_slots;
};

Map *map_new(Arena *a)
{
    Map *m = arena_new(a, Map);
    m->arena = a;
    return m;
}

static uint64_t key_hash(const char *key)
{
#ifdef DLC_HOSTILE
    return strlen(key) % 3; /* collide on purpose */
#else
    return hash_bytes(HASH_START, key, strlen(key));
#endif
}

static Entry *lookup(const Map *m, const char *key, uint64_t hash)
{
    if (m->n_slots == 0)
        return NULL;
    for (int s = (int)(hash % (uint64_t)m->n_slots); m->slot[s] != 0;
         s = (s + 1) % m->n_slots) {
        Entry *e = &m->entry.at[m->slot[s] - 1];
        if (e->hash == hash && strcmp(e->key, key) == 0)
            return e;
    }
    return NULL;
}

static void place(Map *m, int index)
{
    int s = (int)(m->entry.at[index].hash % (uint64_t)m->n_slots);
    while (m->slot[s] != 0)
        s = (s + 1) % m->n_slots;
    m->slot[s] = index + 1;
}

void *map_find(const Map *m, const char *key)
{
    Entry *e = lookup(m, key, key_hash(key));
    return e ? e->value : NULL;
}

bool map_has(const Map *m, const char *key)
{
    return lookup(m, key, key_hash(key)) != NULL;
}

void map_put(Map *m, const char *key, void *value)
{
    uint64_t hash = key_hash(key);
    Entry *e = lookup(m, key, hash);
    if (e != NULL) {
        e->value = value;
        return;
    }
    Entry fresh = { .key = key, .value = value, .hash = hash };
    vec_push(m->arena, &m->entry, fresh);
    if (2 * m->entry.n >= m->n_slots) {
        m->n_slots = m->n_slots == 0 ? 16 : 2 * m->n_slots;
        m->slot = arena_array(m->arena, int, m->n_slots);
        for (int i = 0; i < m->entry.n; i++)
            place(m, i);
    } else {
        place(m, m->entry.n - 1);
    }
}

int map_count(const Map *m)
{
    return m->entry.n;
}

const char *map_key(const Map *m, int i)
{
    return m->entry.at[i].key;
}

void *map_value(const Map *m, int i)
{
    return m->entry.at[i].value;
}
