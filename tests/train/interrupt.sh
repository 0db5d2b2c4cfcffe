# interrupt.sh - SIGINT finishes the step, saves, says how to resume; the resumed run ends
# with the bytes of an uninterrupted one.
. "$(dirname "$0")/common.sh"

"$program" train --quiet --epochs 40 --out whole || fail "uninterrupted run"

# Runs until its history has some lines, then interrupts. sh starts background jobs with
# SIGINT ignored; the program listens nevertheless.
interrupt_one() {
    rm -rf cut
    "$program" train --epochs 40 --out cut >out.txt 2>err.txt &
    pid=$!
    tries=0
    until [ -f cut/history.csv ] && [ "$(wc -l <cut/history.csv)" -ge 3 ]; do
        sleep 0.02
        tries=$((tries + 1))
        [ $tries -lt 1000 ] || fail "no epoch ends"
    done
    kill -INT $pid 2>/dev/null
    wait $pid
    status=$?
}

status=0
for try in 1 2 3 4 5; do # a busy machine may let a run end before the signal comes
    [ $status -ne 0 ] || interrupt_one
done
[ $status -eq 130 ] || fail "exit status $status, not 130"
grep -q 'interrupted after step [0-9]*, saved cut/checkpoint.safetensors' err.txt ||
    fail "no word of the checkpoint"
command=$(sed -n 's/.*resume with: //p' err.txt)
[ -n "$command" ] || fail "no word how to resume"
[ ! -f cut/model.safetensors ] || fail "weights of an unfinished run"
$command >out2.txt || fail "resume: $command"
same_results whole cut
