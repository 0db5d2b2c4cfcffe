#!/bin/sh
# headers.sh ROOT CC GENERATED - every header compiles alone.
cd "$1" || exit 2
bad=0
for header in $(git ls-files 'compiler/*.h' 'runtime/*.h' 2>/dev/null); do
    case $header in
    runtime/device/vector_*) continue ;; # need their target; tests/emit compiles them
    esac
    [ -f "$header" ] || continue
    printf '#include "%s"\n' "$PWD/$header" >/tmp/header.$$.c
    "$2" -std=c11 -D_POSIX_C_SOURCE=200809L -fsyntax-only -Wall -Wextra -Icompiler -Iruntime \
        -I. -I"$3/generated" -I"$3" /tmp/header.$$.c 2>/tmp/header.$$.txt ||
        { echo "$header does not compile alone"; head -n 3 /tmp/header.$$.txt; bad=1; }
done
rm -f /tmp/header.$$.*
exit $bad
