/* generate.c - which generator takes a node, see kernels.h. */
#include "kernels/generators.h"

static bool int8_generate(Lowering *w, const Node *n, const Target *t)
{
    if (t->int8 == INT8_LOOPS)
        return false;
    bool done = t->int8 == INT8_DSP ? int8_conv_generate(w, n, NULL)
                                    : int8_bytes_generate(w, n, t, NULL);
    if (!done && t->int8 == INT8_MVE && n->op == &op_conv2d)
        done = int8_depthwise_vectors_generate(w, n);
    return done || (n->op == &op_conv2d && int8_depthwise_generate(w, n, t));
}

bool kernel_generate_variant(Lowering *w, const Node *n, const Target *t,
                             const KernelVariant *v)
{
    switch (v->form) {
    case VARIANT_DSP_RING:
    case VARIANT_DSP_GATHER:
        return int8_conv_generate(w, n, v);
    case VARIANT_BYTES:
    case VARIANT_VECTORS:
        return int8_bytes_generate(w, n, t, v);
    case VARIANT_CHANNELS:
        return int8_depthwise_generate(w, n, t);
    case VARIANT_CHANNEL_VECTORS:
        return int8_depthwise_vectors_generate(w, n);
    default:
        return false;
    }
}

bool kernel_generate(Lowering *w, const Node *n, const Target *t)
{
    if (n->op->code == OP_random)
        return random_generate(w, n);
    bool int8 = n->in[0]->dtype == DTYPE_I8 ||
                (n->in[0]->dtype == DTYPE_U8 && t->int8 == INT8_DSP);
    if (int8 && (n->op == &op_conv2d || n->op == &op_dot))
        return int8_generate(w, n, t);
    if (n->dtype != DTYPE_F32 || n->n_in != 2)
        return false;
    for (int i = 0; i < 2; i++)
        if (n->in[i]->dtype != DTYPE_F32 || !lower_buffer(w, n->in[i]))
            return false;
    switch (n->op->code) {
    case OP_dot:
        return dot_generate(w, n, t);
    case OP_conv2d:
        return conv2d_generate(w, n, t);
    case OP_conv2d_input:
        return conv2d_input_generate(w, n, t);
    case OP_conv2d_filter:
        return conv2d_filter_generate(w, n, t);
    default:
        return false;
    }
}
