# generate.sh - sourced by the generators: sets `here` (this folder), `into` (where data
# goes: the argument, else this folder), `small` (-n of the call: a tenth for tests) and
# `work`, a folder that is removed in the end.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
small=
[ "${1:-}" != --small ] || { small=1; shift; }
into=${1:-$here}
mkdir -p "$into"
into=$(cd "$into" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# count N: N, or a tenth of it with --small
count() { if [ -n "$small" ]; then echo $(($1 / 10)); else echo "$1"; fi; }

# have PATH: true when the data is there already, of this size
have() { [ -e "$into/$1" ]; }

# build NAME [OPTION...]: compiles NAME.c of this folder into $work/NAME
build() {
    name=$1
    shift
    ${CC:-cc} -std=c11 -O2 -ffp-contract=off -Wall -Wextra "$here/$name.c" "$@" -lm -o "$work/$name"
}

# extract PACKAGE: the files of a Debian package in $work/PACKAGE; nothing is installed
extract() {
    (cd "$work" && apt-get download "$1" >/dev/null 2>&1 && dpkg-deb -x "$1"_*.deb "$1") ||
        { echo "$(basename "$0"): cannot download the package $1 (try apt-get update)" >&2; exit 1; }
}

# tool COMMAND PACKAGE: a command that a generator runs
tool() {
    command -v "$1" >/dev/null ||
        { echo "$(basename "$0"): please install the package $2 (for $1)" >&2; exit 1; }
}
