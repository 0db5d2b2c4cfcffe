# disk.sh - when nothing more can be written: one error, exit status 1, nothing half
# written, what was there before is whole.
. "$(dirname "$0")/common.sh"

"$program" train --quiet --epochs 2 --out good || fail "train"
cp -r good kept
cp -r good before

# Files may not grow past 32 x 512 bytes (dash) or 32 KiB (bash): the checkpoint is larger.
limited() {
    (ulimit -f 32 && exec "$@")
}
refused 1 "checkpoint.safetensors: cannot be written: File too large" \
    limited "$program" train --out fresh
[ -z "$(ls fresh)" ] || fail "half-written files: $(ls fresh)"
refused 1 "cannot be written" limited "$program" train --out kept --epochs 3 --seed 3
same_results before kept
[ -z "$(find kept -name '*.tmp')" ] || fail "a temporary file is left"

# A full disk, where a small file system can be had.
mkdir small
if mount -t tmpfs -o size=128k tmpfs small 2>/dev/null; then
    refused 1 "cannot be written: No space left on device" \
        "$program" train --epochs 2 --out small/x
    left=$(find small -name '*.tmp' -o -name model.safetensors)
    umount small
    [ -z "$left" ] || fail "half-written: $left"
else
    echo "no tmpfs here: the full disk is covered by train.parts (/dev/full)"
fi

"$program" info >/dev/full 2>err.txt
[ $? -eq 1 ] || fail "a full standard output is not noticed"
grep -q 'error: standard output cannot be written' err.txt || fail "no word of it"
: >file
refused 1 "file: is not a folder" "$program" train --out file
