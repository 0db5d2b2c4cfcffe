/* value.c - making values and naming them in messages. */
#include "front/value.h"

#include "front/builtin.h"
#include "support/bug.h"

#include <math.h>
#include <stdio.h>

static Value *make(Arena *a, ValueKind kind)
{
    Value *v = arena_new(a, Value);
    v->kind = kind;
    return v;
}

Value *value_int(Arena *a, int64_t x)
{
    Value *v = make(a, VALUE_INT);
    v->integer = x;
    return v;
}

Value *value_float(Arena *a, double x)
{
    Value *v = make(a, VALUE_FLOAT);
    v->number = x;
    return v;
}

Value *value_bool(Arena *a, bool x)
{
    Value *v = make(a, VALUE_BOOL);
    v->truth = x;
    return v;
}

Value *value_text(Arena *a, ValueKind kind, const char *text)
{
    Value *v = make(a, kind);
    v->text = text;
    return v;
}

Value *value_quantity(Arena *a, double x, Dimension dim)
{
    Value *v = make(a, VALUE_QUANTITY);
    v->quantity.value = x;
    v->quantity.dim = dim;
    return v;
}

Value *value_list(Arena *a, ValueKind kind, int n, Value *const *at)
{
    Value *v = make(a, kind);
    v->list.n = n;
    v->list.at = arena_array(a, Value *, n);
    for (int i = 0; i < n; i++)
        v->list.at[i] = at[i];
    return v;
}

Value *value_tensor(Arena *a, TensorValue *t)
{
    Value *v = make(a, VALUE_TENSOR);
    v->tensor = t;
    return v;
}

bool value_is_number(const Value *v)
{
    return v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
}

double value_number(const Value *v)
{
    switch (v->kind) {
    case VALUE_INT:
        return (double)v->integer;
    case VALUE_FLOAT:
        return v->number;
    case VALUE_BOOL:
        return v->truth ? 1 : 0;
    default:
        BUG("value of kind %d is no number", (int)v->kind);
    }
}

bool dimension_equal(Dimension a, Dimension b)
{
    return a.time == b.time && a.size == b.size && a.angle == b.angle;
}

bool value_equal(const Value *a, const Value *b)
{
    bool numbers = (value_is_number(a) || a->kind == VALUE_BOOL) &&
                   (value_is_number(b) || b->kind == VALUE_BOOL);
    if (numbers)
        return value_number(a) == value_number(b);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VALUE_STRING:
    case VALUE_WORD:
        return str_equal(a->text, b->text);
    case VALUE_QUANTITY:
        return a->quantity.value == b->quantity.value &&
               dimension_equal(a->quantity.dim, b->quantity.dim);
    case VALUE_LIST:
        if (a->list.n != b->list.n)
            return false;
        for (int i = 0; i < a->list.n; i++)
            if (!value_equal(a->list.at[i], b->list.at[i]))
                return false;
        return true;
    default:
        return a == b;
    }
}

const char *tensor_text(Arena *a, const TensorValue *t)
{
    const Node *n = t->node;
    const char *type = n->bound > 0 ? str_printf(a, "index(%lld)", (long long)n->bound)
                                    : dtype_name(n->dtype);
    if (n->shape.rank == 0)
        return type;
    return str_printf(a, "%s%s", type, shape_text(a, &n->shape));
}

static const char *quantity_text(Arena *a, const Value *v)
{
    Dimension d = v->quantity.dim;
    const char *unit = "?";
    if (dimension_equal(d, (Dimension){ 1, 0, 0 }))
        unit = "s";
    else if (dimension_equal(d, (Dimension){ -1, 0, 0 }))
        unit = "Hz";
    else if (dimension_equal(d, (Dimension){ 0, 1, 0 }))
        unit = "bytes";
    else if (dimension_equal(d, (Dimension){ 0, 0, 1 }))
        unit = "rad";
    return str_printf(a, "%g %s", v->quantity.value, unit);
}

const char *value_words(Arena *a, const Value *v)
{
    switch (v->kind) {
    case VALUE_INT:
        return str_printf(a, "%lld", (long long)v->integer);
    case VALUE_FLOAT:
        return str_printf(a, "%g", v->number);
    case VALUE_BOOL:
        return v->truth ? "true" : "false";
    case VALUE_STRING:
    case VALUE_WORD:
        return v->text;
    case VALUE_QUANTITY:
        return quantity_text(a, v);
    case VALUE_LIST: {
        Out o;
        out_init(&o, a);
        out_puts(&o, "[");
        for (int i = 0; i < v->list.n; i++) {
            out_puts(&o, i > 0 ? ", " : "");
            out_puts(&o, value_words(a, v->list.at[i]));
        }
        out_puts(&o, "]");
        return out_text(&o);
    }
    case VALUE_TENSOR:
        return tensor_text(a, v->tensor);
    default:
        return value_describe(a, v);
    }
}

const char *value_describe(Arena *a, const Value *v)
{
    const char *words = NULL;
    switch (v->kind) {
    case VALUE_INT:
        return str_printf(a, "the int %lld", (long long)v->integer);
    case VALUE_FLOAT:
        return str_printf(a, "the float %g", v->number);
    case VALUE_BOOL:
        return v->truth ? "the bool `true`" : "the bool `false`";
    case VALUE_STRING:
        return str_printf(a, "the string \"%s\"", v->text);
    case VALUE_WORD:
        return str_printf(a, "the word `%s`", v->text);
    case VALUE_QUANTITY:
        return quantity_text(a, v);
    case VALUE_RANGE:
        return "a range";
    case VALUE_LIST:
        return str_printf(a, "the list %s", value_words(a, v));
    case VALUE_TUPLE:
        return str_printf(a, "%d results", v->list.n);
    case VALUE_TENSOR:
        words = tensor_text(a, v->tensor);
        return v->tensor->node->shape.rank > 0
                   ? words
                   : str_printf(a, "%s (one number)", words);
    case VALUE_LAYER:
        return str_printf(a, "the layer `%s`", layer_name(v->layer));
    case VALUE_ITEM:
        return str_printf(a, "the %s `%s`", ast_kind_word(v->item->ast->kind),
                          v->item->name);
    case VALUE_BUILTIN:
        return str_printf(a, "the function `%s`", v->builtin->name);
    case VALUE_DTYPE:
        return str_printf(a, "the type `%s`", dtype_name(v->dtype));
    case VALUE_MODULE:
        return str_printf(a, "the module `%s`", v->module->name);
    case VALUE_GONE:
        return "a value of the step";
    case VALUE_CONFIG:
        return str_printf(a, "the %s `%s`", v->config->spec->kind, v->config->name);
    }
    BUG("no such kind of value");
}

/* ---- sets of parameters ---------------------------------------------------------- */

const LeafSet *leaf_set_of(Arena *a, Leaf *leaf)
{
    LeafSet *s = arena_new(a, LeafSet);
    s->at = arena_array(a, Leaf *, 1);
    s->at[0] = leaf;
    s->n = 1;
    return s;
}

static bool contains(const LeafSet *big, const LeafSet *small)
{
    int i = 0;
    for (int j = 0; j < small->n; j++) {
        while (i < big->n && big->at[i]->id < small->at[j]->id)
            i++;
        if (i == big->n || big->at[i] != small->at[j])
            return false;
    }
    return true;
}

const LeafSet *leaf_set_union(Arena *a, const LeafSet *x, const LeafSet *y)
{
    if (x == NULL || x == y)
        return y;
    if (y == NULL || contains(x, y))
        return x;
    if (contains(y, x))
        return y;
    LeafSet *s = arena_new(a, LeafSet);
    s->at = arena_array(a, Leaf *, x->n + y->n);
    for (int i = 0, j = 0; i < x->n || j < y->n;) {
        bool first = j == y->n || (i < x->n && x->at[i]->id <= y->at[j]->id);
        if (first && j < y->n && x->at[i] == y->at[j])
            j++;
        s->at[s->n++] = first ? x->at[i++] : y->at[j++];
    }
    return s;
}

Cut *cut_join(Arena *a, Cut *x, Cut *y)
{
    if (x == NULL || x == y)
        return y;
    if (y == NULL)
        return x;
    Cut *c = arena_new(a, Cut);
    c->left = x;
    c->right = y;
    return c;
}
