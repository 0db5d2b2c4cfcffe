#!/usr/bin/env bash
# zoo.sh [NAME...] [--seeds N] - trains programs of models/ with seeds 1 to N (default 3) and
# prints a row of the table in README.md for each. Every program says which epoch is kept,
# by its validation split; the test split is read once, after training. Every value goes to
# standard error. Programs, metrics and data are the lines of zoo.tsv.
set -euo pipefail
source "$(dirname "$0")/setup.sh"
seeds=3 names=()
while [ $# -gt 0 ]; do
    case $1 in
    --seeds) seeds=$2; shift ;;
    -*) echo "zoo.sh: unknown option $1; zoo.sh [NAME...] [--seeds N]" >&2; exit 2 ;;
    *) names+=("$1") ;;
    esac
    shift
done
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(sed '/^#/d' "$root/models/zoo.tsv" | cut -f 1)

# make_data NAME: installs what data/NAME.sh needs and runs it
make_data() {
    case $1 in
    -) return 0 ;;
    fashion) install_missing dataset-fashion-mnist; return ;;
    denoise) # the weights that few_labels begins with, in the current folder
        install_missing dataset-fashion-mnist
        "$dlc" "$root/models/denoise.dl" -o denoise
        ./denoise train --seed 1 --threads 1 --quiet >/dev/null
        return ;;
    pairs) install_missing dataset-fashion-mnist ;;
    pictures) install_missing libfreetype-dev fonts-dejavu-core fonts-liberation \
        fonts-freefont-ttf fonts-roboto-unhinted ;;
    words) install_missing espeak-ng festival festvox-us-slt-hts festvox-kdlpc16k flite sox \
        festvox-italp16k festvox-itapc16k festvox-czech-dita festvox-czech-krb \
        festvox-czech-machac festvox-czech-ph festvox-suopuhe-lj festvox-suopuhe-mv \
        festvox-ca-ona-hts festvox-hi-nsk festival-hi ;;
    esac
    sh "$root/models/data/$1.sh"
}

build_release
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
mkdir -p "$root/build/zoo"
cd "$root/build/zoo"
for name in "${names[@]}"; do
    IFS=$'\t' read -r _ metric data shows words < <(grep "^$name"$'\t' "$root/models/zoo.tsv") ||
        { echo "zoo.sh: zoo.tsv has no program $name" >&2; exit 1; }
    make_data "$data"
    "$dlc" "$root/models/$name.dl" -o "$name"
    parameters=$(./"$name" info | sed -n 's/^parameters  *\([0-9,]*\) in .*/\1/p')
    values=()
    begin=$SECONDS
    for seed in $(seq 1 "$seeds"); do
        ./"$name" train --seed "$seed" --threads 1 --data "$root/models" --out "$name.$seed.out" \
            >"$name.$seed.txt"
        # the mean over folds, or the last split of the closing lines: test, or what there is
        value=$({ grep -E '^[0-9]+ folds ' "$name.$seed.txt" ||
                  grep -E '^(train|valid|test) .*loss' "$name.$seed.txt"; } | tail -n 1 |
                sed -n "s/.* $metric *\([-0-9.einfa]*\).*/\1/p")
        echo "$name  seed $seed  $metric ${value:-missing}" >&2
        values+=("${value:-nan}")
    done
    printf '%s\n' "${values[@]}" | awk -v name="$name" -v metric="$metric" -v shows="$shows" \
        -v words="$words" -v parameters="$parameters" -v s=$(((SECONDS - begin) / seeds)) \
        -v commit="$commit" '
        { sum += $1; if (NR == 1 || $1 < low) low = $1; if (NR == 1 || $1 > high) high = $1 }
        END {
            reached = sprintf("%s %.4g", metric, sum / NR)
            if (NR > 1) reached = reached sprintf(" (%.4g to %.4g)", low, high)
            printf "| `%s` | %s | %s | %s | %s | %d | %d s | %s |\n", name, shows, words,
                parameters, reached, NR, s, commit
        }'
done
