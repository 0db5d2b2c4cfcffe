/* loop.h - the loop IR: what kernels are made of. It defines every bit: order of
 * operations, lanes, `fma` only where written. The loop interpreter executes it and the
 * emitter prints it as C; the two agree bit for bit.
 *
 * A Program is one function of the emitted C: buffers and a sequence of kernel calls. A
 * Kernel is one static C function over flat buffers. Index arithmetic is i32 (affine,
 * plus / and % by positive constants); values are scalars or vectors of `lanes`. */
#ifndef DLC_LOOP_LOOP_H
#define DLC_LOOP_LOOP_H

#include "support/arena.h"
#include "support/diag.h"
#include "support/out.h"
#include "support/vec.h"
#include "tensor/tensor.h"

typedef struct LoopType {
    DType dtype; /* f32, i32, u32, bool, and the storage types in loads and stores */
    int lanes;   /* 1: scalar */
} LoopType;

typedef struct Expr Expr;
typedef struct Stmt Stmt;
typedef struct Var Var;
typedef struct Buffer Buffer;
typedef struct Kernel Kernel;

/* What a load from a buffer of that type gives: f16 is widened, exactly. */
static inline DType loop_load_dtype(DType storage)
{
    return storage == DTYPE_F16 ? DTYPE_F32 : storage;
}

/* ---- buffers --------------------------------------------------------------------- */

typedef enum Access {
    ACCESS_READ = 1,
    ACCESS_WRITE = 2,
    ACCESS_READ_WRITE = 3,
    ACCESS_LOCAL = 4
} Access;

struct Buffer {
    const char *name; /* parameter or local array of the kernel, a C identifier */
    DType dtype;
    int64_t count; /* elements; indices are 0 .. count-1 */
    bool in_flash; /* set by the emitter: constants, in an address space of their own */
    Access access; /* LOCAL: an array on the stack, undefined at first */
    bool may_alias; /* in place with another parameter: not printed as restrict */
    int id;         /* index in kernel->buffer */
};

/* ---- variables ------------------------------------------------------------------- */

typedef enum VarKind {
    VAR_LOOP,
    VAR_LET,
    VAR_REGISTER,
    VAR_PARAM /* of a function */
} VarKind;

struct Var {
    const char *name; /* unique in its kernel, a C identifier */
    VarKind kind;     /* LET: assigned once; REGISTER: any number of times */
    LoopType type;
    int id;
    int64_t low, high; /* LOOP, i32 LET: values taken lie in low .. high (inclusive) */
    Expr *value;       /* LET: what it names; NULL else */
    bool packed;       /* LET, PARAM: of a packed value */
};

/* ---- expressions ----------------------------------------------------------------- */

typedef enum ExprKind {
    EXPR_INT,   /* i: of type i32, u32 or bool */
    EXPR_FLOAT, /* f, rounded to f32 */
    EXPR_VAR,
    EXPR_LOAD, /* buffer[index .. index + lanes - 1] */
    EXPR_UNARY,
    EXPR_BINARY,
    EXPR_SELECT, /* arg 0 (bool) ? arg 1 : arg 2, lane by lane; both are evaluated */
    EXPR_FMA,    /* arg 0 * arg 1 + arg 2, rounded once */
    EXPR_CAST,   /* to type; float to int truncates, out of range clamps (NaN: lowest);
                  * ints clamp to 8 and 16 bits, wrap between i32 and u32; bool is != 0 */
    EXPR_BITS,   /* reinterpret f32 <-> i32 / u32 */
    EXPR_SPLAT,  /* scalar to all lanes */
    EXPR_HSUM,   /* sum of lanes: halves are added until one is left (i and i+n/2) */
    EXPR_HMAX,   /* likewise with max */
    EXPR_CALL    /* a LoopFunction or intrinsic */
} ExprKind;

typedef enum ExprOp {
    /* clang-format off */
    /* binary; comparisons give bool. max(a, b) is a > b ? a : b, min is a < b ? a : b.
     * Integer / and % have positive constant divisors and non-negative dividends. */
    BIN_ADD, BIN_SUB, BIN_MUL, BIN_DIV, BIN_MOD, BIN_MIN, BIN_MAX,
    BIN_AND, BIN_OR, BIN_XOR, BIN_SHL, BIN_SHR, /* on i32, u32, bool */
    BIN_EQ, BIN_NE, BIN_LT, BIN_LE, BIN_GT, BIN_GE,
    /* unary */
    UN_NEG, UN_ABS, UN_NOT, UN_SQRT, UN_FLOOR
    /* clang-format on */
} ExprOp;

typedef struct LoopFunction LoopFunction;

struct Expr { /* immutable, shared freely */
    ExprKind kind;
    bool packed; /* LOAD, VAR: narrow lanes stay side by side as they are stored, for
                  * intrinsics and stores; else they are widened to 32 bits */
    LoopType type;
    ExprOp op;
    int64_t i;
    double f;
    const Var *var;
    const Buffer *buffer;
    const LoopFunction *callee;
    int n_arg;
    Expr *arg[6]; /* LOAD: arg[0] is the index */
};

/* A pure function of scalars or vectors: exp, tanh ... (loop/math). Printed as a static
 * C function; lanes > 1 has its own instance. Or an intrinsic with a C99 body that the
 * interpreter calls (body != NULL), such as philox. */
struct LoopFunction {
    const char *name;  /* "dlc_expf", "dlc_expf_x16" */
    const char *about; /* comment: algorithm, error bound, source */
    int n_params;
    Var *param[6];
    LoopType result;
    int64_t low, high; /* of an i32 result that an intrinsic gives; both 0: any */
    int n_lets;
    Var **let;
    Expr **let_value;
    Expr *value;
    /* intrinsics: text of the C function ("": runtime/device has it), and what the
     * interpreter runs */
    const char *c_text;
    void (*run)(const uint32_t *args, uint32_t *result); /* bits of scalar args */
};

/* ---- statements ------------------------------------------------------------------ */

typedef enum StmtKind {
    STMT_FOR,
    STMT_STORE,
    STMT_LET,
    STMT_ASSIGN,
    STMT_IF,
    STMT_EXTERN, /* text(arg, ..): a C function of the user's */
    STMT_COMMENT
} StmtKind;

typedef enum LoopKind {
    LOOP_SERIAL,
    LOOP_SLICED /* outermost, at most one a kernel: iterations go to team members */
} LoopKind;

typedef struct Block {
    VEC(Stmt *) stmt;
} Block;

typedef struct ExternArg { /* elements of a buffer, or a number */
    const char *name;
    const Buffer *buffer; /* NULL: an int32_t */
    int64_t first, count; /* its elements; first: the number */
    bool writes;          /* all of them; else they are only read */
} ExternArg;

struct Stmt {
    StmtKind kind;
    LoopKind loop;     /* FOR */
    Var *var;          /* FOR; LET, ASSIGN (REGISTER: first ASSIGN declares it, in the
                        * block that holds all its uses) */
    Expr *begin, *end; /* FOR: var = begin; var < end; var += step. i32, affine */
    int64_t step;      /* FOR: > 0 */
    const Buffer *buffer;  /* STORE */
    Expr *index;           /* STORE: range [index, index + lanes of value) */
    Expr *value;           /* STORE, LET, ASSIGN; IF: the condition (bool, lanes 1) */
    Block body, otherwise; /* FOR, IF */
    const char *text;      /* COMMENT: one line; EXTERN: the function's name */
    int n_arg;             /* EXTERN */
    ExternArg *arg;
};

/* ---- kernels and programs -------------------------------------------------------- */

struct Kernel {
    Arena *arena;
    const char *name;     /* "k3_conv2_bias_relu" */
    const char *equation; /* comment above it: index equation */
    const char *shapes;   /* "x [64, 784], w [784, 128] -> y [64, 128]" */
    const char *place;    /* "fashion_mlp.dl:12", "" when none */
    int64_t flops, bytes;
    VEC(Buffer *) buffer; /* parameters in order of creation; LOCAL ones too */
    VEC(Var *) var;
    Block body;
    VEC(Block *) open; /* builder state: blocks being filled, innermost last */
    struct Map *names; /* builder state: of the first named_* variables, buffers */
    int named_vars, named_buffers;
    VEC(const LoopFunction *) function; /* builder state: made so far, by name */
};

typedef enum StorageKind {
    STORAGE_INPUT,    /* caller's array: a field or net input */
    STORAGE_OUTPUT,   /* caller's array */
    STORAGE_PARAM,    /* member of the params struct, by path */
    STORAGE_STATE,    /* member of a state struct, by path (net states, moments) */
    STORAGE_CONSTANT, /* static const data */
    STORAGE_SCALAR, /* step, epoch, ... f32[1]; key u32[2]; iteration, sample u32[1] */
    STORAGE_ARENA   /* scratch: offset by the memory plan */
} StorageKind;

typedef struct Storage {
    StorageKind kind;
    const char *name; /* C-like; unique in the program */
    const char *path; /* PARAM, STATE, INPUT, OUTPUT, SCALAR: which */
    DType dtype;
    Shape shape; /* with batch, for comments and reports */
    int64_t count;
    const Tensor *data; /* CONSTANT */
    int64_t bound; /* INPUT: indices below it; 0: not indices. Not in the text form */
    int64_t offset_bytes; /* ARENA, after loop_plan; INPUT, OUTPUT that may lie in the
                           * arena; -1: no place */
    int first, last;      /* calls between which it lives (inclusive); INPUT in the
                           * arena: from -1 */
    int id;
} Storage;

enum { PROGRAM_NEST_MAX = 3 };

typedef struct CallArg {
    Storage *storage;
    int64_t offset;                 /* elements */
    int64_t step[PROGRAM_NEST_MAX]; /* more for each row of the loops, outer first */
} CallArg;

typedef struct Call {
    Kernel *kernel;
    CallArg *arg; /* one for each non-LOCAL buffer of the kernel, in order */
    int n_arg;
    const char *layer; /* "lenet/conv2", for reports; NULL. Not in the text form */
} Call;

/* Calls first .. last run `count` times, for rows 0 .. count-1 or backwards. */
typedef struct ProgramLoop {
    int first, last;
    int64_t count;
    bool reverse;
} ProgramLoop;

typedef struct Program {
    Arena *arena;
    const char *name; /* "step", "eval", net name: see emit */
    VEC(Storage *) storage;
    VEC(Call) call;
    VEC(ProgramLoop) loop; /* around calls: by first call, outer before inner ones */
    int64_t arena_bytes;   /* after loop_plan */
    int64_t arena_lower_bound; /* most bytes alive at once */
    int arena_bound_call;      /* where: the first call; set with the bound */
    int64_t batch;
} Program;

#endif
