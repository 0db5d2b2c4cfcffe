# tune.sh - --tune: the command that measures is asked for every kernel of every layer, the
# best ones come into the file, --tuning compiles with them and the bits stay; measure.sh is
# such a command; and what is wrong in a tuning file.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

rm -rf small* net* *.tuning *.txt *.npy rounds
board_tools
python3 "$here/images.py" 48 || fail "no images"
cp "$here/programs/small.dl" .
"$DLC" small.dl -o train && ./train train --out out --quiet >train.log &&
    ./train calibrate --out out --quiet || fail "no weights"
weights=out/model.safetensors
compile() { # OPTION...
    "$DLC" small.dl --weights $weights "$@"
}
first=small/relu1_conv_add_rescale_max second=small/relu2_conv_add_rescale_max
third=small/relu3_conv_add_rescale_max last=small/dense1_dot_add_rescale_max

# a command that finds bytes_2x2 the best for the first layer, dlc's choice for the second
cat >count.sh <<'END'
folder=$(dirname "$1")
echo round >>rounds
test -f "$folder/model_test.c" || exit 1
sed -n 's/.*"\(small[^"]*\)".*/\1/p' "$folder/model.h" | while read -r layer; do
    kernel=$(awk -v layer="$layer" '$1 == layer { print $2 }' "$folder/round.tuning")
    case $layer-$kernel in
    */relu1_*-bytes_2x2*) echo "100 $layer" ;;
    */relu1_*-bytes*) echo "150 $layer" ;;
    */relu2_*-?*) echo "2000 $layer" ;;
    *) echo "1000 $layer" ;;
    esac
done
END
compile --target=cortex_m3 --tune=best.tuning --measure="sh count.sh" >table.txt ||
    fail "no tuning"
cat >expected.tuning <<END
dlc tuning 1
target cortex_m3
# layer kernel count
$first bytes_2x2 100
# $second: what dlc chooses, 1000
# $third: what dlc chooses, 1000
# $last: what dlc chooses, 1000
END
cmp best.tuning expected.tuning || fail "$(cat best.tuning)"
grep -q "^ *1000  *100  bytes_2x2 *$first" table.txt || fail "$(cat table.txt)"
# each kernel of a convolution, what dlc chooses, and the result
[ "$(wc -l <rounds)" -eq 10 ] || fail "$(wc -l <rounds) rounds"

# the file is obeyed, and the bits stay
compile --target=cortex_m3 --self-test=2 -o net.c && cp net.c plain.c
compile --target=cortex_m3 --tuning best.tuning --self-test=2 -MD -o net.c || fail "not compiled"
grep -q 'best.tuning' net.d || fail "the tuning file is no dependency"
sed '/hash/d' net.c >a && sed '/hash/d' plain.c >b && cmp -s a b && fail "the tuning changes nothing"
cat >main.c <<'END'
#include "net_test.h"
static double memory[SMALL_SMALL_SELF_TEST_BYTES / 8 + 1];
int main(void) { return (int)small_small_self_test(memory); }
END
gcc -std=c99 -O1 -I. net.c net_test.c main.c -lm -o host && ./host || fail "other bits"

# every kernel on its layer, for a core with all kinds, on the host: the same bits
for pair in "$first dsp_ring" "$first dsp_gather" "$first vectors_4x1" "$first bytes_4x4" \
    "$first loops" "$second channels" "$second channel_vectors" "$third vectors_2x2" \
    "$third bytes_1x8" "$third dsp_ring" "$last vectors_1x4" "$last bytes_1x4" "$last loops"; do
    printf 'dlc tuning 1\ntarget cortex_m55\n%s 1\n' "$pair" >one.tuning
    compile --target=cortex_m55 --tuning one.tuning --self-test=2 -o net.c || fail "$pair"
    gcc -std=c99 -O1 -I. net.c net_test.c main.c -lm -o host && ./host || fail "$pair: other bits"
done

# the emulator measures
compile --target=cortex_m3 --self-test=1 -o net.c &&
    sh "$here/measure.sh" m3 net.c >counts.txt || fail "not measured"
awk -v first=$first '{ n += $1; layer[$2] = $1 } END { exit !(n > 20000 && layer[first] > n / 4) }' \
    counts.txt || fail "$(cat counts.txt)"

# what is refused
refuse() { # EXPECTED TEXT
    printf "$2" >bad.tuning
    compile --target=cortex_m3 --tuning bad.tuning -o bad.c 2>said.txt && fail "accepted: $2"
    [ ! -e bad.c ] || fail "C in spite of: $2"
    grep -qF "$1 [E0706]" said.txt || { cat said.txt; fail "another message for: $2"; }
}
head='dlc tuning 1\ntarget cortex_m3\n'
refuse 'bad.tuning:1:1: error: `bad.tuning` is no tuning file: it does not begin with `dlc tuning 1`' 'x\n'
refuse 'bad.tuning:1:1: error: `bad.tuning` is no tuning file: it does not begin with `dlc tuning 1`' ''
refuse 'bad.tuning:1:12: error: this dlc reads tuning files of version 1, not `2`' 'dlc tuning 2\n'
refuse 'error: the tuning file names no target' 'dlc tuning 1\n'
refuse 'bad.tuning:2:8: error: this tuning is for `cortex_m4`, and the target is `cortex_m3`' \
    'dlc tuning 1\ntarget cortex_m4\n'
refuse 'bad.tuning:3:1: error: a line of a tuning file is `LAYER KERNEL COUNT`' "$head$first loops\n"
refuse 'bad.tuning:3:34: error: there is no kernel `loop`' "${head}$first loop 1\n"
refuse 'error: a count, not `many`' "$head$first loops many\n"
refuse "bad.tuning:4:1: error: layer \`$first\` has two lines" "$head$first loops 1\n$first loops 1\n"
refuse 'bad.tuning:3:1: error: the program has no layer `small/conv9` that could have kernel `loops`' \
    "${head}small/conv9 loops 1\n"
refuse 'bad.tuning:3:1: error: kernel `bytes_4x4` does not take the shape of this layer' \
    "$head$last bytes_4x4 1\n"
refuse 'bad.tuning:3:1: error: kernel `vectors_2x2` is not for what this layer computes' \
    "$head$first vectors_2x2 1\n"
wrong() { # EXPECTED OPTION...
    expected=$1
    shift
    "$DLC" small.dl "$@" 2>said.txt && fail "accepted: $*"
    grep -qF "$expected" said.txt || { cat said.txt; fail "another message for: $*"; }
    [ ! -e no.tuning ] || fail "a file in spite of: $*"
}
wrong 'cannot read `none.tuning`' --weights $weights --tuning none.tuning -o bad.c
wrong 'goes with --measure=COMMAND' --tune=no.tuning
wrong 'give --weights=FILE [E0704]' --tune=no.tuning --measure=true
wrong 'has no layer of int8 with kernels to choose from on `avr` [E0706]' --weights $weights \
    --tune=no.tuning --measure=true
wrong '`false` fails [E0704]' --weights $weights --target=cortex_m3 --tune=no.tuning --measure=false
wrong "does not say what layer \`$first\` took [E0704]" --weights $weights --target=cortex_m3 \
    --tune=no.tuning --measure=true
wrong 'prints something else than lines COUNT LAYER [E0704]' --weights $weights \
    --target=cortex_m3 --tune=no.tuning --measure="echo x"
