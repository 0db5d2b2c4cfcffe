#!/bin/sh
# format.sh ROOT - clang-format 14 with the root's .clang-format would change nothing.
# Tables that people align by hand (.def) are not looked at; unformatted.txt is a closed
# list of files that wait for it.
command -v clang-format-14 >/dev/null || { echo "skipped: no clang-format-14"; exit 77; }
cd "$1" || exit 2
bad=0
for file in $(git ls-files 'compiler/*.[ch]' 'runtime/*.[ch]' 'tests/*.[ch]' 2>/dev/null); do
    [ -f "$file" ] || continue
    grep -qx "$file" tests/style/unformatted.txt && continue
    clang-format-14 --dry-run -Werror "$file" >/dev/null 2>&1 || { echo "$file"; bad=1; }
done
exit $bad
