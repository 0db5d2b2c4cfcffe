# io.sh - `io: int8`: the C function of a net takes and gives int8 with the scales of its
# header, the same numbers that the one with floats rounds its inputs to and gives as floats.
set -u
. "$ROOT/tests/firmware/common.sh"
rm -f io_*
weights=$ROOT/models/weights/machines.safetensors
for io in int8 arena; do
    sed "s/^deploy describe {.*/deploy describe { target: c99; io: $io; quantize: int8() }/
        /^deploy frontend/d" "$ROOT/models/machines.dl" >io_$io.dl
    "$DLC" io_$io.dl --weights "$weights" -o io_$io.c || fail "io: $io is not compiled"
done
ram() { # HEADER
    sed -n 's/ \*     ram \([0-9]*\) bytes.*/\1/p' "$1"
}
[ "$(ram io_arena.h)" -ge 2560 ] && [ "$(ram io_int8.h)" -le 1536 ] || fail "RAM"
check() { # OPTIONS
    gcc $warnings $1 -O1 -ffp-contract=off -I. io_int8*.c io_arena*.c "$here/io_main.c" \
        -lm -o io_check || fail "not compiled${1:+ $1}"
    ./io_check
}
check "" || fail "both do not give the same"
sed -i 's/\(_BANDS_ZERO = \)/\11 + /' io_int8.h
check "" && fail "another zero point is not noticed"

sed 's/io: int8;/io: int8; keep_float: [again];/' io_int8.dl >io_kept.dl
"$DLC" io_kept.dl --weights "$weights" -o io_kept.c 2>io_kept.txt && fail "floats as int8"
grep -q 'error: output `again` is computed in floats, `io: int8` cannot give it \[E0504\]' \
    io_kept.txt || fail "$(cat io_kept.txt)"
[ ! -e io_kept.c ] || fail "a file in spite of an error"
