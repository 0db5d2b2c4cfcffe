"""compare.py CASE WEIGHTS - the weights that a program has written against the twin's."""

import sys

import cases
from twin import load

TOLERANCE = 2e-4  # f32 against f64 over some tens of updates

want, got = getattr(cases, sys.argv[1])(), load(sys.argv[2])
missing = sorted(set(want) - set(got))
if missing:
    sys.exit("no tensor %s in %s" % (", ".join(missing), sys.argv[2]))
worst, place = 0.0, "nothing"
for name, values in want.items():
    if len(values) != len(got[name]):
        sys.exit("%s has %d values, not %d" % (name, len(got[name]), len(values)))
    for i, (a, b) in enumerate(zip(values, got[name])):
        off = abs(a - b) / (1 + abs(a))
        if not off <= worst:
            worst, place = off, "%s[%d]: %.7g, expected %.7g" % (name, i, b, a)
if not worst <= TOLERANCE:
    sys.exit("%s: off by %.2g at %s" % (sys.argv[1], worst, place))
print("%s: within %.1e (%s)" % (sys.argv[1], worst, place))
