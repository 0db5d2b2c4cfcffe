# resample.sh - `resample: balanced(y)`: every class that has samples comes equally often,
# in another order each epoch; the order is a function of the seed.
. "$(dirname "$0")/common.sh"
"$DLC" "$here/programs/resample.dl" -o resample || fail "compile"
./resample train --quiet --out one >log || fail "train"
./resample train --quiet --out two --threads 2 >log || fail "train"
cmp one/model.safetensors two/model.safetensors || fail "one seed, two orders"
awk -F, 'NR > 1 && ($4 - 1 / 3) ^ 2 + ($5 - 1 / 3) ^ 2 + ($6 - 1 / 3) ^ 2 > 1e-9 { bad = 1 }
    NR > 1 { ones[$7] } END { for (i in ones) n++; exit bad || NR != 7 || n < 2 }' one/history.csv ||
    { cat one/history.csv; fail "not balanced, or always the same samples"; }
sed '/resample:/d; s/batch:    4/batch: 4/; s/epochs:   6/epochs: 6/' "$here/programs/resample.dl" >as_is.dl
"$DLC" as_is.dl -o as_is && ./as_is train --quiet >log || fail "without"
awk -F, 'NR > 1 && ($4 - 0.75) ^ 2 < 1e-9 { n++ } END { exit n != 6 }' as_is.out/history.csv ||
    { cat as_is.out/history.csv; fail "balanced without resample"; }

# `shuffle: false` of the train block: the order of the data, so one batch a kind.
sed 's/resample:.*/shuffle:  false/; s/steps.*//' "$here/programs/resample.dl" >order.dl
"$DLC" order.dl -o order && ./order train --json --epochs 1 >events || fail "shuffle"
sed 's/shuffle:.*/shuffle: true/' order.dl >mixed.dl
"$DLC" mixed.dl -o mixed && ./mixed train --json --epochs 1 >mixed_events || fail "shuffle"
cmp -s order.out/model.safetensors mixed.out/model.safetensors && fail "shuffle changes nothing"
exit 0
