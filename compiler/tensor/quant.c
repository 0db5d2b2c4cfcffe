/* quant.c - see quant.h. */
#include "tensor/quant.h"

#include "support/bug.h"

#include <math.h>

Quant quant_of_range(double low, double high)
{
    low = low < 0 ? low : 0;
    high = high > 0 ? high : 0;
    if (low >= high)
        return (Quant){ 1, 0 };
    double scale = (high - low) / 255;
    double zero = round(-128 - low / scale);
    zero = zero < -128 ? -128 : zero > 127 ? 127 : zero;
    return (Quant){ scale, (int32_t)zero };
}

static double bin_edge(const Histogram *h, int i)
{
    return h->low + (h->high - h->low) * i / h->bins;
}

static Quant without_tails(const Histogram *h, double tail)
{
    int64_t total = 0, below = 0, above = 0;
    int first = 0, last = h->bins;
    for (int i = 0; i < h->bins; i++)
        total += h->count[i];
    double allowed = tail * (double)total;
    while (first < h->bins && (double)(below + h->count[first]) <= allowed)
        below += h->count[first++];
    while (last > first && (double)(above + h->count[last - 1]) <= allowed)
        above += h->count[--last];
    return quant_of_range(bin_edge(h, first), bin_edge(h, last));
}

/* Of values at the middles of their bins. */
static double squared_error(const Histogram *h, Quant q)
{
    double sum = 0;
    for (int i = 0; i < h->bins; i++) {
        double x = 0.5 * (bin_edge(h, i) + bin_edge(h, i + 1));
        double d = x - q.scale * (quant_value(q, x) - q.zero);
        double inside = q.scale * q.scale / 12; /* of uniform values within a step */
        sum += (double)h->count[i] * fmax(d * d, inside);
    }
    return sum;
}

/* One end pulled in, in 100 steps, then the other. */
static Quant least_error(const Histogram *h)
{
    Quant best = quant_of_range(h->low, h->high);
    double end[2] = { h->low, h->high }, least = squared_error(h, best);
    for (int e = 1; e >= 0; e--) {
        double from = end[e], at = from;
        for (int i = 99; i > 0; i--) {
            end[e] = from * i / 100;
            Quant q = quant_of_range(end[0], end[1]);
            double error = squared_error(h, q);
            if (error < least) {
                least = error;
                best = q;
                at = end[e];
            }
        }
        end[e] = at;
    }
    return best;
}

Quant quant_of_histogram(const Histogram *h, QuantMethod method, double tail)
{
    switch (h->bins > 1 ? method
                        : QUANT_MINMAX) { /* one bin: a range that was learned */
    case QUANT_PERCENTILE:
        return without_tails(h, tail);
    case QUANT_MSE:
        return least_error(h);
    case QUANT_MINMAX:
        break;
    }
    return quant_of_range(h->low, h->high);
}

int32_t quant_value(Quant q, double real)
{
    double v = round(real / q.scale) + q.zero;
    return (int32_t)(v < -128 ? -128 : v > 127 ? 127 : v);
}

void quant_multiplier(double real, int32_t *multiplier, int32_t *shift)
{
    int exponent = 0;
    double fraction = frexp(real, &exponent);
    if (!(real >= 0) || exponent > 30)
        BUG("no multiplier for %g", real);
    int64_t m = (int64_t)round(fraction * 2147483648.0);
    if (m == INT64_C(2147483648)) {
        m /= 2;
        exponent++;
    }
    if (exponent < -31) {
        m = 0;
        exponent = 0;
    }
    *multiplier = (int32_t)m;
    *shift = exponent;
}

void quant_weight_scales(const Tensor *w, double *scale)
{
    int64_t count = shape_count(&w->shape), n = w->shape.dim[w->shape.rank - 1];
    for (int64_t i = 0; i < n; i++)
        scale[i] = 0;
    for (int64_t i = 0; i < count; i++)
        scale[i % n] = fmax(scale[i % n], fabs(w->at[i]) / 127);
}

Tensor *quant_weights(Arena *a, const Tensor *w, const double *scale)
{
    int64_t count = shape_count(&w->shape), n = w->shape.dim[w->shape.rank - 1];
    Tensor *q = tensor_new(a, DTYPE_I8, w->shape);
    for (int64_t i = 0; i < count; i++) {
        double v = scale[i % n] > 0 ? round(w->at[i] / scale[i % n]) : 0;
        q->at[i] = v < -127 ? -127 : v > 127 ? 127 : v;
    }
    return q;
}
