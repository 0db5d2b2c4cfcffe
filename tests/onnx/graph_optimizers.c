/* graph_optimizers.c - graph_optimizers OPT.dl OPT.txt TOLERANCE
 *
 * One training step in f64: the graph of the step, batched and differentiated, from the
 * states of a vector to its outputs. */
#include "front/module.h"
#include "graph/op.h"
#include "interp/graph_interp.h"
#include "passes/pipeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 32 };

typedef struct Line {
    bool is_input;
    char path[128];
    int n;
    double at[MOST];
} Line;

typedef struct Lines {
    int n;
    Line line[MOST];
} Lines;

static void read_lines(const char *path, Lines *lines)
{
    FILE *f = fopen(path, "r");
    char direction[8];
    while (f != NULL && lines->n < MOST) {
        Line *l = &lines->line[lines->n];
        if (fscanf(f, "%7s %127s %d", direction, l->path, &l->n) != 3 || l->n > MOST)
            break;
        l->is_input = strcmp(direction, "in") == 0;
        for (int k = 0; k < l->n; k++)
            if (fscanf(f, "%lf", &l->at[k]) != 1)
                exit(2);
        lines->n++;
    }
    if (f != NULL)
        fclose(f);
}

static const Line *line_of(const Lines *lines, const char *path, bool is_input)
{
    for (int i = 0; i < lines->n; i++)
        if (lines->line[i].is_input == is_input &&
            strcmp(lines->line[i].path, path) == 0)
            return &lines->line[i];
    return NULL;
}

static const Graph *step_of(Arena *a, const char *path)
{
    char *text = arena_alloc(a, 1 << 16);
    FILE *f = fopen(path, "rb");
    uint32_t n = f == NULL ? 0 : (uint32_t)fread(text, 1, (1 << 16) - 1, f);
    text[n] = '\0';
    if (f != NULL)
        fclose(f);
    ElaborateOptions options = { .load = NULL };
    DiagSink *sink = diag_sink_new(a);
    Source *s = source_new(a, path, path, text, n);
    Ast *tree = ast_parse(a, s, sink);
    Module *m = tree == NULL ? NULL : elaborate(a, s, tree, &options, sink);
    if (m == NULL || m->train.n != 1) {
        printf("%s\n", diag_count(sink) > 0 ? diag_message(sink, 0) : "no step");
        exit(1);
    }
    PipelineOptions o = { .target = target_find("c99"),
                          .only = "graph_batch,graph_autodiff" };
    PipelineResult result;
    if (!pipeline_run(a, arena_create("scratch"), m->train.at[0]->step, 1, &o, sink,
                      &result))
        exit(1);
    return result.graph;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    Arena *a = arena_create("optimizers");
    static Lines lines;
    read_lines(argv[2], &lines);
    const Graph *g = step_of(a, argv[1]);
    Tensor **in = arena_array(a, Tensor *, g->node.n);
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->op != &op_input)
            continue;
        const Line *l = line_of(&lines, attr_text(n, "path"), true);
        in[i] = tensor_new(a, n->dtype, n->shape);
        for (int k = 0; l != NULL && k < l->n; k++)
            in[i]->at[k] = l->at[k];
    }
    Tensor **y = graph_evaluate(g, in, a);
    double tolerance = atof(argv[3]), worst = 0;
    int checked = 0, failed = 0;
    for (int i = 0; i < g->result.n; i++) {
        const Line *l = line_of(&lines, g->result.at[i].path, false);
        for (int k = 0; l != NULL && k < l->n; k++, checked++) {
            double error = fabs(y[i]->at[k] - l->at[k]) / fmax(1, fabs(l->at[k]));
            worst = fmax(worst, error);
            if (!(error <= tolerance))
                printf("%s: %.9g, should be %.9g\n", l->path, y[i]->at[k], l->at[k]),
                    failed++;
        }
    }
    printf("graph-optimizer %d numbers %d off %d worst %.2e\n", checked, checked,
           failed, worst);
    return failed > 0 || checked == 0;
}
