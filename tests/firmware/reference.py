"""reference.py WEIGHTS IMAGES - int8 inference of programs/layers.dl, computed again.

Shares no code with the compiler: it reads trained weights and the histograms' ranges from
the safetensors file, quantizes them by TensorFlow Lite's 8-bit specification, and computes
with Python's integers what the reference kernels of TensorFlow Lite for Microcontrollers
define. Prints the outputs of every image, one line each: the six probabilities and the
four numbers of the net's second output as the bits of their f32.
"""
import json
import math
import struct
import sys

LOW32, HIGH32 = -(1 << 31), (1 << 31) - 1


# ---- fixed point: gemmlowp ---------------------------------------------------------------

def trunc_div(a, b):
    q = abs(a) // abs(b)
    return q if (a >= 0) == (b >= 0) else -q


def high_mul(a, b):
    """SaturatingRoundingDoublingHighMul."""
    if a == LOW32 and b == LOW32:
        return HIGH32
    ab = a * b
    return trunc_div(ab + ((1 << 30) if ab >= 0 else 1 - (1 << 30)), 1 << 31)


def round_shift(x, n):
    """RoundingDivideByPOT."""
    rest, half = x & ((1 << n) - 1), ((1 << n) - 1) >> 1
    return (x >> n) + (1 if rest > half + (1 if x < 0 else 0) else 0)


def saturate(x):
    return max(LOW32, min(HIGH32, x))


def multiply(x, multiplier, shift):
    """MultiplyByQuantizedMultiplier, double rounding."""
    return round_shift(high_mul(x << max(shift, 0), multiplier), max(-shift, 0))


def multiplier_of(real):
    """QuantizeMultiplier."""
    if real == 0:
        return 0, 0
    fraction, shift = math.frexp(real)
    m = round_away(fraction * (1 << 31))
    if m == 1 << 31:
        m, shift = m // 2, shift + 1
    return (0, 0) if shift < -31 else (m, shift)


def mean_multiplier(real, n):
    """That of a scale, divided by n elements: QuantizedMeanOrSum."""
    m, shift = multiplier_of(real)
    by = min(n.bit_length() - 1, 32, 31 + shift)
    return (m << by) // n, shift - by


def exp_on_negative(a):
    """exp_on_negative_values, Q5.26 to Q0.31."""
    quarter = 1 << 24
    if a == 0:
        return HIGH32
    part = (a & (quarter - 1)) - quarter
    x = saturate(part << 5) + (1 << 28)
    x2 = high_mul(x, x)
    x3 = high_mul(x2, x)
    x4 = high_mul(x2, x2)
    inner = round_shift(high_mul(round_shift(x4, 2) + x3, 715827883) + x2, 1)
    y = 1895147668 + high_mul(1895147668, x + inner)
    rest = part - a
    for bit, factor in enumerate((1672461947, 1302514674, 790015084, 290630308, 39332535,
                                  720401, 242)):
        if rest >> (24 + bit) & 1:
            y = high_mul(y, factor)
    return y


def one_over_one_plus(a):
    """one_over_one_plus_x_for_x_in_0_1, Q0.31."""
    total = a + HIGH32
    half = trunc_div(total + (1 if total >= 0 else -1), 2)
    x = 1515870810 + high_mul(half, -1010580540)
    for _ in range(3):
        x += saturate(high_mul(x, (1 << 29) - high_mul(half, x)) << 2)
    return saturate(x << 1)


# ---- quantization -----------------------------------------------------------------------

def round_away(x):
    return int(math.floor(abs(x) + 0.5)) * (1 if x >= 0 else -1)


def clamp8(x):
    return max(-128, min(127, x))


class Quant:
    def __init__(self, low, high):
        low, high = min(low, 0.0), max(high, 0.0)
        self.scale = (high - low) / 255 if high > low else 1.0
        self.zero = clamp8(round_away(-128 - low / self.scale)) if high > low else 0

    def of(self, real):
        return clamp8(round_away(real / self.scale) + self.zero)

    def real(self, q):
        return self.scale * (q - self.zero)


class Model:
    def __init__(self, path):
        data = open(path, "rb").read()
        size = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:8 + size])
        self.meta = header.pop("__metadata__")
        self.tensor = {}
        self.net = next(k for k in self.meta if k.startswith("calibration/")).split("/")[1]
        for name, t in header.items():
            begin, end = (8 + size + o for o in t["data_offsets"])
            values = struct.unpack("<%df" % ((end - begin) // 4), data[begin:end])
            self.tensor[name.split("/", 1)[1]] = (t["shape"], values)

    def range(self, path):
        low, high = self.meta["calibration/%s/%s" % (self.net, path)].split()[:2]
        return Quant(float(low), float(high))

    def affine(self, layer, x, y):
        """Weights by [tap][input][output], bias, multipliers of a layer."""
        shape, w = self.tensor[layer + "/w"]
        bias = self.tensor[layer + "/b"][1]
        n = shape[-1] if shape[-1] > 1 or len(shape) == 2 else shape[-2]
        scale = [max(abs(v) for v in w[c::n]) / 127 for c in range(n)]
        q = [max(-127, min(127, round_away(v / scale[i % n]))) for i, v in enumerate(w)]
        b = [round_away(v / (x.scale * s)) for v, s in zip(bias, scale)]
        m = [multiplier_of(x.scale * s / y.scale) for s in scale]
        return shape, q, b, m


def requantize(acc, m, y, low=-128, high=127):
    return max(low, min(high, multiply(acc, *m) + y.zero))


# ---- layers: images are lists of rows of pixels of channels ---------------------------------

def same(n, k, s):
    out = -(-n // s)
    return out, max((out - 1) * s + k - n, 0) // 2


def conv(model, layer, image, x, y, stride, depthwise, low, high):
    (kh, kw, ci, co), w, bias, m = model.affine(layer, x, y)
    h, wd, c = len(image), len(image[0]), len(image[0][0])
    (oh, top), (ow, left) = same(h, kh, stride), same(wd, kw, stride)
    n = c if depthwise else co
    out = []
    for i in range(oh):
        row = []
        for j in range(ow):
            acc = list(bias)
            for a in range(kh):
                for b in range(kw):
                    r, s = i * stride + a - top, j * stride + b - left
                    if not (0 <= r < h and 0 <= s < wd):
                        continue
                    for f in range(n):
                        if depthwise:
                            acc[f] += (image[r][s][f] - x.zero) * w[(a * kw + b) * n + f]
                        else:
                            for k in range(ci):
                                acc[f] += ((image[r][s][k] - x.zero) *
                                           w[((a * kw + b) * ci + k) * n + f])
            row.append([requantize(v, m[f], y, low, high) for f, v in enumerate(acc)])
        out.append(row)
    return out


def depthwise_floats(model, layer, image):
    """A depthwise convolution of stride 1 that stayed in floats, with its bias."""
    (kh, kw, c, _), w = model.tensor[layer + "/w"]
    bias = model.tensor[layer + "/b"][1]
    h, wd = len(image), len(image[0])
    return [[[bias[f] + sum(image[i + a][j + b][f] * w[((a + kh // 2) * kw + b + kw // 2) * c + f]
                            for a in range(-(kh // 2), kh // 2 + 1)
                            for b in range(-(kw // 2), kw // 2 + 1)
                            if 0 <= i + a < h and 0 <= j + b < wd)
              for f in range(c)] for j in range(wd)] for i in range(h)]


def dense(model, layer, vector, x, y):
    (_, n), w, bias, m = model.affine(layer, x, y)
    acc = [b + sum((v - x.zero) * w[k * n + f] for k, v in enumerate(vector))
           for f, b in enumerate(bias)]
    return [requantize(v, m[f], y) for f, v in enumerate(acc)]


def pixels(f, *images):
    return [[[f(*p) for p in zip(*q)] for q in zip(*r)] for r in zip(*images)]


def add(a, qa, b, qb, y, low, sign=1):
    twice = 2 * max(qa.scale, qb.scale)
    ma, mb = multiplier_of(qa.scale / twice), multiplier_of(qb.scale / twice)
    my = multiplier_of(twice / ((1 << 20) * y.scale))
    return pixels(lambda p, q: requantize(
        multiply((p - qa.zero) << 20, *ma) + sign * multiply((q - qb.zero) << 20, *mb), my, y,
        low), a, b)


def multiply_images(a, qa, b, qb, y):
    m = multiplier_of(qa.scale * qb.scale / y.scale)
    return pixels(lambda p, q: requantize((p - qa.zero) * (q - qb.zero), m, y), a, b)


def function(f, x, y):
    return [y.of(f(x.real(q - 128))) for q in range(256)]


def softmax(vector, x):
    multiplier, shift = multiplier_of(min(x.scale * (1 << 26), HIGH32))
    least = -math.floor(31 * (1 << 26) / (1 << shift))
    top = max(vector)
    e = [exp_on_negative(multiply(v - top, multiplier, shift)) if v - top >= least else None
         for v in vector]
    total = sum(round_shift(v, 12) for v in e if v is not None)
    zeros = 32 - total.bit_length()
    scale = one_over_one_plus((total << zeros) - (1 << 31))
    return [-128 if v is None else clamp8(round_shift(high_mul(scale, v), 35 - zeros) - 128)
            for v in e]


# ---- the network ------------------------------------------------------------------------

def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def infer(model, pixel):
    byte = Quant(0, 1)
    qa, qb, qc = model.range("relu1/max"), model.range("relu61/min"), model.range("conv2/add")
    qd, qs, qe = (model.range(p) for p in ("relu2/max", "sigmoid1/logistic1/sigmoid", "mul"))
    qf, qg = model.range("concat"), model.range("global_avgpool1/mul")
    q1, q2, qt = model.range("dense1/add"), model.range("dense2/add"), model.range("tanh")
    image = [[[pixel[(i * 10 + j) * 3 + c] - 128 for c in range(3)] for j in range(10)]
             for i in range(11)]
    a = conv(model, "conv1", image, byte, qa, 2, False, qa.of(0), 127)
    b = conv(model, "depthwise1", a, qa, qb, 1, True, qb.of(0), qb.of(6))
    c = conv(model, "conv2", b, qb, qc, 1, False, -128, 127)
    d = add(a, qa, c, qc, qd, qd.of(0))
    gate = function(lambda v: 1 / (1 + math.exp(-v)), qc, qs)
    e = multiply_images(d, qd, pixels(lambda v: gate[v + 128], c), qs, qe)
    qs = model.range("sub")
    e = add(e, qe, c, qc, qs, -128, -1)
    from_e, from_d = function(lambda v: v, qs, qf), function(lambda v: v, qd, qf)
    if (qd.scale, qd.zero) == (qf.scale, qf.zero):
        from_d = list(range(-128, 128))
    f = [[[from_e[v + 128] for v in p] + [from_d[v + 128] for v in q]
          for p, q in zip(r, s)] for r, s in zip(e, d)]
    f = [[[max(f[2 * i + a][2 * j + b][c] for a in (0, 1) for b in (0, 1))
           for c in range(16)] for j in range(2)] for i in range(3)]
    mg = mean_multiplier(qf.scale / qg.scale, 6)
    mean = [requantize(sum(f[i][j][c] - qf.zero for i in range(3) for j in range(2)), mg, qg)
            for c in range(16)]
    probs = softmax(dense(model, "dense1", mean, qg, q1), q1)
    side = dense(model, "dense2", [v for r in f for p in r for v in p], qf, q2)
    bend = function(math.tanh, q2, qt)
    return ([f32((q + 128) / 256) for q in probs] +
            [f32((bend[q + 128] - qt.zero) * f32(qt.scale)) for q in side])


def main():
    model = Model(sys.argv[1])
    data = open(sys.argv[2], "rb").read()
    data = data[10 + struct.unpack("<H", data[8:10])[0]:]
    for at in range(0, len(data), 330):
        y = infer(model, data[at:at + 330])
        print(" ".join("%08x" % struct.unpack("<I", struct.pack("<f", v)) for v in y))


if __name__ == "__main__":
    main()
