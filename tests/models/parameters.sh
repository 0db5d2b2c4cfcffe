# parameters.sh - the networks of MLPerf Tiny have as many trainable parameters as there.
. "$(dirname "$0")/common.sh"
for line in resnet8:78,186 ds_cnn:23,756 mobilenet:216,322 machines:267,928; do
    "$DLC" "$ROOT/models/${line%%:*}.dl" --summary >summary.txt || fail "--summary of ${line%%:*}"
    grep -q "total: ${line#*:} parameters" summary.txt ||
        fail "${line%%:*} has not ${line#*:} parameters: $(grep total: summary.txt)"
done
