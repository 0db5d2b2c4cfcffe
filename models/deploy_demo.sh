#!/usr/bin/env bash
# deploy_demo.sh [--train] - from an empty Debian 12 to a keyword spotter on a
# microcontroller: installs, builds, quantizes models/ds_cnn.dl with its committed weights to
# int8, builds firmware for an emulated Cortex-M4, streams clips of a synthesizer that
# training never heard into it, and prints what it hears and what it takes.
#
#   --train    makes the training data and trains first: minutes
#   EPOCHS=2 deploy_demo.sh --train      for so long
#   VOICES="kal16 rms" deploy_demo.sh    other voices of flite
set -euo pipefail
source "$(dirname "$0")/setup.sh"
ROOT=$root DLC=${DLC:-$dlc}
source "$root/tests/firmware/common.sh"
source "$root/tests/firmware/board/board.sh"
into=${INTO:-$root/build/deploy_demo}
mkdir -p "$into"
[ $# -eq 0 ] || [ "$*" = --train ] || fail "usage: deploy_demo.sh [--train]"

echo "== building dlc"
install_missing gcc-arm-none-eabi qemu-system-arm flite sox python3-minimal
[ "$DLC" != "$dlc" ] || build_release
cd "$into"
rm -f ./*.c ./*.h ./*.o ./*.su ./*.elf clips.raw kws.count
board_tools arm-none-eabi-gcc qemu-system-arm

weights=$root/models/weights/ds_cnn.safetensors
if [ $# -gt 0 ]; then
    echo "== making words and training models/ds_cnn.dl"
    install_missing espeak-ng festival festvox-us-slt-hts festvox-kdlpc16k
    sh "$root/models/data/words.sh"
    "$DLC" "$root/models/ds_cnn.dl" -o ds_cnn
    ./ds_cnn train ${EPOCHS:+--epochs "$EPOCHS"}
    ./ds_cnn calibrate
    weights=$into/ds_cnn.out/model.safetensors
fi

echo "== quantizing to int8, for a Cortex-M4"
"$DLC" "$root/models/ds_cnn.dl" --weights "$weights" --self-test -o kws.c
sed -n '/^ \*   ds_cnn/,/^ \*     ram/s/^ \*  *//p' kws.h

echo "== building firmware"
board_load m4
board_build kws "-O2 -fno-math-errno -fno-schedule-insns -I$board/libc" \
    kws*.c "$root/models/deploy_demo.c"
arm-none-eabi-size -A kws.elf | awk '
    $1 == ".text" || $1 == ".data" { flash += $2 }
    $1 == ".data" || $1 == ".bss" { ram += $2 }
    END { print "firmware with self-test: " flash " bytes of flash, " ram " of static RAM" }'

echo "== streaming clips of ${VOICES:=kal16 awb} into it"
${CC:-cc} -std=c11 -O2 "$root/models/data/words.c" -lm -o words
rm -rf said clips
number=0
for word in yes no up down left right on off stop go; do
    class=$(printf '%02d_%s' $number $word) number=$((number + 1))
    mkdir -p said/$class
    for voice in $VOICES; do
        flite -voice $voice -t $word -o clip.wav
        sox clip.wav -c 1 -r 16000 -b 16 -e signed-integer -t raw -D said/$class/$voice.raw
    done
done
find said -name '*.raw' | LC_ALL=C sort | sed 's/^/1 /' >list
./words 1000 0 clips <list
for clip in clips/*/*.wav; do
    class=${clip#clips/}
    class=$((10#${class%%_*}))
    printf "\\$(printf %o $class)\\0" # i16
    sox "$clip" -c 1 -r 16000 -b 16 -e signed-integer -t raw -D -
done >clips.raw
cycles() { python3 "$board/cycles.py" kws.elf kws.count m4 | cut -d ' ' -f 2,4; }
board_run kws on 0 2>/dev/null # one region of a run has a histogram: the front end, once
front=$(cycles)
board_run kws on 1 2>&1 | tee heard.txt
net=$(cycles)

awk '{ right += $2 == $4 } END { print "== " right " of " NR " heard right" }' heard.txt
size() { sed -n "s/.*DS_CNN_$1 = \([0-9]*\).*/\1/p" kws.h; }
awk -v net="$net" -v front="$front" \
    -v ram=$(size DS_CNN_ARENA_BYTES) -v flash=$(size DS_CNN_FLASH_BYTES) \
    -v code="$(board_sizes kws kws | cut -d ' ' -f 1)" \
    -v front_ram=$(($(size FRONTEND_ARENA_BYTES) + 4 * $(size FRONTEND_SOUND_LEN))) \
    -v front_flash=$(size FRONTEND_FLASH_BYTES) -v stack=$(board_stack kws) 'BEGIN {
    split(net, n, " "); split(front, f, " ")
    printf "network:   %d bytes of RAM (input and output in it), %d of constants\n", ram, flash
    printf "           %d instructions, %.2f ms at 80 MHz (a model of cycles, no silicon)\n",
        n[1], n[2] / 80000
    printf "front end: %d bytes of RAM, %d of constants, in f32\n", front_ram, front_flash
    printf "           %d instructions, %.2f ms at 80 MHz\n", f[1], f[2] / 80000
    printf "both:      %d bytes of code, %d of stack\n", code, stack
}'
echo "the C is in ${into#"$root/"}/kws.c"
