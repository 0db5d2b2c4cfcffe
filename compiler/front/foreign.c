/* foreign.c - `extern "my_fft"`: a C function of the user's, given to the program under
 * the signature of a def. Its parameters in C are the def's tensors, its results, then
 * the extents that the signature names and the def's ints. */
#include "front/elab.h"

#include "ops/extern.h"

#include <string.h>

typedef struct Foreign {
    Elab *e;
    const Item *item;
    Scope *scope;
    VEC(Value *) operand;
    VEC(int64_t) size;
    VEC(int64_t) results;
    Out names, numbers; /* of operands and results; of sizes */
    Map *known;
} Foreign;

/* ---- numbers --------------------------------------------------------------------- */

static void add_number(Foreign *f, const char *name, int64_t x)
{
    if (map_has(f->known, name))
        return;
    map_put(f->known, name, f->scope);
    vec_push(f->e->arena, &f->size, x);
    out_print(&f->numbers, ",%s", name);
}

/* Names that this call bound; what the file knows already is a check, no parameter. */
static void add_extent(Foreign *f, const Ast *dim)
{
    if (dim->kind == AST_REST) {
        const Shape *rest = scope_rest(f->scope);
        add_number(f, "rest", rest != NULL ? shape_count(rest) : 1);
        return;
    }
    const Binding *b =
        dim->kind == AST_NAME ? map_find(f->scope->names, dim->name) : NULL;
    if (b != NULL && b->value != NULL && b->value->kind == VALUE_INT)
        add_number(f, dim->name, b->value->integer);
}

static bool add_extents(Foreign *f, const Ast *type)
{
    Type t;
    if (!type_read(f->e, type, &t))
        return false;
    if (t.bound != NULL)
        add_extent(f, t.bound);
    for (int i = 0; i < t.dims.n; i++)
        add_extent(f, t.dims.at[i]);
    return true;
}

/* ---- parameters and results ------------------------------------------------------ */

static bool is_tensor_type(const Ast *type)
{
    if (type == NULL || type->kind == AST_ALTERNATIVES)
        return false;
    return type->kind != AST_NAME || !is_kind_name(type->name);
}

static bool fail_parameter(Foreign *f, const Ast *param, const Value *v)
{
    Diag *d = fail_begin(f->e, DIAG_FOREIGN, param->span,
                         "a C function takes tensors and ints, but `%s` is %s",
                         param->name, value_describe(f->e->arena, v));
    if (v->kind == VALUE_FLOAT)
        diag_help(d, "declare it as a tensor of one number: `%s: []`", param->name);
    return diag_end(d);
}

static bool add_parameter(Foreign *f, const Ast *param)
{
    const Ast *type = param->parameter.type;
    const Binding *b = map_find(f->scope->names, param->name);
    Value *v = b != NULL ? b->value : NULL;
    if (v == NULL)
        return false;
    if (is_tensor_type(type) && value_is_number(v))
        v = tensor_of(f->e, v);
    if (v != NULL && v->kind == VALUE_TENSOR) {
        vec_push(f->e->arena, &f->operand, v);
        out_print(&f->names, "%s%s", f->operand.n > 1 ? "," : "", param->name);
        return !is_tensor_type(type) || add_extents(f, type);
    }
    if (v == NULL || (v->kind != VALUE_INT && v->kind != VALUE_BOOL))
        return fail_parameter(f, param, b->value);
    add_number(f, param->name, v->kind == VALUE_INT ? v->integer : v->truth);
    return true;
}

static bool add_result(Foreign *f, const Ast *result)
{
    Elab *e = f->e;
    Type t;
    Shape s;
    if (result->parameter.type == NULL) {
        Diag *d = fail_begin(e, DIAG_FOREIGN, result->span,
                             "the shape of `%s` is not known: C does not say it",
                             result->name);
        diag_help(d, "write it: `-> %s: [n]`", result->name);
        return diag_end(d);
    }
    if (!type_read(e, result->parameter.type, &t) || !type_shape(e, &t, f->scope, &s))
        return false;
    bool floats = t.type_class == TYPE_FLOATS ||
                  (t.type_class == TYPE_DTYPE && t.dtype == DTYPE_F32);
    if (!floats) {
        Diag *d = fail_begin(e, DIAG_FOREIGN, result->parameter.type->span,
                             "the results of a C function are floats, and `%s` is %s",
                             result->name, source_words(e, result->parameter.type));
        diag_note(d, "what it writes is not checked, so nothing is promised about it");
        diag_help(d, "a list of extents is enough: `-> %s: [n]`", result->name);
        return diag_end(d);
    }
    out_print(&f->names, ",%s", result->name);
    vec_push(e->arena, &f->results, s.rank);
    for (int i = 0; i < s.rank; i++)
        vec_push(e->arena, &f->results, s.dim[i]);
    return true;
}

static bool read_signature(Foreign *f)
{
    const Ast *signature = f->item->ast->item.signature;
    const AstList *params = &signature->signature.params;
    const AstList *results = &signature->signature.results;
    for (int i = 0; i < params->n; i++)
        if (!add_parameter(f, params->at[i]))
            return false;
    for (int i = 0; i < results->n; i++)
        if (!add_result(f, results->at[i]))
            return false;
    Span name = f->item->ast->name_span;
    if (f->operand.n == 0)
        return fail(f->e, DIAG_FOREIGN, name,
                    "`%s` reads no tensor: a C function is a function of its operands",
                    f->item->name) != NULL;
    if (results->n > 0)
        return true;
    Diag *d =
        fail_begin(f->e, DIAG_FOREIGN, name, "`%s` says no result", f->item->name);
    diag_help(d, "write what the C function makes: `-> y: [n]`");
    return diag_end(d);
}

/* ---- names in C ------------------------------------------------------------------ */

static bool is_c_name(const char *name)
{
    static const char *const keywords[] = {
        "auto",    "break",  "case",     "char",   "const",    "continue", "default",
        "do",      "double", "else",     "enum",   "extern",   "float",    "for",
        "goto",    "if",     "inline",   "int",    "long",     "register", "restrict",
        "return",  "short",  "signed",   "sizeof", "static",   "struct",   "switch",
        "typedef", "union",  "unsigned", "void",   "volatile", "while",    "main"
    };
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (str_equal(name, keywords[i]))
            return false;
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                            "0123456789");
    return n > 0 && name[n] == '\0' && !(name[0] >= '0' && name[0] <= '9') &&
           name[0] != '_';
}

static bool check_name(Elab *e, const char *name, Span span)
{
    if (str_starts(name, "dl_") || str_starts(name, "dlc_")) {
        Diag *d = fail_begin(e, DIAG_FOREIGN, span,
                             "names like `%s` belong to dlc's own functions", name);
        diag_help(d, "give your function another name, or call the library's: "
                     "`conv`, `maxpool`");
        return diag_end(d);
    }
    return is_c_name(name) || fail(e, DIAG_FOREIGN, span,
                                   "`%s` is no name of a function in C", name) != NULL;
}

/* Two defs may share a function of C if their parameters have the same types. */
static bool check_prototype(Foreign *f, const char *name, Span span)
{
    Elab *e = f->e;
    Out o;
    out_init(&o, e->arena);
    for (int i = 0; i < f->operand.n; i++)
        out_print(&o, "const %s, ", dtype_name(f->operand.at[i]->tensor->node->dtype));
    out_print(&o, "%d results, %d numbers",
              f->item->ast->item.signature->signature.results.n, f->size.n);
    const char *now = out_text(&o);
    if (e->foreign == NULL)
        e->foreign = map_new(e->arena);
    ForeignUse *first = map_find(e->foreign, name);
    if (first == NULL) {
        first = arena_new(e->arena, ForeignUse);
        *first = (ForeignUse){ now, f->item->ast->name_span };
        map_put(e->foreign, name, first);
    }
    if (str_equal(first->prototype, now))
        return true;
    Diag *d =
        fail_begin(e, DIAG_FOREIGN, span,
                   "the C function `%s` has other parameters in another call", name);
    diag_label(d, first->span, "first used by this def");
    diag_note(d, "C has one type for each parameter of a function");
    return diag_end(d);
}

/* ---- the call -------------------------------------------------------------------- */

/* The values of the results, out of what lies one behind the other. */
static bool take_apart(Foreign *f, Node *y, Value **out)
{
    Elab *e = f->e;
    ExternResults r;
    extern_results(e->arena, y, &r);
    for (int i = 0; i < r.n; i++) {
        Node *part = y;
        int64_t start = r.first[i], stop = start + shape_count(&r.shape[i]), step = 1;
        if (r.n > 1)
            part = build_reshape(
                e->graph, build_slice(e->graph, y, &start, &stop, &step), r.shape[i]);
        out[i] = tensor_make(e, part, f->operand.n, f->operand.at);
        if (out[i] == NULL)
            return false;
    }
    return true;
}

bool foreign_call(Elab *e, const Item *item, Scope *s, Value **out)
{
    const Ast *body = item->ast->item.body;
    const char *gradient = body->foreign.gradient;
    Foreign f = { .e = e, .item = item, .scope = s, .known = map_new(e->arena) };
    out_init(&f.names, e->arena);
    out_init(&f.numbers, e->arena);
    if (!check_name(e, body->name, body->name_span) ||
        (gradient != NULL && !check_name(e, gradient, body->foreign.gradient_span)) ||
        !read_signature(&f) || !check_prototype(&f, body->name, body->name_span))
        return false;
    Node **in = arena_array(e->arena, Node *, f.operand.n);
    for (int i = 0; i < f.operand.n; i++)
        in[i] = f.operand.at[i]->tensor->node;
    out_puts(&f.names, out_text(&f.numbers));
    graph_at(e, item->ast->name_span);
    Node *y = node_with(e, &op_extern, f.operand.n, in, "function", body->name,
                        "gradient", gradient != NULL ? gradient : "", "names",
                        out_text(&f.names), "results", f.results.n, f.results.at,
                        "sizes", f.size.n, f.size.at, NULL);
    return y != NULL && take_apart(&f, y, out);
}

/* ---- may a loss go through it? --------------------------------------------------- */

typedef struct Way { /* nodes between what is trained and a loss, by id */
    const Graph *graph;
    bool *from, *to;
    bool *twice; /* below a `grad`: its derivative is derived again */
} Way;

/* Gradients pass a `grad` node: then they are second ones. */
static bool passes(const Node *n)
{
    return !(n->op->flags & OP_NO_GRAD) || (n->op->flags & OP_SAMPLE_ONLY) != 0 ||
           n->op == &op_grad || n->op == &op_result;
}

static Way way_of(Arena *a, const Graph *g, const Node *loss, int n, Node *const *wrt)
{
    Way w = { g, arena_array(a, bool, g->node.n), arena_array(a, bool, g->node.n),
              arena_array(a, bool, g->node.n) };
    for (int i = 0; i < n; i++)
        w.from[wrt[i]->id] = true;
    for (int i = 0; i < g->node.n; i++) {
        const Node *x = g->node.at[i];
        for (int k = 0; k < x->n_in && passes(x); k++)
            w.from[i] = w.from[i] || w.from[x->in[k]->id];
    }
    w.to[loss->id] = true;
    for (int i = loss->id; i >= 0; i--) {
        const Node *x = g->node.at[i];
        for (int k = 0; k < x->n_in && w.to[i] && passes(x); k++) {
            w.to[x->in[k]->id] = true;
            w.twice[x->in[k]->id] |= w.twice[i] || x->op == &op_grad;
        }
    }
    return w;
}

bool foreign_derives(Elab *e, const Node *loss, int n, Node *const *wrt, Span span)
{
    Way w = way_of(e->arena, e->graph, loss, n, wrt);
    for (int i = 0; i <= loss->id; i++) {
        const Node *x = e->graph->node.at[i];
        const Node *call = x->op == &op_extern ? x
                           : x->body != NULL   ? graph_find_extern(x->body)
                                               : NULL;
        if (call == NULL || !w.from[i] || !w.to[i] ||
            (extern_has_gradient(call) && !w.twice[i]))
            continue;
        const char *def = call->frame != NULL ? call->frame->def : "f";
        const char *name = attr_text(call, "function");
        Diag *d = fail_begin(e, DIAG_NO_GRADIENT, span,
                             "this gradient goes through `%s`, a C function without a "
                             "%sgradient",
                             def, extern_has_gradient(call) ? "second " : "");
        diag_label(d, call->span, "declared here");
        if (extern_has_gradient(call))
            diag_help(d, "cut it off: `stop_gradient(%s(...))`", def);
        else
            diag_help(d,
                      "name the function of its gradient, `extern \"%s\" \"%s_grad\"`, "
                      "or cut it off: `stop_gradient(%s(...))`",
                      name, name, def);
        return diag_end(d);
    }
    return true;
}
