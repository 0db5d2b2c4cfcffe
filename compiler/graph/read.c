/* read.c - reads what print.c writes, and single nodes with literal operands.
 *
 * A hand-written reader without lookahead beyond one character. Types in the text are
 * compared with what op->shape infers, so a graph that was read is well typed. */
#include "graph/text.h"

#include "graph/build.h"
#include "graph/scan.h"
#include "graph/words.h"

#include <string.h>

typedef struct Reader {
    Scan scan;
    Arena *arena;
    Graph *graph; /* being filled */
    Map *names;   /* of its nodes */
} Reader;

/* ---- attributes ------------------------------------------------------------------ */

static bool read_ints(Reader *r, AttrValue *v)
{
    VEC(int64_t) list = { 0 };
    if (!scan_expect(&r->scan, "["))
        return false;
    while (!scan_accept(&r->scan, "]")) {
        int64_t i;
        if ((list.n > 0 && !scan_expect(&r->scan, ",")) || !scan_int(&r->scan, &i))
            return false;
        vec_push(r->arena, &list, i);
    }
    v->ints.n = list.n;
    v->ints.at = list.at;
    return true;
}

static bool read_dtype_number(Reader *r, int64_t *i)
{
    const char *word;
    DType t;
    if (scan_peek_number(&r->scan))
        return scan_int(&r->scan, i);
    if (!scan_word(&r->scan, &word))
        return false;
    if (!dtype_find(word, &t))
        return scan_error(&r->scan, "no such type");
    *i = (int64_t)t;
    return true;
}

static bool read_value(Reader *r, AttrKind kind, AttrValue *v)
{
    Tensor *t = NULL;
    int64_t bound;
    switch (kind) {
    case ATTR_INT:
    case ATTR_BOOL:
        return scan_int(&r->scan, &v->i);
    case ATTR_DTYPE:
        return read_dtype_number(r, &v->i);
    case ATTR_FLOAT:
        return scan_number(&r->scan, &v->f);
    case ATTR_TEXT:
        return scan_string(&r->scan, &v->text);
    case ATTR_INTS:
        return read_ints(r, v);
    case ATTR_TENSOR:
        if (!scan_literal(&r->scan, &t, &bound))
            return false;
        v->tensor = t;
        return true;
    }
    return false;
}

/* {name=value, ..}; what is not named is zero. */
static bool read_attrs(Reader *r, const Op *op, AttrValue *attrs)
{
    if (!scan_accept(&r->scan, "{"))
        return true;
    for (int count = 0; !scan_accept(&r->scan, "}"); count++) {
        const char *name;
        if ((count > 0 && !scan_expect(&r->scan, ",")) || !scan_word(&r->scan, &name))
            return false;
        int i = 0;
        while (i < OP_MAX_ATTRS && op->attr[i].name &&
               !str_equal(op->attr[i].name, name))
            i++;
        if (i == OP_MAX_ATTRS || op->attr[i].name == NULL)
            return scan_error(&r->scan, "the op has no such attribute");
        if (!scan_expect(&r->scan, "=") || !read_value(r, op->attr[i].kind, &attrs[i]))
            return false;
    }
    return true;
}

/* ---- nodes ----------------------------------------------------------------------- */

typedef struct Line { /* a node before it is built */
    const Op *op;
    VEC(Node *) in;
    AttrValue attrs[OP_MAX_ATTRS];
    NodeType type;
    bool batched;
    int64_t late;
    Graph *body;
} Line;

static int operand_count(const Op *op)
{
    int n = 0;
    while (n < OP_MAX_OPERANDS && op->operand[n].name != NULL)
        n++;
    return n;
}

static bool check_operands(Reader *r, const Line *l)
{
    int want = operand_count(l->op);
    bool fits = l->op->flags & OP_VARIADIC ? l->in.n >= 1 || l->op == &op_group
                                           : l->in.n == want;
    if (!fits)
        return scan_error(&r->scan, "not the op's number of operands");
    if (l->op == &op_constant && l->attrs[0].tensor == NULL)
        return scan_error(&r->scan, "a constant without a value");
    return true;
}

static bool read_operand_names(Reader *r, Line *l)
{
    if (!scan_peek_word(&r->scan))
        return true;
    do {
        const char *name;
        if (!scan_word(&r->scan, &name))
            return false;
        Node *n = map_find(r->names, name);
        if (n == NULL)
            return scan_error(&r->scan, "an operand that is not defined before");
        vec_push(r->arena, &l->in, n);
    } while (scan_accept(&r->scan, ","));
    return true;
}

static bool read_input(Reader *r, Line *l)
{
    const char *word;
    int kind;
    if (!scan_word(&r->scan, &word))
        return false;
    if (!word_find(graph_input_words, word, &kind))
        return scan_error(&r->scan, "no such kind of input");
    l->attrs[0].i = kind;
    return !scan_peek(&r->scan, '"') || scan_string(&r->scan, &l->attrs[1].text);
}

/* : f32[2, 3]   : u8<10>[64] batched */
static bool read_type(Reader *r, Line *l)
{
    const char *word;
    if (!scan_expect(&r->scan, ":") || !scan_word(&r->scan, &word))
        return false;
    if (!dtype_find(word, &l->type.dtype))
        return scan_error(&r->scan, "no such type");
    if (scan_accept(&r->scan, "<") &&
        (!scan_int(&r->scan, &l->type.bound) || !scan_expect(&r->scan, ">")))
        return false;
    AttrValue dims = { 0 };
    if (!read_ints(r, &dims))
        return false;
    if (!scan_shape(&r->scan, dims.ints.n, dims.ints.at, &l->type.shape))
        return false;
    l->batched = scan_accept_word_here(&r->scan, "batched");
    if (scan_accept_word_here(&r->scan, "late") && !scan_int(&r->scan, &l->late))
        return false;
    return true;
}

static bool read_statements(Reader *r);

static bool read_region(Reader *r, Line *l)
{
    if (!scan_accept_here(&r->scan, '('))
        return true;
    Reader inner = *r;
    inner.graph = graph_new(r->arena, r->graph->name);
    inner.graph->stage = l->op == &op_scan ? r->graph->stage : STAGE_DIFF;
    inner.graph->batch = r->graph->batch;
    inner.names = map_new(r->arena);
    if (!scan_nest(&inner.scan) || !read_statements(&inner))
        return false;
    r->scan = inner.scan;
    scan_unnest(&r->scan);
    l->body = inner.graph;
    return scan_expect(&r->scan, ")");
}

/* A constant's numbers get the type that is written behind them. */
static bool retype_constant(Reader *r, Line *l)
{
    const Tensor *t = l->attrs[0].tensor;
    if (!shape_equal(&t->shape, &l->type.shape))
        return scan_error(&r->scan, "the numbers do not have the written shape");
    Tensor *copy = tensor_new(r->arena, l->type.dtype, t->shape);
    for (int64_t i = 0; i < shape_count(&t->shape); i++)
        copy->at[i] =
            dtype_is_float(copy->dtype) ? t->at[i] : dtype_round(copy->dtype, t->at[i]);
    l->attrs[0].tensor = copy;
    return true;
}

/* Adds the node when op->shape infers the written type. */
static Node *add_node(Reader *r, const Line *l)
{
    Node *n = graph_add(r->graph, l->op, l->in.n, l->in.at);
    for (int i = 0; i < OP_MAX_ATTRS && l->op->attr[i].name != NULL; i++)
        n->attr[i] = l->attrs[i];
    n->dtype = l->type.dtype;
    n->shape = l->type.shape;
    n->bound = l->type.bound;
    n->batched = l->batched;
    n->late = (int)l->late;
    n->body = l->body;
    NodeType type = { .dtype = DTYPE_F32 };
    if (!l->op->shape(n, &type, r->scan.sink))
        return NULL;
    if (type.dtype != n->dtype || !shape_equal(&type.shape, &n->shape)) {
        scan_error(&r->scan, "the op's type is not the written one");
        return NULL;
    }
    return n;
}

/* v12 is the name of node 12 without a name. */
static bool is_default_name(const char *name, int id)
{
    char text[16];
    int n = 0;
    text[n++] = 'v';
    char digits[12];
    int d = 0;
    do
        digits[d++] = (char)('0' + id % 10);
    while ((id /= 10) > 0);
    while (d > 0)
        text[n++] = digits[--d];
    text[n] = '\0';
    return strcmp(name, text) == 0;
}

static bool read_node(Reader *r, const char *name)
{
    const char *word;
    Line l = { 0 };
    r->graph->span = scan_line_span(&r->scan);
    if (map_has(r->names, name))
        return scan_error(&r->scan, "a name that is taken");
    if (!scan_word(&r->scan, &word))
        return false;
    l.op = op_find(word);
    if (l.op == NULL)
        return scan_error(&r->scan, "no such op");
    bool ok = l.op == &op_input
                  ? read_input(r, &l)
                  : read_operand_names(r, &l) && read_attrs(r, l.op, l.attrs);
    if (!ok || !read_type(r, &l) || !read_region(r, &l) || !check_operands(r, &l))
        return false;
    if (l.op == &op_constant && !retype_constant(r, &l))
        return false;
    if (l.body != NULL)
        l.body->name = name;
    Node *n = add_node(r, &l);
    if (n == NULL)
        return false;
    n->name = is_default_name(name, n->id) ? NULL : name;
    if (l.op == &op_random && r->graph->next_stream <= (int)l.attrs[0].i)
        r->graph->next_stream = (int)l.attrs[0].i + 1;
    map_put(r->names, name, n);
    return true;
}

static bool read_result(Reader *r, ResultKind kind)
{
    const char *path, *name;
    if (!scan_string(&r->scan, &path) || !scan_expect(&r->scan, "=") ||
        !scan_word(&r->scan, &name))
        return false;
    Node *n = map_find(r->names, name);
    if (n == NULL)
        return scan_error(&r->scan, "a result that is not defined");
    graph_add_result(r->graph, kind, path[0] ? path : NULL, n);
    return true;
}

static bool read_statements(Reader *r)
{
    while (scan_peek_word(&r->scan) && !scan_peek_text(&r->scan, "graph ") &&
           !scan_peek_text(&r->scan, "dlir ")) {
        const char *word;
        int kind;
        if (!scan_word(&r->scan, &word))
            return false;
        bool is_result = scan_peek(&r->scan, '"');
        if (is_result && !word_find(graph_result_words, word, &kind))
            return scan_error(&r->scan, "no such kind of result");
        bool ok = is_result ? read_result(r, (ResultKind)kind)
                            : scan_expect(&r->scan, "=") && read_node(r, word);
        if (!ok)
            return false;
    }
    return true;
}

/* ---- graphs ---------------------------------------------------------------------- */

static bool read_header(Reader *r)
{
    const char *name, *stage;
    int kind;
    if (!scan_accept_word(&r->scan, "graph"))
        return scan_error(&r->scan, "expected `graph`");
    if (!scan_word(&r->scan, &name))
        return false;
    r->graph = graph_new(r->arena, name);
    r->names = map_new(r->arena);
    if (!scan_accept_word(&r->scan, "batch"))
        return scan_error(&r->scan, "expected `batch`");
    if (!scan_int(&r->scan, &r->graph->batch))
        return false;
    if (!scan_accept_word(&r->scan, "stage"))
        return scan_error(&r->scan, "expected `stage`");
    if (!scan_word(&r->scan, &stage))
        return false;
    if (!word_find(graph_stage_words, stage, &kind))
        return scan_error(&r->scan, "no such stage");
    r->graph->stage = (Stage)kind;
    return true;
}

static bool read_magic(Reader *r)
{
    if (!scan_accept_word(&r->scan, "dlir"))
        return true;
    int64_t version;
    if (!scan_accept_word(&r->scan, "graph"))
        return scan_error(&r->scan, "expected `dlir graph 1`");
    if (!scan_int(&r->scan, &version))
        return false;
    return version == 1 || scan_error(&r->scan, "expected version 1");
}

bool graph_read(Arena *a, const Source *source, DiagSink *sink, int *n, Graph ***graphs)
{
    Reader r = { .arena = a };
    VEC(Graph *) list = { 0 };
    scan_init(&r.scan, a, source, source->text, sink);
    if (!scan_peek_text(&r.scan, "dlir "))
        return scan_error(&r.scan, "expected `dlir graph 1`");
    while (!scan_at_end(&r.scan)) {
        if (!read_magic(&r) || !read_header(&r) || !read_statements(&r))
            return false;
        r.graph->span = (Span){ 0 };
        vec_push(a, &list, r.graph);
    }
    *n = list.n;
    *graphs = list.at;
    return true;
}

/* ---- expressions ----------------------------------------------------------------- */

static Node *literal_node(Reader *r)
{
    Tensor *t;
    int64_t bound;
    if (!scan_literal(&r->scan, &t, &bound))
        return NULL;
    AttrValue attrs[OP_MAX_ATTRS] = { { .tensor = t }, { .i = bound } };
    return build_node(r->graph, r->scan.sink, &op_constant, 0, NULL, attrs);
}

static bool literals(Reader *r, Line *l)
{
    if (scan_at_end(&r->scan) || scan_peek(&r->scan, '{'))
        return true;
    do {
        Node *n = literal_node(r);
        if (n == NULL)
            return false;
        vec_push(r->arena, &l->in, n);
    } while (scan_accept(&r->scan, ","));
    return true;
}

Node *graph_read_expression(Graph *g, const char *text, DiagSink *sink)
{
    Reader r = { .arena = g->arena, .graph = g };
    const char *word;
    Line l = { 0 };
    scan_init(&r.scan, g->arena, NULL, text, sink);
    if (!scan_word(&r.scan, &word))
        return NULL;
    l.op = op_find(word);
    if (l.op == NULL) {
        scan_error(&r.scan, "no such op");
        return NULL;
    }
    r.names = map_new(g->arena);
    if (!literals(&r, &l) || !read_attrs(&r, l.op, l.attrs) || !read_region(&r, &l))
        return NULL;
    if (!scan_at_end(&r.scan)) {
        scan_error(&r.scan, "more than one node");
        return NULL;
    }
    if (l.op == &op_constant && l.in.n == 1)
        return l.in.at[0];
    if (!check_operands(&r, &l))
        return NULL;
    return build_region(g, sink, l.op, l.body, l.in.n, l.in.at, l.attrs);
}

bool graph_read_literal(Arena *a, const char *text, Tensor **value)
{
    Scan scan;
    int64_t bound;
    scan_init(&scan, a, NULL, text, diag_sink_new(a));
    return scan_literal(&scan, value, &bound) && scan_at_end(&scan);
}
