#!/bin/sh
# runner.sh - does run.sh notice? It must fail on a wrong message, a wrong status, output
# on standard output, and a pending case that passes.
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cp "$(dirname "$0")/run.sh" "$work"
cd "$work" || exit 2
echo 'const a = 1 2' >case.dl
echo 'case.dl:1:13: error: no [E0100]' >case.txt
: >PENDING

fake() { # MESSAGE STATUS OUTPUT
    printf '#!/bin/sh\nprintf "%%s" "%s"\necho "%s" >&2\nexit %s\n' "$3" "$1" "$2" >dlc
    chmod +x dlc
}
bad=0
expect() { # STATUS NAME
    sh run.sh dlc >log 2>&1
    [ $? -eq "$1" ] || { echo "$2: run.sh should exit $1"; cat log; bad=1; }
}
right='case.dl:1:13: error: no [E0100]'
fake "$right" 1 ''
expect 0 'the right message'
echo 'case  a reason' >PENDING
expect 1 'a pending case that passes'
fake 'something else' 1 ''
expect 0 'a pending case that fails'
: >PENDING
expect 1 'a wrong message'
fake "$right" 0 ''
expect 1 'a wrong status'
fake "$right" 1 'noise'
expect 1 'noise on standard output'
exit $bad
