#!/usr/bin/env bash
# demo.sh - from an empty Debian 12 to a network that was trained on 55,000 images, turned
# into C99 and run: installs, builds, trains, bakes, compiles, classifies.
set -euo pipefail
source "$(dirname "$0")/setup.sh"
start=$SECONDS
mkdir -p "$root/build/demo"
install_missing dataset-fashion-mnist
echo "== building dlc"
build_release
cd "$root/build/demo"

echo "== training models/fashion_mlp.dl"
"$dlc" "$root/models/fashion_mlp.dl" -o fashion_mlp
./fashion_mlp train --epochs "${EPOCHS:-4}"

echo "== baking the weights into C99"
"$dlc" "$root/models/fashion_mlp.dl" --weights fashion_mlp.out/model.safetensors -o net.c
${CC:-cc} -std=c99 -O2 -Wall -Wextra -I. net*.c "$root/models/demo_classify.c" -lm -o classify

echo "== ten test images, classified by that C alone"
data=/usr/share/datasets/fashion-mnist
gzip -dc $data/t10k-labels-idx1-ubyte.gz > labels
gzip -dc $data/t10k-images-idx3-ubyte.gz > images
./classify labels < images
echo "done in $((SECONDS - start)) s; the C is in build/demo/net.c"
