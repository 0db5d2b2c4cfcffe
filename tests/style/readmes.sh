#!/bin/sh
# readmes.sh ROOT - every file is named in the README.md of its folder, or of the nearest
# folder above that has one.
cd "$1" || exit 2
bad=0
git ls-files 2>/dev/null | grep -v '^\.' >/tmp/readmes.$$ || exit 77
[ -s /tmp/readmes.$$ ] || exit 77
for folder in $(sed -n 's|/[^/]*$||p' /tmp/readmes.$$ | LC_ALL=C sort -u); do
    case $folder in
    generated | tests/diag | tests/diff/regressions | tests/consumer/project | tests/ir/*) continue ;;
    esac
    readme=$folder/README.md
    while [ ! -f "$readme" ] && [ "${readme%/*/README.md}" != "$readme" ]; do
        readme=${readme%/*/README.md}/README.md # described one level up
    done
    [ -f "$readme" ] || { echo "$folder has no README.md"; bad=1; continue; }
    for file in $(sed -n "s|^$folder/\([^/]*\)\$|\1|p" /tmp/readmes.$$); do
        [ "$file" = README.md ] || [ "$file" = CMakeLists.txt ] && continue
        stem=${file%.*}
        [ "$folder" = compiler/ops ] && grep -qx "OP($stem)" compiler/ops/ops.def && continue
        grep -qE "(^|[^A-Za-z0-9_])($file|$stem)([^A-Za-z0-9_]|\$)" "$readme" ||
            { echo "$readme does not name $folder/$file"; bad=1; }
    done
done
rm -f /tmp/readmes.$$
exit $bad
