/* panel.c - see panel.h. A transposed copy goes in blocks of 16 columns: their stores fall
 * in one cache line, their loads follow 16 streams. */
#include "kernels/panel.h"

enum { BLOCK = 16 };

static Expr *plus(Kernel *k, Expr *a, Expr *b, int64_t factor)
{
    return expr_add(k, a, expr_mul(k, b, expr_i32(k, factor)));
}

static void zero_padding(Kernel *k, const Buffer *panel, Expr *row, const Strip *strip)
{
    const Column *last = &strip->column[strip->n - 1];
    Expr *zero = expr_splat(k, expr_f32(k, 0.0), last->lanes);
    kernel_store(k, panel, expr_add(k, row, expr_i32(k, last->at)), zero);
}

static void copy_rows(Kernel *k, const Buffer *panel, Expr *to, const Strip *strip,
                      int64_t terms, const Buffer *b, Expr *from, int64_t stride)
{
    Expr *t = loop_begin(k, "t", terms);
    Expr *row = plus(k, to, t, strip->padded), *source = plus(k, from, t, stride);
    if (strip->padded != strip->width)
        zero_padding(k, panel, row, strip);
    for (int j = 0; j < strip->n_out; j++) {
        const Column *c = &strip->out[j];
        Expr *offset = expr_i32(k, c->at);
        kernel_store(k, panel, expr_add(k, row, offset),
                     expr_load(k, b, expr_add(k, source, offset), c->lanes));
    }
    loop_end(k);
}

static void transpose_block(Kernel *k, const Buffer *panel, Expr *to, int64_t padded,
                            int64_t columns, int64_t terms, const Buffer *b, Expr *from,
                            int64_t stride, int64_t column_stride)
{
    Expr *t = loop_begin(k, "t", terms);
    Expr *row = plus(k, to, t, padded), *source = plus(k, from, t, stride);
    for (int64_t j = 0; j < columns; j++)
        kernel_store(k, panel, expr_add(k, row, expr_i32(k, j)),
                     expr_load(k, b,
                               expr_add(k, source, expr_i32(k, j * column_stride)), 1));
    loop_end(k);
}

void panel_fill(Kernel *k, const Buffer *panel, Expr *to, const Strip *strip,
                int64_t terms, const Buffer *b, Expr *from, int64_t stride,
                int64_t column_stride)
{
    if (column_stride == 1) {
        copy_rows(k, panel, to, strip, terms, b, from, stride);
        return;
    }
    if (strip->padded != strip->width) {
        Expr *t = loop_begin(k, "t", terms);
        zero_padding(k, panel, plus(k, to, t, strip->padded), strip);
        loop_end(k);
    }
    int64_t whole = strip->width / BLOCK, rest = strip->width % BLOCK;
    if (whole > 0) {
        Expr *block = loop_begin(k, "j", whole);
        transpose_block(k, panel, plus(k, to, block, BLOCK), strip->padded, BLOCK, terms,
                        b, plus(k, from, block, BLOCK * column_stride), stride,
                        column_stride);
        loop_end(k);
    }
    if (rest > 0)
        transpose_block(k, panel, expr_add(k, to, expr_i32(k, whole * BLOCK)),
                        strip->padded, rest, terms, b,
                        expr_add(k, from, expr_i32(k, whole * BLOCK * column_stride)),
                        stride, column_stride);
}
