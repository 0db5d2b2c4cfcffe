"""Every layer of the library."""
import math

import torch
import torch.nn.functional as F

from case import Case

CASES = []


def case(*args, **more):
    def note(function):
        CASES.append(Case(args[0], args[1], args[2], args[3], function, **more))
        return function
    return note


# ---- pointwise, dense -----------------------------------------------------------
ACTIVATIONS = {
    'linear': lambda z: z, 'relu': F.relu, 'relu6': F.relu6,
    'leaky_relu': lambda z: F.leaky_relu(z, 0.01), 'elu': F.elu, 'selu': F.selu,
    'softplus': F.softplus, 'sigmoid': torch.sigmoid, 'logistic': torch.sigmoid,
    'hard_sigmoid': F.hardsigmoid, 'silu': F.silu, 'swish': F.silu, 'gelu': F.gelu,
    'softsign': F.softsign, 'tanh': torch.tanh, 'softmax': lambda z: F.softmax(z, -1),
    'log_softmax': lambda z: F.log_softmax(z, -1),
}
for name, act in ACTIVATIONS.items():
    CASES.append(Case('dense_' + name, {'x': [6]}, [5], 'y = x |> dense(5, %s)' % name,
                      lambda p, x, act=act: act(x @ p[0] + p[1])))
CASES.append(Case('dense_rows', {'x': [3, 6]}, [3, 5], 'y = x |> dense(5, bias=false)',
                  lambda p, x: x @ p[0]))
CASES.append(Case('log_sum_exp', {'x': [3, 6]}, [3], 'y = x |> dense(4) |> log_sum_exp',
                  lambda p, x: torch.logsumexp(x @ p[0] + p[1], -1)))
CASES.append(Case('norm', {'x': [6]}, [], 'y = x |> dense(4) |> norm',
                  lambda p, x: torch.linalg.norm(x @ p[0] + p[1], dim=-1)))
CASES.append(Case('mix', {'x': [6]}, [6], 'y = mix(dense(x, 6), x, 0.3)',
                  lambda p, x: 0.3 * (x @ p[0] + p[1]) + 0.7 * x))
CASES.append(Case('residual', {'x': [6]}, [6], 'y = x |> residual(dense(6, tanh) |> dense(6))',
                  lambda p, x: x + torch.tanh(x @ p[0] + p[1]) @ p[2] + p[3]))
CASES.append(Case('rescale', {'x': [6]}, [4], 'y = x |> rescale(0.5, 1) |> dense(4)',
                  lambda p, x: (x * 0.5 + 1) @ p[0] + p[1]))
CASES.append(Case('dropout_inference', {'x': [6]}, [4], 'y = x |> dropout(0.0) |> dense(4)',
                  lambda p, x: x @ p[0] + p[1]))
CASES.append(Case('embedding', {'i': ('index(7)', [5])}, [5, 3], 'y = i |> embedding(3)',
                  lambda p, i: p[0][i]))
CASES.append(Case('embedding_tied', {'i': ('index(7)', [5])}, [5, 7],
                  'layer e = embedding(3)\nh = e(i) |> dense(3, tanh)\n'
                  'y = h @ transpose(e.table)',
                  lambda p, i: torch.tanh(p[0][i] @ p[1] + p[2]) @ p[0].T))
CASES.append(Case('shared_layer', {'a': [4], 'b': [4]}, [3],
                  'layer f = dense(3, tanh)\ny = f(a) * f(b)',
                  lambda p, a, b: torch.tanh(a @ p[0] + p[1]) * torch.tanh(b @ p[0] + p[1])))


# ---- convolutions: [n, h, w, c] and [kh, kw, c, f] --------------------------------
def same(n, k, s, d=1):
    total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
    return total // 2, total - total // 2


def conv(x, w, stride=(1, 1), pad='valid', dilation=(1, 1), groups=1):
    x = x.permute(0, 3, 1, 2)
    if pad == 'same':
        h = same(x.shape[2], w.shape[0], stride[0], dilation[0])
        v = same(x.shape[3], w.shape[1], stride[1], dilation[1])
        x = F.pad(x, v + h)
    y = F.conv2d(x, w.permute(3, 2, 0, 1), None, stride, 0, dilation, groups)
    return y.permute(0, 2, 3, 1)


def depthwise(x, w, stride=(1, 1), pad='same', dilation=(1, 1)):
    return conv(x, w.reshape(w.shape[:2] + (1, -1)), stride, pad, dilation, x.shape[3])


IMAGE = {'x': [7, 6, 3]}
CASES.append(Case('conv_valid', IMAGE, [5, 4, 4], 'y = x |> conv(4, 3, relu)',
                  lambda p, x: F.relu(conv(x, p[0]) + p[1])))
CASES.append(Case('conv_same', IMAGE, [7, 6, 4], 'y = x |> conv(4, [3, 2], pad=same)',
                  lambda p, x: conv(x, p[0], pad='same') + p[1]))
CASES.append(Case('conv_stride', IMAGE, [4, 3, 4], 'y = x |> conv(4, 3, stride=2, pad=same)',
                  lambda p, x: conv(x, p[0], (2, 2), 'same') + p[1]))
CASES.append(Case('conv_stride_valid', IMAGE, [2, 5, 4],
                  'y = x |> conv(4, [4, 2], stride=[3, 1], bias=false)',
                  lambda p, x: conv(x, p[0], (3, 1))))
CASES.append(Case('general_conv', IMAGE, [7, 6, 6],
                  'y = x |> general_conv(6, 3, pad=same, dilation=2, groups=3)',
                  lambda p, x: conv(x, p[0], pad='same', dilation=(2, 2), groups=3) + p[1]))
CASES.append(Case('general_conv_valid', IMAGE, [3, 5, 4],
                  'y = x |> general_conv(4, [3, 2], dilation=[2, 1], act=tanh)',
                  lambda p, x: torch.tanh(conv(x, p[0], dilation=(2, 1)) + p[1])))
CASES.append(Case('depthwise', IMAGE, [7, 6, 3], 'y = x |> depthwise(3)',
                  lambda p, x: depthwise(x, p[0]) + p[1]))
CASES.append(Case('depthwise_stride', IMAGE, [4, 3, 3], 'y = x |> depthwise(3, stride=2)',
                  lambda p, x: depthwise(x, p[0], (2, 2)) + p[1]))
CASES.append(Case('depthwise_dilated', IMAGE, [3, 2, 3],
                  'y = x |> depthwise(3, pad=valid, dilation=2)',
                  lambda p, x: depthwise(x, p[0], pad='valid', dilation=(2, 2)) + p[1]))


def deconv(x, w, stride, extent):
    """The gradient of a `same` convolution for its image."""
    image = torch.zeros([x.shape[0]] + list(extent), requires_grad=True)
    y = conv(image, w, stride, 'same')
    return torch.autograd.grad(y, image, x, create_graph=True)[0]


CASES.append(Case('deconv', {'x': [3, 4, 3]}, [6, 8, 2], 'y = x |> deconv(2, 3)',
                  lambda p, x: deconv(x, p[0], (2, 2), [6, 8, 2]) + p[1]))
CASES.append(Case('deconv_one', {'x': [3, 4, 3]}, [3, 4, 2], 'y = x |> deconv(2, 2, stride=1)',
                  lambda p, x: deconv(x, p[0], (1, 1), [3, 4, 2]) + p[1]))


def conv1d(x, w, stride=1, pad='valid', dilation=1, groups=1):
    reach = (w.shape[0] - 1) * dilation
    x = x.permute(0, 2, 1)
    if pad == 'causal':
        x = F.pad(x, (reach, 0))
    elif pad == 'same':
        x = F.pad(x, same(x.shape[2], w.shape[0], stride, dilation))
    return F.conv1d(x, w.permute(2, 1, 0), None, stride, 0, dilation, groups).permute(0, 2, 1)


ROWS = {'x': [9, 4]}
CASES.append(Case('conv1d', ROWS, [7, 5], 'y = x |> conv1d(5, 3, relu)',
                  lambda p, x: F.relu(conv1d(x, p[0]) + p[1])))
CASES.append(Case('conv1d_same', ROWS, [5, 5], 'y = x |> conv1d(5, 4, stride=2, pad=same)',
                  lambda p, x: conv1d(x, p[0], 2, 'same') + p[1]))
CASES.append(Case('conv1d_causal', ROWS, [9, 6],
                  'y = x |> conv1d(6, 3, pad=causal, dilation=2, groups=2)',
                  lambda p, x: conv1d(x, p[0], 1, 'causal', 2, 2) + p[1]))


# ---- pools ----------------------------------------------------------------------
def pool(x, size, stride, pad='valid', largest=True):
    x = x.permute(0, 3, 1, 2)
    low = (0, 0, 0, 0)
    if pad == 'same':
        low = same(x.shape[3], size[1], stride[1]) + same(x.shape[2], size[0], stride[0])
    if largest:
        y = F.max_pool2d(F.pad(x, low, value=-math.inf), size, stride)
    else:
        y = F.avg_pool2d(F.pad(x, low), size, stride) / \
            F.avg_pool2d(F.pad(torch.ones_like(x), low), size, stride)
    return y.permute(0, 2, 3, 1)


def behind_conv(name, shape, call, function):
    CASES.append(Case(name, IMAGE, shape, 'y = x |> conv(3, 1) |> ' + call,
                      lambda p, x: function(conv(x, p[0]) + p[1])))


behind_conv('maxpool', [3, 3, 3], 'maxpool', lambda z: pool(z, (2, 2), (2, 2)))
behind_conv('maxpool_over', [3, 2, 3], 'maxpool([2, 3], 2)', lambda z: pool(z, (2, 3), (2, 2)))
behind_conv('maxpool_same', [4, 3, 3], 'maxpool(3, 2, pad=same)',
            lambda z: pool(z, (3, 3), (2, 2), 'same'))
behind_conv('avgpool', [3, 3, 3], 'avgpool', lambda z: pool(z, (2, 2), (2, 2), largest=False))
behind_conv('avgpool_same', [4, 3, 3], 'avgpool(3, 2, pad=same)',
            lambda z: pool(z, (3, 3), (2, 2), 'same', False))
behind_conv('global_avgpool', [3], 'global_avgpool', lambda z: z.mean((1, 2)))
behind_conv('global_maxpool', [3], 'global_maxpool', lambda z: z.amax((1, 2)))
behind_conv('flatten', [126], 'flatten', lambda z: z.flatten(1))
CASES.append(Case('maxpool1d', ROWS, [5, 4], 'y = x |> conv1d(4, 1) |> maxpool1d(2, pad=same)',
                  lambda p, x: pool((conv1d(x, p[0]) + p[1])[:, None], (1, 2), (1, 2),
                                    'same')[:, 0]))
CASES.append(Case('avgpool1d', ROWS, [4, 4], 'y = x |> conv1d(4, 1) |> avgpool1d(3, 2)',
                  lambda p, x: pool((conv1d(x, p[0]) + p[1])[:, None], (1, 3), (1, 2),
                                    largest=False)[:, 0]))


# ---- normalisation: batchnorm's own test compares what it keeps too ---------------
@case('batchnorm', {'x': [5, 4]}, [5, 4], 'y = x |> dense(4) |> batchnorm')
def batchnorm(p, x):
    self = batchnorm
    z = x @ p[0] + p[1]
    if not this('batchnorm').training:
        return z / math.sqrt(1 + 1e-3) * p[2] + p[3]  # mu 0, var 1 before the first step
    m, v = z.mean((0, 1)), z.var((0, 1), unbiased=False)
    return (z - m) / torch.sqrt(v + 1e-3) * p[2] + p[3]


def this(name):
    return next(c for c in CASES if c.name == name)


CASES.append(Case('layernorm', {'x': [5, 4]}, [5, 6], 'y = x |> dense(6) |> layernorm',
                  lambda p, x: F.layer_norm(x @ p[0] + p[1], [6], p[2], p[3], 1e-5)))
CASES.append(Case('rmsnorm', {'x': [5, 4]}, [5, 6], 'y = x |> dense(6) |> transformer.rmsnorm',
                  lambda p, x: F.rms_norm(x @ p[0] + p[1], [6], p[2], 1e-6),
                  imports=['transformer']))
CASES.append(Case('groupnorm', {'x': [3, 4, 2]}, [3, 4, 6],
                  'y = x |> conv(6, 1) |> vision.groupnorm(3)',
                  lambda p, x: F.group_norm((conv(x, p[0]) + p[1]).permute(0, 3, 1, 2), 3, p[2],
                                            p[3], 1e-5).permute(0, 2, 3, 1),
                  imports=['vision']))
CASES.append(Case('instancenorm', {'x': [3, 4, 2]}, [3, 4, 6],
                  'y = x |> conv(6, 1) |> vision.instancenorm',
                  lambda p, x: F.group_norm((conv(x, p[0]) + p[1]).permute(0, 3, 1, 2), 6, p[2],
                                            p[3], 1e-5).permute(0, 2, 3, 1),
                  imports=['vision']))


# ---- time -----------------------------------------------------------------------
def lstm(x, w, u, b):
    """By PyTorch's own cell: its gates are i f g o, as here."""
    h = c = torch.zeros(x.shape[0], u.shape[0])
    out = []
    for t in range(x.shape[1]):
        i, f, g, o = (x[:, t] @ w + h @ u + b).chunk(4, -1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        out.append(h)
    y = torch.stack(out, 1)
    cell = torch._VF.lstm(x, (torch.zeros(1, x.shape[0], u.shape[0]),) * 2,
                          [w.T.contiguous(), u.T.contiguous(), b, torch.zeros_like(b)], True, 1,
                          0.0, False, False, True)[0]
    assert torch.allclose(y, cell)
    return y


def gru(x, w, u, b, d):
    """PyTorch's gates are r z n, ours z r n."""
    k = u.shape[0]
    order = torch.cat([torch.arange(k, 2 * k), torch.arange(0, k), torch.arange(2 * k, 3 * k)])
    return torch._VF.gru(x, torch.zeros(1, x.shape[0], k),
                         [w[:, order].T.contiguous(), u[:, order].T.contiguous(), b[order],
                          d[order]], True, 1, 0.0, False, False, True)[0]


def rnn(x, w, u, b):
    return torch._VF.rnn_tanh(x, torch.zeros(1, x.shape[0], u.shape[0]),
                              [w.T.contiguous(), u.T.contiguous(), b, torch.zeros_like(b)],
                              True, 1, 0.0, False, False, True)[0]


CASES.append(Case('rnn', {'x': [6, 3]}, [6, 4], 'y = x |> rnn(4)', lambda p, x: rnn(x, *p)))
CASES.append(Case('scan_backwards', {'x': [6, 3]}, [6, 4],
                  'y = reverse(x) |> scan(rnn_cell(4))', lambda p, x: rnn(x.flip(1), *p)))
CASES.append(Case('stacked', {'x': [6, 3]}, [6, 4], 'y = x |> stacked(4, 2, cell=gru)',
                  lambda p, x: gru(gru(x, *p[:4]), *p[4:])))
CASES.append(Case('lstm', {'x': [6, 3]}, [6, 4], 'y = x |> lstm(4)',
                  lambda p, x: lstm(x, *p)))
CASES.append(Case('lstm_last', {'x': [6, 3]}, [2], 'y = x |> lstm(4) |> last |> dense(2)',
                  lambda p, x: lstm(x, *p[:3])[:, -1] @ p[3] + p[4]))
CASES.append(Case('gru', {'x': [6, 3]}, [6, 4], 'y = x |> gru(4)', lambda p, x: gru(x, *p)))
CASES.append(Case('bidirectional', {'x': [6, 3]}, [6, 7],
                  'y = x |> bidirectional(lstm_cell(4), gru_cell(3))',
                  lambda p, x: torch.cat([lstm(x, *p[:3]), gru(x.flip(1), *p[3:]).flip(1)], -1)))
CASES.append(Case('mask', {'x': [6, 3], 'n': ('index(7)', [])}, [6, 3],
                  'y = mask(dense(x, 3), n)',
                  lambda p, x, n: (x @ p[0] + p[1]) *
                  (torch.arange(6) < n[:, None]).double()[..., None]))


# ---- attention ------------------------------------------------------------------
def heads(z, h):
    return z.unflatten(-1, (h, -1)).transpose(1, 2)


def attention(p, x, h, causal=False):
    q, k, v = (x @ p[0]).chunk(3, -1)
    y = F.scaled_dot_product_attention(heads(q, h), heads(k, h), heads(v, h), is_causal=causal)
    return y.transpose(1, 2).flatten(2) @ p[1]


def cross_attention(p, x, m, h):
    k, v = (m @ p[1]).chunk(2, -1)
    y = F.scaled_dot_product_attention(heads(x @ p[0], h), heads(k, h), heads(v, h))
    return y.transpose(1, 2).flatten(2) @ p[2]


def norm(x, p):
    return F.layer_norm(x, x.shape[-1:], p[0], p[1], 1e-5)


def mlp(p, x):
    return F.gelu(x @ p[0] + p[1]) @ p[2] + p[3]


def block(p, x, h, causal):
    x = x + attention(p[2:4], norm(x, p[:2]), h, causal)
    return x + mlp(p[6:10], norm(x, p[4:6]))


def cross_block(p, x, m, h):
    x = x + attention(p[2:4], norm(x, p[:2]), h, True)
    x = x + cross_attention(p[6:9], norm(x, p[4:6]), m, h)
    return x + mlp(p[11:15], norm(x, p[9:11]))


def sinusoids(t, d):
    at = torch.arange(t)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([at.sin(), at.cos()], -1).flatten(1)


def transformer(name, fields, y, dl, function):
    CASES.append(Case(name, fields, y, dl, function, imports=['transformer']))


TOKENS = {'x': [5, 8]}
transformer('attention', TOKENS, [5, 8], 'y = x |> transformer.attention(2)',
            lambda p, x: attention(p, x, 2))
transformer('attention_causal', TOKENS, [5, 8],
            'y = x |> transformer.attention(4, causal=true)',
            lambda p, x: attention(p, x, 4, True))
transformer('cross_attention', {'x': [5, 8], 'm': [3, 6]}, [5, 8],
            'y = transformer.cross_attention(x, m, 2)',
            lambda p, x, m: cross_attention(p, x, m, 2))
transformer('mlp', TOKENS, [5, 8], 'y = x |> transformer.mlp(12)', lambda p, x: mlp(p, x))
transformer('gated_mlp', TOKENS, [5, 8], 'y = x |> transformer.gated_mlp(12)',
            lambda p, x: (F.silu(x @ p[0]) * (x @ p[1])) @ p[2])
transformer('block', TOKENS, [5, 8], 'y = x |> transformer.block(2, causal=true)',
            lambda p, x: block(p, x, 2, True))
transformer('cross_block', {'x': [5, 8], 'm': [3, 6]}, [5, 8],
            'y = transformer.cross_block(x, m, 2)', lambda p, x, m: cross_block(p, x, m, 2))
transformer('positional', TOKENS, [5, 8], 'y = x |> transformer.positional |> dense(8)',
            lambda p, x: (x + sinusoids(5, 8)) @ p[0] + p[1])
transformer('learned_positions', TOKENS, [5, 8], 'y = x |> transformer.learned_positions',
            lambda p, x: x + p[0])


# ---- vision ---------------------------------------------------------------------
def vision(name, fields, y, dl, function):
    CASES.append(Case(name, fields, y, dl, function, imports=['vision']))


def excite(p, x):
    s = torch.sigmoid(F.relu(x.mean((1, 2)) @ p[0] + p[1]) @ p[2] + p[3])
    return x * s[:, None, None]


def bn(name, z, p):
    if not this(name).training:
        return z / math.sqrt(1 + 1e-3) * p[0] + p[1]
    m, v = z.mean((0, 1, 2)), z.var((0, 1, 2), unbiased=False)
    return (z - m) / torch.sqrt(v + 1e-3) * p[0] + p[1]


@case('separable', {'x': [5, 6, 4]}, [5, 6, 6], 'y = x |> vision.separable(6)',
      imports=['vision'])
def separable(p, x):
    z = F.relu(bn('separable', depthwise(x, p[0]), p[1:3]))
    return F.relu(bn('separable', conv(z, p[3]), p[4:6]))


@case('inverted_residual', {'x': [5, 6, 4]}, [5, 6, 4],
      'y = x |> vision.inverted_residual(4, 3, squeeze=4)', imports=['vision'])
def inverted_residual(p, x):
    name = 'inverted_residual'
    z = F.relu6(bn(name, conv(x, p[0]), p[1:3]))
    z = F.relu6(bn(name, depthwise(z, p[3]), p[4:6]))
    return x + bn(name, conv(excite(p[6:10], z), p[10]), p[11:13])


@case('resblock', {'x': [5, 6, 4]}, [3, 3, 6], 'y = x |> vision.resblock(6, stride=2)',
      imports=['vision'])
def resblock(p, x):
    z = F.relu(bn('resblock', conv(x, p[0], (2, 2), 'same'), p[1:3]))
    z = bn('resblock', conv(z, p[3], pad='same'), p[4:6])
    return F.relu(z + bn('resblock', conv(x, p[6], (2, 2), 'same'), p[7:9]))


vision('excite', {'x': [5, 6, 4]}, [5, 6, 4], 'y = x |> vision.excite(2)', excite)
vision('upsample', {'x': [3, 4, 2]}, [6, 8, 3], 'y = x |> conv(3, 1) |> vision.upsample',
       lambda p, x: (conv(x, p[0]) + p[1]).repeat_interleave(2, 1).repeat_interleave(2, 2))
vision('pixel_shuffle', {'x': [3, 4, 2]}, [6, 8, 2],
       'y = x |> conv(8, 1) |> vision.pixel_shuffle',
       lambda p, x: (conv(x, p[0]) + p[1]).reshape(-1, 3, 4, 2, 2, 2).permute(0, 1, 3, 2, 4, 5)
       .reshape(-1, 6, 8, 2))
vision('patches', {'x': [4, 6, 2]}, [6, 3], 'y = x |> vision.patches(2) |> dense(3)',
       lambda p, x: x.reshape(-1, 2, 2, 3, 2, 2).permute(0, 1, 3, 2, 4, 5).reshape(-1, 6, 8)
       @ p[0] + p[1])

# ---- what is measured over the data: the batch is the data here --------------------


def measure(weights, data):
    weights['n/standardize1/mu'][:] = data['x'].mean(axis=(0, 1))
    weights['n/standardize1/var'][:] = data['x'].var(axis=(0, 1))


CASES.append(Case('standardize', {'x': [7, 5]}, [7, 4], 'y = x |> standardize |> dense(4)',
                  lambda p, x: ((x - x.mean((0, 1))) /
                                (x.var((0, 1), unbiased=False) + 1e-6).sqrt()) @ p[0] + p[1],
                  prepare=lambda name, x: 3 * x + 2 if name == 'x' else x, states=measure))

# ---- sound ----------------------------------------------------------------------
CASES.append(Case('rfft', {'x': [3, 12]}, [3, 7], 're, im = rfft(dense(x, 12))\ny = re * im',
                  lambda p, x: (lambda z: z.real * z.imag)(torch.fft.rfft(x @ p[0] + p[1]))))
CASES.append(Case('spectrogram', {'x': [70]}, [4, 17], 'y = spectrogram(dense(x, 70), 32, 12)',
                  lambda p, x: torch.stft(x @ p[0] + p[1], 32, 12, window=torch.hann_window(32),
                                          center=False, return_complex=True).abs()
                  .transpose(1, 2)))

# ---- positions ------------------------------------------------------------------
CASES.append(Case('cumsum', {'x': [5, 3]}, [5, 4], 'y = cumsum(dense(x, 4), axis=0)',
                  lambda p, x: (x @ p[0] + p[1]).cumsum(1)))
CASES.append(Case('frames', {'x': [12]}, [5, 4], 'y = frames(dense(x, 12), 4, 2)',
                  lambda p, x: (x @ p[0] + p[1]).unfold(1, 4, 2)))
CASES.append(Case('gather_axis', {'x': [4, 5], 'i': ('index(6)', [3])}, [4, 3],
                  'y = gather(dense(x, 6), i, axis=1)',
                  lambda p, x, i: (x @ p[0] + p[1]).gather(2, i[:, None].expand(-1, 4, -1))))
CASES.append(Case('batched_product', {'x': [2, 4, 5]}, [2, 4, 4],
                  'z = rearrange(dense(reshape(x, [8, 5]), 6), "(b t) e -> b t e", b=2)\n'
                  'y = z @ transpose(z)',
                  lambda p, x: (lambda z: z @ z.transpose(2, 3))(x @ p[0] + p[1])))
