/* print.c - --emit, --plan and --summary: one stage on standard output. */
#include "driver/session.h"

#include "front/format.h"
#include "graph/text.h"
#include "loop/text.h"

#include <string.h>

/* Texts of several graphs or programs in one file have one first line. */
static void append_ir(Out *all, const Out *one)
{
    const char *text = one->text;
    size_t length = one->length;
    if (all->length > 0 && length > 5 && strncmp(text, "dlir ", 5) == 0) {
        const char *line = memchr(text, '\n', length);
        size_t skip = line != NULL ? (size_t)(line - text) + 1 : 0;
        text += skip;
        length -= skip;
    }
    out_write(all, text, length);
}

void print_graph(Session *s, const Graph *g)
{
    Out one;
    out_init(&one, s->run);
    graph_print(g, &one);
    append_ir(&s->out, &one);
}

void print_program(Session *s, const Program *p)
{
    Out one;
    out_init(&one, s->run);
    program_print(p, &one);
    append_ir(&s->out, &one);
}

static void print_graphs(Session *s, const GraphVec *graphs)
{
    for (int i = 0; i < graphs->n; i++) {
        if (s->options.emit == EMIT_DOT)
            graph_print_dot(graphs->at[i], &s->out);
        else if (s->options.emit == EMIT_MERMAID)
            graph_print_mermaid(graphs->at[i], i, &s->out);
        else
            print_graph(s, graphs->at[i]);
    }
}

static void print_programs(Session *s, const EmitUnit *unit)
{
    for (int i = 0; i < unit->function.n; i++)
        if (unit->function.at[i].program != NULL)
            print_program(s, unit->function.at[i].program);
}

static bool print_ast(Session *s)
{
    const Source *source = session_source(s, s->options.input.at[0]);
    const Ast *tree = source != NULL ? ast_parse(s->run, source, s->sink) : NULL;
    if (tree != NULL)
        ast_print(tree, &s->out);
    return tree != NULL;
}

static bool print_c(Session *s, const EmitUnit *unit)
{
    EmitFiles made;
    if (!emit_c(s->module, unit, s->sink, &made))
        return false;
    out_write(&s->out, out_text(&made.header), made.header.length);
    out_write(&s->out, out_text(&made.source), made.source.length);
    if (made.has_data)
        out_write(&s->out, out_text(&made.data), made.data.length);
    return true;
}

/* Of the deploy block, when it is compiled for the target that it names. */
static double clock_of(const EmitFunction *f, const Target *t)
{
    const ModuleDeploy *d = f->deploy;
    return d != NULL && d->target != NULL && str_equal(d->target, t->name) ? d->clock
                                                                           : 0;
}

static void print_plans(Session *s, const EmitUnit *unit)
{
    bool json = s->options.plan_json;
    const char *between = json ? "" : NULL;
    out_puts(&s->out, json ? "[" : "");
    for (int i = 0; i < unit->function.n; i++) {
        const EmitFunction *f = &unit->function.at[i];
        if (f->program == NULL)
            continue;
        const PlanFacts facts = {
            .flash_bytes = f->kind == FUNCTION_NET ? emit_flash_bytes(f) : -1,
            .stack_bytes = emit_stack_bytes(f, unit->target),
            .cycles = f->cycles,
            .clock_hz = clock_of(f, unit->target),
            .again = f->recomputed.kernels,
            .again_flops = f->recomputed.flops - f->recomputed.plain_flops,
            .plain_flops = f->recomputed.plain_flops,
            .plain_scratch = f->recomputed.plain_scratch,
        };
        out_puts(&s->out, between != NULL ? between : "");
        if (json)
            plan_print_json(f->program, f->name, &facts, &s->out);
        else
            plan_print(f->program, f->name, &facts, &s->out);
        between = json ? ",\n " : "\n";
    }
    out_puts(&s->out, json ? "]\n" : "");
}

/* --emit=dl: the program as --fmt would leave it. */
static bool print_dl(Session *s)
{
    const Source *source = session_source(s, s->options.input.at[0]);
    return source != NULL && ast_format(s->run, source, s->sink, &s->out);
}

bool session_emit(Session *s)
{
    const Options *o = &s->options;
    EmitUnit unit;
    GraphVec graphs = { 0 };
    if (str_ends(o->input.at[0], ".dlir"))
        return session_dlir(s);
    if (o->mode == MODE_EMIT && o->emit == EMIT_AST)
        return print_ast(s);
    if (o->mode == MODE_EMIT && o->emit == EMIT_DL)
        return print_dl(s);
    Module *m = session_module(s);
    if (m == NULL)
        return false;
    if (o->mode == MODE_SUMMARY) {
        emit_summary(s->module, m, &s->out);
        return true;
    }
    if (!session_unit(s, m, UNIT_C, &unit, &graphs))
        return false;
    bool stopped = o->stop_after != NULL && unit.function.n > 0 &&
                   unit.function.at[0].program == NULL;
    if (o->mode == MODE_PLAN)
        print_plans(s, &unit);
    else if (o->emit == EMIT_GRAPH || o->emit == EMIT_DOT || o->emit == EMIT_MERMAID ||
             stopped)
        print_graphs(s, &graphs);
    else if (o->emit == EMIT_LOOP || o->stop_after != NULL)
        print_programs(s, &unit);
    else
        return print_c(s, &unit);
    return true;
}
