# half.sh FOLDER TARGET [FLAG] - `quantize: f16`: what a net computes with weights stored as
# half floats is, bit for bit, what it computes in floats with weights that numpy rounded to
# half; flash is half as much; what no half comes near stays a float.
set -u
from=$1 target=$2 march=${3:-}
case $march in
*v4) grep -q avx512f /proc/cpuinfo || { echo "skipped: no AVX-512 here"; exit 77; } ;;
esac
cc=gcc emulator= link=
if [ "$target" = aarch64 ] && [ "$(uname -m)" != aarch64 ]; then
    cc=aarch64-linux-gnu-gcc emulator=qemu-aarch64 link=-static
    for command in $cc $emulator; do
        command -v $command >/dev/null || { echo "skipped: no $command"; exit 77; }
    done
fi
flags="-std=c99 -O1 -ffp-contract=off -Wall -Wextra -Wconversion -Wshadow -Werror"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# compiled DL WEIGHTS NAME: its outputs in NAME.txt
compiled() {
    "$DLC" $1.dl --weights $2 --target=$target --prefix half -o net.c --verify 2>err ||
        fail "$3: $(cat err)"
    $cc $flags $march -c net*.c && run $3.txt || fail "$3 does not run"
    size net*.o | awk '{ n += $1 + $2 } END { print n }' >$3.size
    sed -n 's/.*HALF_SEE_FLASH_BYTES = \([0-9]*\).*/\1/p' net.h >$3.flash
}

run() { # FILE: what net.o and net_data.o print
    $cc -std=c99 -O1 $march $link -I. "$from/half_main.c" net*.o -lm -o main &&
        $emulator ./main >$1
}

rm -rf ./*
cp "$from/half.dl" .
sed 's/quantize: f16/target: c99/' half.dl >float.dl
cat >make.py <<'PY'
import json, re, struct, sys
import numpy as np

def write(path, tensors):
    head, at = {}, 0
    for name, w in tensors.items():
        head[name] = {'dtype': 'F32', 'shape': w.shape, 'data_offsets': [at, at + w.nbytes]}
        at += w.nbytes
    text = json.dumps(head).encode()
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text)
        for w in tensors.values():
            f.write(w.tobytes())

if sys.argv[1] == 'weights':  # of what the header of the program lists; halves' edges in each
    r = np.random.default_rng(2)
    edge = np.array([6.0e-8, -5.9e-5, 6.1e-5, 2.9e-8, 1 + 2 ** -11, 1 + 3 * 2 ** -11, -0.0,
                     0.333, -2.0], 'f4')
    params = open('params.h').read().split('typedef struct half_params')[1].split('}')[0]
    tensors = {}
    for name, shape in re.findall(r'/\* (\S+) \[([0-9, ]*)\] \*/', params):
        shape = [int(x) for x in shape.split(',')]
        w = r.normal(scale=0.3, size=shape).astype('f4')
        if len(shape) > 1:
            w.flat[r.integers(0, w.size, edge.size)] = edge
        tensors[name] = w
    assert len(tensors) == 15, tensors.keys()
    write('edges.st', tensors)
    for name, w in tensors.items():
        if w.ndim > 1:
            tensors[name] = w.astype('f2').astype('f4')
    write('rounded.st', tensors)
    tensors['see/dense3/w'].flat[5] = 70000
    write('large.st', tensors)
else:  # near A B: the worst difference lies between 0 and a bound
    a, b = ([float.fromhex(x) for x in open(f)] for f in sys.argv[2:4])
    worst = max(abs(x - y) for x, y in zip(a, b))
    print('worst difference', worst)
    sys.exit(not (len(a) == len(b) > 300 and 0 < worst < 5e-3))
PY
"$DLC" half.dl -o params.c && python3 make.py weights && rm params.c || fail "no weights"
compiled half edges.st half
if [ -n "$march" ]; then # the C99 twin of the vectors
    gcc -std=c99 -O0 -ffp-contract=off -c net*.c && run twin.txt
    cmp half.txt twin.txt || fail "vectors and their twin differ"
fi
compiled float rounded.st rounded
cmp half.txt rounded.txt || fail "halves are not the rounded weights"
compiled float edges.st float
cmp -s half.txt float.txt && fail "nothing was rounded"
python3 make.py near half.txt float.txt || fail "rounding costs too much"
grep -q 'uint16_t' net.c && fail "halves without quantize: f16"
echo "flash $(cat half.flash) of $(cat float.flash), object $(cat half.size) of $(cat float.size)"
[ $(($(cat half.flash) * 100)) -lt $(($(cat float.flash) * 53)) ] || fail "flash is not half"
[ $(($(cat half.size) + $(cat half.flash) / 2)) -lt "$(cat float.size)" ] ||
    fail "the object file is not smaller"

# the interpreter of loops, before and after the pass
"$DLC" half.dl --weights edges.st --target=$target -o checked.c --check-passes=2 ||
    fail "--check-passes"
compiled half large.st large
compiled float large.st plain
cmp large.txt plain.txt || fail "a weight of 70000"
[ "$(cat large.flash)" -gt "$(cat half.flash)" ] || fail "70000 is no half"

# a wrong conversion is noticed
"$DLC" half.dl --weights edges.st --target=$target --prefix half -o net.c
sed 's/0x1p112f/0x1p111f/' net.c >wrong.c && mv wrong.c net.c
$cc -std=c99 -O0 -ffp-contract=off $march -c net*.c && run wrong.txt
cmp -s wrong.txt half.txt && fail "a wrong conversion is not noticed"
exit 0
