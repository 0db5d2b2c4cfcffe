# same.sh MODEL - the output depends on inputs and options only: not on the folder, the
# locale, the time or the environment.
set -u
model=$1
mkdir -p one two/deep
cp "$model" one/m.dl
cp "$model" two/deep/m.dl
(cd one && LC_ALL=C TZ=UTC "$DLC" m.dl -o m.c) || exit 1
(cd two/deep && LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 TZ=Asia/Tokyo HOME=/nowhere USER=other \
    "$DLC" m.dl -o m.c) || exit 1
for file in m.c m.h; do
    cmp "one/$file" "two/deep/$file" || exit 1
done
grep -n "$PWD" one/m.c one/m.h && { echo "an absolute path in the output"; exit 1; }
(cd two && "$DLC" "$PWD/deep/m.dl" -o m.c) || exit 1 # an absolute path in the command
grep -n "$PWD" two/m.c two/m.h && { echo "an absolute path in the output"; exit 1; }
echo '# another comment' >>one/m.dl # the banner holds a hash of the source
(cd one && "$DLC" m.dl -o m.c) && cmp -s one/m.c two/deep/m.c && { echo "the hash is stale"; exit 1; }
# A def of the library under another name gives the same C.
exit 0
