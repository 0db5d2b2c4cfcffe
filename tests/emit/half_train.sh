# half_train.sh - a deployed net whose last layer is trained where it runs, beside
# `quantize: f16`: what is not trained is stored as halves, once, for the net and for the step;
# steps and outputs are bit for bit those of floats with rounded weights.
set -u
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

rm -rf ./*
cat >half.dl <<'END'
net see(x: f32[8]) -> probs: f32[4] {
    first = x |> dense(40, tanh)
    probs = first |> dense(4, softmax)
}

train learn(x: f32[8], label: index(4)) {
    batch: 1
    minimize cross_entropy(see(x), label) over last(see, 1) using sgd(lr=0.1)
}

deploy see { target: c99; train: learn; quantize: f16 }
END
sed 's/; quantize: f16//' half.dl >float.dl
python3 - <<'PY'
import json, struct
import numpy as np

def write(path, tensors):
    head, at = {}, 0
    for name, w in tensors.items():
        head[name] = {'dtype': 'F32', 'shape': w.shape, 'data_offsets': [at, at + w.nbytes]}
        at += w.nbytes
    text = json.dumps(head).encode()
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + b''.join(w.tobytes() for w in tensors.values()))

r = np.random.default_rng(2)
w = {'see/%s' % k: r.normal(scale=0.5, size=s).astype('f4') for k, s in
     (('dense1/w', (8, 40)), ('dense1/b', 40), ('dense2/w', (40, 4)), ('dense2/b', 4))}
write('plain.st', w)
w['see/dense1/w'] = w['see/dense1/w'].astype('f2').astype('f4')
write('rounded.st', w)
PY
cat >main.c <<'END'
#include "net.h"
#include <stdio.h>

int main(void)
{
    static half_train_state t;
    static double arena[512];
    float x[8], probs[4], report[1];
    half_train_init(&t, 1, arena);
    for (int i = 0; i < 40; i++) {
        for (int k = 0; k < 8; k++)
            x[k] = (float)((i * 7 + k * 5) % 11) / 5 - 1;
        const uint8_t label = (uint8_t)(i % 4);
        half_learn(&t, x, &label, report, arena);
        half_see(&t.params, x, probs, arena);
        printf("%a %a %a %a %a\n", (double)report[0], (double)probs[0], (double)probs[1],
               (double)probs[2], (double)probs[3]);
    }
    return 0;
}
END
for run in half:plain float:rounded float:plain; do
    name=${run%:*}_${run#*:}
    "$DLC" ${run%:*}.dl --prefix half --weights ${run#*:}.st --verify -o net.c || fail "$name"
    gcc -std=c99 -Wall -Wextra -Werror -O1 -ffp-contract=off main.c net*.c -lm -o main &&
        ./main >$name.txt || fail "$name does not run"
    grep -c '^static const uint16_t' net.c >$name.halves
done
cmp half_plain.txt float_rounded.txt || fail "halves are not the rounded weights"
cmp -s half_plain.txt float_plain.txt && fail "nothing was rounded"
[ "$(cat half_plain.halves)" = 1 ] && [ "$(cat float_plain.halves)" = 0 ] ||
    fail "$(cat half_plain.halves) arrays of halves"
[ "$(cut -d ' ' -f 1 half_plain.txt | sort -u | wc -l)" -gt 30 ] || fail "nothing is learnt"
