# training.sh - train blocks on emulated microcontrollers, within 256 KB of RAM: every number
# that training makes is the host's.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

# Builds and runs MAIN.c with FILE.c... on the host.
host() { # MAIN FILE.c...
    main=$1
    shift
    gcc -std=c99 -O2 -ffp-contract=off $options -I. "-I$board" "$@" "$here/$main.c" -lm \
        -o host || fail "$main does not build here"
    ./host >host.txt || fail "$main ends with status $? here"
}

# Runs MAIN.c with FILE.c... on the host and on $core; what both print must be equal.
core=m4 options=
same() { # MAIN FILE.c...
    main=$1
    shift
    host "$main" "$@"
    board_load $core
    ram_length=256K
    board_build net "-O2 -fno-math-errno -I$board/libc $options" "$@" "$here/$main.c"
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
# with and without a floating-point unit
options=-DSTEPS=10
while read -r core target instructions flash; do
    "$DLC" learn.dl --target=$target -o learn.c || fail "learn is not compiled for $core"
    same learn_main learn.c </dev/null
    figures "learn on $core" $instructions 31400 $flash learn
done <<'END'
m33 cortex_m33 462000 14900
m3 cortex_m3 8400000 32400
END
core=m4 options=

# the last layers of a trained network; the rest is constant. Within 192 KB of state and
# scratch values are computed again, which changes no bit. On the host all that is learned,
# on the core the first of it.
weights=$ROOT/models/weights/ds_cnn.safetensors
learned() { # BUDGET INSTRUCTIONS FLASH FILE...
    budget=$1 limit=$2 flash_limit=$3
    shift 3
    "$DLC" program.dl --prefix=ds_cnn_adapt --weights "$weights" -o net.c ||
        fail "ds_cnn_adapt is not compiled for $budget"
    options=
    host adapt_main $(printf '%s.c ' "$@")
    mv host.txt "$budget.txt"
    options=-DROUNDS=2
    same adapt_main $(printf '%s.c ' "$@")
    figures "ds_cnn_adapt, $budget" $limit 218000 $flash_limit "$@"
    mv net.h "$budget.h"
}
cp "$ROOT/models/ds_cnn.dl" "$ROOT/models/ds_cnn_adapt.dl" . || fail "no program"
cp ds_cnn_adapt.dl program.dl
learned 192KiB 19700000 112000 net net_data
sed 's/192KiB/256KiB/' ds_cnn_adapt.dl >program.dl
learned 256KiB 12800000 110000 net net_data
cmp 192KiB.txt 256KiB.txt || fail "computing again changes numbers"
grep -q 'ADAPT_ARENA_BYTES = 160000' 192KiB.h && grep -q 'ADAPT_ARENA_BYTES = 192000' 256KiB.h ||
    fail "other scratch: $(grep -h ADAPT_ARENA 192KiB.h 256KiB.h)"

# the same on a frozen part in int8
{
    awk '!/^deploy/' "$ROOT/models/ds_cnn.dl"
    sed -n '/^train adapt/,/^}/p' ds_cnn_adapt.dl | sed 's/spot(/ds_cnn(/; s/kws[.]//'
    echo 'deploy ds_cnn as spot { target: cortex_m4; train: adapt; prefix: "ds_cnn_adapt_"; quantize: int8() }'
} >program.dl
rm -f net_data.c
learned int8 8800000 66000 net
cmp -s int8.txt 256KiB.txt && fail "int8 gives the numbers of floats"
sed 's/prefix:/flash: 40KiB; prefix:/' program.dl >flash.dl
"$DLC" flash.dl --weights "$weights" -o flash.c 2>flash.log &&
    fail "more flash than its budget is not noticed"
grep -q 'needs 4[0-9]* bytes of flash, the budget is 40960' flash.log || fail "$(cat flash.log)"
