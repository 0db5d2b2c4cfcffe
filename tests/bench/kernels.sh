#!/bin/sh
# kernels.sh - GF/s of the generated contractions beside the FMA peak of the same run.
#   tests/bench/kernels.sh BUILD_DIR [TARGET [NAME]]
# TARGET: default the host's. NAME: only kernels whose title contains it; "spills":
# instead of timing, list inner loops that use the stack.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --build "$build" --target bench_kernels >"$work/log" || { cat "$work/log"; exit 1; }
"$build/tests/bench/bench_kernels" ${2:+"$2"} >"$work/bench.c"
march=$(sed -n '1s|/\* march: \(.*\) \*/|\1|p' "$work/bench.c")
cc=${CC:-cc}
flags=
for flag in -fira-region=one -fno-predictive-commoning; do # as the driver does
    $cc -Werror $flag -fsyntax-only -x c /dev/null 2>"$work/log" && flags="$flags $flag"
done
# shellcheck disable=SC2086
$cc -O2 -std=c11 -D_POSIX_C_SOURCE=200809L $march -ffp-contract=off $flags -I"$here" \
    -o "$work/bench" "$work/bench.c" -lm
if [ "${3:-}" = spills ]; then
    sh "$here/spills.sh" "$work/bench"
    exit
fi
if command -v taskset >/dev/null; then
    taskset -c 0 "$work/bench" ${3:+"$3"}
else
    "$work/bench" ${3:+"$3"}
fi
