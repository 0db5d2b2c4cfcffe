# kernels.sh - int8 kernels of many shapes on emulated cores: the bits of the plain loops on
# the host, which layers.sh compares with a reference; instructions for each multiply-add
# below the ceilings of kernels.tsv, stack below 512 bytes.
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

# A line for each kernel; its name in the C is k<number>_<name of the row>_...
table='FILENAME == "functions.txt" {
        split($0, word, " "); name = word[3]
        sub(/^k[0-9]*_/, "", name); sub(/_.*/, "", name)
        n[name] += word[1]; cycles[name] += word[2]; next
    }
    $1 == core {
        each = n[$2] / $4
        printf "| %s | %s | %.2f | %.2f | %s | %s |\n", core, $3, each, cycles[$2] / $4, $6, $5
        if (n[$2] == 0 || each > $7) { print "ceiling " $7; bad = 1 }
        rows++
    }
    END { exit bad || rows != 5 }'

on_core() { # CORE TARGET
    rm -f kernels_int8* kernels.*.o kernels.*.su
    "$DLC" kernels.dl --target=$2 --weights $weights -o kernels_int8.c ||
        fail "not compiled for $2"
    board_load $1
    # kernels stay functions of their own, for the table
    board_build kernels "-O2 -fno-inline-functions-called-once" kernels_int8*.c \
        "$here/kernels_main.c"
    rm -f got.txt
    board_run kernels on
    cmp got.txt host.txt || fail "$2 differs from the plain loops"
    python3 "$board/cycles.py" kernels.elf kernels.count $1 --functions >functions.txt ||
        fail "no counts"
    awk -F '\t' -v core=$1 "$table" functions.txt "$here/kernels.tsv" ||
        fail "$1: above a ceiling"
    [ "$(board_stack kernels)" -le 512 ] || fail "$1: stack $(board_stack kernels)"
}

on_core m4 cortex_m4
on_core m3 cortex_m3
on_core m0 cortex_m0plus
on_core rv32 rv32imc
on_core m55 cortex_m55

# its vectors are the same in C99, and as text
gcc -std=c99 -O2 -ffp-contract=off -I. "-I$here/board" kernels_int8*.c \
    "$here/kernels_main.c" -o twin && ./twin >got.txt || fail "cortex_m55 not on the host"
cmp got.txt host.txt || fail "the vectors of cortex_m55 in C99 differ"
"$DLC" kernels.dl --target=cortex_m55 --weights $weights --emit=loop >text.dlir &&
    "$DLC" text.dlir --emit=loop >again.dlir || fail "the loops of cortex_m55 do not read"
grep -q 'v16c_dot(x, w, acc)' text.dlir || fail "no vectors"
sed -i 's/   # .*//' text.dlir again.dlir
cmp text.dlir again.dlir || fail "the loops of cortex_m55 read as others"
