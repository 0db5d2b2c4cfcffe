/* random_nets.c - random int8 nets as one C file, and what the loop interpreter makes
 * of some inputs.
 *
 *     random_nets TARGET FIRST COUNT FOLDER
 *
 * FOLDER/nets.c has the nets of COUNT seeds from FIRST on, compiled for TARGET, their
 * constants and inputs, and a main() that prints outputs as output.h does;
 * FOLDER/nets.txt what it has to print.
 * DLC_TEST_PRINT=1 prints each net after each pass. */
#include "emit/c_kernel.h"
#include "emit/c_prelude.h"
#include "generate.h"
#include "generate_int8.h"
#include "graph/op.h"
#include "interp/loop_interp.h"
#include "passes/pipeline.h"
#include "program_text.h"
#include "support/bug.h"
#include "support/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 3 };

typedef struct Nets {
    Arena *arena;
    const Target *target;
    uint64_t seed;
    KernelVec kernels;
    Out data, entries, calls, expected;
} Nets;

/* ---- data ------------------------------------------------------------------------ */

static void print_array(Out *o, const char *name, DType dtype, int64_t count,
                        const void *at)
{
    out_print(o, "static const %s %s[%lld] = {", dtype_c_name(dtype), name,
              (long long)count);
    for (int64_t i = 0; i < count; i++) {
        double v = storage_element(dtype, at, i);
        out_print(o, dtype == DTYPE_F32 ? "%s%a" : "%s%.0f", i > 0 ? ", " : " ", v);
        if (dtype == DTYPE_F32)
            out_puts(o, "f");
    }
    out_puts(o, " };\n");
}

/* Run 0: anything; run 1: the two ends; run 2: mostly one end. */
static void *make_input(const Nets *n, const Storage *s, int run)
{
    Tensor *t = generate_values(n->arena, s->path, s->dtype, s->shape, s->bound,
                                n->seed + 1000 * (uint64_t)run);
    double low = s->dtype == DTYPE_F32 ? -1 : 0, high = s->dtype == DTYPE_F32 ? 1 : 255;
    double middle = (low + high) / 2,
           edge = run == 2 ? low + (high - low) / 16 : middle;
    for (int64_t i = 0; run > 0 && i < shape_count(&s->shape); i++)
        t->at[i] = t->at[i] < edge ? low : high;
    return generate_storage(n->arena, t);
}

/* ---- a net ----------------------------------------------------------------------- */

static const Program *compile(const Nets *n, Arena *scratch)
{
    Int8Net net = generate_int8(n->arena, n->seed);
    QuantizeNet own = { .name = "net" };
    QuantizeOptions quantize = {
        .calibration = &net.calibration, .weights = "random", .n_nets = 1, .net = &own
    };
    PipelineOptions o = { .target = n->target,
                          .level = 2,
                          .inference = true,
                          .verify = true,
                          .quantize = &quantize,
                          .io_in_arena = true };
    PipelineResult result;
    DiagSink *sink = diag_sink_new(n->arena);
    Out log;
    out_init(&log, n->arena);
    if (getenv("DLC_TEST_PRINT") != NULL) {
        o.dump_after = "all";
        o.log = &log;
    }
    bool good = pipeline_run(n->arena, scratch, net.graph, 1, &o, sink, &result);
    if (o.log != NULL)
        printf("%s", out_text(&log));
    if (good)
        return result.program;
    printf("seed %llu is refused: %s\n", (unsigned long long)n->seed,
           diag_message(sink, 0));
    exit(1);
}

/* What main() prints of an output. */
static void expect(Nets *n, const Storage *s, const void *at)
{
    for (int64_t i = 0; i < s->count; i++) {
        float value = ((const float *)at)[i];
        uint32_t word;
        memcpy(&word, &value, sizeof word);
        out_print(&n->expected, "%08x%c", (unsigned)word,
                  i + 1 < s->count ? ' ' : '\n');
    }
}

static void interpret(Nets *n, const Program *p, int run)
{
    void **data = arena_array(n->arena, void *, p->storage.n);
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        const char *name =
            str_printf(n->arena, "s%llu_%d", (unsigned long long)n->seed, i);
        if (s->kind == STORAGE_CONSTANT) {
            data[i] = storage_constant(s, n->arena);
            if (run == 0)
                print_array(&n->data, name, s->dtype, s->count, data[i]);
        } else if (s->kind == STORAGE_OUTPUT) {
            data[i] = arena_alloc_array(n->arena, (size_t)s->count, sizeof(float));
        } else if (s->kind == STORAGE_INPUT) {
            data[i] = make_input(n, s, run);
            print_array(&n->data, str_printf(n->arena, "%s_%d", name, run), s->dtype,
                        s->count, data[i]);
        }
    }
    program_run(p, data, 1, n->arena);
    for (int i = 0; i < p->storage.n; i++)
        if (p->storage.at[i]->kind == STORAGE_OUTPUT)
            expect(n, p->storage.at[i], data[i]);
}

/* A function that runs the net on its inputs. */
static void print_entry(Nets *n, const Program *p)
{
    Out *o = &n->entries;
    unsigned long long seed = n->seed;
    out_print(o, "static void net%llu(void)\n{\n    static void *data[%d];\n", seed,
              p->storage.n + 1);
    for (int i = 0; i < p->storage.n; i++)
        if (p->storage.at[i]->kind == STORAGE_OUTPUT)
            out_print(o, "    static float out%d[%lld];\n    data[%d] = out%d;\n", i,
                      (long long)p->storage.at[i]->count, i, i);
        else if (p->storage.at[i]->kind == STORAGE_CONSTANT)
            out_print(o, "    data[%d] = (void *)(uintptr_t)s%llu_%d;\n", i, seed, i);
    for (int run = 0; run < RUNS; run++) {
        for (int i = 0; i < p->storage.n; i++)
            if (p->storage.at[i]->kind == STORAGE_INPUT)
                out_print(o, "    data[%d] = (void *)(uintptr_t)s%llu_%d_%d;\n", i,
                          seed, i, run);
        out_print(o, "    net%llu_run(data, arena.bytes);\n", seed);
        for (int i = 0; i < p->storage.n; i++)
            if (p->storage.at[i]->kind == STORAGE_OUTPUT)
                out_print(o, "    output_floats(out%d, %lld);\n", i,
                          (long long)p->storage.at[i]->count);
    }
    out_puts(o, "}\n\n");
    out_print(&n->calls, "    net%llu();\n", seed);
}

static int64_t add_net(Nets *n)
{
    Arena *scratch = arena_create("scratch");
    const Program *p = compile(n, scratch);
    char prefix[32];
    snprintf(prefix, sizeof prefix, "n%llu_", (unsigned long long)n->seed);
    program_text_kernels(n->arena, p, prefix, &n->kernels);
    out_print(&n->entries,
              "static void net%llu_run(void *const *data, unsigned char *arena)\n{\n",
              (unsigned long long)n->seed);
    program_text_calls(p, &n->entries);
    out_puts(&n->entries, "}\n\n");
    for (int run = 0; run < RUNS; run++)
        interpret(n, p, run);
    print_entry(n, p);
    arena_destroy(scratch);
    return p->arena_bytes;
}

/* ---- files ----------------------------------------------------------------------- */

static void write_text(const Nets *n, const char *folder, const char *name,
                       const char *text)
{
    const char *path = str_printf(n->arena, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
        printf("cannot write %s\n", path);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    Nets n = { .arena = arena_create("nets") };
    n.target = argc == 5 ? target_find(argv[1]) : NULL;
    if (n.target == NULL) {
        printf("usage: random_nets TARGET FIRST COUNT FOLDER\n");
        return 2;
    }
    Out *outs[] = { &n.data, &n.entries, &n.calls, &n.expected };
    Out body, file;
    int64_t arena_bytes = 16;
    for (int i = 0; i < ARRAY_LEN(outs); i++)
        out_init(outs[i], n.arena);
    out_init(&body, n.arena);
    out_init(&file, n.arena);
    uint64_t first = strtoull(argv[2], NULL, 10), count = strtoull(argv[3], NULL, 10);
    for (n.seed = first; n.seed < first + count; n.seed++) {
        int64_t bytes = add_net(&n);
        arena_bytes = bytes > arena_bytes ? bytes : arena_bytes;
    }
    c_kernel_macro_print(n.target, &body);
    c_functions_print(n.kernels.at, n.kernels.n, n.target, &body);
    for (int i = 0; i < n.kernels.n; i++)
        c_kernel_print(n.kernels.at[i], n.target, &body);
    c_prelude_print(out_text(&body), n.target, &file);
    out_print(&file,
              "#include \"output.h\"\n\nstatic union {\n    double align[8];\n"
              "    unsigned char bytes[%lld];\n} arena;\n\n%s\n%s\n%s",
              (long long)arena_bytes, out_text(&n.data), out_text(&body),
              out_text(&n.entries));
    out_print(&file, "int main(void)\n{\n%s    return 0;\n}\n", out_text(&n.calls));
    write_text(&n, argv[4], "nets.c", out_text(&file));
    write_text(&n, argv[4], "nets.txt", out_text(&n.expected));
    arena_destroy(n.arena);
    return 0;
}
