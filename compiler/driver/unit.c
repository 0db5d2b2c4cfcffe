/* unit.c - which functions the C interface has, and the way of each through the passes.
 */
#include "driver/budget.h"
#include "driver/deploys.h"
#include "driver/latency.h"
#include "driver/learning.h"
#include "driver/session.h"
#include "graph/text.h"
#include "loop/text.h"
#include "loop/widen.h"
#include "ops/extern.h"
#include "support/bug.h"

#include <stdlib.h>
#include <string.h>

typedef struct Builder {
    Session *session;
    Module *module;
    EmitUnit *unit;
    GraphVec *graphs;
    const DeployVec *deploys;   /* that this run compiles */
    const AwareOptions **aware; /* by train block */
} Builder;

static bool test_switch(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' && !str_equal(value, "0");
}

static const char *joined(Session *s)
{
    Out names;
    out_init(&names, s->run);
    for (int i = 0; i < s->options.no_pass.n; i++)
        out_print(&names, "%s%s", i > 0 ? "," : "", s->options.no_pass.at[i]);
    return names.length > 0 ? out_text(&names) : NULL;
}

/* DLC_TEST_ROUNDTRIP: what is printed reads back to the same text. */
static void check_roundtrip(Session *s, const PipelineResult *r)
{
    Out text, again;
    Arena *a = s->scratch;
    ArenaMark mark = arena_mark(a);
    DiagSink *sink = diag_sink_new(a);
    int n;
    Graph **graphs;
    Program **program;

    out_init(&text, a);
    out_init(&again, a);
    graph_print(r->graph, &text);
    const Source *source =
        source_new(a, "roundtrip", "roundtrip", out_text(&text), (uint32_t)text.length);
    if (!graph_read(a, source, sink, &n, &graphs) || n != 1 ||
        graph_hash(graphs[0]) != graph_hash(r->graph))
        BUG("graph %s does not survive printing and reading", r->graph->name);
    if (r->program != NULL) {
        program_print(r->program, &again);
        source = source_new(a, "roundtrip", "roundtrip", out_text(&again),
                            (uint32_t)again.length);
        if (!program_read(a, source, sink, &n, &program) || n != 1 ||
            program_hash(program[0]) != program_hash(r->program))
            BUG("program %s does not survive printing and reading", r->program->name);
    }
    arena_rewind(a, mark);
}

bool session_pipeline(Session *s, Graph *g, int64_t batch, const PipelineOptions *ask,
                      PipelineResult *result)
{
    const Options *o = &s->options;
    PipelineOptions options = { .target = ask->target,
                                .level = o->level,
                                .least_ram = o->least_ram,
                                .dump_after = o->dump_after,
                                .stop_after = o->stop_after,
                                .only = o->passes,
                                .disabled = joined(s),
                                .check_passes = o->check_passes,
                                .verify = o->verify,
                                .time = o->time,
                                .stats = o->stats,
                                .inference = ask->inference,
                                .quantize = ask->quantize,
                                .half = ask->half,
                                .aware = ask->aware,
                                .apart = ask->apart,
                                .io_in_arena = ask->io_in_arena,
                                .recompute = ask->recompute,
                                .tuning = &s->tuning,
                                .log = &s->log };
    if (test_switch("DLC_TEST_VERIFY"))
        options.verify = true;
    if (test_switch("DLC_TEST_CHECK_PASSES") && options.check_passes == 0)
        options.check_passes = 1;
    if (ask->check_passes < 0)
        options.check_passes = 0;
    *result = (PipelineResult){ NULL, NULL };
    s->graph = g;
    if (test_switch("DLC_TEST_BUG"))
        BUG("asked for by DLC_TEST_BUG");
    bool good =
        pipeline_run(s->module, s->scratch, g, batch, &options, s->sink, result);
    s->graph = NULL;
    if (good && test_switch("DLC_TEST_ROUNDTRIP"))
        check_roundtrip(s, result);
    return good;
}

/* ---- functions ------------------------------------------------------------------- */

/* `io: arena`, which is the default of a net in int8. */
static bool io_in_arena(const EmitFunction *f, const QuantizeOptions *quantize)
{
    bool own =
        f->kind == FUNCTION_NET && f->deploy != NULL && f->deploy->io != IO_DEFAULT;
    return own || (quantize != NULL && f->kind != FUNCTION_STEP);
}

/* What quantization-aware training rounds in f: a step learns ranges, an evaluation
 * has them. With weights it is over. */
static const AwareOptions *aware_of(const Builder *b, const EmitFunction *f)
{
    const Module *m = b->module;
    bool rounds = f->kind == FUNCTION_STEP || f->kind == FUNCTION_EVAL;
    rounds = rounds && b->session->options.weights == NULL;
    for (int i = 0; i < m->train.n && rounds; i++) {
        if (m->train.at[i] != f->train || b->aware[i] == NULL)
            continue;
        AwareOptions *a = arena_new(b->session->module, AwareOptions);
        *a = *b->aware[i];
        a->learns = f->kind == FUNCTION_STEP;
        return a;
    }
    return NULL;
}

static bool add(Builder *b, EmitFunction f, Graph *g, int64_t batch,
                const QuantizeOptions *quantize)
{
    PipelineResult result;
    if (g == NULL)
        return true;
    bool inference = f.kind == FUNCTION_NET || f.quantized || b->session->has_weights;
    f.macs = emit_macs(g) * (f.kind == FUNCTION_NET ? 1 : batch);
    bool half = f.deploy != NULL && f.deploy->quantize == QUANTIZE_F16;
    const PipelineOptions ask = { .target = b->unit->target,
                                  .inference = inference,
                                  .half = half && b->session->has_weights,
                                  .quantize = quantize,
                                  .aware = aware_of(b, &f),
                                  .io_in_arena = io_in_arena(&f, quantize),
                                  .recompute = f.recomputed.segments };
    if (!session_pipeline(b->session, g, batch, &ask, &result))
        return false;
    f.program = result.program;
    if (f.kind == FUNCTION_NET && f.program != NULL) {
        bool int8 = f.deploy != NULL && f.deploy->quantize == QUANTIZE_INT8;
        f.cycles =
            latency_cycles(b->session->scratch, result.graph, b->unit->target, int8);
        if (f.deploy != NULL && b->session->has_weights)
            latency_check(b->session, f.deploy, result.graph);
    }
    if (b->graphs != NULL)
        vec_push(b->session->module, b->graphs, (const Graph *)result.graph);
    vec_push(b->session->module, &b->unit->function, f);
    return true;
}

static const char *named(Builder *b, const char *a, const char *c)
{
    return str_printf(b->session->module, "%s%s%s", a, c[0] != '\0' ? "_" : "", c);
}

/* The losses in f64, for portable C: `check` of a program moves parameters in them. */
static bool add_losses(Builder *b, const ModuleTrain *t, const char *name,
                       const Losses *losses)
{
    PipelineResult result;
    /* in f32, with a maximum that is frozen at any value, exponentials overflow */
    const PipelineOptions ask = { .target = target_find("c99"),
                                  .check_passes = -1,
                                  .apart = true };
    if (!session_pipeline(b->session, losses->graph, t->batch, &ask, &result))
        return false;
    EmitFunction f = { .kind = FUNCTION_LOSSES,
                       .name = named(b, name, "losses"),
                       .train = t,
                       .losses = losses,
                       .program = result.program };
    if (f.program != NULL)
        program_widen(f.program);
    vec_push(b->session->module, &b->unit->function, f);
    return true;
}

static bool add_quantized(Builder *b, const ModuleTrain *t, const char *name,
                          const Quantized *q)
{
    EmitFunction eval = { .kind = FUNCTION_EVAL,
                          .name = named(b, name, "eval_int8"),
                          .train = t,
                          .quantized = true };
    EmitFunction values = { .kind = FUNCTION_OBSERVE,
                            .name = named(b, name, "compare"),
                            .train = t,
                            .quantized = true };
    QuantizeOptions compare = q->options;
    compare.compare = true;
    return add(b, eval, q->eval, t->batch, &q->options) &&
           add(b, values, q->compare, t->batch, &compare);
}

/* A block that goes to a device computes again what its budget asks for. */
static bool fit_step(Builder *b, EmitFunction *f, UnitPurpose purpose)
{
    const Module *m = b->module;
    Learning l = { 0 };
    for (int i = 0; i < m->deploy.n && purpose == UNIT_C && f->deploy == NULL; i++)
        if (m->deploy.at[i]->train == f->train)
            f->deploy = m->deploy.at[i];
    if (f->deploy == NULL)
        return true;
    Map *resident = NULL;
    bake_add_resident(b->session, m, f->deploy, &resident);
    bool good = learning_fit(b->session, m, f->deploy, resident, f->train->step,
                             b->unit->target, NULL, &l);
    f->recomputed = l.cost;
    return good;
}

static bool add_train(Builder *b, ModuleTrain *t, UnitPurpose purpose)
{
    const char *name = named(b, b->unit->prefix, t->name ? t->name : "train");
    Quantized quantized = { 0 }; /* before passes change it, like losses */
    if (b->session->options.weights != NULL && t->data != NULL)
        quantized_eval(b->session, b->module, t, &quantized);
    Losses *losses = arena_new(b->session->module, Losses);
    if (purpose == UNIT_PROGRAM && t->data != NULL && t->grad != NULL)
        *losses = graph_losses(b->session->module, t->grad);
    struct {
        FunctionKind kind;
        const char *suffix;
        Graph *graph;
    } part[] = { { FUNCTION_STEP, t->data != NULL ? "step" : "", t->step },
                 { FUNCTION_EVAL, "eval", t->data != NULL ? t->eval : NULL },
                 { FUNCTION_GRAD, "grad", t->grad },
                 { FUNCTION_APPLY, "apply", purpose == UNIT_C ? t->apply : NULL },
                 { FUNCTION_MEASURE, "measure", t->measure },
                 { FUNCTION_OBSERVE, "observe",
                   purpose == UNIT_PROGRAM ? t->observe : NULL } };
    for (int i = 0; i < t->every.n; i++) { /* before the step, which calls them */
        EmitFunction f = { .kind = FUNCTION_EVERY,
                           .name = named(b, t->name ? b->unit->prefix : name,
                                         t->every.at[i].graph->name),
                           .train = t,
                           .every = t->every.at[i].n };
        if (!add(b, f, t->every.at[i].graph, t->batch, NULL))
            return false;
    }
    for (int i = 0; i < ARRAY_LEN(part); i++) {
        EmitFunction f = { .kind = part[i].kind,
                           .name = named(b, name, part[i].suffix),
                           .train = t };
        if (part[i].kind == FUNCTION_STEP && !fit_step(b, &f, purpose))
            return false;
        if (!add(b, f, part[i].graph, t->batch, NULL))
            return false;
    }
    bool none = losses->graph == NULL || graph_find_extern(losses->graph) != NULL;
    return add_quantized(b, t, name, &quantized) &&
           (none || add_losses(b, t, name, losses)); /* C functions have no f64 */
}

/* ---- training on a device -------------------------------------------------------- */

static bool add_baked(Builder *b, EmitFunction f, const Graph *g)
{
    Session *s = b->session;
    Graph *baked = bake_train(s, g, b->unit->resident);
    Learning l = { 0 };
    const ModuleDeploy *d = f.deploy;
    bool int8 = f.kind == FUNCTION_STEP && d->quantize == QUANTIZE_INT8;
    const QuantizeNet net = int8 ? quantized_net(d) : (QuantizeNet){ 0 };
    const QuantizeOptions quantize = { .calibration = &s->calibration,
                                       .weights = s->options.weights,
                                       .n_nets = 1,
                                       .net = &net,
                                       .inlined = true };
    if (baked == NULL)
        return false;
    if (f.kind == FUNCTION_STEP &&
        (!learning_fit(s, b->module, f.deploy, b->unit->resident, baked,
                       b->unit->target, int8 ? &quantize : NULL, &l) ||
         !learning_fits(s, f.deploy, &l)))
        return false;
    f.recomputed = l.cost;
    return add(b, f, baked, f.train->batch, int8 ? &quantize : NULL);
}

/* What a deploy block's `train` needs beside the net: the step, and what it runs every
 * n steps. What it does not change is constant. */
static bool add_learning(Builder *b, const ModuleDeploy *d)
{
    const ModuleTrain *t = d->train;
    const char *name = named(b, b->unit->prefix, t->name);
    for (int i = 0; i < t->every.n; i++) {
        EmitFunction f = { .kind = FUNCTION_EVERY,
                           .name =
                               named(b, b->unit->prefix, t->every.at[i].graph->name),
                           .train = t,
                           .deploy = d,
                           .every = t->every.at[i].n };
        if (!add_baked(b, f, t->every.at[i].graph))
            return false;
    }
    EmitFunction step = { .kind = FUNCTION_STEP,
                          .name = named(b, name, t->data != NULL ? "step" : ""),
                          .train = t,
                          .deploy = d };
    return add_baked(b, step, t->step);
}

static bool add_learnings(Builder *b)
{
    const Module *m = b->module;
    Map *resident = NULL;
    for (int i = 0; i < b->deploys->n; i++)
        bake_add_resident(b->session, m, b->deploys->at[i], &resident);
    b->unit->resident = resident;
    if (resident == NULL)
        return true;
    EmitFunction init = { .kind = FUNCTION_INIT,
                          .name = named(b, b->unit->prefix, "train_init") };
    bool good = add(b, init, bake_init(b->session, m, b->unit->resident), 1, NULL);
    for (int i = 0; i < b->deploys->n; i++) {
        const ModuleDeploy *d = b->deploys->at[i];
        bool again = d->train == NULL;
        for (int k = 0; k < i; k++)
            again = again || b->deploys->at[k]->train == d->train;
        good = good && (again || add_learning(b, d));
    }
    return good;
}

/* ---- deploy blocks --------------------------------------------------------------- */

/* Parameters fit (front/deploy.c); do the constants that folding made fit, too? */
static bool check_flash(const Builder *b, const ModuleDeploy *d, const EmitFunction *f)
{
    Session *s = b->session;
    if (f->program == NULL || !s->has_weights || d->flash_bytes == 0)
        return true;
    int64_t flash = d->train != NULL ? emit_learning_bytes(s->scratch, b->unit, f)
                                     : emit_flash_bytes(f);
    return flash <= d->flash_bytes ||
           diag_error(s->sink, d->flash_span, DIAG_FLASH,
                      "`%s` needs %lld bytes of flash, the budget is %lld", d->name,
                      (long long)flash, (long long)d->flash_bytes);
}

/* What sets the memory of a stream before its first row. */
static bool add_reset(Builder *b, const ModuleNet *net, const char *name)
{
    EmitFunction f = { .kind = FUNCTION_RESET,
                       .net = net,
                       .name = named(b, name, "reset") };
    Graph *g = b->session->has_weights
                   ? bake_net(b->session, net, net->reset, b->unit->resident)
                   : net->reset;
    return g != NULL && add(b, f, g, 1, NULL);
}

/* The fields that are int8 in C say so, with what they stand for. */
static void mark_int8(Field *field, int n, const QuantizeIo *io, bool is_output)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < io->field.n; j++) {
            const QuantizedField *q = &io->field.at[j];
            if (q->is_output != is_output || !str_equal(q->name, field[i].name))
                continue;
            field[i].dtype = DTYPE_I8;
            field[i].scale = q->quant.scale;
            field[i].zero = q->quant.zero;
            field[i].simplex = false;
        }
}

static Field *copy_fields(Arena *a, const Field *from, int n)
{
    Field *to = arena_array(a, Field, n + 1);
    for (int i = 0; i < n; i++)
        to[i] = from[i];
    return to;
}

static const ModuleNet *net_in_int8(Arena *a, const ModuleNet *net,
                                    const QuantizeIo *io)
{
    ModuleNet *y = arena_new(a, ModuleNet);
    *y = *net;
    y->input = copy_fields(a, net->input, net->n_inputs);
    y->output = copy_fields(a, net->output, net->n_outputs);
    mark_int8(y->input, net->n_inputs, io, false);
    mark_int8(y->output, net->n_outputs, io, true);
    return y;
}

/* Programs see floats. */
static bool wants_int8_io(const Builder *b, const ModuleDeploy *deploy)
{
    return deploy != NULL && deploy->io == IO_INT8 && !b->unit->profile;
}

static bool add_net(Builder *b, const ModuleNet *net, const ModuleDeploy *deploy)
{
    Session *s = b->session;
    if (deploy != NULL && deploy->stream != NULL && !b->unit->profile)
        net = deploy->stream; /* programs see whole sequences */
    if (deploy != NULL && deploy->chosen != NULL && !b->unit->profile)
        net = deploy->chosen; /* and all outputs */
    net = s->has_weights ? bake_memory(s, b->module, net, b->unit->resident) : net;
    if (net == NULL)
        return false;
    EmitFunction f = { .kind = FUNCTION_NET, .net = net, .deploy = deploy };
    f.name = deploys_function_name(s, b->unit->prefix, net, deploy);
    const QuantizeNet own = deploy ? quantized_net(deploy) : (QuantizeNet){ 0 };
    QuantizeIo io = { 0 };
    const QuantizeOptions quantize = { .calibration = &s->calibration,
                                       .weights = s->options.weights,
                                       .n_nets = 1,
                                       .net = &own,
                                       .io = wants_int8_io(b, deploy) ? &io : NULL };
    bool int8 = deploy != NULL && s->has_weights && deploy->quantize == QUANTIZE_INT8;
    if (quantize.io != NULL && net->memory.n > 0)
        return diag_error(s->sink, deploy->io_span, DIAG_UNSUPPORTED,
                          "`io: int8` of a net with memory is not compiled yet");
    if (int8 && (deploy->stream != NULL || deploy->net->memory.n > 0))
        return diag_error(
            s->sink, deploy->quantize_span, DIAG_UNSUPPORTED,
            "int8 of a net that takes one row a call is not compiled yet");
    if (net->memory.n > 0 && !add_reset(b, net, f.name))
        return false;
    Graph *g =
        s->has_weights ? bake_net(s, net, net->graph, b->unit->resident) : net->graph;
    int64_t batch = deploy != NULL && deploy->batch > 0 ? deploy->batch : 1;
    if (g == NULL || !add(b, f, g, batch, int8 ? &quantize : NULL))
        return false;
    EmitFunction *made = &b->unit->function.at[b->unit->function.n - 1];
    if (int8 && quantize.io != NULL)
        made->net = net_in_int8(s->module, net, &io);
    return deploy == NULL || (check_flash(b, deploy, made) &&
                              (made->program == NULL || !s->has_weights ||
                               budget_check_plan(s, deploy, made->program)));
}

/* A net without a deploy block counts only when no block asks for another one. */
static bool add_nets(Builder *b)
{
    Module *m = b->module;
    bool good = true;
    for (int i = 0; i < m->net.n; i++) {
        bool named = false;
        if (b->unit->profile && m->net.at[i]->memory.n > 0)
            continue; /* one row a call: nothing for a program to run on samples */
        for (int d = 0; d < b->deploys->n; d++)
            if (b->deploys->at[d]->net == m->net.at[i]) {
                good = add_net(b, m->net.at[i], b->deploys->at[d]) && good;
                named = true;
            }
        if (!named && (!b->session->has_weights || m->deploy.n == 0))
            good = add_net(b, m->net.at[i], NULL) && good;
    }
    return good;
}

/* ---- the unit -------------------------------------------------------------------- */

bool session_has_weights(Session *s, const Module *m, const char *what)
{
    if (s->has_weights)
        return true;
    Diag *d = diag_begin(s->sink, DIAG_WEIGHTS, (Span){ 0 },
                         "%s, but there are no weights", what);
    diag_help(d, "`dlc %s -o %s && ./%s train` makes some; then add --weights FILE",
              m->source->name, m->name, m->name);
    return diag_end(d);
}

/* The file that the deploy blocks name (one: front/deploy.c), for C when the command
 * line names none. Its path is beside the program's file. NULL: none does. */
static const ModuleDeploy *choose_weights(Session *s, const Module *m)
{
    const ModuleDeploy *by = NULL;
    for (int i = 0; i < m->deploy.n && s->options.weights == NULL && by == NULL; i++)
        by = m->deploy.at[i]->weights != NULL ? m->deploy.at[i] : NULL;
    if (by != NULL)
        s->options.weights =
            file_join(s->run, file_folder(s->run, m->source->path), by->weights);
    return by;
}

/* Into C they are baked; a program compares with them. */
static bool read_weights(Session *s, const Module *m, UnitPurpose purpose)
{
    const ModuleDeploy *by = purpose == UNIT_C ? choose_weights(s, m) : NULL;
    const char *path = s->options.weights, *why = NULL;
    size_t length = 0;
    if (path == NULL)
        return true;
    if (purpose == UNIT_PROGRAM && !quantized_deploys(m)) {
        Diag *d =
            diag_begin(s->sink, DIAG_QUANTIZE, (Span){ 0 },
                       "a program takes --weights to compare int8 with them, but no "
                       "deploy block says `quantize: int8(...)`");
        diag_help(d, "for inference C, let the output end in .c");
        return diag_end(d);
    }
    const char *bytes = file_read(s->run, path, &length, &why);
    if (bytes == NULL) {
        Diag *d =
            diag_begin(s->sink, DIAG_FILE, by != NULL ? by->weights_span : (Span){ 0 },
                       "cannot read `%s`: %s", path, why);
        if (by != NULL)
            diag_help(d, "`dlc %s -o %s && ./%s train` trains and writes such a file",
                      m->source->name, m->name, m->name);
        return diag_end(d);
    }
    WeightWanted *wanted = arena_array(s->run, WeightWanted, m->tensor.n + 1);
    int n = 0;
    for (int i = 0; i < m->tensor.n; i++) {
        const ModuleTensor *t = &m->tensor.at[i];
        if (t->role != ROLE_OPTIMIZER && t->role != ROLE_METRIC)
            wanted[n++] = (WeightWanted){ t->path, t->dtype, t->shape };
    }
    s->has_weights = purpose != UNIT_PROGRAM;
    if (!weights_read(s->module, n, wanted, path, bytes, length, s->sink,
                      &s->weights) ||
        !calibration_read(s->module, &s->weights.file, path, s->sink, &s->calibration))
        return false;
    aware_ranges(s, m);
    return true;
}

bool session_unit(Session *s, Module *m, UnitPurpose purpose, EmitUnit *unit,
                  GraphVec *graphs)
{
    Builder b = { .session = s, .module = m, .unit = unit, .graphs = graphs };
    bool good = true;
    *unit = (EmitUnit){ .module = m,
                        .prefix = s->options.prefix ? s->options.prefix : m->name,
                        .stem = m->name,
                        .model = m->source->name,
                        .options = s->options.spelled,
                        .version = DLC_VERSION,
                        .profile = purpose == UNIT_PROGRAM };
    DeployVec deploys = { 0 };
    b.aware = aware_prepare(s, m);
    if (b.aware == NULL || !session_tuning(s) || !read_weights(s, m, purpose) ||
        !deploys_choose(s, m, purpose, unit->prefix, &unit->target, &deploys))
        return false;
    b.deploys = &deploys;
    unit->weights = s->has_weights ? &s->weights : NULL;
    if (purpose == UNIT_PROGRAM && s->options.weights != NULL)
        unit->weights_hash = s->weights.hash;
    unit->hash = session_hash(s, m);
    Out summary;
    out_init(&summary, s->module);
    emit_summary(s->module, m, &summary);
    unit->summary = out_text(&summary);
    Out layers;
    out_init(&layers, s->module);
    emit_layer_graph(s->module, m, &layers);
    unit->layers = out_text(&layers);
    if (!s->has_weights) {
        EmitFunction init = { .kind = FUNCTION_INIT,
                              .name = named(&b, unit->prefix, "train_init") };
        good = add(&b, init, m->init, 1, NULL);
        for (int i = 0; i < m->train.n; i++)
            good = good && add_train(&b, m->train.at[i], purpose);
    } else {
        good = add_learnings(&b);
    }
    return good && add_nets(&b) &&
           (s->tuning.source == NULL ||
            tuning_check(&s->tuning, unit->target, s->sink));
}
