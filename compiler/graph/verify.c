/* verify.c - structure, types and stage of a graph. Reports all defects, one a line. */
#include "graph/op.h"
#include "graph/region.h"
#include "graph/text.h"

#include "support/str.h"

typedef struct Verify {
    const Graph *graph;
    Arena *arena;
    Out out;
    Map *names;
    Stage stage;
    bool is_region; /* the body of a group or scan */
    bool broken;
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

static void verify_counts(Verify *v, const Node *n)
{
    int want = 0;
    while (want < OP_MAX_OPERANDS && n->op->operand[want].name != NULL)
        want++;
    bool variadic = (n->op->flags & OP_VARIADIC) != 0;
    bool fits = variadic ? n->n_in >= 1 || n->op == &op_group : n->n_in == want;
    if (!fits)
        out_print(&v->out, "%s: %d operands\n", name_of(v, n), n->n_in);
    if (n->op == &op_constant && attr_tensor(n, "value") == NULL)
        out_print(&v->out, "%s: no numbers\n", name_of(v, n));
    if ((n->body != NULL) != (n->op == &op_group || n->op == &op_scan))
        out_print(&v->out, "%s: %s region\n", name_of(v, n),
                  n->body != NULL ? "has a" : "has no");
    bool operand = node_is_input(n, INPUT_OPERAND);
    if (n->op == &op_input && operand != v->is_region)
        out_print(&v->out, "%s: %s\n", name_of(v, n),
                  operand ? "an operand outside of a region"
                          : "an input inside a region");
}

/* Before graph_batch the marks say what gets an axis: whatever depends on the sample,
 * until the batch is reduced. Gradients are marked like what they are taken by. */
static void verify_mark(Verify *v, const Node *n)
{
    bool reduces = (n->op->flags & OP_SAMPLE_ONLY) != 0 || n->op == &op_grad ||
                   (n->op == &op_result && !node_is_scan_result(n));
    if (node_is_scan_result(n) && !n->batched) {
        int64_t index = attr_int(n, "index");
        reduces = index < n->in[0]->body->result.n &&
                  !n->in[0]->body->result.at[index].value->batched;
    }
    if (v->stage != STAGE_SAMPLE || n->batched || reduces)
        return;
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i]->batched)
            out_print(&v->out, "%s: depends on the sample, but is not marked\n",
                      name_of(v, n));
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
    Stage stage = v->stage;
    if (stage >= STAGE_BATCHED && (n->op->flags & OP_SAMPLE_ONLY))
        out_print(&v->out, "%s: belongs to one sample\n", name_of(v, n));
    if (stage >= STAGE_DIFF && n->op == &op_grad)
        out_print(&v->out, "%s: gradients are resolved by now\n", name_of(v, n));
    bool leaf = n->op == &op_input || n->op == &op_constant || n->op == &op_result ||
                n->op == &op_group || n->op == &op_scan;
    if (stage == STAGE_GROUPED && !leaf)
        out_print(&v->out, "%s: stands outside of any group\n", name_of(v, n));
}

static const char *verify(const Graph *g, Arena *scratch, Stage stage, bool is_region);

/* The operands of a group, one by one; those of a scan are its shape rule's matter. */
static void verify_operands(Verify *v, const Node *n)
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
}

static void verify_region(Verify *v, const Node *n)
{
    bool loop = n->op == &op_scan;
    if (!loop)
        verify_operands(v, n);
    const char *inner = verify(n->body, v->arena, loop ? v->stage : STAGE_DIFF, true);
    if (inner != NULL)
        out_print(&v->out, "in the region of %s:\n%s", name_of(v, n), inner);
}

static void verify_node(Verify *v, const Node *n, int i)
{
    size_t before = v->out.length;
    verify_structure(v, n, i);
    verify_counts(v, n);
    if (v->out.length > before || v->broken) {
        v->broken = true; /* types of broken structure mean nothing */
        return;
    }
    verify_type(v, n);
    verify_stage(v, n);
    verify_mark(v, n);
    if (n->name != NULL && map_has(v->names, n->name))
        out_print(&v->out, "two nodes are called %s\n", n->name);
    if (n->name != NULL)
        map_put(v->names, n->name, v);
    if (n->body != NULL)
        verify_region(v, n);
}

static const char *verify(const Graph *g, Arena *scratch, Stage stage, bool is_region)
{
    Verify v = { .graph = g, .arena = scratch, .stage = stage, .is_region = is_region };
    out_init(&v.out, scratch);
    v.names = map_new(scratch);
    for (int i = 0; i < g->node.n; i++)
        verify_node(&v, g->node.at[i], i);
    for (int i = 0; i < g->result.n; i++) {
        const Node *value = g->result.at[i].value;
        if (value->id < 0 || value->id >= g->node.n || g->node.at[value->id] != value)
            out_print(&v.out, "result %d is not a node of this graph\n", i);
    }
    return v.out.length > 0 ? out_text(&v.out) : NULL;
}

const char *graph_verify(const Graph *g, Arena *scratch)
{
    return verify(g, scratch, g->stage, false);
}
