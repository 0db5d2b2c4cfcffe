"""peer.py FOLDER [--fault] [NAME..] - the library against PyTorch, in f64.

Each case is compiled, its initial weights go to PyTorch, and three things must agree: the
net's outputs (inference), the gradients of a batch loss, and the weights after ten steps.
Errors are relative to the largest number of the tensor (for gradients at least a hundredth
of the largest of all: the bias in front of a batchnorm has gradient 0). Prints counts and worst errors.
--fault moves what PyTorch says by one percent: every comparison must notice."""
import importlib
import os
import sys

try:
    import torch
except ImportError:
    print('skipped: PyTorch is not installed (pip install torch==2.13.0 numpy)')
    sys.exit(77)
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import complete
import metrics
import plateau
from case import STEPS_OF_EPOCH, STEPS_TOTAL
from program import Program

BATCH, STEPS = 8, STEPS_TOTAL
FORWARD, GRADIENT, TRAJECTORY = 2e-6, 3e-5, 5e-5  # f32 against f64
FAULT = '--fault' in sys.argv
torch.set_default_dtype(torch.float64)


def data_of(case, rng):
    """A batch of each field: normal numbers, or indices, or what the case says."""
    out = {}
    for name, (kind, shape) in case.fields.items():
        size = [BATCH] + shape
        if kind == 'f32':
            x = rng.standard_normal(size)
            out[name] = case.prepare(name, x).astype(np.float32)
        else:
            bound = int(kind[6:-1])
            out[name] = rng.integers(0, bound, size).astype(np.uint8 if bound <= 256
                                                            else np.uint16)
    return out


def text_of(case):
    def typed(kind, shape):
        return kind + (str(shape) if shape else '')
    fields = dict(case.fields)
    declared = ', '.join('%s: %s' % (k, typed(*v)) for k, v in fields.items())
    net = {k: v for k, v in fields.items() if k not in case.targets}
    inputs = ', '.join('%s: %s' % (k, typed(*v)) for k, v in net.items())
    text = ''.join('import std.%s as %s\n' % i for i in case.imports)
    text += 'data d(%s) { train: csv("none.csv") }\n\n' % declared
    text += '%s\nnet n(%s) -> y: %s {\n' % (case.defs, inputs, typed('f32', case.y))
    text += ''.join('    %s\n' % line for line in case.dl.strip().split('\n'))
    text += '}\n\ntrain on d {\n    batch: %d\n    steps: %d\n    y = n(%s)\n' % (
        BATCH, STEPS, ', '.join(net))
    return text + '    minimize %s using %s\n}\n' % (case.loss_dl, case.optimizer_dl)


def error(got, want, least=1e-3):
    want = np.asarray(want)
    scale = max(float(np.abs(want).max(initial=0)), least)
    if FAULT:
        want = want + 0.01 * scale
    return float(np.abs(np.asarray(got, dtype=np.float64).reshape(want.shape) - want)
                 .max(initial=0)) / scale


class Run:
    def __init__(self, case, folder, target):
        self.case, self.program = case, Program(folder, case.name, text_of(case), target)
        p = self.program
        rng = np.random.default_rng(1)
        self.data = data_of(case, rng)
        self.state = p.struct('train_state')
        self.arena = p.arena('TRAIN_ARENA_BYTES')
        p.call('train_init', self.state, 1, self.arena)
        self.weights = {k: v for k, v in p.arrays(self.state).items()}
        params = list(p.arrays(self.state.params)) if hasattr(self.state, 'params') else []
        for k in params:  # away from zero biases and gains of one
            self.weights[k] += (0.1 * rng.standard_normal(self.weights[k].shape)).astype(
                np.float32)
        case.states(self.weights, self.data)
        self.params = {k: torch.tensor(self.weights[k].astype(np.float64), requires_grad=True)
                       for k in params}
        self.inputs = {k: torch.tensor(v.astype(np.float64) if case.fields[k][0] == 'f32'
                                       else v.astype(np.int64)) for k, v in self.data.items()}
        self.report = np.zeros(64, dtype=np.float32)

    def torch_output(self, training):
        case = self.case
        case.training = training
        given = [v for k, v in self.inputs.items() if k not in case.targets]
        return case.torch(list(self.params.values()), *given)

    def torch_loss(self):
        return self.case.loss(self.torch_output(True), self.inputs, self.params)

    def forward(self):
        p, case = self.program, self.case
        size = int(np.prod(case.y, dtype=int))
        got = np.zeros([BATCH, size], dtype=np.float32)
        arena = p.arena('N_ARENA_BYTES')
        for i in range(BATCH):
            arguments = [self.state.params] if self.params else []
            if hasattr(self.state, 'n_state'):
                arguments.append(self.state.n_state)
            y = np.zeros(size, dtype=np.float32)
            one = [np.ascontiguousarray(v[i:i + 1]) for k, v in self.data.items()
                   if k not in case.targets]
            p.call('n', *arguments, *one, y, arena)
            got[i] = y
        return error(got, self.torch_output(False).detach().numpy().reshape(BATCH, size))

    def fields(self):
        return list(self.data.values())

    def gradient(self):
        if not self.params:
            return 0.0
        p = self.program
        gradient = p.struct('params')
        p.call('train_grad', self.state, *self.fields(), gradient, self.report, self.arena)
        loss = self.torch_loss()
        want = torch.autograd.grad(loss, list(self.params.values()), allow_unused=True)
        worst = error(self.report[:1], [self.case.plain_loss(self)])
        largest = max(float(w.abs().max()) for w in want if w is not None)
        for g, w in zip(p.arrays(gradient).values(), want):
            w = torch.zeros(g.shape) if w is None else w
            worst = max(worst, error(g, w.numpy(), max(1e-2 * largest, 1e-6)))
        return worst

    def trajectory(self):
        if not self.params:
            return 0.0
        case, p = self.case, self.program
        step = case.optimizer(list(self.params.values()))
        self.state.steps_per_epoch = STEPS_OF_EPOCH
        for i in range(STEPS):
            self.state.epoch = i // STEPS_OF_EPOCH
            p.call('train_step', self.state, *self.fields(), self.report, self.arena)
            gradients = torch.autograd.grad(self.torch_loss(), list(self.params.values()),
                                            allow_unused=True)
            step(i + 1, [torch.zeros_like(w) if g is None else g
                         for g, w in zip(gradients, self.params.values())])
        return max(error(self.weights[k], v.detach().numpy()) for k, v in self.params.items())


def main():
    folder, names = sys.argv[1], [a for a in sys.argv[2:] if a[0] != '-']
    cases = [c for module in ('layers', 'losses', 'optimizers')
             for c in importlib.import_module(module).CASES]
    missing = complete.faults(cases, complete.REASONS) + complete.untrue(complete.REASONS)
    print(''.join('%s\n' % m for m in missing), end='')
    fewer = [c for c in cases if c.name != 'huber']  # a case that goes must be missed
    if not complete.faults(fewer, complete.REASONS):
        missing.append('a def without a case goes unnoticed')
        print(missing[-1])
    target = os.environ.get('PEER_TARGET', 'c99')
    worst, failed, done = [(0, ''), (0, ''), (0, '')], 0, 0
    for case in cases:
        if names and case.name not in names:
            continue
        done += 1
        try:
            run = Run(case, folder, target)
            errors = [run.forward(), run.gradient(), run.trajectory()]
        except RuntimeError as e:
            print('%s: %s' % (case.name, e))
            failed += 1
            continue
        near = [e <= most * case.slack for e, most in
                zip(errors, (FORWARD, GRADIENT, TRAJECTORY))]
        good = not any(near) if FAULT else all(near)
        if FAULT and not run.params:
            good = not near[0]
        if not good or names:
            print('%s: forward %.1e gradient %.1e trajectory %.1e%s' % (
                (case.name,) + tuple(errors) + ('' if good else ('  NOT NOTICED' if FAULT else '  TOO FAR'),)))
        failed += not good
        worst = [max(w, (e, case.name)) for w, e in zip(worst, errors)]
    if not names or FAULT:
        n, wrong, far = metrics.check(folder, target, FAULT)
        print('peer: %d metrics, %d wrong; worst %.1e' % (n, wrong, far))
        epochs, bad = plateau.check(folder, FAULT)
        print('peer: %d epochs of plateau, %d wrong' % (epochs, bad))
        failed += wrong + bad
    print('peer: %d cases, %d wrong; worst forward %.1e (%s), gradient %.1e (%s), '
          'trajectory %.1e (%s)' % ((done, failed) + sum(worst, ())))
    print('peer: %d defs of the library, %d by a reason' % (len(complete.defs()),
                                                          len(complete.REASONS)))
    sys.exit(failed > 0 or done == 0 or len(missing) > 0)


if __name__ == '__main__':
    main()
