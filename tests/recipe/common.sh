# common.sh - sourced by the scripts here. DLC: the compiler; ROOT: the checkout.
set -u
here=$(cd "$(dirname "$0")" && pwd)
fail() { echo "FAILED: $*" >&2; exit 1; }
rm -rf ./*
