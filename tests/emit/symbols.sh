# symbols.sh MODEL TARGET PREFIX [MARCH] - external symbols begin with the prefix; undefined
# are only functions of libm that are instructions; no written data.
set -u
model=$1 target=$2 prefix=$3 march=${4:-}
"$DLC" "$model" --target="$target" -o sym.c || exit 1
for level in -O0 -O2; do
    for file in sym*.c; do
        gcc -std=c99 $level $march -ffp-contract=off -fno-math-errno -ffreestanding -c "$file" -o sym.o || exit 1
        nm sym.o >names
        grep -qE ' T ' names || [ "$file" = sym_data.c ] || { echo "no function in $file"; exit 1; }
        awk -v p="$prefix" '
            $2 ~ /^[A-Z]$/ && $2 != "U" && index($3, p "_") != 1 { print "external: " $3; bad = 1 }
            $2 ~ /^[BbDdCc]$/ { print "written data: " $3; bad = 1 }
            $1 == "U" && $2 !~ /^(sqrtf|fmaf|floorf|fabsf|memcpy|memset)$/ && index($2, p "_") != 1 { print "undefined: " $2; bad = 1 }
            $1 == "U" && $2 ~ /^mem/ { seen = seen " " $2 }
            END { exit bad }' names || { echo "in $file at $level"; exit 1; }
    done
done
# memcpy and memset may only come from the compiler, which freestanding C must provide for.
grep -nE '\b(malloc|free|printf|memcpy|memset|errno|goto|setjmp)\b' sym.c && exit 1
exit 0
