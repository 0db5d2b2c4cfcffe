/* verify.c - structure, types and stage of a graph. Reports all defects, one a line. */
#include "graph/op.h"
#include "graph/text.h"

#include "support/str.h"

typedef struct Verify {
    const Graph *graph;
    Arena *arena;
    Out out;
} Verify;

static const char *name_of(const Verify *v, const Node *n)
{
    return n->name ? str_printf(v->arena, "%s (%s)", n->name, n->op->name)
                   : str_printf(v->arena, "v%d (%s)", n->id, n->op->name);
}

static void verify_structure(Verify *v, const Node *n, int i)
{
    if (n->id != i)
        out_print(&v->out, "%s: id %d at place %d\n", name_of(v, n), n->id, i);
    for (int j = 0; j < n->n_in; j++) {
        const Node *in = n->in[j];
        bool known = in->id >= 0 && in->id < i && v->graph->node.at[in->id] == in;
        if (!known)
            out_print(&v->out, "%s: operand %d is not an older node of this graph\n",
                      name_of(v, n), j);
    }
}

static void verify_type(Verify *v, const Node *n)
{
    NodeType type = { .dtype = n->dtype };
    DiagSink *sink = diag_sink_new(v->arena);
    if (n->op->shape == NULL)
        return;
    if (!n->op->shape(n, &type, sink)) {
        out_print(&v->out, "%s: %s\n", name_of(v, n),
                  diag_count(sink) ? diag_message(sink, 0) : "refused");
        return;
    }
    if (type.dtype != n->dtype || !shape_equal(&type.shape, &n->shape))
        out_print(&v->out, "%s: is %s%s, its operands make %s%s\n", name_of(v, n),
                  dtype_name(n->dtype), shape_text(v->arena, &n->shape),
                  dtype_name(type.dtype), shape_text(v->arena, &type.shape));
}

static void verify_stage(Verify *v, const Node *n)
{
    Stage stage = v->graph->stage;
    if (stage >= STAGE_BATCHED && (n->op->flags & OP_SAMPLE_ONLY))
        out_print(&v->out, "%s: belongs to one sample\n", name_of(v, n));
    if (stage >= STAGE_DIFF && n->op == &op_grad)
        out_print(&v->out, "%s: gradients are resolved by now\n", name_of(v, n));
    bool leaf = n->op == &op_input || n->op == &op_constant || n->op == &op_result ||
                n->op == &op_group;
    if (stage == STAGE_GROUPED && !leaf)
        out_print(&v->out, "%s: stands outside of any group\n", name_of(v, n));
}

static void verify_region(Verify *v, const Node *n)
{
    int inputs = 0;
    for (int i = 0; i < n->body->node.n; i++) {
        const Node *b = n->body->node.at[i];
        if (b->op != &op_input)
            continue;
        if (inputs < n->n_in && (b->dtype != n->in[inputs]->dtype ||
                                 !shape_equal(&b->shape, &n->in[inputs]->shape)))
            out_print(&v->out, "%s: operand %d differs from the region's\n",
                      name_of(v, n), inputs);
        inputs++;
    }
    if (inputs != n->n_in)
        out_print(&v->out, "%s: %d operands, the region takes %d\n", name_of(v, n),
                  n->n_in, inputs);
    const char *inner = graph_verify(n->body, v->arena);
    if (inner != NULL)
        out_print(&v->out, "in the region of %s:\n%s", name_of(v, n), inner);
}

const char *graph_verify(const Graph *g, Arena *scratch)
{
    Verify v = { .graph = g, .arena = scratch };
    out_init(&v.out, scratch);
    Map *names = map_new(scratch);
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        verify_structure(&v, n, i);
        if (v.out.length > 0)
            continue; /* types of broken structure mean nothing */
        verify_type(&v, n);
        verify_stage(&v, n);
        if (n->name != NULL && map_has(names, n->name))
            out_print(&v.out, "two nodes are called %s\n", n->name);
        if (n->name != NULL)
            map_put(names, n->name, &v);
        if (n->body != NULL)
            verify_region(&v, n);
    }
    for (int i = 0; i < g->result.n; i++) {
        const Node *value = g->result.at[i].value;
        if (value->id < 0 || value->id >= g->node.n || g->node.at[value->id] != value)
            out_print(&v.out, "result %d is not a node of this graph\n", i);
    }
    return v.out.length > 0 ? out_text(&v.out) : NULL;
}
