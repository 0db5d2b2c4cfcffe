/* panel.c - see panel.h. A transposed copy goes vector by vector: its stores follow
 * each other, its loads follow as many streams as the vector has lanes. */
#include "kernels/panel.h"

#include "support/bug.h"

static Expr *plus(Kernel *k, Expr *a, Expr *b, int64_t factor)
{
    return expr_add(k, a, expr_mul(k, b, expr_i32(k, factor)));
}

/* Where column c of term t begins. */
static Expr *column_at(Kernel *k, const Panel *panel, const Column *c, Expr *t)
{
    Expr *at = expr_add(k, panel->at, expr_i32(k, c->at * panel->terms));
    return plus(k, at, t, c->lanes);
}

static int64_t real_lanes(const Strip *s, const Column *c)
{
    return c->at + c->lanes <= s->width ? c->lanes : s->width - c->at;
}

static void zero_padding(Kernel *k, const Panel *panel, const Strip *s, const Column *c,
                         Expr *t)
{
    if (real_lanes(s, c) < c->lanes)
        kernel_store(k, panel->buffer, column_at(k, panel, c, t),
                     expr_splat(k, expr_f32(k, 0.0), c->lanes));
}

static const Column *column_of(const Strip *s, int64_t element)
{
    for (int j = 0; j < s->n; j++)
        if (element < s->column[j].at + s->column[j].lanes)
            return &s->column[j];
    BUG("element %lld is outside its strip", (long long)element);
}

/* Rows of b as they are, in the pieces the strip is delivered in. */
static void copy_term(Kernel *k, const Panel *panel, const Strip *s, Expr *t,
                      const Buffer *b, Expr *from)
{
    for (int j = 0; j < s->n; j++)
        zero_padding(k, panel, s, &s->column[j], t);
    for (int j = 0; j < s->n_out; j++) {
        const Column *piece = &s->out[j], *c = column_of(s, piece->at);
        Expr *to =
            expr_add(k, column_at(k, panel, c, t), expr_i32(k, piece->at - c->at));
        Expr *at = expr_add(k, from, expr_i32(k, piece->at));
        kernel_store(k, panel->buffer, to, expr_load(k, b, at, piece->lanes));
    }
}

void panel_fill(Kernel *k, const Panel *panel, const Strip *strip, Expr *first,
                int64_t count, const Buffer *b, Expr *from, int64_t stride,
                int64_t column_stride)
{
    if (column_stride == 1) {
        Expr *t = loop_begin(k, "t", count);
        copy_term(k, panel, strip, expr_add(k, first, t), b, plus(k, from, t, stride));
        loop_end(k);
        return;
    }
    for (int j = 0; j < strip->n; j++) {
        const Column *c = &strip->column[j];
        Expr *t = loop_begin(k, "t", count), *term = expr_add(k, first, t);
        Expr *to = column_at(k, panel, c, term), *source = plus(k, from, t, stride);
        zero_padding(k, panel, strip, c, term);
        for (int64_t l = 0; l < real_lanes(strip, c); l++) {
            Expr *at = expr_add(k, source, expr_i32(k, (c->at + l) * column_stride));
            kernel_store(k, panel->buffer, expr_add(k, to, expr_i32(k, l)),
                         expr_load(k, b, at, 1));
        }
        loop_end(k);
    }
}
