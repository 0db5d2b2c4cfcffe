# threads.sh - the result does not depend on the number of threads, but on the seed.
. "$(dirname "$0")/common.sh"

for threads in 1 2 3; do
    "$program" train --quiet --epochs 4 --threads $threads --out t$threads ||
        fail "train with $threads threads"
done
same_results t1 t2
same_results t1 t3
"$program" train --quiet --epochs 4 --seed 2 --out s2 || fail "train with seed 2"
cmp -s t1/model.safetensors s2/model.safetensors && fail "the seed changes nothing"
for threads in 1 2; do
    "$program" eval --json --threads $threads --weights t1/model.safetensors >e$threads ||
        fail "eval"
done
cmp e1 e2 || fail "eval depends on threads"
