/* dot.c - a graph as a picture: for graphviz (dlc model.dl --emit=dot | dot -Tsvg), and
 * as a Mermaid flowchart, which forges and editors draw inside Markdown. */
#include "graph/op.h"
#include "graph/text.h"
#include "graph/words.h"

static const char *color(const Node *n)
{
    if (n->op == &op_input)
        return "lightblue";
    if (n->op == &op_constant)
        return "gray90";
    if (n->op == &op_group || n->op == &op_scan)
        return "khaki";
    return n->op->flags & OP_CONTRACTION ? "lightsalmon" : "white";
}

static void print_quoted(Out *o, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            out_puts(o, "\\");
        out_write(o, text, 1);
    }
}

static void print_label(const Node *n, const char *line_end, Out *o)
{
    if (n->name != NULL) {
        print_quoted(o, n->name);
        out_puts(o, line_end);
    }
    out_puts(o, n->op->name);
    if (n->op == &op_input)
        out_print(o, " %s", graph_input_words[attr_int(n, "kind")]);
    out_print(o, "%s%s[", line_end, dtype_name(n->dtype));
    for (int i = 0; i < n->shape.rank; i++)
        out_print(o, "%s%lld", i ? ", " : "", (long long)n->shape.dim[i]);
    out_puts(o, "]");
}

void graph_print_dot(const Graph *g, Out *out)
{
    out_puts(out, "digraph \"");
    print_quoted(out, g->name ? g->name : "_");
    out_puts(out, "\" {\n  node [shape=box, style=filled, fontname=monospace];\n");
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        out_print(out, "  n%d [label=\"", n->id);
        print_label(n, "\\n", out);
        out_print(out, "\", fillcolor=%s];\n", color(n));
        for (int j = 0; j < n->n_in; j++)
            out_print(out, "  n%d -> n%d;\n", n->in[j]->id, n->id);
    }
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        out_print(out, "  r%d [label=\"%s\\n", i, graph_result_words[r->kind]);
        print_quoted(out, r->path ? r->path : "");
        out_print(out, "\", shape=ellipse];\n  n%d -> r%d;\n", r->value->id, i);
    }
    out_puts(out, "}\n");
}

void graph_print_mermaid(const Graph *g, int number, Out *out)
{
    if (number == 0)
        out_puts(out, "flowchart TD\n");
    out_print(out, "  subgraph g%d [\"%s\"]\n", number, g->name ? g->name : "_");
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        out_print(out, "    g%dn%d[\"", number, n->id);
        print_label(n, "<br>", out);
        out_puts(out, "\"]\n");
        for (int j = 0; j < n->n_in; j++)
            out_print(out, "    g%dn%d --> g%dn%d\n", number, n->in[j]->id, number,
                      n->id);
    }
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        out_print(out, "    g%dr%d([\"%s<br>%s\"])\n    g%dn%d --> g%dr%d\n", number, i,
                  graph_result_words[r->kind], r->path ? r->path : "", number,
                  r->value->id, number, i);
    }
    out_puts(out, "  end\n");
}
