# stream.sh FOLDER TARGET [FLAG] - a net trained on sequences, baked into C twice: as a
# stream that takes a row a call, and whole. Equal bit for bit. A forgotten reset and a
# memory that is not updated must be noticed.
set -eu
from=$1 target=$2 march=${3:-}
cc=${CC:-cc}
flags="-std=c99 -O2 -ffp-contract=off -Wall -Wextra -Wconversion -Wshadow -Werror $march"
harness="-std=gnu99 -O2 -ffp-contract=off $march"
rm -rf ./*
cp "$from/stream.dl" "$from/stream_harness.c" .
python3 - <<'PY'
import struct, math
def npy(path, shape, values):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }" % ", ".join(map(str, shape))
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    with open(path, "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode())
        f.write(struct.pack("<%df" % len(values), *values))
npy("x.npy", (8, 20, 3), [math.sin(0.3 * i) for i in range(8 * 20 * 3)])
npy("y.npy", (8, 2), [math.cos(0.5 * i) for i in range(16)])
PY
"$DLC" stream.dl -o trained --check-passes=1
./trained train --quiet >log
"$DLC" stream.dl --weights stream.out/model.safetensors --target=$target -o stream.c --verify
sed '/^deploy/d; /^net step/a net steps(x: f32[20, 3]) -> y: f32[20, 4] = x |> scan(step)' \
    stream.dl >whole.dl
"$DLC" whole.dl --weights stream.out/model.safetensors --target=$target -o whole.c
$cc $flags -c stream.c -o stream.o
$cc $flags -c whole.c -o whole.o
$cc $harness stream_harness.c stream.o whole.o -lm -o harness
./harness
# seeded faults
sed 's/stream_reader_reset(&memory);//' stream_harness.c >forgot.c
$cc $harness forgot.c stream.o whole.o -lm -o forgot
./forgot >/dev/null && { echo "a forgotten reset went unnoticed"; exit 1; }
grep -q 'typedef struct stream_reader_state' stream.h
# int8 of it is refused, with its place, and nothing is left behind
sed 's/{ stream: x }/{ stream: x; quantize: int8 }/' stream.dl >int8.dl
"$DLC" int8.dl --weights stream.out/model.safetensors -o int8.c 2>error.log && exit 1
grep -q 'int8.dl:[0-9]*:[0-9]*: error: int8 of a net that takes one row a call is not .*E0215' error.log
[ ! -f int8.c ]
grep -q 'stream_reader_params' stream.h && { echo "parameters are not baked"; exit 1; }
exit 0
