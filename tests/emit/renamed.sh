# renamed.sh - layers, losses, optimizers and schedules are never recognized by name: a copy
# of each from the library, under another name, gives the same C but for names. (softmax makes
# a simplex, which only the library may declare.)
set -u
fail() { echo "FAILED: $*"; exit 1; }
std=$ROOT/compiler/std
new() { # NAME: what the copy is called; no word of the C is it. Kernels are named by layer and
    # op, without an op that the layer's name begins with (conv1_bias): so does the copy's
    case $1 in
    dense) echo plank ;; conv) echo convo ;; batchnorm) echo evenly ;; maxpool) echo peaks ;;
    dropout) echo holes ;; layernorm) echo level ;; relu) echo relus ;;
    cross_entropy) echo cross_surprise ;; accuracy) echo hits ;; adam) echo pacer ;;
    cosine) echo swell ;; glorot) echo spread ;; l2) echo shrink ;;
    esac
}
names="dense conv batchnorm maxpool dropout layernorm relu cross_entropy accuracy adam
  cosine glorot l2"
: >copy.dl
words=
for name in $names; do # from its `def` to the next item
    awk -v name="$name" '
        /^(def|net|const|import|##|#|[a-z])/ { inside = index($0, "def " name "(") == 1 }
        inside' "$std"/*.dl >one.dl
    [ -s one.dl ] || fail "the library has no def $name"
    sed "s/^def $name(/def $(new "$name")(/" one.dl >>copy.dl
    words="$words;s/\\b$name(/$(new "$name")(/g;s/\\b$name\\b\\([ ,)]\\)/$(new "$name")\\1/g"
done
cat >model.dl <<'END'
# one line
data made(x: f32[12, 12, 2], y: index(5)) { train: csv("none.csv") }

net f(x: f32[12, 12, 2]) -> p: f32[5] {
    h = x |> conv(6, 3, pad=same) |> batchnorm |> relu |> maxpool(2) |> dropout(0.3)
    p = h |> flatten |> dense(16, relu) |> layernorm |> dense(5, softmax)
}

train on made {
    batch: 4
    steps: 100
    p = f(x)
    minimize cross_entropy(p, y) using adam(lr=cosine(1e-3))
    metric acc = accuracy(p, y)
}
END
sed "1s/.*/import \"copy.dl\" as own/$words" model.dl >renamed.dl
for name in $names; do # f(..) of ours is own.f(..)
    sed -i "s/\\([^.a-z_]\\)$(new "$name")\\b/\\1own.$(new "$name")/g" renamed.dl
done
sed -i '/^data/s/own\.//g' renamed.dl
grep -q 'own.plank(16, own.relus)' renamed.dl || { cat renamed.dl; fail "the calls are not renamed"; }
for target in c99 x86_64_v3; do
    "$DLC" model.dl --target=$target --prefix=zz -o model.c || fail "the library's"
    "$DLC" renamed.dl --target=$target --prefix=zz -o renamed.c || fail "the copies"
    # Every name becomes the number of its first appearance; comments are dropped. Names of
    # the runtime, of vectors and of C stay.
    for file in model renamed; do
        sed 's/hash [0-9a-f]*//' $file.h $file.c | awk '
            /^ *\/?\*/ { next }
            {
                sub(/\/\*.*/, "")
                while (match($0, /[A-Za-z_][A-Za-z0-9_]*/)) {
                    word = substr($0, RSTART, RLENGTH)
                    if (word !~ /^(dlc_|_mm|__|v[0-9]+[fiub]|u?int[0-9]+_t$|float$|[a-z]+f$)/) {
                        if (!(word in number))
                            number[word] = ++n
                        word = "n" number[word]
                    }
                    print substr($0, 1, RSTART - 1) word
                    $0 = substr($0, RSTART + RLENGTH)
                }
                print
            }' | tr -s ' \n' '\n\n' >$file.words
    done
    cmp -s model.words renamed.words ||
        { diff model.words renamed.words | head -n 20; fail "$target differs by more than names"; }
    [ "$(wc -l <model.words)" -gt 5000 ] || fail "nothing was compared"
done
# A copy that does something else is seen.
sed -i 's/beta1 = 0.9,/beta1 = 0.8,/' copy.dl
"$DLC" renamed.dl --target=c99 --prefix=zz -o other.c || fail "another copy"
grep -q '0\.8f' other.c || fail "the copy is not what is compiled"
