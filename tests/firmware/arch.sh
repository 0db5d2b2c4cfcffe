# arch.sh - `--arch`: the bare-metal example, built and run by the commands of its README on
# an emulated Cortex-M4 and on RISC-V, prints what the benchmark prints on the host; files
# without a place for the model, and nets that an architecture file cannot run, are refused.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

rm -rf net* model* out* host* two* refused* bare*
board_tools
awk '/^deploy/ { keep = /quantize/ } !/^deploy/ || keep' "$ROOT/models/ds_cnn.dl" >net.dl
weights=$ROOT/models/weights/ds_cnn.safetensors

# the host
"$DLC" net.dl --weights "$weights" --target=c99 --arch="$arch/benchmark.c" -MD -o model.c ||
    fail "no benchmark"
grep -q "runtime/arch/benchmark.c" model.d || fail "the depfile does not name it"
[ ! -e model.h ] || fail "one file was asked for"
for cc in gcc clang-14; do
    $cc $warnings -Wno-missing-prototypes -O2 -ffp-contract=off model.c -lm -o host &&
        ./host >host.txt || fail "$cc: the benchmark"
done
grep -q '^net_ds_cnn: [0-9.]* us an inference' host.txt || fail "$(cat host.txt)"
[ "$(grep -c '^[0-9.]*$' host.txt)" -eq 12 ] && [ "$(sort -u host.txt | wc -l)" -gt 3 ] ||
    fail "$(cat host.txt)"
same() { # FILE
    grep -q '^net_ds_cnn: the self-test passes$' $1 || fail "$(cat $1)"
    grep '^[0-9]' $1 | paste - host.txt | awk 'NR <= 12 { d = $1 - $2; n++
        if (d > 2e-6 || d < -2e-6) bad = 1 } END { exit bad || n != 12 }' ||
        fail "$1 is not what the host gives: $(cat $1)"
}

# an emulated Cortex-M4, as the README says
sed -n '/^```sh$/,/^```$/p' "$arch/README.md" | grep -v '^```' |
    sed "s|^dlc |\"$DLC\" |; s|w.safetensors|$weights|" >commands.sh
[ "$(wc -l <commands.sh)" -gt 5 ] || fail "the README has no commands"
ARCH=$arch sh -e commands.sh >out.txt 2>&1 || fail "the README's commands: $(cat out.txt)"
same out.txt

# RISC-V
"$DLC" net.dl --weights "$weights" --target=rv32imc --self-test --arch="$arch/bare_metal.c" -o model.c ||
    fail "not for RISC-V"
board_load rv32
board_build bare -Os model.c
board_run bare >out.txt 2>&1
same out.txt

# a wrong number is told by the exit status
sed '/expected_net_ds_cnn_probs.*{$/{n;s/[1-9]/8/}' model.c >wrong.c
board_build bare -Os wrong.c
(board_run bare) >out.txt 2>&1 && fail "a wrong number goes unnoticed"
grep -q 'the self-test fails' out.txt || fail "$(cat out.txt)"

refused() { # STATUS TEXT ARGUMENT...
    status=$1 text=$2
    shift 2
    rm -f refused*
    "$DLC" "$@" 2>error.log
    [ $? -eq "$status" ] && grep -qF -- "$text" error.log || fail "$*: $(cat error.log)"
    [ -z "$(ls refused* 2>/dev/null)" ] || fail "$*: a file in spite of an error"
}
echo 'int main(void) { return 0; } /* @model@ */' >none.c
printf '/* @model@ */\n  /* @model@ */ \n' >two.c
refused 1 'cannot read `nowhere.c`' net.dl --weights "$weights" --arch=nowhere.c -o refused.c
refused 1 '`none.c` has no line `/* @model@ */`' net.dl --weights "$weights" --arch=none.c -o refused.c
refused 1 '`two.c` has two lines `/* @model@ */`' net.dl --weights "$weights" --arch=two.c -o refused.c
refused 1 'runs a trained net of one input' net.dl --arch="$arch/benchmark.c" -o refused.c
refused 1 'runs a trained net of one input' "$ROOT/models/ds_cnn_adapt.dl" --weights "$weights" \
    --arch="$arch/benchmark.c" -o refused.c
refused 2 '--arch goes with -o MODEL.c' net.dl --weights "$weights" --arch=none.c -o refused
# a file of one's own may call functions by name
cat >own.c <<'C'
/* @model@ */
int main(void)
{
    static net_train_state state;
    static float arena[65536];
    (void)arena;
    return sizeof state == 0;
}
C
"$DLC" net.dl --target=c99 --arch=own.c -o out.c && gcc -std=c99 -O0 out.c -lm -o out && ./out ||
    fail "a file that uses no names of its own"
