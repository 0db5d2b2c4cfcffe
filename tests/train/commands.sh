# commands.sh - every command and what it says, and what is refused.
. "$(dirname "$0")/common.sh"

"$program" train --epochs 3 >train.txt || fail "train"
[ "$(grep -c '^epoch' train.txt)" -eq 3 ] || fail "not a line an epoch"
tail -n 3 train.txt >lines.txt
grep -Eq '^train  loss [0-9.]+  acc [0-9.]+$' lines.txt || fail "no train line"
grep -Eq '^valid  loss [0-9.]+  acc [0-9.]+$' lines.txt || fail "no valid line"
grep -Eq '^test   loss [0-9.]+  acc [0-9.]+$' lines.txt || fail "no test line"
"$program" eval >eval.txt || fail "eval"
tail -n 3 eval.txt | cmp - lines.txt || fail "eval and train disagree"
total=$(sed -n '/confusion/,/^$/p' eval.txt | sed '1,2d' |
    awk '{ for (i = 2; i <= NF; i++) n += $i; d += $(NR + 1) } END { print n, d }')
acc=$(sed -n 's/^test .*acc //p' eval.txt)
echo "$total" | awk -v acc="$acc" '{ d = $2 / $1 - acc
    exit !($1 == 300 && d < 0.0001 && d > -0.0001) }' ||
    fail "confusion matrix ($total) and accuracy ($acc) disagree"
[ "$("$program" eval --split test --quiet)" = "$(tail -n 1 lines.txt)" ] || fail "--split"
"$program" train --json --epochs 2 --out json >json.txt || fail "--json"
[ "$(grep -c '^{"event":.*}$' json.txt)" -eq "$(wc -l <json.txt)" ] || fail "not JSON"
"$program" info >info.txt || fail "info"
grep -q '20 batches of 50 an epoch, 0 samples dropped' info.txt || fail "info: dropped"
grep -q 'parameters   7,850 in 2 tensors' info.txt || fail "info: parameters"
"$program" help | grep -q -- '--resume' || fail "help"

# predict: the file of 300 test images, and one as .npy and .csv
"$program" predict data/t10k-images-idx3-ubyte >predict.txt || fail "predict"
[ "$(wc -l <predict.txt)" -eq 300 ] || fail "not a line a sample"
{ printf '\223NUMPY\1\0\103\0'
  printf "{'descr': '|u1', 'fortran_order': False, 'shape': (28, 28), }     \n"
  tail -c +17 data/t10k-images-idx3-ubyte | head -c 784; } >one.npy
tail -c +17 data/t10k-images-idx3-ubyte | head -c 784 | od -An -v -tu1 |
    tr -s ' \n' ',' | sed 's/^,//; s/,$//' >one.csv
echo >>one.csv
first=$(sed -n '1s/^[^ ]*//p' predict.txt)
for file in one.npy one.csv; do
    [ "$("$program" predict $file | sed 's/^[^ ]*//')" = "$first" ] || fail "$file differs"
done
echo "$first" | grep -Eq 'probs: [0-9] \(.*\)  [0-9] \(.*\)  [0-9] \(.*\)  logits: \[' ||
    fail "predict prints $first"

# check finds a wrong sign and nothing else; bench measures
"$program" check >check.txt || fail "check"
grep -Eq '^[12][0-9] cases, .* worst relative error' check.txt || fail "check counts"
"$program" check --random >/dev/null || fail "check --random"
"$program" check --weights softmax.out/model.safetensors >/dev/null || fail "check --weights"
refused 1 "gradient of classifier/b" "$flip" check
"$program" bench --seconds 0.05 >bench.txt || fail "bench"
for word in step eval classifier k0_forward k1_update k0_probs; do
    grep -q "^$word " bench.txt || fail "bench lacks $word"
done

# usage
refused 2 "did you mean train?" "$program" trian
refused 2 "did you mean --epochs?" "$program" train --epoch 3
refused 2 "--epochs takes an integer" "$program" train --epochs zero
refused 2 "--epochs takes an integer" "$program" train --epochs 0
refused 2 "--epochs takes a value" "$program" train --epochs
refused 2 "eval does not take --resume" "$program" eval --resume
refused 2 "a command is missing" "$program"
refused 2 "unknown split tset" "$program" eval --split=tset
refused 2 "predict takes at least one file" "$program" predict
refused 1 "not both" "$program" train --epochs 1 --steps 1

# data
refused 1 "tried nowhere/train-images-idx3-ubyte, $dir/data2/train-images-idx3-ubyte" \
    env DLC_DATA="$dir/data2" "$program" train --data nowhere
cp -r data broken
head -c 5000 data/train-images-idx3-ubyte >broken/train-images-idx3-ubyte
refused 1 "ends at offset 5000, expected 1176016 bytes for 1500 samples" \
    "$program" train --data broken --out none
[ ! -e none ] || fail "a failed run made its folder"
cp -r data swapped
cp data/t10k-labels-idx1-ubyte swapped/t10k-images-idx3-ubyte
refused 1 "offset 4: extents 300, expected samples of image: u8[28, 28]" \
    "$program" train --data swapped --out none

# weights
weights=softmax.out/model.safetensors
refused 1 "nowhere.safetensors: cannot be opened" \
    "$program" eval --weights nowhere.safetensors
head -c 9000 $weights >short.safetensors
refused 1 "is truncated" "$program" eval --weights short.safetensors
{ cat $weights; echo; } >long.safetensors
refused 1 "goes on for 1 bytes after its last tensor" \
    "$program" eval --weights long.safetensors
LC_ALL=C sed 's#classifier/b#classifier/c#' $weights >renamed.safetensors
refused 1 "missing: classifier/b; not in the model: classifier/c" \
    "$program" eval --weights renamed.safetensors
LC_ALL=C sed 's#\[784,10\]#[10,784]#' $weights >turned.safetensors
refused 1 "other shapes: classifier/w is F32 10 x 784, expected f32[784, 10]" \
    "$program" eval --weights turned.safetensors
LC_ALL=C sed 's#5eed5eed5eed5eed#5eed5eed5eed5eee#' $weights >hash.safetensors
"$program" eval --quiet --weights hash.safetensors >/dev/null 2>err.txt || fail "hash"
grep -q 'warning: .* has the hash 5eed5eed5eed5eee' err.txt || fail "no word of the hash"
"$program" eval --quiet --weights softmax.out/checkpoint.safetensors >/dev/null ||
    fail "a checkpoint's weights"
