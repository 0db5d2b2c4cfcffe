# span.sh - a schedule over the whole run spans the run that is asked for: --epochs, --steps,
# the program's settings, and in C what the caller says. Rates of a cosine from 1 to 0 over n
# steps sum to n / 2 - 1 / 2.
. "$(dirname "$0")/common.sh"

# The parameter of OUT is less than 0 by the rates of N steps, the last of which is 0.
spans() { # OUT N
    python3 - "$1" "$2" <<'END' || fail "$1 does not end after $2 steps"
import json, struct, sys
data = open(sys.argv[1] + '/model.safetensors', 'rb').read()
(n,) = struct.unpack('<Q', data[:8])
at = 8 + n + json.loads(data[8:8 + n])['slope/w']['data_offsets'][0]
(w,) = struct.unpack('<f', data[at:at + 4])
want = 0.5 - int(sys.argv[2]) / 2
print(sys.argv[1], w, want)
sys.exit(abs(w - want) > 2e-6 * abs(want) * int(sys.argv[2]) ** 0.5 + 1e-6)
END
}

cp "$here/programs/span.dl" .
"$DLC" span.dl -o span || fail "compile"
./span train --quiet --out program >/dev/null || fail "train"
spans program 12
./span train --quiet --epochs 2 --out short >/dev/null || fail "--epochs 2"
spans short 6
./span train --quiet --epochs 7 --out long >/dev/null || fail "--epochs 7"
spans long 21
./span train --quiet --steps 5 --out steps >/dev/null || fail "--steps 5"
spans steps 5

# killed and resumed, with the same option, it ends with the same bytes
./span train --quiet --epochs 400 --out whole >/dev/null || fail "--epochs 400"
spans whole 1200
for i in 1 2 3 4 5 6; do
    ./span train --quiet --epochs 400 --checkpoint-every 7 --resume --out cut >/dev/null 2>&1 &
    pid=$!
    sleep 0.0$((i + 2))
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
done
./span train --quiet --epochs 400 --resume --out cut >/dev/null 2>&1 || fail "resume"
cmp whole/model.safetensors cut/model.safetensors || fail "a resumed run has other rates"

# a setting of steps; a loop of the caller's, which says nothing or says how long it is
sed 's/epochs: 4/steps: 8/' span.dl >eight.dl
"$DLC" eight.dl -o eight && ./eight train --quiet --out eight.out >/dev/null || fail "steps: 8"
spans eight.out 8
"$DLC" span.dl -o span.c || fail "no C"
cat >main.c <<'END'
#include "span.h"
#include <math.h>
#include <stdio.h>

static span_train_state t;
static double arena[(SPAN_TRAIN_ARENA_BYTES + 15) / 8];

static int differs(float total, int steps, double want)
{
    const float x[2] = { 1, 1 };
    float report[1];
    span_train_init(&t, 1, arena);
    t.steps_per_epoch = 3;
    t.total_steps = total;
    for (int i = 0; i < steps; i++)
        span_train_step(&t, x, report, arena);
    printf("%g %d: %g %g\n", total, steps, t.params.slope_w[0], want);
    return fabs(t.params.slope_w[0] - want) > 1e-5;
}

int main(void)
{
    span_train_init(&t, 1, arena);
    return t.total_steps != 0 || differs(0, 12, -5.5) || differs(6, 6, -2.5);
}
END
gcc -std=c99 -ffp-contract=off -I. main.c span.c -lm -o by_hand && ./by_hand ||
    fail "the C functions"
