#!/bin/sh
# shape.sh ROOT - files under 600 lines, functions under 60, lines under 100 columns, no
# tabs, no TODO, a first line `name - what it is` in every source.
cd "$1" || exit 2
bad=0
say() {
    echo "$*"
    bad=1
}
for file in $(git ls-files 'compiler/*.[ch]' 'runtime/*.[ch]' 'tests/*.[ch]' 2>/dev/null); do
    [ -f "$file" ] || continue
    lines=$(wc -l <"$file")
    [ "$lines" -le 600 ] || say "$file: $lines lines"
    awk -v f="$file" '
        /^\{$/ { start = NR }
        /^\}/ && start { if (NR - start - 1 > 60) { printf "%s:%d: a function of %d lines\n", f, start, NR - start - 1; bad = 1 } start = 0 }
        /\t/ { printf "%s:%d: a tab\n", f, NR; bad = 1 }
        length($0) > 100 { printf "%s:%d: %d columns\n", f, NR, length($0); bad = 1 }
        /(^|[^A-Za-z])(TODO|FIXME|XXX)([^A-Za-z]|$)/ { printf "%s:%d: %s\n", f, NR, $0; bad = 1 }
        END { exit bad }' "$file" || bad=1
    head -n 1 "$file" | grep -qE "^/\* ($(basename "$file")|$(basename "${file%.*}"))( |,)" ||
        say "$file: the first line does not say what it is"
done
exit $bad
