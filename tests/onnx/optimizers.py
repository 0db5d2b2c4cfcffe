"""optimizers.py DATA OUT - ONNX's optimizer vectors through the optimizers of std.

Each becomes OUT/opt<i>.dl, a step whose loss is sum(w * g) so that the gradient of w is
g, and OUT/opt<i>.txt: lines `in PATH count numbers` and `out PATH count numbers`. OUT/
opt<i>.h stores the first and compares the second for compiled C. The vectors have T = 0,
which the operators define as no bias correction: that of a late step, where 1 - beta **
step is 1. Adam's operator has a default epsilon of 1e-6, but the vector of the test without
the attribute was computed with 1e-2."""
import os
import sys

import protobuf as pb

STEP = 100000
CASES = {
    'Adam': ('adam(lr={R!r}, beta1={alpha!r}, beta2={beta!r}, eps={epsilon!r})', ['m', 'v']),
    'Adagrad': ('adagrad(lr={R!r}, eps={epsilon!r})', ['a']),
    'Momentum': ('sgd(lr={R!r}, momentum={alpha!r}, nesterov={nesterov})', ['v']),
}
NAME = {'Adam': 'adam', 'Adagrad': 'adagrad', 'Momentum': 'sgd'}


def read(folder, what, i):
    with open(os.path.join(folder, 'test_data_set_0', '%s_%d.pb' % (what, i)), 'rb') as f:
        return pb.Tensor(f.read())


def lines_of(node, inputs, outputs):
    """Of the params w0, w1, .. with their gradients and states."""
    states = CASES[node.op][1]
    n = (len(inputs) - 2) // (2 + len(states))
    xs, gs = inputs[2:2 + n], inputs[2 + n:2 + 2 * n]
    lines = [('in', 'step', [STEP])]
    for i in range(n):
        lines.append(('in', 'n/w%d' % i, xs[i].values))
        lines.append(('in', 'g%d' % i, gs[i].values))
        lines.append(('out', 'n/w%d' % i, outputs[i].values))
        for k, state in enumerate(states):
            path = 'minimize1/%s/%s/n/w%d' % (NAME[node.op], state, i)
            lines.append(('in', path, inputs[2 + (2 + k) * n + i].values))
            lines.append(('out', path, outputs[(1 + k) * n + i].values))
    return xs, lines


def program(node, rate, xs):
    a = dict({'epsilon': 1e-2, 'mode': 'standard'}, **node.attribute)
    text = CASES[node.op][0].format(R=rate, nesterov=str(a['mode'] == 'nesterov').lower(), **a)
    reg = ' { reg: l2(%r) }' % (a.get('norm_coefficient', 0.0) / 2)
    fields = ', '.join('g%d: f32%s' % (i, x.shape) for i, x in enumerate(xs))
    params = ''.join('    param w%d: %s = zeros%s\n' % (i, x.shape, reg)
                     for i, x in enumerate(xs))
    loss = ' + '.join('sum(w%d * g%d)' % (i, i) for i in range(len(xs)))
    names = ', '.join('g%d' % i for i in range(len(xs)))
    return ('data d(%s) { train: csv("none.csv") }\n'
            'net n(%s) -> y: f32 {\n%s    y = %s\n}\n'
            'train on d {\n    batch: 1\n    minimize n(%s) using %s\n}\n' %
            (fields, fields, params, loss, names, text))


def member(path):
    if path == 'step':
        return 't.step'
    name = path.replace('/', '_')
    return 't.params.' + name if path.startswith('n/') else 't.' + name


def harness(index, n, lines):
    text = 'static opt%d_train_state t;\n' % index
    text += ''.join('static float g%d[] = { %s };\n' % (
        int(p[1:]), ', '.join('%rf' % v for v in values))
        for d, p, values in lines if p[0] == 'g')
    text += 'static _Alignas(64) char arena[OPT%d_TRAIN_ARENA_BYTES];\n' % index
    text += 'static void store(void)\n{\n    opt%d_train_init(&t, 0, arena);\n' % index
    for d, p, values in lines:
        if d == 'in' and p == 'step':
            text += '    t.step = %d;\n' % values[0]
        elif d == 'in' and p[0] != 'g':
            text += ''.join('    %s[%d] = %rf;\n' % (member(p), k, v)
                            for k, v in enumerate(values))
    text += '}\nstatic void step(void)\n{\n    float report[1];\n'
    text += '    opt%d_train_step(&t, %s, report, arena);\n}\n' % (
        index, ', '.join('g%d' % i for i in range(n)))
    text += 'static void compare(void)\n{\n'
    for d, p, values in lines:
        if d == 'out':
            text += ''.join('    check("%s", %s[%d], %r);\n' % (p, member(p), k, v)
                            for k, v in enumerate(values))
    return text + '}\n'


def main():
    data, out = sys.argv[1:]
    index = 0
    for test in sorted(os.listdir(data)):
        folder = os.path.join(data, test)
        with open(os.path.join(folder, 'model.onnx'), 'rb') as f:
            content = f.read()
        if not any(name.encode() in content for name in CASES):
            continue
        model = pb.Model(content)
        node = model.node[0]
        if node.op not in CASES:
            continue
        inputs = [read(folder, 'input', i) for i in range(len(model.input))]
        outputs = [read(folder, 'output', i) for i in range(len(model.output))]
        assert inputs[1].values[0] == 0, 'a step that corrects its bias'
        xs, lines = lines_of(node, inputs, outputs)
        stem = os.path.join(out, 'opt%d' % index)
        with open(stem + '.dl', 'w') as f:
            f.write('## %s\n\n' % test + program(node, inputs[0].values[0], xs))
        with open(stem + '.txt', 'w') as f:
            for d, p, values in lines:
                f.write(' '.join([d, p, str(len(values))] + ['%r' % float(v) for v in values])
                        + '\n')
        with open(os.path.join(out, 'table_opt%d.h' % index), 'w') as f:
            f.write(harness(index, len(xs), lines))
        index += 1
    print('%d optimizer vectors' % index)


if __name__ == '__main__':
    main()
