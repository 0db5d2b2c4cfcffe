# pairs.sh - two blocks, shuffled: the samples of the longer block take turns, those of the shorter
# one come once an epoch, and pairs change.
. "$(dirname "$0")/common.sh"
sed 's/shuffle: false/shuffle: true/; s/epochs: 5/epochs: 12/; s/    metric goal = y/    metric goal = y\n    metric nine = f32(x[0] == 9)\n    metric pair = x[0] * y/' \
    "$here/programs/two_blocks.dl" >mixed.dl
"$DLC" mixed.dl -o mixed && ./mixed train --quiet >log || { cat log; fail "train"; }
awk -F, 'NR > 1 { goal += ($4 - 2) ^ 2 > 1e-9; nine[$5]; pair[$6] }
    END { for (i in nine) n++; for (i in pair) p++; exit goal > 0 || n < 2 || p < 3 }' \
    mixed.out/history.csv || { cat mixed.out/history.csv; fail "not as it should be"; }
./mixed info | grep -q '2 batches of 2 an epoch, 0 samples dropped' || fail "info"
./mixed eval >log || fail "eval"
exit 0
