/* dot.c - a graph as Graphviz text. */
#include "graph/op.h"
#include "graph/text.h"

static void print_label(Out *o, const Graph *g, const Node *n)
{
    const char *path = n->op == &op_input ? attr_text(n, "path") : NULL;
    out_print(o, "  n%d [label=\"%s\\n%s%s\"%s];\n", n->id,
              path ? path : n->name ? n->name : n->op->name, dtype_name(n->dtype),
              shape_text(g->arena, &n->shape), n->op == &op_input ? ", shape=box" : "");
}

void graph_print_dot(const Graph *g, Out *out)
{
    out_print(out, "digraph \"%s\" {\n  rankdir=TB;\n", g->name ? g->name : "");
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        print_label(out, g, n);
        for (int j = 0; j < n->n_in; j++)
            out_print(out, "  n%d -> n%d;\n", n->in[j]->id, n->id);
    }
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        out_print(out, "  r%d [label=\"%s\", shape=ellipse, style=bold];\n", i,
                  r->path ? r->path : "");
        out_print(out, "  n%d -> r%d;\n", r->value->id, i);
    }
    out_puts(out, "}\n");
}
