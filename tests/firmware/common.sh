# common.sh - sourced by every script here: where it is, how it fails, what C must pass.
here=$ROOT/tests/firmware

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

warnings="-std=c99 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow
    -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wdouble-promotion -Wvla
    -Wnull-dereference -Werror"
