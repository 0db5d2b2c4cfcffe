/* self_test.c - `<stem>_test.c`: a function for each net that runs stored inputs and
 * compares what comes out with what is stored: the bytes of a net in int8 and of
 * integers, floats within a tolerance. The net's own files know nothing of it. */
#include "emit/c_expr.h"
#include "emit/writer.h"

#include <math.h>
#include <string.h>

/* Of the largest magnitude of an output: what compilers may change that contract
 * products and sums in spite of -ffp-contract=off. */
static const double tolerance_of_largest = 1e-4;

typedef struct Place { /* of an input or output while the test runs */
    const Field *field;
    const Tensor *stored; /* for all runs */
    bool is_output;
    bool exact;
    double tolerance;
    const char *local; /* the array of a run */
    const char *path;  /* of the parameter that it is */
    int64_t each;      /* elements of one run */
    int64_t offset;    /* bytes in the caller's memory */
} Place;

typedef struct Test {
    Writer *w;
    const EmitFunction *f;
    VEC(Place) place;
    int64_t bytes; /* of the caller's memory */
} Test;

bool self_test_any(const Writer *w)
{
    for (int i = 0; i < w->unit->function.n; i++)
        if (w->unit->function.at[i].golden != NULL)
            return true;
    return false;
}

const char *self_test_name(const Writer *w, const EmitFunction *f)
{
    return str_printf(w->arena, "%s_self_test", f->name);
}

/* ---- what is where --------------------------------------------------------------- */

static double largest(const Tensor *t)
{
    double most = 0;
    for (int64_t i = 0; i < shape_count(&t->shape); i++)
        most = fabs(t->at[i]) > most ? fabs(t->at[i]) : most;
    return most;
}

static void add_place(Test *t, const Field *field, const Tensor *stored, bool is_output)
{
    Arena *a = t->w->arena;
    const EmitFunction *f = t->f;
    const char *path =
        is_output ? str_printf(a, "output/%s", field->name) : field->name;
    bool int8 = f->deploy != NULL && f->deploy->quantize == QUANTIZE_INT8;
    Place p = { .field = field,
                .stored = stored,
                .is_output = is_output,
                .exact = int8 || !dtype_is_float(field->dtype),
                .tolerance = tolerance_of_largest * largest(stored),
                .local = str_printf(a, "%s_%s", is_output ? "got" : "given",
                                    name_flat(a, field->name)),
                .path = path,
                .each = shape_count(&field->shape) * f->program->batch,
                .offset = program_place(f->program, path) };
    if (p.offset < 0) { /* behind the arena */
        int64_t align = structs_align(t->w);
        p.offset = (t->bytes + align - 1) / align * align;
        t->bytes = p.offset + p.each * (int64_t)dtype_bytes(field->dtype);
    }
    vec_push(a, &t->place, p);
}

static Test test_of(Writer *w, const EmitFunction *f)
{
    Test t = { .w = w, .f = f };
    int64_t arena = f->program->arena_bytes;
    t.bytes = arena > 0 ? arena : 1;
    for (int i = 0; i < f->net->n_inputs; i++)
        add_place(&t, &f->net->input[i], f->golden->input[i], false);
    for (int i = 0; i < f->net->n_outputs; i++)
        add_place(&t, &f->net->output[i], f->golden->output[i], true);
    return t;
}

/* ---- the header ------------------------------------------------------------------ */

static void print_head(Test *t, Out *o)
{
    Signature s = signature_of(t->w, t->f);
    out_print(o, "int32_t %s(", self_test_name(t->w, t->f));
    for (int i = 0; i < s.parameter.n; i++) {
        const Parameter *p = &s.parameter.at[i];
        if (t->f->net->memory.n > 0 && str_ends(p->name, "_state"))
            out_print(o, "%s%s, ", p->type, p->name);
    }
    out_puts(o, "void *memory)");
}

static void print_promise(Test *t, Out *o)
{
    for (int i = 0; i < t->place.n; i++) {
        const Place *p = &t->place.at[i];
        if (!p->is_output)
            continue;
        out_print(o, " *   %-10s ", name_comment(t->w->arena, p->field->name));
        if (p->exact) {
            out_puts(o, "bit for bit\n");
        } else {
            out_puts(o, "within ");
            out_f32(o, (float)p->tolerance);
            out_puts(o, "\n");
        }
    }
}

static bool print_prototype(Test *t, Out *o)
{
    Writer *w = t->w;
    const char *size =
        str_printf(w->arena, "%s_SELF_TEST_BYTES", name_upper(w->arena, t->f->name));
    if (map_has(w->sizes, size))
        return diag_error(w->sink, t->f->net->span, DIAG_TWICE,
                          "two constants would be called `%s` in C", size);
    out_print(o, "enum { %s = %lld }; /* memory for it, aligned as an arena */\n\n",
              size, (long long)t->bytes);
    out_print(o,
              "/* Runs %d stored inputs of %s and compares what comes out with what is "
              "stored:\n",
              t->f->golden->n, t->f->name);
    print_promise(t, o);
    out_print(o,
              " * 0: all agree; else the number of the first that does not, from 1.%s "
              "*/\n",
              t->f->net->memory.n > 0 ? "\n * They are rows of one stream, which is "
                                        "forgotten before the first."
                                      : "");
    print_head(t, o);
    out_puts(o, ";\n\n");
    return true;
}

/* ---- the source ------------------------------------------------------------------ */

static const char *stored_name(Test *t, const Place *p)
{
    return str_printf(t->w->arena, "%s_%s_%s", p->is_output ? "expected" : "stored",
                      t->f->name, name_flat(t->w->arena, p->field->name));
}

static void print_stored(Test *t, Out *o)
{
    for (int i = 0; i < t->place.n; i++) {
        const Place *p = &t->place.at[i];
        ConstData c = { .name = stored_name(t, p),
                        .data = p->stored,
                        .comment = str_printf(
                            t->w->arena, "%s, %d times %s",
                            name_comment(t->w->arena, p->field->name), t->f->golden->n,
                            shape_text(t->w->arena, &p->field->shape)) };
        constant_print(t->w, &c, o);
    }
}

static void print_helpers(const Writer *w, const char *body, Out *o)
{
    const char *flash = w->unit->target->has_flash_space ? "DLC_FLASH " : "";
    out_print(
        o,
        "static void test_load(void *to, const %svoid *stored, int32_t bytes)\n{\n"
        "    unsigned char *const into = (unsigned char *)to;\n"
        "    const %sunsigned char *const from = (const %sunsigned char "
        "*)stored;\n"
        "    for (int32_t i = 0; i < bytes; ++i) {\n"
        "        into[i] = from[i];\n    }\n}\n\n",
        flash, flash, flash);
    if (strstr(body, "test_differs(") != NULL)
        out_print(
            o,
            "static int32_t test_differs(const void *got, const %svoid *expected, "
            "int32_t bytes)\n{\n"
            "    const unsigned char *const a = (const unsigned char *)got;\n"
            "    const %sunsigned char *const b = (const %sunsigned char "
            "*)expected;\n"
            "    int32_t found = 0;\n"
            "    for (int32_t i = 0; i < bytes; ++i) {\n"
            "        found |= a[i] != b[i] ? 1 : 0;\n    }\n"
            "    return found;\n}\n\n",
            flash, flash, flash);
    if (strstr(body, "test_strays(") != NULL)
        out_print(
            o,
            "static int32_t test_strays(const float *got, const %sfloat *expected, "
            "float tolerance,\n                           int32_t n)\n{\n"
            "    int32_t found = 0;\n"
            "    for (int32_t i = 0; i < n; ++i) {\n"
            "        const float d = got[i] - expected[i];\n"
            "        found |= d <= tolerance && d >= -tolerance ? 0 : 1;\n"
            "    }\n    return found;\n}\n\n",
            flash);
}

static void print_comparison(Test *t, const Place *p, Out *o)
{
    const char *stored = stored_name(t, p);
    if (p->exact) {
        out_print(o, "test_differs(%s, %s + i * %lld, %lld)", p->local, stored,
                  (long long)p->each,
                  (long long)(p->each * (int64_t)dtype_bytes(p->field->dtype)));
    } else {
        out_print(o, "test_strays(%s, %s + i * %lld,\n                   ", p->local,
                  stored, (long long)p->each);
        c_float_print(DTYPE_F32, p->tolerance, o);
        out_print(o, ", %lld)", (long long)p->each);
    }
}

/* What the net is called with for a parameter. */
static const char *argument(const Test *t, const Parameter *p)
{
    for (int i = 0; p->path != NULL && i < t->place.n; i++)
        if (str_equal(t->place.at[i].path, p->path))
            return t->place.at[i].local;
    bool scalar = str_equal(p->name, "seed") || str_equal(p->name, "step");
    return scalar ? "0" : str_equal(p->name, "arena") ? "memory" : p->name;
}

static void print_run(Test *t, Out *o)
{
    Signature s = signature_of(t->w, t->f);
    for (int i = 0; i < t->place.n; i++) {
        const Place *p = &t->place.at[i];
        if (!p->is_output)
            out_print(o, "        test_load(%s, %s + i * %lld, %lld);\n", p->local,
                      stored_name(t, p), (long long)p->each,
                      (long long)(p->each * (int64_t)dtype_bytes(p->field->dtype)));
    }
    out_print(o, "        %s(", t->f->name);
    for (int i = 0; i < s.parameter.n; i++)
        out_print(o, "%s%s", i > 0 ? ", " : "", argument(t, &s.parameter.at[i]));
    out_puts(o, ");\n");
    for (int i = 0; i < t->place.n; i++)
        if (t->place.at[i].is_output) {
            out_puts(o, "        if (");
            print_comparison(t, &t->place.at[i], o);
            out_puts(o, ") {\n            return i + 1;\n        }\n");
        }
}

static const EmitFunction *find_reset(const Test *t)
{
    for (int i = 0; i < t->w->unit->function.n; i++)
        if (t->w->unit->function.at[i].kind == FUNCTION_RESET &&
            t->w->unit->function.at[i].net == t->f->net)
            return &t->w->unit->function.at[i];
    return NULL;
}

static void print_function(Test *t, Out *o)
{
    print_head(t, o);
    out_puts(o, "\n{\n    unsigned char *const bytes = (unsigned char *)memory;\n");
    for (int i = 0; i < t->place.n; i++) {
        const Place *p = &t->place.at[i];
        const char *type = dtype_c_name(p->field->dtype);
        out_print(o, "    %s *const %s = (%s *)(void *)(bytes + %lld);\n", type,
                  p->local, type, (long long)p->offset);
    }
    out_puts(o, "\n");
    const EmitFunction *reset = find_reset(t);
    if (reset != NULL) {
        Signature s = signature_of(t->w, reset);
        out_print(o, "    %s(", reset->name);
        for (int i = 0; i < s.parameter.n; i++)
            out_print(o, "%s%s", i > 0 ? ", " : "", s.parameter.at[i].name);
        out_puts(o, ");\n");
    }
    out_print(o, "    for (int32_t i = 0; i < %d; ++i) {\n", t->f->golden->n);
    print_run(t, o);
    out_puts(o, "    }\n    return 0;\n}\n");
}

bool self_test_print(Writer *w, Out *header, Out *source)
{
    const EmitUnit *u = w->unit;
    const char *guard = name_upper(
        w->arena, name_flat(w->arena, str_printf(w->arena, "%s_test_h", u->stem)));
    if (!str_starts(guard, w->upper))
        guard = str_printf(w->arena, "%s_%s", w->upper, guard);
    banner_print(w, str_printf(w->arena, "%s_test.h", u->stem), "self-tests", header);
    out_print(header,
              "#ifndef %s\n#define %s\n\n#include \"%s.h\"\n\n"
              "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n",
              guard, guard, u->stem);
    banner_print(w, str_printf(w->arena, "%s_test.c", u->stem), "self-tests", source);
    out_print(source, "#include \"%s_test.h\"\n\n", u->stem);
    constants_print_space(w, source);
    Out functions;
    out_init(&functions, w->arena);
    for (int i = 0, n = 0; i < u->function.n; i++) {
        if (u->function.at[i].golden == NULL)
            continue;
        Test t = test_of(w, &u->function.at[i]);
        if (!print_prototype(&t, header))
            return false;
        print_stored(&t, source);
        out_puts(&functions, n++ > 0 ? "\n" : "");
        print_function(&t, &functions);
    }
    print_helpers(w, out_text(&functions), source);
    out_puts(source, out_text(&functions));
    out_puts(header, "#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
    return true;
}
