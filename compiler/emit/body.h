/* body.h - a public function being written, for the files that write its parts. */
#ifndef DLC_EMIT_BODY_H
#define DLC_EMIT_BODY_H

#include "emit/writer.h"
#include "loop/program.h"

typedef struct Touch { /* memory that a call since the last meeting used */
    const void *space; /* NULL: the arena */
    int64_t begin, end;
    bool writes, is_sliced;
} Touch;

typedef struct BodyWriter {
    Writer *w;
    const EmitFunction *f;
    Signature signature;
    Map *local;           /* names taken in this function */
    const char **name;    /* of each storage, NULL: not used */
    bool *parameter_used; /* by index in signature */
    Out calls;
    VEC(Touch) touch;
    bool in_rank0;                     /* an open `if (rank == 0) {` */
    int depth;                         /* loops around calls that are open */
    const char *row[PROGRAM_NEST_MAX]; /* their variables */
    bool has_team;
    bool uses_slices;
} BodyWriter;

void body_use(BodyWriter *b, const char *parameter);
/* "report + 64": place of a loss or metric in the report array. */
const char *body_report(BodyWriter *b, const char *name);
const char *body_gradient(BodyWriter *b, const char *path);

void layers_begin(BodyWriter *b, const Call *c, int indent); /* layers.c */
void layers_end(BodyWriter *b);

bool body_has_every(const BodyWriter *b);
/* What a step does only when its number is a multiple of something: by all members. */
void body_every(BodyWriter *b);
/* By one member, when all results are there. */
void body_rest(BodyWriter *b, const char *indent);

#endif
