/* kernels.c - kernels that use every operation of the loop IR, as C, and what they must
 * compute by the loop interpreter.
 *
 * usage: emit_kernels TARGET LANES FILE.c > expected
 *        emit_kernels gemm FILE.c
 *
 * FILE.c prints the same lines as this program when it is run: each output word in hex,
 * NaNs alike. The second form writes a 12x2 tile of a product, for spills.sh. */
#include "emit/c_kernel.h"
#include "emit/c_prelude.h"
#include "interp/loop_interp.h"
#include "loop/math.h"
#include "loop/scalar.h"
#include "loop/text.h"
#include "support/bug.h"
#include "support/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 192 };

typedef struct Suite {
    Arena *a;
    const Target *target;
    int lanes;
    bool fma;
    VEC(Kernel *) kernel;
} Suite;

/* ---- kernels --------------------------------------------------------------------- */

typedef Expr *ElementRule(Kernel *k, Expr *a, Expr *b, Expr *c, int which);

static Kernel *start(Suite *s, const char *name, int which)
{
    Kernel *k =
        kernel_new(s->a, str_printf(s->a, "k%d_%s%d", s->kernel.n, name, which));
    k->equation = "y[i] = f(a[i], b[i], c[i])";
    vec_push(s->a, &s->kernel, k);
    return k;
}

/* y = rule(a, b, c), element by element and in vectors. */
static void pointwise(Suite *s, const char *name, ElementRule *rule, int which,
                      DType from, DType to)
{
    Kernel *k = start(s, name, which);
    Buffer *a = kernel_buffer(k, "a", from, COUNT, ACCESS_READ);
    Buffer *b = kernel_buffer(k, "b", from, COUNT, ACCESS_READ);
    Buffer *c = kernel_buffer(k, "c", from, COUNT, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", to, COUNT, ACCESS_WRITE);
    Buffer *z = kernel_buffer(k, "z", to, COUNT, ACCESS_WRITE);
    Expr *i = loop_begin(k, "i", COUNT);
    kernel_store(k, y, i,
                 rule(k, expr_load(k, a, i, 1), expr_load(k, b, i, 1),
                      expr_load(k, c, i, 1), which));
    loop_end(k);
    int lanes = s->lanes;
    i = loop_begin_range(k, "i", expr_i32(k, 0), expr_i32(k, COUNT), lanes);
    Expr *value = rule(k, expr_load(k, a, i, lanes), expr_load(k, b, i, lanes),
                       expr_load(k, c, i, lanes), which);
    kernel_store(k, z, i, value);
    loop_end(k);
}

static Expr *binary_rule(Kernel *k, Expr *a, Expr *b, Expr *c, int op)
{
    (void)c;
    if (op == BIN_SHL || op == BIN_SHR)
        b = a->type.dtype == DTYPE_U32 ? expr_u32(k, 5) : expr_i32(k, 5);
    return expr_binary(k, (ExprOp)op, a, b);
}

static Expr *unary_rule(Kernel *k, Expr *a, Expr *b, Expr *c, int op)
{
    (void)b, (void)c;
    return expr_unary(k, (ExprOp)op, a);
}

static Expr *select_rule(Kernel *k, Expr *a, Expr *b, Expr *c, int which)
{
    Expr *less = expr_binary(k, BIN_LT, a, b), *more = expr_binary(k, BIN_GE, b, c);
    static const ExprOp op[] = { BIN_AND, BIN_OR, BIN_XOR, BIN_EQ, BIN_NE };
    Expr *condition = expr_binary(k, op[which % 5], less, more);
    if (which >= 5)
        condition = expr_unary(k, UN_NOT, condition);
    return expr_select(k, condition, a, c);
}

/* Casts through every type that computes. */
static Expr *cast_rule(Kernel *k, Expr *a, Expr *b, Expr *c, int to)
{
    (void)b, (void)c;
    return expr_cast(k, a, (DType)to);
}

static Expr *bits_rule(Kernel *k, Expr *a, Expr *b, Expr *c, int to)
{
    (void)b, (void)c;
    Expr *bits = expr_bits(k, a, (DType)to);
    return to == DTYPE_F32 ? expr_binary(k, BIN_MUL, bits, expr_f32(k, 1.5)) : bits;
}

static Expr *math_rule(Kernel *k, Expr *a, Expr *b, Expr *c, int which)
{
    (void)c;
    MathFunction f = (MathFunction)(which / 2);
    return math_call(k, f, which % 2, a, f == MATH_POW ? b : NULL);
}

static Expr *mixed_rule(Kernel *k, Expr *a, Expr *b, Expr *c, int which)
{
    Expr *sum = expr_add(k, expr_mul(k, a, b), c);
    if (which == 1)
        return expr_fma(k, expr_unary(k, UN_NEG, a), expr_f32(k, 0.1), c);
    if (which == 2)
        return expr_sub(k, a, expr_sub(k, b, expr_mul(k, c, expr_f32(k, -1e-7))));
    if (which == 3)
        return expr_div(k, expr_f32(k, 1), expr_unary(k, UN_SQRT, sum));
    return sum;
}

static void horizontal(Suite *s, DType t)
{
    Kernel *k = start(s, "horizontal", (int)t);
    Buffer *a = kernel_buffer(k, "a", t, COUNT, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", t, 2 * COUNT / s->lanes, ACCESS_WRITE);
    Expr *i = loop_begin_sliced(k, "i", COUNT / s->lanes);
    Expr *v = expr_load(k, a, expr_mul(k, i, expr_i32(k, s->lanes)), s->lanes);
    Expr *at = expr_mul(k, i, expr_i32(k, 2));
    kernel_store(k, y, at, expr_hsum(k, v));
    kernel_store(k, y, expr_add(k, at, expr_i32(k, 1)), expr_hmax(k, v));
    loop_end(k);
}

/* Guards, registers, a local array, an update, index / and %. */
static void control(Suite *s)
{
    Kernel *k = start(s, "control", 0);
    Buffer *a = kernel_buffer(k, "a", DTYPE_F32, COUNT, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", DTYPE_F32, COUNT, ACCESS_READ_WRITE);
    Buffer *t = kernel_buffer(k, "t", DTYPE_F32, 16, ACCESS_LOCAL);
    kernel_comment(k, "twelve rows of sixteen */ the last is cut");
    Expr *r = loop_begin_sliced(k, "row", 12);
    Expr *i = loop_begin(k, "i", 16);
    Expr *at = expr_add(k, expr_mul(k, r, expr_i32(k, 16)), i);
    kernel_store(k, t, expr_mod(k, expr_add(k, at, expr_i32(k, 3)), expr_i32(k, 16)),
                 expr_load(k, a, at, 1));
    loop_end(k);
    Var *sum = kernel_register(k, "sum", (LoopType){ DTYPE_F32, 1 }, expr_f32(k, 0));
    i = loop_begin_range(k, "i", expr_i32(k, 1), expr_i32(k, 16), 3);
    kernel_assign(k, sum, expr_add(k, expr_var(k, sum), expr_load(k, t, i, 1)));
    if_begin(k, expr_binary(k, BIN_LT, expr_add(k, r, i), expr_i32(k, 14)));
    Expr *named = kernel_let(k, "named", expr_mul(k, expr_var(k, sum), expr_f32(k, 3)));
    kernel_let(k, "unused", expr_mul(k, named, named));
    at = expr_add(k, expr_mul(k, r, expr_i32(k, 16)), i);
    kernel_store(k, y, at, named);
    if_else(k);
    kernel_store(k, y, expr_mul(k, r, expr_i32(k, 16)),
                 expr_div(k, expr_var(k, sum), expr_f32(k, 7)));
    if_end(k);
    loop_end(k);
    loop_end(k);
}

static void philox(Suite *s)
{
    Kernel *k = start(s, "philox", 0);
    Buffer *key = kernel_buffer(k, "key", DTYPE_U32, 2, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", DTYPE_F32, COUNT, ACCESS_WRITE);
    Expr *i = loop_begin(k, "i", COUNT);
    Expr *word = math_philox(k, i, expr_i32(k, 3), expr_u32(k, 70000), expr_u32(k, 9),
                             expr_load(k, key, expr_i32(k, 0), 1),
                             expr_load(k, key, expr_i32(k, 1), 1));
    word = expr_binary(k, BIN_SHR, word, expr_u32(k, 8));
    kernel_store(
        k, y, i,
        expr_mul(k, expr_cast(k, word, DTYPE_F32), expr_f32(k, 1.0 / 16777216)));
    loop_end(k);
}

static Kernel *gemm(Suite *s, int rows, int vectors, int64_t depth)
{
    Kernel *k = start(s, "gemm", 0);
    int lanes = s->lanes;
    int64_t n = (int64_t)vectors * lanes;
    Buffer *x = kernel_buffer(k, "x", DTYPE_F32, rows * depth, ACCESS_READ);
    Buffer *w = kernel_buffer(k, "w", DTYPE_F32, depth * n, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", DTYPE_F32, rows * n, ACCESS_WRITE);
    Var *acc[12][2];
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < vectors; c++)
            acc[r][c] = kernel_register(k, "acc", (LoopType){ DTYPE_F32, lanes },
                                        expr_f32(k, 0));
    Expr *d = loop_begin(k, "d", depth);
    Expr *b[2];
    for (int c = 0; c < vectors; c++) {
        Expr *at = expr_add(k, expr_mul(k, d, expr_i32(k, n)), expr_i32(k, c * lanes));
        b[c] = kernel_let(k, "b", expr_load(k, w, at, lanes));
    }
    for (int r = 0; r < rows; r++) {
        Expr *at = expr_add(k, expr_i32(k, r * depth), d);
        Expr *a = kernel_let(k, "a", expr_splat(k, expr_load(k, x, at, 1), lanes));
        for (int c = 0; c < vectors; c++)
            kernel_assign(k, acc[r][c], expr_fma(k, a, b[c], expr_var(k, acc[r][c])));
    }
    loop_end(k);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < vectors; c++) {
            Expr *value = math_call(k, MATH_TANH, true, expr_var(k, acc[r][c]), NULL);
            kernel_store(k, y, expr_i32(k, r * n + c * lanes), value);
        }
    return k;
}

static void add_all(Suite *s)
{
    static const DType types[] = { DTYPE_F32, DTYPE_I32, DTYPE_U32 };
    for (int t = 0; t < 3; t++) {
        DType d = types[t];
        for (int op = BIN_ADD; op <= BIN_GE; op++) {
            bool divides = op == BIN_MOD || (op == BIN_DIV && d != DTYPE_F32);
            bool bits = op >= BIN_AND && op <= BIN_SHR && d == DTYPE_F32;
            if (!divides && !bits)
                pointwise(s, "binary", binary_rule, op, d,
                          op >= BIN_EQ ? DTYPE_BOOL : d);
        }
        for (int op = UN_NEG; op <= UN_FLOOR; op++)
            if (d == DTYPE_F32 ? op != UN_NOT
                               : op <= UN_NOT && (op != UN_ABS || t == 1))
                pointwise(s, "unary", unary_rule, op, d, d);
        for (int which = 0; which < 10; which++)
            pointwise(s, "select", select_rule, which, d, d);
        for (int to = 0; to < DTYPE_DL_COUNT; to++)
            if (to != DTYPE_F16 && to != DTYPE_BF16)
                pointwise(s, "cast", cast_rule, to, d, (DType)to);
        horizontal(s, d);
    }
    for (int from = 0; from < DTYPE_DL_COUNT; from++)
        if (dtype_bytes((DType)from) < 4 && from != DTYPE_F16 && from != DTYPE_BF16)
            for (int to = 0; to < DTYPE_DL_COUNT; to++)
                if (to != DTYPE_F16 && to != DTYPE_BF16)
                    pointwise(s, "widen", cast_rule, to, (DType)from, (DType)to);
    pointwise(s, "bits", bits_rule, DTYPE_I32, DTYPE_F32, DTYPE_I32);
    pointwise(s, "bits", bits_rule, DTYPE_U32, DTYPE_F32, DTYPE_U32);
    pointwise(s, "bits", bits_rule, DTYPE_F32, DTYPE_I32, DTYPE_F32);
    pointwise(s, "bits", bits_rule, DTYPE_F32, DTYPE_U32, DTYPE_F32);
    for (int which = 0; which < 4; which++)
        pointwise(s, "mixed", mixed_rule, which, DTYPE_F32, DTYPE_F32);
    for (int which = 0; which < 2 * MATH_COUNT; which++)
        pointwise(s, "math", math_rule, which, DTYPE_F32, DTYPE_F32);
    control(s);
    philox(s);
    gemm(s, 4, 2, 9);
}

/* ---- data ------------------------------------------------------------------------ */

static uint64_t random_state = 7;

static uint32_t random_word(void)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(random_state >> 32);
}

/* Word i of an input: what breaks things, then random bits, then plain numbers. */
static uint32_t input_word(DType t, int64_t i)
{
    static const float special[] = { 0,
                                     -0.0f,
                                     1,
                                     -1,
                                     INFINITY,
                                     -INFINITY,
                                     NAN,
                                     1e-40f,
                                     -1e-45f,
                                     3.4e38f,
                                     2147483648.0f,
                                     2147483520.0f,
                                     -2147483648.0f,
                                     4294967296.0f,
                                     4294967040.0f,
                                     -0.99f,
                                     254.9f,
                                     255.5f,
                                     -129,
                                     65535.5f,
                                     0.5f,
                                     88.7f,
                                     -103.9f,
                                     1e9f };
    static const uint32_t edge[] = { 0,          1,          0x7fffffff, 0x80000000,
                                     0xffffffff, 0x80000001, 255,        256,
                                     0xffffff80, 65536,      0xffff8000, 16777217 };
    uint32_t word = random_word();
    if (t == DTYPE_BOOL)
        return word >> 31;
    if (t != DTYPE_F32)
        return i % 3 == 0 ? edge[word % 12] : i % 3 == 1 ? word : word % 64;
    if (i % 3 == 0)
        return scalar_bits_of_f32(special[word % 24]);
    float plain =
        ((float)(word >> 8) / 8388608.0f - 1.0f) * (i % 3 == 1 ? 10.0f : 100.0f);
    return i % 7 == 1 ? word : scalar_bits_of_f32(plain);
}

static void *make_array(Suite *s, const Buffer *b, const uint32_t *word)
{
    char *at = arena_alloc(s->a, (size_t)b->count * dtype_bytes(b->dtype) + 4);
    for (int64_t i = 0; i < b->count; i++) {
        uint8_t narrow = (uint8_t)word[i];
        uint16_t half = (uint16_t)word[i];
        size_t bytes = dtype_bytes(b->dtype);
        const void *from = bytes == 1   ? (const void *)&narrow
                           : bytes == 2 ? (const void *)&half
                                        : (const void *)&word[i];
        memcpy(at + (size_t)i * bytes, from, bytes);
    }
    return at;
}

static void print_results(const Kernel *k, const Buffer *b, const void *at)
{
    for (int64_t i = 0; i < b->count; i++) {
        uint32_t word = 0;
        size_t bytes = dtype_bytes(b->dtype);
        memcpy(&word, (const char *)at + (size_t)i * bytes, bytes);
        if (b->dtype == DTYPE_F32 && (word & 0x7fffffff) > 0x7f800000)
            word = 0x7fc00000;
        printf("%s %s[%d] %08x\n", k->name, b->name, (int)i, (unsigned)word);
    }
}

/* main() of the emitted file runs the kernel on the same words, in slices. */
static void print_harness(const Kernel *k, uint32_t *const *word, Out *run, Out *data)
{
    out_print(run, "static void run_%s(void)\n{\n", k->name);
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        if (b->access == ACCESS_LOCAL)
            continue;
        out_print(data, "static const uint32_t in_%s_%s[%d] = {", k->name, b->name,
                  (int)b->count);
        for (int64_t j = 0; j < b->count; j++)
            out_print(data, "%s0x%xu", j > 0 ? ", " : " ", (unsigned)word[i][j]);
        out_puts(data, " };\n");
        out_print(run, "        static %s %s[%d];\n", dtype_c_name(b->dtype), b->name,
                  (int)b->count);
        out_print(run, "        fill(%s, in_%s_%s, %d, %d);\n", b->name, k->name,
                  b->name, (int)b->count, (int)dtype_bytes(b->dtype));
    }
    for (int slice = 0; slice < (kernel_is_sliced(k) ? 3 : 1); slice++) {
        out_print(run, "        %s(", k->name);
        for (int i = 0; i < k->buffer.n; i++)
            if (k->buffer.at[i]->access != ACCESS_LOCAL)
                out_print(run, "%s%s", i > 0 ? ", " : "", k->buffer.at[i]->name);
        if (kernel_is_sliced(k))
            out_print(run, ", %d, 3", slice);
        out_puts(run, ");\n");
    }
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        if (b->access & ACCESS_WRITE && b->access != ACCESS_LOCAL)
            out_print(run, "        show(\"%s %s\", %s, %d, %d, %d);\n", k->name,
                      b->name, b->name, (int)b->count, (int)dtype_bytes(b->dtype),
                      b->dtype == DTYPE_F32);
    }
    out_puts(run, "}\n\n");
}

static void run_kernel(Suite *s, const Kernel *k, Out *run, Out *data)
{
    const char *defects = kernel_verify(k, s->a);
    if (defects != NULL)
        BUG("%s", defects);
    void *array[8];
    uint32_t *word[8] = { 0 };
    int n = 0;
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        if (b->access == ACCESS_LOCAL)
            continue;
        word[i] = arena_array(s->a, uint32_t, b->count);
        for (int64_t j = 0; j < b->count; j++)
            word[i][j] = input_word(b->dtype, j);
        array[n++] = make_array(s, b, word[i]);
    }
    kernel_run(k, array, 0, 1, s->a);
    print_harness(k, word, run, data);
    n = 0;
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        if (b->access == ACCESS_LOCAL)
            continue;
        if (b->access & ACCESS_WRITE)
            print_results(k, b, array[n]);
        n++;
    }
}

/* ---- files ----------------------------------------------------------------------- */

static const char harness_c[] =
    "#include <stdio.h>\n"
    "#include <string.h>\n\n"
    "static void fill(void *to, const uint32_t *word, int32_t count, int32_t bytes)\n"
    "{\n"
    "    for (int32_t i = 0; i < count; i++) {\n"
    "        const uint8_t narrow = (uint8_t)word[i];\n"
    "        const uint16_t half = (uint16_t)word[i];\n"
    "        const void *from = &word[i];\n"
    "        if (bytes < 4) {\n"
    "            from = bytes == 1 ? (const void *)&narrow : (const void *)&half;\n"
    "        }\n"
    "        memcpy((char *)to + i * bytes, from, (size_t)bytes);\n"
    "    }\n"
    "}\n\n"
    "static void show(const char *name, const void *from, int32_t count, int32_t "
    "bytes,\n"
    "                 int32_t is_float)\n"
    "{\n"
    "    for (int32_t i = 0; i < count; i++) {\n"
    "        uint32_t word = 0;\n"
    "        memcpy(&word, (const char *)from + i * bytes, (size_t)bytes);\n"
    "        if (is_float != 0 && (word & 0x7fffffffu) > 0x7f800000u) {\n"
    "            word = 0x7fc00000u;\n"
    "        }\n"
    "        printf(\"%s[%d] %08x\\n\", name, (int)i, (unsigned)word);\n"
    "    }\n"
    "}\n\n";

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

static void print_kernels(Suite *s, Out *body)
{
    c_functions_print((const Kernel *const *)s->kernel.at, s->kernel.n, s->target,
                      body);
    for (int i = 0; i < s->kernel.n; i++) {
        c_kernel_print(s->kernel.at[i], s->target, body);
        out_puts(body, "\n");
    }
}

/* Through a table: inlined into one function the kernels would compile slowly. */
static void print_main(const Suite *s, Out *body)
{
    out_puts(body, "static void (*const runs[])(void) = {\n");
    for (int i = 0; i < s->kernel.n; i++)
        out_print(body, "    run_%s,\n", s->kernel.at[i]->name);
    out_print(body,
              "};\n\nint main(void)\n{\n"
              "    for (int i = 0; i < %d; i++) {\n        runs[i]();\n    }\n"
              "    return 0;\n}\n",
              s->kernel.n);
}

int main(int argc, char **argv)
{
    bool tile = argc == 3 && strcmp(argv[1], "gemm") == 0;
    if (!tile && argc != 4)
        return 2;
    Suite s = { .a = arena_create("suite") };
    s.target = target_find(tile ? "x86_64_v4" : argv[1]);
    s.lanes = tile ? 16 : atoi(argv[2]);
    Out body, run, data, file;
    out_init(&body, s.a);
    out_init(&run, s.a);
    out_init(&data, s.a);
    out_init(&file, s.a);
    if (tile) {
        gemm(&s, 12, 2, 784);
        print_kernels(&s, &body);
        out_puts(&body, "void tile(const float *x, const float *w, float *y);\n\n"
                        "void tile(const float *x, const float *w, float *y)\n{\n"
                        "    k0_gemm0(x, w, y);\n}\n");
    } else {
        add_all(&s);
        print_kernels(&s, &body);
        for (int i = 0; i < s.kernel.n; i++)
            run_kernel(&s, s.kernel.at[i], &run, &data);
        out_puts(&body, harness_c);
        out_puts(&body, out_text(&data));
        out_puts(&body, "\n");
        out_puts(&body, out_text(&run));
        print_main(&s, &body);
    }
    c_prelude_print(out_text(&body), s.target, &file);
    out_puts(&file, out_text(&body));
    write_file(argv[argc - 1], out_text(&file));
    arena_destroy(s.a);
    return 0;
}
