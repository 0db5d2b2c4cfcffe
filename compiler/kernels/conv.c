/* conv.c - convolution and the gradient of its input as windows (window.h).
 *
 * Forward: y[n, oy, ox, f] sums x at oy * stride + ky * dilation - pad. Gradient of x:
 * dx[n, iy, ix, c] sums dy where oy * stride + ky * dilation - pad = iy; pixels iy that
 * agree modulo the stride see the same taps, so each residue (phase) is a convolution
 * of stride 1 with every taps-th filter row, in reverse order (Dumoulin and Visin 2016,
 * "A guide to convolution arithmetic for deep learning", section 4). */
#include "kernels/generators.h"
#include "kernels/window.h"

typedef struct Conv {
    int64_t stride, pad, dilation;
} Conv;

static Conv conv_y(const Node *n)
{
    return (Conv){ attr_int(n, "stride_h"), attr_int(n, "pad_top"),
                   attr_int(n, "dilation_h") };
}

static Conv conv_x(const Node *n)
{
    return (Conv){ attr_int(n, "stride_w"), attr_int(n, "pad_left"),
                   attr_int(n, "dilation_w") };
}

/* filter: [kh, kw, channels / groups, features] */
static void window_init(Window *v, Lowering *w, const Node *n, const Target *t,
                        const Shape *filter, int64_t groups)
{
    Shape source = images_of(&n->in[0]->shape);
    v->w = w;
    v->k = w->kernel;
    v->n = n;
    v->t = t;
    v->source = lower_buffer(w, n->in[0]);
    v->filter = lower_buffer(w, n->in[1]);
    v->images = source.dim[0];
    v->channels = source.dim[3];
    v->groups = groups;
    v->filter_width = filter->dim[1];
    v->tap = filter->dim[2] * filter->dim[3];
    v->group = filter->dim[3] / groups;
    v->depthwise = groups > 1 && filter->dim[2] == 1 && v->group == 1;
    if (v->depthwise) {
        v->groups = 1;
        v->depth = v->column = v->term = 1;
        v->width = v->channels;
    }
}

static Axis forward_axis(Conv c, int64_t source, int64_t taps, int64_t out)
{
    return (Axis){ .extent = out,
                   .out_step = 1,
                   .source = source,
                   .stride = c.stride,
                   .taps = taps,
                   .tap_begin = -c.pad,
                   .tap_step = c.dilation,
                   .filter_step = 1 };
}

bool conv2d_generate(Lowering *w, const Node *n, const Target *t)
{
    const Shape *k = &n->in[1]->shape;
    Shape x = images_of(&n->in[0]->shape), y = images_of(&n->shape);
    Window *v = arena_new(w->kernel->arena, Window);
    window_init(v, w, n, t, k, attr_int(n, "groups"));
    if (!v->depthwise) {
        v->depth = k->dim[2];
        v->width = v->group;
        v->term = k->dim[3];
        v->column = 1;
    }
    v->n_y = v->n_x = 1;
    v->phase_y[0] = forward_axis(conv_y(n), x.dim[1], k->dim[0], y.dim[1]);
    v->phase_x[0] = forward_axis(conv_x(n), x.dim[2], k->dim[1], y.dim[2]);
    window_generate(v);
    return true;
}

/* Phases of the gradient: pixels phase, phase + stride, .. of `extent`. */
static int input_axes(Conv c, int64_t source, int64_t taps, int64_t extent, Axis *axis)
{
    int n = 0;
    for (int64_t phase = 0; phase < c.stride && phase < extent; phase++) {
        Axis *a = &axis[n++];
        *a = (Axis){ .extent = (extent - phase + c.stride - 1) / c.stride,
                     .out_begin = phase,
                     .out_step = c.stride,
                     .source = source,
                     .stride = 1,
                     .tap_step = 1 };
        int64_t before = -1; /* the tap found before, from the last to the first */
        for (int64_t tap = taps - 1; tap >= 0; tap--) {
            int64_t at = phase + c.pad - tap * c.dilation;
            if (at % c.stride != 0)
                continue;
            if (a->taps == 0) {
                a->tap_begin = at / c.stride;
                a->filter_begin = tap;
            } else if (a->taps == 1) {
                a->filter_step = tap - before;
                a->tap_step = (before - tap) * c.dilation / c.stride;
            }
            before = tap;
            a->taps++;
        }
    }
    return n;
}

bool conv2d_input_generate(Lowering *w, const Node *n, const Target *t)
{
    const Shape *k = &n->in[1]->shape;
    Shape dy = images_of(&n->in[0]->shape), x = images_of(&n->shape);
    Conv cy = conv_y(n), cx = conv_x(n);
    if (cy.stride * cx.stride > WINDOW_MAX_PHASES)
        return false;
    Window *v = arena_new(w->kernel->arena, Window);
    window_init(v, w, n, t, k, attr_int(n, "groups"));
    if (!v->depthwise) {
        v->depth = v->group;
        v->width = k->dim[2];
        v->term = 1;
        v->column = k->dim[3];
    }
    v->n_y = input_axes(cy, dy.dim[1], k->dim[0], x.dim[1], v->phase_y);
    v->n_x = input_axes(cx, dy.dim[2], k->dim[1], x.dim[2], v->phase_x);
    window_generate(v);
    return true;
}
