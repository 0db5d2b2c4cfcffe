/* options.h - the command line, read into one struct. */
#ifndef DLC_DRIVER_OPTIONS_H
#define DLC_DRIVER_OPTIONS_H

#include "front/module.h"
#include "support/diag.h"
#include "support/vec.h"

typedef enum Mode {
    MODE_COMPILE, /* -o */
    MODE_CHECK,
    MODE_EMIT,
    MODE_SUMMARY,
    MODE_PLAN,
    MODE_FMT,
    MODE_EXPLAIN,
    MODE_LIST_OPS,
    MODE_LIST_PASSES,
    MODE_LIST_TARGETS,
    MODE_HELP,
    MODE_VERSION
} Mode;

typedef enum EmitKind {
    EMIT_AST,
    EMIT_GRAPH,
    EMIT_LOOP,
    EMIT_C,
    EMIT_DOT,
    EMIT_MERMAID,
    EMIT_DL
} EmitKind;

typedef enum ColorWhen { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorWhen;

typedef struct Options {
    Mode mode;
    VEC(const char *) input;
    EmitKind emit;
    bool plan_json;
    const char *explain;
    const char *output;         /* NULL: none */
    const char *arch;           /* file around the C; NULL: none */
    int package;                /* a PackageKind; -1: none */
    int64_t self_test;          /* stored inputs of a net; 0: no self-test */
    const char *self_test_file; /* safetensors with them; NULL: made */
    bool depfile;               /* -MD or -MF */
    const char *depfile_name;
    VEC(const char *) import_dir;
    VEC(const char *) link; /* files behind the emitted C */
    VEC(Define) define;
    const char *target, *prefix, *weights; /* NULL: not given */
    const char *tuning;                    /* a file of kernels, read */
    const char *tune, *measure;            /* the same, written; what measures */
    int64_t batch;                         /* 0: the file's */
    DiagStyle diagnostics;
    ColorWhen color;
    VEC(const char *) allow;
    int level;
    bool least_ram; /* --optimize=ram */
    int check_passes;
    const char *dump_after, *stop_after, *passes;
    VEC(const char *) no_pass;
    bool stats, time, verify;
    const char
        *spelled; /* what can change the output, as written; for banner and hash */
} Options;

/* False: the text of a usage error is in *error (exit status 2). */
bool options_read(Arena *a, int argc, char **argv, Options *o, const char **error);

void options_help(Out *out);

#endif
