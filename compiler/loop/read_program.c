/* read_program.c - storages, calls and loops of .dlir text, see the grammar in print.c.
 */
#include "loop/read.h"

static Shape read_shape(Reader *r)
{
    Shape s = { 0 };
    read_expect(r, "[");
    while (!r->failed && !read_accept(r, "]")) {
        if (s.rank == SHAPE_MAX_RANK)
            read_fail(r, "at most %d dimensions", SHAPE_MAX_RANK);
        else
            s.dim[s.rank++] = read_int(r);
        if (!read_is(r, "]"))
            read_expect(r, ",");
    }
    return s;
}

static Tensor *read_data(Reader *r, const Storage *s)
{
    if (!r->failed && (s->count < 0 || s->count > (int64_t)r->source->length)) {
        read_fail(r, "`%s` has fewer numbers", s->name);
        return NULL;
    }
    Tensor *t = arena_new(r->a, Tensor);
    t->dtype = s->dtype;
    t->shape = s->shape;
    t->at = arena_array(r->a, double, s->count + 1);
    read_expect(r, "[");
    for (int64_t i = 0; i < s->count && !r->failed; i++) {
        t->at[i] = read_number(r);
        if (i + 1 < s->count)
            read_expect(r, ",");
    }
    read_expect(r, "]");
    return t;
}

static void read_storage(Reader *r, Program *p, Map *by_name)
{
    static const char *const kind[] = { "input",    "output", "param", "state",
                                        "constant", "scalar", "arena" };
    Storage *s = arena_new(r->a, Storage);
    s->name = read_word(r);
    const char *word = read_word(r);
    int k = 0;
    while (k < 7 && !str_equal(kind[k], word))
        k++;
    if (k == 7)
        read_fail(r, "no kind of storage `%s`", word);
    s->kind = (StorageKind)k;
    s->dtype = read_dtype(r);
    s->shape = read_shape(r);
    s->count = read_int(r);
    s->path = read_string(r);
    read_expect(r, "at");
    s->offset_bytes = read_int(r);
    read_expect(r, "live");
    s->first = (int)read_int(r);
    s->last = (int)read_int(r);
    if (read_accept(r, "="))
        s->data = read_data(r, s);
    s->id = p->storage.n;
    if (map_has(by_name, s->name))
        read_fail(r, "`%s` is defined twice", s->name);
    vec_push(r->a, &p->storage, s);
    map_put(by_name, s->name, s);
}

static void read_program_call(Reader *r, Program *p, const Map *kernels,
                              const Map *storage, int depth)
{
    VEC(CallArg) arg = { 0 };
    const char *name = read_word(r);
    Call c = { .kernel = map_find(kernels, name) };
    if (c.kernel == NULL)
        read_fail(r, "no kernel `%s`", name);
    read_expect(r, "(");
    while (!r->failed && !read_accept(r, ")")) {
        name = read_word(r);
        CallArg one = { .storage = map_find(storage, name) };
        if (one.storage == NULL)
            read_fail(r, "no storage `%s`", name);
        one.offset = read_accept(r, "+") ? read_int(r) : 0;
        bool steps = read_accept(r, "by");
        for (int d = 0; steps && d < depth; d++)
            one.step[d] = read_int(r);
        vec_push(r->a, &arg, one);
        if (!read_is(r, ")"))
            read_expect(r, ",");
    }
    c.arg = arg.at;
    c.n_arg = arg.n;
    vec_push(r->a, &p->call, c);
}

static void read_program_loop(Reader *r, Program *p, const Map *kernels,
                              const Map *storage, int depth)
{
    ProgramLoop l = { .first = p->call.n, .count = read_int(r) };
    int at = p->loop.n;
    l.reverse = read_accept(r, "reverse");
    vec_push(r->a, &p->loop, l);
    if (depth == PROGRAM_NEST_MAX) {
        read_fail(r, "at most %d loops inside each other", PROGRAM_NEST_MAX);
        return;
    }
    read_expect(r, "{");
    while (!r->failed && !read_accept(r, "}")) {
        if (read_accept(r, "loop"))
            read_program_loop(r, p, kernels, storage, depth + 1);
        else if (read_accept(r, "call"))
            read_program_call(r, p, kernels, storage, depth + 1);
        else
            read_fail(r, "expected call, loop or }");
    }
    p->loop.at[at].last = p->call.n - 1;
    if (!r->failed && (l.count < 1 || p->call.n == l.first))
        read_fail(r, "a loop without passes or calls");
}

static void read_head(Reader *r, Program *p)
{
    read_expect(r, "program");
    p->name = read_word(r);
    read_expect(r, "batch");
    p->batch = read_int(r);
    read_expect(r, "arena");
    p->arena_bytes = read_int(r);
    read_expect(r, "bound");
    p->arena_lower_bound = read_int(r);
}

/* Up to the next program; each has kernels and functions of its own. */
static Program *read_program(Reader *r)
{
    Program *p = arena_new(r->a, Program);
    Map *kernels = map_new(r->a), *storage = map_new(r->a);
    p->arena = r->a;
    r->functions = map_new(r->a);
    read_head(r, p);
    while (!r->failed && r->kind != TOKEN_END && !read_is(r, "program")) {
        if (read_accept(r, "storage")) {
            read_storage(r, p, storage);
        } else if (read_accept(r, "function")) {
            read_function(r);
        } else if (read_accept(r, "kernel")) {
            Kernel *k = read_kernel(r);
            map_put(kernels, k->name, k);
        } else if (read_accept(r, "call")) {
            read_program_call(r, p, kernels, storage, 0);
        } else if (read_accept(r, "loop")) {
            read_program_loop(r, p, kernels, storage, 0);
        } else {
            read_fail(r, "expected storage, function, kernel, loop, call or program");
        }
    }
    return p;
}

bool program_read(Arena *a, const Source *source, DiagSink *sink, int *n,
                  Program ***programs)
{
    Reader r = { .a = a, .source = source, .sink = sink };
    VEC(Program *) all = { 0 };
    read_next(&r);
    read_expect(&r, "dlir");
    read_expect(&r, "loop");
    read_expect(&r, "1");
    do {
        Program *p = read_program(&r);
        vec_push(a, &all, p);
    } while (!r.failed && r.kind != TOKEN_END);
    *n = all.n;
    *programs = all.at;
    return !r.failed;
}
