# silence.sh MODEL TARGET [MARCH] - the emitted C compiles without a word with gcc and clang
# at -O0, -O2 and -Os; the header alone, as C and as C++; a seeded fault does not.
set -u
model=$1 target=$2 march=${3:-}
list="-pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wcast-qual
-Wstrict-prototypes -Wmissing-prototypes -Wundef -Wdouble-promotion -Wvla -Wnull-dereference -Werror"
"$DLC" "$model" --target="$target" -o silent.c || exit 1
printf '#include "silent.h"\n#include "silent.h"\n' >header.c
cp header.c header.cc
for cc in gcc clang-14; do
    command -v $cc >/dev/null || { echo "skipped: no $cc"; exit 77; }
    for level in -O0 -O2 -Os; do
        for file in silent*.c; do
            $cc -std=c99 $list $level $march -ffp-contract=off -c "$file" -o out.o >said 2>&1 &&
                [ ! -s said ] || { echo "$cc $level $march $file:"; head -n 20 said; exit 1; }
        done
    done
    $cc -std=c99 $list -fsyntax-only header.c || exit 1
    $cc -x c++ -std=c++11 -Wall -Wextra -pedantic -Werror -fsyntax-only header.cc || exit 1
done
[ -n "$march" ] && { # the C99 twins of intrinsics are silent too
    gcc -std=c99 $list -Os -ffp-contract=off -c silent.c -o out.o || exit 1
}
sed '0,/^static void k0_/s//static void fault(int x) { float x = 1; }\n&/' silent.c >fault.c
gcc -std=c99 $list -fsyntax-only fault.c >/dev/null 2>&1 && { echo "a fault went unnoticed"; exit 1; }
exit 0
