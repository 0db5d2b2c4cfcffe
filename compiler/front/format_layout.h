/* format_layout.h - the inside of the formatter.
 *
 * A program is a list of pieces, tokens and comments in their order; formatting decides
 * before which pieces a line begins (format.c takes the author's line breaks and adds
 * the necessary ones, format_break.c breaks long lines), and layout (format_layout.c)
 * makes lines of them: indentation and spacing follow from the breaks alone.
 * format_align.c pads the columns of settings and comments. */
#ifndef DLC_FRONT_FORMAT_LAYOUT_H
#define DLC_FRONT_FORMAT_LAYOUT_H

#include "front/ast.h"
#include "front/token.h"

enum { FORMAT_WIDTH = 100, FORMAT_INDENT = 4 };

typedef struct Piece {
    const Token *token;
    AstKind starts; /* the item or statement that starts here; AST_COUNT: none */
    bool is_comment;
    bool is_signature; /* the `(` of a signature */
    bool is_call;      /* the `(` of a call; set by layout */
    bool is_inline;    /* the `{` of a block on one line */
    bool is_unary;     /* `-` with one operand; set by layout */
    int partner;       /* the other bracket; -1: none */
    int breaks;        /* line ends before it: 0, 1 or 2 (an empty line) */
    int pad;           /* blanks before it that align columns */
    int column;        /* from 0; set by layout */
} Piece;

typedef struct Line {
    int first, last; /* pieces, a trailing comment not counted */
    int indent;
    int width;           /* columns, with the indent, without the comment */
    int depth;           /* open ( and [ where the line starts */
    bool blank;          /* an empty line stands before it */
    const char *text;    /* "" for comments on their own line */
    const char *comment; /* NULL: none */
} Line;

typedef struct Layout {
    Arena *arena;
    VEC(Piece) piece;
    VEC(Line) line;
} Layout;

/* Makes `line` and the columns from the pieces. */
void layout_make(Layout *l);

/* Breaks lines that are too long; true when it broke one, then the layout is made anew.
 */
bool layout_break(Layout *l);

/* Breaks after `{`, before `}` and before the statements of a block, drops its `;`. */
void layout_open_block(Layout *l, int brace);

/* Sets the padding of settings, params and states. */
void layout_align(Layout *l);

/* Prints the lines, trailing comments aligned. */
void layout_print(const Layout *l, Out *out);

/* The text of a piece and the columns it takes. */
const char *piece_text(Arena *a, const Piece *p);
int piece_width(const Piece *p);

#endif
