# extern.sh FOLDER TARGET [FLAG] - a net that calls functions of C, trained and baked,
# beside the same net in dl: losses of each epoch and outputs agree. A wrong gradient
# must be noticed, and so must a missing function.
set -eu
from=$1 target=$2 march=${3:-}
cc=${CC:-cc}
flags="-std=c99 -O2 -ffp-contract=off -Wall -Wextra -Wconversion -Wshadow -Werror $march"
rm -rf ./*
cp "$from/extern.dl" "$from/extern_kernels.c" "$from/extern_harness.c" .
python3 - <<'PY'
import io, math, struct, zipfile
def npy(kind, shape, values, code):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (kind, shape)
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode()
            + struct.pack("<%d%s" % (len(values), code), *values))
with zipfile.ZipFile("extern.npz", "w") as z:
    z.writestr("x.npy", npy("<f4", (22, 6), [math.sin(0.37 * i) for i in range(132)], "f"))
    z.writestr("kind.npy", npy("|u1", (22,), [i % 3 for i in range(22)], "B"))
    z.writestr("y.npy", npy("<f4", (22, 4), [math.cos(0.5 * i) for i in range(88)], "f"))
PY
# The same in dl: what the functions do, as bodies.
sed -e 's/extern "my_scale".*/{ y = k * x; s = concat([reshape(x * x, [1, n]), reshape(k * x + x * x, [1, n])], axis=0) }/' \
    -e 's/extern "my_bump".*/= x * x + times * f32(kind) \/ m/' extern.dl >inside.dl
"$DLC" inside.dl -o inside
"$DLC" extern.dl --link=extern_kernels.c -o extern -MD --verify --check-passes=1
grep -q extern_kernels.c extern.d
./inside train --quiet --threads 1 >log
./extern train --quiet --threads 2 >log
agree() { # files of losses by epoch: the columns after the first that are numbers
    python3 - "$1" "$2" <<'PY'
import csv, sys
a, b = ([r for r in csv.DictReader(open(p))] for p in sys.argv[1:])
worst = max(abs(float(p["train_loss"]) - float(q["train_loss"])) / float(q["train_loss"])
            for p, q in zip(a, b))
sys.exit(not (len(a) == len(b) == 3 and worst < 1e-5))
PY
}
agree extern.out/history.csv inside.out/history.csv
# In a library, and in one with the weights.
"$DLC" extern.dl -o extern.c --target="$target"
$cc $flags -c extern.c extern_kernels.c
"$DLC" extern.dl --weights extern.out/model.safetensors --target="$target" -o extern.c
"$DLC" inside.dl --weights extern.out/model.safetensors --target="$target" -o inside.c
$cc $flags -c extern.c inside.c extern_kernels.c
$cc -std=c11 -O1 extern_harness.c extern.o inside.o extern_kernels.o -lm -o harness
./harness
# Seeded faults: a wrong gradient, a wrong value, and no function at all.
sed 's/2.0f \* x\[i\] \* (ds/1.9f * x[i] * (ds/' extern_kernels.c >wrong.c
"$DLC" extern.dl --link=wrong.c -o wrong
./wrong train --quiet --out wrong.out >log
agree wrong.out/history.csv inside.out/history.csv && { echo "a wrong gradient went unnoticed"; exit 1; }
sed 's/s\[i\] = x\[i\]/s[i] = 1.01f * x[i]/' extern_kernels.c >wrong.c
$cc $flags -c wrong.c
$cc -std=c11 -O1 extern_harness.c extern.o inside.o wrong.o -lm -o wrong
./wrong && { echo "a wrong function went unnoticed"; exit 1; }
status=0
"$DLC" extern.dl -o none 2>said || status=$?
[ "$status" = 1 ] && [ ! -e none ] && grep -q 'calls the C function .my_bump., which nothing' said
"$DLC" extern.dl --link=absent.c -o none 2>said && exit 1
grep -q 'cannot link .absent.c.' said
status=0
"$DLC" extern.dl --link=wrong.c -o none.c 2>said || status=$?
[ "$status" = 2 ] && [ ! -e none.c ]
status=0
"$DLC" extern.dl --weights extern.out/model.safetensors --self-test -o none.c 2>said || status=$?
[ "$status" = 1 ] && [ ! -e none.c ] && grep -q 'is not compiled yet: it calls .my_bump., a C function' said
./extern check >said 2>&1 && exit 1
grep -q 'functions of C' said
