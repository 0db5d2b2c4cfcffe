/* graph.h - the tensor IR: SSA over fixed shapes.
 *
 * A Graph is one function. Its nodes stand in topological order of creation; inputs are
 * nodes of op `input`, results are listed with what they mean. A node is one value;
 * nodes with several results (grad, group, call, scan) are read through `result` nodes.
 *
 * Before pass graph_batch a graph is written for one sample and `batched` marks what
 * differs between samples; after it batched values have a leading axis of extent
 * graph->batch and the marks are only history.
 *
 * Graph and Node are open structs: passes are their users. Build with graph/build.h. */
#ifndef DLC_GRAPH_GRAPH_H
#define DLC_GRAPH_GRAPH_H

#include "support/diag.h"
#include "support/map.h"
#include "support/vec.h"
#include "tensor/tensor.h"

typedef struct Node Node;
typedef struct Graph Graph;
typedef struct Op Op;

/* Where a node comes from: which def, called from where. Serves names, diagnostics and
 * reports only, never semantics. */
typedef struct Frame {
    const struct Frame *parent;
    const char *def;  /* "conv" */
    const char *path; /* instance, "lenet/conv2"; "" at the top */
    Span call;
} Frame;

typedef union AttrValue {
    int64_t i;        /* ATTR_INT, ATTR_DTYPE, ATTR_BOOL */
    double f;         /* ATTR_FLOAT */
    const char *text; /* ATTR_TEXT */
    struct {          /* ATTR_INTS */
        int n;
        const int64_t *at;
    } ints;
    const Tensor *tensor; /* ATTR_TENSOR: op constant */
} AttrValue;

struct Node {
    const Op *op;
    int id;           /* index in graph->node: creation order = topological order */
    const char *name; /* unique in its graph, a C-like identifier; NULL: v<id> */
    const char
        *path; /* of a float of a net, the same in every function that holds the
                * net: "lenet/conv2/add"; NULL: made by a pass. Not in the text */
    DType dtype;
    Shape shape;
    int64_t bound; /* index(n): 0 <= value < bound; 0: not an index */
    bool batched;
    int late; /* 0, or a phase of graph_recompute: no kernel mixes them */
    int n_in;
    Node **in;
    AttrValue *attr; /* in the order of op->attr */
    Graph *body;     /* group, call, scan: a region; its inputs are the operands */
    Span span;
    const Frame *frame;
    void *work; /* free for the running pass; garbage between passes */
};

typedef enum InputKind {
    INPUT_FIELD,  /* of a sample, or a net's input; batched */
    INPUT_PARAM,  /* value at entry; path */
    INPUT_STATE,  /* net states and optimizer moments; path */
    INPUT_SCALAR, /* step epoch steps_per_epoch total_steps lr_scale (f32), by name in
                     path */
    INPUT_KEY,    /* u32[2]: the seed */
    INPUT_ITERATION, /* u32[]: for random streams */
    INPUT_SAMPLE,    /* u32[]: index of the batch's first sample in its split */
    INPUT_GRADIENT,  /* of a param, in apply functions; path */
    INPUT_OPERAND    /* of a region */
} InputKind;

typedef enum ResultKind {
    RESULT_OUTPUT,   /* of a net or of train(...) -> outputs; name */
    RESULT_NEXT,     /* next value of the param or state with that path */
    RESULT_REPORT,   /* loss or metric; name */
    RESULT_GRADIENT, /* of the param with that path */
    RESULT_MEASURE,  /* value behind a data_mean or data_var state; path of the state */
    RESULT_OPERAND   /* of a region */
} ResultKind;

typedef struct Result {
    ResultKind kind;
    const char *path; /* path or name */
    Node *value;
} Result;

/* What is legal grows and shrinks by stage; the verifier knows. */
typedef enum Stage {
    STAGE_SAMPLE,  /* from elaboration: batched marks, grad and batch_* nodes */
    STAGE_BATCHED, /* no batch_* nodes */
    STAGE_DIFF,    /* no grad nodes */
    STAGE_GROUPED  /* every node except inputs, constants, results is in a group */
} Stage;

struct Graph {
    Arena *arena; /* `module` */
    const char *name;
    Stage stage;
    int64_t batch; /* 0 before graph_batch */
    VEC(Node *) node;
    VEC(Result) result;
    int next_stream; /* stream id of the next random node */
    Span span;       /* default of new nodes */
    const Frame *frame;
};

Graph *graph_new(Arena *a, const char *name);
void graph_add_result(Graph *g, ResultKind kind, const char *path, Node *value);

/* Adds a node without checking; builders in build.h check. Operands must be older. */
Node *graph_add(Graph *g, const Op *op, int n_in, Node *const *in);

/* Copies `n` into `to` with operands `in`; attributes, names and marks are kept. */
Node *graph_copy_node(Graph *to, const Node *n, Node *const *in);

/* A fresh graph with the nodes that results depend on (inputs are kept only when used,
 * unless keep_inputs); the order is kept. For dead code elimination and rewriting:
 * `rewrite` may return a replacement for node n whose operands are already rewritten
 * (`in`), or NULL to copy. */
typedef Node *GraphRewrite(Graph *to, const Node *n, Node *const *in, void *context);
Graph *graph_rebuild(const Graph *g, GraphRewrite *rewrite, void *context,
                     bool keep_inputs);

bool graph_has_result(const Graph *g, const Node *n);
/* What alone reads n, once; NULL: it is a result, or read more or less often. */
const Node *graph_only_reader(const Graph *g, const Node *n);

bool node_is_input(const Node *n, InputKind kind);
bool node_is_constant(const Node *n);
bool constant_is_uniform(const Node *n); /* a constant whose elements are one number */
bool node_is_op(const Node *n, const char *name);

#endif
