# keep_float.sh - `keep_float: [side, mid]`: what it names is computed in floats, all else in
# int8, as an independent computation says; and that what it leaves out is noticed.
set -u
here=$ROOT/tests/firmware

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

rm -rf partly* keep_float* *.txt
python3 "$here/images.py" 48 || fail "no images"
cp "$here/programs/keep_float.dl" .
"$DLC" keep_float.dl -o partly && ./partly train --quiet >train.log || fail "no training"
./partly calibrate --quiet || fail "no calibration"
bake() { # OUTPUTS
    DLC_TEST_VERIFY=1 DLC_TEST_CHECK_PASSES=1 DLC_TEST_ROUNDTRIP=1 "$DLC" keep_float.dl \
        --weights keep_float.out/model.safetensors --prefix=layers -o layers_int8.c ||
        fail "$1: not compiled"
    gcc -O2 -ffp-contract=off -I. -DLAYERS_LAYERS_IMAGE_LEN=LAYERS_PARTLY_IMAGE_LEN \
        -DLAYERS_LAYERS_PROBS_LEN=LAYERS_PARTLY_PROBS_LEN \
        -DLAYERS_LAYERS_SIDE_LEN=LAYERS_PARTLY_SIDE_LEN \
        -DLAYERS_LAYERS_ARENA_BYTES=LAYERS_PARTLY_ARENA_BYTES -Dlayers_layers=layers_partly \
        layers_int8.c "$here/layers_main.c" -lm -o run && ./run images.npy >$1.txt ||
        fail "$1: does not run"
    floats=$(grep -c '^static void k.*_tanh' layers_int8.c) # int8 has a table
}
bake kept
python3 "$here/keep_float.py" keep_float.out/model.safetensors images.npy kept.txt ||
    fail "differs from the reference"
[ "$floats" = 2 ] || fail "not two layers in floats"
sed -i 's/; keep_float:.*\]//' keep_float.dl
bake all
[ "$floats" = 0 ] || fail "a layer stayed float"
python3 "$here/keep_float.py" keep_float.out/model.safetensors images.npy all.txt &&
    fail "int8 everywhere is not noticed"
exit 0
