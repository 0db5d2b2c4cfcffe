# boards.sh - the int8 network of programs/layers.dl on every emulated core gives the
# bits of the Python reference.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

rm -rf layers_int8* layers.out got.txt
board_tools
python3 "$here/images.py" 8 || fail "no images"
cp "$here/programs/layers.dl" .
"$DLC" layers.dl -o layers || fail "no program"
./layers train --quiet >train.log && ./layers calibrate --quiet || fail "no weights"
weights=layers.out/model.safetensors
python3 "$here/reference.py" $weights images.npy >expected.txt || fail "no reference"
run() { # CORE TARGET
    "$DLC" layers.dl --target=$2 --weights $weights -o layers_int8.c ||
        fail "not compiled for $2"
    board_load $1
    board_build layers_$1 "-O2 -fno-schedule-insns" layers_int8.c "$here/layers_board.c"
    rm -f got.txt
    board_run layers_$1
    cmp got.txt expected.txt || fail "$2 on $1 differs from the reference"
    echo "$1 $2: $(head -n 1 layers_$1.count)"
}

run m0 c99
run m0 cortex_m0plus
run m3 cortex_m3
run m4 c99
run m4 cortex_m4
run m7 cortex_m7
run m33 cortex_m33
run m55 cortex_m55
run m55 cortex_m55_nomve
run rv32 rv32imc
# what is written for one core is C that every other core computes alike
run m0 cortex_m4
run m3 cortex_m55
