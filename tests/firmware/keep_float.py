"""keep_float.py WEIGHTS IMAGES GOT - programs/keep_float.dl computed again, `mid` and `side`
in floats, the rest by reference.py; GOT has the outputs of the emitted C.

What was a float is rounded to int8 behind `mid`: where it lies on a tie, f32 and the f64
here may part. So an image in twenty may be off by steps; all others agree to 1e-5."""
import math
import struct
import sys

from reference import (Model, Quant, conv, dense, depthwise_floats, mean_multiplier,
                       requantize, softmax)


def infer(model, pixel):
    byte, qa, qc = Quant(0, 1), model.range("relu1/max"), model.range("mid/tanh")
    qd, qg, q1 = (model.range(p) for p in ("relu2/max", "global_avgpool1/mul", "dense1/add"))
    image = [[[pixel[(i * 10 + j) * 3 + c] - 128 for c in range(3)] for j in range(10)]
             for i in range(11)]
    a = conv(model, "conv1", image, byte, qa, 2, False, qa.of(0), 127)
    real = [[[qa.real(v) for v in p] for p in row] for row in a]
    c = [[[qc.of(math.tanh(v)) for v in p] for p in row]
         for row in depthwise_floats(model, "mid", real)]
    d = conv(model, "conv2", c, qc, qd, 1, False, qd.of(0), 127)
    mg = mean_multiplier(qd.scale / qg.scale, 30)
    mean = [requantize(sum(d[i][j][k] - qd.zero for i in range(6) for j in range(5)), mg, qg)
            for k in range(4)]
    probs = softmax(dense(model, "dense1", mean, qg, q1), q1)
    (_, n), w = model.tensor["dense2/w"]
    bias = model.tensor["dense2/b"][1]
    flat = [qd.real(v) for row in d for p in row for v in p]
    side = [math.tanh(bias[f] + sum(v * w[k * n + f] for k, v in enumerate(flat)))
            for f in range(n)]
    return [(q + 128) / 256 for q in probs] + side


def main():
    model = Model(sys.argv[1])
    data = open(sys.argv[2], "rb").read()
    data = data[10 + struct.unpack("<H", data[8:10])[0]:]
    got = [[struct.unpack(">f", bytes.fromhex(w))[0] for w in line.split()]
           for line in open(sys.argv[3])]
    want = [infer(model, data[at:at + 330]) for at in range(0, len(data), 330)]
    worst = [max(abs(x - y) for x, y in zip(*pair)) for pair in zip(got, want)]
    same = sum(w < 1e-5 for w in worst)
    print("%d of %d images agree, the others to %g" % (same, len(want), max(worst)))
    sys.exit(len(got) != len(want) or same < 0.95 * len(want) or max(worst) > 0.03)


main()
