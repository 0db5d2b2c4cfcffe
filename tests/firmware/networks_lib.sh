# networks_lib.sh - sourced by networks.sh and networks_test.sh: a network of networks.tsv
# on the host, on a board, and its figures there.

# The row of networks.tsv for a network, as variables.
network_load() { # NAME
    tab=$(printf '\t')
    row=$(grep "^$1$tab" "$here/networks.tsv") || fail "networks.tsv has no network $1"
    IFS=$tab read -r network net input type low high output macs constants bar_cycles \
        best_cycles tflm_cycles bar_ram best_ram bar_flash <<EOF
$row
EOF
    weights=${WEIGHTS:-$ROOT/models/weights}/$network.safetensors
    [ -f "$weights" ] || fail "no weights $weights"
    # of a program with a front end, the int8 network alone
    awk '/^deploy/ { keep = /quantize/ } !/^deploy/ || keep' "$ROOT/models/$network.dl" \
        >$network.dl
}

# $network as C for TARGET, and the options that networks_main.c is compiled with.
network_compile() { # TARGET
    rm -f net*.c net*.h net*.o net*.su
    "$DLC" $network.dl --target=$1 --optimize=${OPTIMIZE:-speed} --weights "$weights" -o net.c ||
        fail "$network is not compiled for $1"
    upper=$(echo "${network}_$net" | tr a-z A-Z)
    given=$(sed -n "s/.* ${upper}_${output}_LEN = .*\/\* \([a-z0-9_]*\) .*/\1/p" net.h)
    options="-DHEADER=\"net.h\" -DNET=${network}_$net -DINPUT=$type -DOUTPUT=$given
        -DINPUT_LEN=${upper}_${input}_LEN -DOUTPUT_LEN=${upper}_${output}_LEN
        -DARENA_BYTES=${upper}_ARENA_BYTES"
    [ "$low" = - ] || options="$options -DLOW=$low -DHIGH=$high"
}

# Its outputs on the host, in host.txt.
network_host() {
    network_compile c99
    gcc -std=c99 -O2 -ffp-contract=off -I. "-I$here/board" $options net*.c \
        "$here/networks_main.c" -lm -o host || fail "$network does not build here"
    ./host >host.txt || fail "$network does not run here"
    [ "$(sort -u host.txt | wc -l)" -gt 1 ] || fail "$network gives one output for all"
}

# Its outputs on a core, where input and output lie in the arena, which must be the host's, and the figures as variables.
network_board() { # CORE
    core=$1
    case $core in
    m0) target=cortex_m0plus ;;
    m*) target=cortex_$core ;;
    rv32) target=rv32imc ;;
    esac
    network_compile $target
    options="$options -DINPUT_OFFSET=${upper}_${input}_OFFSET
        -DOUTPUT_OFFSET=${upper}_${output}_OFFSET"
    board_load $core
    board_build net "-O2 -fno-schedule-insns $options" net*.c "$here/networks_main.c"
    rm -f got.txt
    board_run net on
    cmp got.txt host.txt || fail "$network on $core differs from the host"
    set -- $(python3 "$board/cycles.py" net.elf net.count $core) $(board_stack net) \
        $(board_sizes net $(ls net.c net_data.c 2>/dev/null | sed 's/\.c$//'))
    instructions=$2 cycles=$4 stack=$5 code=$6 data=$7
    arena=$(sed -n "s/.* ${upper}_ARENA_BYTES = \([0-9]*\).*/\1/p" net.h)
    ram=$(sed -n '/ \*   '"${network}_$net"':/,/ram/s/.* ram \([0-9]*\) bytes.*/\1/p' net.h)
}

# None of RAM, stack and flash above the ceiling of networks_ceilings.tsv.
network_ceilings() {
    row=$(grep "^$network$tab$core$tab" "$here/networks_ceilings.tsv") ||
        fail "networks_ceilings.tsv has no row $network $core"
    set -- $row
    for pair in RAM:$ram:$3 stack:$stack:$4 flash:$((data + code)):$5 \
        instructions:$instructions:$6; do
        what=${pair%%:*} now=${pair#*:}
        [ "${now%:*}" -le "${now#*:}" ] ||
            fail "$network on $core: $what is ${now%:*}, the ceiling is ${now#*:}"
    done
}

network_head() {
    echo "| network | core | instructions | /MAC | model cycles | /MAC (bar; published best, TFLM) | RAM (bar) | of it arena | stack (512) | flash: data | code | flash / constants (bar) |"
    echo "|---|---|---|---|---|---|---|---|---|---|---|---|"
}

network_row() {
    awk -v network=$network -v core=$core -v n=$instructions -v c=$cycles -v macs=$macs \
        -v bar_c=$bar_cycles -v best=$best_cycles -v tflm=$tflm_cycles -v ram=$ram \
        -v bar_ram=$bar_ram -v arena=$arena -v stack=$stack -v data=$data -v code=$code \
        -v constants=$constants -v bar_f=$bar_flash 'BEGIN {
        m4 = core == "m4"
        printf "| %s | %s | %d | %.2f | %s | %s%s | %d%s | %d | %d | %d | %d | %.2f%s |\n",
            network, core, n, n / macs, c, c == "-" ? "-" : sprintf("%.2f", c / macs),
            m4 ? " (" bar_c "; " best ", " tflm ")" : "", ram, m4 ? " (" bar_ram ")" : "",
            arena, stack, data, code, (data + code) / constants, m4 ? " (" bar_f ")" : ""
    }'
}
