/* blame.c - whom to tell: errors inside the library are shown at the user's call, with
 * the history of the shape and the passes and calls that led there. */
#include "front/elab.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_DEPTH = 150, MAX_WORK = 400000, MAX_TRAIL = 12 };

Span blame(const Elab *e, Span span)
{
    const Activation *at = e->act;
    if (span.source == NULL || !at->source->is_library)
        return span;
    for (; at->parent != NULL; at = at->parent)
        if (!at->parent->source->is_library)
            return at->call;
    return span;
}

/* in `mse` at std/losses.dl:4, called by `loss`: an error inside the library. A failed
 * `assert` says so itself. */
static void note_library(Elab *e, Diag *d, DiagId id, Span span)
{
    const Activation *at = e->act;
    if (span.source == NULL || !at->source->is_library || at->def == NULL ||
        id == DIAG_ASSERTION)
        return;
    bool called =
        at->parent != NULL && at->parent->source->is_library && at->parent->def != NULL;
    diag_note(d, called ? "in `%s` at %s:%d, called by `%s`" : "in `%s` at %s:%d",
              at->def, at->source->name, source_line(span.source, span.begin),
              called ? at->parent->def : "");
}

Diag *fail_begin(Elab *e, DiagId id, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = str_vprintf(e->arena, format, args);
    va_end(args);
    Diag *d = diag_begin(e->sink, id, blame(e, span), "%s", text);
    note_library(e, d, id, span);
    return d;
}

void *fail_end(Diag *d)
{
    diag_end(d);
    return NULL;
}

void *fail(Elab *e, DiagId id, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = str_vprintf(e->arena, format, args);
    va_end(args);
    Diag *d = diag_begin(e->sink, id, blame(e, span), "%s", text);
    note_library(e, d, id, span);
    return fail_end(d);
}

void diag_origin(Elab *e, Diag *d, const TensorValue *t, const char *prefix)
{
    if (t != NULL && t->user.source != NULL)
        diag_label(d, t->user, "%s%s", prefix, tensor_text(e->arena, t));
}

/* image [28, 28, 1] -> conv [26, 26, 32] -> maxpool [13, 13, 32] */
void diag_trail(Elab *e, Diag *d, const TensorValue *t)
{
    const TensorValue *step[MAX_TRAIL];
    int n = 0;
    for (; t != NULL && n < MAX_TRAIL; t = t->parent)
        if (t->label != NULL)
            step[n++] = t;
    if (n < 2)
        return;
    Out o;
    out_init(&o, e->arena);
    for (int i = n - 1; i >= 0; i--)
        out_print(&o, "%s%s %s", i < n - 1 ? " -> " : "", step[i]->label,
                  shape_text(e->arena, &step[i]->node->shape));
    diag_shapes(d, "%s", out_text(&o));
}

static void note_passes(Elab *e, Diag *d, const Loop *loop)
{
    if (loop == NULL)
        return;
    note_passes(e, d, loop->parent);
    if (loop->name != NULL)
        diag_note(d, "in the pass `%s = %s` of the `for` on line %d", loop->name,
                  value_words(e->arena, loop->value), loop->line);
}

static void note_calls(Elab *e, Diag *d, const Activation *at)
{
    if (at == NULL || at->depth < 2)
        return;
    note_calls(e, d, at->parent);
    if (!at->source->is_library && !at->parent->source->is_library)
        diag_note(d, "in `%s`, called on line %d", at->def,
                  source_line(at->call.source, at->call.begin));
}

void diag_context(Elab *e, Diag *d)
{
    note_passes(e, d, e->loop);
    note_calls(e, d, e->act);
}

bool diag_nearest(Diag *d, const char *word, const char *const *names, int count)
{
    const char *near = str_nearest(word, names, count);
    if (near != NULL)
        diag_help(d, "did you mean `%s`?", near);
    return near != NULL;
}

const char *source_words(Elab *e, const Ast *expr)
{
    Out o;
    out_init(&o, e->arena);
    ast_print_source(expr, &o);
    return out_text(&o);
}

const char *span_words(Elab *e, Span span)
{
    return span.source == NULL ? "" : span_text(e->arena, span);
}

bool work_step(Elab *e, Span span)
{
    if (e->exhausted)
        return false;
    bool deep = e->act->depth > MAX_DEPTH;
    if (!deep && ++e->work <= MAX_WORK)
        return true;
    e->exhausted = true;
    if (deep)
        fail(e, DIAG_RECURSION, span, "`%s` expands without end: %d calls deep",
             e->act->def, MAX_DEPTH);
    else
        fail(e, DIAG_RECURSION, span,
             "this expands to more than %d statements and calls", MAX_WORK);
    return false;
}
