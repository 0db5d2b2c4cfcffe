/* tuning.c - see tuning.h. */
#include "kernels/tuning.h"

#include "support/bug.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS = 3 };

typedef struct Reader {
    Tuning *t;
    DiagSink *sink;
    uint32_t at, end; /* the line */
    Span field[FIELDS + 1];
    int n; /* fields of it; FIELDS + 1: or more */
} Reader;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Splits the line that begins at r->at. */
static void split(Reader *r)
{
    const Source *s = r->t->source;
    r->n = 0;
    r->end = r->at;
    while (r->end < s->length && s->text[r->end] != '\n')
        r->end++;
    for (uint32_t i = r->at; i < r->end && s->text[i] != '#';) {
        uint32_t begin = i;
        while (i < r->end && !is_blank(s->text[i]) && s->text[i] != '#')
            i++;
        if (i > begin && r->n <= FIELDS)
            r->field[r->n++] = (Span){ s, begin, i };
        while (i < r->end && is_blank(s->text[i]))
            i++;
    }
}

static const char *text(const Reader *r, int i)
{
    return i < r->n ? span_text(r->t->arena, r->field[i]) : "";
}

static Span line_span(const Reader *r)
{
    return r->n > 0 ? span_join(r->field[0], r->field[r->n - 1])
                    : (Span){ r->t->source, r->at, r->end };
}

static bool read_head(Reader *r)
{
    if (r->n != 3 || !str_equal(text(r, 0), "dlc") || !str_equal(text(r, 1), "tuning"))
        return diag_error(
            r->sink, line_span(r), DIAG_TUNING,
            "`%s` is no tuning file: it does not begin with `dlc tuning 1`",
            r->t->source->name);
    if (!str_equal(text(r, 2), "1"))
        return diag_error(r->sink, r->field[2], DIAG_TUNING,
                          "this dlc reads tuning files of version 1, not `%s`",
                          text(r, 2));
    return true;
}

static bool read_target(Reader *r)
{
    if (r->n != 2 || !str_equal(text(r, 0), "target"))
        return diag_error(r->sink, line_span(r), DIAG_TUNING,
                          "the second line of a tuning file is `target NAME`");
    r->t->target = text(r, 1);
    r->t->target_span = r->field[1];
    return true;
}

static bool unknown_variant(const Reader *r, const char *name)
{
    const char *names[64];
    int n = 0;
    for (; n < kernel_variant_count() && n < ARRAY_LEN(names); n++)
        names[n] = kernel_variant_at(n)->name;
    const char *near = str_nearest(name, names, n);
    Diag *d =
        diag_begin(r->sink, DIAG_TUNING, r->field[1], "there is no kernel `%s`", name);
    if (near != NULL)
        diag_help(d, "did you mean `%s`?", near);
    else
        diag_help(d, "`dlc --tune` writes such a file");
    return diag_end(d);
}

static bool read_row(Reader *r)
{
    if (r->n != FIELDS)
        return diag_error(r->sink, line_span(r), DIAG_TUNING,
                          "a line of a tuning file is `LAYER KERNEL COUNT`");
    const char *name = text(r, 1), *number = text(r, 2);
    size_t length = strlen(name);
    TuningRow row = { .layer = text(r, 0), .span = r->field[0] };
    row.if_fits = name[length - 1] == '?';
    if (row.if_fits)
        name = str_copy(r->t->arena, name, length - 1);
    row.variant = kernel_variant_find(name);
    if (row.variant == NULL)
        return unknown_variant(r, name);
    char *end;
    row.count = strtoll(number, &end, 10);
    if (*end != '\0' || row.count < 0)
        return diag_error(r->sink, r->field[2], DIAG_TUNING, "a count, not `%s`",
                          number);
    TuningRow *before = tuning_find(r->t, row.layer);
    if (before != NULL) {
        Diag *d = diag_begin(r->sink, DIAG_TUNING, row.span, "layer `%s` has two lines",
                             row.layer);
        diag_label(d, before->span, "the first");
        return diag_end(d);
    }
    vec_push(r->t->arena, &r->t->row, row);
    return true;
}

bool tuning_read(Arena *a, const Source *source, DiagSink *sink, Tuning *t)
{
    *t = (Tuning){ .arena = a, .source = source };
    Reader r = { .t = t, .sink = sink };
    int lines = 0;
    for (; r.at < source->length || lines == 0; r.at = r.end + 1) {
        split(&r);
        if (r.n == 0 && lines > 0)
            continue;
        bool good = lines == 0   ? read_head(&r)
                    : lines == 1 ? read_target(&r)
                                 : read_row(&r);
        if (!good)
            return false;
        lines++;
    }
    return lines > 1 ||
           diag_error(sink, (Span){ source, source->length, source->length },
                      DIAG_TUNING, "the tuning file names no target");
}

TuningRow *tuning_find(Tuning *t, const char *layer)
{
    for (int i = 0; i < t->row.n; i++)
        if (str_equal(t->row.at[i].layer, layer))
            return &t->row.at[i];
    return NULL;
}

void tuning_see(Tuning *t, const char *layer, const Node *n, const Target *target)
{
    TuningLayer seen = { .name = layer };
    for (int i = 0; i < t->layer.n; i++)
        if (str_equal(t->layer.at[i].name, layer))
            return;
    for (int i = 0; i < kernel_variant_count(); i++)
        if (kernel_variant_suits(kernel_variant_at(i), n, target))
            vec_push(t->arena, &seen.variant, kernel_variant_at(i));
    if (seen.variant.n > 0)
        vec_push(t->arena, &t->layer, seen);
}

bool tuning_check(const Tuning *t, const Target *target, DiagSink *sink)
{
    if (!str_equal(t->target, target->name)) {
        Diag *d = diag_begin(sink, DIAG_TUNING, t->target_span,
                             "this tuning is for `%s`, and the target is `%s`",
                             t->target, target->name);
        diag_help(d, "measure again: `dlc --tune`");
        return diag_end(d);
    }
    bool good = true;
    for (int i = 0; i < t->row.n; i++) {
        const TuningRow *row = &t->row.at[i];
        if (row->used)
            continue;
        const char **names = arena_array(t->arena, const char *, t->layer.n + 1);
        for (int l = 0; l < t->layer.n; l++)
            names[l] = t->layer.at[l].name;
        const char *near = str_nearest(row->layer, names, t->layer.n);
        Diag *d =
            diag_begin(sink, DIAG_TUNING, row->span,
                       "the program has no layer `%s` that could have kernel `%s`",
                       row->layer, row->variant->name);
        if (near != NULL)
            diag_help(d, "did you mean `%s`?", near);
        good = diag_end(d);
    }
    return good;
}

void tuning_print_head(const char *target, Out *out)
{
    out_print(out, "dlc tuning 1\ntarget %s\n# layer kernel count\n", target);
}

void tuning_print_row(const char *layer, const KernelVariant *v, bool if_fits,
                      int64_t count, Out *out)
{
    out_print(out, "%s %s%s %lld\n", layer, v->name, if_fits ? "?" : "",
              (long long)count);
}
