/* format_layout.c - lines from pieces: indentation and spacing. */
#include "front/format_layout.h"

#include "front/dl_grammar.h"
#include "support/str.h"

enum { UNSET = -1 };

/* What later lines of one statement, or of one pair of brackets, line up with. */
typedef struct Anchor {
    int indent; /* of the statement */
    int pipe;   /* column of the first |>, or UNSET */
    int choice; /* column of `if` in if-then-else, or UNSET */
} Anchor;

typedef struct Open {
    int kind; /* ( [ { */
    bool is_call;
    bool hangs;      /* last on its line */
    int line_indent; /* of the line it stands on */
    int content;     /* the column after it */
    int pipe;        /* as in Anchor, of the pipeline inside */
    Anchor outer;    /* {: the statement it belongs to */
} Open;

typedef struct Maker {
    Layout *l;
    VEC(Open) open;
    int braces, depth; /* open {, and open ( [ inside the innermost { */
    Anchor anchor;
    int line_indent;
} Maker;

const char *piece_text(Arena *a, const Piece *p)
{
    return span_text(a, p->token->span);
}

int piece_width(const Piece *p)
{
    Span s = p->token->span;
    int n = 0;
    for (uint32_t i = s.begin; i < s.end; i++)
        n += ((unsigned char)s.source->text[i] & 0xc0) != 0x80;
    return n;
}

static bool ends_value(const Piece *p)
{
    if (p->token->kind == TOKEN_EVERY && p->starts == AST_EVERY)
        return false; /* the keyword */
    return token_ends_value(p->token->kind);
}

static bool is_number(const Piece *p)
{
    int kind = p->token->kind;
    return kind == TOKEN_INT || kind == TOKEN_FLOAT || kind == TOKEN_QUANTITY;
}

/* Do the two stand together, without a blank? `call`: directly inside a call's
 * brackets. */
static bool touch(const Piece *before, const Piece *p, bool call)
{
    int kind = p->token->kind, last = before->token->kind;
    if (kind == ',' || kind == ';' || kind == ')' || kind == ']' || kind == ':')
        return true;
    if (last == '(' || last == '[')
        return true;
    if (kind == '.' || last == '.')
        return !(kind == '.' && is_number(before)); /* 1 .x is no float */
    if (last == TOKEN_DOTDOT || (kind == TOKEN_DOTDOT && last != ','))
        return true;
    if (call && (kind == '=' || last == '='))
        return true;
    if (kind == '(' || kind == '[')
        return ends_value(before);
    if (last == '-' && before->is_unary)
        return true;
    return last == '{' && kind == '}';
}

static const Open *innermost(const Maker *m)
{
    return m->depth > 0 ? &vec_last(&m->open) : NULL;
}

static int bracket_indent(const Open *o, int kind)
{
    if (kind == TOKEN_PIPE && o->pipe != UNSET)
        return o->pipe;
    return o->hangs ? o->line_indent + FORMAT_INDENT : o->content;
}

/* Where a line starts that begins with this piece. */
static int indent_of(const Maker *m, const Piece *p)
{
    int kind = p->token->kind;
    const Open *in = innermost(m);
    if (p->starts != AST_COUNT)
        return FORMAT_INDENT * m->braces;
    if (kind == '}')
        return vec_last(&m->open).outer.indent;
    if (in != NULL && (kind == ')' || kind == ']'))
        return in->hangs ? in->line_indent : m->anchor.indent;
    if (in != NULL)
        return bracket_indent(in, kind);
    if (kind == TOKEN_PIPE && m->anchor.pipe != UNSET)
        return m->anchor.pipe;
    if ((kind == TOKEN_ELSE || kind == TOKEN_THEN) && m->anchor.choice != UNSET)
        return m->anchor.choice;
    return m->anchor.indent + FORMAT_INDENT;
}

/* A comment stands as the line after it; before `}`, as the block's statements. */
static int comment_indent(const Maker *m, int i)
{
    const Layout *l = m->l;
    while (i < l->piece.n && l->piece.at[i].is_comment)
        i++;
    if (i == l->piece.n || l->piece.at[i].token->kind == '}')
        return FORMAT_INDENT * m->braces;
    const Open *in = innermost(m);
    int kind = l->piece.at[i].token->kind;
    if (in != NULL && (kind == ')' || kind == ']'))
        return bracket_indent(in, 0);
    return indent_of(m, &l->piece.at[i]);
}

static void open_bracket(Maker *m, int i)
{
    Piece *p = &m->l->piece.at[i];
    Open o = { .kind = p->token->kind,
               .is_call = p->is_call,
               .line_indent = m->line_indent,
               .content = p->column + 1,
               .pipe = UNSET,
               .outer = m->anchor };
    o.hangs = i + 1 < m->l->piece.n && (p[1].breaks > 0 || p[1].is_comment);
    vec_push(m->l->arena, &m->open, o);
    if (o.kind == '{') {
        m->braces++;
        m->depth = 0;
    } else {
        m->depth++;
    }
}

static void close_bracket(Maker *m)
{
    Open o = vec_pop(&m->open);
    if (o.kind != '{') {
        m->depth--;
        return;
    }
    m->braces--;
    m->anchor = o.outer; /* else may follow */
    m->depth = 0;
}

/* Notes what later lines need to know of a piece that has its column. */
static void pass(Maker *m, int i)
{
    Piece *p = &m->l->piece.at[i];
    switch (p->token->kind) {
    case '(':
    case '[':
    case '{':
        open_bracket(m, i);
        break;
    case ')':
    case ']':
    case '}':
        close_bracket(m);
        break;
    case TOKEN_PIPE: {
        int *pipe = m->depth > 0 ? &vec_last(&m->open).pipe : &m->anchor.pipe;
        if (*pipe == UNSET)
            *pipe = p->column;
        break;
    }
    case TOKEN_IF:
        if (p->starts == AST_COUNT && m->depth == 0)
            m->anchor.choice = p->column;
        break;
    default:
        break;
    }
}

/* Sets what depends on the piece before, in the same statement. */
static void look_back(Maker *m, int i)
{
    Piece *p = &m->l->piece.at[i];
    int k = i - 1;
    while (k >= 0 && m->l->piece.at[k].is_comment)
        k--;
    bool value = k >= 0 && p->starts == AST_COUNT && ends_value(&m->l->piece.at[k]);
    p->is_call = p->token->kind == '(' && value && !p->is_signature;
    p->is_unary = p->token->kind == '-' && !value;
}

static void begin_line(Maker *m, Line *line, int i)
{
    Piece *p = &m->l->piece.at[i];
    *line = (Line){ .first = i, .last = i - 1, .depth = m->depth, .text = "" };
    line->blank = p->breaks == 2;
    line->indent = p->is_comment ? comment_indent(m, i) : indent_of(m, p);
    line->width = m->line_indent = line->indent;
    if (p->starts != AST_COUNT)
        m->anchor = (Anchor){ line->indent, UNSET, UNSET };
}

static void add_to_line(Maker *m, Line *line, Out *text, int i)
{
    Piece *p = &m->l->piece.at[i];
    if (i > line->first) {
        bool call = m->depth > 0 && vec_last(&m->open).is_call;
        int blanks = (touch(p - 1, p, call) ? 0 : 1) + p->pad;
        out_indent(text, blanks);
        line->width += blanks;
    }
    /* inside a block on one line: its own statement, at the indent of the line */
    if (i > line->first && p->starts != AST_COUNT)
        m->anchor = (Anchor){ line->indent, UNSET, UNSET };
    p->column = line->width;
    out_puts(text, piece_text(m->l->arena, p));
    line->width += piece_width(p);
    line->last = i;
    pass(m, i);
}

void layout_make(Layout *l)
{
    Maker m = { .l = l, .anchor = { 0, UNSET, UNSET } };
    l->line.n = 0;
    for (int i = 0; i < l->piece.n;) {
        Line line;
        Out text;
        out_init(&text, l->arena);
        begin_line(&m, &line, i);
        do {
            if (l->piece.at[i].is_comment) {
                line.comment = piece_text(l->arena, &l->piece.at[i++]);
                break;
            }
            look_back(&m, i);
            add_to_line(&m, &line, &text, i++);
        } while (i < l->piece.n && l->piece.at[i].breaks == 0);
        line.text = out_text(&text);
        vec_push(l->arena, &l->line, line);
    }
}
