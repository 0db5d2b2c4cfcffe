/* lanes.c - see lanes.h. */
#include "kernels/int8/lanes.h"

int64_t lane_words(const LaneOrder *o)
{
    return (o->taps + 1) / 2;
}

bool lanes_fit(const Tensor *weights, const Tensor *bias, int64_t zero)
{
    const int64_t limit = INT64_C(1) << 23;
    int64_t features = weights->shape.dim[weights->shape.rank - 1];
    for (int64_t f = 1; f < features; f += 2) { /* the upper one of each pair */
        SumRange r = sum_range(weights, f, zero);
        int64_t b = tail_element(bias, f);
        if (r.low + b <= -limit || r.high + b >= limit)
            return false;
    }
    return true;
}

typedef struct Weights {
    const Tensor *weights;
    const LaneOrder *order;
    int64_t features;
} Weights;

static int32_t weight_at(const Weights *s, int64_t part, int64_t tap, int64_t f)
{
    if (tap >= s->order->taps || f >= s->features)
        return 0;
    int64_t at = part * s->order->taps + tap;
    return (int32_t)s->weights->at[at * s->features + f];
}

/* Features a and a + 1, taps t and t + 1 of a part. */
static double paired_word(const Weights *s, int64_t part, int64_t tap, int64_t a)
{
    uint32_t word = 0;
    for (int64_t h = 0; h < 2; h++) {
        int32_t lane =
            256 * weight_at(s, part, tap + h, a + 1) + weight_at(s, part, tap + h, a);
        word |= ((uint32_t)lane & 0xffffu) << (16 * h);
    }
    return (double)(int32_t)word;
}

Tensor *lanes_pack(Arena *a, const Tensor *weights, const LaneOrder *o)
{
    Weights s = { weights, o, weights->shape.dim[weights->shape.rank - 1] };
    int64_t pairs = (s.features + 1) / 2, words = lane_words(o), at = 0;
    Tensor *t = tensor_new(a, DTYPE_I32, shape_1(pairs * words * o->parts));
    for (int64_t f = 0; f < s.features; f += o->block)
        for (int64_t part = 0; part < o->parts; part++)
            for (int64_t k = 0; k < words; k++)
                for (int64_t p = f; p < f + o->block && p < s.features; p += 2)
                    t->at[at++] = paired_word(&s, part, 2 * k, p);
    return t;
}
