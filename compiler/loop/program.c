/* program.c - see program.h. */
#include "loop/program.h"

#include "support/bug.h"

int program_loops(const Program *p, int c, const ProgramLoop *loop[PROGRAM_NEST_MAX])
{
    int n = 0;
    for (int i = 0; i < p->loop.n && n < PROGRAM_NEST_MAX; i++)
        if (p->loop.at[i].first <= c && c <= p->loop.at[i].last)
            loop[n++] = &p->loop.at[i];
    return n;
}

/* Enters call c; loops that begin there start anew. */
static void enter(ProgramStep *s, int c)
{
    int before = s->depth;
    const ProgramLoop *old[PROGRAM_NEST_MAX];
    for (int i = 0; i < before; i++)
        old[i] = s->loop[i];
    s->call = c;
    s->depth = c < s->p->call.n ? program_loops(s->p, c, s->loop) : 0;
    for (int i = 0; i < s->depth; i++)
        if (i >= before || s->loop[i] != old[i])
            s->pass[i] = 0;
}

ProgramStep program_begin(const Program *p)
{
    ProgramStep s = { .p = p };
    enter(&s, 0);
    return s;
}

void program_next(ProgramStep *s)
{
    for (int i = s->depth - 1; i >= 0; i--) {
        if (s->loop[i]->last != s->call)
            break;
        if (++s->pass[i] < s->loop[i]->count) {
            s->depth = i + 1; /* inner loops start anew */
            enter(s, s->loop[i]->first);
            return;
        }
        s->depth = i;
    }
    enter(s, s->call + 1);
}

int64_t program_offset(const ProgramStep *s, const CallArg *arg)
{
    int64_t at = arg->offset;
    for (int i = 0; i < s->depth; i++) {
        const ProgramLoop *l = s->loop[i];
        int64_t row = l->reverse ? l->count - 1 - s->pass[i] : s->pass[i];
        at += row * arg->step[i];
    }
    return at;
}

static bool lies_inside(const ProgramLoop *l, int first, int last)
{
    return first <= l->first && l->last <= last;
}

bool program_is_first_pass(const ProgramStep *s, int first, int last)
{
    for (int i = 0; i < s->depth; i++)
        if (lies_inside(s->loop[i], first, last) && s->pass[i] > 0)
            return false;
    return true;
}

bool program_is_last_pass(const ProgramStep *s, int first, int last)
{
    for (int i = 0; i < s->depth; i++)
        if (lies_inside(s->loop[i], first, last) && s->pass[i] + 1 < s->loop[i]->count)
            return false;
    return true;
}

int64_t program_reach(const Program *p, int c, const CallArg *arg)
{
    const ProgramLoop *loop[PROGRAM_NEST_MAX];
    int64_t reach = 0;
    int n = program_loops(p, c, loop);
    for (int i = 0; i < n; i++)
        reach += (loop[i]->count - 1) * arg->step[i];
    return reach;
}

Buffer *buffer_of_argument(const Call *c, int arg)
{
    for (int i = 0; i < c->kernel->buffer.n; i++)
        if (c->kernel->buffer.at[i]->access != ACCESS_LOCAL && arg-- == 0)
            return c->kernel->buffer.at[i];
    BUG("call of %s has more arguments than its kernel", c->kernel->name);
}

int64_t storage_bytes(const Storage *s)
{
    return s->count * (int64_t)dtype_bytes(s->dtype);
}

int64_t program_ram_bytes(const Program *p)
{
    int64_t total = p->arena_bytes;
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if ((s->kind == STORAGE_INPUT || s->kind == STORAGE_OUTPUT) &&
            s->offset_bytes < 0)
            total += storage_bytes(s);
    }
    return total;
}

int64_t program_place(const Program *p, const char *path)
{
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if ((s->kind == STORAGE_INPUT || s->kind == STORAGE_OUTPUT) &&
            str_equal(s->path, path))
            return s->offset_bytes;
    }
    return -1;
}

const char *program_foreign(const Program *p)
{
    for (int c = 0; c < p->call.n; c++) {
        const Block *body = &p->call.at[c].kernel->body;
        for (int i = 0; i < body->stmt.n; i++)
            if (body->stmt.at[i]->kind == STMT_EXTERN)
                return body->stmt.at[i]->text;
    }
    return NULL;
}
