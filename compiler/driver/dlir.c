/* dlir.c - IR text as input: passes run on it, the result is printed. For tests and bug
 * reports: `dlc fuse.dlir --passes=graph_fuse --emit=graph`. */
#include "driver/session.h"

#include "graph/text.h"
#include "loop/text.h"

#include <string.h>

static const PlanFacts unknown = { .flash_bytes = -1, .stack_bytes = -1 };

static bool is_loop(const Source *source)
{
    const char *line = strstr(source->text, "dlir ");
    return line != NULL && str_starts(line, "dlir loop");
}

static bool run_loops(Session *s, const Source *source)
{
    int n;
    Program **program;
    if (!program_read(s->module, source, s->sink, &n, &program))
        return false;
    for (int i = 0; i < n; i++) {
        const Program *p = program[i];
        const char *defects = program_verify(p, s->scratch);
        if (defects != NULL)
            return diag_error(s->sink, (Span){ 0 }, DIAG_IR_SYNTAX,
                              "the program `%s` is unsound: %s", p->name, defects);
        if (s->options.mode == MODE_PLAN)
            plan_print(p, p->name, &unknown, &s->out);
        else if (s->options.mode == MODE_EMIT)
            print_program(s, p);
    }
    return true;
}

static const Target *target(const Session *s)
{
    return target_find(s->options.target != NULL ? s->options.target : "c99");
}

static bool run_graph(Session *s, Graph *g)
{
    PipelineResult result;
    const Options *o = &s->options;
    int64_t batch = o->batch > 0 ? o->batch : g->batch > 0 ? g->batch : 1;
    bool passes = o->passes != NULL || o->stop_after != NULL || o->mode == MODE_PLAN ||
                  (o->mode == MODE_EMIT && o->emit == EMIT_LOOP);
    const char *defects = graph_verify(g, s->scratch);
    if (defects != NULL)
        return diag_error(s->sink, (Span){ 0 }, DIAG_IR_SYNTAX,
                          "graph `%s` is unsound: %s", g->name, defects);
    result = (PipelineResult){ .graph = g };
    const PipelineOptions ask = { .target = target(s), .inference = true };
    if (passes && !session_pipeline(s, g, batch, &ask, &result))
        return false;
    if (o->mode == MODE_PLAN && result.program != NULL)
        plan_print(result.program, result.program->name, &unknown, &s->out);
    else if (o->mode == MODE_EMIT && o->emit == EMIT_DOT)
        graph_print_dot(result.graph, &s->out);
    else if (o->mode == MODE_EMIT && o->emit == EMIT_MERMAID)
        graph_print_mermaid(result.graph, 0, &s->out);
    else if (o->mode == MODE_EMIT && o->emit == EMIT_LOOP && result.program != NULL)
        print_program(s, result.program);
    else if (o->mode != MODE_CHECK)
        print_graph(s, result.graph);
    return true;
}

bool session_dlir(Session *s)
{
    int n;
    Graph **graphs;
    const Source *source = session_source(s, s->options.input.at[0]);
    if (source == NULL)
        return false;
    if (is_loop(source))
        return run_loops(s, source);
    if (!graph_read(s->module, source, s->sink, &n, &graphs))
        return false;
    for (int i = 0; i < n; i++)
        if (!run_graph(s, graphs[i]))
            return false;
    return true;
}
