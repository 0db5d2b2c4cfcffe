"""vectors.py FILE NAME=DTYPE:SHAPE[:LAST] ... - a safetensors file of made inputs: DTYPE is F32
or U8, SHAPE 5x49x10x1; LAST is the value of the last element."""
import json
import struct
import sys

FORMAT = {'F32': 'f', 'U8': 'B'}
header, data = {}, b''
for word in sys.argv[2:]:
    name, _, what = word.rpartition('=')
    dtype, shape, *last = what.split(':')
    shape = [int(n) for n in shape.split('x')]
    count = 1
    for n in shape:
        count *= n
    values = [(i * 37 % 64) / 8 - 3 if dtype == 'F32' else i % 5 for i in range(count)]
    if last:
        values[-1] = float(last[0]) if dtype == 'F32' else int(last[0])
    begin = len(data)
    data += struct.pack('<%d%s' % (count, FORMAT[dtype]), *values)
    header[name] = {'dtype': dtype, 'shape': shape, 'data_offsets': [begin, len(data)]}
text = json.dumps(header).encode()
text += b' ' * (-len(text) % 8)
with open(sys.argv[1], 'wb') as f:
    f.write(struct.pack('<Q', len(text)) + text + data)
