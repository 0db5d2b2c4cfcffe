#!/bin/sh
# readmes.sh ROOT - every folder has a README.md that names every file in it.
cd "$1" || exit 2
bad=0
git ls-files 2>/dev/null | grep -v '^\.' >/tmp/readmes.$$ || exit 77
[ -s /tmp/readmes.$$ ] || exit 77
for folder in $(sed -n 's|/[^/]*$||p' /tmp/readmes.$$ | LC_ALL=C sort -u); do
    case $folder in
    generated | *.out | tests/*/* | runtime/*/*/*) continue ;; # described one level up
    esac
    if [ ! -f "$folder/README.md" ]; then
        echo "$folder has no README.md"
        bad=1
        continue
    fi
    for file in $(sed -n "s|^$folder/\([^/]*\)\$|\1|p" /tmp/readmes.$$); do
        [ "$file" = README.md ] || [ "$file" = CMakeLists.txt ] && continue
        stem=${file%.*}
        grep -qE "(^|[^A-Za-z0-9_])($file|$stem)([^A-Za-z0-9_]|\$)" "$folder/README.md" ||
            { echo "$folder/README.md does not name $file"; bad=1; }
    done
done
rm -f /tmp/readmes.$$
exit $bad
