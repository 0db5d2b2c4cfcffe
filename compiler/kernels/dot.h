/* dot.h - what the two forms of a matrix product share, see dot.c. */
#ifndef DLC_KERNELS_DOT_H
#define DLC_KERNELS_DOT_H

#include "kernels/tile.h"

typedef struct Dot {
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Target *t;
    /* y[l.., i, j] = sum_t a[a_at + i * a_row + t * a_depth]
     *                    * b[b_at + t * b_depth + j * b_column] */
    const Buffer *a, *b;
    int64_t rows, columns, depth;
    int64_t a_row, a_depth, b_depth, b_column;
    bool a_lead, b_lead; /* the operand has the leading axes */
    int lead;            /* leading axes that are looped over */
    bool rows_lead;      /* m = 1: the rows are the last leading axis */
    /* plan */
    Split strips;
    bool use_panels;             /* of every strip; padded ones have panels anyway */
    const Buffer *local, *stage; /* panel, and rows of padded tiles; or NULL */
    /* where the loops stand */
    Expr *at[SHAPE_MAX_RANK], *a_at, *b_at;
    Expr *first_row, *row, *column;
    int64_t block_rows;
    const Strip *strip;
    Panel panel;
} Dot;

/* Leading indices of a row of the current tile (a TilePlace). */
void dot_place(void *context, Expr *const *row, Expr **at);

/* The form that reads both operands along k. */
void dot_lanes(Dot *d, bool sliced);

#endif
