"""cases.py - what each program of programs/ computes, said again in Python. A case is a
function from nothing to the parameters that the program must end with."""

import math

from twin import Adam, Sgd, clip_norm, clip_value, dot, gradient, mean, times

FOUR = [([1, 2], 1), ([3, 1], 0), ([0, 1], 2), ([2, 2], 1)]


def batches(rows, size, steps):
    """The batches of an unshuffled run, epoch after epoch."""
    per_epoch = len(rows) // size
    for step in range(steps):
        at = step % per_epoch * size
        yield rows[at : at + size]


def mlp(p, net, x):
    return dot([math.tanh(h) for h in times(x, p[net + "/w"], 3)], p[net + "/v"])


MLP = [0.3, -0.2, 0.1, 0.1, 0.4, -0.3], [0.5, -0.4, 0.2]


def accumulate():
    rows = FOUR + [([1, 0], 3), ([0, 2], 1), ([1, 1], 1), ([2, 0], 2)]
    p = {"line/w": list(MLP[0]), "line/v": list(MLP[1])}
    adam, sums = Adam(), None
    for i, batch in enumerate(batches(rows, 2, 21)):

        def loss(p):
            fit = mean((mlp(p, "line", x) - y) ** 2 for x, y in batch)
            return fit + 0.05 * dot(p["line/w"], p["line/w"])

        g = gradient(loss, p, list(p))
        sums = g if sums is None else {k: [a + b for a, b in zip(sums[k], g[k])] for k in g}
        if i % 3 == 2:
            g = clip_norm({k: [x / 3 for x in v] for k, v in sums.items()}, 0.5)
            adam.step(p, g, 0.1 * 0.5 ** ((adam.steps + 1) / 4))
            sums = None
    return p


def every():
    p = {"other/w": [-0.1, 0.4]}
    for net in ("online", "target"):
        p[net + "/body1/w"], p[net + "/body1/b"] = [0.3, -0.2], [0.1]

    def body(p, net, x):
        return math.tanh(dot(x, p[net + "/body1/w"])) + p[net + "/body1/b"][0]

    sgd, adam = Sgd(0.9), Adam()
    for step, batch in enumerate(batches(FOUR, 2, 14), 1):
        goal = [y + 0.1 * body(p, "target", x) for x, y in batch]

        def fit(p):
            return mean((body(p, "online", x) - g) ** 2 for (x, _), g in zip(batch, goal))

        sgd.step(p, gradient(fit, p, ["online/body1/w", "online/body1/b"]), 0.1)
        if step % 3 == 0:

            def gap(p):
                return mean((dot(x, p["other/w"]) - body(p, "online", x)) ** 2 for x, _ in batch)

            adam.step(p, gradient(gap, p, ["other/w"]), 0.05)
        if step % 2 == 0:
            for k in ("w", "b"):
                old, new = p["target/body1/" + k], p["online/body1/" + k]
                p["target/body1/" + k] = [0.75 * a + 0.25 * b for a, b in zip(old, new)]
    return p


def order():
    p = {"a/w": [0.3, -0.2, 0.1, 0.4], "b/v": [0.5, -0.4]}
    for batch in batches(FOUR, 2, 9):

        def loss(p):
            h = [[math.tanh(h) for h in times(x, p["a/w"], 2)] for x, _ in batch]
            return mean((dot(h, p["b/v"]) - y) ** 2 for h, (_, y) in zip(h, batch))

        g = gradient(loss, p, list(p))  # both see the values of the step's begin
        Sgd().step(p, {"a/w": g["a/w"]}, 0.2)
        Sgd().step(p, {"b/v": g["b/v"]}, 0.02)

        def again(p):
            return loss(p) + 0.1 * dot(p["b/v"], p["b/v"])

        Sgd().step(p, gradient(again, p, ["b/v"]), 0.05)
    return p


def penalty():
    p = {"critic/w": list(MLP[0]), "critic/v": list(MLP[1])}
    for batch in batches(FOUR, 2, 12):

        def loss(p):
            total = 0
            for x, y in batch:
                h = [math.tanh(h) for h in times(x, p["critic/w"], 3)]
                back = [v * (1 - a * a) for v, a in zip(p["critic/v"], h)]
                slope = [dot(p["critic/w"][i * 3 : i * 3 + 3], back) for i in range(2)]
                slope = math.sqrt(dot(slope, slope))
                total += (dot(h, p["critic/v"]) - y) ** 2 + 3 * (slope - 1) ** 2
            return total / len(batch)

        Sgd().step(p, gradient(loss, p, list(p)), 0.05)
    return p


def adversary():
    p = {"line/w": [0.3, -0.2]}
    for batch in batches(FOUR, 2, 10):

        def net(w, x):
            return math.tanh(dot(x, w))

        def slope(w, x, y):  # of the squared error, by w . x
            a = net(w, x)
            return 2 * (a - y) * (1 - a * a)

        bad = []
        for x, y in batch:
            d = [slope(p["line/w"], x, y) * w for w in p["line/w"]]
            bad.append([a + 0.1 * ((b > 0) - (b < 0)) for a, b in zip(x, d)])

        def loss(p):
            w = p["line/w"]
            g = [mean(slope(w, x, y) * x[i] for x, y in batch) for i in range(2)]
            w2 = [a - 0.3 * b for a, b in zip(w, g)]
            return mean(
                (net(w, b) - y) ** 2 + (net(w2, x) - y) ** 2 for b, (x, y) in zip(bad, batch)
            )

        Sgd().step(p, gradient(loss, p, ["line/w"]), 0.1)
    return p


def params():
    p = {"line/w": [0.3, -0.2], "line/b": [0.1], "line/f": [0.7, 0.3]}
    adam = Adam(eps=1e-8, decay=0.5, spared=["line/b"])
    for batch in batches(FOUR, 2, 10):

        def loss(p):
            w, f = p["line/w"], p["line/f"]
            out = [math.tanh(dot([a * b for a, b in zip(x, f)], w)) + p["line/b"][0] for x, _ in batch]
            fit = mean((o - y) ** 2 for o, (_, y) in zip(out, batch))
            return fit + 0.01 * sum(abs(x) for x in w) + 0.02 * dot(w, w)

        adam.step(p, clip_value(gradient(loss, p, ["line/w", "line/b"]), 0.3), 0.05)
    return p


def parts():
    start = [[0.3, -0.2], [0.5, 0.4], [-0.3, 0.6], [0.2, 0.9]]
    p = {"deep/tilt%d/w" % (i + 1): list(w) for i, w in enumerate(start)}
    p.update({"deep/tilt%d/b" % i: [0.1, -0.1] for i in range(1, 5)})
    late, early = Sgd(), Sgd(momentum=0.5)
    for batch in batches(FOUR, 2, 10):

        def loss(p):
            total = 0.0
            for x, y in batch:
                for i in range(1, 5):
                    w, b = p["deep/tilt%d/w" % i], p["deep/tilt%d/b" % i]
                    x = [math.tanh(e * f + g) for e, f, g in zip(x, w, b)]
                total += (sum(x) - y) ** 2
            return total / len(batch)

        last = ["deep/tilt3/w", "deep/tilt3/b", "deep/tilt4/w", "deep/tilt4/b"]
        first = ["deep/tilt1/b", "deep/tilt2/w", "deep/tilt2/b"]
        g, h = gradient(loss, p, last), gradient(loss, p, first)
        late.step(p, g, 0.05)
        early.step(p, h, 0.02)
    return p


def schedules():
    w = dict.fromkeys("abcde", 0.0)
    for step in range(1, 13):
        epoch = (step - 1) // 3
        w["a"] -= 1 if epoch < 1 else 0.5 if epoch < 3 else 0.25
        w["b"] -= 0.5 ** (step / 3)
        w["c"] -= 1 / (1 + 0.25 * step)
        down = 0.1 + 0.45 * (1 + math.cos(math.pi * (step - 4) / 8))
        w["d"] -= step / 4 if step < 4 else down
        w["e"] -= 1 - 0.5 * step / 12
    return {k + "/w": [x] for k, x in w.items()}


def softmax_line(table):
    rows = [([1, 2], 0), ([3, 1], 0), ([0, 1], 1), ([2, 2], 0), ([1, 0], 0), ([2, 1], 2)]
    p = {"line/w": list(MLP[0])}
    for batch in batches(rows, 3, 12):

        def loss(p):
            total = 0
            for x, y in batch:
                z = times(x, p["line/w"], 3)
                total += table[y] * (math.log(sum(math.exp(v) for v in z)) - z[y])
            return total / len(batch)

        Sgd().step(p, gradient(loss, p, ["line/w"]), 0.2)
    return p


def weights():
    return softmax_line([6 / (3 * 4), 6 / (3 * 1), 6 / (3 * 1)])


def weights_list():
    return softmax_line([1, 0.5, 3])


def plateau():
    p, scale, best, waited = {"line/w": [0.3, -0.2]}, 1.0, None, 0
    for _ in range(12):
        losses = []
        for batch in batches(FOUR, 2, 2):

            def loss(p):
                return mean((dot(x, p["line/w"]) - y) ** 2 for x, y in batch)

            losses.append(loss(p))
            Sgd().step(p, gradient(loss, p, ["line/w"]), max(0.21 * scale, 0.02))
        waited += 1
        if best is None or mean(losses) < best:
            best, waited = mean(losses), 0
        if waited >= 2:
            scale, waited = scale * 0.5, 0
    assert scale < 1, "the case shows nothing"
    return p


def two_blocks():
    rows = [([1, 2], 2), ([3, 1], 1), ([0, 1], 4), ([2, 2], 3)]
    p = {"line/w": [0.3, -0.2]}
    for batch in batches(rows, 2, 10):

        def loss(p):
            return mean((math.tanh(dot(x, p["line/w"])) - y) ** 2 for x, y in batch)

        Sgd().step(p, gradient(loss, p, ["line/w"]), 0.1)
    return p
