/* graph_vectors.c - graph_vectors PART.dl PART.txt TOLERANCE [--fault]
 *
 * Evaluates each net by the graph interpreter, in f64, and compares it with ONNX's own
 * outputs. With --fault the first number of each output is wrong, and all must be
 * found. */
#include "front/module.h"
#include "graph/op.h"
#include "interp/graph_interp.h"
#include "vectors.h"

static char *read_text(const char *path, uint32_t *length)
{
    FILE *f = fopen(path, "rb");
    char *text = malloc(1 << 24);
    if (f == NULL || text == NULL) {
        printf("cannot read %s\n", path);
        exit(2);
    }
    *length = (uint32_t)fread(text, 1, (1 << 24) - 1, f);
    text[*length] = '\0';
    fclose(f);
    return text;
}

static Module *module_of(Arena *a, const char *path)
{
    uint32_t length;
    const char *text = read_text(path, &length);
    ElaborateOptions options = { .load = NULL };
    DiagSink *sink = diag_sink_new(a);
    Source *s = source_new(a, path, path, text, length);
    Ast *tree = ast_parse(a, s, sink);
    Module *m = tree == NULL ? NULL : elaborate(a, s, tree, &options, sink);
    for (int i = 0; m == NULL && i < diag_count(sink); i++)
        printf("%s\n", diag_message(sink, i));
    return m;
}

static double net_error(Arena *a, const ModuleNet *net, Vectors *v, bool fault)
{
    Graph *g = graph_rebuild(net->graph, NULL, NULL, true);
    Tensor **in = arena_array(a, Tensor *, g->node.n);
    for (int i = 0, at = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->op != &op_input)
            continue;
        const Numbers *x = &v->tensor[at++];
        in[i] = tensor_new(a, n->dtype, n->shape);
        if (at > v->n_in || x->n != shape_count(&n->shape))
            return INFINITY;
        memcpy(in[i]->at, x->at, (size_t)x->n * sizeof *x->at);
    }
    Tensor **y = graph_evaluate(g, in, a);
    double worst = 0;
    for (int i = 0; i < v->n_out; i++) {
        const Numbers *want = &v->tensor[v->n_in + i];
        if (want->n != shape_count(&y[i]->shape))
            return INFINITY;
        y[i]->at[0] += fault ? 1 + fabs(y[i]->at[0]) : 0;
        worst = fmax(worst, vectors_error(want, y[i]->at));
    }
    return worst;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    bool fault = argc > 4;
    double tolerance = atof(argv[3]), worst = 0;
    Arena *a = arena_create("vectors");
    Module *m = module_of(a, argv[1]);
    FILE *f = fopen(argv[2], "r");
    if (m == NULL || f == NULL)
        return 1;
    int n = 0, failed = 0;
    for (Vectors v; vectors_read(f, &v); vectors_free(&v), n++) {
        double error = n < m->net.n ? net_error(a, m->net.at[n], &v, fault) : INFINITY;
        if (!(error <= tolerance))
            printf("%s: off by %.3g\n", v.name, error), failed++;
        else
            worst = fmax(worst, error);
    }
    fclose(f);
    printf("graph %d nets %d off %d worst %.2e\n", m->net.n, n, failed, worst);
    return fault ? failed != n : failed > 0 || n != m->net.n;
}
