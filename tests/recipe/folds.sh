# folds.sh - kfold: killed again and again, on two threads, it ends with the same bytes; the
# mean and the spread are those of the folds; every sample is held out once.
. "$(dirname "$0")/common.sh"
"$DLC" "$here/programs/folds.dl" -o folds || fail "compile"
./folds info >info.txt || fail "info"
grep -q 'an update every 2 batches, 5 folds' info.txt &&
    grep -q ': 3 batches of 3 an epoch of a fold, 0 samples dropped' info.txt ||
    { cat info.txt; fail "info says not what is dropped"; }
./folds train --quiet --out whole >whole.txt || fail "train"
for i in 1 2 3 4 5 6; do
    ./folds train --quiet --resume --out cut >/dev/null 2>&1 &
    pid=$!
    sleep 0.0$((i + 2))
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
done
./folds train --quiet --resume --out cut >/dev/null 2>&1 || fail "resume"
./folds train --quiet --threads 2 --out two >/dev/null || fail "two threads"
for other in cut two; do
    for file in model checkpoint fold1 fold3 fold5; do
        cmp whole/$file.safetensors $other/$file.safetensors || fail "$file of $other"
    done
    sed 's/,[^,]*$//' whole/history.csv >a.csv
    sed 's/,[^,]*$//' $other/history.csv >b.csv
    cmp a.csv b.csv || fail "history of $other"
done
cmp -s whole/fold1.safetensors whole/fold2.safetensors && fail "two folds are one"
head -1 whole/history.csv | grep -q '^fold,epoch,step,lr_scale,' || fail "columns"
cut -d, -f1 whole/history.csv | sort -u | tr '\n' ' ' | grep -q '^1 2 3 4 5 fold' ||
    fail "folds of the history"

./folds train --json --epochs 3 --out json >events || fail "--json"
python3 - <<'END' || fail "events"
import json, math
e = [json.loads(line) for line in open("events")]
folds = [x["valid"] for x in e if x["event"] == "fold"]
(total,) = [x for x in e if x["event"] == "folds"]
assert len(folds) == 5, folds
for name in ("loss", "acc"):
    v = [f[name] for f in folds]
    mean = sum(v) / 5
    sd = math.sqrt(sum((x - mean) ** 2 for x in v) / 4)
    assert abs(total["mean"][name] - mean) < 1e-6 and abs(total["sd"][name] - sd) < 1e-6, name
assert folds[total["best"] - 1]["acc"] == max(f["acc"] for f in folds)
assert all("fold" in x and "lr_scale" in x for x in e if x["event"] == "epoch")
END
sed 's/kfold(5)/kfold(20)/' "$here/programs/folds.dl" >many.dl
"$DLC" many.dl -o many || fail "compile many"
./many train >log 2>err && fail "20 folds of 12 samples"
grep -q 'kfold(20) of 12 training samples' err || { cat err; fail "no word of it"; }
exit 0
