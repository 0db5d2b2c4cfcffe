# board.sh - sourced by tests: building for an emulated board and running there.
board=$ROOT/tests/firmware/board

# The row of boards.txt for a core, as variables.
board_load() { # CORE
    row=$(awk -v core="$1" '$1 == core' "$board/boards.txt")
    [ -n "$row" ] || fail "no board for $1"
    set -- $row
    machine=$2 cpu=$(echo "$3" | tr ',' ' ')
    flash_origin=$4 flash_length=$5 ram_origin=$6 ram_length=$7
}

# Builds FILE... (C sources) into the program NAME.elf of the core that was loaded. The
# flags are those of a product: -O2, every unused section dropped.
board_build() { # NAME FLAGS FILE...
    name=$1 flags=$2
    shift 2
    arm-none-eabi-cpp -P -x c "$board/board.ld.in" -DFLASH_ORIGIN=$flash_origin \
        -DFLASH_LENGTH=$flash_length -DRAM_ORIGIN=$ram_origin -DRAM_LENGTH=$ram_length \
        -DSTACK_LENGTH=16K -o "$name.ld" || fail "no linker script for $name"
    arm-none-eabi-gcc $cpu -std=c99 $flags -ffreestanding -ffp-contract=off \
        -ffunction-sections -fdata-sections -fstack-usage -I. "-I$board" -nostdlib \
        -T "$name.ld" "$board/start.c" "$@" -Wl,--gc-sections -lgcc -o "$name.elf" ||
        fail "$name does not build for $cpu"
}

# Runs NAME.elf; instructions and stack of each marked region go to NAME.count.
board_run() { # NAME [HISTOGRAM]
    top=$(arm-none-eabi-nm "$1.elf" | awk '$3 == "stack_top" { print "0x" $1 }')
    timeout 120 qemu-system-arm -M $machine -kernel "$1.elf" -display none -monitor none \
        -serial null -semihosting-config enable=on,target=native \
        -plugin "$PWD/libcount.so,out=$1.count,top=$top,histogram=${2:-off}" ||
        fail "$1 ended with status $? on $machine"
}

board_tools() {
    for tool in arm-none-eabi-gcc qemu-system-arm; do
        command -v $tool >/dev/null || fail "$tool is missing: see tests/run.sh"
    done
    gcc -O2 -shared -fPIC -fvisibility=hidden "$board/count.c" -o libcount.so ||
        fail "the counting plugin does not build"
}
