# codes.sh - every code of the table is expected by some test, none is expected that the
# table does not have, and --explain knows all codes, ops, passes, defs and table words.
set -u
fail() { echo "FAILED: $*"; exit 1; }
explained() { # WORD LINES
    "$DLC" --explain="$1" >out 2>err || fail "--explain=$1: $(cat err)"
    [ "$(grep -c . out)" -ge "$2" ] || fail "--explain=$1 says too little: $(cat out)"
}
codes=$(sed -n 's/^DIAG([A-Z_0-9]*, "\([EW][0-9]*\)".*/\1/p' "$ROOT/compiler/support/diag.def")
[ "$(echo "$codes" | wc -l)" -gt 60 ] || fail "diag.def is not read"
tests=$(find "$ROOT/tests" -name '*.txt' -o -name '*.sh' -o -name '*.dlir' -o -name '*.c')
for code in $codes; do
    # shellcheck disable=SC2086
    grep -lF -e "$code" $tests | grep -qv -e '/diag/codes.sh' || fail "$code has no test"
    explained "$code" 2
done
for code in $(sed -n 's/.*\[\([EW]0[0-9]*\)\]$/\1/p' "$ROOT"/tests/diag/*.txt | sort -u); do
    echo "$codes" | grep -qx "$code" || fail "$code is not in the table"
done
words=$("$DLC" --list-ops | sed 's/ .*//'; "$DLC" --list-passes | sed 's/ .*//'
    sed -n 's/^BUILTIN(\([a-z0-9_]*\),.*/\1/p' "$ROOT/compiler/front/builtin.def"
    sed -n 's/^CONFIG(\([a-z0-9_]*\),.*/\1/p' "$ROOT/compiler/front/config.def"
    sed -n 's/^SETTING([A-Z]*, \([a-z0-9_]*\),.*/\1/p' "$ROOT/compiler/front/settings.def"
    sed -n 's/^def \([a-z0-9_]*\)(.*/\1/p' "$ROOT"/compiler/std/*.dl)
n=0
for word in $words; do
    explained "$word" 1
    n=$((n + 1))
done
[ $n -gt 250 ] || fail "only $n words"
"$DLC" --explain=dense >out && grep -q 'param w: \[n, units\]' out ||
    fail "a def is not shown as it is written"
echo "$(echo "$codes" | wc -l) codes, $n words"
