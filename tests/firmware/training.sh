# training.sh - train blocks on an emulated Cortex-M4, within 256 KB of RAM: every number
# that training makes is the host's.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

# Runs MAIN.c with FILE.c... on the host and on the core; what both print must be equal.
same() { # MAIN FILE.c...
    main=$1
    shift
    gcc -std=c99 -O2 -ffp-contract=off -I. "-I$board" "$@" "$here/$main.c" -lm -o host ||
        fail "$main does not build here"
    ./host >host.txt || fail "$main ends with status $? here"
    board_load m4
    ram_length=256K
    board_build net "-O2 -fno-math-errno -I$board/libc" "$@" "$here/$main.c"
    rm -f got.txt
    board_run net
    cmp got.txt host.txt || fail "$main differs from the host"
}

# What a step takes on the core; more than the ceilings is a failure.
figures() { # WHAT INSTRUCTIONS RAM FLASH FILE...
    what=$1 instructions=$2 ram=$3 flash=$4
    shift 4
    set -- $(awk '$2 > n { n = $2 } $4 > s { s = $4 } END { print n, s }' net.count) \
        $($tools-size -A net.elf | awk '$1 == ".data" || $1 == ".bss" { n += $2 }
            END { print n }') $(board_sizes net "$@")
    echo "$what: $1 instructions a step at most, $3 bytes of RAM and $2 of stack," \
        "flash $4 of code and $5 of constants"
    [ $1 -le $instructions ] && [ $3 -le $ram ] && [ $(($4 + $5)) -le $flash ] ||
        fail "$what: the ceilings are $instructions instructions, $ram of RAM, $flash of flash"
}

board_tools

# a small net, all of it, from the seed
cp "$here/programs/learn.dl" . && "$DLC" learn.dl --target=cortex_m4 -o learn.c ||
    fail "learn is not compiled"
same learn_main learn.c
figures learn 462000 31400 14700 learn

# the last layers of a trained network; the rest is constant. Within 192 KB of state and
# scratch values are computed again, which changes no bit.
cp "$ROOT/models/ds_cnn.dl" "$ROOT/models/ds_cnn_adapt.dl" . || fail "no program"
for budget in 192KiB 256KiB; do
    sed "s/192KiB/$budget/" ds_cnn_adapt.dl >program.dl
    "$DLC" program.dl --prefix=ds_cnn_adapt --weights "$ROOT/models/weights/ds_cnn.safetensors" \
        -o net.c || fail "ds_cnn_adapt is not compiled for $budget"
    same adapt_main net.c net_data.c
    figures "ds_cnn_adapt in $budget" 20000000 218000 115000 net net_data
    mv host.txt "$budget.txt"
    mv net.h "$budget.h"
done
cmp 192KiB.txt 256KiB.txt || fail "computing again changes numbers"
grep -q 'ADAPT_ARENA_BYTES = 160000' 192KiB.h && grep -q 'ADAPT_ARENA_BYTES = 192000' 256KiB.h ||
    fail "other scratch: $(grep -h ADAPT_ARENA 192KiB.h 256KiB.h)"

# the same on a frozen part in int8
{
    awk '!/^deploy/' "$ROOT/models/ds_cnn.dl"
    sed -n '/^train adapt/,/^}/p' ds_cnn_adapt.dl | sed 's/spot(/ds_cnn(/; s/kws[.]//'
    echo 'deploy ds_cnn as spot { target: cortex_m4; train: adapt; prefix: "ds_cnn_adapt_"; quantize: int8() }'
} >program.dl
"$DLC" program.dl --prefix=ds_cnn_adapt --weights "$ROOT/models/weights/ds_cnn.safetensors" -o net.c ||
    fail "ds_cnn_adapt is not compiled in int8"
rm -f net_data.c
same adapt_main net.c
sed 's/prefix:/flash: 40KiB; prefix:/' program.dl >flash.dl
"$DLC" flash.dl --weights "$ROOT/models/weights/ds_cnn.safetensors" -o flash.c 2>flash.log &&
    fail "more flash than its budget is not noticed"
grep -q 'needs 4[0-9]* bytes of flash, the budget is 40960' flash.log || fail "$(cat flash.log)"
figures "ds_cnn_adapt on int8" 8800000 218000 66000 net
! cmp -s host.txt 256KiB.txt || fail "int8 gives the numbers of floats"
