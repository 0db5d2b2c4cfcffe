/* observe.c - names for the values of nets, and what calibration looks at.
 *
 * A net is elaborated alone and inside the functions of training; its values have the
 * same path in both: that of the call they are made in, the op, and which of several,
 * "lenet/conv2/add". So the quantizer, which sees the net alone, finds the histogram of
 * what the training program saw. */
#include "front/elab.h"

#include "graph/op.h"

#include <string.h>

typedef struct Count { /* values of one op in one call */
    const Frame *frame;
    const Op *op;
    int n;
} Count;

static int count_next(Elab *e, Map *frames, const Node *n)
{
    typedef VEC(Count) CountVec;
    CountVec *counts = map_find(frames, n->frame->path);
    if (counts == NULL) {
        counts = arena_new(e->arena, CountVec);
        map_put(frames, n->frame->path, counts);
    }
    for (int i = 0; i < counts->n; i++)
        if (counts->at[i].frame == n->frame && counts->at[i].op == n->op)
            return ++counts->at[i].n;
    Count first = { n->frame, n->op, 1 };
    vec_push(e->arena, counts, first);
    return 1;
}

/* Is the value one that a quantizer could ask for? */
static bool is_observable(const Node *n)
{
    return n->dtype == DTYPE_F32 && n->batched && n->n_in > 0 && n->frame != NULL &&
           n->frame->path[0] != '\0' && n->op != &op_result;
}

void name_values(Elab *e, Graph *g)
{
    Map *frames = map_new(e->arena);
    for (int i = 0; i < g->node.n; i++) {
        Node *n = g->node.at[i];
        if (!is_observable(n))
            continue;
        int k = count_next(e, frames, n);
        n->path = k == 1
                      ? str_printf(e->arena, "%s/%s", n->frame->path, n->op->name)
                      : str_printf(e->arena, "%s/%s%d", n->frame->path, n->op->name, k);
    }
}

/* No call is "input": a def's first is "input1". */
static const char *input_path(Elab *e, const char *net, const char *input)
{
    return str_printf(e->arena, "%s/input/%s", net, input);
}

void name_net_inputs(Elab *e, const ModuleNet *net)
{
    for (int i = 0; i < net->graph->node.n; i++) {
        Node *n = net->graph->node.at[i];
        if (node_is_input(n, INPUT_FIELD) && n->dtype == DTYPE_F32)
            n->path = input_path(e, net->name, attr_text(n, "path"));
    }
}

void note_net_inputs(Elab *e, const Item *net, const Slot *slots)
{
    const AstList *params = &net->ast->item.signature->signature.params;
    bool step = e->mode == MODE_STEP;
    if ((e->mode != MODE_EVAL && !step) || e->block == NULL || e->block->train == NULL)
        return;
    for (int i = 0; i < params->n; i++) {
        const Value *v = slots[i].value;
        if (v == NULL || v->kind != VALUE_TENSOR)
            continue;
        NetInput input = { input_path(e, net->name, params->at[i]->name),
                           v->tensor->node };
        if (input.node->dtype != DTYPE_F32 || !input.node->batched)
            continue;
        if (step)
            vec_push(e->arena, &e->block->train->step_input, input);
        else
            vec_push(e->arena, &e->block->train->net_input, input);
    }
}

static bool belongs_to(const char *path, int n_nets, const ModuleNet *const *net)
{
    for (int i = 0; path != NULL && i < n_nets; i++)
        if (str_starts(path, net[i]->name) && path[strlen(net[i]->name)] == '/')
            return true;
    return false;
}

/* Views hold what their operand holds. */
static bool is_seen_elsewhere(const Node *n)
{
    return (n->op->flags & OP_VIEW) != 0 || n->op == &op_stop_gradient;
}

/* A net that is called twice has two values of a path: "lenet/conv2/add", then with #2
 * behind it; the runtime takes both for one. */
static const char *unique_path(Elab *e, Map *seen, const char *path)
{
    const char *name = path;
    for (int k = 2; map_has(seen, name); k++)
        name = str_printf(e->arena, "%s#%d", path, k);
    map_put(seen, name, e);
    return name;
}

/* What evaluation computes of the nets that are to be quantized, instead of losses. */
Graph *observe_graph(Elab *e, const ModuleTrain *t, int n_nets,
                     const ModuleNet *const *net)
{
    Graph *g = graph_new(e->arena, str_printf(e->arena, "%s_observe", t->eval->name));
    Map *seen = map_new(e->arena);
    Graph all = *t->eval;
    all.result = g->result;
    for (int i = 0; i < t->net_input.n; i++) {
        const NetInput *in = &t->net_input.at[i];
        if (belongs_to(in->path, n_nets, net))
            graph_add_result(&all, RESULT_MEASURE, unique_path(e, seen, in->path),
                             in->node);
    }
    for (int i = 0; i < all.node.n; i++) {
        Node *n = all.node.at[i];
        if (belongs_to(n->path, n_nets, net) && !is_seen_elsewhere(n))
            graph_add_result(&all, RESULT_MEASURE, unique_path(e, seen, n->path), n);
    }
    all.name = g->name;
    for (int i = 0; i < t->net_input.n; i++) { /* graphs that quantize it look there */
        const NetInput *in = &t->net_input.at[i];
        if (belongs_to(in->path, n_nets, net) &&
            !belongs_to(in->node->path, n_nets, net))
            in->node->path = in->path;
    }
    return all.result.n > 0 ? graph_rebuild(&all, NULL, NULL, true) : NULL;
}

/* The quantizer of a step that trains the end of a net looks there, too. */
static void name_step_inputs(const ModuleTrain *t, const ModuleNet *net)
{
    for (int i = 0; i < t->step_input.n; i++) {
        const NetInput *in = &t->step_input.at[i];
        if (belongs_to(in->path, 1, &net) && !belongs_to(in->node->path, 1, &net))
            in->node->path = in->path;
    }
}

/* One run of the program counts the values of all nets that are quantized. */
static void fail_samples(Elab *e, const ModuleDeploy *first, const ModuleDeploy *d)
{
    Diag *diag = diag_begin(e->sink, DIAG_CLASH, d->quantize_span,
                            "a program calibrates on one choice of samples");
    diag_label(diag, first->quantize_span, "another one");
    diag_help(diag, "write the same `calibrate` in both, with all that either needs");
    diag_end(diag);
}

/* Training for int8 that nothing is deployed in. */
static void check_aware(Elab *e, int n_quantized)
{
    for (int i = 0; i < e->module->train.n && n_quantized == 0; i++) {
        const ModuleTrain *t = e->module->train.at[i];
        if (!t->quantize_aware)
            continue;
        Span word = { t->span.source, t->span.begin, t->span.begin + 5 };
        Diag *d = diag_begin(e->sink, DIAG_QUANTIZE, word,
                             "`quantize_aware` trains nets for int8, and none is "
                             "deployed so");
        diag_help(d, "say `quantize: int8` in a deploy block");
        diag_end(d);
    }
}

void elaborate_observed(Elab *e)
{
    Module *m = e->module;
    const ModuleNet **net = arena_array(e->arena, const ModuleNet *, m->deploy.n + 1);
    const ModuleDeploy *first = NULL;
    int n = 0;
    for (int i = 0; i < m->deploy.n; i++) {
        const ModuleDeploy *d = m->deploy.at[i];
        if (d->quantize != QUANTIZE_INT8)
            continue;
        net[n++] = d->net;
        if (d->train != NULL)
            name_step_inputs(d->train, d->net);
        if (first == NULL)
            first = d;
        else if (d->calibrate_split != first->calibrate_split ||
                 d->calibrate_count != first->calibrate_count)
            fail_samples(e, first, d);
    }
    check_aware(e, n);
    for (int i = 0; n > 0 && i < m->train.n; i++) {
        ModuleTrain *t = m->train.at[i];
        if (t->data == NULL)
            continue;
        t->observe = observe_graph(e, t, n, net);
        t->observe_split = first->calibrate_split;
        t->observe_count = first->calibrate_count;
        if (t->data->split[t->observe_split].kind == SOURCE_NONE && t->validate == 0 &&
            t->data->n_fractions == 0)
            fail(e, DIAG_SPLIT, first->quantize_span,
                 "`%s` has no split to calibrate on: say `calibrate=%s.train`",
                 t->data->name, t->data->name);
    }
}

/* ---- quantize: int8(weights=per_channel, calibrate=take(digits.valid, 500))
 * ---------- */

/* "digits.valid" or "valid". */
static int named_split(const Ast *node)
{
    if (node->kind == AST_MEMBER)
        return split_find(node->name);
    return node->kind == AST_NAME ? split_find(node->name) : -1;
}

static bool read_samples(Elab *e, const Ast *node, ModuleDeploy *d)
{
    const Ast *split = node;
    bool take = node->kind == AST_CALL && node->call.callee->kind == AST_NAME &&
                str_equal(node->call.callee->name, "take");
    if (take && node->call.args.n == 2) {
        const Ast *count = node->call.args.at[1]->argument;
        Value *v = eval(e, count, scope_new(e->arena, NULL, false));
        split = node->call.args.at[0]->argument;
        if (v == NULL)
            return false;
        if (v->kind != VALUE_INT || v->integer < 1)
            return fail(e, DIAG_SETTING_KIND, count->span,
                        "`take` needs how many samples, a positive int") != NULL;
        d->calibrate_count = v->integer;
    }
    d->calibrate_split = named_split(split);
    d->calibrated = true;
    if (d->calibrate_split >= 0)
        return true;
    return fail(e, DIAG_SPLIT, node->span,
                "`calibrate` takes a split such as `digits.valid`, or "
                "`take(digits.valid, "
                "500)`") != NULL;
}

static bool is_word(const Ast *node, const char *word)
{
    return node->kind == AST_NAME && str_equal(node->name, word);
}

/* method=minmax | mse | percentile(99.9) */
static bool read_method(Elab *e, const Ast *node, ModuleDeploy *d)
{
    d->method = QUANT_MINMAX;
    if (is_word(node, "minmax"))
        return true;
    if (is_word(node, "mse")) {
        d->method = QUANT_MSE;
        return true;
    }
    if (node->kind == AST_CALL && is_word(node->call.callee, "percentile") &&
        node->call.args.n == 1) {
        const Ast *percent = node->call.args.at[0]->argument;
        Value *v = eval(e, percent, scope_new(e->arena, NULL, false));
        if (v == NULL)
            return false;
        if (value_is_number(v) && value_number(v) > 50 && value_number(v) <= 100) {
            d->method = QUANT_PERCENTILE;
            d->tail = (100 - value_number(v)) / 100;
            return true;
        }
        return fail(e, DIAG_SETTING_KIND, percent->span,
                    "`percentile` takes a number above 50, up to 100") != NULL;
    }
    return fail(e, DIAG_SETTING_KIND, node->span,
                "`method` is minmax, mse or percentile(99.9)") != NULL;
}

bool quantize_read(Elab *e, const Config *c, Span span, ModuleDeploy *d)
{
    d->quantize = str_equal(c->name, "int8") ? QUANTIZE_INT8 : QUANTIZE_F16;
    d->quantize_span = span;
    d->calibrate_split = SPLIT_TRAIN;
    if (d->quantize != QUANTIZE_INT8)
        return true;
    const Ast *weights = c->node[config_param(c, "weights")];
    const Ast *samples = c->node[config_param(c, "calibrate")];
    const Ast *method = c->node[config_param(c, "method")];
    if (weights != NULL && !is_word(weights, "per_channel"))
        return fail(e, DIAG_SETTING_KIND, weights->span, "`weights` is per_channel") !=
               NULL;
    return (samples == NULL || read_samples(e, samples, d)) &&
           (method == NULL || read_method(e, method, d));
}
