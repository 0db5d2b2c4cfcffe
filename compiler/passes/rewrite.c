/* rewrite.c - see rewrite.h. */
#include "passes/rewrite.h"
#include "passes/group.h"
#include "support/hash.h"
#include "support/str.h"

#include <string.h>

bool node_is_number(const Node *x, double *value)
{
    while (x->op == &op_broadcast || x->op == &op_reshape)
        x = x->in[0];
    if (!constant_is_uniform(x))
        return false;
    *value = attr_tensor(x, "value")->at[0];
    return true;
}

bool node_is_exactly(const Node *x, double value)
{
    double v = 0;
    return node_is_number(x, &v) && v == value;
}

Node *number_like(Graph *g, const Node *x, double value)
{
    Tensor *t = tensor_new(g->arena, x->dtype, shape_of(0, NULL));
    t->at[0] = dtype_round(x->dtype, value);
    return build_broadcast(g, build_constant(g, t), x->shape);
}

const Tensor *last_axis_constant(const Node *x)
{
    int rank = x->shape.rank;
    while (x->op == &op_broadcast || x->op == &op_reshape) {
        if (x->op == &op_reshape && shape_count(&x->shape) > 1 &&
            x->in[0]->shape.rank > 0 && x->shape.rank > 0 &&
            x->in[0]->shape.dim[x->in[0]->shape.rank - 1] !=
                x->shape.dim[x->shape.rank - 1])
            return NULL;
        x = x->in[0];
    }
    if (x->op != &op_constant || rank == 0)
        return NULL;
    const Tensor *t = attr_tensor(x, "value");
    int last = t->shape.rank - 1;
    int64_t count = shape_count(&t->shape);
    if (count != 1 && t->shape.dim[last] != count)
        return NULL;
    return t;
}

double axis_element(const Tensor *t, int64_t i)
{
    return t->at[shape_count(&t->shape) == 1 ? 0 : i];
}

Node *take_place(const Node *n, Node *y, int before)
{
    if (y && y->id >= before) {
        if (!y->name)
            y->name = n->name;
        if (!y->path)
            y->path = n->path;
        y->batched = n->batched;
    }
    return y;
}

static bool attr_equal(const AttrSpec *spec, const AttrValue *a, const AttrValue *b)
{
    switch (spec->kind) {
    case ATTR_INT:
    case ATTR_BOOL:
    case ATTR_DTYPE:
        return a->i == b->i;
    case ATTR_FLOAT:
        return memcmp(&a->f, &b->f, sizeof a->f) == 0;
    case ATTR_TEXT:
        return a->text == b->text ||
               (a->text && b->text && str_equal(a->text, b->text));
    case ATTR_INTS:
        return a->ints.n == b->ints.n &&
               (a->ints.n == 0 || !memcmp(a->ints.at, b->ints.at,
                                          (size_t)a->ints.n * sizeof *a->ints.at));
    case ATTR_TENSOR: {
        const Tensor *x = a->tensor, *y = b->tensor;
        return x == y ||
               (x->dtype == y->dtype && shape_equal(&x->shape, &y->shape) &&
                !memcmp(x->at, y->at, (size_t)shape_count(&x->shape) * sizeof *x->at));
    }
    }
    return false;
}

bool node_equal(const Node *a, const Node *b)
{
    if (a->op != b->op || a->n_in != b->n_in || a->dtype != b->dtype || a->body ||
        b->body || a->bound != b->bound || !shape_equal(&a->shape, &b->shape))
        return false;
    for (int i = 0; i < a->n_in; i++)
        if (a->in[i] != b->in[i])
            return false;
    for (int i = 0; i < OP_MAX_ATTRS && a->op->attr[i].name; i++)
        if (!attr_equal(&a->op->attr[i], &a->attr[i], &b->attr[i]))
            return false;
    return true;
}

static uint64_t hash_int(uint64_t h, int64_t v)
{
    return hash_bytes(h, &v, sizeof v);
}

uint64_t node_hash(const Node *n)
{
    uint64_t h = hash_int(HASH_START, n->op->code);
    for (int i = 0; i < n->n_in; i++)
        h = hash_int(h, n->in[i]->id);
    for (int i = 0; i < OP_MAX_ATTRS && n->op->attr[i].name; i++) {
        const AttrValue *v = &n->attr[i];
        switch (n->op->attr[i].kind) {
        case ATTR_INT:
        case ATTR_BOOL:
        case ATTR_DTYPE:
            h = hash_int(h, v->i);
            break;
        case ATTR_FLOAT:
            h = hash_bytes(h, &v->f, sizeof v->f);
            break;
        case ATTR_TEXT:
            h = hash_bytes(h, v->text ? v->text : "", v->text ? strlen(v->text) : 0);
            break;
        case ATTR_INTS:
            for (int j = 0; j < v->ints.n; j++)
                h = hash_int(h, v->ints.at[j]);
            break;
        case ATTR_TENSOR:
            h = hash_bytes(h, v->tensor->at, sizeof *v->tensor->at);
            break;
        }
    }
    return h;
}
