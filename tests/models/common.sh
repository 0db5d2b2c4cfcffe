# common.sh - sourced by the scripts here. DLC: the compiler; ROOT: the checkout.
set -eu
images=/usr/share/datasets/fashion-mnist

fail() {
    echo "failed: $*" >&2
    exit 1
}

# need_data MODEL: exit status 77, skipped, when its data cannot be had.
need_data() {
    case $1 in
    xor) ;;
    linear_regression)
        [ -s "$ROOT/models/data/diabetes.csv" ] || sh "$ROOT/models/data/tables.sh" ||
            { echo "skipped: no diabetes table"; exit 77; } ;;
    *)
        [ -e $images/train-images-idx3-ubyte.gz ] ||
            { echo "skipped: dataset-fashion-mnist is not installed"; exit 77; } ;;
    esac
}

# plan MODEL: sets steps, bound (of the train split evaluated after them) and net, seed 1;
# an untrained network misses every bound (untrained losses beside them are nominal).
plan() {
    case $1 in
    xor)               steps=2000 bound=0.05 net=xor      ;; # untrained: 0.69
    linear_regression) steps=600  bound=4000 net=progress ;; # the mean alone: 5,900
    fashion_mlp)       steps=400  bound=0.60 net=mlp      ;; # untrained: 2.30
    fashion_cnn)       steps=60   bound=1.20 net=cnn      ;; # untrained: 2.30
    fashion_resnet)    steps=300  bound=1.10 net=resnet   ;; # untrained: 2.30; 0.72 reached
    *) fail "no plan for $1" ;;
    esac
}

# loss_of FILE SPLIT: the loss in the report of `train` or `eval`.
loss_of() { sed -n "s/^$2  *loss \([-+0-9.einfa]*\).*/\1/p" "$1" | tail -n 1; }

# below LOSS BOUND: false for an empty, infinite or missing loss too.
below() {
    case $1 in *[0-9]*) ;; *) return 1 ;; esac
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a + 0 < b + 0) }'
}

# small_data: 6,000 training images (5,000 of them validate) and 500 test images in ./small,
# for runs that only compare bytes. 6,000 is 0x1770, 500 is 0x1f4.
small_data() {
    mkdir -p small
    for part in train:6000:'\027\160' t10k:500:'\001\364'; do
        set=${part%%:*} rest=${part#*:}
        for kind in images-idx3:784:'\003' labels-idx1:1:'\001'; do
            name=$set-${kind%%:*}-ubyte sizes=${kind#*:}
            at=$(($(test ${sizes%%:*} = 784 && echo 17 || echo 9))) # behind the header
            {
                printf "\\000\\000\\010${sizes#*:}\\000\\000${rest#*:}"
                [ $at -eq 9 ] || printf '\000\000\000\034\000\000\000\034'
                gzip -dc $images/$name.gz | tail -c +$at |
                    head -c $((${rest%%:*} * ${sizes%%:*}))
            } >small/$name 2>/dev/null
        done
    done
}

# make_data NAME: ./data as models/data/NAME.sh makes it, a tenth; fashion: ./small. Exit
# status 77, skipped, when a package is missing.
make_data() {
    case $1 in
    -) ;;
    fashion) need_data fashion_mlp; small_data ;;
    *)
        sh "$ROOT/models/data/$1.sh" --small data >made.txt 2>&1 ||
            { echo "skipped: $(tail -n 1 made.txt)"; exit 77; } ;;
    esac
}

same() { cmp -s "$1/model.safetensors" "$2/model.safetensors"; }
