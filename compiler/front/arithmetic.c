/* arithmetic.c - operators on numbers, quantities, words and tensors. */
#include "front/elab.h"

#include "support/bug.h"

#include <math.h>
#include <string.h>

typedef struct Operator {
    const char *name;
    const Op *op; /* on tensors; NULL: composed */
    bool compares, logical;
} Operator;

static const Operator operators[] = {
    { "+", &op_add, false, false },  { "-", &op_sub, false, false },
    { "*", &op_mul, false, false },  { "/", &op_div, false, false },
    { "**", &op_pow, false, false }, { "//", NULL, false, false },
    { "%", NULL, false, false },     { "@", NULL, false, false },
    { "==", &op_eq, true, false },   { "!=", &op_ne, true, false },
    { "<", &op_lt, true, false },    { "<=", &op_le, true, false },
    { ">", &op_gt, true, false },    { ">=", &op_ge, true, false },
    { "and", &op_and, false, true }, { "or", &op_or, false, true },
};

static const Operator *operator_find(const char *name)
{
    for (int i = 0; i < ARRAY_LEN(operators); i++)
        if (str_equal(operators[i].name, name))
            return &operators[i];
    BUG("no operator %s", name);
}

/* ---- constants ------------------------------------------------------------------- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - ((a % b != 0) && ((a < 0) != (b < 0)));
}

static bool int_power(int64_t base, int64_t exponent, int64_t *y)
{
    *y = 1;
    for (int64_t i = 0; i < exponent; i++) {
        if (*y != 0 && (base > INT32_MAX || base < -INT32_MAX ||
                        *y > ((int64_t)1 << 31) || *y < -((int64_t)1 << 31)))
            return false;
        if ((base == 0 || base == 1) && i > 0)
            return true;
        if (base == -1 && i > 1) {
            *y = exponent % 2 == 0 ? 1 : -1;
            return true;
        }
        *y *= base;
    }
    return true;
}

/* Ints stay ints while exact; a product beyond 2^62 is an error, never a wrap. */
static Value *int_operator(Elab *e, const char *op, int64_t a, int64_t b, Span span)
{
    Arena *m = e->arena;
    const double limit = 4e18;
    int64_t y;
    switch (op[0]) {
    case '+':
    case '-':
        b = op[0] == '+' ? b : -b;
        if (fabs((double)a + (double)b) > limit)
            break;
        return value_int(m, a + b);
    case '*':
        if (op[1] == '*') {
            if (b < 0)
                return value_float(m, pow((double)a, (double)b));
            if (!int_power(a, b, &y))
                break;
            return value_int(m, y);
        }
        if (fabs((double)a * (double)b) > limit)
            break;
        return value_int(m, a * b);
    case '/':
        return op[1] == '/' ? value_int(m, floor_div(a, b))
                            : value_float(m, (double)a / (double)b);
    case '%':
        return value_int(m, a - floor_div(a, b) * b);
    default:
        BUG("no int operator %s", op);
    }
    return fail(e, DIAG_ARGUMENT_COUNT, span, "this number is too large");
}

static bool compare_numbers(const char *op, double a, double b)
{
    switch (op[0]) {
    case '=':
        return a == b;
    case '!':
        return a != b;
    case '<':
        return op[1] == '=' ? a <= b : a < b;
    default:
        return op[1] == '=' ? a >= b : a > b;
    }
}

static Value *number_operator(Elab *e, const Operator *o, Value *a, Value *b, Span span)
{
    double x = value_number(a), y = value_number(b);
    bool divides = o->name[0] == '/' || o->name[0] == '%';
    if (o->compares)
        return value_bool(e->arena, compare_numbers(o->name, x, y));
    if (o->name[0] == '@')
        return fail(e, DIAG_INNER_DIMS, span, "`@` multiplies matrices, not numbers");
    if (divides && y == 0)
        return fail(e, DIAG_ARGUMENT_COUNT, span, "division by zero");
    if (a->kind == VALUE_INT && b->kind == VALUE_INT)
        return int_operator(e, o->name, a->integer, b->integer, span);
    switch (o->name[0]) {
    case '+':
        return value_float(e->arena, x + y);
    case '-':
        return value_float(e->arena, x - y);
    case '*':
        return value_float(e->arena, o->name[1] == '*' ? pow(x, y) : x * y);
    case '/':
        return value_float(e->arena, o->name[1] == '/' ? floor(x / y) : x / y);
    default:
        return value_float(e->arena, x - floor(x / y) * y);
    }
}

static Value *quantity_operator(Elab *e, const Operator *o, const Value *a,
                                const Value *b, Span span)
{
    const Dimension none = { 0, 0, 0 };
    bool qa = a->kind == VALUE_QUANTITY, qb = b->kind == VALUE_QUANTITY;
    if ((!qa && !value_is_number(a)) || (!qb && !value_is_number(b)))
        return fail(e, DIAG_SETTING_KIND, span, "cannot combine %s with %s",
                    value_describe(e->arena, a), value_describe(e->arena, b));
    double x = qa ? a->quantity.value : value_number(a);
    double y = qb ? b->quantity.value : value_number(b);
    Dimension p = qa ? a->quantity.dim : none, q = qb ? b->quantity.dim : none, d;
    if (str_equal(o->name, "*") || str_equal(o->name, "/")) {
        int sign = o->name[0] == '*' ? 1 : -1;
        d = (Dimension){ p.time + sign * q.time, p.size + sign * q.size,
                         p.angle + sign * q.angle };
        if (sign < 0 && y == 0)
            return fail(e, DIAG_ARGUMENT_COUNT, span, "division by zero");
        x = sign > 0 ? x * y : x / y;
    } else if (dimension_equal(p, q) && o->compares) {
        return value_bool(e->arena, compare_numbers(o->name, x, y));
    } else if (dimension_equal(p, q) &&
               (str_equal(o->name, "+") || str_equal(o->name, "-"))) {
        d = p;
        x = o->name[0] == '+' ? x + y : x - y;
    } else {
        return fail(e, DIAG_SETTING_KIND, span, "cannot combine %s with %s",
                    value_describe(e->arena, a), value_describe(e->arena, b));
    }
    if (dimension_equal(d, none)) /* 40ms * 16kHz is 640, not 640.0000001 */
        return value_float(e->arena, round(x * 1e9) / 1e9);
    return value_quantity(e->arena, x, d);
}

/* ---- tensors --------------------------------------------------------------------- */

static const char *replace_first(Elab *e, const char *text, const char *word,
                                 const char *with)
{
    const char *at = strstr(text, word);
    if (at == NULL)
        return with;
    return str_printf(e->arena, "%.*s%s%s", (int)(at - text), text, with,
                      at + strlen(word));
}

static Value *fail_integer(Elab *e, const TensorValue *t, const Ast *operand,
                           const Ast *expr, Span span)
{
    const char *word =
        operand != NULL && operand->kind == AST_NAME ? operand->name : "...";
    const char *type = t->node->bound > 0 ? "index" : dtype_name(t->node->dtype);
    const char *cast = str_printf(e->arena, "f32(%s)", word);
    bool bytes = t->node->dtype == DTYPE_U8 && t->node->bound == 0;
    Diag *d =
        fail_begin(e, DIAG_DTYPE, span, "arithmetic is done in floats, but `%s` is %s",
                   word, tensor_text(e->arena, t));
    diag_origin(e, d, t, "");
    if (bytes)
        diag_note(d,
                  "dl never widens integers silently: %s / 255 could mean two things",
                  type);
    else
        diag_note(d, "dl never converts %s to float silently", type);
    const char *fixed =
        expr == NULL ? cast : replace_first(e, span_words(e, expr->span), word, cast);
    if (bytes)
        diag_help(d, "write `%s`, or `%s |> rescale(1 / 255)`", fixed, word);
    else
        diag_help(d, "write `%s`", fixed);
    return fail_end(d);
}

static void help_residual(Elab *e, Diag *d, const Shape *a, const Shape *b)
{
    if (a->rank != 3 || b->rank != 3 ||
        (a->dim[0] <= b->dim[0] && a->dim[2] == b->dim[2]))
        return;
    const Shape *big = a->dim[0] >= b->dim[0] ? a : b, *small = big == a ? b : a;
    int64_t ratio = big->dim[0] / small->dim[0];
    const char *more =
        ratio > 1 ? str_printf(e->arena, ", stride=%lld, pad=same", (long long)ratio)
                  : "";
    diag_help(d, "project the shortcut to the new shape: `|> conv(%lld, 1%s)`",
              (long long)small->dim[2], more);
}

static const char *difference_text(Elab *e, const Shape *a, const Shape *b)
{
    Out o;
    int n = 0, last = 0;
    if (a->rank != b->rank)
        return "";
    out_init(&o, e->arena);
    for (int i = 0; i < a->rank; i++)
        if (a->dim[i] != b->dim[i]) {
            out_print(&o, "%s%d", n > 0 ? " and " : "", i);
            last = i;
            n++;
        }
    if (n == 1)
        return str_printf(e->arena, "they differ in dimension %d: %lld and %lld", last,
                          (long long)a->dim[last], (long long)b->dim[last]);
    if (n == a->rank)
        return "they differ in every dimension";
    return str_printf(e->arena, "they differ in dimensions %s", out_text(&o));
}

static Value *fail_shapes(Elab *e, const char *op, const TensorValue *a,
                          const TensorValue *b, Span span)
{
    const Shape *p = &a->node->shape, *q = &b->node->shape;
    Diag *d = fail_begin(e, DIAG_BROADCAST, span, "`%s` cannot combine %s with %s", op,
                         tensor_text(e->arena, a), tensor_text(e->arena, b));
    diag_primary_text(d, "%s", difference_text(e, p, q));
    diag_origin(e, d, a, "left: ");
    diag_origin(e, d, b, "right: ");
    diag_context(e, d);
    diag_note(d,
              "shapes must be equal, or one must be the trailing part of the other, or "
              "1 where they differ");
    help_residual(e, d, p, q);
    return fail_end(d);
}

static Node *reshaped(Graph *g, Node *x, Shape s)
{
    return shape_equal(&x->shape, &s) ? x : build_reshape(g, x, s);
}

/* Vectors join as a row on the left, as a column on the right. */
static Node *product(Graph *g, Node *a, Node *b)
{
    bool row = a->shape.rank == 1, column = b->shape.rank == 1;
    Node *p = row ? build_reshape(g, a, shape_2(1, a->shape.dim[0])) : a;
    Node *q = column ? build_reshape(g, b, shape_2(b->shape.dim[0], 1)) : b;
    Node *y = build_dot(g, p, q, false, false);
    Shape s = { 0 };
    for (int i = 0; i < y->shape.rank; i++) {
        bool dropped =
            (row && i == y->shape.rank - 2) || (column && i == y->shape.rank - 1);
        if (!dropped)
            s.dim[s.rank++] = y->shape.dim[i];
    }
    return reshaped(g, y, s);
}

static Value *matmul(Elab *e, Value *a, Value *b, Span span)
{
    const Shape *p = &a->tensor->node->shape, *q = &b->tensor->node->shape;
    int64_t columns = p->rank > 0 ? p->dim[p->rank - 1] : -1;
    int64_t rows = q->rank > 1 ? q->dim[q->rank - 2] : q->rank == 1 ? q->dim[0] : -1;
    bool fits = columns > 0 && columns == rows;
    if (fits && p->rank > 2 && q->rank > 2) {
        fits = p->rank == q->rank;
        for (int i = 0; fits && i < p->rank - 2; i++)
            fits = p->dim[i] == q->dim[i];
    }
    if (!fits) {
        Arena *m = e->arena;
        Diag *d = fail_begin(e, DIAG_INNER_DIMS, span, "cannot multiply %s by %s",
                             tensor_text(m, a->tensor), tensor_text(m, b->tensor));
        diag_primary_text(d, "needs %s rows on the right, found %s",
                          columns > 0 ? str_printf(m, "%lld", (long long)columns) : "?",
                          rows > 0 ? str_printf(m, "%lld", (long long)rows)
                                   : "a number");
        diag_origin(e, d, a->tensor, "");
        diag_origin(e, d, b->tensor, "");
        diag_trail(e, d, a->tensor);
        return fail_end(d);
    }
    Node *y = product(graph_at(e, span), a->tensor->node, b->tensor->node);
    return tensor_make(e, y, 2, (Value *[]){ a, b });
}

/* p * log(p) at 0 is 0, with a finite gradient there. */
static Node *multiply(Graph *g, Node *a, Node *b)
{
    Node *log = node_is_op(b, "log") && b->in[0] == a   ? b
                : node_is_op(a, "log") && a->in[0] == b ? a
                                                        : NULL;
    if (log == NULL)
        return build_mul(g, a, b);
    Node *p = log->in[0];
    Node *positive = build_gt(g, p, build_scalar(g, 0));
    Node *safe = build_select(g, positive, p, build_scalar(g, 1));
    return build_mul(g, p, build_log(g, safe));
}

static Node *power(Graph *g, Node *a, Node *b, const Value *exponent)
{
    double k =
        exponent != NULL && value_is_number(exponent) ? value_number(exponent) : 0;
    if (k == 1)
        return a;
    if (k == 2 || k == 3) {
        Node *square = build_mul(g, a, a);
        return k == 2 ? square : build_mul(g, square, a);
    }
    if (k == 0.5)
        return build_sqrt(g, a);
    return build_pow(g, a, b);
}

/* Operands of a comparison get one type: floats, unless both are the same integers. */
static void unify(Graph *g, Node **a, Node **b)
{
    DType p = (*a)->dtype, q = (*b)->dtype;
    if (p == q && p != DTYPE_F16 && p != DTYPE_BF16)
        return;
    bool ints = dtype_class(p) == DTYPE_CLASS_INT && dtype_class(q) == DTYPE_CLASS_INT;
    DType common = ints ? DTYPE_I32 : DTYPE_F32;
    if (p != common)
        *a = build_cast(g, *a, common);
    if (q != common)
        *b = build_cast(g, *b, common);
}

static Node *combine(Graph *g, const Operator *o, Node *a, Node *b, const Value *right)
{
    if (o->compares)
        unify(g, &a, &b);
    switch (o->name[0]) {
    case '*':
        return o->name[1] == '*' ? power(g, a, b, right) : multiply(g, a, b);
    case '/':
        if (o->name[1] == '/')
            return build_unary(g, &op_floor, build_div(g, a, b));
        return build_div(g, a, b);
    case '%': {
        Node *whole = build_unary(g, &op_floor, build_div(g, a, b));
        return build_sub(g, a, build_mul(g, whole, b));
    }
    default:
        return build_binary(g, o->op, a, b);
    }
}

static Value *tensor_operator(Elab *e, const Operator *o, Value *left, Value *right,
                              const Ast *expr, Span span)
{
    graph_at(e, span);
    Value *a = tensor_of(e, left), *b = tensor_of(e, right);
    if (a == NULL || b == NULL) {
        const Value *odd = a == NULL ? left : right;
        return fail(e, DIAG_KIND, span, "`%s` needs a tensor or a number, found %s",
                    o->name, value_describe(e->arena, odd));
    }
    Value *both[2] = { a, b };
    const Ast *nodes[2] = { expr != NULL ? expr->pair.left : NULL,
                            expr != NULL ? expr->pair.right : NULL };
    for (int i = 0; i < 2 && !o->compares; i++) {
        DType t = both[i]->tensor->node->dtype;
        if (o->logical ? t == DTYPE_BOOL : dtype_is_float(t))
            continue;
        if (!o->logical)
            return fail_integer(e, both[i]->tensor, nodes[i], expr, span);
        return fail(e, DIAG_DTYPE, span, "`%s` takes bools, but its input is %s",
                    o->name, tensor_text(e->arena, both[i]->tensor));
    }
    if (o->name[0] == '@')
        return matmul(e, a, b, span);
    Shape y;
    if (!shape_broadcast(&a->tensor->node->shape, &b->tensor->node->shape, &y))
        return fail_shapes(e, o->name, a->tensor, b->tensor, span);
    if (!shape_check(e, span, &y))
        return NULL;
    Node *n = combine(graph_at(e, span), o, a->tensor->node, b->tensor->node, right);
    Value *made = tensor_make(e, n, 2, both);
    if (made != NULL && o->name[0] == '-' && b->tensor->counted)
        made->tensor->counted = false; /* 1 - accuracy: less is better */
    return made;
}

/* ---- both ------------------------------------------------------------------------ */

static bool is_foldable(const Value *v)
{
    return value_is_number(v) || v->kind == VALUE_BOOL;
}

static Value *fail_operand(Elab *e, const char *op, const Value *v, Span span)
{
    bool layer = v->kind == VALUE_LAYER || v->kind == VALUE_BUILTIN ||
                 (v->kind == VALUE_ITEM && v->item->ast->kind == AST_DEF);
    const char *name = v->kind == VALUE_LAYER     ? layer_name(v->layer)
                       : v->kind == VALUE_BUILTIN ? v->builtin->name
                       : v->kind == VALUE_ITEM    ? v->item->name
                                                  : NULL;
    if (name == NULL)
        return fail(e, DIAG_KIND, span, "`%s` needs a tensor or a number, found %s", op,
                    value_describe(e->arena, v));
    const char *kind = v->kind == VALUE_LAYER     ? "layer"
                       : v->kind == VALUE_BUILTIN ? "function"
                                                  : ast_kind_word(v->item->ast->kind);
    Diag *d =
        fail_begin(e, DIAG_KIND, span,
                   "`%s` needs a tensor or a number, but `%s` is a %s", op, name, kind);
    if (layer)
        diag_help(d, "apply it first: `x |> %s`", name);
    return fail_end(d);
}

static bool is_operand(const Value *v)
{
    return is_foldable(v) || v->kind == VALUE_TENSOR || v->kind == VALUE_QUANTITY ||
           v->kind == VALUE_STRING || v->kind == VALUE_WORD || v->kind == VALUE_LIST;
}

Value *binary_value(Elab *e, const char *op, Value *a, Value *b, const Ast *expr,
                    Span span)
{
    const Operator *o = operator_find(op);
    for (int i = 0; i < 2; i++) {
        const Value *v = i == 0 ? a : b;
        if (v == NULL)
            return NULL;
        if (!is_operand(v))
            return fail_operand(e, op, v, span);
    }
    if (a->kind == VALUE_TENSOR || b->kind == VALUE_TENSOR)
        return tensor_operator(e, o, a, b, expr, span);
    if (a->kind == VALUE_QUANTITY || b->kind == VALUE_QUANTITY)
        return quantity_operator(e, o, a, b, span);
    if (o->logical && a->kind == VALUE_BOOL && b->kind == VALUE_BOOL)
        return value_bool(e->arena,
                          op[0] == 'a' ? a->truth && b->truth : a->truth || b->truth);
    if (o->compares && (op[0] == '=' || op[0] == '!'))
        return value_bool(e->arena, value_equal(a, b) == (op[0] == '='));
    if (a->kind == VALUE_LIST && b->kind == VALUE_LIST && str_equal(op, "+")) {
        Value **at = arena_array(e->arena, Value *, a->list.n + b->list.n);
        for (int i = 0; i < a->list.n + b->list.n; i++)
            at[i] = i < a->list.n ? a->list.at[i] : b->list.at[i - a->list.n];
        return value_list(e->arena, VALUE_LIST, a->list.n + b->list.n, at);
    }
    if (o->logical || !is_foldable(a) || !is_foldable(b))
        return fail(e, DIAG_KIND, span, "`%s` cannot combine %s with %s", op,
                    value_describe(e->arena, a), value_describe(e->arena, b));
    return number_operator(e, o, a, b, span);
}

Value *unary_value(Elab *e, const char *op, Value *a, Span span)
{
    bool negates = op[0] == 'n';
    if (a == NULL)
        return NULL;
    if (a->kind == VALUE_TENSOR) {
        DType t = a->tensor->node->dtype;
        if (negates && t != DTYPE_BOOL)
            return fail(e, DIAG_DTYPE, span, "`not` takes bools, but its input is %s",
                        tensor_text(e->arena, a->tensor));
        if (!negates && !dtype_is_float(t))
            return fail_integer(e, a->tensor, NULL, NULL, span);
        Graph *g = graph_at(e, span);
        Node *n = negates ? build_unary(g, &op_not, a->tensor->node)
                          : build_neg(g, a->tensor->node);
        Value *y = tensor_make(e, n, 1, &a);
        if (y != NULL && !negates)
            y->tensor->counted = false;
        return y;
    }
    if (negates && a->kind == VALUE_BOOL)
        return value_bool(e->arena, !a->truth);
    if (!negates && a->kind == VALUE_INT)
        return value_int(e->arena, -a->integer);
    if (!negates && a->kind == VALUE_FLOAT)
        return value_float(e->arena, -a->number);
    if (!negates && a->kind == VALUE_QUANTITY)
        return value_quantity(e->arena, -a->quantity.value, a->quantity.dim);
    return fail(e, DIAG_KIND, span, "`%s` cannot be applied to %s", op,
                value_describe(e->arena, a));
}
