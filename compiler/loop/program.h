/* program.h - loops around calls: which enclose a call, and walking a program step by
 * step; arguments and bytes. */
#ifndef DLC_LOOP_PROGRAM_H
#define DLC_LOOP_PROGRAM_H

#include "loop/loop.h"

/* The loops around call c, outermost first; how many. */
int program_loops(const Program *p, int c, const ProgramLoop *loop[PROGRAM_NEST_MAX]);

/* A position in the execution of a program: a call and the passes of its loops. */
typedef struct ProgramStep {
    const Program *p;
    int call; /* p->call.n: done */
    int depth;
    const ProgramLoop *loop[PROGRAM_NEST_MAX];
    int64_t pass[PROGRAM_NEST_MAX]; /* from 0, in order of execution */
} ProgramStep;

ProgramStep program_begin(const Program *p);
void program_next(ProgramStep *s);
/* First element that the argument names at this step. */
int64_t program_offset(const ProgramStep *s, const CallArg *arg);
/* Is this the first (last) pass of every loop that lies inside calls first .. last? */
bool program_is_first_pass(const ProgramStep *s, int first, int last);
bool program_is_last_pass(const ProgramStep *s, int first, int last);

/* Elements behind `offset` that an argument reaches over all passes. */
int64_t program_reach(const Program *p, int c, const CallArg *arg);

/* The parameter of its kernel that argument `arg` of a call stands for. */
Buffer *buffer_of_argument(const Call *c, int arg);

/* The first C function of the user's that a call of it runs; NULL: none. */
const char *program_foreign(const Program *p);
/* Where in the arena the input or output of that path may lie; -1: it may not. */
int64_t program_place(const Program *p, const char *path);

int64_t storage_bytes(const Storage *s);
/* Bytes of the arena, and of inputs and outputs that have no place in it. */
int64_t program_ram_bytes(const Program *p);

#endif
