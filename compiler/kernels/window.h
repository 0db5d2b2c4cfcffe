/* window.h - convolution as a sum over a window of taps, for the forward pass and for
 * the gradient of its input alike:
 *
 *   y[i, oy(p), ox(q), g * width + j] += source[i, sy(p, ty), sx(q, tx), g * depth + c]
 *                                        * filter(ty, tx, g, c, j)
 *
 * over taps ty, tx and channels c. In NHWC the channels of neighbouring taps are one
 * run of memory, so a row of pixels is a matrix product whose rows overlap: the
 * micro-kernel of tile.h without packing or im2col. Pixels are the rows of a tile,
 * channels of the result its columns. Pixels at the border leave out, at compile time,
 * the taps that fall outside. */
#ifndef DLC_KERNELS_WINDOW_H
#define DLC_KERNELS_WINDOW_H

#include "kernels/tile.h"

enum { WINDOW_MAX_PHASES = 16 };

/* One spatial axis: position p of the result (0 .. extent-1) lies at index
 * out_begin + p * out_step and reads source index p * stride + tap_begin + t * tap_step
 * for taps t = 0 .. taps-1, of which filter index filter_begin + t * filter_step. */
typedef struct Axis {
    int64_t extent, out_begin, out_step;
    int64_t source, stride;
    int64_t taps, tap_begin, tap_step;
    int64_t filter_begin, filter_step;
} Axis;

bool axis_has(const Axis *a, int64_t position, int64_t tap); /* inside the source */
bool axis_is_clean(const Axis *a, int64_t from, int64_t to); /* every tap is inside */

/* [.., h, w, c] as [n, h, w, c], and back: the leading indices of image i of a node. */
Shape images_of(const Shape *s);
void image_indices(Kernel *k, const Shape *s, Expr *image, Expr **at);

/* Pixels from .. from + size - 1 of an axis; `at` is the first. */
typedef struct Stretch {
    int64_t size;
    Expr *at;
    bool clean;   /* no tap falls outside */
    int64_t from; /* known at compile time, unless clean or running */
    bool running; /* one row, its taps clipped by loop bounds */
} Stretch;

typedef enum WindowSlice { /* what the slices are */
                           SLICE_NOTHING,
                           SLICE_IMAGES,
                           SLICE_STRIPS,
                           SLICE_GROUPS,
                           SLICE_ROWS
} WindowSlice;

typedef struct Window {
    /* set by the caller */
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Target *t;
    const Buffer *source, *filter;
    int64_t images, groups, depth, width, channels; /* channels of the source */
    bool depthwise; /* depth 1, column j reads channel j; groups is 1 */
    /* the filter's element (fy, fx, g, c, j) is at
     * (fy * filter_width + fx) * tap + g * group + c * term + j * column */
    int64_t filter_width, tap, group, term, column;
    int n_y, n_x; /* phases of each axis: pixels that see the same taps (stride) */
    Axis phase_y[WINDOW_MAX_PHASES], phase_x[WINDOW_MAX_PHASES];
    /* plan */
    Split strips;
    int vectors;
    bool use_panels;
    bool fill_once; /* all panels before the slices, else each slice its own */
    const Buffer *local, *stage;
    WindowSlice slice;
    /* where the loops stand */
    Axis y, x;
    bool filling;          /* the loops fill panels */
    int64_t panels_before; /* elements of the panels of earlier phases */
    Split blocks_y, blocks_x;
    int64_t n_images, n_rows;
    Expr *first_image, *first_row, *image, *g, *first_column;
    const Strip *strip;
    Panel panel;
    Stretch row, pixel;
    int tile_images;
    Tile tile;
    int64_t offset[TILE_MAX_ROWS];
} Window;

/* Builds the nest. */
void window_generate(Window *v);

/* The sum of one tile at v->image, v->row, v->pixel, and its delivery (window_tile.c).
 */
void window_tile(Window *v);

#endif
