#!/usr/bin/env bash
# run.sh [CTEST OPTION...] - installs what the tests need (Debian 12, root or sudo; nothing
# when all is there), builds and runs all of CTest. The last line is
# `N passed, N failed, N skipped`; exit status 1 when something failed.
#
#   bash tests/run.sh                 everything
#   bash tests/run.sh -L unit         one label; any option of ctest
#   PRESET=asan bash tests/run.sh     another preset of CMakePresets.json
set -uo pipefail
source "$(dirname "$0")/../models/setup.sh" # root, install_missing
preset=${PRESET:-test}
build=$root/build/$preset

install_missing gcc libc6-dev cmake ninja-build bison flex zlib1g-dev libspng-dev libturbojpeg0-dev libjansson-dev \
    libcmocka-dev clang-14 clang-format-14 libclang-rt-14-dev llvm-14-tools binutils python3-minimal \
    dataset-fashion-mnist libonnx-testdata \
    gcc-arm-none-eabi qemu-system-arm gcc-riscv64-unknown-elf qemu-system-misc \
    gcc-avr avr-libc libsimavr-dev libelf-dev \
    arduino-builder arduino-core-avr python3-yaml python3-kconfiglib \
    lld-14 wasi-libc libclang-rt-14-dev-wasm32 nodejs || exit 1
# What models/data/*.sh make the pictures and the spoken words of learning tests from.
install_missing festival-hi festvox-italp16k festvox-itapc16k festvox-czech-dita festvox-czech-krb \
    festvox-czech-machac festvox-czech-ph festvox-suopuhe-lj festvox-suopuhe-mv \
    festvox-ca-ona-hts festvox-hi-nsk || exit 1
install_missing espeak-ng festival festvox-us-slt-hts festvox-kdlpc16k flite sox \
    libfreetype-dev fonts-dejavu-core fonts-liberation \
    fonts-freefont-ttf fonts-roboto-unhinted || exit 1
# Programs for 64-bit Arm run under qemu-user; on such a machine they just run.
[ "$(uname -m)" = aarch64 ] ||
    install_missing gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user || exit 1

cd "$root" || exit 1
cmake --preset "$preset" >/dev/null || { echo "the build cannot be configured"; exit 1; }
mkdir -p "$build"
if ! cmake --build "$build" -j "${JOBS:-2}" >"$build/build.log" 2>&1; then
    grep -E 'error|FAILED' "$build/build.log" | head -n 40
    echo "the build failed; see $build/build.log"
    exit 1
fi
ctest --test-dir "$build" --output-on-failure --no-tests=error -j "${JOBS:-2}" \
    --output-junit "$build/results.xml" "$@" | tee "$build/ctest.log" |
    grep -vE '^ +Start +[0-9]+:|^Internal ctest|^Test project'

# <testsuite name="..." tests="n" failures="n" disabled="n" skipped="n" ...>
count() { sed -n "/<testsuite/,/>/s/.*[^a-z]$1=\"\([0-9]*\)\".*/\1/p" "$build/results.xml" | head -n 1; }
tests=$(count tests) failed=$(count failures) skipped=$(count skipped)
if [ -z "$tests" ] || [ "$tests" -eq 0 ]; then
    echo "no test ran"
    exit 1
fi
if [ "$skipped" -gt 0 ]; then
    echo "skipped:"
    sed -n 's/.*<testcase name="\([^"]*\)".*status="notrun".*/    \1/p' "$build/results.xml"
fi
echo "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
