/* writer.h - the inside of emit: what is known while the texts of one unit are made. */
#ifndef DLC_EMIT_WRITER_H
#define DLC_EMIT_WRITER_H

#include "emit/c_kernel.h"
#include "emit/emit.h"
#include "emit/names.h"
#include "loop/program.h"
#include "support/vec.h"

/* Where the value of a module tensor lives in the C interface. */
typedef struct Member {
    const ModuleTensor *tensor;
    const char *name; /* of the struct member */
    int index;        /* in the program's table */
    int net;          /* STATE: index of the net that owns it; -1: the train state */
} Member;

typedef struct ConstData { /* a constant array of the emitted files */
    const char *name;
    const Tensor *data;
    const char *comment;
    bool is_external; /* in the data file */
} ConstData;

typedef struct Numbers { /* of a kernel: see numbers.c */
    VEC(Expr *) expr;
} Numbers;

typedef struct KernelText { /* one static function; equal bodies are shared */
    Kernel *kernel;
    const char *name;  /* "k3_conv2_bias_relu" */
    const char *canon; /* its text under a neutral name, to find equal ones */
    int of;            /* index of the one whose function it is: its own, if none */
    Numbers number;    /* that canon leaves out */
    int *param;   /* of each number, -1: all kernels of the function have this one */
    int n_params; /* param and n_params: where `of` is its own */
} KernelText;

typedef struct Mark { /* one call, for the profile */
    const char *kernel, *function;
    int64_t flops, bytes;
} Mark;

typedef struct Writer {
    Arena *arena;
    const EmitUnit *unit;
    DiagSink *sink;
    const char *upper;     /* "MNIST_CNN" */
    Map *member;           /* path -> Member */
    VEC(Member *) members; /* in the module's order */
    VEC(ConstData) constant;
    VEC(KernelText) kernel;
    int n_kernels; /* that are printed */
    Map *sizes;    /* names of the header's constants */
    VEC(Mark) mark;
    VEC(const char *) layer; /* calls of trained nets, by number of their hook */
    bool has_team;           /* train functions take a team */
    bool uses_wait;          /* some function waits for its team */
} Writer;

/* ---- structs.c: structs ---------------------------------------------------------- */

bool structs_init(Writer *w); /* false: names collide, reported */
bool structs_has_state(const Writer *w, int net);
bool structs_has_memory(const Writer *w, int net); /* it takes one row a call */
bool structs_has_params(const Writer *w);
bool structs_has_train(const Writer *w); /* a train state and its functions */
/* "t->params.mlp_dense1_w" or, in nets, "params->mlp_dense1_w"; NULL when baked in */
const char *structs_access(Writer *w, const char *path, bool in_net);
/* Member designator in the train state: "params.mlp_dense1_w". */
const char *structs_designator(Writer *w, const Member *m);
void structs_print(Writer *w, Out *o);
int structs_align(const Writer *w); /* bytes, of arenas and of the structs */

/* ---- constants.c ----------------------------------------------------------------- */

/* C name of an array with these values; equal arrays are one. */
const char *constant_name(Writer *w, const char *wish, const Tensor *data);
int64_t constant_bytes(const Tensor *data);
bool constants_split(Writer *w);      /* decides on a data file; true: there is one */
void constants_mark_flash(Writer *w); /* parameters of kernels that read constants */
void constants_print_space(const Writer *w,
                           Out *o); /* DLC_FLASH, if the target has one */
/* "static const T name[..] = { .. };" under its comment, where constants are. */
void constant_print(Writer *w, const ConstData *c, Out *o);
void constants_print(Writer *w, Out *o);      /* in the source */
void constants_print_data(Writer *w, Out *o); /* in the data file */

/* ---- kernels.c ------------------------------------------------------------------- */

/* Name of the C function for a kernel; registers it at its first use. All of them have
 * to be registered before a call is printed. */
const char *kernel_use(Writer *w, Kernel *k);
void kernels_collect(Writer *w);
/* What a call of its function gives for the numbers in which kernels of it differ. */
int kernel_number_count(const Writer *w, const Kernel *k);
int64_t kernel_number(const Writer *w, const Kernel *k, int i);
/* "conv2_bias_relu", what of a kernel's name says which layers it is. */
const char *kernel_bare_name(const Writer *w, const Kernel *k);
void kernels_print(Writer *w, Out *o);       /* with the functions they call */
void foreign_print(const Writer *w, Out *o); /* foreign.c: prototypes of the user's */

/* ---- numbers.c ------------------------------------------------------------------- */

/* Integers of k that may become parameters of its function. */
Numbers numbers_of(Arena *a, const Kernel *k);
/* Such an integer prints as a variable, and as itself again. */
void number_hide(Expr *e, const Var *as);
void number_show(Expr *e);
Var *number_var(Arena *a, const Kernel *k, const char *name, int64_t low, int64_t high);

/* ---- signature.c: prototypes and what they are called with ----------------------- */

typedef struct Parameter { /* of a C function */
    const char *type;      /* "const float *" */
    const char *name;      /* "image" */
    const char *about;     /* "[64, 28, 28]" */
    const char *path;      /* of the program's storage it is, or NULL */
} Parameter;

typedef struct Signature {
    VEC(Parameter) parameter;
} Signature;

Signature signature_of(Writer *w, const EmitFunction *f);
void signature_print(const Writer *w, const Signature *s, const EmitFunction *f,
                     Out *o);
bool signature_has_team(const Writer *w, const EmitFunction *f);
bool signature_has_arena(const EmitFunction *f);
const char *signature_field(Arena *a, const char *name); /* C identifier of a field */
/* Nets whose states a function reads. */
bool function_uses_state(const Writer *w, const EmitFunction *f, int net, bool *writes);
bool function_counts(const EmitFunction *f); /* eval: for metrics of the split */
bool function_uses_params(const EmitFunction *f);
bool function_uses_scalar(const EmitFunction *f, const char *path);

/* ---- layers.c -------------------------------------------------------------------- */

void layers_print_hook(const Writer *w, Out *o);      /* in the source */
void layers_print_interface(const Writer *w, Out *o); /* in the header */

/* ---- example.c ------------------------------------------------------------------- */

/* Functions that run each net, and the lines that call them. */
void example_print(Writer *w, Out *functions, Out *calls);

/* ---- self_test.c ----------------------------------------------------------------- */

bool self_test_any(const Writer *w);
const char *self_test_name(const Writer *w, const EmitFunction *f);
bool self_test_print(Writer *w, Out *header, Out *source); /* false: reported */

/* ---- body.c, header.c, table.c --------------------------------------------------- */

void body_print(Writer *w, const EmitFunction *f, Out *o);
bool header_print(Writer *w, Out *o);      /* false: names collide, reported */
const char *unit_about(const EmitUnit *u); /* "a trained network" */
const char *train_upper(const Writer *w, const ModuleTrain *t); /* "XOR_LEARN" */
int64_t train_arena_bytes(const Writer *w, const ModuleTrain *t);
void banner_print(Writer *w, const char *file, const char *about, Out *o);
void table_string(const char *text, const char *indent, Out *o); /* a C literal */
void table_reports(const ModuleTrain *t, Out *o);                /* table_train.c */
void table_tallies(const Writer *w, const ModuleTrain *t, Out *o);
void table_train_settings(const ModuleTrain *t, Out *o);
void table_print(Writer *w, Out *o);
void table_type(DType dtype, const Shape *shape, int64_t bound, Out *o);
void table_fields(const char *name, const Field *field, int n, Out *o);
void table_data(const ModuleTrain *t, Out *o); /* table_data.c; NULL: nothing */
const EmitFunction *function_find_quantized(const Writer *w, FunctionKind kind,
                                            const ModuleTrain *t);
const EmitFunction *function_find(const Writer *w, FunctionKind kind,
                                  const ModuleTrain *t); /* NULL: none */

/* ---- adapter.c ------------------------------------------------------------------- */

/* "    NAME(arguments);" of the emitted function, from what an adapter is given. */
void adapter_print_call(Writer *w, const EmitFunction *f, Out *o);
/* A static function with that head. f NULL: none. */
void adapter_print(Writer *w, const EmitFunction *f, const char *head, Out *o);
void adapter_print_train(Writer *w, const ModuleTrain *t, Out *o);

#endif
