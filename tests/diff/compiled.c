/* compiled.c - random training steps: the loop interpreter against compiled C.
 *
 *     diff_compiled FIRST COUNT FOLDER [--programs] [--fault]
 *
 * Each seed's step (--programs: each function of its program) is printed as C for c99
 * and for this host's vectors, compiled by $CC (default cc) at -O0 and -O2 into a
 * shared object in FOLDER, and run on the same bytes as the interpreter: every output,
 * parameter and state must be equal bit for bit (NaNs whatever their payload). --fault
 * compiles one changed constant and must find a difference in every program. */
#include "emit/c_kernel.h"
#include "emit/c_prelude.h"
#include "generate.h"
#include "interp/loop_interp.h"
#include "passes/pipeline.h"
#include "program_text.h"
#include "support/bug.h"
#include "support/str.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Case {
    Arena *arena;
    const char *folder;
    GeneratedKind kind;
    uint64_t seed;
    int function;
    const Program *program;
    const Target *target;
    bool fault;
    int builds;
} Case;

typedef void Entry(void *const *data, unsigned char *arena);

/* ---- the program as C ------------------------------------------------------------ */

static const char *print_program(const Case *c)
{
    Out body, file;
    KernelVec kernels = { 0 };
    out_init(&body, c->arena);
    out_init(&file, c->arena);
    program_text_kernels(c->arena, c->program, "", &kernels);
    c_kernel_macro_print(c->target, &body);
    c_functions_print(kernels.at, kernels.n, c->target, &body);
    for (int i = 0; i < kernels.n; i++)
        c_kernel_print(kernels.at[i], c->target, &body);
    out_puts(&body, "void run(void *const *data, unsigned char *arena);\n"
                    "void run(void *const *data, unsigned char *arena)\n{\n"
                    "    (void)data;\n    (void)arena;\n");
    program_text_calls(c->program, &body);
    out_puts(&body, "}\n");
    c_prelude_print(out_text(&body), c->target, &file);
    c_kernel_macro_print(c->target, &file);
    out_puts(&file, out_text(&body));
    return out_text(&file);
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
        printf("cannot write %s\n", path);
        exit(2);
    }
}

/* ---- running --------------------------------------------------------------------- */

static size_t bytes_of(const Storage *s)
{
    return (size_t)s->count * dtype_bytes(s->dtype);
}

static void **make_data(const Case *c)
{
    const Program *p = c->program;
    void **data = arena_array(c->arena, void *, p->storage.n);
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->kind == STORAGE_CONSTANT)
            data[i] = storage_constant(s, c->arena);
        else if (s->kind == STORAGE_OUTPUT)
            data[i] = arena_alloc(c->arena, bytes_of(s));
        else if (s->kind != STORAGE_ARENA)
            data[i] = generate_storage(c->arena,
                                       generate_values(c->arena, s->path, s->dtype,
                                                       s->shape, s->bound, c->seed));
    }
    return data;
}

static bool same_word(const Storage *s, const void *a, const void *b, int64_t i)
{
    if (s->dtype == DTYPE_F32) {
        float x = ((const float *)a)[i], y = ((const float *)b)[i];
        if (x != x && y != y)
            return true;
    }
    size_t n = dtype_bytes(s->dtype);
    return memcmp((const char *)a + (size_t)i * n, (const char *)b + (size_t)i * n,
                  n) == 0;
}

static bool compare(const Case *c, void *const *expected, void *const *got,
                    const char *how)
{
    for (int i = 0; i < c->program->storage.n; i++) {
        const Storage *s = c->program->storage.at[i];
        if (s->kind == STORAGE_ARENA || s->kind == STORAGE_CONSTANT)
            continue;
        for (int64_t j = 0; j < s->count; j++)
            if (!same_word(s, expected[i], got[i], j)) {
                if (!c->fault)
                    printf("seed %llu, function %d, %s: %s[%lld] differs from the loop "
                           "interpreter\n",
                           (unsigned long long)c->seed, c->function, how, s->path,
                           (long long)j);
                return false;
            }
    }
    return true;
}

/* False: it differs. */
static bool try_build(Case *c, const char *source, const char *level, void **expected)
{
    const char *cc = getenv("CC") ? getenv("CC") : "cc";
    const char *object = str_printf(c->arena, "%s/case%d.so", c->folder, c->builds++);
    const char *how = str_printf(c->arena, "%s %s %s", c->target->name, cc, level);
    const char *command = str_printf(
        c->arena, "%s -std=c99 %s %s -ffp-contract=off -w -shared -fPIC %s -o %s -lm",
        cc, level, c->target->is_host ? c->target->march : "", source, object);
    if (system(command) != 0) {
        printf("seed %llu: %s failed\n", (unsigned long long)c->seed, command);
        exit(2);
    }
    void *library = dlopen(object, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        printf("%s\n", dlerror());
        exit(2);
    }
    Entry *entry;
    void *symbol = dlsym(library, "run");
    memcpy(&entry, &symbol, sizeof entry); /* ISO C has no such cast */
    void **data = make_data(c);
    unsigned char *arena = arena_alloc(c->arena, (size_t)c->program->arena_bytes + 64);
    arena += (64 - (uintptr_t)arena % 64) % 64;
    entry(data, arena);
    bool same = compare(c, expected, data, how);
    dlclose(library);
    remove(object);
    return same;
}

/* The first tile or value that is stored is stored twice as large. */
static void add_fault(const Case *c, const char *source)
{
    const char *command = str_printf(c->arena,
                                     "sed -i '0,/^void run/s/\\(const float [a-z0-9_]* "
                                     "= \\)\\(.*\\);/\\11.5f + (\\2);/' %s",
                                     source);
    if (system(command) != 0)
        exit(2);
}

/* Number of builds that differ. */
static int run_way(Case *c, const char *target, int level)
{
    Arena *scratch = arena_create("scratch");
    Generated made = generate(c->arena, c->kind, c->seed, c->function);
    PipelineOptions o = { .target = target_find(target), .level = level };
    PipelineResult result;
    if (!pipeline_run(c->arena, scratch, made.graph, made.batch, &o,
                      diag_sink_new(c->arena), &result)) {
        printf("seed %llu: refused\n", (unsigned long long)c->seed);
        exit(1);
    }
    c->program = result.program;
    c->target = o.target;
    const char *source = str_printf(c->arena, "%s/case.c", c->folder);
    write_text(source, print_program(c));
    void **expected = make_data(c);
    program_run(c->program, expected, 1, c->arena);
    if (c->fault)
        add_fault(c, source);
    int differ = !try_build(c, source, "-O0", expected);
    if (!c->fault)
        differ += !try_build(c, source, "-O2", expected);
    arena_destroy(scratch);
    return differ;
}

/* False: there is no such function. */
static bool run_function(Case from, bool fault, int *builds, int *differ)
{
    Case c = from;
    c.arena = arena_create("case");
    c.fault = fault;
    c.builds = *builds;
    bool is_one = generate(c.arena, c.kind, c.seed, c.function).graph != NULL;
    const Target *host = target_of_host();
    if (is_one)
        *differ += run_way(&c, "c99", 2);
    if (is_one && !fault)
        *differ += run_way(&c, "cortex_m3", 2); /* whose C is for any machine */
    if (is_one && !fault && host->lanes > 1)
        *differ += run_way(&c, host->name, 2);
    *builds = c.builds;
    arena_destroy(c.arena);
    return is_one;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        printf("usage: diff_compiled FIRST COUNT FOLDER [--programs] [--fault]\n");
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 10), count = strtoull(argv[2], NULL, 10);
    bool fault = false;
    Case c = { .folder = argv[3] };
    for (int i = 4; i < argc; i++) {
        fault |= strcmp(argv[i], "--fault") == 0;
        if (strcmp(argv[i], "--programs") == 0)
            c.kind = GENERATED_PROGRAM;
    }
    int differ = 0, builds = 0;
    for (c.seed = first; c.seed < first + count; c.seed++)
        for (c.function = 0; run_function(c, fault, &builds, &differ); c.function++)
            ;
    printf("%llu seeds, %d builds, %d differ\n", (unsigned long long)count, builds,
           differ);
    return fault ? differ == 0 : differ != 0;
}
