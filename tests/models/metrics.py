"""metrics.py make N: answers on standard output. metrics.py check ANSWERS RESULT SPLIT
[N]: the line `SPLIT  name value ...` of RESULT against the metrics of the (first N) rows,
computed by their definitions (exact AUC: pairs, ties one half)."""
import math
import sys


def make(n):
    state = [12345]

    def uniform():  # the generator of Park and Miller 1988
        state[0] = state[0] * 16807 % 2147483647
        return state[0] / 2147483647

    def normal():
        return sum(uniform() for _ in range(12)) - 6

    for _ in range(n):
        y = int(uniform() ** 1.5 * 3)
        z = [normal() + (2.0 if c == y else 0) for c in range(3)]
        e = [math.exp(3 * v) for v in z]
        t = int(uniform() < 0.3)
        b = 1 / (1 + math.exp(-4 * (normal() + 2 * t - 1)))
        r = [normal() * 3 + 1000, normal()]
        k = [int(uniform() < p) for p in (0.1, 0.5, 0.8)]
        l = [min(max(0.5 * uniform() + 0.4 * v, 0), 1) for v in k]
        row = [v / sum(e) for v in e] + [y, b, t] + r
        row += [r[0] + normal(), r[1] + 0.3 * normal()] + l + k
        print(",".join("%.8g" % v for v in row))


def divide(a, b):
    return a / b if b else 0.0


def counts(guess, truth):
    both = sum(1 for g, t in zip(guess, truth) if g and t)
    return both, sum(map(bool, guess)), sum(map(bool, truth))


def auc(score, truth):
    """Exact, and how far the library may be off: half the share of pairs between the same
    two of its thresholds."""
    good = [s for s, t in zip(score, truth) if t]
    bad = [s for s, t in zip(score, truth) if not t]
    if not good or not bad:
        return 0.0, 1.0
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    at = [u ** 4 / (u ** 4 + (1 - u) ** 4) for u in (i / 512 for i in range(512))]
    place = lambda v: sum(v > a for a in at)
    g, b = [place(v) for v in good], [place(v) for v in bad]
    same = sum(g.count(i) * b.count(i) for i in set(g))
    pairs = len(good) * len(bad)
    return wins / pairs, same / pairs / 2


def mean(x):
    return sum(x) / len(x)


def expected(rows):
    a, y = [r[0:3] for r in rows], [int(r[3]) for r in rows]
    b, t = [r[4] for r in rows], [int(r[5]) for r in rows]
    p, z = [r[6:8] for r in rows], [r[8:10] for r in rows]
    l, k = [r[10:13] for r in rows], [r[13:16] for r in rows]
    guess = [v.index(max(v)) for v in a]
    three = [counts([g == c for g in guess], [v == c for v in y]) for c in range(3)]
    two = counts([v > 0.5 for v in b], t)
    low = counts([v > 0.3 for v in b], t)
    many = [counts([v[c] > 0.5 for v in l], [v[c] for v in k]) for c in range(3)]
    areas = [auc([v[c] for v in a], [v == c for v in y]) for c in range(3)]
    area2 = auc(b, t)
    areal = [auc([v[c] for v in l], [v[c] for v in k]) for c in range(3)]
    f1 = lambda c: divide(2 * c[0], c[1] + c[2])
    square = [[(u - v) ** 2 for u, v in zip(i, j)] for i, j in zip(p, z)]
    fit = []
    for c in range(2):
        m = mean([v[c] for v in z])
        fit.append(1 - sum(s[c] for s in square) / sum((v[c] - m) ** 2 for v in z))
    acc = mean([g == v for g, v in zip(guess, y)])
    exact = {
        "acc": acc, "worse": 1 - acc,
        "two": mean([sorted(v, reverse=True).index(v[c]) < 2 for v, c in zip(a, y)]),
        "precision3": mean([divide(c[0], c[1]) for c in three]),
        "recall3": mean([divide(c[0], c[2]) for c in three]),
        "f3": mean([f1(c) for c in three]),
        "acc2": mean([(v > 0.5) == bool(c) for v, c in zip(b, t)]),
        "precision2": divide(two[0], two[1]),
        "recall2": divide(low[0], low[2]),
        "f2": f1(two),
        "fl": mean([f1(c) for c in many]),
        "err": mean([mean([abs(u - v) for u, v in zip(i, j)]) for i, j in zip(p, z)]),
        "root": math.sqrt(mean([mean(s) for s in square])),
        "fit": mean(fit),
    }
    close = {
        "auc3": (mean([v[0] for v in areas]), mean([v[1] for v in areas])),
        "auc2": area2,
        "aucl": (mean([v[0] for v in areal]), mean([v[1] for v in areal])),
    }
    table = [[sum(1 for u, g in zip(y, guess) if (u, g) == (i, j)) for j in range(3)]
             for i in range(3)]
    return exact, close, table


def read(path, split):
    """The last `split  name value ...` line, as numbers."""
    words = [w for w in (line.split() for line in open(path)) if w and w[0] == split][-1]
    return {n: float(v) for n, v in zip(words[1::2], words[2::2])}


def check(answers, result, split, n):
    rows = [[float(v) for v in line.split(",")] for line in open(answers)][:n]
    exact, close, table = expected(rows)
    got = read(result, split)
    bad = []
    for name, want in exact.items():
        if not abs(got[name] - want) <= 6e-5 + 1e-5 * abs(want):  # four decimals
            bad.append("%s is %g, not %g" % (name, got[name], want))
    for name, (want, bound) in close.items():
        if bound > 3e-3 or not abs(got[name] - want) <= bound + 6e-5:
            bad.append("%s is %g, not %g to %g" % (name, got[name], want, bound))
    lines = [line.split() for line in open(result)]
    heads = [i for i, w in enumerate(lines) if w[:3] == ["table", "of", split]]
    if heads:
        seen = [[int(v) for v in w[1:]] for w in lines[heads[0] + 2:heads[0] + 5]]
        if seen != table:
            bad.append("table is %s, not %s" % (seen, table))
    for line in bad:
        print("%s of %d rows: %s" % (split, len(rows), line))
    print("%s: %d metrics of %d samples, table %s" %
          (split, len(exact) + len(close), len(rows), "seen" if heads else "not shown"))
    return 1 if bad else 0


if sys.argv[1] == "make":
    make(int(sys.argv[2]))
else:
    sys.exit(check(sys.argv[2], sys.argv[3], sys.argv[4],
                   int(sys.argv[5]) if len(sys.argv) > 5 else None))
