# boards.sh - the int8 network of programs/layers.dl on every emulated Cortex-M gives the
# bits of the Python reference.
set -u
here=$ROOT/tests/firmware

fail() {
    echo "FAILED: $*" >&2
    exit 1
}
. "$here/board/board.sh"

rm -rf layers_int8* layers.out got.txt
board_tools
python3 "$here/images.py" 8 || fail "no images"
cp "$here/programs/layers.dl" .
"$DLC" layers.dl -o layers || fail "no program"
./layers train --quiet >train.log && ./layers calibrate --quiet || fail "no weights"
weights=layers.out/model.safetensors
python3 "$here/reference.py" $weights images.npy >expected.txt || fail "no reference"
"$DLC" layers.dl --weights $weights -o layers_int8.c || fail "not compiled"
for core in m0 m3 m4 m7 m33 m55; do
    board_load $core
    board_build layers_$core -O2 layers_int8.c "$here/layers_board.c"
    rm -f got.txt
    board_run layers_$core
    cmp got.txt expected.txt || fail "$core differs from the reference"
    echo "$core: $(head -n 1 layers_$core.count)"
done
