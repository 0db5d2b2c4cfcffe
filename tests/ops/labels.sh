# labels.sh - every constraint row of an op has its label at a check of the op's file or
# of a file that its rules are shared in, and no file checks what no row states.
cd "$ROOT/compiler/ops" || exit 2
sed -n 's/^OP(\(.*\))$/\1/p' ops.def | {
    bad=0
    while read -r op; do
        rows=$(grep -o '{ "C[0-9]*"' "$op.c" | tr -dc 'C0-9\n' | sort -u)
        shared=$(sed -n 's/^#include "ops\/\(.*\)\.h"$/\1.c/p' "$op.c")
        own=$(grep -o '/\* C[0-9]* \*/' "$op.c" | tr -dc 'C0-9\n' | sort -u)
        for label in $rows; do
            # shellcheck disable=SC2086
            if ! grep -q "/\* $label \*/" "$op.c" $shared; then
                echo "$op.c: no check is marked $label"
                bad=1
            fi
        done
        for label in $own; do
            if ! echo "$rows" | grep -qx "$label"; then
                echo "$op.c: no row states $label"
                bad=1
            fi
        done
        [ -n "$rows" ] || { echo "$op.c: no constraints"; bad=1; }
    done
    exit $bad
}
