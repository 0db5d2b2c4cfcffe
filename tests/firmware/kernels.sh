# kernels.sh - int8 kernels of many shapes on an emulated Cortex-M4: the bits of the plain
# loops on the host, which layers.sh compares with a reference; instructions for each
# multiply-add below the ceilings of kernels.tsv, stack below 512 bytes.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

rm -rf kernels_int8* kernels.out kernels.*
board_tools
python3 "$here/kernels_data.py" || fail "no samples"
cp "$here/programs/kernels.dl" .
"$DLC" kernels.dl -o kernels || fail "no program"
./kernels train --quiet >train.log && ./kernels calibrate --quiet || fail "no weights"
weights=kernels.out/model.safetensors
"$DLC" kernels.dl --weights $weights -o kernels_int8.c || fail "not compiled"
gcc -std=c99 -O2 -ffp-contract=off -I. "-I$here/board" kernels_int8*.c \
    "$here/kernels_main.c" -o host && ./host >host.txt || fail "not on the host"
[ "$(sort -u host.txt | wc -l)" -gt 3 ] || fail "all outputs are one"

rm -f kernels_int8*
"$DLC" kernels.dl --target=cortex_m4 --weights $weights -o kernels_int8.c ||
    fail "not compiled for cortex_m4"
board_load m4
# kernels stay functions of their own, for the table
board_build kernels "-O2 -fno-inline-functions-called-once" kernels_int8*.c \
    "$here/kernels_main.c"
rm -f got.txt
board_run kernels on
cmp got.txt host.txt || fail "cortex_m4 differs from the plain loops"
python3 "$board/cycles.py" kernels.elf kernels.count m4 --functions >functions.txt ||
    fail "no counts"
awk -F '\t' 'FILENAME == "functions.txt" {
        split($0, word, " "); name = word[3]
        sub(/^k[0-9]*_/, "", name); sub(/_.*/, "", name)
        n[name] += word[1]; cycles[name] += word[2]; next
    }
    /^#/ { next }
    {
        each = n[$1] / $3
        printf "| %s | %.2f | %.2f | %s | %s |\n", $2, each, cycles[$1] / $3, $5, $4
        if (n[$1] == 0 || each > $6) { print "ceiling " $6; bad = 1 }
    }
    END { exit bad }' functions.txt "$here/kernels.tsv" || fail "above a ceiling"
[ "$(board_stack kernels)" -le 512 ] || fail "stack $(board_stack kernels)"
