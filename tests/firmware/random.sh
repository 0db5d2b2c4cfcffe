# random.sh RANDOM_NETS [FIRST COUNT] - random int8 nets: C for c99 and for each core gives on
# the host, and C for a core on the emulated core, what the loop interpreter gives; every
# target the same. A changed constant is noticed. ROOT is the checkout.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"
nets=$1 first=${2:-1} count=${3:-12}

rm -rf c99 cortex_* got.txt
board_tools
seeds="seeds $first to $((first + count - 1))"

# The seed whose output is on the first line that differs.
differ() { # EXPECTED GOT
    cmp "$1" "$2" || fail "$3 differs from the loop interpreter, $seeds"
}

for target in c99 cortex_m3 cortex_m4 cortex_m55; do
    mkdir $target && "$nets" $target $first $count $target || fail "no nets for $target"
    cmp $target/nets.txt c99/nets.txt || fail "$target gives other bits than c99, $seeds"
    for build in "gcc -O2" "clang-14 -O0"; do
        [ $target = c99 ] || [ "$build" = "gcc -O2" ] || continue
        $build -std=c99 -w -ffp-contract=off "-I$here/board" $target/nets.c -o $target/host &&
            ./$target/host >$target/host.txt || fail "$target: $build"
        differ $target/nets.txt $target/host.txt "$target, $build"
    done
done
[ "$(sort -u c99/nets.txt | wc -l)" -gt $((2 * count)) ] || fail "the outputs hardly differ"

for core in m4 m55; do
    target=cortex_$core
    board_load $core
    board_build nets_$core "-O2 -fno-schedule-insns -w" $target/nets.c
    rm -f got.txt
    board_run nets_$core
    differ $target/nets.txt got.txt "$core"
done

# a constant of each net that is one larger
sed 's/^\(static const int32_t s[0-9]*_[0-9]*\[[0-9]*\] = { -*[0-9]*\)/\1 + 77777/' c99/nets.c >wrong.c
cmp -s wrong.c c99/nets.c && fail "no constant to change"
gcc -O1 -w -ffp-contract=off "-I$here/board" wrong.c -o wrong && ./wrong | cmp -s - c99/nets.txt &&
    fail "wrong constants are not noticed"
exit 0
