# budget.sh - `ram:` of an int8 network is held against its memory plan, and the message says
# by what it is exceeded.
set -u
. "$ROOT/tests/firmware/common.sh"
rm -f net.c message.txt plan.json
weights=$ROOT/models/weights/mobilenet.safetensors
budget() { # BYTES
    sed "s/^deploy mobilenet {.*/deploy mobilenet { target: cortex_m3; ram: $1B; quantize: int8() }/" \
        "$ROOT/models/mobilenet.dl" >net.dl
    "$DLC" net.dl --weights "$weights" -o net.c 2>message.txt
}
sed 's/^deploy mobilenet {.*/deploy mobilenet { target: cortex_m3; quantize: int8() }/' \
    "$ROOT/models/mobilenet.dl" >plain.dl
"$DLC" plain.dl --weights "$weights" --plan=json >plan.json || fail "no plan"
# the buffers of the lower bound, less what may share, are its bytes
"$DLC" plain.dl --weights "$weights" --plan | sed -n 's/^  bound *//p' >bound.txt
awk '{ for (i = 4; i <= NF; i++)
           if ($i ~ /^[0-9]+$/) sum += $(i - 1) == "-" ? -$i : $i
       exit !(NF > 8 && sum == $1) }' bound.txt || fail "the bound: $(cat bound.txt)"
ram=$(sed -n 's/.*"ram_bytes": \([0-9]*\).*/\1/p' plan.json)
[ "$ram" -le 37100 ] || fail "the plan needs $ram bytes"
budget "$ram" || fail "refused with just enough: $(cat message.txt)"
rm -f net.c
budget $((ram - 1)) && fail "a byte too little is accepted"
[ ! -e net.c ] || fail "a file in spite of an error"
grep -q '^net.dl:[0-9]*:[0-9]*: error: `mobilenet` needs 36.1 KiB of ram as it is planned, 1 byte over budget \[E0502\]$' \
    message.txt || fail "$(cat message.txt)"
grep -q 'note: the largest buffers are `[a-z0-9_]*` \[1, 48, 48, 16\], 36864 bytes, and' message.txt ||
    fail "$(cat message.txt)"

# A front end keeps one window at a time, and of its mel bands the weights that are not 0.
for line in ds_cnn:20480:30000 machines:30720:45000; do
    IFS=: read -r name most flash <<END
$line
END
    for target in c99 cortex_m0plus cortex_m4; do
        "$DLC" "$ROOT/models/$name.dl" --target=$target --plan >plan.txt || fail "--plan of $name"
        awk -v most="$most" -v flash="$flash" '
            /_frontend: / { here = 1; scratch = $2 }
            here && $1 == "flash" { constants = $2 }
            here && NF == 0 { here = 0 }
            END {
                print scratch, "of", most, "bytes of scratch,", constants, "of", flash, "in flash"
                exit !(scratch > 0 && scratch <= most && constants > 0 && constants <= flash)
            }' plan.txt || fail "the front end of $name for $target"
    done
done
