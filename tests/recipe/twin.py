"""twin.py - an independent computation of a training recipe: f64, gradients by central
differences, so that it shares nothing with the compiler's derivatives."""

import json
import math
import struct


def load(path):
    """The tensors of a safetensors file, as flat lists."""
    with open(path, "rb") as f:
        raw = f.read()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + size])
    out = {}
    for name, t in header.items():
        if name != "__metadata__":
            begin, end = (8 + size + x for x in t["data_offsets"])
            out[name] = list(struct.unpack("<%df" % ((end - begin) // 4), raw[begin:end]))
    return out


def gradient(loss, params, names, h=1e-5):
    """d loss(params) / d params[name], for each name, elementwise."""
    out = {}
    for name in names:
        g = []
        for i, x in enumerate(params[name]):
            moved = []
            for s in (h, -h):
                p = {k: list(v) for k, v in params.items()}
                p[name][i] = x + s
                moved.append(loss(p))
            g.append((moved[0] - moved[1]) / (2 * h))
        out[name] = g
    return out


def clip_norm(g, limit):
    norm = math.sqrt(sum(x * x for v in g.values() for x in v))
    scale = limit / max(norm, limit)
    return {k: [x * scale for x in v] for k, v in g.items()}


def clip_value(g, limit):
    return {k: [min(max(x, -limit), limit) for x in v] for k, v in g.items()}


class Sgd:
    def __init__(self, momentum=0.0):
        self.momentum, self.v, self.steps = momentum, {}, 0

    def step(self, params, g, lr):
        self.steps += 1
        for k in g:
            v = self.v.setdefault(k, [0.0] * len(g[k]))
            for i in range(len(v)):
                v[i] = self.momentum * v[i] + g[k][i]
                params[k][i] -= lr * v[i]


class Adam:
    """Kingma and Ba 2015; with decay, Loshchilov and Hutter 2019 except for `spared`."""

    def __init__(self, eps=1e-7, decay=0.0, spared=()):
        self.eps, self.decay, self.spared = eps, decay, spared
        self.m, self.v, self.steps = {}, {}, 0

    def step(self, params, g, lr):
        self.steps += 1
        for k in g:
            m = self.m.setdefault(k, [0.0] * len(g[k]))
            v = self.v.setdefault(k, [0.0] * len(g[k]))
            for i, x in enumerate(g[k]):
                m[i] = 0.9 * m[i] + 0.1 * x
                v[i] = 0.999 * v[i] + 0.001 * x * x
                d = m[i] / (1 - 0.9**self.steps)
                d /= math.sqrt(v[i] / (1 - 0.999**self.steps)) + self.eps
                if self.decay and k not in self.spared:
                    d += self.decay * params[k][i]
                params[k][i] -= lr * d


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def times(x, w, columns):
    """x [n] @ w [n, columns], w flat."""
    return [sum(x[i] * w[i * columns + j] for i in range(len(x))) for j in range(columns)]
