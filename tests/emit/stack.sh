# stack.sh MODEL - the stack that --plan and the banner promise is never exceeded: what gcc
# and clang say of each function, a function, its largest kernel and the deepest functions
# that kernels call, together. Nor is the promise idle: at -O0 a fourth of it is used.
set -u
fail() { echo "FAILED: $*"; exit 1; }
"$DLC" "$1" --target=c99 --prefix=p -o s.c || fail "compile"
"$DLC" "$1" --target=c99 --prefix=p --plan=json >plan.json || fail "--plan=json"
grep -q 'stack at most [0-9]* bytes' s.h || fail "the banner does not say it"
tried=0
for cc in gcc clang-14; do
    command -v $cc >/dev/null || continue
    for level in -O0 -O2 -Os; do
        rm -f s.su
        $cc -std=c99 $level -ffp-contract=off -fno-math-errno -w -fstack-usage -c s.c -o s.o &&
            [ -s s.su ] || fail "$cc $level does not tell"
        sed -n 's/.*"name": "\(p_[a-z_0-9]*\)".*"stack_bytes": \([0-9]*\).*/\1 \2/p' plan.json >bounds
        [ "$(wc -l <bounds)" -ge 5 ] || fail "--plan has no stack_bytes"
        awk -v how="$cc $level" '
            NR == FNR { bound[$1] = $2; next }
            {
                n = split($1, at, ":")
                name = at[n]
                if (name ~ /^k[0-9]+_/) { if ($2 > kernel) kernel = $2 }
                else if (name in bound) own[name] = $2
                else if ($2 > leaf[1]) { leaf[2] = leaf[1]; leaf[1] = $2 }
                else if ($2 > leaf[2]) leaf[2] = $2
            }
            END {
                for (f in own) {
                    # the kernels of all functions: more than this one calls, so check those
                    # of the largest function only
                    total = own[f] + kernel + leaf[1] + leaf[2]
                    if (bound[f] > best) { best = bound[f]; used = total; which = f }
                    if (own[f] > bound[f]) { print how ": " f " alone takes " own[f]; bad = 1 }
                }
                print how ": " used " of " best " bytes in " which
                if (used > best) bad = 1
                if (how ~ /O0/ && 4 * used < best) { print "the bound is idle"; bad = 1 }
                exit bad
            }' bounds s.su || fail "$cc $level"
        tried=$((tried + 1))
    done
done
[ $tried -gt 0 ] || { echo "skipped: no compiler"; exit 77; }
