# program.sh MODEL - `dlc -o prog && ./prog train` learns xor; its weights bake into C that
# agrees with the program; weights that do not fit are refused with a list.
set -u
model=$1
fail() { echo "FAILED: $*"; exit 1; }
rm -rf ./*
cp "$model" xor.dl
"$DLC" xor.dl -o xor || fail "no program"
./xor train --quiet >log 2>&1 || { cat log; fail "training"; }
[ -s xor.out/model.safetensors ] || { ls xor.out; fail "no weights"; }
./xor train --quiet --threads 2 --out two.out >log 2>&1 || { cat log; fail "training with two threads"; }
cmp xor.out/model.safetensors two.out/model.safetensors || fail "two threads give other bytes"
"$DLC" xor.dl --weights xor.out/model.safetensors -o net.c || fail "no baked C"
grep -q 'xor_params' net.h && fail "baked C still has parameters"
grep -q 'train_step' net.h && fail "baked C still trains"
cat >use.c <<'END'
#include "net.h"
#include <stdio.h>
static union { double d; unsigned char b[XOR_XOR_ARENA_BYTES + 64]; } arena;
int main(void)
{
    for (int i = 0; i < 4; i++) {
        float x[2] = { (float)(i / 2), (float)(i % 2) }, p[1];
        xor_xor(x, p, &arena);
        printf("%d", p[0] > 0.5f);
    }
    printf("\n");
    return 0;
}
END
cc -std=c99 -O2 -Wall -Wextra -Werror use.c net*.c -lm -o use || fail "baked C does not compile"
[ "$(./use)" = 0110 ] || fail "the net answers $(./use), not 0110"
head -c 100 xor.out/model.safetensors >short
"$DLC" xor.dl --weights short -o net2.c 2>err && fail "truncated weights were taken"
grep -q 'E0703' err || { cat err; fail "no E0703"; }
sed 's/dense(8, tanh)/dense(9, tanh)/' xor.dl >other.dl
"$DLC" other.dl --prefix xor --weights xor.out/model.safetensors -o net2.c 2>err && fail "other shapes were taken"
grep -q 'dense1/w' err || { cat err; fail "the tensor is not named"; }
sed 's/net xor/net nor/; s/xor(x)/nor(x)/' xor.dl >other.dl
"$DLC" other.dl --weights xor.out/model.safetensors -o net2.c 2>err && fail "other names were taken"
grep -q 'missing: `nor/dense1/w`' err && grep -q 'not of the model: `xor/dense1/w`' err || { cat err; fail "names are not listed"; }
[ ! -e net2.c ] || fail "a failed run wrote net2.c"
exit 0
