# generated.sh [--update] - generated/ is what dlc writes for two models: compares, or
# (--update) writes it. Goldens change only in a commit that says why.
set -u
[ -n "${ROOT:-}" ] && [ -n "${DLC:-}" ] || { echo "set ROOT and DLC"; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
write() { # folder
    (cd "$ROOT" && "$DLC" models/xor.dl -o "$1/xor.c" &&
        "$DLC" models/fashion_mlp.dl --target=x86_64_v3 -o "$1/fashion_mlp.c")
}
if [ "${1:-}" = --update ]; then
    mkdir -p "$ROOT/generated"
    write "$ROOT/generated"
    exit
fi
write "$work" || exit 1
bad=0
for file in "$work"/*; do
    cmp "$file" "$ROOT/generated/$(basename "$file")" || bad=1
done
for file in "$ROOT"/generated/*.[ch]; do
    [ -e "$work/$(basename "$file")" ] || { echo "$file is no longer written"; bad=1; }
done
# A stale file must be seen.
cp "$work/xor.c" "$work/stale" && echo >>"$work/stale"
cmp -s "$work/stale" "$ROOT/generated/xor.c" && bad=1
[ $bad -eq 0 ] || echo "generated/ is stale: cmake --build <build> --target update-generated"
exit $bad
