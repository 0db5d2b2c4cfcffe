#!/bin/sh
# format.sh ROOT - clang-format 14 with the root's .clang-format would change nothing.
# Tables that people align by hand (.def) are not looked at.
command -v clang-format-14 >/dev/null || { echo "clang-format-14 is missing"; exit 1; }
cd "$1" || exit 2
git ls-files 'compiler/*.[ch]' 'runtime/*.[ch]' 'tests/*.[ch]' |
    while read -r file; do [ ! -f "$file" ] || echo "$file"; done |
    xargs -P 2 -n 40 clang-format-14 --dry-run -Werror
