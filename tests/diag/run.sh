#!/bin/sh
# run.sh DLC [NAME..] - messages, byte for byte. Each NAME.dl goes through `dlc --check`;
# what stderr says must be NAME.txt, and the status 1 when that holds an error, else 0.
# Not compared: line numbers inside std/ and blanks at ends of lines.
#
# PENDING lists cases that do not pass yet, each with its reason: `NAME  reason`. A
# pending case that passes fails the test, so that the list never lies.
case $# in 0) echo "usage: run.sh DLC [NAME..]" >&2; exit 2 ;; esac
dlc=$1
shift
case $dlc in /*) ;; *) dlc=$PWD/$dlc ;; esac
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

[ $# -gt 0 ] || set -- $(ls *.dl | sed 's/\.dl$//')

same() { sed -e 's|\(std/[a-z_]*\.dl\):[0-9][0-9]*|\1:N|g' -e 's/ *$//' "$1"; }

bad=0 passed=0 pending=0
for name; do
    "$dlc" --check "$name.dl" >"$work/out" 2>"$work/err"
    status=$?
    expected=0
    grep -q ': error: ' "$name.txt" && expected=1
    same "$name.txt" >"$work/want"
    same "$work/err" >"$work/got"
    ok=1
    [ $status -eq $expected ] || ok=0
    [ -s "$work/out" ] && ok=0
    diff "$work/want" "$work/got" >"$work/diff" || ok=0
    if grep -q "^$name " PENDING; then
        pending=$((pending + 1))
        [ $ok -eq 0 ] && continue
        echo "$name passes: take it off PENDING"
        bad=$((bad + 1))
    elif [ $ok -eq 1 ]; then
        passed=$((passed + 1))
    else
        echo "$name: status $status, expected $expected; < expected, > found"
        cat "$work/diff"
        [ -s "$work/out" ] && echo "and on standard output:" && cat "$work/out"
        bad=$((bad + 1))
    fi
done
echo "$passed passed, $pending pending, $bad wrong"
[ $bad -eq 0 ]
