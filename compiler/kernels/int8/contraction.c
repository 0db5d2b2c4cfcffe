/* contraction.c - see contraction.h. */
#include "kernels/int8/contraction.h"

bool contraction_geometry(const Node *n, ConvGeometry *g)
{
    const Shape *x = &n->in[0]->shape, *w = &n->in[1]->shape;
    if (n->op == &op_conv2d) {
        *g = conv_geometry(n);
        return g->groups == 1 && n->shape.rank <= 4;
    }
    int64_t rows = shape_count(&n->shape) / n->shape.dim[n->shape.rank - 1];
    int64_t c = x->dim[x->rank - 1], f = w->dim[w->rank - 1];
    *g = (ConvGeometry){ .n = 1,
                         .h = 1,
                         .w = rows,
                         .c = c,
                         .oh = 1,
                         .ow = rows,
                         .f = f,
                         .kh = 1,
                         .kw = 1,
                         .cg = c,
                         .sh = 1,
                         .sw = 1,
                         .dh = 1,
                         .dw = 1,
                         .groups = 1 };
    return n->shape.rank == 2 && attr_int(n, "transpose_a") == 0 &&
           attr_int(n, "transpose_b") == 0;
}

bool contraction_is_pointwise(const ConvGeometry *g)
{
    bool reaches = (g->oh - 1) * g->sh < g->h && (g->ow - 1) * g->sw < g->w;
    return g->kh == 1 && g->kw == 1 && g->top == 0 && g->left == 0 && reaches;
}

bool contraction_flatten(ConvGeometry *g)
{
    if (!contraction_is_pointwise(g) || g->sh != 1 || g->sw != 1)
        return false;
    g->ow = g->w = g->n * g->oh * g->ow;
    g->n = g->h = g->oh = 1;
    return true;
}

void contraction_deliver(Lowering *w, const Node *n, const Node *of,
                         ContractionPlace at, Expr *p, Expr *f, int lanes, Expr *value)
{
    Kernel *k = w->kernel;
    Var *lane = lanes > 1 ? lower_lane(w, lanes) : NULL;
    Expr *to[SHAPE_MAX_RANK];
    int rank = of->shape.rank;
    for (int i = 0; i < rank; i++)
        to[i] = expr_i32(k, 0);
    if (n->op == &op_conv2d) {
        if (rank > 3)
            to[rank - 4] = at.image;
        to[rank - 3] = at.row;
    }
    /* flattened pixels run over an axis that has some: that of columns may be one */
    int axis = rank - 2;
    while (at.is_flat && axis > 0 && of->shape.dim[axis] == 1)
        axis--;
    to[axis] = p;
    to[rank - 1] = lane != NULL ? expr_add(k, f, expr_var(k, lane)) : f;
    lower_finish(w, of, to, lane, lanes, value);
}
