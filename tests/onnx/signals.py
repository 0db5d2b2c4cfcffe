"""Fourier transforms as products with sines and cosines; windows."""
import math

from translate import Value, floats, op


def circle(n, bins, inverse=False):
    """cos and sin of 2 pi t k / n as [n, bins]; `inverse` turns the other way."""
    turns = 'f32([%s])' % ', '.join(
        '[%s]' % ', '.join('%d' % (t * k % n) for k in range(bins)) for t in range(n))
    angle = '(%r * %s)' % ((-1 if inverse else 1) * 2 * math.pi / n, turns)
    return 'cos(%s)' % angle, 'sin(%s)' % angle


@op('DFT')
def dft(node, x, length=None):
    """[1, n, m, real or complex] along axis 1 or 2."""
    axis, inverse = node.attribute.get('axis', 1), node.attribute.get('inverse', 0)
    if len(x.shape) != 4 or axis not in (1, 2) or length is not None or \
            node.attribute.get('onesided') or not floats(x):
        return None
    b, n, m, parts = x.shape
    moved = ' '.join(['b', 'n m' if axis == 2 else 'm n'])
    size = x.shape[axis]
    cos, sin = circle(size, size, inverse)
    parts = [Value('rearrange(%s[0..%d, 0..%d, 0..%d, %d], "b n m -> %s")' % (x, b, n, m, i, moved), [])
             for i in range(parts)]
    real, imaginary = '%s @ %s' % (parts[0], cos), '-(%s @ %s)' % (parts[0], sin)
    if len(parts) == 2:
        real, imaginary = ('%s + %s @ %s' % (real, parts[1], sin),
                           '%s + %s @ %s' % (imaginary, parts[1], cos))
    scale = ' * %r' % (1 / size) if inverse else ''
    ys = ['rearrange((%s)%s, "%s -> b n m")' % (y, scale, moved) for y in (real, imaginary)]
    return Value('concat([%s], axis=3)' % ', '.join(
        'reshape(%s, %s)' % (y, [b, n, m, 1]) for y in ys), [b, n, m, 2])


@op('STFT')
def stft(node, signal, step, window=None, length=None):
    size = window.shape[0] if window is not None else int(length.constant[0])
    hop = int(step.constant[0])
    b, n = signal.shape[:2]
    if b != 1 or signal.shape[2:] not in ([], [1]):
        return None
    bins = size // 2 + 1 if node.attribute.get('onesided', 1) else size
    rows = (n - size) // hop + 1
    frames = 'frames(reshape(%s, [%d]), %d, %d)' % (signal, n, size, hop)
    if window is not None:
        frames = '(%s * %s)' % (frames, window)
    cos, sin = circle(size, bins)
    ys = ', '.join('reshape(%s(%s @ %s), %s)' % (sign, frames, f, [1, rows, bins, 1])
                   for sign, f in (('', cos), ('-', sin)))
    return Value('concat([%s], axis=3)' % ys, [1, rows, bins, 2])


@op('MelWeightMatrix', 'HannWindow', 'HammingWindow', 'BlackmanWindow')
def constants(node, *values):
    n = values[0].constant[0] if values else 0
    if node.op == 'MelWeightMatrix' or not isinstance(n, int):
        return None
    size = n if node.attribute.get('periodic', 1) else n - 1
    pi = 3.1415  # as the operator's definition has it
    t = '(%r * f32(0..%d))' % (2 * pi / size, n)
    text = {'HannWindow': '0.5 - 0.5 * cos(%s)' % t,
            'HammingWindow': '%r - %r * cos(%s)' % (25 / 46, 21 / 46, t),
            'BlackmanWindow': '0.42 - 0.5 * cos(%s) + 0.08 * cos(2 * %s)' % (t, t)}[node.op]
    return Value(text, [n])
