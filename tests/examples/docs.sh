# docs.sh DLC - every block marked dl in the documentation is a program: it compiles without
# a message, and it is laid out as --fmt lays it out.
set -u
dlc=$1
fail() { echo "FAILED: $*"; exit 1; }
rm -rf ./*
n=0
for file in "$ROOT"/README.md "$ROOT"/grammar/*.md "$ROOT"/compiler/std/README.md \
    "$ROOT"/runtime/README.md "$ROOT"/models/README.md; do
    name=${file#"$ROOT"/}
    stem=$(echo "${name%.md}" | tr / _)
    awk -v stem="$stem" '
        /^```dl$/ { out = stem "_" (NR + 1) ".dl"; next }
        /^```/ { out = ""; next }
        out != "" { print > out }' "$file"
done
for program in *.dl; do
    "$dlc" --check "$program" >out.txt 2>&1 || { cat out.txt; fail "$program (name: file and line)"; }
    [ ! -s out.txt ] || { cat out.txt; fail "$program has messages"; }
    "$dlc" --fmt - <"$program" >formatted.txt || fail "--fmt of $program"
    diff "$program" formatted.txt || fail "$program is not formatted"
    n=$((n + 1))
done
[ $n -ge 8 ] || fail "only $n programs in the documentation"
echo 'net f(x: f32[4]) -> y: f32[4] = reluu(x)' >bad.dl
"$dlc" --check bad.dl >out.txt 2>&1 && fail "a wrong program is not noticed"
echo "$n programs"
