# threads.sh MODEL - one thread and two write the same bytes.
. "$(dirname "$0")/common.sh"
need_data "$1"
sed "s,$images/,," "$ROOT/models/$1.dl" >"$1.dl"
"$DLC" "$1.dl" -o "$1" || fail "compile"
small_data
for threads in 1 2; do
    ./"$1" train --steps 8 --seed 3 --threads $threads --out $threads --data small --quiet >/dev/null ||
        fail "train --threads $threads"
done
same 1 2 || fail "the number of threads changed the model"
./"$1" train --steps 9 --seed 3 --out nine --data small --quiet >/dev/null || fail "train"
if same 1 nine; then fail "a ninth step changed nothing"; fi
