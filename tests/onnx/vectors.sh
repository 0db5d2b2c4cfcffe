# vectors.sh GRAPH_VECTORS - ONNX's node vectors through the graph interpreter and through
# compiled C. The numbers of vectors must not fall, and a wrong output must be noticed.
set -u
here=$ROOT/tests/onnx data=/usr/share/libonnx-testdata/data/node
[ -d $data ] || { echo "skipped: no libonnx-testdata"; exit 77; }
rm -f ./*
python3 "$here/vectors.py" $data . || exit 1
failed=0
for part in part*.dl; do
    part=${part%.dl}
    "$1" $part.dl $part.txt 1e-6 || failed=1
    "$DLC" $part.dl --target=c99 -o $part.c || { failed=1; continue; }
    cc -std=c11 -O1 -ffp-contract=off -I "$here" -I . "-DPART_C_H=\"$part.h\"" \
        "-DPART_H=\"table_$part.h\"" "$here/compiled_vectors.c" $part*.c -lm -o $part.run &&
        ./$part.run $part.txt 2e-5 || failed=1
done >log
cat log
awk '{ n[$1] += $4; off[$1] += $6; if ($8 + 0 > worst[$1]) worst[$1] = $8 + 0 }
    /^(graph|compiled) / { seen[$1] = 1 }
    END { for (k in seen) {
              printf "%s: %d vectors, %d off, worst relative error %.1e\n", k, n[k], off[k], worst[k]
              if (n[k] < 527) { print k ": fewer vectors than there were"; bad = 1 }
          }
          exit bad || !seen["graph"] || !seen["compiled"] }' log || failed=1
"$1" part0.dl part0.txt 2e-5 --fault >/dev/null || { echo "wrong outputs went unnoticed"; failed=1; }
exit $failed
