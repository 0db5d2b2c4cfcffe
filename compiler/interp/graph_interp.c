/* graph_interp.c - see graph_interp.h. */
#include "interp/graph_interp.h"

#include "graph/op.h"
#include "graph/region.h"
#include "support/bug.h"

#include <string.h>

/* The results of a node with a region, kept for its `result` nodes. */
typedef struct State {
    Arena *arena;
    Tensor **value;   /* by node id */
    Tensor ***region; /* by node id: results of the node's body */
} State;

static const char *path_of(const Node *input)
{
    const char *path = attr_text(input, "path");
    return path ? path : "";
}

static Tensor *value_of(const State *s, const Node *n)
{
    if (s->value[n->id] == NULL)
        BUG("%s %s has no value", n->op->name, n->op == &op_input ? path_of(n) : "");
    return s->value[n->id];
}

static Tensor *evaluate_op(State *s, const Node *n)
{
    const Tensor **in = arena_array(s->arena, const Tensor *, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        in[i] = value_of(s, n->in[i]);
    Tensor *y = tensor_new(s->arena, n->dtype, n->shape);
    if (n->op->eval == NULL)
        BUG("op %s cannot be evaluated", n->op->name);
    n->op->eval(n, in, y);
    if (!dtype_is_float(n->dtype))
        for (int64_t i = 0; i < shape_count(&n->shape); i++)
            y->at[i] = dtype_round(n->dtype, y->at[i]);
    return y;
}

/* The body's inputs are the operands in order. */
static Tensor **evaluate_region(State *s, const Node *n)
{
    const Graph *body = n->body;
    Tensor **input = arena_array(s->arena, Tensor *, body->node.n);
    for (int i = 0, operand = 0; i < body->node.n; i++) {
        if (body->node.at[i]->op != &op_input)
            continue;
        if (operand >= n->n_in)
            BUG("region of %s has more inputs than operands", n->op->name);
        input[i] = value_of(s, n->in[operand++]);
    }
    return graph_evaluate(body, input, s->arena);
}

static Tensor *copy_of(Arena *a, const Tensor *x)
{
    Tensor *y = tensor_new(a, x->dtype, x->shape);
    memcpy(y->at, x->at, (size_t)shape_count(&x->shape) * sizeof *y->at);
    return y;
}

/* Row i of x. */
static Tensor *row_of(Arena *a, const Tensor *x, int64_t i)
{
    Shape shape = { .rank = x->shape.rank - 1 };
    for (int d = 0; d < shape.rank; d++)
        shape.dim[d] = x->shape.dim[d + 1];
    Tensor *y = tensor_new(a, x->dtype, shape);
    int64_t count = shape_count(&shape);
    memcpy(y->at, x->at + i * count, (size_t)count * sizeof *y->at);
    return y;
}

static void keep_row(Tensor *y, int64_t i, const Tensor *row)
{
    int64_t count = shape_count(&row->shape);
    memcpy(y->at + i * count, row->at, (size_t)count * sizeof *y->at);
}

/* One step: carries in `result` become the next ones, rows go to the ys. */
static void evaluate_step(const State *s, const Node *n, const ScanParts *p, int64_t i,
                          Tensor **result)
{
    const Graph *body = n->body;
    Arena *work = arena_create("step");
    Tensor **input = arena_array(work, Tensor *, body->node.n);
    for (int j = 0; j < n->n_in; j++) {
        bool row = j >= p->carries && j < p->carries + p->rows;
        Tensor *x = j < p->carries ? copy_of(work, result[j]) : value_of(s, n->in[j]);
        input[region_input(body, j)->id] = row ? row_of(work, x, i) : x;
    }
    Tensor **out = graph_evaluate(body, input, work);
    for (int j = p->carries; j < body->result.n; j++)
        keep_row(result[j], i, out[j]);
    for (int j = 0; j < p->carries; j++)
        memcpy(result[j]->at, out[j]->at,
               (size_t)shape_count(&out[j]->shape) * sizeof *out[j]->at);
    arena_destroy(work);
}

static Tensor **evaluate_scan(const State *s, const Node *n)
{
    ScanParts p = scan_parts(n);
    Tensor **result = arena_array(s->arena, Tensor *, n->body->result.n);
    for (int j = 0; j < n->body->result.n; j++) {
        const Node *value = n->body->result.at[j].value;
        Shape shape = { .rank = value->shape.rank + 1, .dim = { p.length } };
        for (int d = 0; d < value->shape.rank; d++)
            shape.dim[d + 1] = value->shape.dim[d];
        result[j] = j < p.carries ? copy_of(s->arena, value_of(s, n->in[j]))
                                  : tensor_new(s->arena, value->dtype, shape);
    }
    for (int64_t i = 0; i < p.length; i++)
        evaluate_step(s, n, &p, p.reverse ? p.length - 1 - i : i, result);
    return result;
}

static void evaluate_node(State *s, const Node *n, Tensor *const *input)
{
    if (n->op == &op_input) {
        s->value[n->id] = input[n->id]; /* NULL: nothing may ask for it */
        if (input[n->id] && !shape_equal(&input[n->id]->shape, &n->shape))
            BUG("input %s gets shape %s", path_of(n),
                shape_text(s->arena, &input[n->id]->shape));
    } else if (n->body != NULL) {
        s->region[n->id] =
            n->op == &op_scan ? evaluate_scan(s, n) : evaluate_region(s, n);
        s->value[n->id] = s->region[n->id][0];
    } else if (n->op == &op_result) {
        s->value[n->id] = s->region[n->in[0]->id][attr_int(n, "index")];
    } else if (n->op == &op_extern) {
        BUG("the interpreter cannot call the C function %s", attr_text(n, "function"));
    } else {
        s->value[n->id] = evaluate_op(s, n);
    }
}

Tensor **graph_evaluate(const Graph *g, Tensor *const *input, Arena *a)
{
    State s = { .arena = a };
    s.value = arena_array(a, Tensor *, g->node.n);
    s.region = arena_array(a, Tensor **, g->node.n);
    for (int i = 0; i < g->node.n; i++)
        evaluate_node(&s, g->node.at[i], input);
    Tensor **result = arena_array(a, Tensor *, g->result.n);
    for (int i = 0; i < g->result.n; i++)
        result[i] = value_of(&s, g->result.at[i].value);
    return result;
}
