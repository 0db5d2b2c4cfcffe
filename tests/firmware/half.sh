# half.sh - weights as half floats (`quantize: f16`) on emulated cores with and without a
# floating-point unit and on an AVR: the bits of the host, with the least halves among them.
set -u
here=$ROOT/tests/firmware

fail() {
    echo "FAILED: $*" >&2
    exit 1
}
. "$here/board/board.sh"

rm -rf small* *.txt *.elf
board_tools
python3 "$here/images.py" 48 || fail "no images"
# without softmax, whose exponential wants math.h: the bench has no C library
sed 's/quantize: int8.*/quantize: f16 }/; s/, softmax//; s/probs/y/g
    s/minimize.*using/minimize mean((y - f32(label)) ** 2) using/' \
    "$here/programs/small.dl" >small.dl
"$DLC" small.dl -o small && ./small train --quiet >train.log || fail "no weights"
python3 - <<'END' || fail "no weights to change"
import json, struct
path = 'small.out/model.safetensors'
data = bytearray(open(path, 'rb').read())
(n,) = struct.unpack('<Q', data[:8])
at = 8 + n + json.loads(data[8:8 + n])['small/conv2/w']['data_offsets'][0]
data[at:at + 20] = struct.pack('<5f', 6e-8, -3e-5, 6.1e-5, 1.5e-6, -0.0)
open(path, 'wb').write(data)
END
options="-DHEADER=\"net.h\" -DNET=small_small -DINPUT=uint8_t -DINPUT_LEN=SMALL_SMALL_IMAGE_LEN
    -DOUTPUT_LEN=SMALL_SMALL_Y_LEN -DARENA_BYTES=SMALL_SMALL_ARENA_BYTES -I. -I$board"

compile() { # TARGET
    rm -f net*
    "$DLC" small.dl --target=$1 --weights small.out/model.safetensors -o net.c ||
        fail "not compiled for $1"
    grep -q 'const.* uint16_t.*= {' net*.c || fail "no halves for $1"
}

compile c99
gcc -std=c99 -O1 -ffp-contract=off $options net*.c "$here/networks_main.c" -o host &&
    ./host >host.txt || fail "not on the host"
[ "$(sort -u host.txt | wc -l)" -gt 1 ] || fail "one output for all"
for core in m0 m4 rv32; do
    case $core in
    m0) target=cortex_m0plus ;;
    m4) target=cortex_m4 ;;
    rv32) target=rv32imc ;;
    esac
    compile $target
    board_load $core
    board_build small "-O2 $options" net*.c "$here/networks_main.c"
    rm -f got.txt
    board_run small
    cmp got.txt host.txt || fail "$core differs from the host"
done
compile avr
avr-gcc -mmcu=atmega2560 -std=gnu99 -Os $options net*.c "$here/networks_main.c" -o avr.elf ||
    fail "not for AVR"
gcc -O2 "$board/avr.c" -o avr -lsimavr -lelf || fail "the runner does not build"
timeout 120 ./avr atmega2560 avr.elf avr.count avr.txt >simavr.log || fail "AVR ends with $?"
cmp avr.txt host.txt || fail "AVR differs from the host"
