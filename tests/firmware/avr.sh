# avr.sh - small networks on emulated AVRs, int8 and float: the bits of the host, with
# constants in flash, on parts with 8 KB and 2 KB of RAM; a convnet in strict C99 too, where
# constants are in RAM; and its self-test. Prints the table of README.md.
set -u
. "$ROOT/tests/firmware/common.sh"
board=$here/board

command -v avr-gcc >/dev/null || fail "avr-gcc is missing: see tests/run.sh"

rm -rf small* xor* iris* *.txt *.elf *.npy *.csv net*
gcc -O2 "$board/avr.c" -o avr -lsimavr -lelf || fail "the runner does not build"

# ---- the networks, trained here -----------------------------------------------------------

python3 "$here/images.py" 48 || fail "no images"
cp "$here/programs/small.dl" .
deploy_again() { # NAME NET SAMPLES: models/NAME.dl for this part, float and int8
    sed '/^deploy/d; /validate:/d; s|data/||' "$ROOT/models/$1.dl" >$1.dl
    { cat $1.dl; echo "deploy $2 { target: avr }"; } >$1_f32.dl
    echo "deploy $2 { target: avr; quantize: int8(calibrate=$3.train) }" >>$1.dl
}
# three clouds of flowers
awk 'BEGIN { srand(1); print "a,b,c,d,species"
    for (i = 0; i < 90; i++) { s = i % 3
        printf "%.2f,%.2f,%.2f,%.2f,%d\n", 5 + s + rand(), 3 + rand() - s / 2, 1.5 + 2 * s + rand(), 0.2 + 0.9 * s + rand() / 2, s } }' >iris.csv
deploy_again iris classify iris
deploy_again xor xor gates
for name in small iris xor; do
    "$DLC" $name.dl -o train && ./train train --out $name.out --quiet >train.log &&
        ./train calibrate --out $name.out --quiet || fail "no weights for $name"
done

# ---- on the host and on a part ------------------------------------------------------------

compile() { # PROGRAM NET WEIGHTS INPUT OUTPUT [OPTION...]
    program=$1 weights=$3.out/model.safetensors
    upper=$(echo "${3}_$2" | tr a-z A-Z) net=${3}_$2 in=$4 out=$5
    shift 5
    "$DLC" $program.dl --prefix=${net%_*} --weights $weights --self-test -o net.c ||
        fail "$program is not compiled"
    options="-DHEADER=\"net.h\" -DNET=$net -DINPUT_LEN=${upper}_${in}_LEN
        -DOUTPUT=float -DOUTPUT_LEN=${upper}_${out}_LEN -DARENA_BYTES=${upper}_ARENA_BYTES
        -I. -I$board $*"
    grep -q "define ${upper}_${in}_OFFSET\|${upper}_${in}_OFFSET =" net.h && options="$options
        -DINPUT_OFFSET=${upper}_${in}_OFFSET -DOUTPUT_OFFSET=${upper}_${out}_OFFSET"
    gcc -std=c99 -O1 -ffp-contract=off $options net.c "$here/networks_main.c" -lm -o host &&
        ./host >host.txt || fail "$program: not on the host"
    [ "$(sort -u host.txt | wc -l)" -gt 1 ] || fail "$program: one output for all"
}
run() { # PART MODE
    avr-gcc -mmcu=$1 -std=$2 -Os -ffunction-sections -fdata-sections $options net.c \
        "$here/networks_main.c" -Wl,--gc-sections -lm -o net.elf ||
        fail "$program does not build for $1 in $2"
    timeout 120 ./avr $1 net.elf net.count net.txt >simavr.log || fail "$program on $1 ends with $?"
    cmp net.txt host.txt || fail "$program on $1 differs from the host"
}
section() { avr-size -A net.elf | awk -v name=.$1 '$1 == name { print $2 }'; }
row() { # NAME PART CYCLES: not more than those
    awk -v name="$1" -v part=$2 -v text=$(section text) -v data=$(section data) \
        -v bss=$(section bss) '{ printf "| %s | %s | %d | %d | %d | %d | %.2f |\n", name, part,
            text + data, data + bss, $4, $6, $6 / 16000; exit }' net.count
    [ "$(awk '{ print $6; exit }' net.count)" -le $3 ] || fail "$1: more than $3 cycles"
    # the estimate of --plan: of networks as small as these within a third
    "$DLC" $program.dl --target=avr --weights $weights --plan >plan.txt || fail "$1: no plan"
    awk 'FILENAME == "plan.txt" { if ($1 == "time") e = $2; next }
        { bad = !(e > 0.67 * $6 && e < 1.5 * $6); exit } END { exit bad }' plan.txt net.count ||
        fail "$1: estimated $(grep time plan.txt), measured $(head -n 1 net.count)"
}
echo "| network | part | flash, all of the program | static RAM | stack | cycles | ms at 16 MHz |"
echo "|---|---|---|---|---|---|---|"
for form in "" _f32; do
    word=$([ -z "$form" ] && echo int8 || echo f32)
    compile xor$form xor xor X P -DINPUT=float -DLOW=0.0f -DHIGH=1.0f
    run atmega328p gnu99
    row "xor, $word" atmega328p 55000
    compile iris$form classify iris X PROBS -DINPUT=float -DLOW=0.0f -DHIGH=8.0f
    run atmega328p gnu99
    row "iris, $word" atmega328p 80000
done
compile small small small IMAGE PROBS -DINPUT=uint8_t
run atmega2560 gnu99
row "small convnet, int8" atmega2560 2000000
in_flash=$(section data)
run atmega2560 c99
[ "$(section data)" -gt $((in_flash + 1000)) ] || fail "constants are not in flash"

# the self-test reads its vectors from flash
cat >test_main.c <<'C'
#include "mark.h"
#include "net_test.h"
#include "output.h"

static unsigned char memory[SMALL_SMALL_SELF_TEST_BYTES];

int main(void)
{
    const int status = (int)small_small_self_test(memory);
    output_bytes(status == 0 ? "0\n" : "1\n", 2);
    return 0;
}
C
for file in net_test.c wrong_test.c; do
    sed '/expected_small_small_probs.*{$/{n;s/[1-9]/8/}' net_test.c >wrong_test.c
    avr-gcc -mmcu=atmega2560 -std=gnu99 -Os -I. "-I$board" net.c $file test_main.c -o net.elf &&
        ./avr atmega2560 net.elf net.count $file.txt >simavr.log || fail "no self-test"
    [ "$(section data)" -lt 400 ] || fail "vectors are in RAM"
done
[ "$(cat net_test.c.txt wrong_test.c.txt | tr '\n' ' ')" = "0 1 " ] ||
    fail "self-test: $(cat net_test.c.txt wrong_test.c.txt)"
