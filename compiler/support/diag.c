/* diag.c - collecting and rendering messages. */
#include "support/diag.h"

#include "support/bug.h"
#include "support/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const DiagInfo diag_table[DIAG_COUNT] = {
#define DIAG(id, code, severity, title, explanation)                                   \
    [DIAG_##id] = { #id, code, SEVERITY_##severity, title, explanation },
#include "support/diag.def"
#undef DIAG
};

typedef struct Label {
    Span span;
    const char *text;
    bool primary;
} Label;

typedef enum NoteKind { NOTE_SHAPES, NOTE_NOTE, NOTE_HELP } NoteKind;

typedef struct Note {
    NoteKind kind;
    const char *text;
} Note;

struct Diag {
    DiagSink *sink;
    DiagId id;
    const char *message;
    VEC(Label) label; /* the first is the primary one */
    VEC(Note) note;
};

struct DiagSink {
    Arena *arena;
    VEC(Diag *) diag;
    bool allowed[DIAG_COUNT];
};

DiagSink *diag_sink_new(Arena *a)
{
    DiagSink *sink = arena_new(a, DiagSink);
    sink->arena = a;
    return sink;
}

#define FORMAT_TO(text, arena, format)                                                 \
    do {                                                                               \
        va_list args_;                                                                 \
        va_start(args_, format);                                                       \
        (text) = str_vprintf((arena), (format), args_);                                \
        va_end(args_);                                                                 \
    } while (0)

Diag *diag_begin(DiagSink *sink, DiagId id, Span primary, const char *format, ...)
{
    Diag *d = arena_new(sink->arena, Diag);
    d->sink = sink;
    d->id = id;
    FORMAT_TO(d->message, sink->arena, format);
    Label label = { .span = primary, .text = "", .primary = true };
    vec_push(sink->arena, &d->label, label);
    return d;
}

void diag_primary_text(Diag *d, const char *format, ...)
{
    FORMAT_TO(d->label.at[0].text, d->sink->arena, format);
}

void diag_label(Diag *d, Span span, const char *format, ...)
{
    Label label = { .span = span };
    FORMAT_TO(label.text, d->sink->arena, format);
    if (span.source != NULL)
        vec_push(d->sink->arena, &d->label, label);
}

static void add_note(Diag *d, NoteKind kind, const char *text)
{
    Note note = { kind, text };
    vec_push(d->sink->arena, &d->note, note);
}

void diag_shapes(Diag *d, const char *format, ...)
{
    const char *text;
    FORMAT_TO(text, d->sink->arena, format);
    add_note(d, NOTE_SHAPES, text);
}

void diag_note(Diag *d, const char *format, ...)
{
    const char *text;
    FORMAT_TO(text, d->sink->arena, format);
    add_note(d, NOTE_NOTE, text);
}

void diag_help(Diag *d, const char *format, ...)
{
    const char *text;
    FORMAT_TO(text, d->sink->arena, format);
    add_note(d, NOTE_HELP, text);
}

bool diag_end(Diag *d)
{
    if (!d->sink->allowed[d->id])
        vec_push(d->sink->arena, &d->sink->diag, d);
    return false;
}

bool diag_error(DiagSink *sink, Span span, DiagId id, const char *format, ...)
{
    const char *text;
    FORMAT_TO(text, sink->arena, format);
    return diag_end(diag_begin(sink, id, span, "%s", text));
}

int diag_error_count(const DiagSink *sink)
{
    int n = 0;
    for (int i = 0; i < sink->diag.n; i++)
        n += diag_table[sink->diag.at[i]->id].severity == SEVERITY_ERROR;
    return n;
}

int diag_count(const DiagSink *sink)
{
    return sink->diag.n;
}

DiagId diag_id(const DiagSink *sink, int i)
{
    return sink->diag.at[i]->id;
}

const char *diag_message(const DiagSink *sink, int i)
{
    return sink->diag.at[i]->message;
}

Span diag_span(const DiagSink *sink, int i)
{
    return sink->diag.at[i]->label.at[0].span;
}

void diag_rewind(DiagSink *sink, int count)
{
    sink->diag.n = count;
}

void diag_allow(DiagSink *sink, DiagId id)
{
    sink->allowed[id] = true;
}

/* ---- text ------------------------------------------------------------------------ */

typedef struct Colors {
    const char *error, *warning, *bold, *mark, *help, *off;
} Colors;

static const Colors plain = { "", "", "", "", "", "" };
static const Colors ansi = { "\033[1;31m", "\033[1;35m", "\033[1m",
                             "\033[1;34m", "\033[1;32m", "\033[0m" };

/* Where a label's marks stand in its first line: columns from 0, end exclusive. */
typedef struct Marks {
    const Label *label;
    int line, begin, end;
    bool apart; /* overlaps the one before it: on a row of its own */
} Marks;

static Marks marks_of(const Label *l)
{
    const Source *s = l->span.source;
    Marks m = { .label = l };
    m.line = source_line(s, l->span.begin);
    m.begin = source_column(s, l->span.begin) - 1;
    if (source_line(s, l->span.end) == m.line) {
        m.end = source_column(s, l->span.end) - 1;
    } else { /* to the end of the first line */
        int length;
        const char *text = source_line_text(s, m.line, &length);
        m.end = source_column(s, (uint32_t)(text - s->text) + (uint32_t)length) - 1;
    }
    if (m.end <= m.begin)
        m.end = m.begin + 1;
    return m;
}

static void pad_to(Out *o, int *column, int to)
{
    for (; *column < to; ++*column)
        out_puts(o, " ");
}

static void print_marks(Out *o, const Marks *m, int *column, const Colors *c)
{
    out_puts(o, m->label->primary ? c->error : c->mark);
    for (; *column < m->end; ++*column)
        out_puts(o, m->label->primary ? "^" : "-");
    out_puts(o, c->off);
}

static void gutter(Out *o, int width, const Colors *c)
{
    out_print(o, "%s%*s |%s", c->mark, width, "", c->off);
}

/* One row of marks with the rightmost text beside it, the other texts hung below. */
static void print_row(Out *o, int width, Marks *row, int n, const Colors *c)
{
    int column = -1, last = 0;
    int reach = 0;
    for (int i = 0; i < n; i++) {
        row[i].apart = row[i].begin < reach;
        if (!row[i].apart) {
            reach = row[i].end;
            last = i;
        }
    }
    gutter(o, width, c);
    for (int i = 0; i < n; i++) {
        if (row[i].apart)
            continue;
        pad_to(o, &column, row[i].begin);
        print_marks(o, &row[i], &column, c);
    }
    if (row[last].label->text[0] != '\0')
        out_print(o, " %s", row[last].label->text);
    out_puts(o, "\n");
    for (int i = last - 1; i >= 0; i--) {
        if (row[i].apart || row[i].label->text[0] == '\0')
            continue;
        gutter(o, width, c);
        column = -1;
        for (int j = 0; j < i; j++)
            if (!row[j].apart && row[j].label->text[0] != '\0') {
                pad_to(o, &column, row[j].begin);
                out_puts(o, "|");
                column++;
            }
        pad_to(o, &column, row[i].begin);
        out_print(o, "%s\n", row[i].label->text);
    }
    for (int i = 0; i < n; i++) {
        if (!row[i].apart)
            continue;
        gutter(o, width, c);
        column = -1;
        pad_to(o, &column, row[i].begin);
        print_marks(o, &row[i], &column, c);
        if (row[i].label->text[0] != '\0')
            out_print(o, " %s", row[i].label->text);
        out_puts(o, "\n");
    }
}

static int by_place(const void *a, const void *b)
{
    const Marks *x = a, *y = b;
    if (x->line != y->line)
        return x->line - y->line;
    if (x->begin != y->begin)
        return x->begin - y->begin;
    return (int)y->label->primary - (int)x->label->primary;
}

static void print_labels_of(Out *o, const Diag *d, const Source *s, int width,
                            const Colors *c)
{
    Marks *m = arena_array(d->sink->arena, Marks, d->label.n);
    int n = 0;
    for (int i = 0; i < d->label.n; i++)
        if (d->label.at[i].span.source == s)
            m[n++] = marks_of(&d->label.at[i]);
    qsort(m, (size_t)n, sizeof *m, by_place);
    for (int i = 0, k; i < n; i = k) {
        for (k = i; k < n && m[k].line == m[i].line; k++) {
        }
        if (i > 0 && m[i].line > m[i - 1].line + 1)
            out_print(o, "%*s...\n", width > 2 ? width - 2 : 0, "");
        int length;
        const char *text = source_line_text(s, m[i].line, &length);
        out_print(o, "%s%*d |%s %.*s\n", c->mark, width, m[i].line, c->off, length,
                  text);
        print_row(o, width, m + i, k - i, c);
    }
}

static void print_labels(Out *o, const Diag *d, int width, const Colors *c)
{
    for (int i = 0; i < d->label.n; i++) {
        const Source *s = d->label.at[i].span.source;
        bool seen = false;
        for (int j = 0; j < i; j++)
            seen |= d->label.at[j].span.source == s;
        if (seen)
            continue;
        if (i > 0)
            out_print(o, "%*s ::: %s\n", width, "", s->name);
        print_labels_of(o, d, s, width, c);
    }
}

static int gutter_width(const Diag *d)
{
    int most = 1;
    for (int i = 0; i < d->label.n; i++) {
        int line = source_line(d->label.at[i].span.source, d->label.at[i].span.begin);
        most = line > most ? line : most;
    }
    char digits[16];
    return snprintf(digits, sizeof digits, "%d", most);
}

static const char *severity_word(const Diag *d)
{
    return diag_table[d->id].severity == SEVERITY_ERROR ? "error" : "warning";
}

static void print_first_line(Out *o, const Diag *d, const Colors *c)
{
    Span at = d->label.at[0].span;
    if (at.source != NULL)
        out_print(o, "%s%s:%d:%d:%s ", c->bold, at.source->name,
                  source_line(at.source, at.begin), source_column(at.source, at.begin),
                  c->off);
    else
        out_print(o, "%sdlc:%s ", c->bold, c->off);
    bool error = diag_table[d->id].severity == SEVERITY_ERROR;
    out_print(o, "%s%s:%s %s%s [%s]%s\n", error ? c->error : c->warning,
              severity_word(d), c->off, c->bold, d->message, diag_table[d->id].code,
              c->off);
}

static void render_text(Out *o, const Diag *d, const Colors *c)
{
    static const char *const word[] = { "shapes", "note", "help" };
    bool placed = d->label.at[0].span.source != NULL;
    int width = placed ? gutter_width(d) : 1;
    print_first_line(o, d, c);
    if (placed)
        print_labels(o, d, width, c);
    for (int kind = NOTE_SHAPES; kind <= NOTE_HELP; kind++)
        for (int i = 0; i < d->note.n; i++)
            if ((int)d->note.at[i].kind == kind)
                out_print(o, "%*s = %s%s%s: %s\n", width, "",
                          kind == NOTE_HELP ? c->help : c->bold, word[kind], c->off,
                          d->note.at[i].text);
}

/* ---- for machines ---------------------------------------------------------------- */

static void json_string(Out *o, const char *text)
{
    out_puts(o, "\"");
    for (const char *p = text; *p; p++) {
        unsigned char ch = (unsigned char)*p;
        if (ch == '"' || ch == '\\')
            out_print(o, "\\%c", ch);
        else if (ch < 0x20)
            out_print(o, "\\u%04x", ch);
        else
            out_write(o, p, 1);
    }
    out_puts(o, "\"");
}

static void json_place(Out *o, Span at)
{
    if (at.source == NULL) {
        out_puts(o, "\"file\":null");
        return;
    }
    out_puts(o, "\"file\":");
    json_string(o, at.source->name);
    out_print(o, ",\"line\":%d,\"column\":%d,\"end_line\":%d,\"end_column\":%d",
              source_line(at.source, at.begin), source_column(at.source, at.begin),
              source_line(at.source, at.end), source_column(at.source, at.end));
}

static void render_json(Out *o, const Diag *d)
{
    static const char *const word[] = { "shapes", "note", "help" };
    out_print(o, "{\"severity\":\"%s\",\"code\":\"%s\",\"message\":", severity_word(d),
              diag_table[d->id].code);
    json_string(o, d->message);
    out_puts(o, ",");
    json_place(o, d->label.at[0].span);
    out_puts(o, ",\"labels\":[");
    for (int i = 0; i < d->label.n; i++) {
        if (d->label.at[i].span.source == NULL)
            continue;
        out_puts(o, i ? ",{" : "{");
        json_place(o, d->label.at[i].span);
        out_puts(o, ",\"text\":");
        json_string(o, d->label.at[i].text);
        out_puts(o, "}");
    }
    out_puts(o, "],\"notes\":[");
    for (int i = 0; i < d->note.n; i++) {
        out_print(o, "%s{\"kind\":\"%s\",\"text\":", i ? "," : "",
                  word[d->note.at[i].kind]);
        json_string(o, d->note.at[i].text);
        out_puts(o, "}");
    }
    out_puts(o, "]}\n");
}

static void render_machine(Out *o, const Diag *d)
{
    Span at = d->label.at[0].span;
    if (at.source != NULL)
        out_print(o, "%s:%d:%d:", at.source->name, source_line(at.source, at.begin),
                  source_column(at.source, at.begin));
    else
        out_puts(o, "dlc:0:0:");
    out_print(o, "%s:%s:%s\n", severity_word(d), diag_table[d->id].code, d->message);
}

void diag_render(const DiagSink *sink, Out *out, DiagStyle style, bool color)
{
    const char **seen = arena_array(sink->arena, const char *, sink->diag.n + 1);
    int n_seen = 0;
    for (int i = 0; i < sink->diag.n; i++) {
        Out one;
        out_init(&one, sink->arena);
        if (style == DIAG_JSON)
            render_json(&one, sink->diag.at[i]);
        else if (style == DIAG_MACHINE)
            render_machine(&one, sink->diag.at[i]);
        else
            render_text(&one, sink->diag.at[i], color ? &ansi : &plain);
        bool again = false;
        for (int j = 0; j < n_seen; j++)
            again |= strcmp(seen[j], out_text(&one)) == 0;
        if (again)
            continue;
        if (n_seen > 0 && style == DIAG_TEXT)
            out_puts(out, "\n");
        out_puts(out, out_text(&one));
        seen[n_seen++] = out_text(&one);
    }
}

/* ---- the compiler is wrong ------------------------------------------------------- */

static struct {
    BugHook *hook;
    void *context;
} bug_hook; /* the one mutable global: a crash has no context argument */

void bug_set_hook(BugHook *hook, void *context)
{
    bug_hook.hook = hook;
    bug_hook.context = context;
}

void bug_report(const char *file, int line, const char *format, ...)
{
    const char *slash = strrchr(file, '/');
    fprintf(stderr, "dlc: internal error at %s:%d: ", slash ? slash + 1 : file, line);
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr,
            "\nThis is a bug of dlc, not of your program. Please report it with "
            "the file that was compiled.\n");
    BugHook *hook = bug_hook.hook;
    bug_hook.hook = NULL;
    if (hook != NULL)
        hook(bug_hook.context);
    exit(70);
}
