# readback.sh MODEL... - what --emit prints of a whole program reads back as one file, and
# prints again to the same text (positions are comments); so does a plan of it.
set -u
fail() { echo "FAILED: $*"; exit 1; }
rm -rf ./*
for model; do
    name=$(basename "$model" .dl)
    for stage in graph loop; do
        "$DLC" "$model" --emit=$stage >$name.$stage.dlir || fail "--emit=$stage $name"
        "$DLC" $name.$stage.dlir --emit=$stage >again || fail "$name.$stage.dlir does not read"
        sed 's/   # .*//' $name.$stage.dlir >first
        sed 's/   # .*//' again >second
        cmp first second || fail "$name --emit=$stage does not survive reading"
        n=$(grep -c "^\(graph\|program\) " $name.$stage.dlir)
        [ "$n" -ge 5 ] || fail "only $n functions of $name in --emit=$stage"
    done
    "$DLC" "$model" --plan | grep -o '[0-9]* bytes of scratch.*' >first
    "$DLC" $name.loop.dlir --plan | grep -o '[0-9]* bytes of scratch.*' >second
    cmp first second || fail "the plan of $name.loop.dlir is not that of $name"
done
# A second program that is broken is refused where it is.
sed 's/^program step/progam step/' xor.loop.dlir >broken.dlir
"$DLC" broken.dlir --check 2>err && fail "a broken second program was read"
grep -q 'broken.dlir:[0-9]*:.*expected storage, function, kernel, loop, call or program' err ||
    { cat err; fail "the message of a broken second program"; }
