# state.sh - a net that changes a state in inference, with trained values: reset sets what was
# trained, calls go on from there, in C what Python computes; two memories are apart.
set -u
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

rm -rf ./*
cat >drift.dl <<'END'
## Takes from its values their running mean, which it goes on learning where it runs.
data points(x: f32[3]) {
    train: npy("x.npy")
}

net drift(x: f32[3]) -> y: f32[3] {
    state mean: f32[3] = zeros
    h = x |> dense(3)
    y = h - mean
    mean <- mix(mean, batch_mean(h), 0.75)
}

train on points {
    epochs: 2
    batch:  8
    minimize mean((drift(x) - x) ** 2) using adam(lr=1e-2)
}

deploy drift { target: c99 }
deploy drift as halves { target: c99; quantize: f16 }
END
python3 -c "
import numpy as np
np.save('x.npy', np.random.default_rng(1).normal(loc=2, size=(64, 3)).astype('f4'))"
"$DLC" drift.dl -o drift && ./drift train --quiet >log || fail "no weights"
"$DLC" drift.dl --weights drift.out/model.safetensors -o net.c --verify --check-passes=2 ||
    fail "not compiled"
grep -q '_params' net.h && fail "parameters are not baked"
cat >main.c <<'END'
#include "net.h"
#include <stdio.h>

int main(void)
{
    static double arena[16];
    const float x[4][3] = { { 1, 2, 3 }, { 0, -1, 1 }, { 4, 4, 4 }, { 1, 2, 3 } };
    drift_drift_state a, b;
    float y[3];
    drift_drift_reset(&a);
    for (int i = 0; i < 7; i++) {
        if (i == 4)
            drift_drift_reset(&a);
        drift_drift_reset(&b);
        drift_drift(&b, x[0], y, arena); /* another memory changes nothing */
        drift_drift(&a, x[i % 4], y, arena);
        printf("%.9g %.9g %.9g\n", (double)y[0], (double)y[1], (double)y[2]);
    }
    return 0;
}
END
gcc -std=c99 -Wall -Wextra -Werror -O1 -ffp-contract=off main.c net.c -lm -o main && ./main >got.txt ||
    fail "C"
cat >want.py <<'END'
import json, struct, sys
import numpy as np
data = open('drift.out/model.safetensors', 'rb').read()
(n,) = struct.unpack('<Q', data[:8])
head = json.loads(data[8:8 + n])
w = {k: np.frombuffer(data, 'f4', (t['data_offsets'][1] - t['data_offsets'][0]) // 4,
                      8 + n + t['data_offsets'][0]).reshape(t['shape']).astype('f8')
     for k, t in head.items() if k != '__metadata__'}
assert abs(w['drift/mean']).min() > 1e-3, 'the mean was trained'
x = np.array([[1, 2, 3], [0, -1, 1], [4, 4, 4], [1, 2, 3]], 'f8')
worst = 0
for i, line in enumerate(open('got.txt')):
    if i % 4 == 0:
        mean = w['drift/mean']
    h = x[i % 4] @ w['drift/dense1/w'] + w['drift/dense1/b']
    worst = max(worst, abs(h - mean - np.array(line.split(), 'f8')).max())
    mean = 0.75 * mean + 0.25 * h
print('worst difference', worst, 'of', i + 1, 'calls')
sys.exit(not (i == 6 and worst < 1e-5))
END
python3 want.py || fail "other numbers"
sort -u got.txt | awk 'END { exit NR != 4 }' || fail "a reset does not begin anew"
# a program trains it, and runs it on samples, as ever
./drift eval --weights drift.out/model.safetensors --split train >eval.txt || fail "eval"
