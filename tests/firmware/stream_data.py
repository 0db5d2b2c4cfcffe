# stream_data.py - x.npy and y.npy for programs/stream.dl.
import math
import struct


def npy(path, shape, values):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': %r, }" % (shape,)
    head += ' ' * (63 - (10 + len(head)) % 64) + '\n'
    with open(path, 'wb') as f:
        f.write(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head.encode())
        f.write(struct.pack('<%df' % len(values), *values))


npy('x.npy', (8, 10, 3), [math.sin(0.3 * i) for i in range(240)])
npy('y.npy', (8, 2), [math.cos(0.5 * i) for i in range(16)])
