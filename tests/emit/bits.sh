# bits.sh EMIT_BITS HARNESS_FOLDER MODEL TARGET [MARCH] - the compiled C of a model computes
# what the loop interpreter computes, bit for bit: gcc and clang, -O0 and -O2. C for another
# machine (aarch64 on x86-64) is compiled by its cross compiler and runs under qemu-user.
set -u
tool=$1 here=$2 model=$3 target=$4 march=${5:-}
case $march in
*v4) grep -q avx512f /proc/cpuinfo || { echo "skipped: no AVX-512 here"; exit 77; } ;;
*v3) grep -q avx2 /proc/cpuinfo || { echo "skipped: no AVX2 here"; exit 77; } ;;
esac
machine=$(uname -m) run=
case $target-$machine in
aarch64-aarch64 | c99-*) compilers="gcc clang-14" ;;
aarch64-*)
    compilers=aarch64-linux-gnu-gcc run=qemu-aarch64 link=-static
    for command in $compilers $run; do
        command -v $command >/dev/null || { echo "skipped: no $command"; exit 77; }
    done ;;
x86_64*-x86_64) compilers="gcc clang-14" ;;
*) echo "skipped: $target on $machine"; exit 77 ;;
esac
"$tool" "$model" "$target" . >expected || exit 1
[ -s expected ] || { echo "nothing was computed"; exit 1; }
tried=0
for cc in $compilers; do
    command -v $cc >/dev/null || continue
    for level in -O0 -O2; do
        for flags in "$march" ${march:+""}; do # with intrinsics, and their C99 twins
            # A target's own code; for vector targets also the twins, unoptimized: gcc
            # takes minutes to optimize structs of 16 lanes.
            [ -z "$march" ] || [ -n "$flags" ] || [ $level = -O0 ] || continue
            $cc -std=c11 $level $flags -ffp-contract=off -fno-math-errno -w \
                -Dmain=program_main -I"$ROOT/runtime" -c model_program.c -o table.o &&
            $cc -std=c11 $level $flags -ffp-contract=off -w -I"$ROOT/runtime" -I"$here" \
                $(ls model.c model_data.c 2>/dev/null) table.o "$here/bits_harness.c" -lm \
                ${link:-} -o harness || exit 1
            $run ./harness >got || { echo "the program failed: $cc $level $flags"; exit 1; }
            cmp -s expected got || {
                echo "$cc $level $flags differs from the loop interpreter:"
                diff expected got | head -n 20
                exit 1
            }
            tried=$((tried + 1))
        done
    done
done
[ $tried -gt 0 ] || { echo "skipped: no compiler"; exit 77; }
echo "$tried builds, $(wc -l <expected) values each"
# A seeded fault: another input must not give the same values.
cc=${compilers%% *}
sed 's/BITS_STEPS = 3/BITS_STEPS = 2/' "$here/bits.h" >bits.h
cp "$here/bits_harness.c" .
$cc -std=c11 -O0 -ffp-contract=off -w -Dmain=program_main -I"$ROOT/runtime" -c model_program.c -o table.o &&
$cc -std=c11 -O0 -ffp-contract=off -w -I. -I"$ROOT/runtime" $(ls model.c model_data.c 2>/dev/null) \
    table.o bits_harness.c -lm ${link:-} -o harness && $run ./harness >got || exit 1
cmp -s expected got && { echo "two steps look like three"; exit 1; }
exit 0
