"""Reads `predict` of the net `white` on inputs.csv: the covariance of what it gives is 1, and
its covariance with the input is symmetric (of all whitenings, only ZCA's is)."""
import re
import sys

z = [[float(v) for v in re.search(r"z: \[(.*)\]", line).group(1).split(",")] for line in sys.stdin]
x = [[float(v) for v in line.split(",")] for line in open("inputs.csv")]
n = len(x)
assert len(z) == n > 10


def covariance(a, b):
    mean = [[sum(row[i] for row in m) / n for i in range(3)] for m in (a, b)]
    return [[sum((a[k][i] - mean[0][i]) * (b[k][j] - mean[1][j]) for k in range(n)) / n
             for j in range(3)] for i in range(3)]


own, both = covariance(z, z), covariance(z, x)
for i in range(3):
    for j in range(3):
        assert abs(own[i][j] - (i == j)) < 1e-3, own
        assert abs(both[i][j] - both[j][i]) < 1e-3, both
assert abs(covariance(x, x)[0][1]) > 1  # there was something to do
