#!/usr/bin/env bash
# run.sh [WORK...] - dlc's programs beside PyTorch: whole training steps and inferences,
# batch resident, f32, one thread (THREADS=2 for two), in interleaved rounds; medians.
#
# One line per measurement,
#   bench <work> b<batch> t<threads> ours_ms <x> peer <name> peer_ms <y> ratio <r>
# ratio = peer's time / ours, the median over rounds, with the smallest and the largest.
# Works: mlp_train mlp_infer mnist_cnn_train mnist_cnn_infer, and a second shape of each
# that nobody tuned for: mlp_odd_train, conv_odd_train; lstm_train lstm_infer; cifar_cnn_*;
# resnet8_* dscnn_* mobilenet_* autoencoder_* of MLPerf Tiny.
#
# Needs PyTorch for the python3 on the PATH (or in $PYTHON); it installs nothing unless
# INSTALL_PEERS=1 is set. Never part of the default test run: timings are not tests.
set -euo pipefail
source "$(dirname "$0")/../../models/setup.sh"
threads=${THREADS:-1} rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-2}
python=${PYTHON:-python3}
modes=${MODES:-eager cl jit}
works=("$@")
[ ${#works[@]} -gt 0 ] ||
    works=(mlp_train mlp_infer mnist_cnn_train mnist_cnn_infer mlp_odd_train conv_odd_train
        lstm_train lstm_infer {cifar_cnn,resnet8,dscnn,mobilenet,autoencoder}_{train,infer})

if ! "$python" -c 'import torch' 2>/dev/null; then
    if [ "${INSTALL_PEERS:-0}" = 1 ]; then
        "$python" -m pip install --quiet 'torch==2.13.0'
    else
        echo "skipped: $python has no PyTorch (INSTALL_PEERS=1 installs it)"
        exit 0
    fi
fi

build_release
work_dir=$root/build/bench
mkdir -p "$work_dir"
cd "$work_dir"
pin=()
[ "$threads" -eq 1 ] && command -v taskset >/dev/null && pin=(taskset -c "${CPU:-0}")

program_of() { # the .dl file behind a work
    case $1 in
    mlp_odd_*) echo "$root/tests/bench/mlp_odd.dl" ;;
    conv_odd_*) echo "$root/tests/bench/conv_odd.dl" ;;
    lstm_* | cifar_cnn_* | resnet8_* | dscnn_* | mobilenet_* | autoencoder_*)
        echo "$root/tests/bench/${1%_*}.dl" ;;
    mlp_*) echo "$root/models/fashion_mlp.dl" ;;
    mnist_cnn_*) echo "$root/models/fashion_cnn.dl" ;;
    *) echo "bench: unknown work $1" >&2; exit 2 ;;
    esac
}

ours_ms() { # PROGRAM train|infer: milliseconds of one step, or of one inference
    "${pin[@]}" "./$1" bench --seconds "$seconds" --threads "$threads" | awk -v what="$2" '
        $1 == "kernel" { exit }
        what == "train" && $1 == "step" { print $4 / 1000 }
        what == "infer" && $2 == 1 && $1 != "step" && $1 != "eval" { print $4 / 1000; exit }'
}

peer_ms() { # WORK BATCH MODE
    "${pin[@]}" "$python" "$root/tests/bench/peer_torch.py" "$1" "$2" "$threads" "$seconds" "$3" |
        sed -n 's/.* ms \([0-9.]*\) .*/\1/p'
}

version=$("$python" -c 'import torch; print(torch.__version__)')
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for work in "${works[@]}"; do
    source=$(program_of "$work")
    program=$(basename "$source" .dl)
    phase=${work##*_}
    batch=64
    case $work in
    lstm* | resnet8* | mobilenet*) batch=32 ;;
    dscnn*) batch=100 ;;
    autoencoder*) batch=512 ;;
    esac
    [ "$phase" = infer ] && batch=1
    "$dlc" "$source" -o "$program"
    for mode in $modes; do
        case $work$mode in mlp*cl | lstm*cl | autoencoder*cl) continue ;; esac # channels_last means nothing there
        : >ours.txt
        : >peer.txt
        : >ratio.txt
        for ((round = 0; round < rounds; round++)); do
            x=$(ours_ms "$program" "$phase")
            y=$(peer_ms "$work" "$batch" "$mode")
            echo "$x" >>ours.txt
            echo "$y" >>peer.txt
            awk -v x="$x" -v y="$y" 'BEGIN { printf "%.4f\n", y / x }' >>ratio.txt
        done
        printf 'bench %s b%d t%d ours_ms %s peer torch-%s-%s peer_ms %s ratio %.2f (%.2f to %.2f over %d rounds)\n' \
            "$work" "$batch" "$threads" "$(median <ours.txt)" "$version" "$mode" \
            "$(median <peer.txt)" "$(median <ratio.txt)" "$(sort -g ratio.txt | head -n 1)" \
            "$(sort -g ratio.txt | tail -n 1)" "$rounds"
    done
done
