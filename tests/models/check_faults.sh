# check_faults.sh - `check` finds a wrong gradient in each op family: of a net compiled
# without fusion, so that each op has a kernel of its own, every kernel of the grad
# function is made to store values 2 % too large, one at a time.
. "$(dirname "$0")/common.sh"
here=$(cd "$(dirname "$0")" && pwd)
cat >cc <<END
#!/bin/sh
for file; do
    case \$file in
    */families.c)
        awk -v list=kernels -f "$here/check_faults.awk" \$file \$file >\$file.new &&
            mv \$file.new \$file || exit 1 ;;
    */families_program.c)
        cat >>\$file <<'FAULT'
#include <stdlib.h>
float fault(int k);
float fault(int k)
{
    static int chosen = -1;
    if (chosen < 0)
        chosen = getenv("FAULT") ? atoi(getenv("FAULT")) : 0;
    return chosen == k ? 1.02f : 1.0f;
}
FAULT
    esac
done
exec ${CC:-cc} "\$@"
END
chmod +x cc
CC=$PWD/cc "$DLC" -O0 --target=c99 "$here/families.dl" -o families || fail "compile"
./families check --random >sound.txt || fail "check of the net without a fault"
n=$(wc -l <kernels)
[ "$n" -ge 150 ] || fail "only $n kernels have faults"
while read -r k name; do
    if FAULT=$k ./families check --random >/dev/null 2>fault.txt; then
        echo "$name"
    else
        grep -Eq 'gradient of .* differences give|loss is not finite' fault.txt || fail "$name: $(cat fault.txt)"
    fi
done <kernels | sed 's/^k[0-9]*_//; s/_[0-9]*$//' | sort | uniq -c | awk '{ print $1, $2 }' >missed
# What may be missed, since it changes no gradient.
sort -k 2 >may <<'END'
1 cross_entropy1_cast
1 cross_entropy1_eq
1 dropout1_lt
1 elu1_gt
1 elu1_lt
1 global_maxpool1_eq
1 max_windows1_max_pool_index
1 relu1_gt
1 dropout1_random
1 softmax1_exp
1 softmax1_rowmax
1 softmax1_stop_gradient
1 log_sum_exp1_exp
1 log_sum_exp1_rowmax
1 log_sum_exp1_stop_gradient
1 global_maxpool1_cast
1 log_sum_exp1
1 cross_entropy1_select
1 cross_entropy1_sub
1 mse1_mul
2 l21_mul
1 l21_sum
1 mul
1 sum
END
# Lines 1 to 8: masks and indices, nothing to scale. dropout1_random: numbers that are
# only compared. softmax1, log_sum_exp1, global_maxpool1_cast: the factor divides out, or
# shifts what a softmax does not see. The
# rest: values of losses behind the last operation with a gradient of its own.
sort -k 2 missed | cmp - may || { sort -k 2 missed | diff - may; fail "faults missed"; }
echo "$(($(wc -l <kernels) - $(awk '{ n += $1 } END { print n }' may))) faults caught"
