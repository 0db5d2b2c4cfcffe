/* tail.c - see tail.h. */
#include "kernels/int8/tail.h"

#include "graph/build.h"

typedef struct Chain {
    Lowering *w;
    const Node *at;   /* as far as it was followed */
    const Node *next; /* what alone reads it; NULL: several, or a result */
    int64_t features;
} Chain;

static void advance(Chain *c, const Node *to)
{
    c->at = to;
    c->next = graph_only_reader(c->w->body, to);
}

static bool is_next(const Chain *c, const Op *op)
{
    return c->next != NULL && c->next->op == op;
}

/* One number, or one for each element of the last axis; NULL: no constant. */
static const Tensor *constant_of(const Chain *c, const Node *n)
{
    while (n->op == &op_broadcast)
        n = n->in[0];
    const Tensor *t =
        n->op == &op_constant ? attr_tensor(n, "value") : lower_constant(c->w, n);
    if (t == NULL)
        return NULL;
    int64_t count = shape_count(&t->shape);
    bool last = count == c->features && t->shape.dim[t->shape.rank - 1] == count;
    return count == 1 || last ? t : NULL;
}

/* The other operand of the next node, a constant. */
static const Tensor *other(const Chain *c)
{
    return constant_of(c, c->next->in[c->next->in[0] == c->at ? 1 : 0]);
}

/* Passes a node `op` with one number; false: it is another node. */
static bool take_number(Chain *c, const Op *op, int32_t *number)
{
    const Tensor *t = is_next(c, op) ? other(c) : NULL;
    if (t == NULL || shape_count(&t->shape) != 1)
        return false;
    *number = (int32_t)t->at[0];
    advance(c, c->next);
    return true;
}

static bool take_rescale(Chain *c, Tail *t)
{
    if (!is_next(c, &op_rescale) || c->next->in[0] != c->at)
        return false;
    t->multiplier = constant_of(c, c->next->in[1]);
    t->shift = constant_of(c, c->next->in[2]);
    advance(c, c->next);
    return t->multiplier != NULL && t->shift != NULL;
}

Tail tail_match(Lowering *w, const Node *n)
{
    Tail none = { 0 }, t = { .low = INT8_MIN, .high = INT8_MAX };
    if (w->body == NULL)
        return none;
    Chain c = { .w = w, .features = n->shape.dim[n->shape.rank - 1] };
    advance(&c, n);
    if (is_next(&c, &op_add)) {
        t.bias = other(&c);
        if (t.bias == NULL)
            return none;
        advance(&c, c.next);
    }
    if (!take_rescale(&c, &t))
        return none;
    take_number(&c, &op_add, &t.zero);
    take_number(&c, &op_max, &t.low);
    take_number(&c, &op_min, &t.high);
    if (!is_next(&c, &op_cast) || c.next->dtype != DTYPE_I8)
        return none;
    t.last = c.next;
    const Node *end = w->body->result.at[0].value;
    while (end->op == &op_reshape)
        end = end->in[0];
    t.alone = w->body->result.n == 1 && end == t.last;
    t.low = t.low < INT8_MIN ? INT8_MIN : t.low;
    t.high = t.high > INT8_MAX ? INT8_MAX : t.high;
    return t;
}

bool tail_is_integer(const Lowering *w)
{
    for (int i = 0; w->body != NULL && i < w->body->node.n; i++)
        if (dtype_is_float(w->body->node.at[i]->dtype))
            return false;
    return true;
}

int32_t tail_element(const Tensor *t, int64_t feature)
{
    if (t == NULL)
        return 0;
    return (int32_t)t->at[shape_count(&t->shape) == 1 ? 0 : feature];
}
