# inputs.sh - a net that takes floats from another net is calibrated on what it is called
# with, and counts of a metric in the weights do no harm: its int8 form follows its float
# form closely on every image.
set -u
. "$ROOT/tests/firmware/common.sh"

rm -rf inputs_* inputs.out
python3 "$here/images.py" 48 || fail "no images"
cp "$here/programs/inputs.dl" .
"$DLC" inputs.dl -o inputs && ./inputs train --quiet >train.log || fail "no training"
./inputs calibrate --quiet || fail "no calibration"
for form in int8 float; do
    [ $form = int8 ] || sed -i 's/; quantize:[^}]*//' inputs.dl
    "$DLC" inputs.dl --weights inputs.out/model.safetensors -o inputs_$form.c ||
        fail "$form is not compiled"
    gcc -O1 -I. "-DHEADER=\"inputs_$form.h\"" "$here/inputs_main.c" inputs_$form.c \
        -lm -o $form && ./$form images.npy >$form.txt || fail "$form does not run"
done
grep -q 'int8_t' inputs_int8.c && ! grep -q 'int8_t inputs_tail' inputs_float.c ||
    fail "the two forms are not two"
[ "$(sort -u float.txt | wc -l)" -gt 40 ] || fail "the scores hardly differ"
paste float.txt int8.txt | awk '
    { d = $1 - $2; worst = d > worst ? d : -d > worst ? -d : worst
      low = NR == 1 || $1 < low ? $1 : low; high = $1 > high ? $1 : high }
    END { print "worst difference", worst, "of", high - low
          exit !(NR == 48 && worst < 0.05 * (high - low)) }' ||
    fail "int8 does not follow the floats"
