# optimizers.sh GRAPH_OPTIMIZERS - ONNX's vectors of Adam, Adagrad and Momentum through the
# optimizers of std: in f64, and as compiled C. A step that is not made must be noticed.
set -u
here=$ROOT/tests/onnx data=/usr/share/libonnx-testdata/data/node
[ -d $data ] || { echo "skipped: no libonnx-testdata"; exit 77; }
rm -f ./*
python3 "$here/optimizers.py" $data . || exit 1
failed=0 n=0
for opt in opt*.dl; do
    opt=${opt%.dl}
    sed -n '1p; s/.*using /    /p' $opt.dl
    "$1" $opt.dl $opt.txt 1e-6 || failed=1
    "$DLC" $opt.dl --target=c99 -o $opt.c &&
        cc -std=c11 -O1 -ffp-contract=off -I . "-DOPT_C_H=\"$opt.h\"" \
            "-DOPT_H=\"table_$opt.h\"" "$here/compiled_optimizers.c" $opt.c -lm -o $opt.run &&
        ./$opt.run 1e-6 || failed=1
    ./$opt.run 1e-6 --fault >/dev/null && { echo "$opt: no step went unnoticed"; failed=1; }
    n=$((n + 1))
done
echo "$n optimizer vectors"
[ $n -ge 7 ] && [ $failed -eq 0 ]
