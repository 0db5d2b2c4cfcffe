/* layer_graph.c - the layers of the nets and where their values go, as text that a
 * training program draws in its report: `net NAME`, then
 * `name|def|shape|parameters|from` for each layer; `from` counts lines of the net from
 * 0. */
#include "emit/emit.h"
#include "graph/op.h"

#include <string.h>

typedef struct Box {
    const char *name, *def;
    Shape shape;
    int64_t params;
    VEC(int) from;
} Box;

typedef VEC(Box) BoxVec;

static int box_of(Arena *a, BoxVec *all, const char *name, const char *def)
{
    for (int i = 0; i < all->n; i++)
        if (str_equal(all->at[i].name, name))
            return i;
    Box b = { .name = name, .def = def };
    vec_push(a, all, b);
    return all->n - 1;
}

static void box_connect(Arena *a, Box *b, int from)
{
    for (int i = 0; i < b->from.n; i++)
        if (b->from.at[i] == from)
            return;
    vec_push(a, &b->from, from);
}

/* The box a node's value comes from; -1: from none, as parameters and constants do.
 * What stands in the net's own body is a box if it joins values, else where its value
 * comes from. */
static int place_of(Arena *a, const ModuleNet *net, const Node *n, const int *place,
                    BoxVec *all)
{
    if (n->op == &op_input)
        return node_is_input(n, INPUT_FIELD)
                   ? box_of(a, all, attr_text(n, "path"), "input")
                   : -1;
    if (n->op == &op_constant)
        return -1;
    const Frame *f = emit_layer_frame(n->frame, net->name);
    if (f != NULL) {
        const char *rest = f->path + strlen(net->name) + 1;
        return box_of(a, all, str_copy(a, rest, strcspn(rest, "/")), f->def);
    }
    int from = -1, joined = 0;
    for (int i = 0; i < n->n_in; i++)
        if (place[n->in[i]->id] >= 0 && place[n->in[i]->id] != from) {
            from = place[n->in[i]->id];
            joined++;
        }
    if (joined < 2)
        return from;
    return box_of(a, all, str_printf(a, "%s %d", n->op->name, n->id), "");
}

static BoxVec boxes_of(Arena *a, const Module *m, const ModuleNet *net)
{
    const Graph *g = net->graph;
    BoxVec all = { 0 };
    int *place = arena_array(a, int, g->node.n + 1);
    for (int i = 0; i < net->n_inputs; i++) {
        int at = box_of(a, &all, net->input[i].name, "input");
        all.at[at].shape = net->input[i].shape;
    }
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        int at = place_of(a, net, n, place, &all);
        place[n->id] = at;
        if (at < 0)
            continue;
        Box *b = &all.at[at];
        if (n->batched && !str_equal(b->def, "input"))
            b->shape = n->shape;
        for (int k = 0; k < n->n_in; k++)
            if (place[n->in[k]->id] >= 0 && place[n->in[k]->id] != at)
                box_connect(a, b, place[n->in[k]->id]);
    }
    for (int i = 0; i < all.n; i++)
        all.at[i].params = emit_count_params(
            m, net, str_printf(a, "%s/%s", net->name, all.at[i].name));
    return all;
}

void emit_layer_graph(Arena *a, const Module *m, Out *out)
{
    for (int i = 0; i < m->net.n; i++) {
        const ModuleNet *net = m->net.at[i];
        BoxVec all = boxes_of(a, m, net);
        out_print(out, "net %s\n", net->name);
        for (int k = 0; k < all.n; k++) {
            const Box *b = &all.at[k];
            const char *name = str_copy(a, b->name, strcspn(b->name, " "));
            out_print(out, "%s|%s|%s|%s|", name, b->def != NULL ? b->def : "",
                      shape_text(a, &b->shape),
                      b->params > 0 ? emit_grouped(a, b->params) : "");
            for (int j = 0; j < b->from.n; j++)
                out_print(out, "%s%d", j > 0 ? " " : "", b->from.at[j]);
            out_puts(out, "\n");
        }
    }
}
