"""Metrics of a split: 20 samples in batches of 8, the last one filled up with copies, against
PyTorch's sums over all of them at once."""
import numpy as np
import torch

from program import Program

BATCH, SAMPLES = 8, 20
TOLERANCE = 1e-5


def macro(values):
    return float(torch.stack(values).mean())


def counted(p, y, n):
    """Of each class (both, guessed, real)."""
    guess = p.argmax(-1)
    return [(((guess == k) & (y == k)).sum(), (guess == k).sum(), (y == k).sum())
            for k in range(n)]


def share(a, b):
    return torch.where(b > 0, a / b.clamp(min=1), torch.zeros(()).double())


def area(p, y, n):
    """The share of pairs of one class and another in the right order, ties one half."""
    out = []
    for k in range(n):
        pos, neg = p[y == k, k], p[y != k, k]
        d = pos[:, None] - neg[None, :]
        out.append(((d > 0).double() + 0.5 * (d == 0).double()).mean())
    return macro(out)


def area_slack(p, y, n, bins=512):
    """Half the share of pairs between the same thresholds."""
    u = torch.arange(bins).double() / bins
    at = u ** 4 / (u ** 4 + (1 - u) ** 4)
    worst = 0.0
    for k in range(n):
        bin_of = (p[:, k:k + 1] > at).sum(-1)
        same = bin_of[y == k][:, None] == bin_of[y != k][None, :]
        worst = max(worst, 0.5 * float(same.double().mean()))
    return worst


CLASSES = 4
CLASS_METRICS = {
    'accuracy(y, t)': lambda p, y: float((p.argmax(-1) == y).double().mean()),
    'top_k(y, t, 2)': lambda p, y: float(
        (p.topk(2, -1).indices == y[:, None]).any(-1).double().mean()),
    'precision(y, t)': lambda p, y: macro([share(a, b) for a, b, _ in counted(p, y, CLASSES)]),
    'recall(y, t)': lambda p, y: macro([share(a, c) for a, _, c in counted(p, y, CLASSES)]),
    'f1(y, t)': lambda p, y: macro([share(2 * a, b + c) for a, b, c in counted(p, y, CLASSES)]),
    'auc(y, t)': lambda p, y: area(p, y, CLASSES),
}
BINARY_METRICS = {
    'binary_accuracy(y, t)': lambda p, y: float(((p > 0.5) == (y > 0.5)).double().mean()),
    'binary_accuracy(y, t, at=0.7)': lambda p, y: float(((p > 0.7) == (y > 0.5)).double().mean()),
    'precision(y, t)': lambda p, y: float(y[p > 0.5].double().mean()),
    'recall(y, t, at=0.4)': lambda p, y: float((p > 0.4)[y > 0.5].double().mean()),
}
NUMBER_METRICS = {
    'rmse(y, t)': lambda p, y: float(((p - y) ** 2).mean().sqrt()),
    'r2(y, t)': lambda p, y: float(
        (1 - ((p - y) ** 2).sum(0) / ((y - y.mean(0)) ** 2).sum(0)).mean()),
}
# name: net, type of its output, type of the truth, loss, metrics
GROUPS = {
    'classes': ('dense(4, softmax)', 'f32[4]', 'index(4)', 'cross_entropy(y, t)', CLASS_METRICS),
    'binary': ('dense(1, sigmoid) |> squeeze', 'f32', 'f32', 'bce(y, t)', BINARY_METRICS),
    'numbers': ('dense(3)', 'f32[3]', 'f32[3]', 'mean(mse(y, t))', NUMBER_METRICS),
}


def program(name):
    net, out, truth, loss, metrics = GROUPS[name]
    lines = ''.join('    metric m%d = %s\n' % (i, m) for i, m in enumerate(metrics))
    if name == 'classes':
        lines += '    metric table = confusion(y, t)\n'
    return ('data d(x: f32[6], t: %s) { train: csv("none.csv") }\n\n'
            'net n(x: f32[6]) -> y: %s = x |> %s\n\n'
            'train on d {\n    batch: %d\n    steps: 1\n    y = n(x)\n'
            '    minimize %s using sgd\n%s}\n' % (truth, out, net, BATCH, loss, lines))


def truths(name, rng):
    if name == 'classes':
        return rng.integers(0, CLASSES, SAMPLES).astype(np.uint8)
    if name == 'binary':
        return rng.integers(0, 2, SAMPLES).astype(np.float32)
    return rng.standard_normal([SAMPLES, 3]).astype(np.float32)


def evaluate(p, state, x, t):
    """The reports of a split: means over real samples, and what the last batch says."""
    n, arena = p.constant('TRAIN_REPORTS'), p.arena('TRAIN_ARENA_BYTES')
    mean, last = np.zeros(n), np.zeros(n)
    for first in range(0, SAMPLES, BATCH):
        index = (first + np.arange(BATCH)) % SAMPLES
        valid = (first + np.arange(BATCH) < SAMPLES).astype(np.float32)
        report = np.zeros([n, BATCH], dtype=np.float32)
        arguments = [state, np.ascontiguousarray(x[index]), np.ascontiguousarray(t[index])]
        if 'const float *valid' in p.header:
            arguments.append(valid)
        p.call('train_eval', *arguments, report, 1, first, arena)
        mean += report.astype(np.float64) @ valid / SAMPLES
        last = report[:, 0].astype(np.float64)
    return mean, last


def check(folder, target, fault):
    """(number of metrics, of wrong ones, worst error)"""
    count, wrong, worst = 0, 0, 0.0
    for name, (_, _, _, _, metrics) in GROUPS.items():
        rng = np.random.default_rng(3)
        p = Program(folder, 'metrics_' + name, program(name), target)
        state = p.struct('train_state')
        p.call('train_init', state, 1, p.arena('TRAIN_ARENA_BYTES'))
        w, b = (torch.tensor(v.astype(np.float64)) for v in p.arrays(state.params).values())
        x, t = rng.standard_normal([SAMPLES, 6]).astype(np.float32), truths(name, rng)
        z = torch.tensor(x).double() @ w + b
        y = {'classes': lambda: z.softmax(-1), 'binary': lambda: z.sigmoid()[:, 0],
             'numbers': lambda: z}[name]()
        truth = torch.tensor(t.astype(np.int64 if name == 'classes' else np.float64))
        mean, last = evaluate(p, state, x, t)
        of_split = ('precision', 'recall', 'f1', 'auc', 'rmse', 'r2')
        for i, (call, formula) in enumerate(metrics.items()):
            got = (last if call.startswith(of_split) else mean)[1 + i]
            want = formula(y, truth) * (1.01 if fault else 1)
            slack = area_slack(y, truth, CLASSES) if call.startswith('auc') else 0.0
            near = abs(got - want) <= slack + TOLERANCE * max(abs(want), 1)
            count += 1
            worst = max(worst, abs(got - want) - slack)
            if near == fault:
                wrong += 1
                print('metric %s: %.7f, PyTorch %.7f%s' % (
                    call, got, want, '  NOT NOTICED' if fault else '  TOO FAR'))
        if name == 'classes':
            (table,) = [v for k, v in p.arrays(state).items() if k.endswith('confusion1/count')]
            want = torch.zeros(CLASSES, CLASSES)
            for guess, real in zip(y.argmax(-1), truth):
                want[real, guess] += 1.01 if fault else 1
            count += 1
            if np.array_equal(table, want.numpy()) == fault:
                wrong += 1
                print('metric confusion: %s, PyTorch %s' % (table.tolist(), want.tolist()))
    return count, wrong, worst
