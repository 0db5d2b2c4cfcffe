/* random.c - uniform numbers, four words of one Philox block at a time.
 *
 * The element rule of op random computes a block for each of its words; here the last
 * axis is a multiple of four, so a block is four neighbours and is computed once. */
#include "kernels/generators.h"

enum { WORDS = 4, KEY = 0, ITERATION, SAMPLE };

/* The elements of block at[0 .. rank-2], block of the last axis. */
static void emit_block(Lowering *w, const Node *n, Expr **at, Expr *block)
{
    Kernel *k = w->kernel;
    int rank = n->shape.rank, lead = attr_int(n, "batch") > 0;
    Expr *sample = expr_u32(k, 0xffffffff), *number = expr_i32(k, 0), *word[WORDS];
    if (attr_int(n, "batched") != 0)
        sample = lower_value(w, n->in[SAMPLE], NULL);
    if (lead)
        sample = expr_add(k, sample, expr_cast(k, at[0], DTYPE_U32));
    for (int i = lead; i < rank; i++) {
        int64_t extent = i < rank - 1 ? n->shape.dim[i] : n->shape.dim[i] / WORDS;
        number = expr_mul(k, number, expr_i32(k, extent));
        number = expr_add(k, number, i < rank - 1 ? at[i] : block);
    }
    Expr *first = expr_i32(k, 0), *second = expr_i32(k, 1);
    math_philox_block(k,
                      (Expr *[]){ number, sample,
                                  lower_value(w, n->in[ITERATION], NULL),
                                  expr_u32(k, (uint32_t)attr_int(n, "stream")) },
                      (Expr *[]){ lower_value(w, n->in[KEY], &first),
                                  lower_value(w, n->in[KEY], &second) },
                      word);
    for (int i = 0; i < WORDS; i++) {
        Expr *high = expr_binary(k, BIN_SHR, word[i], expr_u32(k, 8));
        at[rank - 1] =
            expr_add(k, expr_mul(k, block, expr_i32(k, WORDS)), expr_i32(k, i));
        lower_finish(
            w, n, at, NULL, 1,
            expr_mul(k, expr_cast(k, high, DTYPE_F32), expr_f32(k, 1 / 16777216.0)));
    }
}

bool random_generate(Lowering *w, const Node *n)
{
    Kernel *k = w->kernel;
    int rank = n->shape.rank, lead = attr_int(n, "batch") > 0;
    if (rank <= lead || n->shape.dim[rank - 1] % WORDS != 0)
        return false;
    Expr *at[SHAPE_MAX_RANK];
    for (int i = 0; i < rank - 1; i++)
        at[i] = i == 0 ? loop_begin_sliced(k, "s", n->shape.dim[0])
                       : loop_begin(k, "i", n->shape.dim[i]);
    int64_t blocks = n->shape.dim[rank - 1] / WORDS;
    emit_block(w, n, at,
               rank == 1 ? loop_begin_sliced(k, "s", blocks)
                         : loop_begin(k, "b", blocks));
    for (int i = 0; i < rank; i++)
        loop_end(k);
    return true;
}
