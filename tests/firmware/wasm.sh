# wasm.sh - nets in WebAssembly under node: a bare module that JavaScript calls, as on a web
# page, and a program for WASI; int8 and float give the bits of the host.
set -u
. "$ROOT/tests/firmware/common.sh"
board=$here/board
. "$here/networks_lib.sh"

for tool in clang-14 wasm-ld-14 node; do
    command -v $tool >/dev/null || {
        echo "skipped: $tool is missing (tests/run.sh installs it)"
        exit 77
    }
done
[ -f /usr/include/wasm32-wasi/math.h ] || {
    echo "skipped: wasi-libc is missing (tests/run.sh installs it)"
    exit 77
}
rm -rf net* host* *.wasm *.txt ds_cnn* resnet8* machines*
size() { sed -n "s/.* ${upper}_$1 = \([0-9]*\).*/\1/p" net.h; }
check() { # WHAT: of the net that was compiled on the host, against host.txt
    clang-14 --target=wasm32-wasi -std=c99 -O2 -ffp-contract=off -nostdlib -Wl,--no-entry \
        -Wl,--export=${network}_$net -Wl,--export=__heap_base net*.c -o bare.wasm ||
        fail "$1: no bare module"
    node "$here/wasm.mjs" bare.wasm ${network}_$net $type $(size ${input}_LEN) \
        $(size ${output}_LEN) $(size ARENA_BYTES) ${low%f} ${high%f} >bare.txt ||
        fail "$1: the bare module does not run"
    cmp bare.txt host.txt || fail "$1: the bare module differs from the host"
    clang-14 --target=wasm32-wasi -std=c99 -O2 -ffp-contract=off -I. "-I$here/board" $options \
        net*.c "$here/networks_main.c" -o wasi.wasm || fail "$1: no program for WASI"
    node --no-warnings "$here/wasm_wasi.mjs" wasi.wasm >wasi.txt ||
        fail "$1: the program ends with status $?"
    cmp wasi.txt host.txt || fail "$1: WASI differs from the host"
    echo "$1: $(wc -c <bare.wasm) bytes"
}
for name in ds_cnn resnet8; do
    network_load $name
    network_host
    check "$name in int8"
done
# floats: exponentials, roots
network_load ds_cnn
sed -i 's/; quantize: int8([^}]*)//' ds_cnn.dl
network_host
grep -q 'expf' net.c || fail "no float net"
check "ds_cnn in f32"

# a wrong input is noticed
node "$here/wasm.mjs" bare.wasm ${network}_$net $type $(size ${input}_LEN) $(size ${output}_LEN) \
    $(size ARENA_BYTES) ${low%f} 38.0 | cmp -s - host.txt && fail "another input goes unnoticed"
exit 0
