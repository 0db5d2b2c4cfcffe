# programs.sh FOLDER - unusual programs: every pass leaves their meaning (--check-passes) at
# two levels and two targets, the C is silent, and training lowers the loss, or, where two
# nets fight over it, keeps it finite. A loss that does not fall must be noticed.
set -u
list="-std=c99 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wcast-qual
-Wstrict-prototypes -Wmissing-prototypes -Wundef -Wdouble-promotion -Wvla -Wnull-dereference
-Werror -ffp-contract=off -O1"
failed() { echo "FAILED: $*"; exit 1; }
falls() { # HISTORY RATIO: the last of the losses is below RATIO times the first
    awk -F, -v ratio="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^(train[._ ])?loss$/) at = i }
        NR == 2 { first = $at }
        NR > 1 { last = $at; if ($0 ~ /nan|inf/) exit 1 }
        END { exit !(at && NR > 2 && last < ratio * first) }' "$1"
}
rm -rf ./*
cp "$1"/*.dl "$1"/*.csv .
for file in *.dl; do
    name=${file%.dl}
    "$DLC" $file --target=c99 -O0 --verify --check-passes=1 -o $name.c || failed "$name -O0"
    "$DLC" $file --target=c99 -O3 --verify --check-passes=1 -o $name.c || failed "$name -O3"
    for cc in gcc clang-14; do
        command -v $cc >/dev/null || continue
        $cc $list -c $name.c -o out.o || failed "$name: $cc"
    done
    "$DLC" $file --check-passes=1 -o $name || failed "$name: the program"
    grep -q '^train' $file || continue
    ./$name train >log 2>&1 || { cat log; failed "$name train"; }
    case $name in
    gan) grep -qiE 'nan|inf[^o]' $name.out/history.csv && failed "$name: not finite" ;;
    *) falls $name.out/history.csv 0.9 || { cat $name.out/history.csv; failed "$name: the loss"; } ;;
    esac
done
# Gradients through loops, against differences in f64.
./cells check --weights cells.out/model.safetensors >log 2>&1 || { tail -5 log; failed "check"; }
# Steps uphill must be noticed.
sed 's/lr=0.05/lr=-0.01/' rank0.dl >up.dl
"$DLC" up.dl -o up && ./up train >log 2>&1 || failed "up.dl"
[ -s up.out/history.csv ] || failed "no history of up.dl"
falls up.out/history.csv 0.9 && failed "a loss that rises went unnoticed"
exit 0
