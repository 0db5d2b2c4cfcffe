#!/usr/bin/env python3
"""peer_torch.py - times the same work in PyTorch: one training step (forward, backward,
Adam) or one inference, batch resident in memory, f32.

usage: peer_torch.py WORK BATCH THREADS SECONDS MODE
Prints one line: `peer torch-<version>-<mode> ms <median> p10 <p10>`.
MODE: eager, cl (channels_last), jit (traced; inference: frozen and optimized).
"""
import os
import sys
import time
import warnings

work, batch, threads, seconds, mode = sys.argv[1:6]
batch, threads, seconds = int(batch), int(threads), float(seconds)
os.environ.setdefault("OMP_NUM_THREADS", str(threads))
warnings.filterwarnings("ignore")

import torch  # noqa: E402  (after the environment is set)
from torch import nn  # noqa: E402

torch.set_num_threads(threads)
torch.manual_seed(0)
clock = time.process_time if threads == 1 else time.perf_counter


def mlp(sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def mnist_cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))


def conv_5x5_s2():
    return nn.Sequential(
        nn.Conv2d(3, 24, 5, 2), nn.ReLU(), nn.Conv2d(24, 40, 5, 2), nn.ReLU(),
        nn.Flatten(), nn.Linear(40 * 5 * 5, 7))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(64, 128, batch_first=True)
        self.out = nn.Linear(128, 10)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


def cifar_cnn():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(512, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))


def cbr(i, o, k, stride=1, groups=1, act=True):
    layers = [nn.Conv2d(i, o, k, stride, k // 2, groups=groups), nn.BatchNorm2d(o)]
    return nn.Sequential(*layers, *([nn.ReLU()] if act else []))


class ResBlock(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.a, self.b = cbr(i, o, 3, stride), cbr(o, o, 3, act=False)
        self.skip = nn.Conv2d(i, o, 1, stride) if stride != 1 else nn.Identity()

    def forward(self, x):
        return torch.relu(self.b(self.a(x)) + self.skip(x))


def resnet8():
    return nn.Sequential(
        cbr(3, 16, 3), ResBlock(16, 16, 1), ResBlock(16, 32, 2), ResBlock(32, 64, 2),
        nn.AvgPool2d(8), nn.Flatten(), nn.Linear(64, 10))


def dscnn():
    layers = [nn.ZeroPad2d((1, 1, 4, 5)), nn.Conv2d(1, 64, (10, 4), 2),
              nn.BatchNorm2d(64), nn.ReLU(), nn.Dropout(0.2)]
    for _ in range(4):
        layers += [cbr(64, 64, 3, groups=64), cbr(64, 64, 1)]
    return nn.Sequential(*layers, nn.Dropout(0.4), nn.AvgPool2d((25, 5)), nn.Flatten(),
                         nn.Linear(64, 12))


def mobilenet():
    widths = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)]
    widths += [(128, 1)] * 5 + [(256, 2), (256, 1)]
    layers, i = [cbr(3, 8, 3, 2)], 8
    for o, stride in widths:
        layers += [cbr(i, i, 3, stride, groups=i), cbr(i, o, 1)]
        i = o
    return nn.Sequential(*layers, nn.AvgPool2d(3), nn.Flatten(), nn.Linear(i, 2))


def autoencoder():
    widths, layers = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128], []
    for i, o in zip(widths, widths[1:]):
        layers += [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(128, 640))


WORKS = {
    "mlp": (lambda: mlp([784, 128, 64, 10]), (784,), 10),
    "mlp_odd": (lambda: mlp([300, 77, 33, 7]), (300,), 7),
    "mnist_cnn": (mnist_cnn, (1, 28, 28), 10),
    "lstm": (Lstm, (64, 64), 10),
    "cifar_cnn": (cifar_cnn, (3, 32, 32), 10),
    "resnet8": (resnet8, (3, 32, 32), 10),
    "dscnn": (dscnn, (1, 49, 10), 12),
    "mobilenet": (mobilenet, (3, 96, 96), 2),
    "autoencoder": (autoencoder, (640,), 0),
    "conv_odd": (conv_5x5_s2, (3, 32, 32), 7),
}

name, phase = work.rsplit("_", 1)
build, shape, classes = WORKS[name]
model = build()
x = torch.rand(batch, *shape)
y = torch.randint(0, classes, (batch,)) if classes else x
loss = nn.functional.cross_entropy if classes else nn.functional.mse_loss
if mode == "cl" and x.dim() == 4:
    model = model.to(memory_format=torch.channels_last)
    x = x.contiguous(memory_format=torch.channels_last)

if phase == "train":
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    forward = torch.jit.trace(model, x, check_trace=False) if mode == "jit" else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss(forward(x), y).backward()
        optimizer.step()
else:
    model.eval()
    forward = nn.Sequential(model, nn.Softmax(-1)) if classes else model
    if mode == "jit":
        forward = torch.jit.optimize_for_inference(
            torch.jit.freeze(torch.jit.trace(forward.eval(), x, check_trace=False)))

    def step():
        with torch.inference_mode():
            forward(x)

for _ in range(10):
    step()
t = time.perf_counter()
step()
inner = max(1, int(0.005 / max(time.perf_counter() - t, 1e-7)))
times, end = [], time.perf_counter() + seconds
while time.perf_counter() < end or len(times) < 7:
    t = clock()
    for _ in range(inner):
        step()
    times.append((clock() - t) / inner * 1e3)
times.sort()
print(f"peer torch-{torch.__version__}-{mode} ms {times[len(times) // 2]:.6f} "
      f"p10 {times[len(times) // 10]:.6f}")
