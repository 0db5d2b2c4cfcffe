# compare.sh - `compare` of a program that was compiled with weights: its accuracy in int8 is
# that of the deployed C, its end-to-end ratio of signal to noise what the outputs of the
# int8 and the float C say; and it refuses other weights and programs without.
set -u
. "$ROOT/tests/firmware/common.sh"

rm -rf layers* *.txt
python3 "$here/images.py" 48 || fail "no images"
sed 's/^    minimize/    metric acc = accuracy(probs, label)\n&/' "$here/programs/layers.dl" >layers.dl
"$DLC" layers.dl -o layers && ./layers train --epochs 4 --quiet >train.log || fail "no training"
./layers calibrate --quiet || fail "no calibration"
weights=layers.out/model.safetensors

./layers compare 2>error.log && fail "compare without weights"
grep -q 'help: dlc layers.dl --weights FILE -o PROGRAM' error.log || fail "$(cat error.log)"
sed '/^deploy/d' layers.dl >plain.dl
"$DLC" plain.dl --weights $weights -o layers_plain 2>error.log && fail "nothing in int8"
grep -q 'E0504' error.log || fail "$(cat error.log)"

"$DLC" layers.dl --weights $weights -o layers_compared || fail "no program"
./layers_compared compare --split train >compare.txt || fail "compare"
cat compare.txt
for form in int8 float; do
    [ $form = int8 ] || sed -i 's/; quantize:[^}]*//' layers.dl
    mkdir -p $form && "$DLC" layers.dl --weights $weights -o $form/layers_int8.c &&
        gcc -O1 -ffp-contract=off -I$form $form/layers_int8*.c "$here/layers_main.c" -lm \
            -o $form/run && $form/run images.npy >$form.txt || fail "$form C"
done
python3 - <<'EOF' || fail "compare says something else than the deployed C"
import math
import re
import struct

def outputs(name):
    return [[struct.unpack('>f', bytes.fromhex(w))[0] for w in line.split()]
            for line in open(name)]

text = open('compare.txt').read()
label = open('labels.npy', 'rb').read()[-48:]
float_, int8 = outputs('float.txt'), outputs('int8.txt')
accuracy = [sum(max(range(6), key=row.__getitem__) == l for row, l in zip(rows, label)) / 48
            for rows in (float_, int8)]
printed = [float(x) for x in re.search(r'acc +(\S+) +(\S+)', text).groups()]
assert all(abs(a - p) < 1e-4 for a, p in zip(accuracy, printed)), (accuracy, printed)

def ratio(columns):
    pairs = [(f[i], q[i]) for f, q in zip(float_, int8) for i in columns]
    return 10 * math.log10(sum(f * f for f, _ in pairs) / sum((f - q) ** 2 for f, q in pairs))

for name, columns in ('softmax1/div', range(6)), ('tanh', range(6, 10)):
    printed = float(re.search(r'layers/' + name + r' +\S+ +(\S+)', text).group(1))
    assert abs(printed - ratio(columns)) < 0.06, (name, printed, ratio(columns))
rows = re.findall(r'^  layers/\S+ +(\S+) +\S+$', text, re.M)
ratios = [math.inf if r == 'exact' else float(r) for r in rows]
assert len(rows) >= 10 and ratios == sorted(ratios), rows
EOF

./layers train --epochs 1 --quiet >train.log || fail "no second training"
./layers_compared compare 2>error.log && fail "compare with other weights"
grep -q 'compiled with other weights' error.log || fail "$(cat error.log)"
exit 0
