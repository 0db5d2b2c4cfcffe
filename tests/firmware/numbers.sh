# numbers.sh - on a microcontroller, kernels that are equal but for numbers are one function
# with these as parameters: fewer functions than for C of any machine, the same results, and
# a wrong number is noticed.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/networks_lib.sh"
rm -f net* host* m4*
network_load mobilenet
network_host
functions=$(grep -c '^static void k[0-9]' net.c)
network_compile cortex_m4
shared=$(grep -c '^DLC_KERNEL void k[0-9]' net.c)
[ "$shared" -lt $((functions - 3)) ] || fail "$shared functions of kernels, $functions in C99"
grep -q 'const int32_t size_0' net.c || fail "no numbers as parameters"
run() { # NAME
    gcc $warnings -O1 -ffp-contract=off -I. "-I$here/board" $options net*.c \
        "$here/networks_main.c" -lm -o m4 || fail "$1 is not compiled"
    ./m4 >$1.txt
}
run m4
cmp m4.txt host.txt || fail "differs from C99"
# the last number of the last call that has one
line=$(grep -n ', [0-9][0-9]*);$' net.c | tail -1 | cut -d: -f1)
sed -i "${line}s/, \([0-9]*\));\$/, \1 + 1);/" net.c
run m4_wrong
cmp -s m4_wrong.txt host.txt && fail "a wrong number is not noticed"
exit 0
