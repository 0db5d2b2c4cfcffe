# terminal.sh - on a terminal one live line is redrawn; elsewhere lines are plain.
. "$(dirname "$0")/common.sh"

command -v script >/dev/null || {
    echo "skipped: no script(1)"
    exit 77
}
script -qec "$program train --epochs 3 --out live" /dev/null >live.txt </dev/null ||
    fail "train on a terminal"
tr '\r' '\n' <live.txt | grep -Eq 'epoch 1/3 \[[=> ]{20}\] +[0-9]+%  [0-9,]+ samples/s  ETA 0:[0-9]+  loss' ||
    fail "no live line"
"$program" train --epochs 3 --out plain >plain.txt || fail "train"
tr -d '[:print:]\n' <plain.txt | grep -q . && fail "control characters in plain lines"
[ "$("$program" train --epochs 1 --quiet --out quiet | wc -l)" -eq 3 ] || fail "--quiet"
exit 0
