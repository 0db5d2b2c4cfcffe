/* vec.h - growing arrays in an arena.
 *
 *     typedef VEC(Node *) NodeVec;
 *     NodeVec v = { 0 };
 *     vec_push(arena, &v, node);
 *     for (int i = 0; i < v.n; i++) use(v.at[i]);
 *
 * Growth leaves the old array in the arena; pointers into it stay readable. */
#ifndef DLC_SUPPORT_VEC_H
#define DLC_SUPPORT_VEC_H

#include "support/arena.h"

#define VEC(Type)                                                                      \
    struct {                                                                           \
        Type *at;                                                                      \
        int n, capacity;                                                               \
    }

#ifdef DLC_HOSTILE
#define VEC_NEXT_CAPACITY(c)                                                           \
    ((c) < 64 ? (c) + 1 : (c)*2) /* old arrays stay: not forever */
#else
#define VEC_NEXT_CAPACITY(c) ((c) < 8 ? 8 : (c)*2)
#endif

#define vec_push(arena, v, value)                                                      \
    do {                                                                               \
        if ((v)->n == (v)->capacity) {                                                 \
            int vec_new_ = VEC_NEXT_CAPACITY((v)->capacity);                           \
            (v)->at = arena_grow((arena), (v)->at, (size_t)(v)->n * sizeof *(v)->at,   \
                                 (size_t)vec_new_ * sizeof *(v)->at);                  \
            (v)->capacity = vec_new_;                                                  \
        }                                                                              \
        (v)->at[(v)->n++] = (value);                                                   \
    } while (0)

#define vec_pop(v)  ((v)->at[--(v)->n])
#define vec_last(v) ((v)->at[(v)->n - 1])

#endif
