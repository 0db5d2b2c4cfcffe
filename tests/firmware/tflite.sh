# tflite.sh - the emitted C equals TensorFlow Lite's own reference kernels bit for bit on
# convolution, depthwise, dense, sum, difference, product, max pooling, mean, reshape and softmax. Skipped
# where the package ai-edge-litert is not installed; DLC_PYTHON names another python3.
set -u
. "$ROOT/tests/firmware/common.sh"
python=${DLC_PYTHON:-python3}

rm -rf tflite* layers_int8* *.txt
$python -c 'import ai_edge_litert, flatbuffers, numpy' 2>missing.log || {
    echo "skipped: $(tail -n 1 missing.log); pip install ai-edge-litert"
    exit 77
}
python3 "$here/images.py" 48 || fail "no images"
cp "$here/programs/tflite.dl" .
"$DLC" tflite.dl -o tflite && ./tflite train --quiet >train.log && ./tflite calibrate --quiet ||
    fail "no weights"
"$DLC" tflite.dl --weights tflite.out/model.safetensors --prefix=layers -o layers_int8.c ||
    fail "not compiled"
gcc -O2 -ffp-contract=off -I. -Dlayers_layers=layers_shared -DLAYERS_LAYERS_IMAGE_LEN=330 \
    -DLAYERS_LAYERS_PROBS_LEN=6 -DLAYERS_LAYERS_SIDE_LEN=4 \
    -DLAYERS_LAYERS_ARENA_BYTES=LAYERS_SHARED_ARENA_BYTES layers_int8.c "$here/layers_main.c" \
    -o int8 && ./int8 images.npy >got.txt || fail "no int8 C"
[ "$(sort -u got.txt | wc -l)" -gt 40 ] || fail "the outputs hardly differ"
$python "$here/tflite.py" tflite.out/model.safetensors images.npy >expected.txt ||
    fail "TensorFlow Lite does not run it"
cmp got.txt expected.txt || fail "TensorFlow Lite gives other bits"
exit 0
