# networks_test.sh - networks.sh over the committed weights: the autoencoder on every core,
# the others on some; a ceiling that is passed is noticed.
set -u
. "$ROOT/tests/firmware/common.sh"

sh "$here/networks.sh" machines || fail "machines"
CORES="m0 m4 rv32" sh "$here/networks.sh" ds_cnn || fail "ds_cnn"
CORES=m4 sh "$here/networks.sh" resnet8 mobilenet || fail "resnet8 and mobilenet"

# --optimize=ram within 1.3 times the cycles
figures() { # OPTIMIZE: RAM and cycles of the autoencoder on M4
    OPTIMIZE=$1 NO_CEILINGS=1 CORES=m4 sh "$here/networks.sh" machines >figures.txt ||
        fail "--optimize=$1"
    awk -F '|' '$2 ~ /machines/ { split($8, ram, " "); print ram[1], $6 + 0 }' figures.txt
}
set -- $(figures speed) $(figures ram)
[ "$3" -le 768 ] && [ "$3" -lt "$1" ] || fail "--optimize=ram needs $3 bytes, else $1"
[ $((10 * $4)) -le $((13 * $2)) ] || fail "--optimize=ram takes $4 cycles, else $2"

# a figure above its ceiling is noticed
rm -rf copy
mkdir -p copy/tests && cp -r "$here" copy/tests/ && ln -s "$ROOT/models" "$ROOT/runtime" copy/
sed -i 's/^\(machines.m4.\)[0-9]*/\1100/' copy/tests/firmware/networks_ceilings.tsv
CORES=m4 ROOT=$PWD/copy sh "$here/networks.sh" machines 2>error.log &&
    fail "RAM above its ceiling is not noticed"
grep -q 'RAM is [0-9]*, the ceiling is 100' error.log || fail "$(cat error.log)"
