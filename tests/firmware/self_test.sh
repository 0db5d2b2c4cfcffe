# self_test.sh - what `--self-test` writes agrees with the net on the host, in both compilers
# and on an emulated Cortex-M4, int8 and float, and as a stream; it is silent C; a wrong
# constant, a forgotten row are noticed; and what it refuses.
set -u
. "$ROOT/tests/firmware/common.sh"
. "$here/board/board.sh"

rm -rf net* machines* host* wrong* stream* self_test.count *.npy
board_tools
weights=$ROOT/models/weights/ds_cnn.safetensors
"$DLC" "$ROOT/models/ds_cnn.dl" --weights "$weights" -o net.c || fail "not compiled"
cp net.c plain.c && cp net.h plain.h
"$DLC" "$ROOT/models/ds_cnn.dl" --weights "$weights" --self-test=3 -o net.c ||
    fail "no self-test"
cmp net.c plain.c && cmp net.h plain.h || fail "the net's own files differ with a self-test"
for what in 'features   within 0\.000' 'probs      bit for bit'; do
    grep -q "$what" net_test.h || fail "the header does not say: $what"
done

cat >host.c <<'C'
#include "net_test.h"
#include <stdio.h>

static union {
    double align[8];
    char bytes[DS_CNN_FRONTEND_SELF_TEST_BYTES];
} memory;

int main(void)
{
    const int front = ds_cnn_frontend_self_test(memory.bytes);
    const int net = ds_cnn_ds_cnn_self_test(memory.bytes);
    printf("%d %d\n", front, net);
    return DS_CNN_DS_CNN_SELF_TEST_BYTES > DS_CNN_DS_CNN_ARENA_BYTES;
}
C
data=$(ls net_data.c 2>/dev/null) # large constants, if there are any
for cc in clang-14 gcc; do # the objects of the last are linked with wrong ones below
    $cc $warnings -O2 -ffp-contract=off -I. -c net_test.c || fail "$cc warns"
    $cc -std=c99 -O1 -ffp-contract=off -I. -c net.c $data host.c || fail "$cc"
    $cc net.o ${data:+net_data.o} net_test.o host.o -lm -o host || fail "$cc"
    [ "$(./host)" = "0 0" ] || fail "$cc: $(./host)"
done
echo '#include "net_test.h"' >header.cc && gcc -x c++ -std=c++11 -Wall -Werror -c header.cc -o header.o ||
    fail "the header is not C++"

# a wrong number anywhere is noticed: in the net, in what is expected
wrong() { # FILE PATTERN EXPECTED
    sed "0,/$2/"'{/'"$2"'/{n;s/[1-9]/8/}}' $1 >wrong.c
    cmp -s $1 wrong.c && fail "nothing changed after $2"
    other=net_test.o
    [ $1 = net.c ] || other=net.o
    gcc -std=c99 -O1 -ffp-contract=off -I. wrong.c ${data:+net_data.o} $other host.o -lm -o wrong || fail "wrong.c"
    ./wrong | grep -qx "$3" || fail "a wrong number after $2 gives $(./wrong)"
}
bias=$(grep -n 'const int32_t const_.*{$' net.c | tail -n 1 | sed 's/.*\(const_[a-z0-9_]*\).*/\1/')
wrong net.c "$bias\\[[0-9]*\\] = {" '0 [123]'
wrong net_test.c 'expected_ds_cnn_ds_cnn_probs\[36\] = {' '0 1'
wrong net_test.c 'expected_ds_cnn_frontend_features\[1470\] = {' '1 0'

# on the board
cat >board_main.c <<'C'
#include "mark.h"
#include "net_test.h"

static union {
    double align[2];
    char bytes[DS_CNN_DS_CNN_SELF_TEST_BYTES];
} memory;

int main(void)
{
    MARK_BEGIN;
    const int32_t status = ds_cnn_ds_cnn_self_test(memory.bytes);
    MARK_END;
    return status;
}
C
# the network alone: its front end wants a C library
awk '/^deploy/ { keep = /quantize/ } !/^deploy/ || keep' "$ROOT/models/ds_cnn.dl" >ds_cnn.dl
rm -f net_data.c
"$DLC" ds_cnn.dl --weights "$weights" --self-test=3 -o net.c || fail "no self-test for the board"
board_load m4
board_build self_test -O2 net.c net_test.c board_main.c
board_run self_test
echo "m4: $(head -n 1 self_test.count)"
sed '0,/expected_ds_cnn_ds_cnn_probs.*{/{/expected_ds_cnn_ds_cnn_probs.*{/{n;s/[1-9]/8/}}' net_test.c >wrong_test.c
board_build wrong -O2 net.c wrong_test.c board_main.c
(board_run wrong) 2>error.log && fail "a wrong number is not noticed on the board"
grep -q 'status 1 on' error.log || fail "$(cat error.log)"

# a net with int8 in its interface
"$DLC" "$ROOT/models/machines.dl" --weights "$ROOT/models/weights/machines.safetensors" \
    --self-test -o machines.c || fail "machines not compiled"
grep -q 'static const int8_t stored_machines_describe_bands' machines_test.c || fail "no int8 inputs"
cat >machines_main.c <<'C'
#include "machines_test.h"

static double memory[(MACHINES_DESCRIBE_SELF_TEST_BYTES + 7) / 8];

int main(void)
{
    return machines_describe_self_test(memory);
}
C
gcc -std=c99 -O1 -ffp-contract=off -I. machines*.c -lm -o machines && ./machines ||
    fail "the self-test of machines ends with $?"

# rows of a stream
cp "$ROOT/tests/firmware/programs/stream.dl" . && python3 "$here/stream_data.py" &&
    "$DLC" stream.dl -o stream && ./stream train --quiet >train.log || fail "no stream"
"$DLC" stream.dl --weights stream.out/model.safetensors --self-test=6 -o stream.c ||
    fail "stream not compiled"
cat >stream_main.c <<'C'
#include "stream_test.h"

static double memory[(STREAM_READER_SELF_TEST_BYTES + 7) / 8];

int main(void)
{
    stream_reader_state state;
    return stream_reader_self_test(&state, memory);
}
C
gcc $warnings -O2 -ffp-contract=off -I. stream.c stream_test.c stream_main.c -lm -o stream_host &&
    ./stream_host || fail "the stream's self-test ends with $?"
sed 's/stream_reader_reset(.*);$//' stream_test.c >wrong_stream.c
sed 's/stream_reader_state state;/stream_reader_state state = { { 3.0f } };/' stream_main.c >wrong_main.c
gcc -std=c99 -O2 -ffp-contract=off -I. stream.c wrong_stream.c wrong_main.c -lm -o wrong &&
    ./wrong && fail "a forgotten reset is not noticed"

refused() { # STATUS TEXT ARGUMENT...
    status=$1 text=$2
    shift 2
    rm -f refused*
    "$DLC" "$ROOT/models/ds_cnn.dl" "$@" 2>error.log
    [ $? -eq "$status" ] && grep -qF -- "$text" error.log || fail "$*: $(cat error.log)"
    [ -z "$(ls refused* 2>/dev/null)" ] || fail "$*: a file in spite of an error"
}
refused 1 'but there are no weights [E0703]' --self-test -o refused.c
refused 2 '--self-test goes with -o MODEL.c' --weights "$weights" --self-test -o refused
refused 2 '--self-test takes a number from 1 to 64' --weights "$weights" --self-test=0 -o refused.c
