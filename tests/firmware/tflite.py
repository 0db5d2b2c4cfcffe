"""tflite.py WEIGHTS IMAGES - programs/tflite.dl in TensorFlow Lite's own reference kernels.

Needs the package ai-edge-litert (status 77 without it). The flatbuffer is built here from the
trained weights and the ranges of the calibration, as reference.py quantizes them. Prints what
layers_main.c prints of the emitted C. Dense layers go through CONV_2D, whose bits are those of
the kernels for microcontrollers; the desktop's FULLY_CONNECTED with scales by channel rounds
once, not twice, and may be off by one now and then.
"""
import struct
import sys

from reference import Model, Quant, f32

try:
    import flatbuffers
    import numpy as np
    from ai_edge_litert import schema_py_generated as s
    from ai_edge_litert.interpreter import Interpreter, OpResolverType
except ImportError as missing:
    print("no TensorFlow Lite here: %s" % missing, file=sys.stderr)
    sys.exit(77)


class Graph:
    """A subgraph under construction: tensors by number, buffers, operators."""

    def __init__(self):
        self.model, self.graph = s.ModelT(), s.SubGraphT()
        self.model.version = 3
        self.model.buffers, self.model.operatorCodes = [s.BufferT()], []
        self.model.subgraphs = [self.graph]
        self.graph.tensors, self.graph.operators = [], []

    def tensor(self, shape, kind, scale, zero, data=None, axis=0):
        t, q = s.TensorT(), s.QuantizationParametersT()
        t.shape, t.type, t.name = list(shape), kind, "t%d" % len(self.graph.tensors)
        q.scale, q.zeroPoint, q.quantizedDimension = list(scale), list(zero), axis
        t.quantization, t.buffer = q, 0
        if data is not None:
            b = s.BufferT()
            b.data = np.frombuffer(data.tobytes(), np.uint8)
            self.model.buffers.append(b)
            t.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def value(self, shape, q):
        return self.tensor(shape, s.TensorType.INT8, [q.scale], [q.zero])

    def ints(self, values):
        return self.tensor([len(values)], s.TensorType.INT32, [], [],
                           np.array(values, np.int32))

    def op(self, code, inputs, output, options=None, kind=0):
        o, c = s.OperatorT(), s.OperatorCodeT()
        c.builtinCode = c.deprecatedBuiltinCode = code
        c.version = 1 if code == s.BuiltinOperator.RESHAPE else 2
        self.model.operatorCodes.append(c)
        o.opcodeIndex = len(self.model.operatorCodes) - 1
        o.inputs, o.outputs = inputs, [output]
        if options is not None:
            o.builtinOptions, o.builtinOptionsType = options, kind
        self.graph.operators.append(o)
        return output

    def weights(self, model, layer, x, order):
        """Weights with their output channel first (or last, depthwise), and the bias."""
        shape, w, b, _ = model.affine(layer, *x)
        real = model.tensor[layer + "/w"][1]
        n = len(b)
        scale = [max(abs(v) for v in real[c::n]) / 127 for c in range(n)]
        data = np.array(w, np.int8).reshape(shape)
        axis = 3 if order == (2, 0, 1, 3) else 0
        data = data.transpose(order)
        return (self.tensor(data.shape, s.TensorType.INT8, scale, [0] * n, data, axis),
                self.tensor([n], s.TensorType.INT32, [x[0].scale * v for v in scale], [0] * n,
                            np.array(b, np.int32)))

    def bytes(self, inputs, outputs):
        self.graph.inputs, self.graph.outputs = inputs, outputs
        builder = flatbuffers.Builder(1 << 16)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def options(kind, **fields):
    made = getattr(s, kind + "T")()
    for name, value in fields.items():
        assert hasattr(made, name), name
        setattr(made, name, value)
    return made, getattr(s.BuiltinOptions, kind)


def build(model):
    act, ops, g = s.ActivationFunctionType, s.BuiltinOperator, Graph()
    byte = Quant(0, 1)
    qa, qb, qc = model.range("relu1/max"), model.range("relu61/min"), model.range("conv2/add")
    qd, qe, qg = model.range("relu2/max"), model.range("sub"), model.range("global_avgpool1/mul")
    q1, q2 = model.range("dense1/add"), model.range("dense2/add")
    image, a, b = (g.value(*v) for v in (([1, 11, 10, 3], byte), ([1, 6, 5, 8], qa),
                                         ([1, 6, 5, 8], qb)))
    qm = model.range("mul")
    c, d, product, e = (g.value([1, 6, 5, 8], q) for q in (qc, qd, qm, qe))
    f, mean = g.value([1, 3, 2, 8], qe), g.value([1, 8], qg)
    z, side, flat = g.value([1, 6], q1), g.value([1, 4], q2), g.value([1, 48], qe)
    probs = g.tensor([1, 6], s.TensorType.INT8, [1 / 256], [-128])
    same = s.Padding.SAME
    w, bias = g.weights(model, "conv1", (byte, qa), (3, 0, 1, 2))
    g.op(ops.CONV_2D, [image, w, bias], a, *options(
        "Conv2DOptions", strideH=2, strideW=2, padding=same, dilationHFactor=1,
        dilationWFactor=1, fusedActivationFunction=act.RELU))
    w, bias = g.weights(model, "depthwise1", (qa, qb), (3, 0, 1, 2))
    g.graph.tensors[w].quantization.quantizedDimension = 3
    g.op(ops.DEPTHWISE_CONV_2D, [a, w, bias], b, *options(
        "DepthwiseConv2DOptions", strideH=1, strideW=1, padding=same, depthMultiplier=1,
        dilationHFactor=1, dilationWFactor=1, fusedActivationFunction=act.RELU6))
    w, bias = g.weights(model, "conv2", (qb, qc), (3, 0, 1, 2))
    g.op(ops.CONV_2D, [b, w, bias], c, *options(
        "Conv2DOptions", strideH=1, strideW=1, padding=same, dilationHFactor=1,
        dilationWFactor=1, fusedActivationFunction=act.NONE))
    g.op(ops.ADD, [a, c], d, *options("AddOptions", fusedActivationFunction=act.RELU))
    g.op(ops.MUL, [d, c], product, *options("MulOptions", fusedActivationFunction=act.NONE))
    g.op(ops.SUB, [product, a], e, *options("SubOptions", fusedActivationFunction=act.NONE))
    g.op(ops.MAX_POOL_2D, [e], f, *options(
        "Pool2DOptions", strideH=2, strideW=2, filterHeight=2, filterWidth=2,
        padding=s.Padding.VALID, fusedActivationFunction=act.NONE))
    g.op(ops.MEAN, [f, g.ints([1, 2])], mean, *options("ReducerOptions", keepDims=False))
    g.op(ops.RESHAPE, [f, g.ints([1, 48])], flat, *options("ReshapeOptions", newShape=[1, 48]))
    column, row, z4, s4 = (g.value(*v) for v in (
        ([1, 1, 1, 8], qg), ([1, 1, 1, 48], qe), ([1, 1, 1, 6], q1), ([1, 1, 1, 4], q2)))
    zf, sf = g.value([1, 6], q1), g.value([1, 4], q2)
    for layer, x, x4, y, y4, full, q in (("dense1", mean, column, z, z4, zf, (qg, q1)),
                                         ("dense2", flat, row, side, s4, sf, (qe, q2))):
        k, n = model.tensor[layer + "/w"][0]
        w, bias = g.weights(model, layer, q, (1, 0))
        g.op(ops.FULLY_CONNECTED, [x, w, bias], full, *options(
            "FullyConnectedOptions", fusedActivationFunction=act.NONE))
        w, bias = g.weights(model, layer, q, (1, 0))
        g.graph.tensors[w].shape = [n, 1, 1, k]
        g.op(ops.RESHAPE, [x, g.ints([1, 1, 1, k])], x4,
             *options("ReshapeOptions", newShape=[1, 1, 1, k]))
        g.op(ops.CONV_2D, [x4, w, bias], y4, *options(
            "Conv2DOptions", strideH=1, strideW=1, padding=same, dilationHFactor=1,
            dilationWFactor=1, fusedActivationFunction=act.NONE))
        g.op(ops.RESHAPE, [y4, g.ints([1, n])], y, *options("ReshapeOptions", newShape=[1, n]))
    g.op(ops.SOFTMAX, [z], probs, *options("SoftmaxOptions", beta=1.0))
    return g.bytes([image], [probs, side, z, zf, sf]), q2


def main():
    model = Model(sys.argv[1])
    content, q = build(model)
    run = Interpreter(model_content=content,
                      experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    run.allocate_tensors()
    image = run.get_input_details()[0]["index"]
    outputs = [o["index"] for o in run.get_output_details()]
    data = open(sys.argv[2], "rb").read()
    data = data[10 + struct.unpack("<H", data[8:10])[0]:]
    off = []
    for at in range(0, len(data), 330):
        pixels = np.frombuffer(data[at:at + 330], np.uint8).astype(np.int16) - 128
        run.set_tensor(image, pixels.astype(np.int8).reshape(1, 11, 10, 3))
        run.invoke()
        probs, side, *full = (run.get_tensor(o)[0].tolist() for o in outputs)
        off += [abs(a - b) for a, b in zip(full[0] + side, full[1] + full[2])]
        y = [(v + 128) / 256 for v in probs] + [f32((v - q.zero) * f32(q.scale)) for v in side]
        print(" ".join("%08x" % struct.unpack("<I", struct.pack("<f", v)) for v in y))
    many = sum(v > 0 for v in off)
    print("FULLY_CONNECTED: %d of %d off by one" % (many, len(off)), file=sys.stderr)
    sys.exit(max(off) > 1 or many > 0.02 * len(off))


main()
