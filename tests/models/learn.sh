# learn.sh MODEL - trains a program of models/ for the few steps of its line in learn.tsv, on
# little data, and fails if what it reaches is not beyond the bound there.
. "$(dirname "$0")/common.sh"
model=$1
line=$(grep "^$model	" "$(dirname "$0")/learn.tsv") || fail "learn.tsv has no $model"
field() { printf '%s\n' "$line" | cut -f "$1"; }
make_data "$(field 2)"
# a schedule spans the steps that the program says, not those of the command line
sed "s,$images/,small/,; s/^    epochs: *[0-9]*/    steps: $(field 3)/" "$ROOT/models/$model.dl" \
    >"$model.dl"
# the bits are the same at every -O, and -O1 compiles in half the time
printf '#!/bin/sh\nexec %s "$@" -O1\n' "${CC:-cc}" >cc1
chmod +x cc1
# shellcheck disable=SC2046 # no option or several words
CC=$PWD/cc1 "$DLC" $(field 9) "$model.dl" -o "$model" || fail "compile"
./"$model" train --seed 1 --data . --out out >train.txt || fail "train"
# `epoch`: the training values of the last epoch's line, in batches
sed -n 's/^epoch \(.*\)  valid .*/epoch  \1/p; s/^epoch \(.*samples.*\)/epoch  \1/p' train.txt |
    tail -n 1 >epoch.txt
cat epoch.txt >>train.txt
reached=$(sed -n "s/^$(field 4)  .*$(field 5) \([-0-9.einfa]*\).*/\1/p" train.txt | tail -n 1)
echo "$model: $(field 4) $(field 5) $reached after $(field 3) steps, untrained $(field 8)"
case $(field 6) in
above) below "$(field 7)" "$reached" ;;
*) below "$reached" "$(field 7)" ;;
esac || fail "not $(field 6) $(field 7)"
