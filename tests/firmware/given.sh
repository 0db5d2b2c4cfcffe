# given.sh - `--self-test=FILE`: the inputs of the file are stored, as they are or as int8 of
# them, and the outputs that come out; files that do not fit are refused.
set -u
. "$ROOT/tests/firmware/common.sh"

rm -rf net* words* machines* run* *.npy refused* *.safetensors
vectors() { python3 "$here/vectors.py" "$@" || fail "no vectors"; }
ran() { # FILE.c... LIBRARY
    gcc -std=c99 -O1 -ffp-contract=off -I. "$@" -lm -o run && ./run
}

# floats for int8 of its interface, and made ones for the net that the file leaves out
vectors given.safetensors describe/bands=F32:5x640
"$DLC" "$ROOT/models/machines.dl" --weights "$ROOT/models/weights/machines.safetensors" \
    --self-test=given.safetensors -MD -o machines.c || fail "machines not compiled"
grep -q '^/\* Runs 5 stored inputs of machines_describe ' machines_test.h || fail "not five"
grep -q '^/\* Runs 2 stored inputs of machines_frontend ' machines_test.h || fail "no made ones"
grep -q 'given.safetensors' machines.d || fail "the depfile does not name the file"
python3 - <<'P' || fail "the stored inputs are not those of the file"
import re
text, head = open('machines_test.c').read(), open('machines.h').read()
stored = [int(x) for x in re.search(r'int8_t stored_machines_describe_bands\[3200\] = \{(.*?)\}', text, re.S)[1].split(',')]
scale = float(re.search(r'DESCRIBE_BANDS_SCALE ([-0-9.e+]+)f', head)[1])
zero = int(re.search(r'DESCRIBE_BANDS_ZERO = (-?\d+)', head)[1])
for i, q in enumerate(stored):
    real = (i * 37 % 64) / 8 - 3
    assert abs(q - min(127, max(-128, real / scale + zero))) <= 0.51, (i, q, real)
P
cat >main.c <<'C'
#include "machines_test.h"

static double memory[(MACHINES_DESCRIBE_SELF_TEST_BYTES + 7) / 8];

int main(void)
{
    return machines_describe_self_test(memory);
}
C
ran machines*.c main.c || fail "the self-test ends with $?"
sed '/expected_machines_describe/{n;s/[1-9]/8/}' machines_test.c >wrong.c
ran machines.c machines_data.c wrong.c main.c && fail "a wrong number is not noticed"

# indices and floats, in batches
python3 - <<'P'
import struct
def npy(path, kind, shape, data):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %r, }" % (kind, shape)
    head += ' ' * (63 - (10 + len(head)) % 64) + '\n'
    open(path, 'wb').write(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head.encode() + data)
npy('words.npy', '|u1', (8, 4), bytes(i * 3 % 7 for i in range(32)))
npy('loud.npy', '<f4', (8, 2), struct.pack('<16f', *range(16)))
npy('y.npy', '<f4', (8, 1), struct.pack('<8f', *range(8)))
P
sed 's/^deploy bag .*/deploy bag { target: c99; batch: 3 }/' "$here/programs/words.dl" >words.dl
"$DLC" words.dl -o train && ./train train --out words.out --quiet >train.log || fail "no weights"
compiled() { "$DLC" words.dl --weights words.out/model.safetensors --self-test=$1 -o net.c; }
vectors good.safetensors bag/words=U8:6x4:6 bag/loud=F32:6x2
compiled good.safetensors || fail "words not compiled"
grep -q 'uint8_t stored_words_bag_words\[24\]' net_test.c || fail "not two batches of three"
sed 's/machines_describe/words_bag/; s/machines_test/net_test/; s/MACHINES_DESCRIBE/WORDS_BAG/' main.c >words_main.c
ran net*.c words_main.c || fail "the self-test of words ends with $?"

refused() { # TEXT TENSOR...
    text=$1
    shift
    vectors bad.safetensors "$@"
    rm -f net*
    compiled bad.safetensors 2>error.log && fail "accepted: $*"
    grep -qF -- "$text" error.log || fail "$*: $(cat error.log)"
    [ -z "$(ls net* 2>/dev/null)" ] || fail "a file in spite of an error"
}
refused 'holds 7, an index below 7 is asked [E0703]' bag/words=U8:6x4:7 bag/loud=F32:6x2
refused 'missing: `bag/loud` f32[6, 2]' bag/words=U8:6x4
refused '`bag/loud` is [3, 2], the model'"'"'s is [6, 2]' bag/words=U8:6x4 bag/loud=F32:3x2
refused '`bag/words` is of dtype F32, the model'"'"'s is u8' bag/words=F32:6x4 bag/loud=F32:6x2
refused 'not of the model: `bag/wards` [6, 4]' bag/words=U8:6x4 bag/loud=F32:6x2 bag/wards=U8:6x4
refused 'has 4 samples for `bag`; a self-test takes at most 4096, whole batches of 3' bag/words=U8:4x4 bag/loud=F32:4x2
refused 'holds values that are not finite' bag/words=U8:6x4 bag/loud=F32:6x2:nan
compiled nowhere.safetensors 2>error.log && fail "no file is accepted"
grep -q 'cannot read `nowhere.safetensors`' error.log || fail "$(cat error.log)"
compiled words.dl 2>error.log && fail "another file is accepted"
grep -q 'is not a safetensors file' error.log || fail "$(cat error.log)"
exit 0
