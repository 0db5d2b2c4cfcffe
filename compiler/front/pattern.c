/* pattern.c - types and shape patterns of signatures: binding new names to extents,
 * checking known ones. */
#include "front/elab.h"

static const char *const kinds[] = { "int",   "float", "bool",    "string",
                                     "layer", "init",  "reg",     "list",
                                     "time",  "freq",  "schedule" };

bool is_kind_name(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal(kinds[i], name))
            return true;
    return false;
}

static bool fail_type(Elab *e, const Ast *ast)
{
    Diag *d =
        fail_begin(e, DIAG_TYPE, ast->span, "`%s` is not a type", source_words(e, ast));
    if (ast->kind == AST_NAME ||
        (ast->kind == AST_INDEX && ast->index.base->kind == AST_NAME)) {
        const char *name = ast->kind == AST_NAME ? ast->name : ast->index.base->name;
        const char *known[DTYPE_DL_COUNT];
        for (int i = 0; i < DTYPE_DL_COUNT; i++)
            known[i] = dtype_name((DType)i);
        if (diag_nearest(d, name, known, DTYPE_DL_COUNT))
            return diag_end(d);
    }
    diag_help(d, "types look like `f32[28, 28, 1]`, `index(10)` or `[h, w, c]`");
    return diag_end(d);
}

bool type_read(Elab *e, const Ast *ast, Type *type)
{
    *type = (Type){ .ast = ast, .dtype = DTYPE_F32 };
    const Ast *base = ast;
    if (ast->kind == AST_LIST) {
        type->dims = ast->list;
        type->is_list = true;
        return true;
    }
    if (ast->kind == AST_INDEX) {
        type->dims = ast->index.subs;
        base = ast->index.base;
    }
    if (base->kind == AST_CALL && base->call.callee->kind == AST_NAME &&
        str_equal(base->call.callee->name, "index") && base->call.args.n == 1) {
        type->type_class = TYPE_INDEX;
        type->bound = base->call.args.at[0]->argument;
        return true;
    }
    if (base->kind != AST_NAME)
        return fail_type(e, ast);
    if (str_equal(base->name, "simplex"))
        type->type_class = TYPE_SIMPLEX;
    else if (str_equal(base->name, "unit"))
        type->type_class = TYPE_UNIT;
    else if (dtype_find(base->name, &type->dtype))
        type->type_class = TYPE_DTYPE;
    else
        return fail_type(e, ast);
    return true;
}

static bool dimension(Elab *e, const Ast *ast, Scope *s, int64_t *x)
{
    Value *v = eval(e, ast, s);
    if (v == NULL)
        return false;
    if (v->kind != VALUE_INT) {
        Diag *d = fail_begin(e, DIAG_KIND, ast->span,
                             "a dimension must be an int, but `%s` is %s",
                             source_words(e, ast), value_describe(e->arena, v));
        if (v->kind == VALUE_FLOAT)
            diag_help(d, "`/` always gives a float; integer division is `//`");
        return diag_end(d);
    }
    *x = v->integer;
    return true;
}

bool type_shape(Elab *e, const Type *type, Scope *s, Shape *shape)
{
    *shape = (Shape){ 0 };
    for (int i = 0; i < type->dims.n; i++) {
        const Ast *dim = type->dims.at[i];
        if (dim->kind == AST_REST) {
            const Shape *rest = scope_rest(s);
            for (int k = 0; rest != NULL && k < rest->rank; k++)
                if (!shape_push(e, dim->span, shape, rest->dim[k]))
                    return false;
            continue;
        }
        int64_t x = 0;
        if (!dimension(e, dim, s, &x) || !shape_push(e, dim->span, shape, x))
            return false;
    }
    return shape_check(e, type->ast->span, shape);
}

/* ---- patterns -------------------------------------------------------------------- */

typedef struct Match {
    const Item *who;
    const char *what; /* "`dense`" */
    const char *param;
    const Type *type;
    TensorValue *value;
    Span span;
    Scope *scope;
} Match;

/* Another tensor of the call whose last dimension is the wanted number of classes. */
static const TensorValue *classes_from(const Match *m, int64_t want)
{
    for (int i = 0; i < map_count(m->scope->names); i++) {
        const Binding *b = map_value(m->scope->names, i);
        if (b->value == NULL || b->value->kind != VALUE_TENSOR)
            continue;
        const Shape *s = &b->value->tensor->node->shape;
        if (b->value->tensor != m->value && s->rank > 0 && s->dim[s->rank - 1] == want)
            return b->value->tensor;
    }
    return NULL;
}

static bool fail_dimension(Elab *e, const Match *m, const Ast *ast, int64_t want,
                           int64_t found, bool is_bound)
{
    Arena *a = e->arena;
    if (is_bound) {
        const TensorValue *other = classes_from(m, want);
        Diag *d = fail_begin(e, DIAG_CLASSES, m->span,
                             "%s compares %lld classes with labels below %lld", m->what,
                             (long long)want, (long long)found);
        diag_origin(e, d, m->value, "");
        diag_origin(e, d, other, "");
        if (other != NULL)
            diag_help(
                d, "make the last layer %lld wide, or declare the field as index(%lld)",
                (long long)found, (long long)want);
        return diag_end(d);
    }
    const char *with = ast->kind == AST_NAME ? str_printf(a, " with %s = %lld",
                                                          ast->name, (long long)want)
                                             : "";
    Diag *d = fail_begin(e, DIAG_PATTERN, m->span, "%s needs %s%s, but its input is %s",
                         m->what, source_words(e, m->type->ast), with,
                         tensor_text(a, m->value));
    diag_origin(e, d, m->value, "");
    diag_trail(e, d, m->value);
    return diag_end(d);
}

static bool match_dimension(Elab *e, const Match *m, const Ast *ast, int64_t found,
                            bool is_bound)
{
    int64_t want;
    if (ast->kind == AST_NAME) {
        const Binding *b = scope_find(m->scope, ast->name);
        if (b != NULL && b->value == NULL)
            return false;
        if (b == NULL || b->value->kind != VALUE_INT) {
            scope_define(e->arena, m->scope, ast->name, value_int(e->arena, found),
                         ast->span);
            return true;
        }
        want = b->value->integer;
    } else if (!dimension(e, ast, m->scope, &want)) {
        return false;
    }
    return want == found || fail_dimension(e, m, ast, want, found, is_bound);
}

static bool fail_probability(Elab *e, const Match *m, const char *activation)
{
    const char *words = m->type->type_class == TYPE_SIMPLEX
                            ? "probabilities that sum to 1"
                            : "numbers between 0 and 1";
    Diag *d = fail_begin(e, DIAG_NOT_PROBABILITY, m->span,
                         "%s takes %s, but its input is not the result of a %s",
                         m->what, words, activation);
    if (m->value->user.source != NULL)
        diag_label(d, m->value->user, "%s, unbounded", tensor_text(e->arena, m->value));
    diag_note(d, "the compiler fuses the two, so nothing is lost in precision");
    diag_help(d, "end the net with `%s`, or write `%s(%s)` here", activation,
              activation, span_words(e, blame(e, m->span)));
    return diag_end(d);
}

static bool fail_dtype(Elab *e, const Match *m, const char *wants, const char *help)
{
    Diag *d = fail_begin(e, DIAG_DTYPE, m->span, "%s takes %s, but its input is %s",
                         m->what, wants, tensor_text(e->arena, m->value));
    diag_origin(e, d, m->value, "");
    diag_help(d, "%s", help);
    return diag_end(d);
}

static bool match_element(Elab *e, const Match *m)
{
    const Node *n = m->value->node;
    NumberRange range = m->value->range;
    switch (m->type->type_class) {
    case TYPE_SIMPLEX:
        return range == RANGE_SIMPLEX || fail_probability(e, m, "softmax");
    case TYPE_UNIT:
        return range != RANGE_ANY || fail_probability(e, m, "sigmoid");
    case TYPE_FLOATS:
        if (dtype_is_float(n->dtype))
            return true;
        return fail_dtype(e, m, "floats",
                          n->dtype == DTYPE_U8 && n->bound == 0
                              ? "insert `|> rescale(1 / 255)`, or `f32(...)`, before it"
                              : "convert it with `f32(...)`");
    case TYPE_INDEX:
        if (n->bound > 0)
            return true;
        return fail_dtype(e, m, "an index",
                          "an index is a class or token number; declare it in the data "
                          "block as `index(n)`");
    case TYPE_DTYPE:
        if (n->dtype == m->type->dtype && n->bound == 0)
            return true;
        break;
    }
    Diag *d = fail_begin(e, DIAG_DTYPE, m->span, "`%s` of %s is %s, but this is %s",
                         m->param, m->what, source_words(e, m->type->ast),
                         tensor_text(e->arena, m->value));
    diag_origin(e, d, m->value, "");
    return diag_end(d);
}

static bool fail_rank(Elab *e, const Match *m, int rank, int needed, bool at_least)
{
    Diag *d = fail_begin(e, DIAG_PATTERN, m->span, "%s takes %s, but its input is %s",
                         m->what, source_words(e, m->type->ast),
                         tensor_text(e->arena, m->value));
    diag_primary_text(d, "%d dimension%s, needs %s%d", rank, rank == 1 ? "" : "s",
                      at_least ? "at least " : "", needed);
    diag_origin(e, d, m->value, "");
    diag_trail(e, d, m->value);
    return diag_end(d);
}

/* `..` takes what the named dimensions leave over; it is the same everywhere. */
static bool match_rest(Elab *e, const Match *m, const Shape *pack)
{
    Scope *s = m->scope;
    if (s->rest == NULL) {
        Shape *keep = arena_new(e->arena, Shape);
        *keep = *pack;
        s->rest = keep;
        return true;
    }
    if (shape_equal(s->rest, pack))
        return true;
    Diag *d =
        fail_begin(e, DIAG_PATTERN, m->span,
                   "%s needs the same leading dimensions everywhere: %s and %s",
                   m->what, shape_text(e->arena, s->rest), shape_text(e->arena, pack));
    diag_origin(e, d, m->value, "");
    return diag_end(d);
}

bool type_match(Elab *e, const Item *who, const char *param, const Type *type,
                TensorValue *value, Span span, Scope *s)
{
    const char *what =
        who != NULL ? str_printf(e->arena, "`%s`", who->name) : "the declared type";
    Match m = { who, what, param, type, value, span, s };
    const Shape *shape = &value->node->shape;
    if (!match_element(e, &m))
        return false;
    if (type->bound != NULL &&
        !match_dimension(e, &m, type->bound, value->node->bound, true))
        return false;
    int rest = -1, named = 0;
    for (int i = 0; i < type->dims.n; i++) {
        if (type->dims.at[i]->kind == AST_REST)
            rest = i;
        else
            named++;
    }
    if (shape->rank < named || (rest < 0 && shape->rank != named))
        return fail_rank(e, &m, shape->rank, named, rest >= 0);
    int extra = rest < 0 ? 0 : shape->rank - named;
    Shape pack = { 0 };
    for (int i = 0; rest >= 0 && i < extra; i++)
        pack.dim[pack.rank++] = shape->dim[rest + i];
    if (rest >= 0 && !match_rest(e, &m, &pack))
        return false;
    for (int i = 0, at = 0; i < type->dims.n; i++) {
        if (i == rest) {
            at += extra;
            continue;
        }
        if (!match_dimension(e, &m, type->dims.at[i], shape->dim[at++], false))
            return false;
    }
    return true;
}

/* ---- interfaces ------------------------------------------------------------------ */

bool field_read(Elab *e, const Ast *param, Scope *s, Field *field)
{
    *field = (Field){ .name = param->name, .span = param->span };
    const Ast *ast = param->parameter.type;
    Type type;
    if (ast == NULL || ast->kind == AST_LIST) {
        Diag *d = fail_begin(e, DIAG_TYPE, ast == NULL ? param->span : ast->span,
                             "`%s` needs %s", param->name,
                             ast == NULL ? "a type" : "an element type");
        if (ast == NULL)
            diag_help(d, "for example `f32[28, 28, 1]` or `index(10)`");
        else
            diag_help(d, "interfaces spell it out: `f32%s`", span_words(e, ast->span));
        return diag_end(d);
    }
    if (!type_read(e, ast, &type))
        return false;
    if (type.type_class == TYPE_SIMPLEX || type.type_class == TYPE_UNIT)
        return fail_type(e, ast);
    if (!type_shape(e, &type, s, &field->shape))
        return false;
    field->dtype = type.dtype;
    if (type.bound != NULL) {
        if (!dimension(e, type.bound, s, &field->bound))
            return false;
        if (field->bound < 1 || field->bound > INT32_MAX)
            return fail(e, DIAG_ATTRIBUTE, type.bound->span,
                        "index(n) takes n from 1 to 2147483647") != NULL;
        field->dtype = dtype_of_index(field->bound);
    }
    return true;
}
