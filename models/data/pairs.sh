#!/bin/sh
# pairs.sh [--small] [FOLDER] - pairs of Fashion-MNIST images and whether they are of one
# class, from Debian's dataset-fashion-mnist:
#
#   pairs/{train,valid}-{pairs,same}   20,000 + 2,000 pairs of classes 0 to 6
#   pairs/test-...                     4,000 pairs of classes 7 to 9, which training never saw
. "$(dirname "$0")/generate.sh"
have pairs/test-same && exit 0
from=/usr/share/datasets/fashion-mnist
[ -e $from/train-images-idx3-ubyte.gz ] ||
    { echo "pairs.sh: please install the package dataset-fashion-mnist" >&2; exit 1; }
build pairs
for name in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
    gzip -dc $from/$name-ubyte.gz >"$work/$name"
done
mkdir -p "$into/pairs"
pairs() { # SET COUNT SEED FIRST LAST OUT
    "$work/pairs" "$work/$1-images-idx3" "$work/$1-labels-idx1" "$(count "$2")" "$3" "$4" "$5" \
        "$into/pairs/$6"
}
pairs train 20000 1 0 6 train
pairs t10k 2000 2 0 6 valid
pairs t10k 4000 3 7 9 test
