#!/usr/bin/env bash
# accuracy.sh [MODEL...] - test accuracy on Fashion-MNIST over seeds 1, 2, 3. The epoch is
# chosen by the validation split (`keep:` in the model); the test split is read once, by
# `eval`, after training. Prints every value, the mean and the seconds.
set -euo pipefail
source "$(dirname "$0")/setup.sh"
mkdir -p "$root/build/accuracy"
install_missing dataset-fashion-mnist
build_release
cd "$root/build/accuracy"
[ $# -gt 0 ] || set -- fashion_mlp fashion_cnn
for model in "$@"; do
    "$dlc" "$root/models/$model.dl" -o "$model"
    values=()
    begin=$SECONDS
    for seed in 1 2 3; do
        ./"$model" train --seed $seed --out "$model.$seed.out" --quiet >/dev/null
        acc=$(./"$model" eval --weights "$model.$seed.out/model.safetensors" --split test |
              sed -n 's/^test .*acc \([0-9.]*\).*/\1/p')
        values+=("$acc")
        echo "$model  seed $seed  test acc $acc"
    done
    printf '%s\n' "${values[@]}" | awk -v m="$model" -v s=$((SECONDS - begin)) \
        '{ sum += $1 } END { printf "%s  mean of %d seeds  test acc %.4f  %d s\n", m, NR, sum / NR, s }'
done
