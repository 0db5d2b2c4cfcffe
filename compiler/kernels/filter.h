/* filter.h - the gradient of a convolution's filter; what the loops (filter.c) and the
 * tile (filter_tile.c) share.
 *
 *   dk[ky, kx, c, f] = sum over images, oy, ox of
 *                      x[n, sy(oy, ky), sx(ox, kx), g, c] * dy[n, oy, ox, g, f]
 *
 * Elements (ky, kx, c) are the rows of a tile, f its columns; the sum runs over all
 * pixels of all images with the tile in registers. */
#ifndef DLC_KERNELS_FILTER_H
#define DLC_KERNELS_FILTER_H

#include "kernels/window.h"

typedef struct FilterRow {
    int64_t ky, kx, c;
} FilterRow;

typedef struct Filter {
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Target *t;
    const Buffer *x, *dy;
    int64_t images, groups, depth, width, channels, features;
    bool depthwise;
    Axis y_axis, x_axis; /* of the forward pass: positions are pixels of dy */
    /* plan */
    Split strips, runs; /* runs of channels: with their strip they fill `sums` */
    bool listed;        /* rows are any (ky, kx, c), known at compile time */
    bool one_ky;        /* all rows of a tile have the same ky, which is a loop */
    int64_t images_at_once;
    Split rows_at_once; /* of dy, when a single image is too large */
    const Buffer *sums; /* tiles between groups of images, or NULL */
    const Buffer *stage;
    int64_t sums_rows, sums_columns;
    /* where the loops stand */
    Expr *g, *ky, *kx, *first_channel, *first_column;
    int64_t fixed_kx;             /* when the row of dy is clipped, kx is known */
    Expr *sums_row, *sums_column; /* of the tile, within a tap of `sums` */
    const Strip *strip;
    Expr *run_channel; /* first of the slice's run */
    int64_t run_rows;
    Expr *first_image;
    int64_t n_images;
    Expr *first_row;
    int64_t n_rows;
    FilterRow row[TILE_MAX_ROWS];
    int64_t offset[TILE_MAX_ROWS];
    Tile tile;
} Filter;

/* Is kx a loop though pixels at the ends of a row have fewer taps? */
bool filter_clips_kx(const Filter *f);

/* A tile of `rows` rows. Channels first_channel .. of tap (ky, kx), or the list f->row.
 */
typedef enum FilterPart { FILTER_ALL, FILTER_IMAGES, FILTER_DELIVER } FilterPart;
void filter_tile(Filter *f, int rows, FilterPart part);

#endif
