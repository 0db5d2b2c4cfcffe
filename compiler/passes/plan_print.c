/* plan_print.c - the memory plan as a table or as JSON, for --plan. */
#include "loop/program.h"
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

int64_t plan_bytes(const Program *p, StorageKind kind)
{
    int64_t total = 0;
    for (int i = 0; i < p->storage.n; i++)
        if (p->storage.at[i]->kind == kind)
            total += storage_bytes(p->storage.at[i]);
    return total;
}

static void print_arena(const Program *p, Out *out)
{
    if (p->arena_bytes > 0)
        out_print(out, "  %10s %10s %9s  %s\n", "offset", "bytes", "calls", "buffer");
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->offset_bytes < 0)
            continue;
        out_print(out, "  %10lld %10lld %4d-%-4d  %s %s%s\n",
                  (long long)s->offset_bytes, (long long)storage_bytes(s), s->first + 1,
                  s->last + 1, s->name, dtype_name(s->dtype),
                  shape_text(out->arena, &s->shape));
    }
}

/* Why no plan of these calls is smaller: what is alive in one of them at once. */
static void print_bound(const Program *p, Out *out)
{
    int c = p->arena_bound_call;
    int64_t sum = 0;
    if (p->arena_lower_bound == 0 || c >= p->call.n)
        return;
    out_print(out, "  bound %10lld  call %d, %s:", (long long)p->arena_lower_bound,
              c + 1, p->call.at[c].kernel->name);
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->offset_bytes < 0 || s->first > c || s->last < c)
            continue;
        out_print(out, "%s %s %lld", sum > 0 ? " +" : "", s->name,
                  (long long)storage_bytes(s));
        sum += storage_bytes(s);
    }
    int64_t rest = p->arena_lower_bound - sum;
    if (rest != 0)
        out_print(out, " %s %lld %s", rest < 0 ? "-" : "+",
                  (long long)(rest < 0 ? -rest : rest),
                  rest < 0 ? "that may share a place" : "of alignment");
    out_puts(out, "\n");
}

static double milliseconds(const PlanFacts *facts)
{
    return (double)facts->cycles / facts->clock_hz * 1e3;
}

static void print_time(const PlanFacts *facts, Out *out)
{
    if (facts->cycles == 0)
        return;
    out_print(out, "  time  %10lld  cycles, estimated", (long long)facts->cycles);
    if (facts->clock_hz > 0)
        out_print(out, ": %.3g ms at %g MHz", milliseconds(facts),
                  facts->clock_hz / 1e6);
    out_puts(out, "\n");
}

/* What a step computes twice, and what that brings. */
static void print_again(const Program *p, const PlanFacts *facts, Out *out)
{
    if (facts->again == NULL)
        return;
    out_print(
        out,
        "  again %10lld  flop more (%.1f %%) for %lld bytes of scratch instead of "
        "%lld:\n",
        (long long)facts->again_flops,
        100 * (double)facts->again_flops / (double)facts->plain_flops,
        (long long)p->arena_bytes, (long long)facts->plain_scratch);
    out_print(out, "%*s  what is pointwise%s%s\n", 18, "",
              facts->again[0] != '\0' ? ", and " : "", facts->again);
}

void plan_print(const Program *p, const char *name, const PlanFacts *facts, Out *out)
{
    int64_t in = plan_bytes(p, STORAGE_INPUT), result = plan_bytes(p, STORAGE_OUTPUT);
    int64_t ram = program_ram_bytes(p);
    bool inside = ram < p->arena_bytes + in + result;
    out_print(out, "%s: %lld bytes of scratch, lower bound %lld, %d kernels\n", name,
              (long long)p->arena_bytes, (long long)p->arena_lower_bound, p->call.n);
    out_print(out, "  ram   %10lld  scratch %lld, inputs %lld, outputs %lld%s\n",
              (long long)ram, (long long)p->arena_bytes, (long long)in,
              (long long)result, inside ? " inside it" : "");
    if (facts->flash_bytes >= 0)
        out_print(out, "  flash %10lld  parameters and constants\n",
                  (long long)facts->flash_bytes);
    if (facts->stack_bytes >= 0)
        out_print(out, "  stack %10lld  at most, at any -O\n",
                  (long long)facts->stack_bytes);
    print_time(facts, out);
    print_again(p, facts, out);
    print_bound(p, out);
    print_arena(p, out);
    for (int kind = STORAGE_PARAM; kind < STORAGE_ARENA; kind++) {
        int64_t bytes = plan_bytes(p, (StorageKind)kind);
        if (bytes > 0)
            out_print(out, "  %10s %10lld  %s\n", kind_name((StorageKind)kind),
                      (long long)bytes,
                      kind == STORAGE_CONSTANT ? "const data" : "given by the caller");
    }
}

static void print_json_buffer(const Storage *s, Out *out)
{
    out_print(out, "{\"name\": \"%s\", \"dtype\": \"%s\", \"shape\": [", s->name,
              dtype_name(s->dtype));
    for (int i = 0; i < s->shape.rank; i++)
        out_print(out, "%s%lld", i > 0 ? ", " : "", (long long)s->shape.dim[i]);
    out_print(out, "], \"offset\": %lld, \"bytes\": %lld, \"first\": %d, \"last\": %d}",
              (long long)s->offset_bytes, (long long)storage_bytes(s), s->first + 1,
              s->last + 1);
}

void plan_print_json(const Program *p, const char *name, const PlanFacts *facts,
                     Out *out)
{
    out_print(out, "{\"name\": \"%s\", \"kernels\": %d, \"scratch_bytes\": %lld, ",
              name, p->call.n, (long long)p->arena_bytes);
    out_print(out, "\"lower_bound_bytes\": %lld, ", (long long)p->arena_lower_bound);
    out_print(out, "\"lower_bound_call\": %d, ", p->arena_bound_call + 1);
    out_print(out, "\"ram_bytes\": %lld, ", (long long)program_ram_bytes(p));
    for (int kind = 0; kind < STORAGE_ARENA; kind++)
        out_print(out, "\"%s_bytes\": %lld, ", kind_name((StorageKind)kind),
                  (long long)plan_bytes(p, (StorageKind)kind));
    if (facts->flash_bytes >= 0)
        out_print(out, "\"flash_bytes\": %lld, ", (long long)facts->flash_bytes);
    if (facts->stack_bytes >= 0)
        out_print(out, "\"stack_bytes\": %lld, ", (long long)facts->stack_bytes);
    if (facts->cycles > 0)
        out_print(out, "\"cycles\": %lld, ", (long long)facts->cycles);
    if (facts->cycles > 0 && facts->clock_hz > 0)
        out_print(out, "\"milliseconds\": %.4g, ", milliseconds(facts));
    if (facts->again != NULL)
        out_print(out,
                  "\"again\": {\"kernels\": \"%s\", \"flops\": %lld, \"plain_flops\": "
                  "%lld, \"plain_scratch_bytes\": %lld}, ",
                  facts->again, (long long)facts->again_flops,
                  (long long)facts->plain_flops, (long long)facts->plain_scratch);
    out_puts(out, "\"buffers\": [");
    const char *between = "\n    ";
    for (int i = 0; i < p->storage.n; i++) {
        if (p->storage.at[i]->offset_bytes < 0)
            continue;
        out_puts(out, between);
        print_json_buffer(p->storage.at[i], out);
        between = ",\n    ";
    }
    out_puts(out, "]}");
}
