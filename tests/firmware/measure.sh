#!/bin/sh
# measure.sh CORE MODEL.c - for `dlc --tune`: runs the self-test of a net on an emulated core
# and prints what each layer took there, in instructions: lines COUNT LAYER. The files that
# dlc wrote with --self-test=1 lie beside MODEL.c; MODEL stands for any name.
set -u
ROOT=${ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

[ $# -eq 2 ] || fail "usage: measure.sh CORE MODEL.c"
board_load "$1"
stem=$(basename "$2" .c)
cd "$(dirname "$2")" || exit 1
[ -f libcount.so ] || board_tools
test=$(sed -n 's/^int32_t \([a-z0-9_]*\)_self_test(void .*/\1/p' "${stem}_test.h")
[ "$(echo "$test" | wc -w)" -eq 1 ] || fail "not one net, but: $test"
upper=$(echo "$test" | tr a-z A-Z)
layers=$(sed -n 's/^enum { \([A-Z0-9_]*\)_LAYERS = \([0-9]*\) };/\1 \2/p' "$stem.h")
prefix=${layers% *} count=${layers#* }
options="-DHEADER=\"${stem}_test.h\" -DTEST=${test}_self_test -DBYTES=${upper}_SELF_TEST_BYTES
    -DLAYERS=${prefix}_LAYERS -DNAMES=${prefix}_LAYER_NAMES -D${prefix}_PROFILE
    -DHOOK=$(echo "$prefix" | tr A-Z a-z)_profile"
rm -f got.txt measured.count
data=
[ -f "${stem}_data.c" ] && data=${stem}_data.c
board_build measured "-O2 $options" "$stem.c" "${stem}_test.c" $data "$here/measure_main.c"
board_run measured
awk '/^instructions/ { print $2 }' measured.count | sed 1d | head -n "$count" |
    paste -d ' ' - got.txt | awk 'NF == 2'
[ "$(awk '/^instructions/' measured.count | wc -l)" -gt "$count" ] || fail "layers are missing"
