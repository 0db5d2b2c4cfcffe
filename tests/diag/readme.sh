#!/bin/sh
# readme.sh DLC ROOT - the README shows the model and the message that there are.
dlc=$1 root=$2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
block() { # TEXT: the fenced block that begins with it
    awk -v text="$1" '
        /^```/ { inside = !inside; fresh = inside; next }
        fresh { shown = index($0, text) == 1; fresh = 0 }
        inside && shown' "$root/README.md"
}
same() { sed 's|\(std/[a-z_]*\.dl\):[0-9]*|\1:N|; s/ *$//' "$1"; }
block '## Fashion-MNIST with two' | cmp - "$root/models/fashion_mlp.dl" || fail "the model"
cd "$root/tests/diag" || exit 2
"$dlc" --check 13_flatten.dl 2>"$work/err"
block '13_flatten.dl' >"$work/shown"
[ -s "$work/shown" ] || fail "no message is shown"
same "$work/shown" >"$work/want"
same "$work/err" | diff "$work/want" - || fail "the message"
