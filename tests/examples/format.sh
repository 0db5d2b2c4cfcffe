#!/bin/sh
# format.sh DLC - every example, model and library file is formatted already: it goes
# through `dlc --fmt -` unchanged, and indented otherwise it comes back.
dlc=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
bad=0 n=0
for file in "$root"/tests/examples/*.dl "$root"/compiler/std/*.dl "$root"/models/*.dl; do
    [ -f "$file" ] || continue
    n=$((n + 1))
    "$dlc" --fmt - <"$file" >once 2>log || { echo "$file"; cat log; bad=1; continue; }
    cmp -s "$file" once || { echo "not formatted: $file"; diff "$file" once; bad=1; }
    sed -e 's/^ */	/' "$file" | "$dlc" --fmt - >twice 2>log || bad=1
    cmp -s "$file" twice || { echo "not restored: $file"; diff "$file" twice; bad=1; }
done
echo "$n files"
[ $n -gt 0 ] && [ $bad -eq 0 ]
