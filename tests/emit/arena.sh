# arena.sh EMIT_BITS HARNESS_FOLDER MODEL - the arena is exactly what --plan says: with that
# size nothing outside is touched (canaries, AddressSanitizer), with one byte less
# AddressSanitizer finds the access behind its end.
set -u
export ASAN_OPTIONS=detect_leaks=0
tool=$1 here=$2 model=$3
fail() { echo "FAILED: $*"; exit 1; }
"$tool" "$model" c99 . >/dev/null || fail "$tool"
"$DLC" "$model" --target=c99 --prefix=bits --plan=json >plan.json || fail "--plan=json"
planned() { # FUNCTION...: the largest scratch of these
    for f; do
        sed -n "s/.*\"name\": \"$f\".*\"scratch_bytes\": \([0-9]*\).*/\1/p" plan.json
    done | sort -n | tail -n 1
}
train=$(planned bits_train_step bits_train_eval bits_train_grad)
table=$(sed -n 's/^    \.arena_bytes = \([0-9]*\),$/\1/p' model_program.c | tail -n 1)
[ -n "$train" ] && [ "$train" = "$table" ] || fail "--plan says $train, the table $table"
"$DLC" "$model" --target=c99 --prefix=bits -o header.c || fail "-o header.c"
for net in $(sed -n 's/^void bits_\([a-z0-9]*\)(const bits_params.*/\1/p' header.h); do
    upper=$(echo "$net" | tr a-z A-Z)
    grep -q "BITS_${upper}_ARENA_BYTES = $(planned "bits_$net") }" header.h ||
        fail "the header's arena of $net is not that of --plan"
done
build() { # FLAG...
    gcc -std=c11 -g -O0 -w -ffp-contract=off -Dmain=program_main -I"$ROOT/runtime" "$@" \
        -c model_program.c -o table.o &&
        gcc -std=c11 -g -O0 -w -ffp-contract=off -I"$ROOT/runtime" "$@" \
            $(ls model.c model_data.c 2>/dev/null) table.o "$here/arena_harness.c" -lm \
            -o harness || fail "compile $*"
}
build -DCANARY
for what in train nets; do
    ./harness $what || fail "$what touches what is outside"
done
build -fsanitize=address
for what in train nets; do
    ./harness $what 2>err || { head -n 5 err; fail "$what is larger than its arena"; }
done
build -fsanitize=address -DLESS=1
for what in train nets; do
    ./harness $what >/dev/null 2>err && fail "$what fits into one byte less"
    grep -q 'heap-buffer-overflow' err || { head -n 5 err; fail "$what failed otherwise"; }
    grep -q 'located 0 bytes to the right' err ||
        { grep located err; fail "$what overflows elsewhere"; }
done
echo "$train bytes, neither more nor less"
