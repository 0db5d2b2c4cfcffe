"""The wire format of protocol buffers, and of it what ONNX vectors use. Every read is
checked against the bytes that are there."""
import struct

FLOAT, UINT8, INT8, UINT16, INT16, INT32, INT64 = 1, 2, 3, 4, 5, 6, 7
BOOL, FLOAT16, DOUBLE, UINT32, UINT64 = 9, 10, 11, 12, 13
FORMAT = {FLOAT: 'f', UINT8: 'B', INT8: 'b', UINT16: 'H', INT16: 'h', INT32: 'i',
          INT64: 'q', BOOL: '?', FLOAT16: 'e', DOUBLE: 'd', UINT32: 'I', UINT64: 'Q'}
MOST = 1 << 22  # elements of a tensor


class Broken(Exception):
    pass


def varint(data, at):
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Broken('a number runs over the end')
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def fields(data):
    """Of one message: (number, value): an int, or bytes of fixed or given length."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            if kind == 2:
                n, at = varint(data, at)
            elif kind in (1, 5):
                n = 8 if kind == 1 else 4
            else:
                raise Broken('wire type %d' % kind)
            if n > len(data) - at:
                raise Broken('%d bytes are claimed, %d are left' % (n, len(data) - at))
            value = data[at:at + n]
            at += n
        yield key >> 3, value


def packed(value, letter):
    """A repeated number: packed, or one of many."""
    if isinstance(value, int):
        return [signed(value)]
    if letter == 'v':
        out, at = [], 0
        while at < len(value):
            x, at = varint(value, at)
            out.append(signed(x))
        return out
    size = struct.calcsize(letter)
    if len(value) % size:
        raise Broken('packed numbers of %d bytes in %d' % (size, len(value)))
    return list(struct.unpack('<%d%s' % (len(value) // size, letter), value))


class Tensor:
    def __init__(self, data):
        self.shape, self.type, self.name, self.values = [], FLOAT, '', []
        raw = None
        for number, value in fields(data):
            if number == 1:
                self.shape += packed(value, 'v')
            elif number == 2:
                self.type = value
            elif number == 4:
                self.values += packed(value, 'f')
            elif number in (5, 7, 11):
                self.values += packed(value, 'v')
            elif number == 8:
                self.name = value.decode()
            elif number == 9:
                raw = value
            elif number == 10:
                self.values += packed(value, 'd')
        if self.type not in FORMAT:
            raise Broken('element type %d' % self.type)
        if raw is not None:
            self.values = packed(raw, FORMAT[self.type])
        elif self.type == FLOAT16:
            self.values = [struct.unpack('<e', struct.pack('<H', v))[0] for v in self.values]
        n = 1
        for d in self.shape:
            n *= d
        if not 0 <= n <= MOST or n != len(self.values):
            raise Broken('%d values for shape %s' % (len(self.values), self.shape))


class Node:
    def __init__(self, data):
        self.input, self.output, self.attribute, self.op = [], [], {}, ''
        for number, value in fields(data):
            if number == 1:
                self.input.append(value.decode())
            elif number == 2:
                self.output.append(value.decode())
            elif number == 4:
                self.op = value.decode()
            elif number == 5:
                name, x = attribute(value)
                self.attribute[name] = x


def attribute(data):
    name, x, floats, ints = '', None, [], []
    for number, value in fields(data):
        if number == 1:
            name = value.decode()
        elif number == 2:
            x = struct.unpack('<f', value)[0]
        elif number == 3:
            x = signed(value)
        elif number == 4:
            x = value.decode('utf-8', 'replace')
        elif number == 5:
            x = Tensor(value)
        elif number == 7:
            floats += packed(value, 'f')
        elif number == 8:
            ints += packed(value, 'v')
    return name, floats or ints or x


class Model:
    """The nodes and initializers of a model, and the names of its inputs and outputs."""

    def __init__(self, data):
        self.node, self.initializer, self.input, self.output = [], {}, [], []
        for number, value in fields(data):
            if number == 7:
                self.graph(value)

    def graph(self, data):
        for number, value in fields(data):
            if number == 1:
                self.node.append(Node(value))
            elif number == 5:
                t = Tensor(value)
                self.initializer[t.name] = t
            elif number in (11, 12):
                for inner, name in fields(value):
                    if inner == 1:
                        (self.input if number == 11 else self.output).append(name.decode())
