# sources.sh FOLDER - a program for every source: it trains on files that make.py writes, its
# loss falls, and the same run twice, and with two threads, gives the same weights;
# so does a run that was stopped and resumed.
set -u
folder=$1
failed() { echo "FAILED: $*"; exit 1; }
falls() { # HISTORY: the last loss is below 0.7 of the first
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^(train[._ ])?loss$/) at = i }
        NR == 2 { first = $at }
        NR > 1 { last = $at }
        END { exit !(at && NR > 2 && last < 0.7 * first) }' "$1"
}
rm -rf ./*
python3 "$folder/make.py" || failed "the files"
for file in "$folder"/*.dl; do
    name=$(basename "$file" .dl)
    "$DLC" "$file" -o "$name.bin" || failed "$name: the program"
    ./"$name.bin" train --threads 1 >log 2>&1 || { cat log; failed "$name train"; }
    falls "$name.out/history.csv" || { cat "$name.out/history.csv"; failed "$name: the loss"; }
    ./"$name.bin" train --threads 2 --out two.out --quiet >log 2>&1 || { cat log; failed "$name, two threads"; }
    cmp "$name.out/model.safetensors" two.out/model.safetensors || failed "$name: threads matter"
done
# Stopped and resumed, an augmented run ends with the same bytes.
./augmented.bin train --epochs 3 --out resumed.out --quiet >log 2>&1 || { cat log; failed "three epochs"; }
./augmented.bin train --resume --out resumed.out --quiet >log 2>&1 || { cat log; failed "resume"; }
cmp augmented.out/model.safetensors resumed.out/model.safetensors || failed "resuming matters"
./white.bin predict --net white inputs.csv >log 2>&1 || { cat log; failed "predict white"; }
python3 "$folder/white.py" <log || failed "whitening"
# One file of each kind, as a sample of a net's input.
for file in folder:photos/1/03.png sounds:sounds/0/01.wav; do
    name=${file%%:*}
    ./"$name.bin" predict "${file#*:}" >log 2>&1 || { cat log; failed "predict ${file#*:}"; }
    class=$(sed -n 's/.*probs: \([0-9]\).*/\1/p' log)
    case $file in *"/$class/"*) ;; *) cat log; failed "$file is of another class" ;; esac
done
printf '"so, a Good film"\n' >one.csv
for name in review bytes; do
    ./$name.bin predict one.csv >log 2>&1 || { cat log; failed "predict a text"; }
    awk '/ p: / { p = $NF; gsub(/[][]/, "", p); exit !(p + 0 > 0.5) }' log || { cat log; failed "a good film"; }
done
printf '"so, so, a bad f\303\266lm"\n' >one.csv
./bytes.bin predict one.csv >log 2>&1 || { cat log; failed "predict bytes beyond ASCII"; }
awk '/ p: / { p = $NF; gsub(/[][]/, "", p); exit !(p + 0 < 0.5) }' log || { cat log; failed "a bad film"; }
./archive.bin predict points.npz --count 2 >log 2>&1 || { cat log; failed "predict an archive"; }
[ "$(grep -c ' y: ' log)" = 2 ] || { cat log; failed "an archive"; }
./folder.bin predict one.wav >log 2>&1 && failed "an image from a sound"
grep -q 'fills an input f32' log || { cat log; failed "the message"; }
exit 0
