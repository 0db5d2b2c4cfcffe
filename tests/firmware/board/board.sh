# board.sh - sourced by tests: building for an emulated board and running there.
board=$ROOT/tests/firmware/board arch=$ROOT/runtime/arch

# The row of boards.txt for a core, as variables.
board_load() { # CORE
    row=$(awk -v core="$1" '$1 == core' "$board/boards.txt")
    [ -n "$row" ] || fail "no board for $1"
    set -- $row
    tools=$2 machine=$3 cpu=$(echo "$4" | tr ',' ' ')
    flash_origin=$5 flash_length=$6 ram_origin=$7 ram_length=$8
    case $tools in
    arm-*) emulator=qemu-system-arm ;;
    riscv64-*) emulator='qemu-system-riscv32 -bios none' ;;
    esac
}

# Builds FILE... (C sources) into the program NAME.elf of the core that was loaded, by way of
# NAME.FILE.o. Every unused section is dropped.
board_build() { # NAME FLAGS FILE...
    name=$1 flags=$2 objects=
    shift 2
    $tools-cpp -P -x c "$arch/memory.ld.in" -DFLASH_ORIGIN=$flash_origin \
        -DFLASH_LENGTH=$flash_length -DRAM_ORIGIN=$ram_origin -DRAM_LENGTH=$ram_length \
        -DSTACK_LENGTH=16K -o "$name.ld" || fail "no linker script for $name"
    for source in "$arch/start.c" "$@"; do
        object=$name.$(basename "$source" .c).o
        objects="$objects $object"
        $tools-gcc $cpu -std=c99 $flags -ffreestanding -ffp-contract=off \
            -ffunction-sections -fdata-sections -fstack-usage -I. "-I$board" "-I$arch" \
            -c "$source" -o "$object" || fail "$source does not build for $cpu"
    done
    $tools-gcc $cpu -nostdlib -T "$name.ld" $objects -Wl,--gc-sections -lgcc \
        -o "$name.elf" || fail "$name does not link for $cpu"
}

# Runs NAME.elf; instructions and stack of each marked region go to NAME.count, and with a
# histogram what ran how often in one of them, the first unless another is wanted.
board_run() { # NAME [HISTOGRAM [REGION]]
    top=$($tools-nm "$1.elf" | awk '$3 == "stack_top" { print "0x" $1 }')
    timeout 300 $emulator -M $machine -kernel "$1.elf" -display none -monitor none \
        -serial null -semihosting-config enable=on,target=native \
        -plugin "$PWD/libcount.so,out=$1.count,top=$top,histogram=${2:-off},region=${3:-0}" ||
        fail "$1 ended with status $? on $machine"
}

# Bytes of what NAME.elf kept of NAME.FILE.o...: code, then constants.
board_sizes() { # NAME FILE...
    name=$1
    shift
    for file in "$@"; do
        $tools-nm --defined-only "$name.$file.o"
    done | awk 'NF > 2 { print $3, tolower($2) }' >"$name.symbols"
    $tools-nm -S --defined-only "$name.elf" | awk -v symbols="$name.symbols" '
        BEGIN { while ((getline <symbols) > 0) kind[$1] = $2
                for (i = 0; i < 16; i++) value[substr("0123456789abcdef", i + 1, 1)] = i }
        function hex(text,  i, n) {
            for (i = 1; i <= length(text); i++) n = 16 * n + value[substr(text, i, 1)]
            return n
        }
        NF == 4 { n[kind[$4]] += hex($2) }
        END { print n["t"] + 0, n["r"] + n["d"] + 0 }'
}

# Bytes of stack that the first marked region of NAME.elf took below main().
board_stack() { # NAME
    awk 'FILENAME ~ /count$/ && !n { n = $4 }
         FILENAME !~ /count$/ && $1 ~ /:(main|reset)$/ { n -= $2 }
         END { print n }' "$1.count" "$1".*.su
}

board_tools() { # [TOOL...]: those; none: all that boards need
    [ $# -gt 0 ] || set -- arm-none-eabi-gcc qemu-system-arm riscv64-unknown-elf-gcc \
        qemu-system-riscv32
    for tool in "$@"; do
        command -v $tool >/dev/null || fail "$tool is missing: see tests/run.sh"
    done
    gcc -O2 -shared -fPIC -fvisibility=hidden "$board/count.c" -o libcount.so ||
        fail "the counting plugin does not build"
}
