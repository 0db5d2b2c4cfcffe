"""ONNX's recurrent layers: cells as dl, run over time by `scan`, with a batch beside time.
Gates stand one below the other in the weights, in ONNX's order; biases of the input and of
the state follow each other."""
from translate import Value, op, transposed

DEFS = '''
def onnx_rnn(x: [n, i], w: [h, i], r: [h, h], b: [h]) -> y: [n, h] {
    state s: [n, h] = zeros
    y = tanh(x @ transpose(w) + s @ transpose(r) + b)
    s <- y
}

def onnx_gru(x: [n, i], w: [g, i], r: [g, h], b: [g], d: [g]) -> y: [n, h] {
    state s: [n, h] = zeros
    a = x @ transpose(w) + b
    u = s @ transpose(r[0..2 * h, ..]) + d[0..2 * h]
    z = sigmoid(a[0..n, 0..h] + u[0..n, 0..h])
    reset = sigmoid(a[0..n, h..2 * h] + u[0..n, h..2 * h])
    c = tanh(a[0..n, 2 * h..3 * h] + (reset * s) @ transpose(r[2 * h..3 * h, ..]) + d[2 * h..3 * h])
    y = (1 - z) * c + z * s
    s <- y
}

def onnx_lstm(x: [n, i], w: [g, i], r: [g, h], b: [g], p: [q]) -> y: [n, h] {
    state s: [n, h] = zeros
    state c: [n, h] = zeros
    a = x @ transpose(w) + s @ transpose(r) + b
    enter = sigmoid(a[0..n, 0..h] + p[0..h] * c)
    keep = sigmoid(a[0..n, 2 * h..3 * h] + p[2 * h..3 * h] * c)
    now = keep * c + enter * tanh(a[0..n, 3 * h..4 * h])
    y = sigmoid(a[0..n, h..2 * h] + p[h..2 * h] * now) * tanh(now)
    c <- now
    s <- y
}
'''
GATES = {'RNN': 1, 'GRU': 3, 'LSTM': 4}



def is_nothing(*values):
    """First states of zero, and lengths that are the whole."""
    return all(v is None or not any(v.constant) for v in values)


@op('RNN', 'GRU', 'LSTM')
def recurrent(node, x, w, r, b=None, lengths=None, h=None, c=None, peep=None):
    get, batch_first = node.attribute.get, node.attribute.get('layout', 0) == 1
    forms = ('activations', 'activation_alpha', 'activation_beta', 'clip', 'linear_before_reset',
             'input_forget')
    if w.shape[0] != 1 or any(get(k) for k in forms) or not is_nothing(h, c):
        return None
    size = r.shape[2]
    rows = GATES[node.op] * size
    if batch_first:
        x = transposed(x, [1, 0, 2])
    steps, batch = x.shape[:2]
    if lengths is not None and any(n != steps for n in lengths.constant):
        return None
    first, second = ('full(0, [%d])' % rows if b is None else
                     '%s[0, %d..%d]' % (b, at, at + rows) for at in (0, rows))
    cell = {'RNN': 'onnx_rnn(%s[0], %s[0], %s + %s)' % (w, r, first, second),
            'GRU': 'onnx_gru(%s[0], %s[0], %s, %s)' % (w, r, first, second),
            'LSTM': 'onnx_lstm(%s[0], %s[0], %s + %s, %s)' % (
                w, r, first, second,
                '%s[0]' % peep if peep else 'full(0, [%d])' % (3 * size))}[node.op]
    all_rows = Value('scan(%s, %s)' % (x, cell), [steps, batch, size])
    last = Value('(%s)[%d]' % (all_rows, steps - 1), [batch, size])
    if batch_first:
        y = Value('reshape(rearrange(%s, "t n h -> n t h"), %s)' % (
            all_rows, [batch, steps, 1, size]), [batch, steps, 1, size])
        end = Value('reshape(%s, %s)' % (last, [batch, 1, size]), [batch, 1, size])
    else:
        y = Value('reshape(%s, %s)' % (all_rows, [steps, 1, batch, size]), [steps, 1, batch, size])
        end = Value('reshape(%s, %s)' % (last, [1, batch, size]), [1, batch, size])
    return [v for v, name in zip([y, end], node.output) if name]
