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
        if get('ceil_mode') and (n + low + high - reach) % stride[i]:
            return None
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


@op('MaxPool', 'AveragePool')
def pool(node, x):
    if len(x.shape) > 4 or not floats(x) or len(node.output) > 1:
        return None
    w = window(node, x, node.attribute['kernel_shape'])
    if w is None or any(d != 1 for d in w[2]):
        return None
    kernel, stride, _, before, after, out = w
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


@op('ConvTranspose')
def conv_transpose(node, x, k):
    """The library's: strides, no more than a kernel over, cut evenly."""
    get = node.attribute.get
    n, c, h, w = (x.shape + [0])[:4] if len(x.shape) == 4 else [0] * 4
    if n != 1 or get('output_padding') or get('output_shape') or get('dilations') or \
            get('auto_pad', 'NOTSET') != 'NOTSET':
        return None
    f, kernel = k.shape[1], k.shape[2:]
    stride, pads = get('strides') or [1, 1], get('pads') or [0] * 4
    over = [max(kernel[i] - stride[i], 0) for i in (0, 1)]
    cut = [over[i] // 2 for i in (0, 1)], [over[i] - over[i] // 2 for i in (0, 1)]
    # `deconv2d` cuts what reaches over; zeros around the image keep it, to be cut here.
    wide = padded(images(x)[0], [1, 1], [1, 1])
    filters = 'rearrange(%s, "c f h w -> h w f c")' % k
    subs, out = [], []
    for i in (0, 1):
        full = (x.shape[2 + i] - 1) * stride[i] + kernel[i]
        first = stride[i] - cut[0][i] + pads[i]
        size = full - pads[i] - pads[2 + i]
        if first < 0 or first + size > wide.shape[i] * stride[i]:
            return None
        subs.append('%d..%d' % (first, first + size))
        out.append(size)
    y = 'deconv2d(%s, %s, %s)[%s]' % (wide, filters, stride, ', '.join(subs))
    return from_images([Value(y, out + [f])], 4)
