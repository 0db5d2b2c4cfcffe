"""kernels_data.py - random samples for programs/kernels.dl, from a seed: a .npy of each
field."""
import random
import struct

FIELDS = {"photo": (96, 96, 3), "sound": (25, 5, 64), "bands": (640,)}
COUNT = 4

random.seed(11)
data = {}
for name, shape in FIELDS.items():
    size = 1
    for n in shape:
        size *= n
    data[name] = [bytes(random.choice((0, 255, random.randrange(256))) for _ in range(size))
                  for _ in range(COUNT)]
    head = "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }" % ((COUNT,) + shape,)
    head += " " * (63 - (len(head) + 10) % 64) + "\n"
    with open(name + ".npy", "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() +
                b"".join(data[name]))
