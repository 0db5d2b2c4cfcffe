/* c_expr.h - C text of loop expressions, see c_kernel.h. */
#ifndef DLC_EMIT_C_EXPR_H
#define DLC_EMIT_C_EXPR_H

#include "loop/loop.h"

/* Precedence of C, the higher binds the tighter. */
enum {
    C_ANY,
    C_CONDITIONAL,
    C_OR,
    C_AND,
    C_BIT_OR,
    C_BIT_XOR,
    C_BIT_AND,
    C_EQUALITY,
    C_RELATION,
    C_SHIFT,
    C_SUM,
    C_PRODUCT,
    C_UNARY,
    C_PRIMARY
};

/* Prints e, in parentheses when it binds less tightly than `least`. */
void c_expr_print(const Expr *e, int least, Out *out);
void c_type_print(LoopType t, Out *out);                /* "float", "v16f" */
void c_vector_print(LoopType t, bool packed, Out *out); /* packed: "v16c" */
void c_float_print(DType t, double value, Out *out);    /* "0.1f", "-INFINITY" */
/* Address of b[index], and the suffix of vector loads and stores: "", "_u8". */
void c_element_print(const Buffer *b, const Expr *index, Out *out);
const char *c_storage_suffix(DType t);

#endif
