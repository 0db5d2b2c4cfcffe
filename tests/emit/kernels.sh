# kernels.sh EMIT_KERNELS TARGET LANES [MARCH] - kernels with every operation of the loop
# IR compute what the loop interpreter computes, bit for bit, and compile silently: gcc
# and clang, -O0 and -O2 with intrinsics, -Os as C99.
set -u
tool=$1 target=$2 lanes=$3 march=${4:-}
case $march in
*v4) grep -q avx512f /proc/cpuinfo || { echo "skipped: no AVX-512 here"; exit 77; } ;;
*v3) grep -q avx2 /proc/cpuinfo || { echo "skipped: no AVX2 here"; exit 77; } ;;
esac
warnings="-std=c99 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow
  -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wdouble-promotion -Wvla
  -Wnull-dereference -Werror -ffp-contract=off -fwrapv" # inputs overflow on purpose
"$tool" "$target" "$lanes" k.c >expected || exit 1
[ "$(wc -l <expected)" -gt 10000 ] || { echo "too little was computed"; exit 1; }
tried=0
try() { # RUN CC FLAG...
    run=$1
    shift
    "$@" $warnings k.c -o k -lm || { echo "not silent: $*"; exit 1; }
    $run ./k >got || { echo "fails: $*"; exit 1; }
    cmp -s got expected || { echo "differs: $*"; diff got expected | head; exit 1; }
    tried=$((tried + 1))
}
case $target-$(uname -m) in
x86_64*-x86_64 | c99-* | aarch64-*) ;;
*) echo "skipped: $target on $(uname -m)"; exit 77 ;;
esac
if [ "$target" = aarch64 ] && [ "$(uname -m)" != aarch64 ]; then
    command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null ||
        { echo "skipped: no aarch64-linux-gnu-gcc with qemu-aarch64"; exit 77; }
    try qemu-aarch64 aarch64-linux-gnu-gcc -static -O0
    try qemu-aarch64 aarch64-linux-gnu-gcc -static -O2
else
    for cc in gcc clang-14; do
        command -v $cc >/dev/null || continue
        for level in -O0 -O2; do
            try "" $cc $level $march
        done
        [ -z "$march" ] || try "" $cc -Os # other intrinsics, or the C99 twin
    done
fi
[ $tried -gt 0 ] || { echo "skipped: no compiler"; exit 77; }
# A fault must be seen: one coefficient of exp is moved by 2e-6 of itself.
sed 's/0\.041666206f/0.0416663f/' k.c >fault.c
cmp -s k.c fault.c && { echo "no constant to change"; exit 1; }
if [ "$target" != aarch64 ] || [ "$(uname -m)" = aarch64 ]; then
    cc -std=c99 -O1 -ffp-contract=off -w fault.c -o fault -lm && ./fault >got
    cmp -s got expected && { echo "a wrong constant was not seen"; exit 1; }
fi
echo "$tried builds agree on $(wc -l <expected) words"
