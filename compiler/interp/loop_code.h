/* loop_code.h - register code of the loop interpreter: loop_compile.c writes it,
 * loop_interp.c runs it. Values live in 32-bit words; a vector takes `lanes` words.
 * Narrow integers are kept widened, bools as 0 or 1. */
#ifndef DLC_INTERP_LOOP_CODE_H
#define DLC_INTERP_LOOP_CODE_H

#include "loop/loop.h"

typedef union Word {
    float f;
    int32_t i;
    uint32_t u;
} Word;

/* to, a, b, c are words, or what the comment says. */
typedef enum CodeOp {
    CODE_COPY,
    CODE_SPLAT,
    CODE_LOAD_32,
    CODE_LOAD_U8,
    CODE_LOAD_I8,
    CODE_LOAD_U16,
    CODE_LOAD_F16,
    CODE_LOAD_I16, /* b: buffer */
    CODE_STORE_32,
    CODE_STORE_8,
    CODE_STORE_16, /* to: index, a: value, b: buffer */
    CODE_ADD_F,
    CODE_SUB_F,
    CODE_MUL_F,
    CODE_DIV_F,
    CODE_MIN_F,
    CODE_MAX_F,
    CODE_EQ_F,
    CODE_NE_F,
    CODE_LT_F,
    CODE_LE_F,
    CODE_ADD_I,
    CODE_SUB_I,
    CODE_MUL_I,
    CODE_DIV_I,
    CODE_MOD_I,
    CODE_MIN_I,
    CODE_MAX_I,
    CODE_EQ_I,
    CODE_NE_I,
    CODE_LT_I,
    CODE_LE_I,
    CODE_DIV_U,
    CODE_MOD_U,
    CODE_MIN_U,
    CODE_MAX_U,
    CODE_LT_U,
    CODE_LE_U,
    CODE_AND,
    CODE_OR,
    CODE_XOR,
    CODE_SHL,
    CODE_SHR_I,
    CODE_SHR_U,
    CODE_SCALE_ADD, /* to = a * c + b, c immediate, i32 */
    CODE_NEG_F,
    CODE_ABS_F,
    CODE_SQRT_F,
    CODE_FLOOR_F,
    CODE_NEG_I,
    CODE_ABS_I,
    CODE_NOT_I,
    CODE_NOT_B,
    CODE_SELECT,
    CODE_FMA,
    CODE_F_OF_I,
    CODE_F_OF_U,
    CODE_I_OF_F,
    CODE_U_OF_F,
    CODE_B_OF_F,
    CODE_B_OF_I,
    CODE_CLAMP, /* to = a within b .. c, both immediate, i32 */
    CODE_HSUM_F,
    CODE_HMAX_F,
    CODE_HSUM_I,
    CODE_HMAX_I,
    CODE_HMAX_U,
    CODE_INTRINSIC, /* a: first argument, b: function */
    CODE_FOR,       /* to: variable, a: begin, b: end; when empty go to c */
    CODE_NEXT,      /* to: variable, a: step (word), b: end; while below go to c */
    CODE_UNLESS,    /* when a is 0 go to c */
    CODE_JUMP,      /* go to c */
    CODE_END
} CodeOp;

typedef struct Ins {
    int16_t op, lanes;
    int32_t to, a, b, c;
} Ins;

enum { WORD_SLICE_RANK, WORD_SLICE_SIZE, WORD_FIRST_FREE };

typedef struct Code {
    const Kernel *kernel;
    VEC(Ins) ins;
    VEC(Word) word; /* initial values: constants */
    VEC(const LoopFunction *) function;
} Code;

Code *kernel_compile(const Kernel *k, Arena *a);

#endif
