# metrics.sh - every metric against its definition, over splits whose last batch is short;
# in training over full batches; after an interruption; and which way `keep` looks.
. "$(dirname "$0")/common.sh"
check() { python3 "$ROOT/tests/models/metrics.py" check "$@" || fail "metrics $*"; }

python3 "$ROOT/tests/models/metrics.py" make 301 >all.csv
sed -n 1,211p all.csv >train.csv
sed -n '212,$p' all.csv >valid.csv
program_with() { # KEEP
    sed "s/KEEP/$1/" "$ROOT/tests/models/metrics.dl" >metrics.dl
    "$DLC" metrics.dl -o metrics || fail "compile with $1"
}

program_with f3
./metrics train --out out --threads 1 >train.txt || fail train
./metrics eval --out out >eval.txt || fail eval
check train.csv eval.txt train
check valid.csv eval.txt valid
./metrics eval --out out --threads 2 >two.txt || fail "eval with two threads"
cmp eval.txt two.txt || fail "two threads count otherwise"
# Of an epoch: 13 full batches of 16, unshuffled.
sed -n 's/^epoch 1.4 \(.*\)  valid .*/epoch \1/p' train.txt >epoch.txt
check train.csv epoch.txt epoch 208
# A fault in one answer must be seen.
sed '1s/,[01],/,1,/' valid.csv | sed '1,40s/^\([^,]*\),\([^,]*\)/\2,\1/' >other.csv
python3 "$ROOT/tests/models/metrics.py" check other.csv eval.txt valid >fault.txt &&
    fail "swapped answers are not noticed"

# `keep` of what changes: the least error, though a split's, and the most of a score.
column() { head -n 1 out/history.csv | tr , '\n' | grep -n "^valid_$1\$" | cut -d: -f1; }
best() { # METRIC r|n: the epoch of its best value in the history
    sed 1d out/history.csv | cut -d, -f1,"$(column "$1")" | sort -t, -k2,2g$2 -s |
        sed -n '1s/,.*//p'
}
for case in moving: better:r; do
    program_with "${case%:*}"
    ./metrics train --out out >train.txt || fail "train with $case"
    kept=$(sed -n 's/^kept epoch \([0-9]*\);.*/\1/p' train.txt)
    [ "$kept" = "$(best "${case%:*}" "${case#*:}")" ] ||
        fail "keep ${case%:*} kept epoch $kept, not $(best "${case%:*}" "${case#*:}")"
done

# A table has no best, and one number per sample is not a table.
sed "s/KEEP/table/" "$ROOT/tests/models/metrics.dl" >metrics.dl
"$DLC" --check metrics.dl 2>err.txt && fail "best of a table"
grep -q 'is a table of numbers, which has no best \[E0407\]' err.txt || fail "$(cat err.txt)"

# Killed in the middle of epochs: the same history, the same weights, the same counts.
program_with f3
./metrics train --epochs 60 --out whole --quiet >/dev/null || fail "the whole run"
rm -rf cut
for pause in 0.03 0.05 0.08 0.12; do
    ./metrics train --epochs 60 --out cut --quiet --checkpoint-every 7 --resume >/dev/null 2>&1 &
    pid=$!
    sleep $pause
    kill -9 $pid 2>/dev/null || true # it may have ended
    wait $pid 2>/dev/null || true
done
./metrics train --epochs 60 --out cut --quiet --resume >/dev/null || fail resume
for file in model.safetensors checkpoint.safetensors; do
    cmp whole/$file cut/$file || fail "$file differs after a kill"
done
for out in whole cut; do sed 's/,[^,]*$//' $out/history.csv >$out.csv; done
cmp whole.csv cut.csv || fail "the history differs after a kill"
