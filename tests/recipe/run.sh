# run.sh CASE - trains a program and compares its weights with the twin's (cases.py); one
# thread and two write the same bytes; a program that is changed a little is noticed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
name=$1
fail() { echo "FAILED: $*" >&2; exit 1; }
rm -rf ./*
program=$here/programs/$name.dl
"$DLC" "$program" --check-passes=1 -o "$name" || fail "compile"
for threads in 1 2; do
    ./"$name" train --quiet --threads $threads --out t$threads >log || fail "train"
done
for file in model checkpoint; do
    cmp t1/$file.safetensors t2/$file.safetensors || fail "$file depends on threads"
done
python3 "$here/compare.py" "$name" t1/model.safetensors || fail "not what the twin computes"
./"$name" check >log || { cat log; fail "gradients"; }

# The first number of the recipe, changed: the comparison must see it.
sed 's/lr=\([a-z_]*(\[*\)\{0,1\}[0-9.]*[0-9]/lr=\10.0123/' "$program" >wrong.dl
cmp -s "$program" wrong.dl && fail "nothing was changed"
"$DLC" wrong.dl -o wrong && ./wrong train --quiet >log || fail "the changed program"
python3 "$here/compare.py" "$name" wrong.out/model.safetensors 2>log &&
    fail "another learning rate went unnoticed"
exit 0
