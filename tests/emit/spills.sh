# spills.sh EMIT_KERNELS - gcc keeps the inner loop of a 12x2 tile in registers: no call
# and no stack operand beside the fused multiply-adds, with and without -fira-region=one.
set -u
command -v objdump >/dev/null && command -v gcc >/dev/null ||
    { echo "skipped: no gcc with objdump"; exit 77; }
echo | gcc -mavx512f -E - >/dev/null 2>&1 || { echo "skipped: not x86-64"; exit 77; }
"$1" gemm tile.c || exit 1
for region in "" -fira-region=one; do
    gcc -std=c99 -O2 -mavx512f -ffp-contract=off $region -c tile.c -o tile.o || exit 1
    # the loop: from the first to the last fmadd of the function that has 24 of them
    objdump -d --no-show-raw-insn tile.o | awk '
        /<tile>:/ { inside = 1 }
        !inside { next }
        /vfmadd/ { fma++; if (first == 0) first = NR; last = NR }
        { line[NR] = $0 }
        END {
            for (i = first; i <= last; i++)
                if (line[i] ~ /\(%r[sb]p/ || line[i] ~ /call/) { print line[i]; bad++ }
            if (fma != 24) { print "found " fma " fmadd, not 24"; exit 1 }
            exit bad > 0
        }' || { echo "spills with $region"; exit 1; }
done
