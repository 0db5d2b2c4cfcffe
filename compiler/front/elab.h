/* elab.h - the inside of the elaborator: what its files share.
 *
 * Law: a function that returns NULL or false has reported (or met a poison value, whose
 * message was reported where it arose). Callers propagate and stay silent. */
#ifndef DLC_FRONT_ELAB_H
#define DLC_FRONT_ELAB_H

#include "front/builtin.h"
#include "front/module.h"
#include "front/value.h"
#include "graph/build.h"

/* ---- scopes: scope.c ------------------------------------------------------------- */

typedef struct Binding {
    Value *value; /* NULL: poison */
    Span span;
} Binding;

struct Scope {
    Scope *parent;
    Map *names;    /* to Binding */
    Map *used;     /* names that were read */
    bool is_block; /* of a for or repeat: assignments reach the enclosing scope */
    const Shape
        *rest; /* what `..` stands for in this call's signature; NULL: unbound */
};

Scope *scope_new(Arena *a, Scope *parent, bool is_block);
void scope_define(Arena *a, Scope *s, const char *name, Value *value, Span span);
void scope_assign(Arena *a, Scope *s, const char *name, Value *value, Span span);
Binding *scope_find(const Scope *s, const char *name); /* NULL: none */
Binding *scope_find_callable(const Scope *s, const char *name);
const Shape *scope_rest(const Scope *s);
void scope_mark_used(Scope *s, const char *name);
/* Names that a branch not taken reads count as read. */
void scope_mark_tree(Scope *s, const Ast *tree);
void scope_mark_list(Scope *s, const AstList *list);
const char *scope_nearest(Arena *a, const Scope *s, const char *name);

/* ---- where we are ---------------------------------------------------------------- */

typedef struct Activation { /* of a def or net; the outermost is the file itself */
    struct Activation *parent;
    const Source *source; /* of the text that runs */
    const char *def;      /* NULL: the file */
    Span call;            /* in the parent's text */
    const Frame *frame;
    int depth;
} Activation;

typedef struct Instance { /* names of what one body makes */
    const char *path;
    const char *suffix; /* after a leaf's name: the parameter an optimizer works for */
    Map *counts;        /* calls so far, by def */
    Map *taken;         /* names of leaves and layers */
} Instance;

typedef struct ActivationSave {
    Activation *act;
    Instance *inst;
} ActivationSave;

typedef struct Loop { /* pass of a for, for messages */
    struct Loop *parent;
    const char *name;
    Value *value;
    int line;
} Loop;

typedef struct ScanLoop ScanLoop;

typedef struct Current { /* value of a param or state in the graph being built */
    const char *path;
    TensorValue *value;
    Node *input;
    Leaf *leaf; /* params: the newest version */
    TensorValue *value_at_entry;
    Leaf *leaf_at_entry;
    ScanLoop *scan; /* states of a cell: the loop that carries it; NULL: kept */
} Current;

typedef struct ScanCarry { /* a state of the cell of a scan */
    Current *current;
    Node *initial;   /* before the first step, outside */
    Value *first;    /* inside, before a step */
    Current *before; /* what stood under its path; NULL: nothing */
} ScanCarry;

typedef struct ScanRow { /* what the cell gets one row of */
    Node *inside, *rows;
} ScanRow;

struct ScanLoop { /* a scan whose cell is being evaluated */
    ScanLoop *parent;
    int64_t length;
    bool batched;
    bool reverse; /* the last row first */
    VEC(ScanCarry) carry;
    VEC(ScanRow) row;
};

typedef struct ForeignUse { /* first call of a C function of the user's */
    const char *prototype;
    Span span;
} ForeignUse;

typedef struct Pending { /* an `<-`, effective when its body ends */
    Current *target;
    TensorValue *value;
    Span span;
} Pending;

typedef struct Body {
    VEC(Pending) pending;
} Body;

typedef struct SharedUse { /* application of a `layer` after its first */
    struct SharedUse *parent;
    Layer *layer;
    const TensorValue *input;
    Span span;
} SharedUse;

typedef enum BlockKind {
    BLOCK_NONE,
    BLOCK_DATA,
    BLOCK_TRAIN,
    BLOCK_DEPLOY,
    BLOCK_AUGMENT,
    BLOCK_PARAM
} BlockKind;

typedef enum TrainMode {
    MODE_NET,
    MODE_STEP,
    MODE_EVAL,
    MODE_GRAD,
    MODE_APPLY,
    MODE_MEASURE,
    MODE_EVERY,      /* the body of one `every` */
    MODE_ACCUMULATED /* the update of `accumulate`, from the summed gradients */
} TrainMode;

typedef struct SettingValue {
    const char *name;
    const Ast *ast; /* SETTING */
    Value *value;
} SettingValue;

typedef struct Monitored { /* a loss or metric: what is reported */
    const char *name;
    TensorValue *value;
    bool is_loss;
} Monitored;

typedef struct Minimize {
    const Ast *ast;
    int n_nets;
    const char **nets;
    bool has_over;
} Minimize;

typedef struct Every {
    const Ast *ast; /* NULL: none */
    int64_t n;
} Every;

typedef struct AugmentBlock {
    const Ast *ast;
    struct BlockContext *settings;
} AugmentBlock;

typedef struct BlockContext { /* a data, train or deploy block being elaborated */
    BlockKind kind;
    Activation *act; /* settings belong at this level */
    VEC(SettingValue) settings;
    VEC(Minimize) minimize;
    VEC(Monitored) losses, metrics;
    VEC(Every) every;         /* MODE_STEP: those met, in order */
    Every now;                /* MODE_EVERY: the one whose turn it is */
    bool inside;              /* its body runs */
    int n_outer;              /* minimize statements that are not its own */
    VEC(Current *) gradients; /* MODE_GRAD: params in order, with the sum so far */
    const char *name;         /* prefix of optimizer paths: "" or "learn/" */
    const char *metric;       /* path of the metric being evaluated; NULL: none */
    ModuleTrain *train;
    ModuleData *data;
    VEC(AugmentBlock) augments; /* of a data block: read when its sources are known */
} BlockContext;

struct Elab {
    Arena *arena;
    DiagSink *sink;
    const ElaborateOptions *options;
    Module *module;
    Map *modules;   /* path to DlModule */
    Scope *library; /* the prelude, seen by every file */
    Map *registry;  /* path to ModuleTensor */
    Map *foreign;   /* C function to ForeignUse; NULL: none yet */
    Map *regs;      /* path of a param to its open regularizer */
    VEC(ModuleTensor *) made;
    VEC(const char *) net_path; /* tensors met while a net is elaborated */
    Graph *graph;
    Map *current;      /* path to Current */
    Map *scalars;      /* name to Value: step, epoch, key */
    Map *init_scalars; /* those of the graph `init` */
    bool training;
    TrainMode mode;
    BlockContext *block;
    Activation *act;
    Instance *inst;
    Loop *loop;
    Body *body;
    SharedUse *shared;
    ScanLoop *scan;  /* innermost; NULL: none */
    const char *net; /* being elaborated on its own; NULL in blocks */
    int64_t stride;  /* in an optimizer: steps of the block for one of its own */
    int n_leaves;
    int64_t work;
    bool exhausted;
};

/* ---- messages: blame.c ----------------------------------------------------------- */

/* The innermost place in a file of the user's. */
Span blame(const Elab *e, Span span);
/* As diag_begin, at the blamed place. */
Diag *fail_begin(Elab *e, DiagId id, Span span, const char *format, ...)
    STR_PRINTF(4, 5);
void *fail_end(Diag *d); /* NULL */
void *fail(Elab *e, DiagId id, Span span, const char *format, ...) STR_PRINTF(4, 5);
void diag_origin(Elab *e, Diag *d, const TensorValue *t, const char *prefix);
void diag_trail(Elab *e, Diag *d, const TensorValue *t);
void diag_context(Elab *e, Diag *d); /* passes and calls we are in */
/* "help: did you mean" when something is near; false: nothing was. */
bool diag_nearest(Diag *d, const char *word, const char *const *names, int count);
const char *source_words(Elab *e, const Ast *expr); /* dl text of an expression */
const char *span_words(Elab *e, Span span);         /* the user's own text */
/* False when the program expands without end (reported once). */
bool work_step(Elab *e, Span span);

/* ---- tensors: tensor_value.c, arithmetic.c, index.c ------------------------------ */

/* Wraps a new node; deps, cuts come from the parents. NULL node: NULL. */
Value *tensor_make(Elab *e, Node *node, int n, Value *const *parents);
Value *tensor_leaf(Elab *e, Node *node, const char *label, Span user);
TensorValue *tensor_copy(Elab *e, const TensorValue *t);
/* Aims the graph at a place: new nodes get its span and frame. */
Graph *graph_at(Elab *e, Span span);
bool shape_push(Elab *e, Span span, Shape *s, int64_t dim);
bool shape_check(Elab *e, Span span, const Shape *s);
/* A number becomes a tensor constant; others than numbers and tensors: NULL, silent. */
Value *tensor_of(Elab *e, Value *v);
Value *binary_value(Elab *e, const char *op, Value *a, Value *b, const Ast *expr,
                    Span span);
Value *unary_value(Elab *e, const char *op, Value *a, Span span);
Value *index_eval(Elab *e, const Ast *expr, Scope *s);
Value *tensor_row(Elab *e, Value *x, int64_t row, Span span);
/* Elements of x's last axis (or first, axis 0) at a batched index: by comparison. */
Value *tensor_select_axis(Elab *e, Value *x, Value *index, int axis, Span span);
/* f32(0..n), f32([[1, 2], [3, 4]]): a constant. */
Value *tensor_of_numbers(Elab *e, DType dtype, const Value *v, Span span);
/* Elements of x at `index` along an axis, whose place the index's dimensions take. */
Value *tensor_gather(Elab *e, Value *x, Value *index, int axis, Span span);
Value *float_of(Elab *e, Value *x, Span span); /* a cast unless it is float already */
Node *node_with(Elab *e, const Op *op, int n_in, Node *const *in,
                ...); /* "name", kind-typed value ..., NULL */

/* ---- expressions: expression.c --------------------------------------------------- */

Value *eval(Elab *e, const Ast *expr, Scope *s);
bool eval_int(Elab *e, const Ast *expr, Scope *s, int64_t *x, const char *what);
/* Decides an if or assert: false when that failed. */
bool eval_truth(Elab *e, const Ast *expr, Scope *s, const char *what, bool *truth);
Value *lookup(Elab *e, const char *name, Scope *s, Span span);
Value *lookup_callable(Elab *e, const Ast *callee, Scope *s);

/* ---- types and patterns: pattern.c ----------------------------------------------- */

typedef enum TypeClass {
    TYPE_FLOATS,
    TYPE_DTYPE,
    TYPE_INDEX,
    TYPE_SIMPLEX,
    TYPE_UNIT
} TypeClass;

typedef struct Type {
    TypeClass type_class;
    DType dtype;
    const Ast *bound; /* INDEX */
    AstList dims;
    const Ast *ast;
    bool is_list; /* [h, w, c] */
} Type;

bool type_read(Elab *e, const Ast *ast, Type *type);
bool type_shape(Elab *e, const Type *type, Scope *s, Shape *shape);
/* `who` is NULL for a binding's own type. */
bool type_match(Elab *e, const Item *who, const char *param, const Type *type,
                TensorValue *value, Span span, Scope *s);
bool is_kind_name(const char *name);
/* A field of data, net or train interfaces: fully spelled. */
bool field_read(Elab *e, const Ast *param, Scope *s, Field *field);

/* ---- calls: bind.c, call.c ------------------------------------------------------- */

typedef struct Slot {
    bool given;
    Value *value; /* NULL while given: poison */
    Span span;
    const Ast *node;
} Slot;

typedef enum LayerKind { LAYER_CALL, LAYER_CHAIN, LAYER_SHARED } LayerKind;

enum { LAYER_EXTRAS = 2 };
typedef enum OpenKind {
    OPEN_LAYER,
    OPEN_INIT,
    OPEN_REG,
    OPEN_SCHEDULE,
    OPEN_OPTIMIZER
} OpenKind;

struct Layer {
    LayerKind kind;
    const char *name;
    OpenKind open;
    Span span;
    /* CALL */
    Value *callee; /* ITEM, BUILTIN or DTYPE */
    int n_slots;
    Slot *slot;
    BuiltinArgs args;
    Value *extra[LAYER_EXTRAS]; /* OPTIMIZER: clip, clip_value */
    Activation *act;
    const char *path, *suffix;
    /* CHAIN: second(first(x)); SHARED: first is what is shared */
    Layer *first, *second;
    TensorValue *built_for;
    Span built_at;
};

int open_count(OpenKind kind);        /* inputs left open: 2 for optimizers */
const char *open_word(OpenKind kind); /* "a layer" */
Value *open_eval(Elab *e, const Ast *expr, Scope *s, OpenKind kind);
Value *layer_apply(Elab *e, Layer *l, int n, Value *const *inputs, Span span);
Value *call_eval(Elab *e, const Ast *expr, Scope *s);
Value *pipe_eval(Elab *e, const Ast *expr, Scope *s);
/* Applies a def or net to its slots, as the instance `path`. */
Value *item_apply(Elab *e, Item *item, Slot *slots, const char *path,
                  const char *suffix, Span span);
/* Runs `item`'s text as a call from `span`: e->act and e->inst until activation_leave.
 */
void activation_enter(Elab *e, const Item *item, const char *path, const char *suffix,
                      Span span, ActivationSave *save);
void activation_leave(Elab *e, const ActivationSave *save);
const char *instance_next(Elab *e, const char *name); /* path of the next call */
const char *signature_words(Elab *e, const Item *item);

bool slots_bind(Elab *e, const Item *item, int n_first, const AstList *args, Scope *s,
                Span span, Slot *slots, Layer *open);
/* Checks what is given, fills in defaults (as instances below `path`), binds all. */
bool slots_check(Elab *e, const Item *item, Slot *slots, Scope *inner, const char *path,
                 Span span);
bool builtin_bind(Elab *e, const Builtin *b, int n_first, Value *const *first,
                  const AstList *args, Scope *s, Span span, BuiltinArgs *out);

/* ---- primitives: builtin*.c, extern.c ------------------------------------ */

Value *scan_value(Elab *e, Value *x, Layer *cell, Span span); /* scan.c */
Node *scan_row(Elab *e, Node *rows);
/* A state declared by the cell; NULL: reported. */
Current *scan_state(Elab *e, const char *path, const Ast *st, const Shape *shape,
                    Value *v);
/* The initial value of a param or state, in the graph being built. */
Node *leaf_initial(Elab *e, Value *v, const Shape *shape, const Ast *st);
Value *extern_call(Elab *e, const Item *item, const char *name, Scope *s);
/* foreign.c: a C function of the user's; false: reported. */
bool foreign_call(Elab *e, const Item *item, Scope *s, Value **out);
/* Have all C functions between wrt and a loss a gradient? false: reported. */
bool foreign_derives(Elab *e, const Node *loss, int n, Node *const *wrt, Span span);
Value *
scalar_input(Elab *e,
             const char *name); /* step epoch steps_per_epoch total_steps lr_scale */
Value *full_value(Elab *e, double x, const Shape *shape, Span span);
bool shape_of_list(Elab *e, const Value *list, Span span, Shape *shape);
int64_t axis_of(Elab *e, const Value *axis, const Value *x,
                Span span); /* -1: reported */

/* ---- statements: statement.c, leaf.c, body.c ------------------------------------- */

bool run_list(Elab *e, const AstList *list, Scope *s, const Item *item);
bool run_statement(Elab *e, const Ast *st, Scope *s, const Item *item);
bool leaf_statement(Elab *e, const Ast *st, Scope *s);
bool layer_statement(Elab *e, const Ast *st, Scope *s);
Current *current_of(Elab *e, const ModuleTensor *t, Value *reg);
/* A tensor that statements keep for themselves, 0 at first: a sum of gradients. */
Current *current_own(Elab *e, const char *path, const Shape *shape, Measure measure,
                     Span span);
/* The newest value of a param or state is `node`; no gradient flows through it. */
void current_set(Elab *e, Current *c, Node *node);
/* v is the value from here on: of a parameter, a new version of its leaf. */
void current_take(Elab *e, Current *c, TensorValue *v);
bool update_statement(Elab *e, const Ast *st, Scope *s);
bool pending_apply(Elab *e, Body *body);
Value *body_eval(Elab *e, const Item *item, Scope *s); /* of a def or net */
/* `v` as the declared result; NULL: it is not. */
Value *result_check(Elab *e, const Item *item, const Ast *result, Value *v, Scope *s);

/* ---- blocks: setting.c, data.c, minimize.c, train.c, deploy.c, net.c ------------- */

bool setting_statement(Elab *e, const Ast *st, Scope *s);
bool is_setting(BlockKind kind, const char *name);
const SettingValue *setting_find(const BlockContext *b, const char *name);
int64_t setting_int(const BlockContext *b, const char *name, int64_t otherwise);
bool setting_is_false(const BlockContext *b, const char *name);
int setting_truth(const BlockContext *b, const char *name, int otherwise);
const ConfigSpec *config_find(const char *name, const char *kind); /* kind NULL: any */
Value *config_eval(Elab *e, const ConfigSpec *spec, const Ast *call, Scope *s);
int config_param(const Config *c, const char *name); /* index, -1 */
bool minimize_statement(Elab *e, const Ast *st, Scope *s);
bool train_settings(Elab *e, const BlockContext *b, ModuleTrain *t);

/* ---- which parameters: over.c ---------------------------------------------------- */

typedef struct Names {
    int n;
    const char **at;
} Names;

bool names_has(const Names *names, const char *name);
const char *names_text(Arena *a, const Names *names);
/* Nets the loss reaches, in alphabetical order. */
Names over_reach(Elab *e, const LeafSet *deps);
/* The paths that `over` names, each for all below it; false: reported. */
bool over_read(Elab *e, const Ast *st, Scope *s, const TensorValue *loss,
               const Names *reach, Names *over);
bool over_has(const Names *over, const char *path); /* is it at or below one? */

/* ---- more of blocks -------------------------------------------------------------- */

/* The loss times the weight of the sample's class, as `class_weights` says. */
Value *weigh(Elab *e, Value *loss, Scope *s);
bool every_statement(Elab *e, const Ast *st, Scope *s);
/* What the step bound is gone when `every` runs, unless fields alone decide it. */
bool every_forget(Elab *e, const Ast *bind, Scope *s, bool bound);
bool every_passes_over(const Elab *e, const Ast *st);
Value *monitored_scalar(Elab *e, Value *v, const Ast *expr, const char *what);
bool metric_statement(Elab *e, const Ast *st, Scope *s); /* metric.c */
Value *valid_input(Elab *e); /* `valid`: 1, or 0 for what fills up a batch */

/* Value paths of nets (observe.c), and the graph that shows them; NULL: none is there.
 */
void name_values(Elab *e, Graph *g);
void name_net_inputs(Elab *e, const ModuleNet *net); /* of a net on its own */
void note_net_inputs(Elab *e, const Item *net, const Slot *slots); /* of one called */
Graph *observe_graph(Elab *e, const ModuleTrain *t, int n_nets,
                     const ModuleNet *const *net);
/* After all blocks: what each train block observes for the deploy blocks. */
void elaborate_observed(Elab *e);

/* The split of that name, -1: none. */
int split_find(const char *name);
bool quantize_read(Elab *e, const Config *c, Span span, ModuleDeploy *d);
/* `keep_float: [head]`, when `quantize` has been read; false: reported. */
bool keep_float_read(Elab *e, const SettingValue *s, ModuleDeploy *d);

/* The graph `reset` knows that what it writes is memory. */
void memory_inputs(ModuleNet *net);
/* The net that takes one row of an input a call (stream.c); NULL: reported. */
const ModuleNet *stream_net(Elab *e, const ModuleNet *net, const SettingValue *setting);
void elaborate_data(Elab *e, Item *item);
extern const char *const data_split_name[SPLIT_COUNT];
bool augment_statement(Elab *e, const Ast *st, Scope *s);
bool augment_read(Elab *e, const Ast *st, const BlockContext *settings,
                  ModuleData *data);
bool data_source_read(Elab *e, const SettingValue *s, const ModuleData *data,
                      DataSource *out);
void elaborate_net(Elab *e, Item *item);
/* Its parameters are known. False: it failed, and said so. */
bool net_ready(Elab *e, Item *item);
void elaborate_train(Elab *e, const DlModule *m, const Ast *ast, int index, int count);
void elaborate_deploy(Elab *e, const DlModule *m, const Ast *ast);
/* Binds the fields of a data block as inputs of the graph, then runs its rebinds. */
bool data_open(Elab *e, const Item *item, Scope *s, Span span);
/* Fresh graph, no parameters met, at the file's top. */
void graph_begin(Elab *e, const DlModule *m, const char *name, bool training,
                 TrainMode mode);
/* NEXT results of what changed; false: a next value depends on the sample. */
bool graph_finish(Elab *e);
bool warn_unused(Elab *e, const AstList *list, Scope *s, const Item *item,
                 bool in_train);

/* ---- modules: import.c ----------------------------------------------------------- */

DlModule *module_load(Elab *e, const Ast *import, const DlModule *from);
bool module_define(Elab *e, DlModule *m);
bool library_load(Elab *e);
/* The text of std/NAME.dl inside this binary; NULL: none. */
const char *library_text(const char *name, uint32_t *length);

#endif
