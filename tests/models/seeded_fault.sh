# seeded_fault.sh - the bounds can fail: with a learning rate of nothing they do.
. "$(dirname "$0")/common.sh"
need_data fashion_mlp
for model in xor fashion_mlp; do
    plan $model
    sed 's/lr=[a-z]*(*[0-9.e-]*)*/lr=1e-20)/' "$ROOT/models/$model.dl" >$model.dl
    cmp -s $model.dl "$ROOT/models/$model.dl" && fail "the fault was not seeded"
    "$DLC" $model.dl -o $model || fail "compile"
    ./$model train --steps $steps --seed 1 --out $model.out --quiet >$model.txt || fail "train"
    loss=$(loss_of $model.txt train)
    [ -n "$loss" ] || fail "no loss"
    if below "$loss" $bound; then fail "$model learned nothing, and $loss is below $bound"; fi
    echo "$model: $loss misses $bound"
done
for loss in "" nan inf; do
    if below "$loss" 1; then fail "a loss of '$loss' passed"; fi
done
