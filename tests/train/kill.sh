# kill.sh - a run that is killed (-9) again and again and resumed ends with the bytes of
# one that was left alone. Nothing here depends on when a kill strikes.
. "$(dirname "$0")/common.sh"

"$program" train --quiet --epochs 25 --out whole || fail "uninterrupted run"
kills=0
for pause in 0.1 0.2 0.15 0.25 0.3 0.2 0.4 0.3 0.5; do
    "$program" train --quiet --epochs 25 --out cut --resume --checkpoint-every 3 \
        >>kill.log 2>&1 &
    pid=$!
    sleep $pause
    if kill -9 $pid 2>/dev/null; then
        kills=$((kills + 1))
    fi
    wait $pid
done
"$program" train --quiet --epochs 25 --out cut --resume || fail "resumed run"
[ $kills -gt 0 ] || fail "no run was killed"
same_results whole cut
[ -z "$(find cut -name '*.tmp')" ] || fail "a temporary file is left"
echo "killed $kills times"

# A finished run resumes to the same bytes; a longer one goes on from there.
cp -r cut again
"$program" train --quiet --epochs 25 --out again --resume || fail "resume of a finished run"
same_results whole again
"$program" train --quiet --epochs 30 --out longer || fail "longer run"
"$program" train --quiet --epochs 30 --out again --resume || fail "longer resume"
same_results longer again

# What does not belong to the run is refused.
refused 1 "has seed 1, not 5" "$program" train --resume --out cut --seed 5
head -c 20000 cut/checkpoint.safetensors >cut/short
mv cut/short cut/checkpoint.safetensors
refused 1 "checkpoint.safetensors: is truncated" "$program" train --resume --out cut
cp whole/model.safetensors cut/checkpoint.safetensors
refused 1 "is not a checkpoint" "$program" train --resume --out cut
