"""Convolutions and pools as dl: theirs are channels first and a batch, dl's channels last
and one image."""
from translate import Value, floats, op, reshape


def images(x):
    """Channels last, one image each: [n, c, h, w], or [n, c, w] as one row."""
    n, c = x.shape[:2]
    if len(x.shape) == 3:
        x = reshape(x, [n, c, 1, x.shape[2]])
    return [Value('rearrange(%s[%d], "c h w -> h w c")' % (x, i), x.shape[2:] + [c])
            for i in range(n)]


def from_images(ys, rank):
    """Back to [n, c, ..]."""
    h, w, c = ys[0].shape
    one = ['rearrange(%s, "h w c -> c h w")' % y for y in ys]
    y = Value('reshape(concat([%s], axis=0), %s)' % (', '.join(one), [len(ys), c, h, w]),
              [len(ys), c, h, w])
    return reshape(y, [len(ys), c, w]) if rank == 3 else y


def window(node, x, kernel):
    """Strides, dilations, pads and extents of the results, rows then columns."""
    rank = len(x.shape) - 2
    get = node.attribute.get
    stride, dilation = get('strides') or [1] * rank, get('dilations') or [1] * rank
    pads, auto = get('pads') or [0] * 2 * rank, get('auto_pad', 'NOTSET')
    before, after, out = [], [], []
    for i in range(rank):
        n, reach = x.shape[2 + i], (kernel[i] - 1) * dilation[i] + 1
        if auto.startswith('SAME'):
            m = -(-n // stride[i])
            total = max((m - 1) * stride[i] + reach - n, 0)
            low = total // 2 if auto == 'SAME_UPPER' else total - total // 2
            high = total - low
        else:
            low, high = pads[i], pads[rank + i]
        if get('ceil_mode'):  # a last window reaches over the end
            high += -(n + low + high - reach) % stride[i]
        before.append(low)
        after.append(high)
        out.append((n + low + high - reach) // stride[i] + 1)
    if rank == 1:
        kernel, stride, dilation = [1] + kernel, [1] + stride, [1] + dilation
        before, after, out = [0] + before, [0] + after, [1] + out
    return kernel, stride, dilation, before, after, out


def padded(x, before, after, fill=None):
    b, a = before + [0], after + [0]
    shape = [d + p + q for d, p, q in zip(x.shape, b, a)]
    if fill is None:
        return Value('pad(%s, %s, %s)' % (x, b, a), shape)
    inside = 'pad(full(1, %s), %s, %s) > 0' % (x.shape, b, a)
    return Value('where(%s, pad(%s, %s, %s), %s)' % (inside, x, b, a, fill), shape)


@op('Conv')
def conv(node, x, k, bias=None):
    if len(x.shape) > 4:
        return None
    w = window(node, x, k.shape[2:])
    if w is None:
        return None
    kernel, stride, dilation, before, after, out = w
    f, cg = k.shape[:2]
    filters = 'rearrange(%s, "f c h w -> h w c f")' % reshape(k, [f, cg] + kernel)
    ys = []
    for image in images(x):
        y = 'conv2d(%s, %s, %s, valid, %s, %d)' % (
            padded(image, before, after), filters, stride, dilation,
            node.attribute.get('group', 1))
        ys.append(Value(y + (' + %s' % bias if bias else ''), out + [f]))
    return from_images(ys, len(x.shape))


def shifted(x, before, after, offset, out, fill=0):
    """The elements of x (spatial axes last, any rank) that a tap sees at each place."""
    lead = len(x.shape) - len(out)
    b, a = [0] * lead + before, [0] * lead + after
    y = 'pad(%s - %s, %s, %s) + %s' % (x, fill, b, a, fill) if any(b + a) else str(x)
    subs = ['0..%d' % d for d in x.shape[:lead]] + \
        ['%d..%d' % (o, o + n) for o, n in zip(offset, out)]
    return '(%s)[%s]' % (y, ', '.join(subs))


def pool_of_taps(node, x, dilation):
    """Pools of any rank and with holes, by a shifted copy for each tap; stride 1."""
    get, rank = node.attribute.get, len(x.shape) - 2
    kernel = get('kernel_shape')
    out = [d - (k - 1) * e for d, k, e in zip(x.shape[2:], kernel, dilation)]
    if any(s != 1 for s in get('strides') or []) or any(get('pads') or []):
        return None
    taps = [[]]
    for k, e in zip(kernel, dilation):
        taps = [t + [i * e] for t in taps for i in range(k)]
    none = [0] * rank
    seen = [shifted(x, none, none, t, out) for t in taps]
    if node.op == 'AveragePool':
        return Value('(%s) / %d' % (' + '.join(seen), len(seen)), x.shape[:2] + out)
    y = seen[0]
    for other in seen[1:]:
        y = 'maximum(%s, %s)' % (y, other)
    return Value(y, x.shape[:2] + out)


@op('MaxPool', 'AveragePool')
def pool(node, x):
    if not floats(x) or len(node.output) > 1:
        return None
    dilation = node.attribute.get('dilations') or [1] * (len(x.shape) - 2)
    if len(x.shape) > 4 or any(d != 1 for d in dilation):
        return pool_of_taps(node, x, dilation)
    kernel, stride, _, before, after, out = window(node, x, node.attribute['kernel_shape'])
    ys = []
    for image in images(x):
        c = image.shape[2]
        if node.op == 'MaxPool':
            y = 'maxpool(%s, %s, %s)' % (padded(image, before, after, '-3e38'), kernel, stride)
        else:
            y = 'avgpool(%s, %s, %s)' % (padded(image, before, after), kernel, stride)
            ones = padded(Value('full(1, %s)' % (image.shape[:2] + [1]), image.shape[:2] + [1]),
                          before, after)
            if not node.attribute.get('count_include_pad'):
                y += ' / avgpool(%s, %s, %s)' % (ones, kernel, stride)
        ys.append(Value(y, out + [c]))
    return from_images(ys, len(x.shape))


@op('GlobalAveragePool', 'GlobalMaxPool')
def global_pool(node, x):
    f = 'mean' if node.op == 'GlobalAveragePool' else 'max'
    axes = list(range(2, len(x.shape)))
    return Value('%s(%s, axis=%s, keep=true)' % (f, x, axes), x.shape[:2] + [1] * len(axes))


def grown(node, x, k):
    """Strides, dilations, extents of the whole result, and what is cut off before; None:
    groups."""
    get, rank = node.attribute.get, len(x.shape) - 2
    stride, dilation = get('strides') or [1] * rank, get('dilations') or [1] * rank
    extra = get('output_padding') or [0] * rank
    whole = [(x.shape[2 + i] - 1) * stride[i] + (k.shape[2 + i] - 1) * dilation[i] + 1
             for i in range(rank)]
    pads = get('pads') or [0] * 2 * rank
    auto, wanted = get('auto_pad', 'NOTSET'), get('output_shape')
    if auto.startswith('SAME') and not wanted:
        wanted = [d * s for d, s in zip(x.shape[2:], stride)]
    if wanted:
        total = [n + e - w for n, e, w in zip(whole, extra, wanted)]
        first = [t // 2 if auto == 'SAME_UPPER' else t - t // 2 for t in total]
        return stride, dilation, whole, first, list(wanted)
    size = [whole[i] - pads[i] - pads[rank + i] + extra[i] for i in range(rank)]
    return (stride, dilation, whole, pads[:rank], size) if get('group', 1) == 1 else None


def transpose_of_taps(x, k, dilation, whole):
    """Any rank, stride 1: each tap adds a shifted copy of the input, for one channel."""
    if x.shape[1] != 1:
        return None
    taps = [[]]
    for d in k.shape[2:]:
        taps = [t + [i] for t in taps for i in range(d)]
    ys = []
    for f in range(k.shape[1]):
        terms = []
        for t in taps:
            before = [i * e for i, e in zip(t, dilation)]
            after = [n - d - b for n, d, b in zip(whole, x.shape[2:], before)]
            weight = '%s[%s]' % (k, ', '.join(map(str, [0, f] + t)))
            terms.append('%s * pad(%s, %s, %s)' % (weight, x, [0, 0] + before, [0, 0] + after))
        ys.append('(%s)' % ' + '.join(terms))
    return Value('concat([%s], axis=1)' % ', '.join(ys), [1, k.shape[1]] + whole)


def transpose_of_images(x, k, stride, whole):
    """The library's `deconv2d`, which cuts what reaches over: zeros around the image keep
    it, to be cut here."""
    kernel = k.shape[2:]
    wide = padded(images(x)[0], [1, 1], [1, 1])
    y = 'deconv2d(%s, rearrange(%s, "c f h w -> h w f c"), %s)' % (wide, k, stride)
    subs = []
    for i in (0, 1):
        over = max(kernel[i] - stride[i], 0)
        first = stride[i] - over // 2
        if first < 0 or first + whole[i] > wide.shape[i] * stride[i]:
            return None
        subs.append('%d..%d' % (first, first + whole[i]))
    return from_images([Value('%s[%s]' % (y, ', '.join(subs)), whole + [k.shape[1]])], 4)


@op('ConvTranspose')
def conv_transpose(node, x, k):
    form = grown(node, x, k)
    if x.shape[0] != 1 or form is None:
        return None
    stride, dilation, whole, first, size = form
    if len(x.shape) == 4 and all(d == 1 for d in dilation):
        y = transpose_of_images(x, k, stride, whole)
    else:
        y = transpose_of_taps(x, k, dilation, whole) if all(s == 1 for s in stride) else None
    if y is None:
        return None
    more = [max(a + n - w, 0) for a, n, w in zip(first, size, whole)]  # output_padding
    lead = [0, 0]
    subs = ['0..%d' % d for d in y.shape[:2]] + ['%d..%d' % (a, a + n) for a, n in zip(first, size)]
    return Value('pad(%s, %s, %s)[%s]' % (y, lead + [0] * len(more), lead + more, ', '.join(subs)),
                 y.shape[:2] + size)
