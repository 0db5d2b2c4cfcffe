# cli.sh MODEL - exit status, messages and files of the command line.
set -u
model=$1
fail() { echo "FAILED: $*"; exit 1; }
expect() { # status, text in standard error, arguments
    want=$1 text=$2
    shift 2
    "$DLC" "$@" >out 2>err
    got=$?
    [ $got -eq "$want" ] || { cat err; fail "status $got, not $want: dlc $*"; }
    [ -z "$text" ] || grep -qF -- "$text" err out || { cat err; fail "no \"$text\": dlc $*"; }
}
rm -rf ./*
cp "$model" m.dl
expect 0 'usage: dlc' --help
expect 0 'dlc 0.' --version
expect 2 'did you mean `--check`' m.dl --chek
expect 2 'unknown option `--zzzzzz`' m.dl --zzzzzz
expect 2 'no input file' --check
expect 2 'one input file' m.dl m.dl --check
expect 2 'nothing to do' m.dl
expect 2 '-D takes NAME=VALUE' -D width m.dl --check
expect 2 '--emit cannot be `grph`; did you mean `graph`' m.dl --emit=grph
expect 2 '--emit cannot be `qqqqqq`; it is one of ast, graph,' m.dl --emit=qqqqqq
expect 2 '--no-fuze: no pass `fuze`; did you mean `graph_fuse`?' m.dl -o x.c --no-fuze
expect 2 '--no-zzzzzzzz: no pass `zzzzzzzz`; see dlc --list-passes' m.dl -o x.c --no-zzzzzzzz
expect 2 '--no-lower: the pass `lower` is needed' m.dl -o x.c --no-lower
expect 2 '--no-all: no pass `all`' m.dl -o x.c --no-all
expect 2 '--stop-after: no pass `graph_fus`; did you mean `graph_fuse`?' m.dl --emit=graph --stop-after=graph_fus
expect 2 '--dump-after: no pass `loop_pln`' m.dl -o x.c --dump-after=dce,loop_pln
expect 2 '--passes: no pass `graph_cs`' m.dl -o x.c --passes=graph_cs
[ ! -e x.c ] || fail "output in spite of a wrong pass"
expect 0 '' m.dl -o x.c --no-fuse --no-graph_cse --dump-after=all
expect 2 'did you mean `x86_64_v3`' m.dl --check --target=x86_64_v33
expect 2 '--batch takes a number' m.dl --check --batch=none
expect 2 '--prefix takes a C identifier' m.dl --check --prefix=1x
expect 2 'nothing is known about' --explain=nonsense
expect 2 '--allow takes the code of a warning' m.dl --check --allow E0100
expect 0 'E0302' --explain=E0302
expect 0 'matrix' --explain=dot
expect 0 'graph_fuse' --explain=graph_fuse
expect 0 'def f1(p, y, at = 0.5) -> m {' --explain=f1
grep -q '^## The harmonic mean' out || fail "--explain of a def leaves out its comment"
expect 0 'std/transformer.dl:3' --explain=attention
expect 0 'keep: a setting of train' --explain=keep
expect 0 'idx: a value of kind source, from images labels' --explain=idx
expect 2 'did you mean `flatten`?' --explain=flaten
expect 0 'graph_batch' --list-passes
expect 0 'x86_64_v4' --list-targets
expect 0 'conv2d' --list-ops
expect 1 'E0701' nowhere.dl --check
expect 1 'E0701' m.dl -o nowhere/m.c
printf 'dlir graph 1\nnonsense\n' >bad.dlir
expect 1 'E0702' bad.dlir --emit=graph
expect 1 'E0201' m.dl --check -D nosuch=1
expect 0 '' m.dl --check
expect 0 'data block gates' m.dl --emit=ast
expect 0 'dlir graph 1' m.dl --emit=graph
expect 0 'dlir loop 1' m.dl --emit=loop
expect 0 'digraph' m.dl --emit=dot
expect 0 'flowchart TD' m.dl --emit=mermaid
expect 0 'data gates(x: f32[2], y: f32[1])' m.dl --emit=dl
cmp -s out m.dl || fail "--emit=dl is not the formatted program"
expect 0 '"lower_bound_call"' m.dl --plan=json
expect 0 '  bound ' m.dl --plan
expect 2 '--plan cannot be `jsn`; did you mean `json`?' m.dl --plan=jsn
expect 0 'graph_dce' m.dl --time -o x.c
grep -qx 'step' err || fail "--time does not say of what"
expect 0 'static void k0_' m.dl --emit=c
expect 0 'total: 33 parameters' m.dl --summary
# A scan works once for each of 20 rows: 20 * (3 + 4) * 12 and 4 * 2 multiply-adds.
echo 'net reader(x: f32[20, 3]) -> y: f32[2] = x |> scan(gru_cell(4)) |> last |> dense(2)' >scan.dl
expect 0 'total: 118 parameters (472 bytes), 1,688 multiply-adds' scan.dl --summary
# outputs: the others are gone, with the parameters that only they need (36 bytes of 304).
cat >two.dl <<'DL'
net two(x: f32[4], unread: f32[2]) -> (probs: f32[3], urgency: f32[1]) {
    h = x |> dense(8, relu)
    probs = h |> dense(3, softmax)
    urgency = h |> dense(1) |> shifted(unread)
}
def shifted(x: [1], by: [2]) = x + sum(by)
deploy two { outputs: [probs] }
DL
expect 0 '' two.dl -o two.c
grep -q 'two: flash 268 bytes' two.h || fail "outputs: parameters of the others are counted"
grep -q 'const float \*unread' two.h || fail "outputs: an input is gone"
grep -q 'float \*urgency' two.h && fail "outputs: one too many"
${CC:-cc} -std=c99 -Wall -Wextra -Werror -c two.c || fail "outputs: the C does not compile"
expect 0 'bytes of scratch' m.dl --plan
# Both spellings of an argument; output names; the depfile.
expect 0 '' m.dl --target c99 --prefix my -o a.c -MD
grep -q 'void my_train_step' a.h || fail "--prefix is ignored"
[ "$(cat a.d)" = "a.c: $PWD/m.dl" ] || fail "a.d is wrong: $(cat a.d)"
expect 0 '' m.dl -o b.c -MF dep
[ "$(cat dep)" = "b.c: $PWD/m.dl" ] || fail "dep is wrong"
# A failed run leaves what was there and nothing half-written.
printf 'old\n' >c.c
printf 'net broken(x: f32[2]) -> y: f32[1] = nosuch(x)\n' >bad.dl
expect 1 'E0201' bad.dl -o c.c
[ "$(cat c.c)" = old ] || fail "a failed run changed the output"
[ ! -e c.h ] || fail "a failed run wrote c.h"
mkdir folder.c
expect 1 'not a plain file' m.dl -o folder.c
ls ./*.tmp 2>/dev/null && fail "a temporary file is left"
expect 1 'bad.dl:1:' --diagnostics=machine bad.dl --check
# A compiler that fails is shown, and no program is left.
CC='false' expect 1 'E0704' m.dl -o prog
[ ! -e prog ] || fail "a program of a failed compiler"
# Stopped while $CC runs: no program, no folder of its own, the old program untouched.
printf '#!/bin/sh\nexec sleep 60\n' >slowcc
chmod +x slowcc
mkdir -p tmp
printf 'old\n' >prog
TMPDIR=$PWD/tmp CC=$PWD/slowcc "$DLC" m.dl -o prog 2>err &
child=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
    [ -n "$(ls tmp)" ] && break
    sleep 0.2
done
[ -n "$(ls tmp)" ] || fail "no folder to look at"
sleep 0.2
kill -TERM $child
wait $child
[ $? -eq 143 ] || fail "SIGTERM does not end dlc"
[ -z "$(ls tmp)" ] || fail "a stopped dlc leaves $(ls tmp)"
[ "$(cat prog)" = old ] || fail "a stopped dlc changed the program"
[ ! -s err ] || { cat err; fail "a stopped dlc complains"; }
rm -f prog
ls ./*.tmp 2>/dev/null && fail "a temporary file is left"
DLC_RUNTIME=/nowhere expect 1 'runtime' m.dl -o prog
# Names that meet in C: one clear error, or they do not meet.
net='-> y: f32[2] = x |> dense(2)'
printf 'net a(x: f32[2], x: f32[2]) %s\n' "$net" >twice.dl
expect 1 'E0203' twice.dl --check
printf 'net a(x: f32[2]) -> x: f32[2] = x |> dense(2)\n' >twice.dl
expect 1 'E0203' twice.dl --check
printf 'net params(x: f32[2]) %s\n' "$net" >own.dl
expect 1 'which dlc uses itself' own.dl -o own.c
printf 'net A(x: f32[2]) %s\nnet a(x: f32[2]) %s\n' "$net" "$net" >fold.dl
expect 1 'CASE_A_X_LEN' fold.dl --prefix=case -o fold.c
[ ! -e own.c ] && [ ! -e fold.h ] || fail "output in spite of an error"
printf 'net n(x: f32[2]) %s\n' "$net" >outputs.dl
expect 1 '--prefix=NAME' outputs.dl --prefix=dlc -o dlc.c
for name in inputs outputs run stdint string; do
    cp outputs.dl $name.dl 2>/dev/null
    expect 0 '' $name.dl -o prog
done
# The source is never overwritten, whatever it is called.
cp "$model" source
ln source link
expect 1 'a source of this program' source -o source
expect 1 'a source of this program' source -o link
expect 1 'NAME.c or a program' m.dl -o new.dl
expect 1 'NAME.c or a program' m.dl -o m.h
cmp -s "$model" source || fail "the source was overwritten"
# --fmt
printf 'const   Width=3\n' >f.dl
expect 0 '' --fmt f.dl
[ "$(cat f.dl)" = 'const Width = 3' ] || fail "--fmt: $(cat f.dl)"
exit 0
# A bug of the compiler: status 70, a reproducer that dlc reads, the old output as it was.
printf 'old\n' >d.c
DLC_TEST_BUG=1 "$DLC" m.dl -o d.c >out 2>err
[ $? -eq 70 ] || fail "a bug exits otherwise"
grep -q 'a reproducer is in dlc-crash.dlir' err || fail "no word of the reproducer"
grep -q 'm.dl -o d.c' dlc-crash.dlir || fail "the command is not in it"
[ "$(cat d.c)" = old ] || fail "a bug changed the output"
expect 0 'dlir graph 1' dlc-crash.dlir --emit=graph --stop-after=graph_batch
# Completion knows options, their words, and files.
if command -v bash >/dev/null; then
    complete() { # words of the line, the last one being typed
        PATH=$(dirname "$DLC"):$PATH bash -c '. "$1"; shift; COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1)); _dlc; echo "${COMPREPLY[*]}"' - \
            "$ROOT/compiler/cmake/dlc.bash" "$@"
    }
    [ "$(complete dlc --expl)" = --explain ] || fail "completion: $(complete dlc --expl)"
    [ "$(complete dlc --emit = gr)" = graph ] || fail "completion of --emit="
    [ "$(complete dlc --target x86_64_v4)" = x86_64_v4 ] || fail "completion of targets"
fi
