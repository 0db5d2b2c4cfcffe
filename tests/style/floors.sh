#!/bin/sh
# floors.sh ROOT - a file of compiler/ includes its own folder and lower floors (FLOORS);
# runtime/ includes nothing of compiler/. A seeded violation shows that this can fail.
cd "$1/compiler" || exit 2

check() { # folder
    (cd "$1" && awk '
    FILENAME == "FLOORS" { sub(/#.*/, ""); for (i = 1; i <= NF; i++) floor[$i] = FNR; next }
    /^#[ \t]*include[ \t]+"[^"]*\/[^"]*\.h"/ {
        split(FILENAME, from, "/"); split($0, quoted, "\""); split(quoted[2], to, "/")
        if (from[1] == to[1] || FILENAME == "main.c") next
        if (to[1] == "device" || to[1] == "host") { # of the runtime
            if (to[1] == "host") { printf "%s:%d: the compiler may not include %s\n", FILENAME, FNR, quoted[2]; bad++ }
            next }
        if (!(from[1] in floor) || !(to[1] in floor)) {
            printf "%s:%d: folder not in FLOORS: %s\n", FILENAME, FNR, quoted[2]; bad++; next }
        if (floor[to[1]] >= floor[from[1]]) {
            printf "%s:%d: %s/ may not include %s\n", FILENAME, FNR, from[1], quoted[2]; bad++ }
    }
    END { exit bad != 0 }' FLOORS $(find . -name '*.[chly]' | sed 's|^\./||' | LC_ALL=C sort))
}

seeded=$(mktemp -d) || exit 2
trap 'rm -rf "$seeded"' EXIT
mkdir "$seeded/graph" "$seeded/loop"
cp FLOORS "$seeded"
echo '#include "loop/loop.h"' >"$seeded/graph/wrong.c"
check "$seeded" >/dev/null && { echo "a sibling's header went unnoticed"; exit 1; }

check . || exit 1
if grep -rnE '^#[ \t]*include[ \t]+"(support|tensor|graph|loop|ops|front|passes|emit|driver)/' \
    --include='*.[ch]' "$1/runtime"; then
    echo "runtime/ includes compiler/"
    exit 1
fi
# malloc lives in arena.c, POSIX in driver/
grep -rnE '\b(malloc|calloc|realloc|free)\(' --include='*.c' . | grep -v '^./support/arena.c' |
    grep -vE ':[0-9]+: *(/?\*|//)' && { echo "malloc outside support/arena.c"; exit 1; }
grep -rlE '<(unistd|fcntl|dirent|sys/[a-z]+)\.h>' --include='*.[ch]' . | grep -v '^./driver/' &&
    { echo "POSIX outside driver/"; exit 1; }
exit 0
