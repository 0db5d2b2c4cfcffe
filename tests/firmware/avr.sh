# avr.sh - an int8 network on an emulated AVR with 8 KB of RAM: the bits of the host, with
# constants in flash; and the same C in strict C99, where they are in RAM.
set -u
. "$ROOT/tests/firmware/common.sh"
board=$here/board

command -v avr-gcc >/dev/null || fail "avr-gcc is missing: see tests/run.sh"

rm -rf small* *.txt *.elf
python3 "$here/images.py" 48 || fail "no images"
cp "$here/programs/small.dl" .
"$DLC" small.dl -o small && ./small train --quiet >train.log && ./small calibrate --quiet ||
    fail "no weights"
"$DLC" small.dl --weights small.out/model.safetensors -o net.c || fail "not compiled"
options="-DHEADER=\"net.h\" -DNET=small_small -DINPUT=uint8_t -DINPUT_LEN=SMALL_SMALL_IMAGE_LEN
    -DOUTPUT_LEN=SMALL_SMALL_PROBS_LEN -DARENA_BYTES=SMALL_SMALL_ARENA_BYTES -I. -I$board"
gcc -std=c99 -O1 -ffp-contract=off $options net.c "$here/networks_main.c" -o host &&
    ./host >host.txt || fail "not on the host"
[ "$(sort -u host.txt | wc -l)" -gt 1 ] || fail "one output for all"
gcc -O2 "$board/avr.c" -o avr -lsimavr -lelf || fail "the runner does not build"
for mode in gnu99 c99; do
    avr-gcc -mmcu=atmega2560 -std=$mode -Os $options net.c "$here/networks_main.c" \
        -o $mode.elf || fail "does not build in $mode"
    timeout 120 ./avr atmega2560 $mode.elf $mode.count $mode.txt >simavr.log || fail "$mode ends with $?"
    cmp $mode.txt host.txt || fail "$mode differs from the host"
    head -n 1 $mode.count
    avr-size -A $mode.elf | awk -v mode=$mode '/^\.(text|data|bss)/ { print mode, $1, $2 }'
done >figures
cat figures
data() { awk -v mode=$1 '$1 == mode && $2 == ".data" { print $3 }' figures; }
[ "$(data c99)" -gt $(($(data gnu99) + 1000)) ] || fail "constants are not in flash"
