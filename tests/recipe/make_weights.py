"""make_weights.py make MODEL | same MODEL MODEL - files as PyTorch would write them: other
names, [out, in] matrices, f64 and f32; archives stored, deflated, cut and torn."""

import json
import struct
import sys
import zipfile

from twin import load


def npy(values, shape, descr):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (descr, shape)
    head += " " * (63 - (len(head) + 10) % 64) + "\n"
    code = "d" if descr == "<f8" else "f"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + struct.pack(
        "<%d%s" % (len(values), code), *values
    )


def make(path):
    w = load(path)
    turned = lambda v, n, m: [v[i * m + j] for j in range(m) for i in range(n)]
    arrays = {
        "features.0.weight": (turned(w["mlp/dense1/w"], 2, 3), (3, 2)),
        "features.0.bias": (w["mlp/dense1/b"], (3,)),
        "head.weight": (turned(w["mlp/dense2/w"], 3, 1), (1, 3)),
        "head.bias": (w["mlp/dense2/b"], (1,)),
        "extra.weight": ([1.0, 2.0], (2,)),
    }
    header, data = {}, b""
    for name, (values, shape) in arrays.items():
        code, dtype = ("d", "F64") if name.startswith("head") else ("f", "F32")
        raw = struct.pack("<%d%s" % (len(values), code), *values)
        header[name] = {
            "dtype": dtype,
            "shape": list(shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    with open("torch.safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)
    for file, method in (("torch.npz", zipfile.ZIP_STORED), ("deflated.npz", zipfile.ZIP_DEFLATED)):
        with zipfile.ZipFile(file, "w", method) as z:
            for name, (values, shape) in arrays.items():
                descr = "<f8" if name.startswith("head") else "<f4"
                z.writestr(name + ".npy", npy(values, shape, descr))
    raw = bytearray(open("deflated.npz", "rb").read())
    open("cut.npz", "wb").write(raw[: len(raw) // 2])
    at = raw.index(b"head.weight.npy") + len("head.weight.npy")
    raw[at : at + 40] = b"\xff" * 40
    open("torn.npz", "wb").write(raw)
    values, shape = arrays["head.weight"]
    for file, body in (("short.npz", npy(values, shape, "<f8")[:-8]), ("text.npz", b"words")):
        with zipfile.ZipFile(file, "w") as z:
            z.writestr("head.weight.npy", body)


def same(a, b):
    a, b = load(a), load(b)
    assert a.keys() == b.keys(), (sorted(a), sorted(b))
    for name in a:
        assert a[name] == b[name], name


{"make": make, "same": same}[sys.argv[1]](*sys.argv[2:])
