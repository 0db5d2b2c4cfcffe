/* plan_print.c - the memory plan as a table, for --plan. */
#include "passes/pipeline.h"

static const char *kind_name(StorageKind kind)
{
    switch (kind) {
    case STORAGE_INPUT:
        return "input";
    case STORAGE_OUTPUT:
        return "output";
    case STORAGE_PARAM:
        return "param";
    case STORAGE_STATE:
        return "state";
    case STORAGE_CONSTANT:
        return "const";
    case STORAGE_SCALAR:
        return "scalar";
    case STORAGE_ARENA:
        return "arena";
    }
    return "?";
}

static long long bytes_of(const Storage *s)
{
    return (long long)(s->count * (int64_t)dtype_bytes(s->dtype));
}

static void print_arena(const Program *p, Out *out)
{
    out_print(out, "  %10s %10s %9s  %s\n", "offset", "bytes", "calls", "buffer");
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->kind != STORAGE_ARENA)
            continue;
        out_print(out, "  %10lld %10lld %4d-%-4d  %s %s%s\n",
                  (long long)s->offset_bytes, bytes_of(s), s->first + 1, s->last + 1,
                  s->name, dtype_name(s->dtype), shape_text(out->arena, &s->shape));
    }
}

void plan_print(const Program *p, Out *out)
{
    out_print(out, "%s: %lld bytes of scratch, lower bound %lld, %d kernels\n", p->name,
              (long long)p->arena_bytes, (long long)p->arena_lower_bound, p->call.n);
    print_arena(p, out);
    long long total[STORAGE_ARENA + 1] = { 0 };
    for (int i = 0; i < p->storage.n; i++)
        total[p->storage.at[i]->kind] += bytes_of(p->storage.at[i]);
    for (int kind = STORAGE_INPUT; kind < STORAGE_ARENA; kind++)
        if (total[kind] > 0)
            out_print(out, "  %10s %10lld  given by the caller or constant\n",
                      kind_name((StorageKind)kind), total[kind]);
}
