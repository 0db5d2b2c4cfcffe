/* format_break.c - breaking lines that are too long. Each round tries the ways below on
 * every long line, the first that applies breaks it; breaks are only ever added, so the
 * rounds end, and a second formatting finds nothing left to break. */
#include "front/format_layout.h"

#include "front/dl_grammar.h"

#include <limits.h>

static int kind_at(const Layout *l, int i)
{
    return i < l->piece.n && !l->piece.at[i].is_comment ? l->piece.at[i].token->kind
                                                        : 0;
}

static bool break_before(Layout *l, int i)
{
    l->piece.at[i].breaks = 1;
    return true;
}

static int depth_change(int kind)
{
    switch (kind) {
    case '(':
    case '[':
    case '{':
        return 1;
    case ')':
    case ']':
    case '}':
        return -1;
    default:
        return 0;
    }
}

/* The piece that starts the statement of piece i. */
static int statement_of(const Layout *l, int i)
{
    while (i > 0 && l->piece.at[i].starts == AST_COUNT) {
        if (kind_at(l, i) == '}')
            i = l->piece.at[i].partner;
        i--;
    }
    return i;
}

static bool open_block(Layout *l, const Line *line)
{
    for (int i = line->first; i <= line->last; i++)
        if (kind_at(l, i) == '{' && l->piece.at[i].is_inline &&
            l->piece.at[i].partner > i + 1) {
            layout_open_block(l, i);
            return true;
        }
    return false;
}

/* net f(x: f32[4]) -> y: f32[4] =
 *     x |> ... */
static bool after_equals(Layout *l, const Line *line)
{
    AstKind kind = l->piece.at[line->first].starts;
    if (kind != AST_DEF && kind != AST_NET)
        return false;
    int depth = 0;
    for (int i = line->first; i < line->last; i++) {
        depth += depth_change(kind_at(l, i));
        if (depth == 0 && kind_at(l, i) == '=')
            return break_before(l, i + 1);
    }
    return false;
}

/* Is the stage at this |> a bare name, such as batchnorm? It stays with the one before.
 */
static bool is_bare_stage(const Layout *l, int i)
{
    if (!token_is_name(kind_at(l, i + 1)))
        return false;
    int next = kind_at(l, i + 2);
    return next != '(' && next != '[' && next != '.';
}

/* Is there a |> before piece i in the same pipeline? */
static bool continues_pipeline(const Layout *l, int i)
{
    for (int k = i - 1; k >= 0; k--) {
        int kind = kind_at(l, k);
        if (kind == TOKEN_PIPE)
            return true;
        if (l->piece.at[k].starts != AST_COUNT)
            return false;
        if (kind == ')' || kind == ']')
            k = l->piece.at[k].partner;
        else if (!token_ends_value(kind) && kind != '.' && !l->piece.at[k].is_comment)
            return false;
    }
    return false;
}

/* Breaks the pipelines of one depth before their stages, the first stage excepted. */
static bool before_pipes(Layout *l, const Line *line, int wanted, bool bare)
{
    int depth = 0;
    bool broke = false;
    for (int i = line->first; i <= line->last; i++) {
        depth += depth_change(kind_at(l, i));
        bool there = wanted == 0 ? depth <= 0 : depth == wanted;
        if (!there || kind_at(l, i) != TOKEN_PIPE || i == line->first ||
            !continues_pipeline(l, i) || (is_bare_stage(l, i) && !bare))
            continue;
        broke = break_before(l, i);
    }
    return broke;
}

static bool before_outer_pipes(Layout *l, const Line *line)
{
    return before_pipes(l, line, 0, false) || before_pipes(l, line, 0, true);
}

static bool before_word(Layout *l, const Line *line, int word)
{
    int depth = 0;
    for (int i = line->first; i <= line->last; i++) {
        depth += depth_change(kind_at(l, i));
        if (depth == 0 && i > line->first && kind_at(l, i) == word)
            return break_before(l, i);
    }
    return false;
}

static bool before_words(Layout *l, const Line *line)
{
    AstKind kind = l->piece.at[statement_of(l, line->first)].starts;
    if (kind == AST_MINIMIZE)
        return before_word(l, line, TOKEN_USING) || before_word(l, line, TOKEN_OVER);
    if ((kind == AST_DEF || kind == AST_NET) && kind_at(l, line->last) != '{')
        return before_word(l, line, TOKEN_ARROW) || before_word(l, line, TOKEN_ELSE);
    return kind != AST_IF && before_word(l, line, TOKEN_ELSE);
}

/* Commas at the line's own depth separate values only inside brackets and in assert. */
static bool commas_separate_values(const Layout *l, const Line *line)
{
    return line->depth > 0 ||
           l->piece.at[statement_of(l, line->first)].starts == AST_ASSERT;
}

/* Fills the line up to a comma of the outermost brackets that have one. */
static bool after_comma(Layout *l, const Line *line)
{
    int least = INT_MAX, depth = 0, best = -1;
    for (int i = line->first; i < line->last; i++) {
        depth += depth_change(kind_at(l, i));
        if (kind_at(l, i) != ',' || (depth <= 0 && !commas_separate_values(l, line)))
            continue;
        bool fits = l->piece.at[i].column < FORMAT_WIDTH;
        if (depth < least || (depth == least && fits))
            best = i;
        least = depth < least ? depth : least;
    }
    return best >= 0 && break_before(l, best + 1);
}

static bool before_inner_pipes(Layout *l, const Line *line)
{
    enum { DEEPEST = 8 };
    for (int depth = 1; depth <= DEEPEST; depth++)
        if (before_pipes(l, line, depth, false) || before_pipes(l, line, depth, true))
            return true;
    return false;
}

bool layout_break(Layout *l)
{
    typedef bool Way(Layout *, const Line *);
    static Way *const ways[] = { open_block,   after_equals, before_outer_pipes,
                                 before_words, after_comma,  before_inner_pipes };
    bool broke = false;
    for (int i = 0; i < l->line.n; i++) {
        const Line *line = &l->line.at[i];
        if (line->width <= FORMAT_WIDTH || line->last < line->first)
            continue;
        for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++)
            if (ways[w](l, line)) {
                broke = true;
                break;
            }
    }
    return broke;
}
