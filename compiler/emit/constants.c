/* constants.c - arrays of numbers: each once, printed so that they read back exactly.
 */
#include "emit/c_expr.h"
#include "emit/writer.h"
#include "tensor/half.h"

#include "support/bug.h"

#include <string.h>

enum { DATA_FILE_BYTES = 64 * 1024, EXTERNAL_BYTES = 4 * 1024, LINE_COLUMNS = 88 };

int64_t constant_bytes(const Tensor *data)
{
    return shape_count(&data->shape) * (int64_t)dtype_bytes(data->dtype);
}

static bool is_equal(const Tensor *a, const Tensor *b)
{
    int64_t n = shape_count(&a->shape);
    return a == b || (a->dtype == b->dtype && n == shape_count(&b->shape) &&
                      memcmp(a->at, b->at, (size_t)n * sizeof a->at[0]) == 0);
}

/* ---- flash of what a device trains ----------------------------------------------- */

typedef VEC(const Tensor *) TensorVec;

static void add_constants(Arena *a, const Program *p, TensorVec *all)
{
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        bool known = s->kind != STORAGE_CONSTANT;
        for (int k = 0; k < all->n && !known; k++)
            known = is_equal(all->at[k], s->data);
        if (!known)
            vec_push(a, all, s->data);
    }
}

int64_t emit_learning_bytes(Arena *a, const EmitUnit *u, const EmitFunction *net)
{
    TensorVec all = { 0 };
    int64_t bytes = 0;
    add_constants(a, net->program, &all);
    for (int i = 0; i < u->function.n; i++) {
        const EmitFunction *f = &u->function.at[i];
        bool learns = (f->kind == FUNCTION_STEP || f->kind == FUNCTION_EVERY) &&
                      f->train == net->deploy->train;
        if (f->program != NULL && (learns || f->kind == FUNCTION_INIT))
            add_constants(a, f->program, &all);
    }
    for (int i = 0; i < all.n; i++)
        bytes += constant_bytes(all.at[i]);
    return bytes;
}

/* ---- names ----------------------------------------------------------------------- */

const char *constant_name(Writer *w, const char *wish, const Tensor *data)
{
    const char *flat = name_flat(w->arena, wish);
    const char *name = str_printf(w->arena, "const_%s", flat);
    for (int i = 0; i < w->constant.n; i++)
        if (is_equal(w->constant.at[i].data, data))
            return w->constant.at[i].name;
    for (int n = 2, again = 1; again; n++) {
        again = 0;
        for (int i = 0; i < w->constant.n; i++)
            again |= str_equal(w->constant.at[i].name, name);
        if (again)
            name = str_printf(w->arena, "const_%s_%d", flat, n);
    }
    ConstData c = { .name = name,
                    .data = data,
                    .comment =
                        str_printf(w->arena, "%s %s", name_comment(w->arena, wish),
                                   shape_text(w->arena, &data->shape)) };
    vec_push(w->arena, &w->constant, c);
    return name;
}

/* With much data the source stays readable: large arrays move to a file of their own.
 * They are external then, so their names begin with the prefix. */
bool constants_split(Writer *w)
{
    int64_t total = 0;
    bool any = false;
    for (int i = 0; i < w->constant.n; i++)
        total += constant_bytes(w->constant.at[i].data);
    for (int i = 0; i < w->constant.n && total > DATA_FILE_BYTES; i++) {
        ConstData *c = &w->constant.at[i];
        c->is_external = constant_bytes(c->data) > EXTERNAL_BYTES;
        if (c->is_external)
            c->name = str_printf(w->arena, "%s_%s", w->unit->prefix, c->name);
        any = any || c->is_external;
    }
    return any;
}

static void print_number(Out *o, DType t, double value)
{
    if (t == DTYPE_F16) {
        out_print(o, "0x%04xU", half_of(value));
    } else if (dtype_is_float(t)) {
        c_float_print(t, value, o);
    } else if (value <= -2147483648.0) {
        out_puts(o, "(-2147483647 - 1)");
    } else {
        out_print(o, "%lld%s", (long long)value, t == DTYPE_U32 ? "U" : "");
    }
}

static void print_values(Writer *w, const Tensor *data, Out *o)
{
    int64_t n = shape_count(&data->shape);
    int column = LINE_COLUMNS;
    Out one;
    out_init(&one, w->arena);
    for (int64_t i = 0; i < n; i++) {
        one.length = 0;
        print_number(&one, data->dtype, data->at[i]);
        out_puts(&one, i + 1 < n ? "," : "");
        if (column + (int)one.length + 1 > LINE_COLUMNS) {
            out_puts(o, i == 0 ? "    " : "\n    ");
            column = 4;
        } else {
            out_puts(o, " ");
            column++;
        }
        out_write(o, one.text, one.length);
        column += (int)one.length;
    }
    if (n == 0)
        out_puts(o, "    0");
}

/* ---- an address space of their own ----------------------------------------------- */

/* Where only some calls of a kernel give it a constant, nobody could say what it reads.
 */
void constants_mark_flash(Writer *w)
{
    for (int pass = 0; pass < 2 && w->unit->target->has_flash_space; pass++)
        for (int i = 0; i < w->unit->function.n; i++) {
            const Program *p = w->unit->function.at[i].program;
            for (int c = 0; c < p->call.n; c++)
                for (int j = 0; j < p->call.at[c].n_arg; j++) {
                    const Call *call = &p->call.at[c];
                    Buffer *b = buffer_of_argument(call, j);
                    bool flash = call->arg[j].storage->kind == STORAGE_CONSTANT;
                    if (pass == 0)
                        b->in_flash |= flash;
                    else if (b->in_flash && !flash)
                        BUG("%s reads %s from two address spaces", call->kernel->name,
                            b->name);
                }
        }
}

void constants_print_space(const Writer *w, Out *o)
{
    if (w->unit->target->has_flash_space)
        out_puts(o,
                 "/* Where constants are and how they are read: gcc knows in its GNU "
                 "modes; in strict C99\n * they are copied to RAM before main(). */\n"
                 "#if defined(__FLASH) && !defined(__STRICT_ANSI__)\n#define DLC_FLASH "
                 "__flash\n#else\n"
                 "#define DLC_FLASH\n#endif\n\n");
}

static const char *space(const Writer *w)
{
    return w->unit->target->has_flash_space ? "DLC_FLASH " : "";
}

/* ---- printing -------------------------------------------------------------------- */

static void print_array(Writer *w, const ConstData *c, const char *qualifier, Out *o)
{
    int64_t n = shape_count(&c->data->shape);
    out_print(o, "/* %s */\n%sconst %s%s %s[%lld] = {\n", c->comment, qualifier,
              space(w), dtype_c_name(c->data->dtype), c->name,
              (long long)(n > 0 ? n : 1));
    print_values(w, c->data, o);
    out_puts(o, "\n};\n\n");
}

static void print_extern(const Writer *w, const ConstData *c, Out *o)
{
    out_print(o, "extern const %s%s %s[%lld];\n", space(w),
              dtype_c_name(c->data->dtype), c->name,
              (long long)shape_count(&c->data->shape));
}

void constant_print(Writer *w, const ConstData *c, Out *o)
{
    print_array(w, c, "static ", o);
}

void constants_print(Writer *w, Out *o)
{
    int externals = 0;
    for (int i = 0; i < w->constant.n; i++)
        if (w->constant.at[i].is_external) {
            const ConstData *c = &w->constant.at[i];
            if (externals++ == 0)
                out_print(o, "/* Large constants are in %s_data.c. */\n",
                          w->unit->stem);
            print_extern(w, c, o);
        }
    out_puts(o, externals > 0 ? "\n" : "");
    for (int i = 0; i < w->constant.n; i++)
        if (!w->constant.at[i].is_external)
            print_array(w, &w->constant.at[i], "static ", o);
}

void constants_print_data(Writer *w, Out *o)
{
    for (int i = 0; i < w->constant.n; i++) {
        const ConstData *c = &w->constant.at[i];
        if (!c->is_external)
            continue;
        print_extern(w, c, o);
        print_array(w, c, "", o);
    }
}
