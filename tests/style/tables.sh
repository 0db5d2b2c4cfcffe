#!/bin/sh
# tables.sh ROOT - lists that people search are sorted: ops.def by name, diag.def by code
# within its severity, options.def by spelling within its group; codes are unique.
cd "$1" || exit 2
LC_ALL=C
export LC_ALL
bad=0
root=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
is_sorted() { # what; the list is in the file `list`
    [ -s list ] || { echo "$1 is empty"; bad=1; }
    sort -c list 2>/dev/null || { echo "$1 is not sorted:"; sort list | diff list - | head -n 5; bad=1; }
}
printf 'b\na\n' >list
is_sorted seeded >/dev/null
[ $bad -eq 1 ] || { echo "an unsorted list went unnoticed"; exit 1; }
bad=0
sed -n 's/^OP(\(.*\))$/\1/p' "$root/compiler/ops/ops.def" >list
is_sorted compiler/ops/ops.def
sed -n 's/^DIAG([A-Z0-9_]*, "\(.[0-9]*\)".*/\1/p' "$root/compiler/support/diag.def" >codes
grep '^E0[1-6]' codes >list
is_sorted "diag.def, errors"
grep '^E07' codes >list
is_sorted "diag.def, files"
grep '^W' codes >list
is_sorted "diag.def, warnings"
sort codes | uniq -d | grep . && { echo "a code stands twice in diag.def"; bad=1; }
for group in OUTPUT MODEL MESSAGES DEVELOPER; do
    sed -n "s/^OPTION([A-Z_]*, \"\([^\"]*\)\".* $group, .*/\1/p" \
        "$root/compiler/driver/options.def" | sed 's/^-*//' | tr 'A-Z' 'a-z' >list
    is_sorted "options.def, $group"
done
exit $bad
