# pretrained.sh - `load` and `save`: what one program writes another begins with; foreign
# names and layouts, npz archives, and what is wrong with a file.
. "$(dirname "$0")/common.sh"
cp "$here/programs/pretrained.dl" a.dl
"$DLC" a.dl -o a || fail "compile"
./a train --out one >log || fail "train"
grep -q ', 2 threads$' log || fail "threads: 2"
[ "$(grep -c '^epoch [12]  batch [12]/2  loss' log)" -eq 4 ] || { cat log; fail "log_every: 1"; }
./a train --threads 1 --json --out json | grep -c '"event":"step"' >count
[ "$(cat count)" -eq 4 ] || fail "steps as events"
grep -q '^weights in one/model.safetensors and kept.safetensors$' log || fail "save"
cmp one/model.safetensors kept.safetensors || fail "save wrote something else"

# One step with a rate of nothing keeps what was loaded.
sed '/save:/d; s/lr=0.1/lr=0.0/; s/steps: *4/load: "kept.safetensors"; steps: 1/' a.dl |
    sed 's/; steps/\n    steps/' >b.dl
"$DLC" b.dl -o b || fail "compile b"
./b train --out two >log || fail "load"
grep -q '^b: loaded 4 tensors of .*kept.safetensors$' log || { cat log; fail "no word"; }
python3 "$here/make_weights.py" same one/model.safetensors two/model.safetensors ||
    fail "not what was loaded"

python3 "$here/make_weights.py" make one/model.safetensors || fail "make_weights.py"
for file in torch.safetensors torch.npz deflated.npz; do
    ./b train --load $file --layout torch --map features.0=mlp/dense1 \
        --map head=mlp/dense2 --seed 5 --out got >log || fail "$file"
    grep -q 'loaded 4 tensors' log || { cat log; fail "$file: no word"; }
    grep -q 'not in the model, unused: .*extra.weight' log || { cat log; fail "unused"; }
    python3 "$here/make_weights.py" same one/model.safetensors got/model.safetensors ||
        fail "$file: other values"
done
./b train --load torch.npz --layout torch --map head=mlp/dense2 --seed 5 --out part >log ||
    fail "a part"
grep -q 'not in the file, initial: mlp/dense1/w, mlp/dense1/b' log || fail "kept"

refused() { # text, arguments
    text=$1
    shift
    ./b train "$@" --out bad >log 2>err
    [ $? -eq 1 ] || fail "not refused: $*"
    grep -qF -- "$text" err || { cat err; fail "no \"$text\""; }
    [ "$(grep -c 'error:' err)" -eq 1 ] || fail "not one error"
}
refused 'no tensor has the name of one of the model' --load torch.safetensors
refused '--layout=torch turns' --load torch.safetensors --map features.0.weight=mlp/dense1/w
refused 'not a whole .npz: no directory at its end' --load cut.npz
refused 'packed data at offset' --load torn.npz --layout torch --map head=mlp/dense2
refused 'two tensors of the file are mlp/dense1/b' --load torch.safetensors \
    --map features.0.bias=mlp/dense1/b --map head.bias=mlp/dense1/b
refused 'not found' --load none.npz
refused 'short.npz (head.weight.npy): offset' --load short.npz --layout torch
refused 'text.npz (head.weight.npy): offset 0: not a .npy file' --load text.npz --layout torch
./b train --map a 2>err && fail "--map a"
grep -q -- '--map takes OLD=NEW' err || fail "--map a"
exit 0
