"""What a case is: dl text and the same in PyTorch."""
import torch

STEPS_TOTAL = 10  # of a trajectory, and of the program: schedules span it
STEPS_OF_EPOCH = 3


def sgd(rate):
    def start(params):
        def step(number, gradients):
            with torch.no_grad():
                for w, g in zip(params, gradients):
                    w -= rate * g
        return step
    return start


class Case:
    """name; fields {name: (element type, shape)}; y, the shape of the net's output; dl, the
    lines of its body; torch(params, inputs) of a whole batch. Without a loss: the mean
    square of y - c, c a field of numbers."""

    def __init__(self, name, fields, y, dl, function, loss=None, loss_dl=None, targets=('c',),
                 optimizer=sgd(0.01), optimizer_dl='sgd(lr=0.01)', imports=(), defs='',
                 prepare=None, slack=1.0, states=None):
        self.name, self.y, self.dl, self.torch = name, list(y), dl, function
        self.fields = {k: (v if isinstance(v, tuple) else ('f32', v)) for k, v in fields.items()}
        if loss is None:
            self.fields['c'] = ('f32', self.y)
            loss, loss_dl = (lambda y, f, p: ((y - f['c']) ** 2).mean()), 'mean((y - c) ** 2)'
        self.loss, self.loss_dl, self.targets = loss, loss_dl, targets
        self.optimizer, self.optimizer_dl = optimizer, optimizer_dl
        self.imports = [(i, i) for i in imports]
        self.defs, self.slack = defs, slack
        self.prepare = prepare or (lambda name, x: x)
        self.states = states or (lambda weights, data: None)  # sets what is measured
        self.training = False

    def plain_loss(self, run):
        """What is reported: the loss without regularizers."""
        return float(self.torch_loss_without_reg(run)) if hasattr(
            self, 'torch_loss_without_reg') else float(run.torch_loss().detach())
