"""The plateau schedule against PyTorch's ReduceLROnPlateau, told the losses that a training
run wrote: rates must be the same after every epoch."""
import csv
import os
import subprocess

import torch

TEXT = '''data points(x: f32[2], y: f32) {
    train:   rows([[1, 2, 1], [3, 1, 0], [0, 1, 2], [2, 2, 1]])
    shuffle: false
}

net line(x: f32[2]) -> y: f32 {
    param w: [2] = [0.3, -0.2]
    y = dot(x, w)
}

train on points {
    epochs: 24
    batch:  2
    minimize mse(line(x), y) using sgd(lr=plateau(%(rate)r, factor=%(factor)r, patience=%(patience)d, least=%(least)r))
}
'''
FORMS = [{'rate': 0.21, 'factor': 0.5, 'patience': 2, 'least': 0.02},
         {'rate': 0.23, 'factor': 0.25, 'patience': 1, 'least': 0.001},
         {'rate': 0.21, 'factor': 0.8, 'patience': 4, 'least': 0.0}]


def rates_of(folder, name, form):
    """(loss, rate) of each epoch of a run; lr_scale is what the epoch ran with."""
    path = os.path.join(folder, name)
    with open(path + '.dl', 'w') as f:
        f.write(TEXT % form)
    for command in ([os.environ['DLC'], path + '.dl', '-o', path],
                    [path, 'train', '--quiet', '--out', path + '.out']):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise RuntimeError(done.stdout.decode())
    with open(path + '.out/history.csv') as f:
        rows = list(csv.DictReader(f))
    loss = [k for k in rows[0] if k.endswith('loss')][0]
    return [(float(r[loss]), max(form['rate'] * float(r['lr_scale']), form['least']))
            for r in rows]


def check(folder, fault):
    """(number of epochs, of wrong ones)"""
    count, wrong = 0, 0
    for i, form in enumerate(FORMS):
        w = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([w], form['rate'] * (1.01 if fault else 1))
        # a rate falls in the epoch after the last of `patience` bad ones
        plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=form['factor'], patience=form['patience'] - 1, threshold=0.0,
            min_lr=form['least'], eps=0.0)
        lowered = 0
        for loss, rate in rates_of(folder, 'plateau%d' % i, form):
            want = optimizer.param_groups[0]['lr']  # that the epoch ran with
            plateau.step(loss)
            near = abs(rate - want) <= 1e-6 * want
            lowered += want < 0.9 * form['rate']
            count += 1
            if near == fault and not (fault and rate == form['least']):
                wrong += 1
                print('plateau %s: rate %g, PyTorch %g' % (form, rate, want))
        if lowered < 3:
            wrong += 1
            print('plateau %s: the rate never falls' % form)
    return count, wrong
