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
figures learn 470000 33000 20000 learn
