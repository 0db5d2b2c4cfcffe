/* builtin_shape.c - builtins that move elements without computing. */
#include "front/elab.h"

#include "support/bug.h"

#include <ctype.h>
#include <string.h>

static Value *tensor_input(Elab *e, const Builtin *b, Value *x, Span span)
{
    Value *t = tensor_of(e, x);
    if (t == NULL)
        return fail(e, DIAG_KIND, span, "`%s` takes a tensor, found %s", b->name,
                    value_describe(e->arena, x));
    return t;
}

/* The same elements in another shape: what is known of their range stays true. */
static Value *reshaped(Elab *e, Value *x, Shape shape, Span span)
{
    const Shape *old = &x->tensor->node->shape;
    Value *y =
        tensor_make(e, build_reshape(graph_at(e, span), x->tensor->node, shape), 1, &x);
    if (y == NULL || x->tensor->range == RANGE_ANY)
        return y;
    bool rows = shape.rank > 0 && old->rank > 0 &&
                shape.dim[shape.rank - 1] == old->dim[old->rank - 1];
    bool simplex = x->tensor->range == RANGE_SIMPLEX;
    y->tensor->range = simplex && !rows ? RANGE_UNIT : x->tensor->range;
    if (x->tensor->logits != NULL && y->tensor->range == x->tensor->range) {
        TensorValue *logits = tensor_copy(e, x->tensor->logits);
        logits->node = build_reshape(e->graph, logits->node, shape);
        y->tensor->logits = logits;
    }
    return y;
}

bool shape_of_list(Elab *e, const Value *list, Span span, Shape *shape)
{
    *shape = (Shape){ 0 };
    if (list->kind != VALUE_LIST)
        return fail(e, DIAG_KIND, span, "a shape is a list of ints, found %s",
                    value_describe(e->arena, list)) != NULL;
    for (int i = 0; i < list->list.n; i++) {
        const Value *v = list->list.at[i];
        if (v->kind != VALUE_INT) {
            Diag *d =
                fail_begin(e, DIAG_KIND, span, "a dimension must be an int, found %s",
                           value_describe(e->arena, v));
            if (v->kind == VALUE_FLOAT)
                diag_help(d, "`/` always gives a float; integer division is `//`");
            return diag_end(d);
        }
        if (!shape_push(e, span, shape, v->integer))
            return false;
    }
    return shape_check(e, span, shape);
}

Value *builtin_reshape(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Shape shape;
    Value *x = tensor_input(e, b, args->at[0], args->span);
    if (x == NULL || !shape_of_list(e, args->at[1], args->span, &shape))
        return NULL;
    int64_t n = shape_count(&x->tensor->node->shape), m = shape_count(&shape);
    if (n == m)
        return reshaped(e, x, shape, args->span);
    Diag *d = fail_begin(e, DIAG_RESHAPE, args->span,
                         "cannot reshape %s (%lld values) to %s (%lld values)",
                         tensor_text(e->arena, x->tensor), (long long)n,
                         shape_text(e->arena, &shape), (long long)m);
    diag_origin(e, d, x->tensor, "");
    diag_trail(e, d, x->tensor);
    int64_t rest = shape.rank > 0 ? m / shape.dim[shape.rank - 1] : 0;
    if (rest > 0 && n % rest == 0) {
        shape.dim[shape.rank - 1] = n / rest;
        diag_help(d, "`%s` would fit", shape_text(e->arena, &shape));
    }
    return fail_end(d);
}

Value *builtin_squeeze(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_input(e, b, args->at[0], args->span);
    if (x == NULL)
        return NULL;
    const Shape *s = &x->tensor->node->shape;
    Shape y = { 0 };
    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] != 1)
            y.dim[y.rank++] = s->dim[i];
    return y.rank == s->rank ? x : reshaped(e, x, y, args->span);
}

Value *builtin_transpose(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_input(e, b, args->at[0], args->span);
    if (x == NULL)
        return NULL;
    if (x->tensor->node->shape.rank < 2)
        return fail(e, DIAG_PATTERN, args->span,
                    "`transpose` swaps the last two dimensions, but its input is %s",
                    tensor_text(e->arena, x->tensor));
    Node *y = build_transpose_last(graph_at(e, args->span), x->tensor->node);
    return tensor_make(e, y, 1, &x);
}

Value *builtin_reverse(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *first = value_int(e->arena, 0);
    Value *x = tensor_input(e, b, args->at[0], args->span);
    int64_t axis = x == NULL ? -1
                             : axis_of(e, args->at[1] != NULL ? args->at[1] : first, x,
                                       args->span);
    if (axis < 0)
        return NULL;
    graph_at(e, args->span);
    Node *n = x->tensor->node;
    if (n->op == b->op && attr_int(n, "axis") == axis) /* and back again */
        return tensor_make(e, n->in[0], 1, &x);
    Node *y = node_with(e, b->op, 1, &n, "axis", axis, NULL);
    return tensor_make(e, y, 1, &x);
}

Value *builtin_concat(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    const Value *list = args->at[0];
    Value *last = value_int(e->arena, -1);
    if (list->kind != VALUE_LIST || list->list.n == 0)
        return fail(e, DIAG_KIND, args->span,
                    "`concat` joins a list of tensors, found %s",
                    value_describe(e->arena, list));
    int n = list->list.n;
    Node **nodes = arena_array(e->arena, Node *, n);
    Value *x = NULL;
    int64_t axis = 0;
    for (int i = 0; i < n; i++) {
        Value *y = tensor_input(e, b, list->list.at[i], args->span);
        if (y == NULL)
            return NULL;
        nodes[i] = y->tensor->node;
        if (i == 0) {
            x = y;
            axis = axis_of(e, args->at[1] != NULL ? args->at[1] : last, x, args->span);
            if (axis < 0)
                return NULL;
        }
        const Shape *p = &x->tensor->node->shape, *q = &nodes[i]->shape;
        bool fits = p->rank == q->rank && nodes[i]->dtype == x->tensor->node->dtype;
        for (int k = 0; fits && k < p->rank; k++)
            fits = k == axis || p->dim[k] == q->dim[k];
        if (!fits) {
            Diag *d = fail_begin(e, DIAG_BROADCAST, args->span,
                                 "`concat` cannot join %s and %s along dimension %lld",
                                 tensor_text(e->arena, x->tensor),
                                 tensor_text(e->arena, y->tensor), (long long)axis);
            diag_origin(e, d, x->tensor, "");
            diag_origin(e, d, y->tensor, "");
            return fail_end(d);
        }
    }
    Node *y = build_concat(graph_at(e, args->span), n, nodes, (int)axis);
    return tensor_make(e, y, n, list->list.at);
}

/* n equal parts along an axis, stacked: [n, ..]; unpack takes its rows. */
Value *builtin_split(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *last = value_int(e->arena, -1);
    Value *x = tensor_input(e, b, args->at[0], args->span);
    const Value *n = args->at[1];
    int64_t axis =
        x == NULL ? -1
                  : axis_of(e, args->at[2] != NULL ? args->at[2] : last, x, args->span);
    if (axis < 0)
        return NULL;
    const Shape *s = &x->tensor->node->shape;
    if (n->kind != VALUE_INT || n->integer < 1 || s->dim[axis] % n->integer != 0)
        return fail(e, DIAG_RESHAPE, args->span, "cannot split %s into %s equal parts",
                    tensor_text(e->arena, x->tensor), value_words(e->arena, n));
    Value **parts = arena_array(e->arena, Value *, n->integer);
    int64_t width = s->dim[axis] / n->integer;
    Graph *g = graph_at(e, args->span);
    for (int64_t i = 0; i < n->integer; i++) {
        int64_t start[SHAPE_MAX_RANK] = { 0 }, stop[SHAPE_MAX_RANK],
                step[SHAPE_MAX_RANK];
        for (int k = 0; k < s->rank; k++) {
            stop[k] = s->dim[k];
            step[k] = 1;
        }
        start[axis] = i * width;
        stop[axis] = start[axis] + width;
        parts[i] =
            tensor_make(e, build_slice(g, x->tensor->node, start, stop, step), 1, &x);
        if (parts[i] == NULL)
            return NULL;
    }
    return value_list(e->arena, VALUE_LIST, (int)n->integer, parts);
}

/* [n] each side, a list of one number an axis. */
Value *builtin_pad(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    int64_t side[2][SHAPE_MAX_RANK], none[SHAPE_MAX_RANK] = { 0 };
    Value *x = tensor_input(e, b, args->at[0], args->span);
    if (x == NULL)
        return NULL;
    int rank = x->tensor->node->shape.rank;
    for (int k = 0; k < 2; k++) {
        const Value *v = args->at[1 + k];
        bool fits = v->kind == VALUE_LIST && v->list.n == rank;
        for (int i = 0; fits && i < rank; i++) {
            fits = v->list.at[i]->kind == VALUE_INT && v->list.at[i]->integer >= 0 &&
                   v->list.at[i]->integer < INT32_MAX;
            side[k][i] = fits ? v->list.at[i]->integer : 0;
        }
        if (!fits)
            return fail(e, DIAG_KIND, args->span,
                        "`pad` takes a list of %d ints for each side, found %s", rank,
                        value_describe(e->arena, v));
    }
    Node *y =
        build_pad(graph_at(e, args->span), x->tensor->node, side[0], side[1], none);
    return tensor_make(e, y, 1, &x);
}

/* ---- what is known of a shape ---------------------------------------------------- */

Value *builtin_rank(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_input(e, b, args->at[0], args->span);
    return x == NULL ? NULL : value_int(e->arena, x->tensor->node->shape.rank);
}

Value *builtin_shape(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_input(e, b, args->at[0], args->span);
    Value *at[SHAPE_MAX_RANK];
    if (x == NULL)
        return NULL;
    const Shape *s = &x->tensor->node->shape;
    for (int i = 0; i < s->rank; i++)
        at[i] = value_int(e->arena, s->dim[i]);
    return value_list(e->arena, VALUE_LIST, s->rank, at);
}

Value *builtin_size(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    if (args->at[0]->kind == VALUE_LIST)
        return value_int(e->arena, args->at[0]->list.n);
    Value *x = tensor_input(e, b, args->at[0], args->span);
    return x == NULL ? NULL : value_int(e->arena, shape_count(&x->tensor->node->shape));
}

Value *builtin_pair(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *k = args->at[0];
    (void)b;
    if (k->kind != VALUE_LIST)
        return value_list(e->arena, VALUE_LIST, 2, (Value *[]){ k, k });
    if (k->list.n != 2)
        return fail(e, DIAG_KIND, args->span, "a pair has two numbers, found %s",
                    value_describe(e->arena, k));
    return k;
}

/* ---- rearrange ------------------------------------------------------------------- */

enum { MAX_AXES = 16 };

typedef struct Axis {
    const char *name;
    int group;       /* dimension of its side */
    uint32_t offset; /* in the pattern */
} Axis;

typedef struct Side {
    int n, n_groups;
    Axis axis[MAX_AXES];
} Side;

typedef struct Rearrange {
    const char *pattern;
    const Ast *node;
    Side left, right;
    int n_sizes;
    const char *name[MAX_AXES];
    int64_t size[MAX_AXES];
} Rearrange;

static Span part(const Rearrange *r, uint32_t offset, size_t length)
{
    if (r->node == NULL || r->node->kind != AST_STRING)
        return (Span){ 0 };
    Span s = r->node->span;
    s.begin += 1 + offset; /* after the quote */
    s.end = s.begin + (uint32_t)length;
    return s;
}

static bool read_side(Elab *e, Rearrange *r, uint32_t begin, uint32_t end, Side *side)
{
    bool group = false;
    for (uint32_t i = begin; i < end;) {
        char c = r->pattern[i];
        if (c == '(' || c == ')') {
            if ((c == '(') == group)
                break;
            group = c == '(';
            side->n_groups += group ? 1 : 0;
            i++;
        } else if (isalnum((unsigned char)c) || c == '_') {
            uint32_t from = i;
            while (i < end &&
                   (isalnum((unsigned char)r->pattern[i]) || r->pattern[i] == '_'))
                i++;
            bool unit = i - from == 1 && r->pattern[from] == '1';
            if (side->n == MAX_AXES || (!unit && isdigit((unsigned char)c)))
                break;
            side->n_groups += group ? 0 : 1;
            if (!unit)
                side->axis[side->n++] =
                    (Axis){ str_copy(e->arena, r->pattern + from, i - from),
                            side->n_groups - 1, from };
        } else if (c == ' ') {
            i++;
        } else {
            break;
        }
        if (i == end && !group)
            return true;
    }
    if (begin == end)
        return true;
    return fail(e, DIAG_RESHAPE, part(r, begin, end - begin),
                "cannot read this side of the pattern") != NULL;
}

static int64_t *size_of(Rearrange *r, const char *name)
{
    for (int i = 0; i < r->n_sizes; i++)
        if (str_equal(r->name[i], name))
            return &r->size[i];
    return NULL;
}

/* The extent of each name: given, or what its group leaves over. */
static bool solve_group(Elab *e, Rearrange *r, int group, int64_t extent, Span span)
{
    const char *unknown = NULL;
    int64_t known = 1;
    Out product;
    out_init(&product, e->arena);
    for (int i = 0; i < r->left.n; i++) {
        const Axis *a = &r->left.axis[i];
        if (a->group != group)
            continue;
        out_print(&product, "%s%s", product.length > 0 ? " * " : "", a->name);
        const int64_t *size = size_of(r, a->name);
        if (size != NULL)
            known *= *size;
        else if (unknown != NULL)
            return fail(e, DIAG_RESHAPE, span, "cannot infer both %s and %s", unknown,
                        a->name) != NULL;
        else
            unknown = a->name;
    }
    if (known < 1 || extent % known != 0 || (unknown == NULL && known != extent))
        return fail(e, DIAG_RESHAPE, span, "%s is %lld, but the dimension is %lld",
                    product.length > 0 ? out_text(&product) : "an axis without names",
                    (long long)known, (long long)extent) != NULL;
    if (unknown != NULL) {
        r->name[r->n_sizes] = unknown;
        r->size[r->n_sizes++] = extent / known;
    }
    return true;
}

static int side_find(const Side *s, const char *name)
{
    for (int i = 0; i < s->n; i++)
        if (str_equal(s->axis[i].name, name))
            return i;
    return -1;
}

/* A name stands once on a side. */
static bool check_once(Elab *e, const Rearrange *r, const Side *side)
{
    for (int i = 0; i < side->n; i++) {
        const Axis *a = &side->axis[i];
        if (side_find(side, a->name) == i)
            continue;
        Diag *d = fail_begin(e, DIAG_RESHAPE, part(r, a->offset, strlen(a->name)),
                             "`%s` appears twice on one side of the pattern", a->name);
        diag_help(d, "each dimension has a name of its own");
        return diag_end(d);
    }
    return true;
}

static bool check_sizes(Elab *e, const Rearrange *r, const BuiltinArgs *args)
{
    for (int i = 0; i < args->n_extra; i++)
        if (side_find(&r->left, args->extra_name[i]) < 0)
            return fail(e, DIAG_RESHAPE, args->span,
                        "`%s` is not a name of the pattern",
                        args->extra_name[i]) != NULL;
    return true;
}

static bool check_names(Elab *e, const Rearrange *r)
{
    for (int i = 0; i < r->right.n; i++) {
        const Axis *a = &r->right.axis[i];
        if (side_find(&r->left, a->name) < 0)
            return fail(e, DIAG_RESHAPE, part(r, a->offset, strlen(a->name)),
                        "`%s` appears only on the right of the pattern",
                        a->name) != NULL;
    }
    for (int i = 0; i < r->left.n; i++) {
        const Axis *a = &r->left.axis[i];
        if (side_find(&r->right, a->name) >= 0)
            continue;
        Diag *d = fail_begin(e, DIAG_RESHAPE, part(r, a->offset, strlen(a->name)),
                             "`%s` appears only on the left of the pattern", a->name);
        diag_help(d, "to sum over it write `sum(x, axis=...)` first");
        return diag_end(d);
    }
    return true;
}

static bool rearrange_read(Elab *e, Rearrange *r, const BuiltinArgs *args)
{
    const char *arrow = strstr(r->pattern, "->");
    uint32_t length = (uint32_t)strlen(r->pattern);
    uint32_t at = arrow == NULL ? length : (uint32_t)(arrow - r->pattern);
    if (arrow == NULL)
        return fail(e, DIAG_RESHAPE, args->span,
                    "a pattern has two sides: \"a b -> b a\"") != NULL;
    for (int i = 0; i < args->n_extra; i++) {
        if (args->extra[i]->kind != VALUE_INT || args->extra[i]->integer < 1)
            return fail(e, DIAG_KIND, args->span, "`%s` is an int, found %s",
                        args->extra_name[i],
                        value_describe(e->arena, args->extra[i])) != NULL;
        r->name[r->n_sizes] = args->extra_name[i];
        r->size[r->n_sizes++] = args->extra[i]->integer;
    }
    return read_side(e, r, 0, at, &r->left) &&
           read_side(e, r, at + 2, length, &r->right) && check_once(e, r, &r->left) &&
           check_once(e, r, &r->right) && check_sizes(e, r, args);
}

static Node *rearranged(Elab *e, Rearrange *r, Node *x)
{
    Shape flat = { .rank = r->left.n }, y = { .rank = r->right.n_groups };
    int axes[MAX_AXES];
    for (int i = 0; i < r->left.n; i++)
        flat.dim[i] = *size_of(r, r->left.axis[i].name);
    for (int i = 0; i < y.rank; i++)
        y.dim[i] = 1;
    for (int i = 0; i < r->right.n; i++) {
        axes[i] = side_find(&r->left, r->right.axis[i].name);
        y.dim[r->right.axis[i].group] *= flat.dim[axes[i]];
    }
    Node *n = build_reshape(e->graph, x, flat);
    return build_reshape(e->graph, build_transpose(e->graph, n, axes), y);
}

Value *builtin_rearrange(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Value *x = tensor_input(e, b, args->at[0], args->span);
    if (x == NULL)
        return NULL;
    if (args->at[1]->kind != VALUE_STRING)
        return fail(e, DIAG_KIND, args->span, "the pattern is a string, found %s",
                    value_describe(e->arena, args->at[1]));
    Rearrange r = { .pattern = args->at[1]->text, .node = args->node[1] };
    if (!rearrange_read(e, &r, args))
        return NULL;
    const Shape *s = &x->tensor->node->shape;
    if (r.left.n_groups != s->rank) {
        size_t length = strstr(r.pattern, "->") == NULL
                            ? 0
                            : (size_t)(strstr(r.pattern, "->") - r.pattern);
        while (length > 0 && r.pattern[length - 1] == ' ')
            length--;
        Diag *d = fail_begin(e, DIAG_RESHAPE, part(&r, 0, length),
                             "the pattern names %d dimensions, but its input is %s",
                             r.left.n_groups, tensor_text(e->arena, x->tensor));
        diag_origin(e, d, x->tensor, "");
        return fail_end(d);
    }
    for (int i = 0; i < s->rank; i++)
        if (!solve_group(e, &r, i, s->dim[i], args->span))
            return NULL;
    if (!check_names(e, &r))
        return NULL;
    if (r.left.n > SHAPE_MAX_RANK)
        return fail(e, DIAG_ATTRIBUTE, args->span, "a pattern has at most %d names",
                    SHAPE_MAX_RANK);
    graph_at(e, args->span);
    return tensor_make(e, rearranged(e, &r, x->tensor->node), 1, &x);
}
