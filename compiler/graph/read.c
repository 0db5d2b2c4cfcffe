/* read.c - reads what print.c prints. A recursive descent over one line at a time; errors
 * name the place in the file. */
#include "graph/build.h"
#include "graph/text.h"

#include "support/bug.h"
#include "support/str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct Reader {
    Arena *arena;
    const Source *source;
    DiagSink *sink;
    const char *at; /* next character */
    bool failed;    /* and reported */
} Reader;

enum { MAX_NESTING = 64, MAX_VALUES = 1 << 24 };

static bool fail(Reader *r, const char *what)
{
    uint32_t here = (uint32_t)(r->at - r->source->text);
    Span span = { r->source, here, here < r->source->length ? here + 1 : here };
    if (!r->failed)
        diag_error(r->sink, span, DIAG_IR_SYNTAX, "expected %s", what);
    r->failed = true;
    return false;
}

/* Comments run to the end of the line. */
static void skip(Reader *r)
{
    while (isspace((unsigned char)*r->at) || *r->at == '#')
        if (*r->at++ == '#')
            while (*r->at != '\0' && *r->at != '\n')
                r->at++;
}

static bool accept(Reader *r, const char *token)
{
    skip(r);
    size_t n = strlen(token);
    if (strncmp(r->at, token, n) != 0)
        return false;
    if (isalnum((unsigned char)token[n - 1]) &&
        (isalnum((unsigned char)r->at[n]) || r->at[n] == '_'))
        return false;
    r->at += n;
    return true;
}

static bool expect(Reader *r, const char *token)
{
    return accept(r, token) || fail(r, str_printf(r->arena, "`%s`", token));
}

static const char *read_name(Reader *r)
{
    skip(r);
    const char *begin = r->at;
    while (isalnum((unsigned char)*r->at) || *r->at == '_')
        r->at++;
    if (begin == r->at || isdigit((unsigned char)*begin)) {
        r->at = begin;
        fail(r, "a name");
        return "";
    }
    return str_copy(r->arena, begin, (size_t)(r->at - begin));
}

static double read_number(Reader *r)
{
    skip(r);
    if (accept(r, "true"))
        return 1;
    if (accept(r, "false"))
        return 0;
    char *end;
    double value = strtod(r->at, &end);
    if (end == r->at)
        fail(r, "a number");
    r->at = end;
    return value;
}

static int64_t read_int(Reader *r)
{
    skip(r);
    char *end;
    int64_t value = strtoll(r->at, &end, 10);
    if (end == r->at)
        fail(r, "an int");
    r->at = end;
    return value;
}

static const char *read_text(Reader *r)
{
    if (!expect(r, "\""))
        return "";
    Out o;
    out_init(&o, r->arena);
    while (*r->at != '"' && *r->at != '\0') {
        if (*r->at == '\\' && r->at[1] != '\0')
            r->at++;
        out_write(&o, r->at++, 1);
    }
    expect(r, "\"");
    return out_text(&o);
}

/* ---- literals --------------------------------------------------------------------- */

typedef struct Literal {
    VEC(double) value;
    Shape shape;
    bool known[SHAPE_MAX_RANK]; /* extent seen at this depth */
    int depth;                  /* rank; -1: no number seen yet */
    bool is_float, is_bool;
} Literal;

static void read_scalar(Reader *r, Literal *l, int depth)
{
    skip(r);
    const char *begin = r->at;
    double value = read_number(r);
    size_t n = (size_t)(r->at - begin);
    if (n > 0 && (*begin == 't' || (*begin == 'f')))
        l->is_bool = true;
    else if (memchr(begin, '.', n) || memchr(begin, 'e', n) || memchr(begin, 'n', n))
        l->is_float = true;
    if (l->depth >= 0 && l->depth != depth)
        fail(r, "rows of equal depth");
    l->depth = depth;
    if (l->value.n >= MAX_VALUES)
        fail(r, "fewer numbers");
    else
        vec_push(r->arena, &l->value, value);
}

static void read_rows(Reader *r, Literal *l, int depth)
{
    if (r->failed)
        return;
    if (!accept(r, "[")) {
        read_scalar(r, l, depth);
        return;
    }
    if (depth >= SHAPE_MAX_RANK) {
        fail(r, "at most 8 dimensions");
        return;
    }
    int64_t n = 0;
    while (!r->failed && !accept(r, "]")) {
        if (n > 0)
            expect(r, ",");
        read_rows(r, l, depth + 1);
        n++;
    }
    if (l->known[depth] && l->shape.dim[depth] != n)
        fail(r, "rows of equal length");
    l->known[depth] = true;
    l->shape.dim[depth] = n;
    if (n == 0 && l->depth < 0)
        l->depth = depth + 1;
}

static Tensor *read_tensor(Reader *r, const DType *dtype)
{
    Literal l = { .depth = -1 };
    read_rows(r, &l, 0);
    if (r->failed)
        return NULL;
    l.shape.rank = l.depth;
    DType type = dtype ? *dtype : l.is_bool ? DTYPE_BOOL : DTYPE_F32;
    Tensor *t = tensor_new(r->arena, type, l.shape);
    for (int i = 0; i < l.value.n; i++)
        t->at[i] = l.value.at[i];
    return t;
}

bool graph_read_literal(Arena *a, const char *text, Tensor **value)
{
    Source *s = source_new(a, "literal", "literal", text, (uint32_t)strlen(text));
    Reader r = { a, s, diag_sink_new(a), text, false };
    *value = read_tensor(&r, NULL);
    skip(&r);
    return !r.failed && *r.at == '\0';
}

/* ---- attributes ---------------------------------------------------------------------- */

static AttrValue read_ints(Reader *r)
{
    VEC(int64_t) list = { 0 };
    expect(r, "[");
    while (!r->failed && !accept(r, "]")) {
        if (list.n > 0)
            expect(r, ",");
        int64_t value = read_int(r);
        vec_push(r->arena, &list, value);
    }
    AttrValue v = { 0 };
    v.ints.n = list.n;
    v.ints.at = list.at;
    return v;
}

static AttrValue read_value(Reader *r, AttrKind kind)
{
    AttrValue v = { 0 };
    DType dtype = DTYPE_F32;
    switch (kind) {
    case ATTR_INT:
    case ATTR_BOOL:
        v.i = read_int(r);
        break;
    case ATTR_FLOAT:
        v.f = read_number(r);
        break;
    case ATTR_INTS:
        v = read_ints(r);
        break;
    case ATTR_TEXT:
        v.text = read_text(r);
        break;
    case ATTR_DTYPE:
        if (!dtype_find(read_name(r), &dtype))
            fail(r, "an element type");
        v.i = (int64_t)dtype;
        break;
    case ATTR_TENSOR:
        v.tensor = read_tensor(r, NULL);
        break;
    }
    return v;
}

static void read_attrs(Reader *r, const Op *op, AttrValue *attrs)
{
    if (!accept(r, "{"))
        return;
    for (int n = 0; !r->failed && !accept(r, "}"); n++) {
        if (n > 0)
            expect(r, ",");
        const char *name = read_name(r);
        int i = 0;
        while (i < OP_MAX_ATTRS && op->attr[i].name && !str_equal(op->attr[i].name, name))
            i++;
        if (i == OP_MAX_ATTRS || op->attr[i].name == NULL) {
            fail(r, str_printf(r->arena, "an attribute of `%s`", op->name));
            return;
        }
        expect(r, "=");
        attrs[i] = read_value(r, op->attr[i].kind);
    }
}

/* ---- nodes --------------------------------------------------------------------------- */

static const char *const input_kind[] = { "field",     "param",  "state",    "scalar", "key",
                                          "iteration", "sample", "gradient", "operand" };
static const char *const result_kind[] = { "output",   "next",    "report",
                                           "gradient", "measure", "operand" };
static const char *const stage_name[] = { "sample", "batched", "diff", "grouped" };

static int find_word(const char *word, const char *const *list, int n)
{
    for (int i = 0; i < n; i++)
        if (str_equal(word, list[i]))
            return i;
    return -1;
}

typedef struct Type {
    DType dtype;
    int64_t bound;
    Shape shape;
    bool batched;
} Type;

static Type read_type(Reader *r)
{
    Type t = { .dtype = DTYPE_F32 };
    expect(r, ":");
    if (!dtype_find(read_name(r), &t.dtype))
        fail(r, "an element type");
    if (accept(r, "<")) {
        t.bound = read_int(r);
        expect(r, ">");
    }
    AttrValue dims = read_ints(r);
    if (dims.ints.n > SHAPE_MAX_RANK)
        fail(r, "at most 8 dimensions");
    else
        t.shape = shape_of(dims.ints.n, dims.ints.at);
    for (int i = 0; i < t.shape.rank; i++)
        if (t.shape.dim[i] < 1 || t.shape.dim[i] > INT32_MAX)
            fail(r, "positive extents");
    t.batched = accept(r, "batched");
    return t;
}

static bool read_body(Reader *r, Graph *g, const char *stop, int depth);

static Node *read_input(Reader *r, Graph *g)
{
    int kind = find_word(read_name(r), input_kind, ARRAY_LEN(input_kind));
    if (kind < 0) {
        fail(r, "the kind of an input");
        return NULL;
    }
    skip(r);
    const char *path = *r->at == '"' ? read_text(r) : NULL;
    Type t = read_type(r);
    return r->failed ? NULL
                     : build_input(g, (InputKind)kind, path, t.dtype, t.shape, t.bound,
                                   t.batched);
}

typedef VEC(Node *) NodeVec;

static void read_operands(Reader *r, const Map *names, NodeVec *in)
{
    skip(r);
    if (*r->at == '{' || *r->at == ':')
        return;
    do {
        const char *name = read_name(r);
        Node *n = map_find(names, name);
        if (n == NULL)
            fail(r, str_printf(r->arena, "an earlier node, `%s` is none", name));
        else
            vec_push(r->arena, in, n);
    } while (!r->failed && accept(r, ","));
}

/* Checks the node that was read against its op and against the type that is written. */
static Node *finish_node(Reader *r, Graph *g, const Op *op, const NodeVec *in,
                         AttrValue *attrs, const Type *t, Graph *body)
{
    if (op == &op_constant && attrs[0].tensor != NULL) {
        Tensor *value = tensor_new(r->arena, t->dtype, attrs[0].tensor->shape);
        for (int64_t i = 0; i < shape_count(&value->shape); i++)
            value->at[i] = attrs[0].tensor->at[i];
        attrs[0].tensor = value;
    }
    Node *n = graph_add(g, op, in->n, in->at);
    for (int i = 0; i < OP_MAX_ATTRS && op->attr[i].name != NULL; i++)
        n->attr[i] = attrs[i];
    n->body = body;
    n->dtype = t->dtype;
    n->shape = t->shape;
    n->bound = t->bound;
    n->batched = t->batched;
    NodeType type = { t->dtype, t->shape, t->bound };
    if (!op->shape(n, &type, r->sink)) {
        r->failed = true;
        return NULL;
    }
    if (type.dtype != t->dtype || !shape_equal(&type.shape, &t->shape))
        fail(r, str_printf(r->arena, "the type %s%s before here", dtype_name(type.dtype),
                           shape_text(r->arena, &type.shape)));
    return n;
}

static int count_operands(const Op *op)
{
    int n = 0;
    while (n < OP_MAX_OPERANDS && op->operand[n].name != NULL)
        n++;
    return n;
}

static bool operands_fit(Reader *r, const Op *op, int n)
{
    int want = count_operands(op);
    bool variadic = (op->flags & OP_VARIADIC) != 0;
    if (op != &op_result && (variadic ? n < (op == &op_group ? 0 : 1) : n != want))
        return fail(r, str_printf(r->arena, "%d operands of `%s` before here", want,
                                  op->name));
    return true;
}

static Node *read_node(Reader *r, Graph *g, const Map *names, int depth)
{
    const char *word = read_name(r);
    const Op *op = op_find(word);
    if (op == NULL) {
        fail(r, str_printf(r->arena, "an op before here, `%s` is none", word));
        return NULL;
    }
    if (op == &op_input)
        return read_input(r, g);
    NodeVec in = { 0 };
    AttrValue attrs[OP_MAX_ATTRS] = { 0 };
    read_operands(r, names, &in);
    read_attrs(r, op, attrs);
    if (r->failed)
        return NULL;
    Type t = read_type(r);
    Graph *body = NULL;
    if (accept(r, "(")) {
        body = graph_new(r->arena, NULL);
        if (!read_body(r, body, ")", depth + 1))
            return NULL;
    }
    if (op == &op_group && (body == NULL || body->result.n == 0))
        fail(r, "the region of the group before here");
    if (r->failed || !operands_fit(r, op, in.n))
        return NULL;
    return finish_node(r, g, op, &in, attrs, &t, body);
}

/* `kind "path" = name`, when the word in front is the kind of a result. */
static bool read_result(Reader *r, Graph *g, const Map *names)
{
    const char *begin = r->at;
    int kind = find_word(read_name(r), result_kind, ARRAY_LEN(result_kind));
    skip(r);
    if (kind < 0) {
        r->at = begin;
        return false;
    }
    const char *path = *r->at == '"' ? read_text(r) : NULL;
    if (path == NULL && kind != RESULT_OPERAND) {
        r->at = begin;
        return false;
    }
    expect(r, "=");
    const char *name = read_name(r);
    Node *value = map_find(names, name);
    if (value == NULL)
        fail(r, "an earlier node before here");
    else
        graph_add_result(g, (ResultKind)kind, path, value);
    return true;
}

static bool is_generated(const char *name, const Node *n)
{
    return name[0] == 'v' && isdigit((unsigned char)name[1]) && atoi(name + 1) == n->id;
}

static bool read_body(Reader *r, Graph *g, const char *stop, int depth)
{
    Map *names = map_new(r->arena);
    if (depth > MAX_NESTING)
        return fail(r, "fewer nested regions");
    for (;;) {
        skip(r);
        if (r->failed)
            return false;
        if (*r->at == '\0' || strncmp(r->at, "graph ", 6) == 0)
            return *stop == '\0' || fail(r, "`)`");
        if (*stop != '\0' && accept(r, stop))
            return true;
        if (read_result(r, g, names) || r->failed)
            continue;
        const char *name = read_name(r);
        expect(r, "=");
        Node *n = r->failed ? NULL : read_node(r, g, names, depth);
        if (n == NULL)
            return r->failed ? false : fail(r, "a node");
        if (map_has(names, name))
            return fail(r, "a name that is new before here");
        if (!is_generated(name, n))
            n->name = name;
        map_put(names, name, n);
    }
}

bool graph_read(Arena *a, const Source *source, DiagSink *sink, int *n, Graph ***graphs)
{
    Reader r = { a, source, sink, source->text, false };
    VEC(Graph *) list = { 0 };
    if (!expect(&r, "dlir") || !expect(&r, "graph") || !expect(&r, "1"))
        return false;
    while (!r.failed && accept(&r, "graph")) {
        Graph *g = graph_new(a, read_name(&r));
        if (str_equal(g->name, "_"))
            g->name = NULL;
        expect(&r, "batch");
        g->batch = read_int(&r);
        expect(&r, "stage");
        int stage = find_word(read_name(&r), stage_name, ARRAY_LEN(stage_name));
        if (stage < 0)
            fail(&r, "a stage");
        g->stage = (Stage)(stage < 0 ? 0 : stage);
        if (!r.failed)
            read_body(&r, g, "", 0);
        vec_push(a, &list, g);
        while (accept(&r, "dlir")) { /* files put one behind the other */
            expect(&r, "graph");
            expect(&r, "1");
        }
    }
    skip(&r);
    if (!r.failed && *r.at != '\0')
        fail(&r, "`graph`");
    *n = list.n;
    *graphs = list.at;
    return !r.failed;
}

/* ---- expressions of examples: `op literal, literal {attrs}` ---------------------------- */

static int64_t bound_of(const Op *op, int operand, const Tensor *t)
{
    int64_t most = 0;
    int i = op->flags & OP_VARIADIC ? 0 : operand;
    if (i >= OP_MAX_OPERANDS || op->operand[i].name == NULL ||
        op->operand[i].domain != DOMAIN_LABEL)
        return 0;
    for (int64_t k = 0; k < shape_count(&t->shape); k++)
        most = (int64_t)t->at[k] > most ? (int64_t)t->at[k] : most;
    return most + 1;
}

Node *graph_read_expression(Graph *g, const char *text, DiagSink *sink)
{
    Arena *a = g->arena;
    Source *s = source_new(a, "expression", "expression", text, (uint32_t)strlen(text));
    Reader r = { a, s, sink, text, false };
    const Op *op = op_find(read_name(&r));
    NodeVec in = { 0 };
    AttrValue attrs[OP_MAX_ATTRS] = { 0 };
    if (op == NULL) {
        fail(&r, "an op");
        return NULL;
    }
    skip(&r);
    while (!r.failed && *r.at != '{' && *r.at != '\0') {
        if (in.n > 0)
            expect(&r, ",");
        Tensor *t = read_tensor(&r, NULL);
        if (t == NULL)
            break;
        int64_t bound = bound_of(op, in.n, t);
        bool label = bound > 0 && t->dtype == DTYPE_F32;
        if (label)
            t->dtype = op == &op_random ? DTYPE_U32 : dtype_of_index(bound);
        Node *n = build_constant(g, t);
        n->bound = label && op != &op_random ? bound : 0;
        vec_push(a, &in, n);
        skip(&r);
    }
    read_attrs(&r, op, attrs);
    return r.failed ? NULL : build_node(g, sink, op, in.n, in.at, attrs);
}
