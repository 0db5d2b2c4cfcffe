#!/bin/sh
# spills.sh PROGRAM - innermost loops of its kernels with fused multiply-adds (x86) that
# have operands on the stack; exit status 1 when there are any.
set -eu
objdump -d --no-show-raw-insn "$1" | awk '
    /^[0-9a-f]+ <.*>:$/ { name = $2; n = 0; next }
    name !~ /kernel_/ { next }
    {
        split($1, colon, ":"); at[n] = colon[1]; op[n] = $2; text[n] = $0
        if ($2 ~ /^j/ && $2 != "jmp") { # back to the start of a loop?
            for (i = n; i >= 0 && at[i] != $3; i--)
                if (i < n && op[i] ~ /^j/) { i = -1; break }
            if (i >= 0) {
                fma = 0; stack = 0
                for (; i <= n; i++) {
                    fma += op[i] ~ /fmadd/
                    stack += text[i] ~ /\(%r[sb]p/
                }
                loops += fma > 3
                if (fma > 3 && stack > 0) {
                    print name, fma, "multiply-adds,", stack, "operands on the stack"
                    bad++
                }
            }
        }
        n++
    }
    END { print loops + 0, "inner loops,", bad + 0, "with spills"; exit bad > 0 || !loops }'
