# networks_test.sh - networks.sh over the autoencoder, briefly trained: bits as on the host
# and figures below the ceilings on every core; a ceiling that is passed is noticed.
set -u
here=$ROOT/tests/firmware

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

rm -rf data weights machines.out
sh "$ROOT/models/data/machines.sh" --small "$PWD" || fail "no sounds"
mkdir data && mv machines faults data/ || fail "no data"
"$DLC" "$ROOT/models/machines.dl" -o machines_train || fail "no program"
./machines_train train --epochs 1 --quiet --data . >train.log &&
    ./machines_train calibrate --quiet --data . || fail "no weights"
mkdir weights && mv machines.out/model.safetensors weights/machines.safetensors || fail "no weights"
WEIGHTS=$PWD/weights
export WEIGHTS
sh "$here/networks.sh" machines || fail "networks.sh"

# a figure above its ceiling is noticed
rm -rf copy
mkdir -p copy/tests && cp -r "$here" copy/tests/ && ln -s "$ROOT/models" copy/models
sed -i 's/^\(machines.m4.\)[0-9]*/\1100/' copy/tests/firmware/networks_ceilings.tsv
CORES=m4 ROOT=$PWD/copy sh "$here/networks.sh" machines 2>error.log &&
    fail "RAM above its ceiling is not noticed"
grep -q 'RAM is [0-9]*, the ceiling is 100' error.log || fail "$(cat error.log)"
