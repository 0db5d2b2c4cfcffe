#!/bin/sh
# networks.sh [NAME...] - the networks of MLPerf Tiny in int8 with the weights of
# models/weights, on every emulated core: the same bits as on the host, and a table of what
# they take there, beside the bars of networks.tsv.
#
#   networks.sh                      all of them; minutes
#   networks.sh machines ds_cnn      those
#   CORES="m4 m0" networks.sh ...    on those cores
#   OPTIMIZE=ram networks.sh ...     with --optimize=ram
#   WEIGHTS=DIR networks.sh ...      with other weights
#
# RAM, stack, flash and instructions must stay below networks_ceilings.tsv, which wants lower
# numbers when they are reached; NO_CEILINGS=1 only prints.
set -u
ROOT=${ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
DLC=${DLC:-$ROOT/build/release/compiler/driver/dlc}
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"
. "$here/networks_lib.sh"

[ $# -gt 0 ] || set -- resnet8 mobilenet ds_cnn machines
[ -x "$DLC" ] || fail "no compiler at $DLC: build one, or set DLC"
into=$(mktemp -d) || exit 1
trap 'rm -rf "$into"' EXIT
cd "$into" || exit 1
board_tools
network_head
for name in "$@"; do
    network_load "$name"
    network_host
    for core in ${CORES:-m0 m3 m4 m7 m33 m55 rv32}; do
        network_board "$core"
        network_row
        [ -n "${NO_CEILINGS:-}" ] || network_ceilings
    done
done
