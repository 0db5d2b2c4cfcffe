# common.sh - what the scripts of this folder share; sourced with the arguments of a test.
#
# Makes the test's folder and in it data/: the first images of Fashion-MNIST (1,500 to
# train, 500 of those for validation, 300 to test), so that a run takes a second.
set -u
program=$1
flip=$2
dir=$3
fashion=/usr/share/datasets/fashion-mnist

[ -f "$fashion/train-images-idx3-ubyte.gz" ] || {
    echo "skipped: no $fashion"
    exit 77
}

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# header bytes (octal escapes), source, bytes to skip, bytes to keep, destination
cut_idx() {
    { printf "$1"; gzip -dc "$2" | tail -c +"$3" | head -c "$4"; } >"$5"
}

rm -rf "$dir"
mkdir -p "$dir/data"
cd "$dir" || exit 1
cut_idx '\0\0\10\3\0\0\5\334\0\0\0\34\0\0\0\34' \
    "$fashion/train-images-idx3-ubyte.gz" 17 $((1500 * 784)) data/train-images-idx3-ubyte
cut_idx '\0\0\10\1\0\0\5\334' \
    "$fashion/train-labels-idx1-ubyte.gz" 9 1500 data/train-labels-idx1-ubyte
cut_idx '\0\0\10\3\0\0\1\54\0\0\0\34\0\0\0\34' \
    "$fashion/t10k-images-idx3-ubyte.gz" 17 $((300 * 784)) data/t10k-images-idx3-ubyte
cut_idx '\0\0\10\1\0\0\1\54' \
    "$fashion/t10k-labels-idx1-ubyte.gz" 9 300 data/t10k-labels-idx1-ubyte
DLC_DATA=$dir/data
export DLC_DATA

# Two result folders hold the same bytes, the seconds in the history aside.
same_results() {
    for file in model.safetensors checkpoint.safetensors; do
        cmp "$1/$file" "$2/$file" || fail "$file differs: $1 and $2"
    done
    sed 's/,[^,]*$//' "$1/history.csv" >one.csv
    sed 's/,[^,]*$//' "$2/history.csv" >two.csv
    cmp one.csv two.csv || fail "history.csv differs: $1 and $2"
}

# status, expected text in standard error, command...
refused() {
    want=$1
    text=$2
    shift 2
    "$@" >refused.out 2>refused.err
    got=$?
    [ $got -eq "$want" ] || fail "exit status $got, not $want: $*"
    grep -qF -- "$text" refused.err || {
        cat refused.err
        fail "no \"$text\" from: $*"
    }
    [ "$(grep -c 'error:' refused.err)" -eq 1 ] || fail "not one error: $*"
}
