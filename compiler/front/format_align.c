/* format_align.c - columns: settings, params and states, trailing comments. Runs end at
 * an empty line, at a comment on its own line, and where the indentation changes. */
#include "front/format_layout.h"

#include "front/dl_grammar.h"

static bool breaks_run(const Line *line)
{
    return line->blank || line->last < line->first;
}

static const Piece *first_of(const Layout *l, const Line *line)
{
    return &l->piece.at[line->first];
}

/* ---- statements ------------------------------------------------------------------ */

/* The pieces of `name: type = value` that may be padded; both on the first line. */
typedef struct Columns {
    int type, equals;       /* pieces; equals is -1 in settings */
    int type_at, equals_at; /* columns from the indent, before any padding */
} Columns;

static bool columns_of(const Layout *l, const Line *line, Columns *c)
{
    const Piece *piece = l->piece.at;
    bool is_setting = first_of(l, line)->starts == AST_SETTING;
    c->type = line->first + (is_setting ? 2 : 3); /* after `name:`, `param name:` */
    c->equals = -1;
    if (c->type > line->last)
        return false;
    c->type_at = piece[c->type].column - line->indent;
    if (is_setting)
        return true;
    int depth = 0;
    for (int i = c->type; i <= line->last; i++) {
        int kind = piece[i].token->kind;
        depth += (kind == '(' || kind == '[') - (kind == ')' || kind == ']');
        if (depth == 0 && kind == '=') {
            c->equals = i;
            c->equals_at = piece[i].column - line->indent;
            return true;
        }
    }
    return false;
}

/* The line after the statement of line i that continues its run; 0: none. */
static int next_in_run(const Layout *l, int i)
{
    const Line *line = &l->line.at[i];
    AstKind kind = first_of(l, line)->starts;
    for (int k = i + 1; k < l->line.n; k++) {
        const Line *next = &l->line.at[k];
        if (breaks_run(next))
            return 0;
        if (first_of(l, next)->starts == kind && next->indent == line->indent)
            return k;
        if (first_of(l, next)->starts != AST_COUNT ||
            first_of(l, next)->token->kind == '}')
            return 0;
    }
    return 0;
}

static bool is_aligned(AstKind kind)
{
    return kind == AST_SETTING || kind == AST_PARAM || kind == AST_STATE;
}

/* Pads the run that starts at line i; returns the last line of it. */
static int align_run(Layout *l, int i)
{
    Columns c;
    int type_at = 0, equals_at = 0, last = i;
    for (int k = i; k != 0; k = next_in_run(l, k)) {
        if (!columns_of(l, &l->line.at[k], &c))
            break;
        type_at = c.type_at > type_at ? c.type_at : type_at;
        last = k;
    }
    for (int k = i; k != 0 && k <= last; k = next_in_run(l, k)) {
        if (!columns_of(l, &l->line.at[k], &c))
            break;
        l->piece.at[c.type].pad = type_at - c.type_at;
        if (c.equals >= 0 && c.equals_at + type_at - c.type_at > equals_at)
            equals_at = c.equals_at + type_at - c.type_at;
    }
    for (int k = i; k != 0 && k <= last; k = next_in_run(l, k)) {
        if (!columns_of(l, &l->line.at[k], &c))
            break;
        if (c.equals >= 0)
            l->piece.at[c.equals].pad = equals_at - (c.equals_at + type_at - c.type_at);
    }
    return last;
}

void layout_align(Layout *l)
{
    for (int i = 0; i < l->line.n; i++)
        if (is_aligned(first_of(l, &l->line.at[i])->starts))
            i = align_run(l, i);
}

/* ---- text ------------------------------------------------------------------------ */

/* The column of the trailing comments in the run that starts at line i; its end. */
static int comment_column(const Layout *l, int i, int *end)
{
    int widest = 0, k = i;
    for (; k < l->line.n; k++) {
        const Line *line = &l->line.at[k];
        if (line->comment == NULL || line->last < line->first || (k > i && line->blank))
            break;
        widest = line->width > widest ? line->width : widest;
    }
    *end = k;
    return widest + 2;
}

void layout_print(const Layout *l, Out *out)
{
    int column = 0, end = 0;
    for (int i = 0; i < l->line.n; i++) {
        const Line *line = &l->line.at[i];
        if (i >= end)
            column = comment_column(l, i, &end);
        out_puts(out, line->blank ? "\n" : "");
        out_indent(out, line->indent);
        out_puts(out, line->text);
        if (line->comment != NULL) {
            if (line->last >= line->first)
                out_indent(out, column - line->width);
            out_puts(out, line->comment);
        }
        out_puts(out, "\n");
    }
}
