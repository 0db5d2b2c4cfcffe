/* format.c - from a program to pieces, and the line breaks every layout has. */
#include "front/format.h"

#include "front/ast.h"
#include "front/dl_grammar.h"
#include "front/format_layout.h"
#include "support/bug.h"
#include "support/str.h"

/* ---- pieces ---------------------------------------------------------------------- */

static int line_of_end(const Token *t)
{
    return source_line(t->span.source, t->span.end);
}

static void add_piece(Layout *l, const Token *t, bool is_comment)
{
    Piece piece = {
        .token = t, .is_comment = is_comment, .starts = AST_COUNT, .partner = -1
    };
    if (l->piece.n > 0) {
        int lines = token_line(t) - line_of_end(vec_last(&l->piece).token);
        piece.breaks = lines > 2 ? 2 : lines;
    }
    vec_push(l->arena, &l->piece, piece);
}

static void add_pieces(Layout *l, const TokenList *list)
{
    for (int t = 0, c = 0;;) {
        const Token *token = &list->token.at[t];
        if (c < list->comment.n &&
            (token->kind == 0 || list->comment.at[c].span.begin < token->span.begin))
            add_piece(l, &list->comment.at[c++], true);
        else if (token->kind != 0)
            add_piece(l, &list->token.at[t++], false);
        else
            return;
    }
}

/* The piece at an offset, which is the start of one. */
static Piece *piece_at(Layout *l, uint32_t offset)
{
    int low = 0, high = l->piece.n - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (l->piece.at[middle].token->span.begin < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return &l->piece.at[low];
}

static void mark_list(Layout *l, AstList list);

static void mark(Layout *l, const Ast *n)
{
    piece_at(l, n->span.begin)->starts = n->kind;
    switch (n->kind) {
    case AST_DEF:
    case AST_NET:
    case AST_DATA:
    case AST_TRAIN:
        if (n->item.signature != NULL)
            piece_at(l, n->item.signature->span.begin)->is_signature = true;
        if (n->item.body->kind == AST_BLOCK)
            mark_list(l, n->item.body->list);
        break;
    case AST_DEPLOY:
        mark_list(l, n->deploy.body);
        break;
    case AST_PARAM:
        mark_list(l, n->named.settings);
        break;
    case AST_IF:
        mark_list(l, n->branch.then);
        mark_list(l, n->branch.otherwise);
        break;
    case AST_FOR:
    case AST_REPEAT:
    case AST_EVERY:
    case AST_AUGMENT:
        mark_list(l, n->loop.body);
        break;
    default:
        break;
    }
}

static void mark_list(Layout *l, AstList list)
{
    for (int i = 0; i < list.n; i++)
        mark(l, list.at[i]);
}

/* The `if` of `else if` continues its statement. */
static void unmark_else_if(Layout *l)
{
    for (int i = 1; i < l->piece.n; i++)
        if (l->piece.at[i - 1].token->kind == TOKEN_ELSE)
            l->piece.at[i].starts = AST_COUNT;
}

static void match_brackets(Layout *l)
{
    VEC(int) open = { 0 };
    for (int i = 0; i < l->piece.n; i++) {
        switch (l->piece.at[i].token->kind) {
        case '(':
        case '[':
        case '{':
            vec_push(l->arena, &open, i);
            break;
        case ')':
        case ']':
        case '}':
            l->piece.at[i].partner = vec_last(&open);
            l->piece.at[vec_pop(&open)].partner = i;
            break;
        default:
            break;
        }
    }
}

/* ---- line breaks ----------------------------------------------------------------- */

void layout_open_block(Layout *l, int brace)
{
    Piece *piece = l->piece.at;
    int depth = 0;
    piece[brace].is_inline = false;
    for (int i = brace + 1; i <= piece[brace].partner; i++) {
        depth -= piece[i].token->kind == '}';
        bool breaks = (depth == 0 && piece[i].starts != AST_COUNT) || i == brace + 1 ||
                      i == piece[brace].partner;
        if (breaks && piece[i].breaks == 0 && !piece[i].is_comment)
            piece[i].breaks = 1;
        depth += piece[i].token->kind == '{';
    }
}

/* A block stays on one line when the author put it on one. */
static void set_blocks(Layout *l)
{
    for (int i = 0; i < l->piece.n; i++) {
        Piece *brace = &l->piece.at[i];
        if (brace->token->kind != '{')
            continue;
        const Token *end = l->piece.at[brace->partner].token;
        if (brace->partner == i + 1) { /* {} */
            l->piece.at[i + 1].breaks = 0;
            brace->is_inline = true;
        } else if (token_line(brace->token) == token_line(end)) {
            brace->is_inline = true;
        } else {
            layout_open_block(l, i);
        }
    }
}

/* Keeps the `;` that separate two statements of a block on one line. */
static void drop_semicolons(Layout *l)
{
    VEC(Piece) kept = { 0 };
    VEC(int) open = { 0 };
    int carried = 0; /* breaks of what was dropped */
    for (int i = 0; i < l->piece.n; i++) {
        Piece p = l->piece.at[i];
        if (p.token->kind == '{')
            vec_push(l->arena, &open, i);
        if (p.token->kind == '}')
            open.n--;
        if (p.token->kind == ';') {
            int before = vec_last(&kept).token->kind;
            int after = l->piece.at[i + 1].token->kind;
            if (!l->piece.at[vec_last(&open)].is_inline || before == '{' ||
                after == ';' || after == '}') {
                carried = p.breaks > carried ? p.breaks : carried;
                continue;
            }
        }
        p.breaks = carried > p.breaks ? carried : p.breaks;
        carried = 0;
        vec_push(l->arena, &kept, p);
    }
    l->piece.at = kept.at;
    l->piece.n = kept.n;
    l->piece.capacity = kept.capacity;
}

static void set_breaks(Layout *l)
{
    Piece *piece = l->piece.at;
    for (int i = 1; i < l->piece.n; i++) {
        Piece *before = &piece[i - 1], *p = &piece[i];
        int kind = p->token->kind;
        bool free = !before->is_comment && !p->is_comment;
        bool is_item = p->starts <= AST_DEPLOY;
        if (is_item && p->breaks == 0)
            p->breaks = 1;
        if (free && (kind == '{' || (kind == TOKEN_ELSE && before->token->kind == '}')))
            p->breaks = 0;
        if (free && kind == ',' && p->breaks > 0 && i + 1 < l->piece.n) {
            if (piece[i + 1].breaks == 0)
                piece[i + 1].breaks = 1;
            p->breaks = 0;
        }
        if (free && before->token->kind == TOKEN_PIPE && p->breaks > 0) {
            p->breaks = 0; /* a pipeline breaks before |>, not after */
            if (before->breaks == 0)
                before->breaks = 1;
        }
        if (before->token->kind == '{' && kind == '}')
            p->breaks = 0;
        if (p->breaks == 2 && (before->token->kind == '{' || kind == '}'))
            p->breaks = 1;
    }
    if (l->piece.n > 0)
        piece[0].breaks = 0;
}

/* ---- whole programs -------------------------------------------------------------- */

static void format_pieces(Layout *l, Out *out)
{
    layout_make(l);
    while (layout_break(l)) {
        drop_semicolons(l); /* of blocks that were opened */
        match_brackets(l);
        layout_make(l);
    }
    layout_align(l);
    layout_make(l);
    layout_print(l, out);
}

/* A formatter that changes a program is worse than none. */
static void check_same(Arena *a, const Source *source, const Ast *tree, Out *text)
{
    DiagSink *sink = diag_sink_new(a);
    Source *result = source_new(a, source->path, source->name, out_text(text),
                                (uint32_t)text->length);
    const Ast *again = ast_parse(a, result, sink);
    if (again == NULL)
        BUG("the formatted text of %s does not parse: %s at line %d", source->name,
            diag_message(sink, 0), source_line(result, diag_span(sink, 0).begin));
    Out before, after;
    out_init(&before, a);
    out_init(&after, a);
    ast_print_bare(tree, &before);
    ast_print_bare(again, &after);
    if (!str_equal(out_text(&before), out_text(&after)))
        BUG("formatting changes the meaning of %s", source->name);
}

bool ast_format(Arena *a, const Source *source, DiagSink *sink, Out *out)
{
    const Ast *tree = ast_parse(a, source, sink);
    if (tree == NULL)
        return false;
    TokenList list = token_scan(a, source);
    Layout l = { .arena = a };
    add_pieces(&l, &list);
    mark_list(&l, tree->list);
    unmark_else_if(&l);
    match_brackets(&l);
    set_blocks(&l);
    drop_semicolons(&l);
    match_brackets(&l);
    set_breaks(&l);
    Out text;
    out_init(&text, a);
    format_pieces(&l, &text);
    check_same(a, source, tree, &text);
    out_write(out, out_text(&text), text.length);
    return true;
}
