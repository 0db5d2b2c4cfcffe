# check.sh - the gradients of the programs, with few samples a batch: their kinks are rare.
. "$(dirname "$0")/common.sh"
need_data fashion_mlp
for model in xor fashion_mlp fashion_cnn; do
    "$DLC" "$ROOT/models/$model.dl" --batch=4 -o "$model" || fail "compile $model"
    ./"$model" check --seed 1 >"$model.txt" || fail "check of $model"
    tail -n 1 "$model.txt"
    cases=$(sed -n 's/^\([0-9]*\) cases.*/\1/p' "$model.txt")
    [ "$cases" -ge 15 ] || fail "only $cases cases of $model"
done
