/* c_expr.c - C text of loop expressions.
 *
 * Parentheses are printed where precedence needs them, where an equal operator would
 * associate differently, and where gcc's -Wparentheses asks for them. */
#include "emit/c_expr.h"
#include "loop/expr.h"
#include "support/bug.h"

#include <math.h>
#include <string.h>

/* ---- types and constants --------------------------------------------------------- */

/* The letter of vector types: narrow integers live widened. */
static char vector_letter(DType t)
{
    switch (t) {
    /* clang-format off */
    case DTYPE_F32: return 'f';
    case DTYPE_U32: return 'u';
    case DTYPE_BOOL: return 'b';
    default: return 'i';
        /* clang-format on */
    }
}

void c_type_print(LoopType t, Out *out)
{
    if (t.lanes > 1)
        out_print(out, "v%d%c", t.lanes, vector_letter(t.dtype));
    else
        out_puts(out, t.dtype == DTYPE_BOOL ? "bool" : dtype_c_name(t.dtype));
}

void c_vector_print(LoopType t, bool packed, Out *out)
{
    if (packed)
        out_print(out, "v%dc", t.lanes);
    else
        c_type_print(t, out);
}

void c_float_print(DType t, double value, Out *out)
{
    if (isnan(value)) {
        out_puts(out, "NAN");
    } else if (isinf(value)) {
        out_puts(out, value < 0 ? "-INFINITY" : "INFINITY");
    } else if (t == DTYPE_F64) {
        out_f64(out, value);
    } else {
        out_f32(out, (float)value);
        out_puts(out, "f");
    }
}

static void print_int(const Expr *e, Out *out)
{
    if (e->type.dtype == DTYPE_BOOL)
        out_puts(out, e->i ? "true" : "false");
    else if (e->type.dtype == DTYPE_U32)
        out_print(out, e->i > 65535 ? "0x%llxu" : "%lluu", (unsigned long long)e->i);
    else if (e->i == INT32_MIN)
        out_puts(out, "INT32_MIN");
    else
        out_print(out, "%lld", (long long)e->i);
}

/* ---- calls ----------------------------------------------------------------------- */

static void print_list(const char *name, int n, Expr *const *arg, Out *out)
{
    out_print(out, "%s(", name);
    for (int i = 0; i < n; i++) {
        if (i > 0)
            out_puts(out, ", ");
        c_expr_print(arg[i], C_ANY, out);
    }
    out_puts(out, ")");
}

static void print_vector_name(LoopType t, const char *verb, Out *out)
{
    c_type_print(t, out);
    out_print(out, "_%s", verb);
}

static void print_vector_call(LoopType t, const char *verb, int n, Expr *const *arg,
                              Out *out)
{
    print_vector_name(t, verb, out);
    print_list("", n, arg, out);
}

/* ---- scalars --------------------------------------------------------------------- */

typedef struct COperator {
    const char *text;
    int level;
} COperator;

static COperator binary_operator(ExprOp op, bool is_bool)
{
    switch (op) {
    /* clang-format off */
    case BIN_ADD: return (COperator){ " + ", C_SUM };
    case BIN_SUB: return (COperator){ " - ", C_SUM };
    case BIN_MUL: return (COperator){ " * ", C_PRODUCT };
    case BIN_DIV: return (COperator){ " / ", C_PRODUCT };
    case BIN_MOD: return (COperator){ " % ", C_PRODUCT };
    case BIN_AND:
        /* clang-format on */
        return is_bool ? (COperator){ " && ", C_AND } : (COperator){ " & ", C_BIT_AND };
    case BIN_OR:
        return is_bool ? (COperator){ " || ", C_OR } : (COperator){ " | ", C_BIT_OR };
    case BIN_XOR:
        return is_bool ? (COperator){ " != ", C_EQUALITY }
                       : (COperator){ " ^ ", C_BIT_XOR };
    /* clang-format off */
    case BIN_SHL: return (COperator){ " << ", C_SHIFT };
    case BIN_SHR: return (COperator){ " >> ", C_SHIFT };
    case BIN_EQ: return (COperator){ " == ", C_EQUALITY };
    case BIN_NE: return (COperator){ " != ", C_EQUALITY };
    case BIN_LT: return (COperator){ " < ", C_RELATION };
    case BIN_LE: return (COperator){ " <= ", C_RELATION };
    case BIN_GT: return (COperator){ " > ", C_RELATION };
    case BIN_GE: return (COperator){ " >= ", C_RELATION };
    default: return (COperator){ NULL, C_PRIMARY };
        /* clang-format on */
    }
}

/* Least level of the left operand: sums and products chain, bit operators keep to one
 * kind, || takes no bare &&, comparisons no comparison. */
static int left_level(const COperator *o, ExprOp op, const Expr *left)
{
    bool same = left->kind == EXPR_BINARY && left->op == op && left->type.lanes == 1;
    switch (o->level) {
    /* clang-format off */
    case C_SUM:
    case C_PRODUCT: return o->level;
    case C_AND: return same ? C_AND : C_EQUALITY;
    case C_OR: return same ? C_OR : C_EQUALITY;
    case C_EQUALITY:
    case C_RELATION: return C_SUM;
    case C_SHIFT: return C_UNARY;
    default: return same ? o->level : C_UNARY;
        /* clang-format on */
    }
}

static int right_level(const COperator *o)
{
    switch (o->level) {
    /* clang-format off */
    case C_SUM: return C_PRODUCT;
    case C_PRODUCT: return C_UNARY;
    case C_AND:
    case C_OR: return C_EQUALITY;
    case C_EQUALITY:
    case C_RELATION: return C_SUM;
    default: return C_UNARY;
        /* clang-format on */
    }
}

static void open_if(bool open, Out *out)
{
    if (open)
        out_puts(out, "(");
}

static void close_if(bool open, Out *out)
{
    if (open)
        out_puts(out, ")");
}

/* "dlc_min_f32": of what C has no operator for. */
static void print_typed(const char *verb, const Expr *e, Out *out)
{
    DType t = e->arg[0]->type.dtype;
    bool named = dtype_is_float(t) || t == DTYPE_U32;
    out_print(out, "dlc_%s_%s", verb, named ? dtype_name(t) : "i32");
    print_list("", e->n_arg, e->arg, out);
}

static void print_binary(const Expr *e, int least, Out *out)
{
    DType t = e->arg[0]->type.dtype;
    if (e->op == BIN_MIN || e->op == BIN_MAX) {
        print_typed(e->op == BIN_MIN ? "min" : "max", e, out);
        return;
    }
    bool wraps = e->op == BIN_SHL && t == DTYPE_I32; /* through unsigned */
    COperator o = binary_operator(e->op, t == DTYPE_BOOL);
    bool open = !wraps && o.level < least;
    open_if(open, out);
    if (wraps)
        out_puts(out, "(int32_t)((uint32_t)");
    c_expr_print(e->arg[0], left_level(&o, e->op, e->arg[0]), out);
    out_puts(out, o.text);
    c_expr_print(e->arg[1], right_level(&o), out);
    close_if(open || wraps, out);
}

static void print_unary(const Expr *e, int least, Out *out)
{
    DType t = e->type.dtype;
    if (e->op == UN_NEG && t == DTYPE_I32) {
        print_list("dlc_neg_i32", 1, e->arg, out);
    } else if (e->op == UN_NEG || e->op == UN_NOT) {
        bool open = C_UNARY < least;
        open_if(open, out);
        out_puts(out, e->op == UN_NEG ? "-" : t == DTYPE_BOOL ? "!" : "~");
        c_expr_print(e->arg[0], C_PRIMARY, out);
        close_if(open, out);
    } else {
        static const char *const name[] = { "fabs", "sqrt", "floor" };
        int i = e->op == UN_ABS ? 0 : e->op == UN_SQRT ? 1 : 2;
        if (!dtype_is_float(t))
            out_puts(out, "dlc_abs_i32");
        else
            out_print(out, "%s%s", name[i], t == DTYPE_F32 ? "f" : "");
        print_list("", 1, e->arg, out);
    }
}

static void print_call_1(const char *name, const Expr *a, Out *out)
{
    out_print(out, "%s(", name);
    c_expr_print(a, C_ANY, out);
    out_puts(out, ")");
}

static bool is_narrow(DType t)
{
    return dtype_bytes(t) < 4 && t != DTYPE_BOOL;
}

static void print_as(const char *c_type, const Expr *a, int least, Out *out)
{
    bool open = C_UNARY < least;
    open_if(open, out);
    out_print(out, "(%s)", c_type);
    c_expr_print(a, C_UNARY, out);
    close_if(open, out);
}

static bool fits(const Expr *a, DType t)
{
    if (dtype_is_float(a->type.dtype))
        return false;
    Range r = expr_range(a);
    switch (t) {
    /* clang-format off */
    case DTYPE_I8: return r.low >= INT8_MIN && r.high <= INT8_MAX;
    case DTYPE_U8: return r.low >= 0 && r.high <= UINT8_MAX;
    case DTYPE_I16: return r.low >= INT16_MIN && r.high <= INT16_MAX;
    case DTYPE_U16: return r.low >= 0 && r.high <= UINT16_MAX;
    default: return false;
        /* clang-format on */
    }
}

static void print_narrowed(const Expr *a, DType t, int least, Out *out)
{
    if (fits(a, t)) {
        print_as(dtype_c_name(t), a, least, out);
        return;
    }
    out_print(out, "dlc_%s_of_i32(", dtype_name(t));
    DType from = a->type.dtype;
    if (dtype_is_float(from))
        print_call_1(from == DTYPE_F32 ? "dlc_i32_of_f32" : "dlc_i32_of_f64", a, out);
    else if (from == DTYPE_U32)
        print_as("int32_t", a, C_ANY, out);
    else
        c_expr_print(a, C_ANY, out);
    out_puts(out, ")");
}

static void print_cast(const Expr *e, int least, Out *out)
{
    Expr *a = e->arg[0];
    DType from = a->type.dtype, to = e->type.dtype;
    if (to == DTYPE_BOOL) {
        bool open = C_EQUALITY < least;
        open_if(open, out);
        c_expr_print(a, C_SUM, out);
        out_puts(out, from == DTYPE_F32   ? " != 0.0f"
                      : from == DTYPE_F64 ? " != 0.0"
                      : from == DTYPE_U32 ? " != 0u"
                                          : " != 0");
        close_if(open, out);
    } else if (dtype_is_float(to) && from == DTYPE_BOOL) {
        bool open = C_CONDITIONAL < least;
        open_if(open, out);
        c_expr_print(a, C_OR, out);
        out_puts(out, to == DTYPE_F32 ? " ? 1.0f : 0.0f" : " ? 1.0 : 0.0");
        close_if(open, out);
    } else if (is_narrow(to)) {
        print_narrowed(a, to, least, out);
    } else if (dtype_is_float(from) && from == to) {
        c_expr_print(a, least, out);
    } else if (dtype_is_float(from)) {
        out_print(out, "dlc_%s_of_%s", to == DTYPE_U32 ? "u32" : "i32",
                  dtype_name(from));
        print_list("", 1, e->arg, out);
    } else if (to == DTYPE_I32 && is_narrow(from)) {
        c_expr_print(a, least, out); /* C promotes */
    } else {
        print_as(dtype_c_name(to), a, least, out);
    }
}

static void print_select(const Expr *e, int least, Out *out)
{
    bool open = C_CONDITIONAL < least;
    open_if(open, out);
    c_expr_print(e->arg[0], C_OR, out);
    out_puts(out, " ? ");
    c_expr_print(e->arg[1], C_OR, out);
    out_puts(out, " : ");
    c_expr_print(e->arg[2], C_OR, out);
    close_if(open, out);
}

static void print_bits(const Expr *e, int least, Out *out)
{
    DType from = e->arg[0]->type.dtype, to = e->type.dtype;
    bool open = to == DTYPE_I32 && C_UNARY < least;
    open_if(open, out);
    if (to == DTYPE_F32) {
        out_puts(out, "dlc_f32_of_bits(");
        if (from == DTYPE_I32)
            print_as("uint32_t", e->arg[0], C_ANY, out);
        else
            c_expr_print(e->arg[0], C_ANY, out);
        out_puts(out, ")");
    } else {
        if (to == DTYPE_I32)
            out_puts(out, "(int32_t)");
        print_list("dlc_bits_of_f32", 1, e->arg, out);
    }
    close_if(open, out);
}

static void print_load(const Expr *e, int least, Out *out)
{
    bool is_bool = e->type.dtype == DTYPE_BOOL;
    bool open = is_bool && C_EQUALITY < least;
    open_if(open, out);
    bool is_half = e->buffer->dtype == DTYPE_F16;
    out_print(out, "%s%s[", is_half ? "dlc_f32_of_f16(" : "", e->buffer->name);
    c_expr_print(e->arg[0], C_ANY, out);
    out_puts(out, is_bool ? "] != 0" : is_half ? "])" : "]");
    close_if(open, out);
}

static void print_constant(const Expr *e, int least, Out *out)
{
    bool negative = e->kind == EXPR_FLOAT ? signbit(e->f) && !isnan(e->f)
                                          : e->i < 0 && e->i != INT32_MIN;
    bool open = negative && C_UNARY < least;
    open_if(open, out);
    if (e->kind == EXPR_FLOAT)
        c_float_print(e->type.dtype, e->f, out);
    else
        print_int(e, out);
    close_if(open, out);
}

/* ---- vectors --------------------------------------------------------------------- */

const char *c_storage_suffix(DType t)
{
    switch (t) {
    /* clang-format off */
    case DTYPE_I8: return "_i8";
    case DTYPE_U8: return "_u8";
    case DTYPE_I16: return "_i16";
    case DTYPE_U16: return "_u16";
    case DTYPE_F16: return "_f16";
    default: return "";
        /* clang-format on */
    }
}

void c_element_print(const Buffer *b, const Expr *index, Out *out)
{
    if (expr_is_int(index, 0)) {
        out_puts(out, b->name);
        return;
    }
    out_print(out, "&%s[", b->name);
    c_expr_print(index, C_ANY, out);
    out_puts(out, "]");
}

static const char *vector_verb(ExprOp op)
{
    static const char *const verb[] = { "add", "sub", "mul", "div",  NULL,   "min",
                                        "max", "and", "or",  "xor",  "shl",  "shr",
                                        "eq",  "ne",  "lt",  "le",   "lt",   "le",
                                        "neg", "abs", "not", "sqrt", "floor" };
    return verb[op];
}

static void print_vector_binary(const Expr *e, Out *out)
{
    const Expr *b = e->arg[1];
    LoopType t = e->arg[0]->type;
    if (e->op == BIN_SHL || e->op == BIN_SHR) {
        if (b->kind != EXPR_SPLAT)
            BUG("vector shift by different amounts");
        print_vector_name(t, vector_verb(e->op), out);
        out_puts(out, "(");
        c_expr_print(e->arg[0], C_ANY, out);
        out_puts(out, ", ");
        if (t.dtype == DTYPE_U32 && b->arg[0]->kind == EXPR_INT)
            out_print(out, "%lld", (long long)b->arg[0]->i);
        else if (t.dtype == DTYPE_U32)
            print_as("int32_t", b->arg[0], C_ANY, out);
        else
            c_expr_print(b->arg[0], C_ANY, out);
        out_puts(out, ")");
        return;
    }
    if (e->op == BIN_MOD || (e->op == BIN_DIV && t.dtype != DTYPE_F32))
        BUG("integer / and %% have no vector form");
    bool swap = e->op == BIN_GT || e->op == BIN_GE;
    Expr *arg[2] = { e->arg[swap], e->arg[!swap] };
    bool masks_differ = t.dtype == DTYPE_BOOL && e->op == BIN_NE;
    print_vector_call(t, masks_differ ? "xor" : vector_verb(e->op), 2, arg, out);
}

/* The constant of a splat. */
static bool splat_of(const Expr *e, int64_t *value)
{
    bool is_constant = e->kind == EXPR_SPLAT && e->arg[0]->kind == EXPR_INT;
    *value = is_constant ? e->arg[0]->i : 0;
    return is_constant;
}

/* min(max(x, splat), splat) within low .. high. */
static bool vector_fits(const Expr *e, int64_t low, int64_t high)
{
    int64_t most, least;
    if (e->kind != EXPR_BINARY || e->op != BIN_MIN || !splat_of(e->arg[1], &most))
        return false;
    const Expr *inner = e->arg[0];
    return inner->kind == EXPR_BINARY && inner->op == BIN_MAX &&
           splat_of(inner->arg[1], &least) && least >= low && most <= high;
}

static void print_vector_cast(const Expr *e, Out *out)
{
    const Expr *a = e->arg[0];
    DType to = e->type.dtype;
    char from = vector_letter(a->type.dtype), letter = vector_letter(to);
    static const int64_t low[] = { INT8_MIN, 0, INT16_MIN, 0 };
    static const int64_t high[] = { INT8_MAX, UINT8_MAX, INT16_MAX, UINT16_MAX };
    int clamp = to == DTYPE_I8 ? 0 : to == DTYPE_U8 ? 1 : to == DTYPE_I16 ? 2 : 3;
    bool clamps = is_narrow(to) && !vector_fits(a, low[clamp], high[clamp]);
    if (clamps) {
        print_vector_name(e->type, "clamp", out);
        out_puts(out, "(");
    }
    if (from == letter) {
        c_expr_print(a, C_ANY, out);
    } else {
        out_print(out, "v%d%c_of_%c(", e->type.lanes, letter, from);
        c_expr_print(a, C_ANY, out);
        out_puts(out, ")");
    }
    if (clamps)
        out_print(out, ", %lld, %lld)", (long long)low[clamp], (long long)high[clamp]);
}

static void print_vector_load(const Expr *e, Out *out)
{
    c_vector_print(e->type, e->packed, out);
    out_print(out, "_load%s(", e->packed ? "" : c_storage_suffix(e->buffer->dtype));
    c_element_print(e->buffer, e->arg[0], out);
    out_puts(out, ")");
}

static void print_vector(const Expr *e, Out *out)
{
    switch (e->kind) {
    /* clang-format off */
    case EXPR_VAR: out_puts(out, e->var->name); break;
    case EXPR_LOAD: print_vector_load(e, out); break;
    case EXPR_UNARY: print_vector_call(e->type, vector_verb(e->op), 1, e->arg, out); break;
    case EXPR_BINARY: print_vector_binary(e, out); break;
    case EXPR_SELECT: print_vector_call(e->type, "select", 3, e->arg, out); break;
    case EXPR_FMA: print_vector_call(e->type, "fma", 3, e->arg, out); break;
    case EXPR_CAST: print_vector_cast(e, out); break;
    /* clang-format on */
    case EXPR_BITS: {
        char verb[] = { 'b', 'i', 't', 's', '_', vector_letter(e->arg[0]->type.dtype),
                        '\0' };
        print_vector_call(e->type, verb, 1, e->arg, out);
        break;
    }
    case EXPR_SPLAT:
        print_vector_call(e->type, "splat", 1, e->arg, out);
        break;
    case EXPR_CALL:
        print_list(e->callee->name, e->n_arg, e->arg, out);
        break;
    default:
        BUG("no vector expression of kind %d", e->kind);
    }
}

void c_expr_print(const Expr *e, int least, Out *out)
{
    if (e->type.lanes > 1) {
        print_vector(e, out);
        return;
    }
    switch (e->kind) {
    /* clang-format off */
    case EXPR_INT:
    case EXPR_FLOAT: print_constant(e, least, out); break;
    case EXPR_VAR: out_puts(out, e->var->name); break;
    case EXPR_LOAD: print_load(e, least, out); break;
    case EXPR_UNARY: print_unary(e, least, out); break;
    case EXPR_BINARY: print_binary(e, least, out); break;
    case EXPR_SELECT: print_select(e, least, out); break;
    case EXPR_FMA: print_list(e->type.dtype == DTYPE_F32 ? "dlc_fma_f32" : "fma", 3, e->arg, out);
        break;
    case EXPR_CAST: print_cast(e, least, out); break;
    case EXPR_BITS: print_bits(e, least, out); break;
    case EXPR_SPLAT: c_expr_print(e->arg[0], least, out); break;
    case EXPR_HSUM: print_vector_call(e->arg[0]->type, "hsum", 1, e->arg, out); break;
    case EXPR_HMAX: print_vector_call(e->arg[0]->type, "hmax", 1, e->arg, out); break;
    case EXPR_CALL: print_list(e->callee->name, e->n_arg, e->arg, out); break;
        /* clang-format on */
    }
}
