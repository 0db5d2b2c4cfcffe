"""vectors.py DATA OUT - ONNX's node vectors as dl nets with their inputs and outputs.

Writes OUT/part<i>.dl (up to NETS nets each), OUT/part<i>.txt (one line a net: name,
then for each input and output its element type, count and numbers) and OUT/table_part<i>.h (a
table of the compiled functions). Prints what was left out, by reason and op."""
import collections
import os
import sys

import images  # its ops register themselves, as those of signals and recurrent do
import protobuf as pb
import recurrent
import signals
from translate import FLOATS, OPS, Value, count

NETS = 64
FIXED = {  # operands that a net has no input for: attributes of newer versions
    'Reshape': (1,), 'Squeeze': (1,), 'Unsqueeze': (1,), 'Expand': (1,), 'Split': (1,),
    'Slice': (1, 2, 3, 4), 'Pad': (1, 2), 'Tile': (1,), 'Trilu': (1,), 'OneHot': (1, 2),
    'CumSum': (1,), 'ReverseSequence': (1,), 'ReduceSum': (1,), 'Dropout': (1, 2), 'HannWindow': (0,),
    'RNN': (4, 5), 'GRU': (4, 5), 'LSTM': (4, 5, 6), 'STFT': (1, 3), 'DFT': (1,),
    'HammingWindow': (0,), 'BlackmanWindow': (0,), 'MelWeightMatrix': (0, 1, 2, 3, 4),
}
INDEX = {'Gather': (1, 0), 'OneHot': (0, None), 'SoftmaxCrossEntropyLoss': (1, 1),
         'NegativeLogLikelihoodLoss': (1, 1)}  # operand, axis of operand 0 it counts


INTEGER = {pb.UINT8: 'uint8', pb.INT8: 'int8', pb.UINT16: 'uint16', pb.INT16: 'int16',
           pb.INT32: 'int32', pb.INT64: 'int64', pb.UINT32: 'uint32', pb.UINT64: 'uint64'}
WHY = {  # why dl has no such primitive, and says it in no line of its library
    'control flow that numbers decide': 'If Loop Scan SequenceMap',
    'sequences, optional values, strings': 'OptionalGetElement OptionalHasElement '
        'SequenceInsert StringNormalizer TfIdfVectorizer',
    'extents that numbers decide': 'Compress NonMaxSuppression NonZero Range Unique',
    'sorting': 'TopK',
    'quantized arithmetic of its own': 'ConvInteger DequantizeLinear DynamicQuantizeLinear '
        'MatMulInteger QLinearConv QLinearMatMul QuantizeLinear',
    'element types that dl has not (int64, double, float16, bfloat16)': 'Cast CastLike',
    'bits of integers': 'BitShift',
    'constants: no operand': 'Constant ConstantOfShape EyeLike Shape Size',
    'resampling of pictures': 'GridSample Resize RoiAlign Upsample',
    'scatter and gather by element': 'GatherElements GatherND MaxUnpool Scatter '
        'ScatterElements ScatterND',
    'held by onnx.optimizers': 'Adagrad Adam Momentum',
}
WHY = {op: why for why, ops in WHY.items() for op in ops.split()}


class Left(Exception):
    pass


def read(folder, what, i):
    path = os.path.join(folder, 'test_data_set_0', '%s_%d.pb' % (what, i))
    with open(path, 'rb') as f:
        try:
            return pb.Tensor(f.read())
        except pb.Broken as e:
            raise Left('not a tensor of numbers: %s' % e)


class Net:
    def __init__(self, name, folder, model):
        self.name, self.inputs, self.data, self.lines = name, [], [], []
        self.values = {}
        if len(model.node) != 1:
            raise Left('several nodes')
        self.node = model.node[0]
        if self.node.op not in OPS:
            raise Left(WHY.get(self.node.op, 'no such primitive'))
        self.tensors = {given: read(folder, 'input', i) for i, given in enumerate(model.input)}
        for given in model.input:
            self.add_input(given, self.tensors[given])
        operands = [self.values.get(name) for name in self.node.input]
        y = OPS[self.node.op](self.node, *operands)
        if y is None:
            raise Left('another form than dl has')
        ys = y if isinstance(y, list) else [y]
        self.outputs = []
        for i, v in enumerate(ys[:len(model.output)]):
            self.add_output(i, v, read(folder, 'output', i))

    def add_input(self, name, tensor):
        """A field of the net, or numbers that the translation writes out."""
        op, at = self.node.op, self.node.input.index(name)
        v = Value('x%d' % at, tensor.shape)
        if at in FIXED.get(op, ()):
            v.constant = tensor.values
            v.kind = 'fixed'
        elif 0 in tensor.shape:
            raise Left('no elements')
        elif tensor.type in FLOATS:
            self.inputs.append((v, 'f32'))
            self.data.append(('f', tensor.values))
        elif tensor.type == pb.BOOL:
            v.kind = 'bool'
            self.inputs.append((v, 'bool'))
            self.data.append(('b', tensor.values))
        elif op in INDEX and INDEX[op][0] == at:
            self.add_index(v, tensor)
        elif not tensor.shape or len(tensor.values) == 1:
            v.constant = tensor.values
            v.kind = 'fixed'
        else:
            raise Left('arithmetic on integers: ' + INTEGER[tensor.type])
        self.values[name] = v

    def add_index(self, v, tensor):
        axis = INDEX[self.node.op][1]
        if self.node.op == 'Gather':
            axis = self.node.attribute.get('axis', 0)
        bound = max(tensor.values) + 1
        if axis is not None:
            bound = self.values[self.node.input[0]].shape[axis]
        elif self.node.op == 'OneHot':
            bound = int(self.tensors[self.node.input[1]].values[0])
        if axis == 1 and min(tensor.values) < 0:
            raise Left('a negative label, which is no index(n)')
        values = [x + bound if x < 0 else x for x in tensor.values]
        if not 0 < bound <= 1 << 16 or min(values) < 0 or max(values) >= bound:
            raise Left('an index outside')
        v.kind = 'index'
        self.inputs.append((v, 'index(%d)' % bound))
        self.data.append(('u8' if bound <= 256 else 'u16', values))

    def add_output(self, i, v, want):
        if v.shape != want.shape:
            raise AssertionError('%s: shape %s, should be %s' % (self.name, v.shape, want.shape))
        kind = 'bool' if v.kind == 'bool' else 'f32'
        self.outputs.append(('y%d' % i, kind, v))
        self.data.append(('b' if kind == 'bool' else 'f', want.values))

    def text(self):
        def typed(kind, shape):
            dims = '[%s]' % ', '.join(map(str, shape)) if shape else ''
            return kind + dims
        fields = ', '.join('%s: %s' % (v, typed(kind, v.shape)) for v, kind in self.inputs)
        results = ', '.join('%s: %s' % (n, typed(k, v.shape)) for n, k, v in self.outputs)
        body = ''.join('    %s = %s\n' % (n, v) for n, k, v in self.outputs)
        return 'net %s(%s) -> (%s) {\n%s}\n' % (self.name, fields, results, body)

    def numbers(self):
        def one(kind, values):
            return ' '.join([kind, str(len(values))] + ['%r' % float(v) for v in values])
        return ' '.join(['%s %d %d' % (self.name, len(self.inputs), len(self.outputs))] +
                        [one(*d) for d in self.data])


def write_part(out, index, nets):
    stem = os.path.join(out, 'part%d' % index)
    with open(stem + '.dl', 'w') as f:
        cells = any(n.node.op in recurrent.GATES for n in nets)
        f.write((recurrent.DEFS if cells else '') + '\n'.join(n.text() for n in nets))
    with open(stem + '.txt', 'w') as f:
        f.write(''.join(n.numbers() + '\n' for n in nets))
    with open(os.path.join(out, 'table_part%d.h' % index), 'w') as f:
        for n in nets:
            names = ['in[%d]' % i for i in range(len(n.inputs))]
            names += ['out[%d]' % i for i in range(len(n.outputs))]
            f.write('static void call_%s(void **in, void **out, void *arena)\n{\n'
                    '    (void)in;\n    part%d_%s(%s, arena);\n}\n' %
                    (n.name, index, n.name, ', '.join(names)))
        f.write('static const Entry entries[] = {\n')
        for n in nets:
            f.write('    { "%s", call_%s, PART%d_%s_ARENA_BYTES },\n' %
                    (n.name, n.name, index, n.name.upper()))
        f.write('};\n')


def main():
    data, out = sys.argv[1:]
    nets, left = [], collections.defaultdict(collections.Counter)
    total = 0
    for test in sorted(os.listdir(data)):
        folder = os.path.join(data, test)
        total += 1
        op = '?'
        try:
            with open(os.path.join(folder, 'model.onnx'), 'rb') as f:
                model = pb.Model(f.read())
            op = model.node[0].op if len(model.node) == 1 else 'several'
            nets.append(Net('t' + test[4:], folder, model))
        except Left as e:
            left[str(e)][op] += 1
    for i in range(0, len(nets), NETS):
        write_part(out, i // NETS, nets[i:i + NETS])
    print('%d node vectors, %d translated' % (total, len(nets)))
    for reason, ops in sorted(left.items()):
        print('left out, %s: %d (%s)' % (reason, sum(ops.values()), ' '.join(
            '%s:%d' % x for x in sorted(ops.items()))))


if __name__ == '__main__':
    main()
