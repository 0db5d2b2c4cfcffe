# packages.sh - `--package`: manifests are what their formats ask for; the Arduino library
# builds with Arduino's own builder and runs on an emulated ATmega2560; modules of Zephyr and
# components of ESP-IDF build with their example, and all examples print what the net gives;
# what is refused leaves nothing behind.
set -u
. "$ROOT/tests/firmware/common.sh"
board=$here/board

command -v arduino-builder >/dev/null || fail "arduino-builder is missing: see tests/run.sh"
rm -rf small* net* stream* kit libraries build* refused* *.npy
python3 "$here/images.py" 48 || fail "no images"
cp "$here/programs/small.dl" .
"$DLC" small.dl -o train && ./train train --out small.out --quiet >train.log &&
    ./train calibrate --out small.out --quiet || fail "no weights"
weights=small.out/model.safetensors
package() { # KIND FOLDER OPTION...: checked by the Python that has Debian's modules
    kind=$1 folder=$2
    shift 2
    "$DLC" small.dl --weights $weights --package=$kind -o $folder "$@" || fail "no $kind"
    /usr/bin/python3 "$here/packages/check.py" $kind $folder small || fail "$kind: not as its format asks"
}

# what the net gives for zeros, and its sizes
"$DLC" small.dl --weights $weights -o net.c || fail "not compiled"
cat >net_main.c <<'C'
#include "net.h"
#include <stdio.h>

int main(void)
{
    static double arena[(SMALL_SMALL_ARENA_BYTES + 7) / 8];
    static uint8_t image[SMALL_SMALL_IMAGE_LEN];
    float probs[SMALL_SMALL_PROBS_LEN];
    small_small(image, probs, arena);
    for (int i = 0; i < SMALL_SMALL_PROBS_LEN; i++)
        printf("probs[%d] = %f\n", i, (double)probs[i]);
    return 0;
}
C
gcc -std=c99 -I. net.c net_main.c -o net && ./net >expected.txt || fail "not on the host"
like_expected() { # FILE [SCALE]: its first lines of probs, over SCALE
    grep '^probs' $1 | head -n 6 | paste -d ' ' - expected.txt | awk -v scale=${2:-1} '
        { d = $3 / scale - $(NF) } $1 != $(NF - 2) || d > 2e-6 || d < -2e-6 { bad = 1 }
        END { exit bad || NR != 6 }' || fail "$1 is not what the net gives: $(cat $1)"
}

# Arduino, from its own builder to an emulated part
mkdir -p libraries build
package arduino libraries/small --self-test
arduino-builder -compile -hardware /usr/share/arduino-builder -hardware \
    /usr/share/arduino/hardware -tools /usr/bin -fqbn arduino:avr:mega:cpu=atmega2560 \
    -libraries libraries -build-path "$PWD/build" -warnings all \
    -prefs compiler.cpp.extra_flags=-DDECIMAL_DIG=__DECIMAL_DIG__ \
    libraries/small/examples/small/small.ino >build.log 2>&1 ||
    fail "Arduino does not build it: $(tail -n 20 build.log)"
grep -E '(libraries/small|sketch)/.*warning' build.log && fail "Arduino warns"
grep '^Sketch uses' build.log
gcc -O2 "$board/avr.c" -o avr -lsimavr -lelf || fail "the runner does not build"
./avr atmega2560 build/small.ino.elf arduino.count arduino.txt 8000000 >simavr.log ||
    fail "the sketch ends with $?"
grep -q '^self-test, 0 is right\[0\] = 0\.000000' arduino.txt || fail "$(cat arduino.txt)"
tr -d '\r' <arduino.txt >arduino.lines && like_expected arduino.lines

# PlatformIO and CMSIS: the C of the example, with the flags of the manifest or none
package platformio small_platformio
package cmsis small_cmsis --target=cortex_m4 --self-test
grep -q '<require Dcore="Cortex-M4"/>' small_cmsis/dlc.small.pdsc || fail "no condition"
for folder in small_platformio/examples/small small_cmsis/examples; do
    top=${folder%%/*}
    gcc $warnings -Wno-pedantic -I$top/src $top/src/*.c $folder/main.c -o example &&
        ./example >example.txt || fail "the example of $top"
    like_expected example.txt
done
grep -q '^self-test, 0 is right\[0\] = 0.000000' example.txt || fail "$(cat example.txt)"
# bits do not depend on flags: no fused operations where the core has them
echo 'float f(float a, float b, float c); float f(float a, float b, float c) { return a * b + c; }' >fused.c
head -n 3 small_cmsis/src/small.c | cat - fused.c >split.c
fused() { arm-none-eabi-gcc -mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard -O2 -S $1 -o - | grep -c 'vfma'; }
[ "$(fused fused.c)" -eq 1 ] && [ "$(fused split.c)" -eq 0 ] || fail "operations are fused"

# Zephyr and ESP-IDF: by as much of their build as the packages use
mkdir -p kit/share/zephyr-package/cmake kit/tools/cmake
cp "$here/packages/ZephyrConfig.cmake" kit/share/zephyr-package/cmake/
cp "$here/packages/project.cmake" kit/tools/cmake/
package zephyr small_zephyr --target=c99 --self-test
package espidf small_espidf --target=rv32imc
for folder in small_zephyr/samples/small small_espidf/examples/small; do
    ZEPHYR_BASE=$PWD/kit IDF_PATH=$PWD/kit cmake -S $folder -B build_${folder%%/*} >cmake.log 2>&1 &&
        cmake --build build_${folder%%/*} >cmake.log 2>&1 || fail "$folder: $(cat cmake.log)"
    build_${folder%%/*}/app >example.txt || fail "$folder does not run"
    case $folder in *zephyr*) like_expected example.txt 1e6 ;; *) like_expected example.txt ;; esac
done
grep -q 'CONFIG_SMALL=y' small_zephyr/samples/small/prj.conf && rm -r build_small_zephyr
sed -i d small_zephyr/samples/small/prj.conf
ZEPHYR_BASE=$PWD/kit cmake -S small_zephyr/samples/small -B build_small_zephyr >cmake.log 2>&1 &&
    cmake --build build_small_zephyr >cmake.log 2>&1 && fail "the module is there without its symbol"

# figures of the README
ram=$(sed -n 's/^ \*     ram \([0-9]*\) bytes.*/\1/p' net.h) flash=$(sed -n 's/.*_FLASH_BYTES = \([0-9]*\).*/\1/p' net.h)
grep -q "^| \`small_small\` | $ram | [0-9]* | $flash | [0-9]* | [0-9]* |$" libraries/small/README.md ||
    fail "$(cat libraries/small/README.md)"

# a stream
cp "$here/programs/stream.dl" . && python3 "$here/stream_data.py" && "$DLC" stream.dl -o train &&
    ./train train --out stream.out --quiet >train.log || fail "no stream"
"$DLC" stream.dl --weights stream.out/model.safetensors --package=platformio --self-test -o net_stream &&
    gcc $warnings -Wno-pedantic -Inet_stream/src net_stream/src/*.c net_stream/examples/*/main.c -lm -o example &&
    ./example >example.txt && grep -q '^rows\[1\] = ' example.txt &&
    grep -q '^self-test, 0 is right\[0\] = 0.000000' example.txt || fail "a stream"

# a net that goes on learning
"$DLC" "$ROOT/models/ds_cnn_adapt.dl" --weights "$ROOT/models/weights/ds_cnn.safetensors" \
    --package=platformio -o net_adapt &&
    gcc $warnings -Wno-pedantic -O1 -Inet_adapt/src net_adapt/src/*.c net_adapt/examples/*/main.c -lm -o example &&
    ./example | awk '/^probs/ { sum += $3; n++ } END { exit n != 12 || sum < 0.999 || sum > 1.001 }' ||
    fail "a net that learns"

refused() { # STATUS TEXT FOLDER OPTION...
    status=$1 text=$2 folder=$3
    shift 3
    ls -A >before.txt
    "$DLC" small.dl -o $folder "$@" 2>error.log
    [ $? -eq "$status" ] && grep -qF -- "$text" error.log || fail "$*: $(cat error.log)"
    ls -A | cmp -s - before.txt || fail "$*: something is left: $(ls -A | diff - before.txt)"
}
touch before.txt error.log small.dl
with="--weights $weights"
refused 1 'cannot write `libraries`: it exists [E0701]' libraries $with --package=arduino
refused 1 'cannot write `small.dl`: it' small.dl $with --package=zephyr
ln -s nowhere dangling
refused 1 'cannot write `dangling`: it exists [E0701]' dangling $with --package=zephyr
refused 1 'cannot write `nowhere/small`: No such file' nowhere/small $with --package=arduino
refused 1 'but there are no weights [E0703]' refused --package=cmsis
refused 1 'a package for cmsis cannot hold C for the target `avr` [E0416]' refused $with --package=cmsis
refused 1 'it takes c99, cortex_m*: say so' refused $with --package=cmsis
refused 1 'cannot hold C for the target `x86_64_v3`' refused $with --package=arduino --target=x86_64_v3
refused 1 'must not be called `arduino_nose`' refused $with --package=arduino --prefix=arduino_nose
long=$(printf 'a%.0s' $(seq 260)) # too long for a file system, when some files are written
refused 1 'File name too long' refused $with --package=cmsis --target=c99 --prefix=$long
refused 2 '--package cannot be `ardunio`; did you mean `arduino`?' refused $with --package=ardunio
refused 2 '--package goes with -o FOLDER' refused.c $with --package=zephyr
refused 2 '-MD goes with -o MODEL.c' refused $with --package=zephyr -MD
exit 0
