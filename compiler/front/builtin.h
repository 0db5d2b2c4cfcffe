/* builtin.h - functions that the elaborator computes itself: the table builtin.def. */
#ifndef DLC_FRONT_BUILTIN_H
#define DLC_FRONT_BUILTIN_H

#include "front/value.h"
#include "graph/op.h"

typedef struct Elab Elab;

enum { BUILTIN_MAX_PARAMS = 6 };

typedef struct BuiltinArgs {
    Value *at[BUILTIN_MAX_PARAMS]; /* by parameter; NULL: not given */
    const Ast
        *node[BUILTIN_MAX_PARAMS]; /* its expression, NULL for a pipeline's input */
    Span span;                     /* of the callee: where messages point */
    int n_extra;                   /* rearrange's sizes: s=3, h=heads */
    const char *extra_name[BUILTIN_MAX_PARAMS];
    Value *extra[BUILTIN_MAX_PARAMS];
} BuiltinArgs;

typedef Value *BuiltinCall(Elab *e, const Builtin *b, const BuiltinArgs *args);

struct Builtin {
    const char *name;
    BuiltinCall *call;
    const Op *op;          /* what a shared handler builds; NULL */
    const char *signature; /* "x, axis = none"; `..` last: further named arguments */
};

const Builtin *builtin_find(const char *name); /* NULL: none */
int builtin_count(void);
const Builtin *builtin_at(int i);
bool builtin_is_measure(const Builtin *b); /* data_mean ... */

#define BUILTIN(name, handler, op, signature) BuiltinCall builtin_##handler;
#include "front/builtin.def"
#undef BUILTIN

const char *layer_name(const Layer *l);

#endif
