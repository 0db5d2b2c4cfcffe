# layers.sh - int8 of every layer that has a rule: the emitted C, at every -O and in both
# compilers, equals an independent reference in Python bit for bit; and the comparison
# notices a single wrong bias. All passes are checked by the interpreters on the way.
set -u
. "$ROOT/tests/firmware/common.sh"

rm -rf layers_int8* layers.out
python3 "$here/images.py" 48 || fail "no images"
cp "$here/programs/layers.dl" .
"$DLC" layers.dl -o layers || fail "no program"
./layers train --quiet >train.log || fail "no training"
weights=layers.out/model.safetensors

"$DLC" layers.dl --weights $weights -o layers_int8.c 2>error.log &&
    fail "int8 without calibration"
grep -q 'E0504' error.log || fail "no E0504: $(cat error.log)"
[ -f layers_int8.c ] && fail "a file was left after an error"

./layers calibrate --quiet || fail "no calibration"
DLC_TEST_VERIFY=1 DLC_TEST_CHECK_PASSES=1 DLC_TEST_ROUNDTRIP=1 \
    "$DLC" layers.dl --weights $weights -o layers_int8.c || fail "not compiled"
grep -q 'float layers_' layers_int8.c && fail "a layer stayed float"

python3 "$here/reference.py" $weights images.npy >expected.txt || fail "no reference"
[ "$(sort -u expected.txt | wc -l)" -gt 40 ] || fail "the outputs hardly differ"

for cc in gcc clang-14; do
    for level in 0 2 s; do
        $cc $warnings -O$level -ffp-contract=off -I. layers_int8.c "$here/layers_main.c" \
            -o int8 || fail "$cc -O$level"
        ./int8 images.npy >got.txt || fail "$cc -O$level does not run"
        cmp got.txt expected.txt || fail "$cc -O$level differs from the reference"
    done
done
for target in x86_64_v2 x86_64_v3; do
    "$DLC" layers.dl --target=$target --weights $weights -o layers_int8.c ||
        fail "$target"
    gcc -O2 -ffp-contract=off -I. layers_int8.c "$here/layers_main.c" -o int8 &&
        ./int8 images.npy | cmp - expected.txt || fail "$target differs"
done

# a wrong constant is found
sed '/_t2\[8\] = {/{n;s/[0-9]/9/;}' layers_int8.c >wrong.c
cmp -s wrong.c layers_int8.c && fail "no constant to change"
gcc -O1 -ffp-contract=off -I. wrong.c "$here/layers_main.c" -o int8 || fail "wrong.c"
./int8 images.npy | cmp -s - expected.txt && fail "a wrong constant is not noticed"
exit 0
