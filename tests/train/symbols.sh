# symbols.sh NM LIBRARY - the runtime's external names all begin with dlc_, so that they
# meet no model's.
set -u
names=$("$1" -g --defined-only "$2" | awk 'NF == 3 { print $3 }')
[ "$(echo "$names" | grep -c '^dlc_')" -gt 50 ] || {
    echo "FAILED: nm shows too few names" >&2
    exit 1
}
echo "$names" | grep -v '^dlc_' && {
    echo "FAILED: these names could be a model's" >&2
    exit 1
}
exit 0
