"""complete.py - every def of the library has a case, or a reason here why it needs none.

Derived from the text of compiler/std: a new def without a case fails the test, and so does
a reason for a def that has one, or that is no more."""
import os
import re

STD = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../compiler/std')


def defs():
    """(module, def) of everything in the library."""
    out = []
    for name in sorted(os.listdir(STD)):
        if name.endswith('.dl'):
            with open(os.path.join(STD, name)) as f:
                out += [(name[:-3], d) for d in re.findall(r'^def (\w+)\(', f.read(), re.M)]
    return out


def words(cases):
    text = ' '.join(' '.join([c.dl, c.defs, c.loss_dl, c.optimizer_dl]) for c in cases)
    return set(re.findall(r'\w+', text))


def faults(cases, reasons, library=None):
    """What is wrong, a line each."""
    said, library = words(cases), library or defs()
    out = ['std/%s.dl: `%s` has no case and no reason' % d for d in library
           if d[1] not in said and d[1] not in reasons]
    known = {d for _, d in library}
    return out + ['`%s`: a reason, but %s' % (r, 'there is a case' if r in said else 'no def')
                  for r in sorted(reasons) if r in said or r not in known]


TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
DRAWN = 'random numbers: PyTorch draws others'

# A path under tests/: held there, against another computation; the file must say the word.
# `part of D`: D calls it and has a case or a reason. Anything else is prose.
REASONS = {
    **{d: 'peer/metrics.py' for d in ('accuracy', 'binary_accuracy', 'top_k', 'precision',
                                      'recall', 'f1', 'confusion', 'auc', 'rmse', 'r2')},
    'tally': 'part of f1', 'share': 'part of f1',
    'log_mel': 'unit/audio_golden.py', 'mfcc': 'unit/audio_golden.py',
    'angles': 'part of rfft', 'middle_divisor': 'part of rfft', 'hann': 'part of spectrogram',
    'power_of_two': 'part of spectrogram', 'mel': 'part of mel_weights',
    'mel_weights': 'part of mel_bands', 'hertz': 'part of mel_bands',
    'mel_bands': 'part of log_bands', 'log_bands': 'part of log_mel',
    'window_of': 'part of each_window', 'each_window': 'part of spectrogram',
    'magnitudes': 'part of spectrogram',
    **{d: DRAWN for d in ('normal', 'uniform', 'he', 'glorot', 'lecun')},
    'orthogonal': 'unit/test_library.c',
    'fan_in': 'part of he', 'fan_out': 'part of glorot',
    'zeros': 'part of dense', 'ones': 'part of layernorm',
    'constant': 'a number everywhere',
    'plateau': 'peer/plateau.py',
    'reach': 'part of conv2d', 'out_len': 'part of conv2d', 'edge': 'part of surround',
    'surround': 'part of maxpool', 'held': 'part of avgpool',
    'max_windows': 'part of maxpool', 'sum_windows': 'part of avgpool',
    'conv2d': 'part of conv', 'depthwise2d': 'part of depthwise', 'deconv2d': 'part of deconv',
    'whiten': 'data/programs/white.dl',
    'sinusoids': 'part of positional',
}


def bodies():
    """The text of each def, up to the next."""
    out = {}
    for name in os.listdir(STD):
        if name.endswith('.dl'):
            with open(os.path.join(STD, name)) as f:
                parts = re.split(r'^def (\w+)', f.read(), flags=re.M)
            out.update((d, out.get(d, '') + t) for d, t in zip(parts[1::2], parts[2::2]))
    return out


def untrue(reasons):
    """Reasons that do not hold, a line each."""
    out, text = [], bodies()
    for name, why in sorted(reasons.items()):
        said = re.compile(r'\b%s\b' % name)
        if why.startswith('part of '):
            whole = why[len('part of '):]
            if not said.search(text.get(whole, '')):
                out.append('`%s`: `%s` does not call it' % (name, whole))
        elif re.fullmatch(r'\w+/[\w/]+\.\w+', why):
            path = os.path.join(TESTS, why)
            if not os.path.exists(path) or not said.search(open(path).read()):
                out.append('`%s`: tests/%s does not name it' % (name, why))
    return out
