# check_zoo.sh - the gradients of every program in models/ that trains, on made samples in
# small batches. `check` itself is held to find seeded faults by check_faults.sh.
. "$(dirname "$0")/common.sh"
checked=0
for file in "$ROOT"/models/*.dl; do
    model=$(basename "$file" .dl) batch=4 size=
    grep -q '^train.* on ' "$file" || continue # else the loop is the caller's, in C
    case $model in
    fashion_resnet | gan | char_gpt | mobilenet) batch=2 ;; # the largest
    dates) echo "$model: has stop_gradient inside scan, which check refuses"; continue ;;
    fashion_mlp_wide) continue ;; # fashion_mlp with larger layers
    pictures_150) size=-DSide=62 ;;
    esac
    "$DLC" "$file" $size --batch=$batch -o "$model" || fail "compile $model"
    ./"$model" check --random --seed 0 >"$model.txt" || { cat "$model.txt"; fail "$model"; }
    cases=$(sed -n 's/^\([0-9]*\) cases.*/\1/p' "$model.txt")
    [ "${cases:-0}" -ge 10 ] || fail "only ${cases:-no} cases of $model"
    echo "$model: $(tail -n 1 "$model.txt")"
    checked=$((checked + 1))
done
echo "$checked programs"
[ $checked -ge 14 ]
