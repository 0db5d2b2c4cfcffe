#!/usr/bin/env bash
# accuracy.sh [MODEL...] - test accuracy on Fashion-MNIST with seeds 1, 2, 3: every value,
# then a row with the mean and the seconds. The epoch is chosen by the validation split, the
# test split is read once (zoo.sh, which does the work for all programs).
[ $# -gt 0 ] || set -- fashion_mlp fashion_cnn
exec bash "$(dirname "$0")/zoo.sh" --seeds 3 "$@"
