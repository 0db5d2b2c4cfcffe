# peer.sh - the library against PyTorch, on plain and vector C; skipped without PyTorch.
# PYTHON names an interpreter that has it.
set -u
python=${PYTHON:-python3}
"$python" -c 'import torch, numpy' 2>/dev/null || {
    echo 'skipped: no PyTorch (pip install torch==2.13.0 numpy; PYTHON=venv/bin/python)'
    exit 77
}
rm -rf ./*
mkdir plain vector fault
PEER_TARGET=c99 "$python" "$ROOT/tests/peer/peer.py" plain || exit 1
grep -q avx2 /proc/cpuinfo && {
    PEER_TARGET=x86_64_v3 "$python" "$ROOT/tests/peer/peer.py" vector conv_same block lstm \
        attention_causal cross_entropy adam batchnorm layernorm log_cosh || exit 1
}
"$python" "$ROOT/tests/peer/peer.py" fault --fault dense_gelu maxpool_same cross_entropy adam ||
    { echo 'a difference of one percent went unnoticed'; exit 1; }
