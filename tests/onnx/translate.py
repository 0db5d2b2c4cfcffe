"""ONNX nodes as dl: one function an op, which returns the expression of its result, or
None where dl has no such thing. Shapes are known here, so that NumPy's broadcasting and
channels-first images can be written out."""
import protobuf as pb

FLOATS = (pb.FLOAT, pb.DOUBLE, pb.FLOAT16)
OPS = {}


class Value:
    """A tensor of the translated net: an expression, its shape, its element type."""

    def __init__(self, expression, shape, kind='f32', constant=None):
        self.expression, self.shape, self.kind = expression, list(shape), kind
        self.constant = constant  # numbers, when the test fixes them

    def __str__(self):
        return self.expression


def op(*names):
    def note(function):
        for name in names:
            OPS[name] = function
        return function
    return note


def count(shape):
    n = 1
    for d in shape:
        n *= d
    return n


def reshape(x, shape):
    if list(shape) == x.shape:
        return x
    return Value('reshape(%s, %s)' % (x, list(shape)), shape, x.kind)


def broadcast(a, b):
    """Both of one rank, and the shape of the result."""
    rank = max(len(a.shape), len(b.shape))
    a, b = (reshape(x, [1] * (rank - len(x.shape)) + x.shape) if x.shape else x
            for x in (a, b))
    if not a.shape or not b.shape:
        return a, b, a.shape or b.shape
    return a, b, [p if q == 1 else q for p, q in zip(a.shape, b.shape)]


def axis_of(axis, rank):
    return axis + rank if axis < 0 else axis


def transposed(x, axes):
    names = ['a%d' % i for i in range(len(axes))]
    if list(axes) == sorted(axes):
        return x
    pattern = ' '.join(names) + ' -> ' + ' '.join(names[i] for i in axes)
    return Value('rearrange(%s, "%s")' % (x, pattern), [x.shape[i] for i in axes], x.kind)


def floats(*values):
    return all(v.kind == 'f32' for v in values)


# ---- pointwise ------------------------------------------------------------------
UNARY = {
    'Abs': 'abs({0})', 'Cos': 'cos({0})', 'Erf': 'erf({0})', 'Exp': 'exp({0})',
    'Floor': 'floor({0})', 'Log': 'log({0})', 'Neg': '-{0}', 'Relu': 'relu({0})',
    'Ceil': '-floor(-{0})', 'Sigmoid': 'sigmoid({0})', 'Sign': 'sign({0})',
    'Sin': 'sin({0})', 'Softplus': 'softplus({0})', 'Softsign': 'softsign({0})',
    'Sqrt': 'sqrt({0})', 'Tanh': 'tanh({0})', 'Tan': 'sin({0}) / cos({0})',
    'Sinh': '0.5 * (exp({0}) - exp(-{0}))', 'Cosh': '0.5 * (exp({0}) + exp(-{0}))',
    'Asinh': 'log({0} + sqrt({0} ** 2 + 1))',
    'Acosh': 'log({0} + sqrt({0} ** 2 - 1))',
    'Atanh': '0.5 * log((1 + {0}) / (1 - {0}))',
    'Reciprocal': '1 / {0}', 'Identity': '{0}', 'HardSwish': '{0} * hard_sigmoid({0})',
}


@op(*UNARY)
def unary(node, x):
    if not floats(x):
        return None
    return Value(UNARY[node.op].format(x), x.shape)


PARAMETRIC = {  # with default attributes
    'Elu': ('elu({0}, {alpha})', {'alpha': 1.0}),
    'Celu': ('where({0} > 0, {0}, {alpha} * expm1(minimum({0}, 0) / {alpha}))',
             {'alpha': 1.0}),
    'HardSigmoid': ('minimum(maximum({alpha} * {0} + {beta}, 0), 1)',
                    {'alpha': 0.2, 'beta': 0.5}),
    'LeakyRelu': ('leaky_relu({0}, {alpha})', {'alpha': 0.01}),
    'Selu': ('{gamma} * elu({0}, {alpha})',
             {'alpha': 1.67326319217681884765625, 'gamma': 1.05070102214813232421875}),
    'ThresholdedRelu': ('where({0} > {alpha}, {0}, 0)', {'alpha': 1.0}),
    'Shrink': ('where({0} < -{lambd}, {0} + {bias}, where({0} > {lambd}, {0} - {bias}, 0))',
               {'bias': 0.0, 'lambd': 0.5}),
}


@op(*PARAMETRIC)
def parametric(node, x):
    text, defaults = PARAMETRIC[node.op]
    given = {k: repr(float(node.attribute.get(k, v))) for k, v in defaults.items()}
    return Value(text.format(x, **given), x.shape) if floats(x) else None


BINARY = {'Add': '+', 'Sub': '-', 'Mul': '*', 'Div': '/', 'Pow': '**', 'Equal': '==',
          'Greater': '>', 'GreaterOrEqual': '>=', 'Less': '<', 'LessOrEqual': '<=',
          'And': 'and', 'Or': 'or', 'Xor': '!='}
LOGIC = ('And', 'Or', 'Xor')


@op(*BINARY)
def binary(node, a, b):
    want = 'bool' if node.op in LOGIC else 'f32'
    if a.kind != want or b.kind != want:
        return None
    a, b, shape = broadcast(a, b)
    compares = node.op in LOGIC or BINARY[node.op] in ('==', '>', '>=', '<', '<=')
    if node.op == 'Xor':  # bools are compared as numbers
        a, b = ('f32(%s)' % v for v in (a, b))
    return Value('%s %s %s' % (a, BINARY[node.op], b), shape, 'bool' if compares else 'f32')


@op('Not')
def negation(node, x):
    return Value('not %s' % x, x.shape, 'bool') if x.kind == 'bool' else None


@op('PRelu')
def prelu(node, x, slope):
    x, slope, shape = broadcast(x, slope)
    return Value('maximum(%s, 0) + %s * minimum(%s, 0)' % (x, slope, x), shape)


@op('Max', 'Min', 'Sum', 'Mean')
def variadic(node, *values):
    if not floats(*values):
        return None
    y = values[0]
    for x in values[1:]:
        y, x, shape = broadcast(y, x)
        call = 'maximum(%s, %s)' if node.op == 'Max' else 'minimum(%s, %s)'
        y = Value('(%s + %s)' % (y, x) if node.op in ('Sum', 'Mean') else call % (y, x), shape)
    return Value('%s / %d' % (y, len(values)), y.shape) if node.op == 'Mean' else y


@op('Clip')
def clip(node, x, low=None, high=None):
    if not floats(x):
        return None
    y = x
    if low is not None:
        y = Value('maximum(%s, %s)' % (y, low), x.shape)
    if high is not None:
        y = Value('minimum(%s, %s)' % (y, high), x.shape)
    return y


@op('Where')
def where(node, c, a, b):
    if c.kind != 'bool' or not floats(a, b):
        return None
    a, b, shape = broadcast(a, b)
    return Value('where(%s, %s, %s)' % (c, a, b), shape)


@op('Dropout')
def dropout(node, x, ratio=None, training=None):
    kept = training is None or not training.constant[0] or \
        ratio is not None and ratio.constant[0] == 0
    y = Value(str(x), x.shape)
    return [y, Value('full(1, %s) > 0' % x.shape, x.shape, 'bool')] if kept else None


# ---- positions ------------------------------------------------------------------
@op('Reshape')
def onnx_reshape(node, x, shape):
    want, zero = list(shape.constant), node.attribute.get('allowzero', 0)
    want = [x.shape[i] if d == 0 and not zero else d for i, d in enumerate(want)]
    if -1 in want:
        want[want.index(-1)] = count(x.shape) // -count(want)
    return reshape(x, want)


@op('Flatten')
def flatten(node, x):
    axis = axis_of(node.attribute.get('axis', 1), len(x.shape))
    return reshape(x, [count(x.shape[:axis]), count(x.shape[axis:])])


@op('Squeeze')
def squeeze(node, x, axes=None):
    drop = [axis_of(a, len(x.shape)) for a in axes.constant] if axes else \
        [i for i, d in enumerate(x.shape) if d == 1]
    return reshape(x, [d for i, d in enumerate(x.shape) if i not in drop])


@op('Unsqueeze')
def unsqueeze(node, x, axes=None):
    given = axes.constant if axes else node.attribute['axes']
    rank = len(x.shape) + len(given)
    new = sorted(axis_of(a, rank) for a in given)
    shape = list(x.shape)
    for a in new:
        shape.insert(a, 1)
    return reshape(x, shape)


@op('Transpose')
def transpose(node, x):
    rank = len(x.shape)
    return transposed(x, node.attribute.get('perm') or list(range(rank))[::-1])


@op('Concat')
def concat(node, *values):
    axis = axis_of(node.attribute['axis'], len(values[0].shape))
    shape = list(values[0].shape)
    shape[axis] = sum(v.shape[axis] for v in values)
    return Value('concat([%s], axis=%d)' % (', '.join(map(str, values)), axis), shape)


@op('Expand')
def expand(node, x, shape):
    want = Value('full(1, %s)' % list(shape.constant), shape.constant)
    x, want, shape = broadcast(x, want)
    return Value('%s * %s' % (x, want), shape)


@op('Split')
def split(node, x, sizes=None):
    axis = axis_of(node.attribute.get('axis', 0), len(x.shape))
    n = len(node.output)
    parts = list(sizes.constant) if sizes else [x.shape[axis] // n] * n
    at, out = 0, []
    for p in parts:
        if p == 0:
            return None
        shape = list(x.shape)
        shape[axis] = p
        subs = ['..'] * axis + ['%d..%d' % (at, at + p)] if axis == 0 else \
            ['0..%d' % d for d in x.shape[:axis]] + ['%d..%d' % (at, at + p)]
        out.append(Value('%s[%s]' % (x, ', '.join(subs)), shape))
        at += p
    return out


@op('Slice')
def onnx_slice(node, x, starts, ends, axes=None, steps=None):
    n = len(starts.constant)
    if steps and any(s != 1 for s in steps.constant):
        return None
    shape, subs = list(x.shape), ['0..%d' % d for d in x.shape]
    for i, a in enumerate(axes.constant if axes else range(n)):
        a = axis_of(a, len(shape))
        d = x.shape[a]
        low, high = (min(max(v + d if v < 0 else v, 0), d)
                     for v in (starts.constant[i], ends.constant[i]))
        if low >= high:
            return None
        shape[a], subs[a] = high - low, '%d..%d' % (low, high)
    return Value('%s[%s]' % (x, ', '.join(subs)), shape)


@op('Pad')
def pad(node, x, pads, value=None):
    mode = node.attribute.get('mode', 'constant')
    if mode != 'constant' or min(pads.constant) < 0:
        return None
    n = len(x.shape)
    shape = [d + pads.constant[i] + pads.constant[n + i] for i, d in enumerate(x.shape)]
    fill = float(value.constant[0]) if value else 0.0
    before, after = list(pads.constant[:n]), list(pads.constant[n:])
    y = 'pad(%s - %r, %s, %s) + %r' % (x, fill, before, after, fill)
    return Value(y, shape) if floats(x) else None


@op('DepthToSpace')
def depth_to_space(node, x):
    n, c, h, w = x.shape
    b = node.attribute['blocksize']
    order = 'n (p q c) h w' if node.attribute.get('mode', 'DCR') == 'DCR' else 'n (c p q) h w'
    return Value('rearrange(%s, "%s -> n c (h p) (w q)", p=%d, q=%d)' % (x, order, b, b),
                 [n, c // b // b, h * b, w * b])


@op('SpaceToDepth')
def space_to_depth(node, x):
    n, c, h, w = x.shape
    b = node.attribute['blocksize']
    return Value('rearrange(%s, "n c (h p) (w q) -> n (p q c) h w", p=%d, q=%d)' % (x, b, b),
                 [n, c * b * b, h // b, w // b])


@op('Tile')
def tile(node, x, repeats):
    y = x
    for a, r in enumerate(repeats.constant):
        shape = list(y.shape)
        shape[a] *= r
        y = Value('concat([%s], axis=%d)' % (', '.join([str(y)] * r), a), shape)
    return y


@op('Trilu')
def trilu(node, x, k=None):
    if not floats(x) or 0 in x.shape:
        return None
    h, w = x.shape[-2:]
    k = k.constant[0] if k else 0
    sign = '>=' if node.attribute.get('upper', 1) else '<='
    row = 'reshape(f32(0..%d), [%d, 1])' % (h, h)
    column = 'reshape(f32(0..%d), [1, %d])' % (w, w)
    return Value('where(%s - %s %s %d, %s, 0)' % (column, row, sign, k, x), x.shape)


# ---- indices --------------------------------------------------------------------
@op('Gather')
def gather(node, x, index):
    axis = axis_of(node.attribute.get('axis', 0), len(x.shape))
    if index.kind == 'f32':
        return None
    return Value('gather(%s, %s, axis=%d)' % (x, index, axis),
                 x.shape[:axis] + index.shape + x.shape[axis + 1:])


@op('OneHot')
def one_hot(node, index, depth, values):
    rank = len(index.shape) + 1
    axis = axis_of(node.attribute.get('axis', -1), rank)
    if index.kind == 'f32':
        return None
    off, on = map(float, values.constant)
    axes = list(range(rank - 1))
    axes.insert(axis, rank - 1)
    y = Value('one_hot(%s)' % index, index.shape + [int(depth.constant[0])])
    y = transposed(y, axes)
    return Value('%s * %r + %r' % (y, on - off, off), y.shape)


@op('ArgMax', 'ArgMin')
def argmax(node, x):
    axis = axis_of(node.attribute.get('axis', 0), len(x.shape))
    z = ('' if node.op == 'ArgMax' else '-') + str(x)
    shape = x.shape[:axis] + x.shape[axis + 1:]
    y = Value('f32(argmax(%s, axis=%d))' % (z, axis), shape)
    if node.attribute.get('select_last_index'):  # the first one from behind
        y = Value('%d - f32(argmax(reverse(%s, axis=%d), axis=%d))' %
                  (x.shape[axis] - 1, z, axis, axis), shape)
    keep = x.shape[:axis] + [1] + x.shape[axis + 1:]
    return reshape(y, keep) if node.attribute.get('keepdims', 1) else y


@op('Hardmax')
def hardmax(node, x):
    rank = len(x.shape)
    axis = axis_of(node.attribute.get('axis', -1), rank)
    axes = list(range(rank - 1))
    axes.insert(axis, rank - 1)
    shape = x.shape[:axis] + x.shape[axis + 1:] + [x.shape[axis]]
    return transposed(Value('one_hot(argmax(%s, axis=%d))' % (x, axis), shape), axes)


@op('CumSum')
def cumsum(node, x, axis):
    a = axis_of(axis.constant[0], len(x.shape))
    if node.attribute.get('reverse'):
        y = 'reverse(cumsum(reverse(%s, axis=%d), axis=%d), axis=%d)' % (x, a, a, a)
    else:
        y = 'cumsum(%s, axis=%d)' % (x, a)
    if node.attribute.get('exclusive'):  # without the element itself
        y += ' - %s' % x
    return Value(y, x.shape)


# ---- reductions -----------------------------------------------------------------
REDUCE = {
    'ReduceSum': 'sum({0}, {1})', 'ReduceMean': 'mean({0}, {1})',
    'ReduceMax': 'max({0}, {1})', 'ReduceMin': 'min({0}, {1})',
    'ReduceProd': 'prod({0}, {1})', 'ReduceL1': 'sum(abs({0}), {1})',
    'ReduceL2': 'sqrt(sum({0} ** 2, {1}))', 'ReduceSumSquare': 'sum({0} ** 2, {1})',
    'ReduceLogSum': 'log(sum({0}, {1}))', 'ReduceLogSumExp': 'log(sum(exp({0}), {1}))',
}


@op(*REDUCE)
def reduce(node, x, given=None):
    rank = len(x.shape)
    axes = list(given.constant) if given else node.attribute.get('axes') or []
    if not axes and node.attribute.get('noop_with_empty_axes'):
        return Value(str(x), x.shape)
    axes = sorted(axis_of(a, rank) for a in axes) or list(range(rank))
    keep = node.attribute.get('keepdims', 1)
    arguments = 'axis=%s, keep=%s' % (axes, 'true' if keep else 'false')
    shape = [1 if i in axes else d for i, d in enumerate(x.shape) if keep or i not in axes]
    return Value(REDUCE[node.op].format(x, arguments), shape) if floats(x) else None


@op('Softmax', 'LogSoftmax')
def softmax(node, x):
    rank = len(x.shape)
    axis = axis_of(node.attribute.get('axis', -1), rank)
    swap = list(range(rank))
    swap[axis], swap[-1] = swap[-1], swap[axis]
    z = transposed(x, swap)
    f = 'softmax' if node.op == 'Softmax' else 'log_softmax'
    return transposed(Value('%s(%s)' % (f, z), z.shape), swap)


@op('LayerNormalization')
def layer_normalization(node, x, scale, bias=None):
    rank = len(x.shape)
    axis = axis_of(node.attribute.get('axis', -1), rank)
    eps = float(node.attribute.get('epsilon', 1e-5))
    axes = list(range(axis, rank))
    c = '(%s - mean(%s, axis=%s, keep=true))' % (x, x, axes)
    y = '%s / sqrt(mean(%s ** 2, axis=%s, keep=true) + %r) * %s' % (c, c, axes, eps, scale)
    return Value(y + (' + %s' % bias if bias else ''), x.shape)


@op('InstanceNormalization')
def instance_normalization(node, x, scale, bias):
    axes = list(range(2, len(x.shape)))
    eps = float(node.attribute.get('epsilon', 1e-5))
    per_channel = [1, x.shape[1]] + [1] * len(axes)
    c = '(%s - mean(%s, axis=%s, keep=true))' % (x, x, axes)
    y = '%s / sqrt(mean(%s ** 2, axis=%s, keep=true) + %r)' % (c, c, axes, eps)
    return Value('%s * %s + %s' % (y, reshape(scale, per_channel), reshape(bias, per_channel)),
                 x.shape)


@op('MeanVarianceNormalization')
def mvn(node, x):
    axes = node.attribute.get('axes') or [0, 2, 3]
    c = '(%s - mean(%s, axis=%s, keep=true))' % (x, x, axes)
    return Value('%s / (sqrt(mean(%s ** 2, axis=%s, keep=true)) + 1e-9)' % (c, c, axes), x.shape)


@op('BatchNormalization')
def batch_normalization(node, x, scale, bias, mean, var):
    eps, keep = (float(node.attribute.get(k, d)) for k, d in
                 (('epsilon', 1e-5), ('momentum', 0.9)))
    wide = [1, x.shape[1]] + [1] * (len(x.shape) - 2)
    s, b, m, v = (reshape(t, wide) for t in (scale, bias, mean, var))
    if node.attribute.get('training_mode'):
        axes = [0] + list(range(2, len(x.shape)))
        now = 'mean(%s, axis=%s, keep=true)' % (x, axes)
        spread = 'mean((%s - %s) ** 2, axis=%s, keep=true)' % (x, now, axes)
        moved = [Value('mix(%s, reshape(%s, %s), %r)' % (old, new, old.shape, keep), old.shape)
                 for old, new in ((mean, now), (var, spread))]
        y = '(%s - %s) / sqrt(%s + %r) * %s + %s' % (x, now, spread, eps, s, b)
        return [Value(y, x.shape)] + moved
    return Value('(%s - %s) / sqrt(%s + %r) * %s + %s' % (x, m, v, eps, s, b), x.shape)


# ---- contractions ---------------------------------------------------------------
@op('MatMul')
def matmul(node, a, b):
    if not floats(a, b) or len(a.shape) < 2 or len(b.shape) < 2:
        return None
    return Value('%s @ %s' % (a, b), a.shape[:-1] + b.shape[-1:])


@op('Gemm')
def gemm(node, a, b, c=None):
    if node.attribute.get('transA'):
        a = Value('transpose(%s)' % a, a.shape[::-1])
    if node.attribute.get('transB'):
        b = Value('transpose(%s)' % b, b.shape[::-1])
    y = '%r * (%s @ %s)' % (float(node.attribute.get('alpha', 1)), a, b)
    shape = [a.shape[0], b.shape[1]]
    if c is not None:
        _, c, _ = broadcast(Value(y, shape), c)
        y += ' + %r * %s' % (float(node.attribute.get('beta', 1)), c)
    return Value(y, shape)


@op('Einsum')
def einsum(node, *values):
    equation = node.attribute['equation'].replace(' ', '')
    if equation == 'bij,bjk->bik':
        return Value('%s @ %s' % values, values[0].shape[:2] + values[1].shape[2:])
    if equation == 'ij->ji':
        return transposed(values[0], [1, 0])
    if equation == 'ij->i':
        return Value('sum(%s, axis=1)' % values[0], values[0].shape[:1])
    if equation == 'i,i':
        return Value('sum(%s * %s)' % values, [])
    return None


# ---- windows of channels, rows in another order, remainders ------------------------
@op('LRN')
def lrn(node, x):
    size, get = node.attribute['size'], node.attribute.get
    alpha, beta, bias = (float(get(k, d)) for k, d in
                         (('alpha', 1e-4), ('beta', 0.75), ('bias', 1.0)))
    n, c = x.shape[:2]
    rest, low = count(x.shape[2:]), (size - 1) // 2
    wide = 'pad(reshape(%s ** 2, %s), [0, %d, 0], [0, %d, 0])' % (
        x, [n, c, rest], low, size - 1 - low)
    total = ' + '.join('%s[0..%d, %d..%d]' % (wide, n, i, i + c) for i in range(size))
    return Value('%s / (%r + %r * reshape(%s, %s)) ** %r' % (
        x, bias, alpha / size, total, x.shape, beta), x.shape)


@op('ReverseSequence')
def reverse_sequence(node, x, lengths):
    """Each column is put together from its first rows, reversed, and the others."""
    time, batch = node.attribute.get('time_axis', 0), node.attribute.get('batch_axis', 1)
    if len(x.shape) != 2:
        return None
    rows = x if batch == 0 else transposed(x, [1, 0])
    n, t = rows.shape
    lines = []
    for i, k in enumerate(lengths.constant):
        k = int(k)
        part = ['reverse((%s)[%d, 0..%d])' % (rows, i, k)]
        part += ['(%s)[%d, %d..%d]' % (rows, i, k, t)] if k < t else []
        lines.append('reshape(concat([%s]), [1, %d])' % (', '.join(part), t))
    y = Value('(concat([%s], axis=0))' % ', '.join(lines), [n, t])
    return y if time == 1 else transposed(y, [1, 0])


@op('IsNaN')
def is_nan(node, x):
    return Value('%s != %s' % (x, x), x.shape, 'bool') if floats(x) else None


@op('Mod')
def mod(node, a, b):
    if not floats(a, b):
        return None
    a, b, shape = broadcast(a, b)
    q = '%s / %s' % (a, b)
    return Value('%s - %s * sign(%s) * floor(abs(%s))' % (a, b, q, q), shape)


# ---- losses ---------------------------------------------------------------------
@op('SoftmaxCrossEntropyLoss', 'NegativeLogLikelihoodLoss')
def loss(node, z, label, weight=None):
    if label.kind == 'f32':
        return None
    rank = len(z.shape)
    z = transposed(z, [0] + list(range(2, rank)) + [1])
    if node.op == 'SoftmaxCrossEntropyLoss':
        each = 'cross_entropy(softmax(%s), %s)' % (z, label)
    else:
        each = '-pick(%s, %s)' % (z, label)
    total, ignored = str(count(label.shape)), node.attribute.get('ignore_index')
    shares = ['gather(%s, %s)' % (weight, label)] if weight is not None else []
    if ignored is not None:
        shares.append('f32(f32(%s) != %d)' % (label, ignored))
    if shares:
        share = ' * '.join(shares)
        each, total = '%s * (%s)' % (share, each), 'sum(%s)' % share
    reduction = node.attribute.get('reduction', 'mean')
    y = Value('sum(%s)' % each + (' / %s' % total if reduction == 'mean' else ''), [])
    if reduction == 'none':
        y = Value(each, label.shape)
    log = Value('log_softmax(%s)' % z, z.shape)
    return [y, transposed(log, [0, rank - 1] + list(range(1, rank - 1)))]
