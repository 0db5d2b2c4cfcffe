/* names.h - C identifiers for the names of a program. */
#ifndef DLC_EMIT_NAMES_H
#define DLC_EMIT_NAMES_H

#include "support/arena.h"
#include "support/map.h"

/* "lenet/conv2/w" -> "lenet_conv2_w"; a word of C or C++ gets a final underscore. */
const char *name_flat(Arena *a, const char *path);
const char *name_upper(Arena *a, const char *name); /* "MNIST_CNN" */

/* `wish`, or wish_2, wish_3 ... when `taken` has it; the result is put into `taken`. */
const char *name_unique(Arena *a, Map *taken, const char *wish);

/* Text for a comment: line ends, and what would end the comment, are defused. */
const char *name_comment(Arena *a, const char *text);

#endif
