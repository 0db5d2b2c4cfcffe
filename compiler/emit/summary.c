/* summary.c - `--summary`: what Keras' model.summary() prints, and multiply-adds. A
 * layer is what a net's body calls: the first component of the instance path below the
 * net. */
#include "emit/emit.h"
#include "graph/op.h"
#include "graph/region.h"

#include <string.h>

/* A scan does what its region does once for each row. */
static int64_t node_macs(const Node *n)
{
    if (n->body != NULL)
        return emit_macs(n->body) * (n->op == &op_scan ? scan_parts(n).length : 1);
    if ((n->op->flags & OP_CONTRACTION) && n->op->cost != NULL)
        return n->op->cost(n).flops / 2;
    return 0;
}

int64_t emit_macs(const Graph *g)
{
    int64_t macs = 0;
    for (int i = 0; i < g->node.n; i++)
        macs += node_macs(g->node.at[i]);
    return macs;
}

typedef struct Layer {
    const char *name; /* "conv2" */
    const char *def;  /* "conv" */
    Shape shape;      /* of its last value */
    int64_t macs, params;
} Layer;

typedef VEC(Layer) LayerVec;

int64_t emit_count_params(const Module *m, const ModuleNet *net, const char *path)
{
    int64_t count = 0;
    size_t n = strlen(path);
    for (int i = 0; i < net->tensor.n; i++) {
        const ModuleTensor *t = module_tensor(m, net->tensor.at[i]);
        if (t != NULL && t->role == ROLE_PARAM && strncmp(t->path, path, n) == 0 &&
            (t->path[n] == '/' || t->path[n] == '\0' || n == 0))
            count += shape_count(&t->shape);
    }
    return count;
}

/* The outermost frame below the net's own: its path has one more component. */
const Frame *emit_layer_frame(const Frame *frame, const char *net)
{
    size_t n = strlen(net);
    const Frame *found = NULL;
    for (const Frame *f = frame; f != NULL; f = f->parent)
        if (f->path != NULL && strncmp(f->path, net, n) == 0 && f->path[n] == '/')
            found = f;
    return found;
}

static Layer *layer_get(Arena *a, LayerVec *all, const char *name, const char *def)
{
    for (int i = 0; i < all->n; i++)
        if (str_equal(all->at[i].name, name))
            return &all->at[i];
    Layer l = { .name = name, .def = def };
    vec_push(a, all, l);
    return &all->at[all->n - 1];
}

static LayerVec layers_of(Arena *a, const ModuleNet *net)
{
    LayerVec all = { 0 };
    for (int i = 0; i < net->graph->node.n; i++) {
        const Node *n = net->graph->node.at[i];
        const Frame *f = emit_layer_frame(n->frame, net->name);
        if (f == NULL || n->op == &op_input || n->op == &op_constant)
            continue;
        const char *rest = f->path + strlen(net->name) + 1;
        Layer *l = layer_get(a, &all, str_copy(a, rest, strcspn(rest, "/")), f->def);
        if (n->batched)
            l->shape = n->shape;
        l->macs += node_macs(n);
    }
    return all;
}

const char *emit_grouped(Arena *a, int64_t value) /* 93,322 */
{
    char *digits = str_printf(a, "%lld", (long long)value);
    size_t n = strlen(digits);
    Out o;
    out_init(&o, a);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            out_puts(&o, ",");
        out_write(&o, digits + i, 1);
    }
    return out_text(&o);
}

static void print_row(Out *o, const char *name, const char *def, const char *shape,
                      const char *params, const char *macs)
{
    out_print(o, "  %-20s %-14s %-18s %12s %14s\n", name, def, shape, params, macs);
}

static void print_net(Arena *a, const Module *m, const ModuleNet *net, Out *o)
{
    LayerVec all = layers_of(a, net);
    int64_t params = emit_count_params(m, net, net->name), states = 0;
    out_print(o, "net %s\n", net->name);
    print_row(o, "layer", "def", "output", "parameters", "multiply-adds");
    for (int i = 0; i < net->n_inputs; i++)
        print_row(o, net->input[i].name, "input", shape_text(a, &net->input[i].shape),
                  "", "");
    for (int i = 0; i < all.n; i++) {
        const Layer *l = &all.at[i];
        int64_t own =
            emit_count_params(m, net, str_printf(a, "%s/%s", net->name, l->name));
        print_row(o, l->name, l->def ? l->def : "", shape_text(a, &l->shape),
                  own > 0 ? emit_grouped(a, own) : "",
                  l->macs > 0 ? emit_grouped(a, l->macs) : "");
    }
    for (int i = 0; i < net->tensor.n; i++) {
        const ModuleTensor *t = module_tensor(m, net->tensor.at[i]);
        if (t != NULL && t->role == ROLE_STATE)
            states += shape_count(&t->shape);
    }
    out_print(o, "  total: %s parameters (%s bytes)", emit_grouped(a, params),
              emit_grouped(a, 4 * params));
    if (states > 0)
        out_print(o, ", %s numbers of state", emit_grouped(a, states));
    out_print(o, ", %s multiply-adds\n", emit_grouped(a, emit_macs(net->graph)));
}

void emit_summary(Arena *a, const Module *m, Out *out)
{
    for (int i = 0; i < m->net.n; i++) {
        out_puts(out, i > 0 ? "\n" : "");
        print_net(a, m, m->net.at[i], out);
    }
}
