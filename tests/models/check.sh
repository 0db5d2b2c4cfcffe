# check.sh - the gradients of the programs, in whole batches: no correct one is called wrong.
. "$(dirname "$0")/common.sh"
need_data fashion_mlp
for case in xor:1,2,3,4,5:25 fashion_mlp:0,1,6,9:35 fashion_cnn:0:60; do
    model=${case%%:*} seeds=${case#*:}
    "$DLC" "$ROOT/models/$model.dl" -o "$model" || fail "compile $model"
    for seed in $(echo "${seeds%:*}" | tr , ' '); do
        ./"$model" check --seed "$seed" >"$model.txt" || fail "check of $model, seed $seed"
        cases=$(sed -n 's/^\([0-9]*\) cases.*/\1/p' "$model.txt")
        [ "$cases" -ge "${case##*:}" ] || fail "only $cases cases of $model, seed $seed"
    done
    tail -n 1 "$model.txt"
done
# Two losses, each over its nets; stop_gradient; one op of each family; made samples.
for options in "-O0 --target=c99" "--target=c99" ""; do
    "$DLC" $options "$ROOT/tests/models/families.dl" -o families || fail "families $options"
    for seed in 0 1 2 3 4; do
        ./families check --random --seed $seed >families.txt || fail "families $options $seed"
    done
    tail -n 1 families.txt
done
