#!/bin/sh
# check.sh DLC - every example elaborates; one with a word too many does not.
dlc=$1
here=$(cd "$(dirname "$0")" && pwd)
bad=0 n=0
for file in "$here"/*.dl; do
    n=$((n + 1))
    "$dlc" --check "$file" >log 2>&1 || { cat log; bad=1; }
done
sed 's/^net cnn/net net cnn/' "$here/05_cifar_cnn.dl" >broken.dl
"$dlc" --check broken.dl >log 2>&1 && { echo "a broken example passes"; bad=1; }
echo "$n examples"
[ $n -gt 0 ] && [ $bad -eq 0 ]
