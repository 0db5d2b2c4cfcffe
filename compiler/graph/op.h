/* op.h - an op is defined once, in ops/<name>.c; everything else expands the table. */
#ifndef DLC_GRAPH_OP_H
#define DLC_GRAPH_OP_H

#include "graph/graph.h"

enum {
    OP_MAX_OPERANDS = 4,
    OP_MAX_ATTRS = 12,
    OP_MAX_CONSTRAINTS = 8,
    OP_MAX_EXAMPLES = 6
};

typedef enum OpCode {
#define OP(name) OP_##name,
#include "ops/ops.def"
#undef OP
    OP_COUNT
} OpCode;

enum {
    OP_POINTWISE = 1 << 0, /* y[i] depends on x[i] only; operands have y's shape */
    OP_COMMUTATIVE = 1 << 1,
    OP_VIEW = 1 << 2, /* index arithmetic only: reshape, transpose, slice ... */
    OP_REDUCTION = 1 << 3,
    OP_CONTRACTION = 1 << 4, /* kernels/ has generators for it */
    OP_RANDOM = 1 << 5,      /* never merged, never duplicated */
    OP_STRUCTURE = 1 << 6,   /* structure: no eval of its own */
    OP_NO_GRAD = 1 << 7,     /* result is discrete or its gradient is zero everywhere */
    OP_SAMPLE_ONLY = 1 << 8, /* gone after graph_batch: batch_mean, batch_sum */
    OP_VARIADIC = 1 << 9,    /* concat: operand[0] describes all */
    OP_SCALAR = 1 << 10      /* the element rule has no vector form */
};

typedef enum Domain { /* where random test inputs may lie */
                      DOMAIN_REAL,
                      DOMAIN_OFF_ZERO, /* |x| >= 0.1 and apart from each other: off
                                          kinks and ties */
                      DOMAIN_POSITIVE, /* [0.2, 3] */
                      DOMAIN_UNIT,     /* (0.05, 0.95) */
                      DOMAIN_LABEL,    /* integers below bound */
                      DOMAIN_BOOL
} Domain;

typedef enum AttrKind {
    ATTR_INT,
    ATTR_BOOL,
    ATTR_FLOAT,
    ATTR_INTS,
    ATTR_TEXT,
    ATTR_DTYPE,
    ATTR_TENSOR
} AttrKind;

typedef struct AttrSpec {
    const char *name;
    AttrKind kind;
    const char *phrase;
} AttrSpec;

typedef struct Operand {
    const char *name;
    const char *shape; /* in letters: "[..,m,k]" */
    const char *phrase;
    Domain domain;
} Operand;

typedef struct Constraint {
    const char *label;     /* "C1", again as a comment at the check */
    const char *statement; /* "columns of a = rows of b" */
    const char *violation; /* node text of .dlir that violates it, see graph/read.h */
    DiagId id;             /* what it must report */
} Constraint;

typedef struct Example {
    const char *title;
    const char *expression; /* node text of .dlir with literal operands */
    const char *expect;     /* literal, "[[19, 22], [43, 50]]" */
} Example;

typedef struct Cost {
    int64_t flops, bytes;
} Cost;

/* Type of a node, as op->shape infers it from operands and attributes. */
typedef struct NodeType {
    DType dtype;
    Shape shape;
    int64_t bound;
} NodeType;

struct Expr;     /* loop/loop.h */
struct Lowering; /* ops/lowering.h */

struct Op {
    OpCode code;
    const char *name;      /* spelling in .dlir */
    const char *summary;   /* "matrix product" */
    const char *result;    /* shape in letters of the operands: "[..,m,n]" */
    const char *equation;  /* "c[..,i,j] = sum_k a[..,i,k] b[..,k,j]" */
    const char *reference; /* paper or standard, with section; "" for the obvious */
    unsigned flags;
    Operand operand[OP_MAX_OPERANDS]; /* name NULL ends */
    AttrSpec attr[OP_MAX_ATTRS];      /* name NULL ends */

    /* Checks operands and attributes; reports at n->span and returns false. */
    bool (*shape)(const Node *n, NodeType *y, DiagSink *sink);
    /* Mathematical truth in f64, one obvious loop. y has its type and zeros. */
    void (*eval)(const Node *n, const Tensor *const *in, Tensor *y);
    /* Node for a whole batch: in[i] has a leading axis `batch` when n->in[i]->batched.
     * Returns a node with a leading axis (called only if some operand is batched).
     * NULL: the default, right for OP_POINTWISE, which first broadcasts unbatched
     * operands. */
    Node *(*batch)(Graph *g, const Node *n, Node *const *in, int64_t batch);
    /* Vector-Jacobian product: dy has n's shape; fills dx[i] with a node of operand i's
     * shape, or leaves NULL for zero. Builds nodes in g. `need[i]` says which are
     * asked. */
    void (*grad)(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need);
    /* The same for a node with several results: dy by result, NULL for zero. It may
     * give n's region further results, which nobody reads yet. */
    void (*grad_region)(Graph *g, Node *n, Node *const *dy, Node **dx,
                        const bool *need);
    /* One element of the result at indices at[0..rank-1] (i32 expressions); operands
     * are pulled with lower_value. Pointwise, views, reductions, gather, pad, concat
     * ... */
    struct Expr *(*element)(struct Lowering *w, const Node *n, struct Expr *const *at);
    /* For ops that own their loops: contractions (plain reference loops; kernels/ has
     * the fast ones), scatter_add. Stores the whole result. */
    void (*nest)(struct Lowering *w, const Node *n);
    Cost (*cost)(const Node *n); /* NULL: one flop an element */

    Constraint constraint[OP_MAX_CONSTRAINTS];
    Example example[OP_MAX_EXAMPLES];
};

extern const Op *const op_table[OP_COUNT];
const Op *op_find(const char *name); /* NULL: none */
#define OP(name) extern const Op op_##name;
#include "ops/ops.def"
#undef OP

/* Attributes by name of the schema; BUG when the op has none of that name. */
int64_t attr_int(const Node *n, const char *name);
double attr_float(const Node *n, const char *name);
const int64_t *attr_ints(const Node *n, const char *name, int *count);
const char *attr_text(const Node *n, const char *name);
const Tensor *attr_tensor(const Node *n, const char *name);
void attr_set(Node *n, const char *name, AttrValue value);

#endif
