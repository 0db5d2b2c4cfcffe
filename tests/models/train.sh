# train.sh MODEL - compile, count, train to a bound, evaluate, repeat, bake into C99.
. "$(dirname "$0")/common.sh"
here=$(cd "$(dirname "$0")" && pwd)
model=$1
need_data "$model"
plan "$model"
"$DLC" "$ROOT/models/$model.dl" -o "$model" || fail "compile"

case $model in fashion_mlp) count=109,386 ;; fashion_cnn) count=93,322 ;; *) count= ;; esac
if [ -n "$count" ]; then
    "$DLC" "$ROOT/models/$model.dl" --summary | grep -q "total: $count parameters" ||
        fail "--summary does not say $count"
    ./"$model" info | grep -q "^parameters  *$count in " || fail "info does not say $count"
fi

begin=$(date +%s)
./"$model" train --steps "$steps" --seed 1 --out one >train.txt || fail "train"
echo "trained in $(($(date +%s) - begin)) s"
loss=$(loss_of train.txt train)
below "$loss" "$bound" || fail "the loss '$loss' after $steps steps is not below $bound"
split=train
[ "$model" != fashion_resnet ] || split=test # smaller
loss=$(loss_of train.txt $split)
./"$model" eval --weights one/model.safetensors --split $split --quiet >eval.txt || fail "eval"
[ "$(loss_of eval.txt $split)" = "$loss" ] ||
    fail "eval says $(loss_of eval.txt $split), train said $loss"

# a seed decides every byte; thread tests repeat it for the slow ones
case $model in fashion_cnn | fashion_resnet) few=5 ;; *) few=50 ;; esac
for run in "1 a" "1 b" "2 c"; do
    ./"$model" train --steps $few --seed "${run% *}" \
        --out "${run#* }" --quiet >/dev/null || fail "train"
done
same a b || fail "one seed, two models"
if same a c; then fail "two seeds, one model"; fi

rm -f samples.csv # of another model in this folder
# the C99 of the trained weights, and the same network for the machine of the training
case $model in
xor) printf '0,0\n0,1\n1,0\n1,1\n' >samples.csv ;;
linear_regression) sed -n '2,33s/,[^,]*$//p' "$ROOT/models/data/diabetes.csv" >samples.csv ;;
esac
if [ -e samples.csv ]; then
    input=float file=samples.csv
    tr , ' ' <samples.csv >samples
else
    input=uint8_t file=t10k-images
    gzip -dc $images/t10k-images-idx3-ubyte.gz >t10k-images
    dd if=t10k-images bs=16 skip=1 count=1568 2>/dev/null >samples # 32 images
fi
host=$(./"$model" version | sed -n 's/.*target \([a-z0-9_]*\).*/\1/p')
[ -n "$host" ] || fail "version does not name its target"
bake() { # TARGET FOLDER CFLAG...
    target=$1 folder=$2
    shift 2
    mkdir -p "$folder"
    "$DLC" "$ROOT/models/$model.dl" --target="$target" --weights one/model.safetensors \
        --prefix=n -o "$folder/net.c" || fail "--weights for $target"
    out=$(sed -n "s/^enum { \(N_[A-Z0-9_]*_[YP][A-Z]*_LEN\) .*/\1/p" "$folder/net.h")
    in=$(sed -n "s/^enum { \(N_[A-Z0-9_]*_\(X\|IMAGE\)_LEN\) .*/\1/p" "$folder/net.h")
    arena=$(sed -n "s/^enum { \(N_[A-Z0-9_]*_ARENA_BYTES\) .*/\1/p" "$folder/net.h")
    ${CC:-cc} -O2 "$@" -I"$folder" -DINPUT=$input -DIN_LEN="$in" -DOUT_LEN="$out" \
        -DARENA_BYTES="$arena" -DALIGN=N_ALIGN -DNET="n_$net" \
        "$folder"/net*.c "$here/harness.c" -lm -o "$folder/run" || fail "C of $target"
    "$folder/run" <samples >"$folder/out.txt" || fail "the C of $target ran badly"
}
bake c99 c99 -std=c99 -Wall -Wextra -Werror
bake "$host" host -march=native
awk -v other=host/out.txt -v limit=1e-5 -f "$here/near.awk" c99/out.txt ||
    fail "C99 and $host are apart"
# `weights:` of the deploy block is baked as --weights is
if grep -q '^deploy' "$ROOT/models/$model.dl"; then
    mkdir -p beside/one && cp one/model.safetensors beside/one/
    sed 's/^deploy \([a-z_]*\).*/deploy \1 { target: c99; weights: "one\/model.safetensors" }/' \
        "$ROOT/models/$model.dl" >"beside/$model.dl"
    sed 's/^deploy \([a-z_]*\).*/deploy \1 { target: c99 }/' "$ROOT/models/$model.dl" >"$model.dl"
    "$DLC" "beside/$model.dl" -o setting.c || fail "weights: of a deploy block"
    "$DLC" "$model.dl" --weights one/model.safetensors -o option.c || fail "--weights"
    same_c() { sed 's|beside/||g; /^ \* target\|Written by\|setting\|option\|SETTING\|OPTION/d' "$1"; }
    same_c setting.c >setting.txt && same_c option.c >option.txt
    cmp setting.txt option.txt || fail "weights: is not --weights"
    rm beside/one/model.safetensors
    "$DLC" "beside/$model.dl" -o missing.c 2>missing.txt && fail "weights that are not there"
    grep -q 'error: cannot read `beside/one/model.safetensors`: No such file' missing.txt ||
        fail "$(cat missing.txt)"
fi
# `predict` prints few digits: the value of a float output, else the likeliest class
./"$model" predict --weights one/model.safetensors --count 32 --top 1 $file >predict.txt ||
    fail "predict"
sed 's/.*: \[\(.*\)\]$/\1/; s/.*: \([0-9]\)/\1/; s/[()]//g' predict.txt |
    awk '{ print $NF, (NF > 1 ? $1 : 0) }' >predict.out
awk '{ best = 1; for (i = 2; i <= NF; i++) if ($i > $best) best = i; print $best, best - 1 }' \
    c99/out.txt >c99.out
paste -d ' ' predict.out c99.out | awk '
    { d = $1 - $3; if (d * d > 1e-7 * (1 + $3 * $3) || $2 != $4) { print; bad = 1 } }
    END { exit bad || NR < 4 }' || fail "predict and the C99 are apart"
echo "$model: loss $loss"
