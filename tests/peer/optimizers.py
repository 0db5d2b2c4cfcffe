"""Every optimizer, schedule and way of clipping: ten steps of one small net."""
import math

import torch

from case import Case, STEPS_OF_EPOCH, STEPS_TOTAL

CASES = []


def net(p, x):
    return torch.tanh(x @ p[0] + p[1]) @ p[2] + p[3]


def add(name, dl, optimizer):
    CASES.append(Case(name, {'x': [6]}, [3], 'y = x |> dense(5, tanh) |> dense(3)', net,
                      optimizer=optimizer, optimizer_dl=dl))


def theirs(make, rate=None, before=None):
    """An optimizer of PyTorch; `rate(step)` a schedule, `before` a way of clipping."""
    def start(params):
        o = make(params)

        def step(number, gradients):
            for w, g in zip(params, gradients):
                w.grad = g
            if before:
                before(params)
            if rate:
                for group in o.param_groups:
                    group['lr'] = rate(number)
            o.step()
        return step
    return start


O = torch.optim
add('sgd', 'sgd(lr=0.1)', theirs(lambda p: O.SGD(p, 0.1)))
add('sgd_momentum', 'sgd(lr=0.05, momentum=0.9)', theirs(lambda p: O.SGD(p, 0.05, 0.9)))
add('sgd_nesterov', 'sgd(lr=0.05, momentum=0.9, nesterov=true)',
    theirs(lambda p: O.SGD(p, 0.05, 0.9, nesterov=True)))
add('sgd_decay', 'sgd(lr=0.05, momentum=0.8, decay=0.1)',
    theirs(lambda p: O.SGD(p, 0.05, 0.8, weight_decay=0.1)))
add('adam', 'adam(lr=0.01)', theirs(lambda p: O.Adam(p, 0.01, eps=1e-7)))
add('adam_betas', 'adam(lr=0.02, beta1=0.8, beta2=0.9, eps=1e-3)',
    theirs(lambda p: O.Adam(p, 0.02, (0.8, 0.9), 1e-3)))
add('adamw', 'adamw(lr=0.01, decay=0.1)', theirs(lambda p: O.AdamW(p, 0.01, weight_decay=0.1)))
add('rmsprop', 'rmsprop(lr=0.01)', theirs(lambda p: O.RMSprop(p, 0.01, 0.9, 1e-7)))
add('rmsprop_momentum', 'rmsprop(lr=0.01, momentum=0.5)',
    theirs(lambda p: O.RMSprop(p, 0.01, 0.9, 1e-7, momentum=0.5)))
add('adagrad', 'adagrad(lr=0.1)', theirs(lambda p: O.Adagrad(p, 0.1)))
add('adadelta', 'adadelta(lr=1.0)', theirs(lambda p: O.Adadelta(p, 1.0, 0.95)))


def lion(rate, beta1, beta2, decay):
    """Chen et al. 2023, algorithm 2, written down from the paper."""
    def start(params):
        momentum = [torch.zeros_like(w) for w in params]

        def step(number, gradients):
            with torch.no_grad():
                for w, g, m in zip(params, gradients, momentum):
                    c = beta1 * m + (1 - beta1) * g
                    w -= rate * (c.sign() + decay * w)
                    m.mul_(beta2).add_((1 - beta2) * g)
        return step
    return start


add('lion', 'lion(lr=0.01, decay=0.1)', lion(0.01, 0.9, 0.99, 0.1))


def scheduled(name, call, rate):
    add('schedule_' + name, 'sgd(lr=%s)' % call, theirs(lambda p: O.SGD(p, 0.1), rate))


def of_torch(make):
    """The rates of one of PyTorch's own schedulers, which counts from 0."""
    optimizer = O.SGD([torch.zeros(1, requires_grad=True)], 0.1)
    scheduler, rates = make(optimizer), []
    for _ in range(STEPS_TOTAL + 1):
        rates.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        scheduler.step()
    return lambda s: rates[s]


S = torch.optim.lr_scheduler


def cosine(step, lr=0.1, warmup=3, to=0.01):
    if step < warmup:
        return lr * step / warmup
    t = (step - warmup) / (STEPS_TOTAL - warmup)
    return to + 0.5 * (lr - to) * (1 + math.cos(math.pi * min(max(t, 0), 1)))


scheduled('exponential', 'exponential(0.1, rate=0.5, every=4)',
          of_torch(lambda o: S.ExponentialLR(o, 0.5 ** 0.25)))
scheduled('decay', 'decay(0.1, rate=0.2)', lambda s: 0.1 / (1 + 0.2 * s))
scheduled('cosine', 'cosine(0.1, to=0.01)',
          of_torch(lambda o: S.CosineAnnealingLR(o, STEPS_TOTAL, 0.01)))
scheduled('cosine_warmup', 'cosine(0.1, warmup=3, to=0.01)', cosine)
scheduled('linear_decay', 'linear_decay(0.1, to=0.02)',
          of_torch(lambda o: S.LinearLR(o, 1, 0.2, STEPS_TOTAL)))
scheduled('steps', 'steps([1, 2], [0.1, 0.03, 0.009])',
          lambda s: of_torch(lambda o: S.MultiStepLR(o, [1, 2], 0.3))((s - 1) // STEPS_OF_EPOCH))

add('clip', 'sgd(lr=0.1, clip=0.2)',
    theirs(lambda p: O.SGD(p, 0.1), before=lambda p: torch.nn.utils.clip_grad_norm_(p, 0.2)))
add('clip_value', 'sgd(lr=0.1, clip_value=0.02)',
    theirs(lambda p: O.SGD(p, 0.1), before=lambda p: torch.nn.utils.clip_grad_value_(p, 0.02)))
