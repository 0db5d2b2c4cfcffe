"""aware.py - what quantization-aware training computes beside the int8 that is deployed.

    aware.py load HEADER WEIGHTS       C that fills the train state of HEADER from WEIGHTS
    aware.py compare WEIGHTS SIM INT8  outputs of the simulation and of the int8 C, one image
                                       a line, ten floats as their bits

Each output lies on the grid of its range. Both sides round the same real numbers to it, one
in f32, one in integers that round twice, and their biases; where a number lies near a tie
they part by a step, and what follows by what comes of that. So: after four layers 98 in 100
the same, the others up to 3 steps off; at the end no more than 12 steps of 255, 1.5 on average.
"""
import json
import re
import struct
import sys


def tensors(name):
    data = open(name, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    for path, t in header.items():
        begin, end = (8 + size + o for o in t["data_offsets"])
        yield path, struct.unpack("<%df" % ((end - begin) // 4), data[begin:end])


def load(header, weights):
    text = open(header).read()
    inside, of = {}, {}
    for body, name in re.findall(r"typedef struct \w+ \{\n(.*?)\} (\w+);", text, re.S):
        for member, path in re.findall(r"float (\w+)(?:\[\d+\])?; +/\* (\S+)", body):
            of[path] = (name, member)
        for kind, member in re.findall(r"^    (\w+) (\w+);", body, re.M):
            inside[kind] = member + "."
    for path, values in tensors(weights):
        name, member = of[path]
        print("{ static const float v[] = { %s };" % ", ".join("%rf" % v for v in values))
        print("memcpy(&t.%s%s, v, sizeof v); }" % (inside.get(name, ""), member))


def floats(name):
    return [[struct.unpack(">f", bytes.fromhex(w))[0] for w in line.split()]
            for line in open(name)]


def compare(weights, sim, int8):
    ranges = dict(tensors(weights))
    step = []
    for path in ["relu2/max"] * 6 + ["tanh"] * 4:
        low, high = ranges["quantize/aware/" + path]
        step.append((max(high, 0) - min(low, 0)) / 255)
    off = [[round(abs(a - b) / s) for a, b, s in zip(p, q, step, strict=True)]
           for p, q in zip(floats(sim), floats(int8), strict=True)]
    early, late = ([v for row in off for v in row[part]] for part in (slice(6), slice(6, 10)))
    same, mean = early.count(0) / len(early), sum(late) / len(late)
    print("%.2f %% the same after four layers, the others at most %d steps off; at the end "
          "%.2f steps on average, at most %d" % (100 * same, max(early), mean, max(late)))
    varied = len(set(map(tuple, floats(int8)))) > 40
    sys.exit(same < 0.985 or max(early) > 3 or mean > 1.5 or max(late) > 12 or not varied)


if sys.argv[1] == "load":
    load(*sys.argv[2:])
else:
    compare(*sys.argv[2:])
