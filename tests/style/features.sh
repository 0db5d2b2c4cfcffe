#!/bin/sh
# features.sh ROOT [--update] - grammar/FEATURES.md names every keyword, function, setting,
# value of a setting and def of the library, each with a file of tests/ or models/ that uses
# it, outside comments. --update adds and removes rows.
set -u
root=$1
cd "$root" || exit 2
table=grammar/FEATURES.md
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# kind|word, one a line.
{
    sed -n 's/^RESERVED([A-Z]*, "\([a-z]*\)").*/keyword|\1/p; s/^SOFT([A-Z]*, "\([a-z]*\)").*/keyword|\1/p' \
        grammar/keywords.def
    sed -n 's/^BUILTIN(\([a-z0-9_]*\),.*/function|\1/p' compiler/front/builtin.def
    sed -n 's/^SETTING(\([A-Z]*\), \([a-z0-9_]*\),.*/setting of \1|\2/p' compiler/front/settings.def
    sed -n 's/^CONFIG(\([a-z0-9_]*\), "\([a-z]*\)".*/\2|\1/p' compiler/front/config.def
    for file in compiler/std/*.dl; do
        name=${file##*/}
        sed -n "s/^def \([a-z0-9_]*\)(.*/def of ${name%.dl}|\1/p" "$file"
    done
} | sed 's/of DATA|/of data|/; s/of AUGMENT|/of augment|/; s/of TRAIN|/of train|/
    s/of DEPLOY|/of deploy|/; s/of PARAM|/of param|/' | awk '!seen[$0]++' >"$work/words"

# How a word looks where it is used.
pattern() { # KIND WORD
    case $1 in
    *setting*) echo "^[^#]*(^|[{;])[[:space:]]*$2[[:space:]]*:" ;;
    keyword) echo "^[^#]*(^|[^[:alnum:]_])$2([^[:alnum:]_]|\$)" ;;
    *) echo "^[^#]*(^|[^[:alnum:]_.])$2([^[:alnum:]_]|\$)" ;;
    esac
}

# The first file that uses it, small programs before large ones; a part of the library that
# only the library uses is shown by that.
find_use() { # KIND WORD
    use=$(pattern "$1" "$2")
    for place in tests/recipe tests/models tests/unit/library_cases.def tests/diff/programs \
        tests/emit models tests/examples tests; do
        [ -e $place ] || continue
        found=$(grep -rlE --include='*.dl' --include='*.def' -e "$use" $place |
            grep -v -e '^tests/diag' -e '^tests/fuzz' -e '^tests/ops' | LC_ALL=C sort |
            head -n 1)
        [ -n "$found" ] && break
    done
    [ -n "$found" ] || found=$(grep -lE -e "$use" tests/unit/*.c tests/peer/*.py tests/recipe/*.sh tests/recipe/*.py tests/diag/*.dl |
        LC_ALL=C sort | head -n 1)
    [ -n "$found" ] || found=$(grep -E -e "$use" compiler/std/*.dl | grep -v ":def $2(" |
        sed 's/:.*//' | head -n 1)
    echo "$found"
}

sed -n 's/^| `\([^`]*\)` | \([^|]*[^ |]\) | \([^ |]*\) |$/\2|\1|\3/p' $table >"$work/rows"
sed '/^| `/,$d' $table >"$work/head"
: >"$work/new"
bad=0
complain() {
    echo "$*"
    bad=1
}
while IFS='|' read -r kind word; do
    row=$(grep -F "$kind|$word|" "$work/rows" | grep "^$kind|$word|" | head -n 1)
    use=${row##*|}
    if [ $# -gt 1 ]; then
        [ -f "$use" ] && grep -qE -e "$(pattern "$kind" "$word")" "$use" ||
            use=$(find_use "$kind" "$word")
        echo "| \`$word\` | $kind | ${use:-none} |" >>"$work/new"
        continue
    fi
    case $kind:$use in
    *:) complain "$table has no row for \`$word\` ($kind)" ;;
    *) [ -f "$use" ] || { complain "$table: \`$word\`: there is no $use"; continue; }
        grep -qE -e "$(pattern "$kind" "$word")" "$use" ||
            complain "$table: $use does not use \`$word\` ($kind)" ;;
    esac
done <"$work/words"
if [ $# -gt 1 ]; then
    cat "$work/head" "$work/new" >$table
    grep -n '| none |' $table && exit 1
    exit 0
fi
while IFS='|' read -r kind word use; do
    grep -qxF "$kind|$word" "$work/words" || complain "$table: there is no \`$word\` ($kind)"
done <"$work/rows"
# The constructs are written by hand: their files exist.
for file in $(sed -n '/^| `/d; s/^|.*| \([a-z][^ ]*\) |$/\1/p' $table); do
    [ -f "$file" ] || complain "$table: there is no $file"
done
[ "$(wc -l <"$work/words")" -gt 250 ] || complain "only $(wc -l <"$work/words") words"
[ $bad -eq 0 ] || echo "sh tests/style/features.sh . --update writes rows anew"
exit $bad
