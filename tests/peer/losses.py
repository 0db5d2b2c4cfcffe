"""Every loss, metric and regularizer: behind a small net, so that gradients reach one."""
import torch
import torch.nn.functional as F

from case import Case

CASES = []
CLASSES = ('index(5)', [])


def add(name, net, y, torch_net, loss_dl, loss, fields, **more):
    """The net reads x[6]; `fields` are what else the loss reads."""
    CASES.append(Case(name, {'x': [6], **fields}, y, net, torch_net,
                      loss=lambda y, f, p: loss(y, f).mean(), loss_dl=loss_dl,
                      targets=tuple(fields), **more))


def dense(p, x):
    return x @ p[0] + p[1]


def regression(name, dl, loss, prepare=None, net='y = x |> dense(4)', function=dense):
    add(name, net, [4], function, dl, loss, {'t': [4]}, prepare=prepare)


def per_sample(y):
    return y.mean(-1)


regression('mse', 'mse(y, t)', lambda y, f: per_sample((y - f['t']) ** 2))
regression('mae', 'mae(y, t)', lambda y, f: per_sample((y - f['t']).abs()))
regression('huber', 'huber(y, t, 0.7)',
           lambda y, f: per_sample(F.huber_loss(y, f['t'], reduction='none', delta=0.7)))
regression('log_cosh', 'log_cosh(y, t)', lambda y, f: per_sample((y - f['t']).cosh().log()))
regression('hinge', 'hinge(y, t)', lambda y, f: per_sample(F.relu(1 - f['t'] * y)),
           prepare=lambda n, x: x if n != 't' else (x > 0) * 2.0 - 1)
regression('quantile', 'quantile(y, t, 0.8)',
           lambda y, f: per_sample(torch.maximum(0.8 * (f['t'] - y), -0.2 * (f['t'] - y))))
regression('poisson', 'poisson(y, t)',
           lambda y, f: per_sample(F.poisson_nll_loss(y, f['t'], log_input=False, eps=1e-8,
                                                      reduction='none')),
           prepare=lambda n, x: x if n != 't' else abs(x // 0.5),
           net='y = x |> dense(4, softplus)', function=lambda p, x: F.softplus(dense(p, x)))
regression('kl_normal', 'kl_normal(y, t)',
           lambda y, f: 0.5 * (y ** 2 + f['t'].exp() - 1 - f['t']).sum(-1))
regression('cosine_similarity', 'cosine_similarity(y, t)',
           lambda y, f: F.cosine_similarity(y, f['t'], dim=-1))
regression('distance', 'distance(y, t)', lambda y, f: F.pairwise_distance(y, f['t']))


def binary(name, dl, loss, prepare=lambda n, x: x if n != 't' else (x > 0) * 1.0):
    add(name, 'y = x |> dense(4, sigmoid)', [4], lambda p, x: torch.sigmoid(dense(p, x)), dl,
        loss, {'t': [4]}, prepare=prepare)


binary('bce', 'bce(y, t)',
       lambda y, f: per_sample(F.binary_cross_entropy(y, f['t'], reduction='none')))
binary('binary_focal', 'binary_focal(y, t)',
       lambda y, f: per_sample((1 - torch.where(f['t'] > 0, y, 1 - y)) ** 2 *
                               F.binary_cross_entropy(y, f['t'], reduction='none')))
binary('dice', 'dice(y, t)',
       lambda y, f: 1 - (2 * (y * f['t']).sum(-1) + 1) / (y.sum(-1) + f['t'].sum(-1) + 1))


def classes(name, dl, loss, fields=None, prepare=None):
    add(name, 'y = x |> dense(5, softmax)', [5], lambda p, x: F.softmax(dense(p, x), -1), dl,
        loss, fields or {'t': CLASSES}, prepare=prepare)


def nll(y, f):
    return F.nll_loss(y.log(), f['t'], reduction='none')


def taken(y, f, name='t'):
    return y.gather(-1, f[name][:, None])[:, 0]


classes('cross_entropy', 'cross_entropy(y, t)', nll)
classes('focal', 'focal(y, t)', lambda y, f: (1 - taken(y, f)) ** 2 * nll(y, f))
classes('smooth_cross_entropy', 'smooth_cross_entropy(y, t)',
        lambda y, f: F.cross_entropy(y.log(), f['t'], reduction='none', label_smoothing=0.1))
classes('kl', 'kl(y, t)', lambda y, f: F.kl_div(y.log(), f['t'], reduction='none').sum(-1),
        {'t': [5]}, lambda n, x: x if n != 't' else
        abs(x) / abs(x).sum(-1, keepdims=True))
classes('cross_entropy_weighted', 'f32([1, 2, 0.5, 1, 3])[t] * cross_entropy(y, t)',
        lambda y, f: torch.tensor([1, 2, 0.5, 1, 3])[f['t']] * nll(y, f))
add('cross_entropy_rows', 'y = reshape(dense(x, 12), [3, 4]) |> softmax', [3, 4],
    lambda p, x: F.softmax(dense(p, x).reshape(-1, 3, 4), -1), 'mean(cross_entropy(y, t))',
    lambda y, f: F.nll_loss(y.log().transpose(1, 2), f['t'], reduction='none').mean(-1),
    {'t': ('index(4)', [3])})


def ctc(y, f, lengths):
    return F.ctc_loss(y.log().transpose(0, 1), f['t'] + 1, torch.full([y.shape[0]], y.shape[1]),
                      lengths, blank=0, reduction='none')


CTC_NET = ('y = reshape(dense(x, 28), [7, 4]) |> softmax', [7, 4],
           lambda p, x: F.softmax(dense(p, x).reshape(-1, 7, 4), -1))
LABELS = 'def shifted(t: index(3)[l]) = argmax(concat([full(0, [l, 1]), one_hot(t)]))\n'
add('ctc', *CTC_NET, 'ctc(y, shifted(t))',
    lambda y, f: ctc(y, f, torch.full([y.shape[0]], 3)), {'t': ('index(3)', [3])}, defs=LABELS)
add('ctc_length', *CTC_NET, 'ctc(y, shifted(t), n)',
    lambda y, f: ctc(y, f, f['n']), {'t': ('index(3)', [3]), 'n': ('index(4)', [])}, defs=LABELS)
add('ctc_one', *CTC_NET, 'ctc(y, shifted(t))',
    lambda y, f: ctc(y, f, torch.full([y.shape[0]], 1)), {'t': ('index(3)', [1])}, defs=LABELS)
add('contrastive', 'y = x |> dense(4)', [4], dense, 'contrastive(y, t, s)',
    lambda y, f: f['s'] * F.pairwise_distance(y, f['t']) ** 2 +
    (1 - f['s']) * F.relu(1 - F.pairwise_distance(y, f['t'])) ** 2, {'t': [4], 's': []},
    prepare=lambda n, x: (x > 0) * 1.0 if n == 's' else 0.4 * x)
add('triplet', 'y = x |> dense(4)', [4], dense, 'triplet(y, a, b)',
    lambda y, f: F.triplet_margin_loss(y, f['a'], f['b'], reduction='none'),
    {'a': [4], 'b': [4]})

# ---- rewards --------------------------------------------------------------------
RL = {'imports': ['rl']}


def policy(name, dl, loss, fields):
    add(name, 'y = x |> dense(5, softmax)', [5], lambda p, x: F.softmax(dense(p, x), -1), dl,
        loss, fields, **RL)


policy('entropy', '-rl.entropy(y) + 0 * t',
       lambda y, f: -torch.distributions.Categorical(y).entropy(), {'t': []})
policy('log_prob', '-rl.log_prob(y, t)',
       lambda y, f: -torch.distributions.Categorical(y).log_prob(f['t']), {'t': CLASSES})
policy('reinforce', 'rl.reinforce(y, t, g)',
       lambda y, f: -f['g'] * torch.distributions.Categorical(y).log_prob(f['t']),
       {'t': CLASSES, 'g': []})


def ppo(y, f):
    ratio = (torch.distributions.Categorical(y).log_prob(f['t']) - f['b']).exp()
    return -torch.minimum(ratio * f['g'], ratio.clamp(0.8, 1.2) * f['g'])


add('ppo', 'y = x |> dense(5, softmax)', [5], lambda p, x: F.softmax(dense(p, x), -1),
    'rl.ppo(y, t, b, g)', ppo, {'t': CLASSES, 'b': [], 'g': []},
    prepare=lambda n, x: -1.6 + 0.3 * x if n == 'b' else x, **RL)
add('log_normal', 'y = x |> dense(4)', [4], dense, '-rl.log_normal(t, y, s)',
    lambda y, f: -torch.distributions.Normal(y, f['s'].exp()).log_prob(f['t']).sum(-1),
    {'t': [4], 's': [4]}, prepare=lambda n, x: 0.3 * x, **RL)
add('td_target', 'y = x |> dense(5)', [5], dense,
    'mse(pick(y, a), rl.td_target(q, r, done))',
    lambda y, f: (taken(y, f, 'a') - f['r'] - 0.99 * (1 - f['done']) * f['q'].amax(-1)) ** 2,
    {'a': CLASSES, 'q': [5], 'r': [], 'done': []},
    prepare=lambda n, x: (x > 0) * 1.0 if n == 'done' else x, **RL)
add('double_td_target', 'y = x |> dense(5)', [5], dense,
    'mse(pick(y, a), rl.double_td_target(y, q, r, done))',
    lambda y, f: (taken(y, f, 'a') - (f['r'] + 0.99 * (1 - f['done']) *
                                      f['q'].gather(-1, y.argmax(-1, keepdim=True))[:, 0])
                  .detach()) ** 2,
    {'a': CLASSES, 'q': [5], 'r': [], 'done': []},
    prepare=lambda n, x: (x > 0) * 1.0 if n == 'done' else x, **RL)


# ---- regularizers ---------------------------------------------------------------
def regularized(name, call, penalty):
    c = Case(name, {'x': [6]}, [4], 'y = x |> dense(4, reg=%s)' % call, dense)
    plain = c.loss
    c.loss = lambda y, f, p: plain(y, f, p) + penalty(list(p.values())[0])
    c.torch_loss_without_reg = lambda run: plain(run.torch_output(True), run.inputs,
                                                 run.params).detach()
    CASES.append(c)


regularized('l1', 'l1(0.02)', lambda w: 0.02 * w.abs().sum())
regularized('l2', 'l2(0.03)', lambda w: 0.03 * (w ** 2).sum())
regularized('l1l2', 'l1l2(0.02, 0.03)', lambda w: 0.02 * w.abs().sum() + 0.03 * (w ** 2).sum())
