# real.sh - one epoch on all of Fashion-MNIST (gzip'd, as Debian ships it) learns.
. "$(dirname "$0")/common.sh"

"$program" train --epochs 1 --data "$fashion" --out real >real.txt || fail "train"
cat real.txt
sed -n 's/^test .*acc //p' real.txt | awk '{ exit !($1 > 0.80) }' ||
    fail "test accuracy is not above 0.80"
