# latency.sh - what --plan estimates of the networks of MLPerf Tiny lies within a fifth of what
# the table of README.md has measured of them; --plan turns cycles into time by the clock.
set -u
here=$ROOT/tests/firmware

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

plan() { # FILE OPTION...: cycles of the net
    "$DLC" "$@" --plan 2>plan.err | awk '$1 == "time" { print $2 }'
}

# Model cycles, or instructions where there is no model.
measured() { # NETWORK CORE
    awk -F '|' -v network="$1" -v core="$2" '{ gsub(/ /, "") } $2 == network && $3 == core {
        print $6 == "-" ? $4 : $6 }' "$here/README.md"
}

count=0
for pair in resnet8:m4 mobilenet:m4 mobilenet:m0 ds_cnn:m0 ds_cnn:m3 ds_cnn:m4 ds_cnn:m7 \
    ds_cnn:m55 ds_cnn:rv32 machines:m0 machines:m3 machines:m4 machines:m7 machines:rv32; do
    network=${pair%:*} core=${pair#*:}
    case $core in
    m0) target=cortex_m0plus ;;
    m*) target=cortex_$core ;;
    rv32) target=rv32imc ;;
    esac
    awk '/^deploy/ { keep = /quantize/ } !/^deploy/ || keep' "$ROOT/models/$network.dl" \
        >$network.dl
    estimated=$(plan $network.dl --target=$target \
        --weights "$ROOT/models/weights/$network.safetensors")
    cycles=$(measured $network $core)
    awk -v e="$estimated" -v m="$cycles" -v pair=$pair 'BEGIN {
        printf "%s: estimated %d, measured %d\n", pair, e, m
        exit !(m > 0 && e / m > 0.8 && e / m < 1.2) }' ||
        fail "$pair: the estimate is far off: $(cat plan.err)"
    count=$((count + 1))
done
[ $count -eq 14 ] || fail "$count pairs"

# cycles become time by the clock of the block; --target for another core is cycles only
cat >clock.dl <<'END'
net f(x: f32[64]) -> y: f32[64] = x |> dense(64)
deploy f { target: cortex_m4(clock=40MHz); weights: "f.safetensors" }
END
python3 -c "
import json, struct
at = {'f/dense1/w': {'dtype': 'F32', 'shape': [64, 64], 'data_offsets': [0, 16384]},
      'f/dense1/b': {'dtype': 'F32', 'shape': [64], 'data_offsets': [16384, 16640]}}
head = json.dumps(at).encode()
open('f.safetensors', 'wb').write(struct.pack('<Q', len(head)) + head + b'\\0' * 16640)
" || fail "no weights"
"$DLC" clock.dl --plan >clock.txt || fail "no plan"
awk '$1 == "time" { split($0, w, ": "); split(w[2], ms, " ")
        good = $2 > 4096 && ms[1] > $2 / 40100 && ms[1] < $2 / 39900 && /ms at 40 MHz$/ }
    END { exit !good }' clock.txt || fail "$(grep time clock.txt)"
"$DLC" clock.dl --target=cortex_m3 --plan | grep -q 'time .*estimated$' || fail "another clock"
"$DLC" clock.dl --plan=json >clock.json || fail "no JSON"
python3 -c "
import json
plan = json.load(open('clock.json'))[0]
assert abs(plan['milliseconds'] * 40e3 / plan['cycles'] - 1) < 1e-3, plan" || fail "JSON"

# the warning comes once, with trained values from what will run
sed 's/)\(; weights\)/); latency: 50us\1/' clock.dl >slow.dl
"$DLC" slow.dl -o slow.c 2>slow.err || fail "a warning is no error"
[ "$(grep -c W0603 slow.err)" -eq 1 ] || fail "$(cat slow.err)"
sed 's/50us/900us/' slow.dl >quick.dl
"$DLC" quick.dl -o quick.c 2>quick.err && [ ! -s quick.err ] || fail "$(cat quick.err)"
