# profile.sh - hooks around layers: without the macro the object code is that of C without
# hooks; with it, the counts of the layers add up to the network's and fall where its
# multiply-adds are.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

rm -rf net* bare* got.txt off* on* *.count
board_tools
# the network alone: its front end wants a C library
awk '/^deploy/ { keep = /quantize/ } !/^deploy/ || keep' "$ROOT/models/ds_cnn.dl" >ds_cnn.dl
"$DLC" ds_cnn.dl --weights "$ROOT/models/weights/ds_cnn.safetensors" -o net.c || fail "not compiled"

mkdir -p bare on
grep -v '^ *LAYER(' net.c >bare/net.c
[ "$(grep -c '^ *LAYER(' net.c)" -gt 10 ] || fail "no hooks"
for option in -O0 -O2 -Os; do
    for cc in gcc "arm-none-eabi-gcc -mcpu=cortex-m4 -ffreestanding"; do
        $cc $warnings $option -I. -c net.c -o off.o || fail "$cc warns"
        (cd bare && $cc -std=c99 $option -I.. -c net.c -o ../bare.o) || fail "bare/net.c"
        cmp off.o bare.o || fail "$cc $option: hooks that are off leave something"
        $cc $warnings -DDS_CNN_PROFILE $option -I. -c net.c -o on.o || fail "$cc warns with -D"
        cmp -s on.o bare.o && fail "$cc $option: hooks that are on leave nothing"
    done
done

board_load m4
board_build off -O2 net.c "$here/profile_main.c"
board_run off
board_build on "-O2 -DDS_CNN_PROFILE" net.c "$here/profile_main.c"
rm -f got.txt
board_run on
layers=$(sed -n 's/.*DS_CNN_LAYERS = \([0-9]*\).*/\1/p' net.h)
[ "$(wc -l <got.txt)" -eq $((layers + 1)) ] || fail "$(wc -l <got.txt) hooks of $layers layers"
[ "$(tail -n 1 got.txt)" = end ] || fail "no hook at the end"
whole=$(sed -n '1s/instructions \([0-9]*\).*/\1/p' off.count)
awk '/^instructions/ { print $2 }' on.count | sed 1d | head -n $layers >counts
head -n $layers got.txt | paste counts - | tee table |
    awk '{ printf "%9d  %s\n", $1, $2 }'
awk -v whole=$whole -v layers=$layers '
    { sum += $1; if ($2 ~ /conv/) conv += $1; if ($1 == 0) empty = 1 }
    # a hook costs a call and what the compiler keeps over it
    END { print sum, "with hooks,", whole, "without"
          exit !(NR == layers && !empty && sum >= whole - 200 && sum <= whole + 40 * layers &&
                 conv > 0.9 * sum) }' table || fail "the layers do not add up"
