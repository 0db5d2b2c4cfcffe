/* value.h - what an expression of dl is while compiling: numbers, words, layers and
 * tensors. Values are immutable and live in the module arena. NULL is the poison value:
 * its message was reported, and whatever reads it stays silent. */
#ifndef DLC_FRONT_VALUE_H
#define DLC_FRONT_VALUE_H

#include "front/ast.h"
#include "graph/graph.h"

typedef struct Value Value;
typedef struct Scope Scope;
typedef struct Layer Layer;
typedef struct Builtin Builtin;
typedef struct TensorValue TensorValue;

typedef enum ValueKind {
    VALUE_INT,
    VALUE_FLOAT,
    VALUE_BOOL,
    VALUE_STRING,
    VALUE_WORD,     /* `same`: a name whose meaning the parameter gives */
    VALUE_QUANTITY, /* 20ms: in base units, with a dimension */
    VALUE_RANGE,
    VALUE_LIST,
    VALUE_TUPLE, /* results of a def or net with several */
    VALUE_TENSOR,
    VALUE_LAYER, /* a call with its first inputs left open */
    VALUE_ITEM,  /* a def, net or data block */
    VALUE_BUILTIN,
    VALUE_DTYPE, /* f32: as a function, a cast */
    VALUE_MODULE,
    VALUE_CONFIG, /* idx("..."), patience(valid.loss, 3) */
    VALUE_GONE    /* a tensor of the step, as `every` sees it */
} ValueKind;

typedef struct Dimension { /* exponents of second, byte, radian */
    int time, size, angle;
} Dimension;

typedef struct ValueList {
    int n;
    Value **at;
} ValueList;

/* A file of dl, once for the program. */
typedef struct DlModule {
    const char *name; /* "std/transformer.dl" as shown */
    const Source *source;
    const Ast *ast; /* BLOCK of items */
    Scope *scope;
    bool loading; /* an import of it is being followed */
    bool failed;
} DlModule;

typedef struct Item { /* a def, net or data block in its file */
    const char *name;
    const Ast *ast;
    const DlModule *home;
    bool begun;  /* nets: elaborated, or being so */
    bool failed; /* reported: uses stay silent */
    int index;   /* nets, data: in the module's table; -1 */
} Item;

typedef struct ConfigSpec {
    const char *name, *kind;
    const char *params; /* names with a space between */
} ConfigSpec;

enum { CONFIG_MAX_ARGS = 8 };

typedef struct Config {
    const ConfigSpec *spec;
    const char *name;                 /* spec's, or "digits.valid" */
    const Ast *node[CONFIG_MAX_ARGS]; /* NULL: not given */
    Value *value[CONFIG_MAX_ARGS];    /* NULL: not given, or read from its node */
} Config;

struct Value {
    ValueKind kind;
    union {
        int64_t integer;
        double number;
        bool truth;
        const char *text; /* STRING, WORD */
        struct {
            double value;
            Dimension dim;
        } quantity;
        struct { /* NULL: open */
            Value *from, *to;
        } range;
        ValueList list; /* LIST, TUPLE */
        TensorValue *tensor;
        Layer *layer;
        Item *item;
        const Builtin *builtin;
        DType dtype;
        DlModule *module;
        Config *config;
    };
};

/* One version of a parameter, as some loss may have read it. */
typedef struct Leaf {
    int id; /* in order of making */
    const char *path;
    Node *node;
    Value *reg; /* open regularizer; NULL: none */
    bool frozen;
} Leaf;

typedef struct LeafSet { /* ascending by id; NULL is the empty set */
    int n;
    Leaf **at;
} LeafSet;

/* A stop_gradient on the way to a value, or two of them. */
typedef struct Cut {
    const LeafSet *deps; /* what it cut off */
    Span user;
    struct Cut *left, *right; /* a joint: deps NULL */
    bool seen;                /* by a search in progress */
} Cut;

typedef enum NumberRange { RANGE_ANY, RANGE_UNIT, RANGE_SIMPLEX } NumberRange;
typedef enum LeafSource { LEAF_NONE, LEAF_PARAM, LEAF_STATE } LeafSource;

struct TensorValue {
    Node *node;
    const char *label;   /* the call or field it comes from, in the user's words */
    Span user;           /* where it was made, in a file of the user's; may be none */
    TensorValue *parent; /* previous tensor of the shape trail */
    const LeafSet *deps; /* parameters a gradient would reach */
    Cut *cut;
    NumberRange range;   /* result of softmax or sigmoid */
    TensorValue *logits; /* what softmax or sigmoid was applied to; NULL: unknown */
    LeafSource source;
    const char *path; /* of a param or state */
    bool counted;     /* more is better: made by counting, or a `score` */
    int net, field;   /* first output of that net, field of that index; -1 */
};

Value *value_int(Arena *a, int64_t x);
Value *value_float(Arena *a, double x);
Value *value_bool(Arena *a, bool x);
Value *value_text(Arena *a, ValueKind kind, const char *text);
Value *value_quantity(Arena *a, double x, Dimension dim);
Value *value_list(Arena *a, ValueKind kind, int n, Value *const *at);
Value *value_tensor(Arena *a, TensorValue *t);

bool value_is_number(const Value *v); /* int or float */
double value_number(const Value *v);  /* of an int, float or bool */
bool value_equal(const Value *a, const Value *b);
bool dimension_equal(Dimension a, Dimension b);

/* "f32[28, 28]", "index(10)", "f32". */
const char *tensor_text(Arena *a, const TensorValue *t);
/* "the int 3", "the layer `relu`", "f32[4]": what a message calls it. */
const char *value_describe(Arena *a, const Value *v);
/* "3", "0.5", "same": as it would stand inside a message. */
const char *value_words(Arena *a, const Value *v);

const LeafSet *leaf_set_of(Arena *a, Leaf *leaf);
const LeafSet *leaf_set_union(Arena *a, const LeafSet *x, const LeafSet *y);
Cut *cut_join(Arena *a, Cut *x, Cut *y);

#endif
