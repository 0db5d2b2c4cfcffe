# aware.sh - quantization-aware training: what it computes is what the int8 C that is made of
# its weights gives, without a calibration; and a net that int8 harms is harmed less.
set -u
. "$ROOT/tests/firmware/common.sh"

rm -rf aware* plain* simulated* figures true false *.npy
python3 "$here/images.py" 200 || fail "no images"
cp "$here/programs/aware.dl" .
DLC_TEST_VERIFY=1 DLC_TEST_ROUNDTRIP=1 "$DLC" aware.dl -o aware &&
    ./aware train --quiet >train.log || fail "no training"
weights=aware.out/model.safetensors
"$DLC" aware.dl -o simulated.c && "$DLC" aware.dl --weights $weights --prefix=layers -o layers_int8.c ||
    fail "not compiled"
grep -q 'float aware_' layers_int8.c && fail "a layer stayed float"

python3 "$here/aware.py" load simulated.h $weights >load.inc || fail "no weights for C"
gcc -O2 -ffp-contract=off -I. simulated.c "$here/aware_main.c" -lm -o sim && ./sim >sim.txt ||
    fail "no simulation"
gcc -O2 -ffp-contract=off -I. -Dlayers_layers=layers_aware -DLAYERS_LAYERS_IMAGE_LEN=330 \
    -DLAYERS_LAYERS_PROBS_LEN=6 -DLAYERS_LAYERS_SIDE_LEN=4 \
    -DLAYERS_LAYERS_ARENA_BYTES=LAYERS_AWARE_ARENA_BYTES layers_int8.c "$here/layers_main.c" \
    -o int8 && ./int8 images.npy >int8.txt || fail "no int8 C"
python3 "$here/aware.py" compare $weights sim.txt int8.txt || fail "int8 is not what was simulated"

# other ranges than the learned ones are noticed
sed 's/quantize_aware: true//; s/quantize: int8/&(calibrate=shapes.train)/' aware.dl >plain.dl
"$DLC" plain.dl -o plain && ./plain train --quiet >plain.log || fail "no plain training"
"$DLC" plain.dl --weights plain.out/model.safetensors -o plain_int8.c 2>error.log &&
    fail "int8 without any ranges"
grep -q 'E0504' error.log || fail "$(cat error.log)"
./plain calibrate --quiet || fail "no calibration"
"$DLC" plain.dl --weights plain.out/model.safetensors --prefix=layers -o layers_int8.c &&
    gcc -O2 -ffp-contract=off -I. -Dlayers_layers=layers_aware -DLAYERS_LAYERS_IMAGE_LEN=330 \
        -DLAYERS_LAYERS_PROBS_LEN=6 -DLAYERS_LAYERS_SIDE_LEN=4 \
        -DLAYERS_LAYERS_ARENA_BYTES=LAYERS_AWARE_ARENA_BYTES layers_int8.c \
        "$here/layers_main.c" -o int8 && ./int8 images.npy >plain.txt || fail "no plain C"
python3 "$here/aware.py" compare $weights sim.txt plain.txt && fail "another net is not noticed"

# two seeds each: the loss of the deployed int8 arithmetic, and the one that was simulated
python3 "$here/aware_data.py" || fail "no points"
for aware in false true; do
    mkdir $aware && cp x.npy y.npy $aware && cd $aware || fail "no folder"
    sed "s/AWARE\$/$aware/" "$here/programs/loud.dl" >loud.dl
    "$DLC" loud.dl -o loud || fail "loud.dl"
    for seed in 1 2; do
        ./loud train --quiet --seed $seed >train.log || fail "no training of loud.dl"
        [ $aware = true ] || ./loud calibrate --quiet || fail "no calibration of loud.dl"
        "$DLC" loud.dl --weights loud.out/model.safetensors -o compared &&
            ./compared compare --out loud.out --split train >compare.txt || fail "compare"
        awk -v aware=$aware -v seed=$seed '
            FILENAME == "train.log" && $1 == "train" { simulated = $3 }
            FILENAME != "train.log" && $1 == "loss" { loss = $3 }
            FILENAME != "train.log" && $1 == "acc" { acc = $3 }
            END { print aware, seed, simulated, loss, acc }' train.log compare.txt >>../figures
    done
    cd ..
done
awk '{ print; loss[$1] += $4; acc[$1] += $5
       if ($1 == "true" && ($3 - $4 > 0.02 || $4 - $3 > 0.02)) bad = 1 }
     END { exit bad || !(loss["true"] < loss["false"] - 0.1 && acc["true"] >= acc["false"]) }' \
    figures || fail "quantization-aware training does not help"
exit 0
