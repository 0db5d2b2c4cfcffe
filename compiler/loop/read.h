/* read.h - inside of the .dlir reader: tokens and kernels (read.c), expressions
 * (read_expr.c), programs (read_program.c).
 */
#ifndef DLC_LOOP_READ_H
#define DLC_LOOP_READ_H

#include "loop/expr.h"
#include "loop/math.h"
#include "loop/text.h"
#include "support/map.h"
#include "support/str.h"

typedef enum TokenKind {
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_SIGN,
    TOKEN_END
} TokenKind;

typedef struct Reader {
    Arena *a;
    const Source *source;
    DiagSink *sink;
    /* the token read last */
    TokenKind kind;
    uint32_t begin, end;
    int depth;      /* of nested expressions */
    bool failed;    /* a diagnostic was given; everything returns quickly */
    Kernel *kernel; /* being filled, or one for the arena of functions */
    Map *vars;      /* name -> Var, of the kernel or function */
    Map *buffers;   /* name -> Buffer */
    Map *functions; /* name -> LoopFunction */
} Reader;

void read_next(Reader *r);
bool read_fail(Reader *r, const char *format, ...) STR_PRINTF(2, 3);
bool read_is(const Reader *r, const char *text);
bool read_accept(Reader *r, const char *text);
void read_expect(Reader *r, const char *text);
const char *read_word(Reader *r);
int64_t read_int(Reader *r);
double read_number(Reader *r);
const char *read_string(Reader *r);
LoopType read_type(Reader *r);
DType read_dtype(Reader *r);
Kernel *read_kernel(Reader *r);
void read_function(Reader *r);
/* Never NULL: after a failure a constant. */
Expr *read_expr(Reader *r);

#endif
