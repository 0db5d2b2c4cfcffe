/* variants.c - see variants.h. */
#include "kernels/variants.h"

#include "graph/op.h"
#include "support/bug.h"
#include "support/str.h"

static const KernelVariant table[] = {
#define VARIANT(name, form, pixels, features, about)                                   \
    { #name, VARIANT_##form, pixels, features, about },
#include "kernels/int8/variants.def"
#undef VARIANT
};

int kernel_variant_count(void)
{
    return ARRAY_LEN(table);
}

const KernelVariant *kernel_variant_at(int i)
{
    return &table[i];
}

const KernelVariant *kernel_variant_find(const char *name)
{
    for (int i = 0; i < ARRAY_LEN(table); i++)
        if (str_equal(table[i].name, name))
            return &table[i];
    return NULL;
}

bool kernel_variant_suits(const KernelVariant *v, const Node *n, const Target *t)
{
    bool bytes = n->in[0]->dtype == DTYPE_I8;
    bool conv = n->op == &op_conv2d, grouped = conv && attr_int(n, "groups") > 1;
    if (t->int8 == INT8_LOOPS || (!conv && n->op != &op_dot) ||
        (!bytes && n->in[0]->dtype != DTYPE_U8))
        return false;
    switch (v->form) {
    case VARIANT_DSP_RING:
    case VARIANT_DSP_GATHER:
        return !grouped && (t->int8 == INT8_DSP || (bytes && t->int8 == INT8_MVE));
    case VARIANT_BYTES:
        return !grouped && bytes;
    case VARIANT_VECTORS:
        return !grouped && bytes && t->int8 == INT8_MVE;
    case VARIANT_CHANNELS:
        return grouped && bytes;
    case VARIANT_CHANNEL_VECTORS:
        return grouped && bytes && t->int8 == INT8_MVE;
    default:
        return true;
    }
}
