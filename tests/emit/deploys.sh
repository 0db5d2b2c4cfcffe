# deploys.sh FOLDER - several deploy blocks of a net are functions of one C file, each with its
# own settings; --target picks the blocks of a target; two of one name are refused.
set -u
from=$1
cc=${CC:-cc}
weights=deploys.out/model.safetensors

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# The functions that OPTION... compile, in net.c: their names in a line.
functions() { # FILE OPTION...
    rm -f net.c net.h
    "$DLC" "$@" -o net.c 2>err || fail "$*: $(cat err)"
    sed -n '/_profile(/d; s/^void \([a-z0-9_]*\)(.*/\1/p' net.h | tr '\n' ' '
}

run() { # FLAG...: what they compute
    $cc -std=c99 -O1 -ffp-contract=off -Wall -Wextra -Werror -I. "$@" main.c net.c -lm -o main ||
        fail "C"
    ./main
}

refused() { # TEXT FILE OPTION...
    text=$1
    shift
    "$DLC" "$@" -o no.c 2>err && fail "$* is compiled"
    grep -qF -e "$text" err || fail "$(cat err)"
    [ ! -e no.c ] || fail "a file is left"
}

rm -rf ./*
cp "$from/deploys.dl" .
cp "$from/deploys_main.c" main.c
python3 - <<'PY'
import numpy as np
r = np.random.default_rng(1)
np.save('x.npy', r.normal(size=(64, 4)).astype('f4'))
np.save('y.npy', r.integers(0, 3, 64).astype('u1'))
PY
"$DLC" deploys.dl -o deploys && ./deploys train --quiet >log && ./deploys calibrate --quiet ||
    fail "no weights"

# without a target of the command line: which one?
refused "blocks are for \`cortex_m4\` and \`cortex_m7\`" deploys.dl --weights $weights

m4='HAS_EYE=deploys_eye(x,probs,arena)' m7='HAS_EYE=deploys_eye(x,probs,hidden,arena)'
got=$(functions deploys.dl --weights $weights --target=cortex_m4)
[ "$got" = "deploys_eye eye_int8 row_reset row row_again_reset row_again " ] || fail "m4: $got"
run "-D$m4" -DHAS_INT8 -DHAS_ROW >m4.txt
got=$(functions deploys.dl --weights $weights --target=cortex_m7)
[ "$got" = "pair deploys_eye row_reset row row_again_reset row_again " ] || fail "m7: $got"
run "-D$m7" -DHAS_PAIR -DHAS_ROW >m7.txt
got=$(functions deploys.dl --weights $weights --target=c99)
[ "$got" = "deploys_eye eye_int8 pair row_reset row row_again_reset row_again " ] ||
    fail "c99: $got"
run "-D$m4" -DHAS_INT8 -DHAS_PAIR -DHAS_ROW >c99.txt

# each is what it is alone
sed '/^deploy/d' deploys.dl >bare.dl
echo 'deploy eye as eye_int8 { target: cortex_m4; quantize: int8(calibrate=points.train) }' |
    cat bare.dl - >int8.dl
[ "$(functions int8.dl --weights $weights)" = "eye_int8 " ] || fail "int8 alone"
run -DHAS_INT8 >int8.txt
grep -e int8 -e hidden m4.txt | cmp - int8.txt || fail "int8 differs from int8 alone"
cmp -s m4.txt m7.txt && fail "no difference"
for file in m4 m7 c99; do
    awk '$1 == "eye" { $1 = ""; eye = $0 } $1 == "first" || $1 == "second" { $1 = ""; n += $0 != eye }
        $1 == "row" { $1 = ""; row = $0; rows++ } $1 == "again" { $1 = ""; n += $0 != row }
        $1 == "int8" { $1 = ""; n += $0 == eye }
        END { exit n > 0 || rows != 2 || eye == "" }' $file.txt || fail "$(cat $file.txt)"
done
grep -h '^eye' m4.txt m7.txt c99.txt | sort -u | awk 'END { exit NR != 1 }' ||
    fail "one net, two results"

# names: two functions of one name are refused, whichever way they come to it
sed 's/as pair/as eye_int8/; s/cortex_m7; batch/cortex_m4; batch/' deploys.dl >twice.dl
refused "two deploy blocks make \`eye_int8\` in C" twice.dl --weights $weights --target=cortex_m4
sed 's/as row_again/as row/' deploys.dl >rows.dl
refused "two deploy blocks make \`row\` in C" rows.dl
# what a function of its own cannot hide: the blocks of a program are its nets, once
"$DLC" deploys.dl --weights $weights -o compared && ./compared compare >compare.txt ||
    fail "a program with two int8 blocks"

# what a stream has not yet
echo 'deploy ear { stream: x; quantize: int8(calibrate=points.train); io: int8 }' |
    cat bare.dl - >io.dl
refused "[E0215]" io.dl --weights $weights

# levels of x86-64
echo 'deploy eye { target: x86_64(avx2) }' | cat bare.dl - >level.dl
functions level.dl --weights $weights >names
grep -q ' target x86_64_v3,' net.c || fail "the level is not heard"

# each block has a self-test, each stream its own reset before it
"$DLC" deploys.dl --weights $weights --target=cortex_m4 --self-test -o net.c || fail "no self-tests"
cat >tests.c <<'C'
#include "net_test.h"

static double memory[128];

int main(void)
{
    deploys_ear_state state;
    return deploys_eye_self_test(memory) + 10 * eye_int8_self_test(memory) +
           100 * (row_self_test(&state, memory) + row_again_self_test(&state, memory));
}
C
$cc -std=c99 -O1 -ffp-contract=off -Wall -Wextra -Werror -I. tests.c net.c net_test.c -lm -o main &&
    ./main || fail "self-tests end with $?"
