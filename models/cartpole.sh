#!/usr/bin/env bash
# cartpole.sh [dqn|reinforce] [SEED..] - compiles a program and its loop in C, trains it for
# each seed (1 2 3), fails below a mean return of 475. $DLC: the compiler.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dlc=${DLC:-$here/../build/release/compiler/driver/dlc}
method=${1:-dqn}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 1 2 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$dlc" "$here/cartpole_$method.dl" -o "$work/cartpole_${method}_net.c"
${CC:-cc} -std=c11 -O2 -ffp-contract=off -Wall -Wextra -Werror -I"$work" -I"$here" \
    "$here/cartpole_$method.c" "$work/cartpole_${method}_net.c" -lm -o "$work/run"
for seed; do
    begin=$(date +%s%N)
    "$work/run" "$seed" | tail -n 1
    echo "  in $((($(date +%s%N) - begin) / 1000000)) ms"
done
