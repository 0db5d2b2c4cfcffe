# deploy_demo.sh - models/deploy_demo.sh with one voice: what the firmware hears of each clip
# is what the same C hears on the host, and every figure is printed.
set -u
. "$ROOT/tests/firmware/common.sh"
for tool in flite sox arm-none-eabi-gcc qemu-system-arm; do
    command -v $tool >/dev/null || fail "$tool is missing: see tests/run.sh"
done
rm -rf demo host host.txt && mkdir host
VOICES=kal16 INTO=$PWD/demo bash "$ROOT/models/deploy_demo.sh" >demo.txt || {
    cat demo.txt
    fail "the demo"
}
cat demo.txt

cat >host/semihost.h <<'C'
#include <stdint.h>
#include <stdio.h>
enum { SEMIHOST_READ = 1 };
static FILE *file;
static inline int semihost_open(const char *name, int mode)
{
    file = fopen(name, "rb");
    return file != NULL ? mode : -1;
}
static inline int semihost_read(int from, void *to, size_t count)
{
    return from < 0 || fread(to, 1, count, file) != count;
}
static inline void semihost_message(const char *text)
{
    fputs(text, stdout);
}
C
cd demo && gcc -std=c99 -O2 -ffp-contract=off -I../host -I. "-I$here/board" kws*.c \
    "$ROOT/models/deploy_demo.c" -lm -o ../host/run && ../host/run >../host.txt ||
    fail "not on the host"
cd ..
grep '^said ' demo.txt | cmp - host.txt || fail "the firmware hears something else than the host"
[ "$(wc -l <host.txt)" -eq 11 ] || fail "$(wc -l <host.txt) clips"
[ "$(awk '{ print $4 }' host.txt | sort -u | wc -l)" -gt 3 ] || fail "it hears one word in all"
for what in '== [0-9]* of 11 heard right' 'network: *[0-9]* bytes of RAM' \
    '[0-9]* instructions, [1-9][0-9.]* ms at 80 MHz (a model' 'bytes of flash, [1-9]'; do
    grep -q "$what" demo.txt || fail "the demo does not print: $what"
done
bash "$ROOT/models/deploy_demo.sh" --trian 2>error.log && fail "a wrong option is accepted"
grep -q 'usage: deploy_demo.sh' error.log || fail "$(cat error.log)"
