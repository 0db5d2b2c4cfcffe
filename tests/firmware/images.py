"""images.py COUNT - random images.npy (u8 [COUNT, 11, 10, 3]) and labels.npy (u8 [COUNT])."""
import random
import struct
import sys


def write(name, shape, values):
    head = "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }" % (shape,)
    head += " " * (63 - (len(head) + 10) % 64) + "\n"
    with open(name, "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + values)


def main():
    count = int(sys.argv[1])
    random.seed(7)
    write("images.npy", "(%d, 11, 10, 3)" % count,
          bytes(random.choice((0, 255, random.randrange(256))) for _ in range(count * 330)))
    write("labels.npy", "(%d,)" % count, bytes(random.randrange(6) for _ in range(count)))


if __name__ == "__main__":
    main()
