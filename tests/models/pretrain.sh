# pretrain.sh - denoising pretraining helps a small labelled set: from the weights of
# denoise.dl few_labels.dl reaches a lower loss than from scratch.
. "$(dirname "$0")/common.sh"
make_data fashion
for model in denoise few_labels; do
    sed "s,$images/,small/,; s/59500/5700/; s/train, 5000/train, 500/; s/^    epochs: .*/    steps: 500/" \
        "$ROOT/models/$model.dl" >$model.dl
    "$DLC" $model.dl -o $model || fail "compile $model"
done
sed '/^    load:/d' few_labels.dl >scratch.dl
cmp -s scratch.dl few_labels.dl && fail "few_labels loads nothing"
"$DLC" scratch.dl -o scratch || fail "compile"
./denoise train --seed 1 --quiet >/dev/null || fail "denoise"
for model in few_labels scratch; do
    ./$model train --seed 1 --data . --quiet >$model.txt || fail "train $model"
    sed -n "s/^valid .*loss \([0-9.]*\).*/\1/p" $model.txt >$model.loss
    echo "$model: $(cat $model.loss)"
done
awk -v a="$(cat few_labels.loss)" -v b="$(cat scratch.loss)" 'BEGIN { exit !(a < 0.97 * b) }' ||
    fail "pretraining did not help"
