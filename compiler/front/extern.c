/* extern.c - `extern "dl_conv2d"`: the compiler's own primitives, given to the library
 * under the signatures it writes for them. */
#include "front/elab.h"

#include "support/bug.h"

typedef struct ExternCall {
    const Item *item;
    Scope *scope;
    Span span;
} ExternCall;

static Value *argument(const ExternCall *c, const char *name)
{
    const Binding *b = scope_find(c->scope, name);
    if (b == NULL || b->value == NULL)
        BUG("extern `%s` has no parameter %s", c->item->name, name);
    return b->value;
}

/* Two positive ints: [2, 2], or 2 for both. */
static bool pair_argument(Elab *e, const ExternCall *c, const char *name, int64_t y[2])
{
    const Value *v = argument(c, name);
    for (int i = 0; i < 2; i++) {
        const Value *x = v->kind == VALUE_LIST && v->list.n == 2 ? v->list.at[i] : v;
        if (x->kind != VALUE_INT || x->integer < 1 || x->integer > INT32_MAX)
            return fail(e, DIAG_ATTRIBUTE, c->span,
                        "`%s` of `%s` is one or two positive ints, found %s", name,
                        c->item->name, value_describe(e->arena, v)) != NULL;
        y[i] = x->integer;
    }
    return true;
}

typedef struct Window {
    int64_t size[2], stride[2], dilation[2];
    int64_t pad[4]; /* before and after, rows then columns */
} Window;

/* `same`: as many outputs as ceil(n / stride), zeros split evenly, the odd one after
 * (TensorFlow's convention, which Keras models expect). `causal`: all of them before.
 */
static bool window_pad(Elab *e, const ExternCall *c, const Node *x, Window *w)
{
    const char *pad = argument(c, "pad")->text;
    for (int i = 0; i < 2; i++) {
        int64_t n = x->shape.dim[i], reach = (w->size[i] - 1) * w->dilation[i] + 1;
        int64_t outputs = (n + w->stride[i] - 1) / w->stride[i];
        int64_t total = (outputs - 1) * w->stride[i] + reach - n;
        if (str_equal(pad, "causal"))
            total = reach - 1;
        else if (!str_equal(pad, "same") || total < 0)
            total = 0;
        w->pad[2 * i] = str_equal(pad, "causal") ? total : total / 2;
        w->pad[2 * i + 1] = total - w->pad[2 * i];
        if (n + total < reach)
            return fail(e, DIAG_ATTRIBUTE, c->span,
                        "a window of %lld does not fit in %lld positions",
                        (long long)reach, (long long)n) != NULL;
    }
    return true;
}

/* c in groups of k's third dimension, k's last in as many parts. */
static bool groups_fit(Elab *e, const ExternCall *c, const Shape *x, const Shape *k,
                       int64_t *groups)
{
    const Value *v = argument(c, "groups");
    *groups = v->kind == VALUE_INT ? v->integer : 0;
    if (*groups > 0 && x->dim[2] == k->dim[2] * *groups && k->dim[3] % *groups == 0)
        return true;
    Diag *d = fail_begin(e, DIAG_PATTERN, c->span,
                         "`%s` of %lld channels in groups=%s cannot take filters %s",
                         c->item->name, (long long)x->dim[2], value_words(e->arena, v),
                         shape_text(e->arena, k));
    diag_note(d,
              "filters are [height, width, channels of a group, outputs], and groups "
              "divide channels and outputs");
    return diag_end(d);
}

static Value *convolution(Elab *e, const ExternCall *c, bool depthwise)
{
    Value *x = argument(c, "x"), *k = argument(c, "k");
    Window w;
    Shape *s = &k->tensor->node->shape;
    w.size[0] = s->dim[0];
    w.size[1] = s->dim[1];
    if (!pair_argument(e, c, "s", w.stride) ||
        !pair_argument(e, c, "dilation", w.dilation) ||
        !window_pad(e, c, x->tensor->node, &w))
        return NULL;
    Graph *g = graph_at(e, c->span);
    Node *filter = k->tensor->node;
    int64_t groups = s->dim[2];
    if (depthwise) { /* [kh, kw, c, m] as c groups of one input channel each */
        int64_t dims[4] = { s->dim[0], s->dim[1], 1, s->dim[2] * s->dim[3] };
        filter = build_reshape(g, filter, shape_of(4, dims));
    } else if (!groups_fit(e, c, &x->tensor->node->shape, s, &groups)) {
        return NULL;
    }
    Node *in[2] = { x->tensor->node, filter };
    Node *y =
        node_with(e, &op_conv2d, 2, in, "stride_h", w.stride[0], "stride_w",
                  w.stride[1], "pad_top", w.pad[0], "pad_bottom", w.pad[1], "pad_left",
                  w.pad[2], "pad_right", w.pad[3], "dilation_h", w.dilation[0],
                  "dilation_w", w.dilation[1], "groups", groups, NULL);
    return tensor_make(e, y, 2, (Value *[]){ x, k });
}

/* The gradient of a `same` convolution for its image, as a layer: s times the extents
 * (Dumoulin and Visin 2016, section 4). */
static Value *deconvolution(Elab *e, const ExternCall *c)
{
    Value *x = argument(c, "x"), *k = argument(c, "k");
    const Shape *s = &k->tensor->node->shape, *image = &x->tensor->node->shape;
    int64_t stride[2], before[2], after[2], extent[2];
    if (!pair_argument(e, c, "s", stride))
        return NULL;
    for (int i = 0; i < 2; i++) {
        int64_t total = s->dim[i] > stride[i] ? s->dim[i] - stride[i] : 0;
        extent[i] = image->dim[i] * stride[i];
        before[i] = total / 2;
        after[i] = total - total / 2;
    }
    graph_at(e, c->span);
    Node *in[2] = { x->tensor->node, k->tensor->node };
    const int64_t one = 1;
    Node *y =
        node_with(e, &op_conv2d_input, 2, in, "stride_h", stride[0], "stride_w",
                  stride[1], "pad_top", before[0], "pad_bottom", after[0], "pad_left",
                  before[1], "pad_right", after[1], "dilation_h", one, "dilation_w",
                  one, "groups", one, "h", extent[0], "w", extent[1], NULL);
    return tensor_make(e, y, 2, (Value *[]){ x, k });
}

static Value *pooling(Elab *e, const ExternCall *c, const Op *op)
{
    Value *x = argument(c, "x");
    int64_t size[2], stride[2];
    if (!pair_argument(e, c, "size", size) || !pair_argument(e, c, "stride", stride))
        return NULL;
    Node *n = x->tensor->node;
    for (int i = 0; i < 2; i++)
        if (n->shape.dim[i] < size[i])
            return fail(e, DIAG_ATTRIBUTE, c->span,
                        "a window of %lld does not fit in %lld positions",
                        (long long)size[i], (long long)n->shape.dim[i]);
    graph_at(e, c->span);
    Node *y = node_with(e, op, 1, &n, "size_h", size[0], "size_w", size[1], "stride_h",
                        stride[0], "stride_w", stride[1], NULL);
    return tensor_make(e, y, 1, &x);
}

/* dl_softplus: the pointwise op of that name on the only parameter. */
static Value *pointwise(Elab *e, const ExternCall *c, const Op *op)
{
    const AstList *params = &c->item->ast->item.signature->signature.params;
    Value *x = tensor_of(e, argument(c, params->at[0]->name));
    if (x == NULL || x->kind != VALUE_TENSOR)
        return NULL;
    return tensor_make(e, build_unary(graph_at(e, c->span), op, x->tensor->node), 1,
                       &x);
}

Value *extern_call(Elab *e, const Item *item, const char *name, Scope *s)
{
    ExternCall c = { item, s, item->ast->name_span };
    if (str_equal(name, "dl_conv2d"))
        return convolution(e, &c, false);
    if (str_equal(name, "dl_depthwise2d"))
        return convolution(e, &c, true);
    if (str_equal(name, "dl_deconv2d"))
        return deconvolution(e, &c);
    if (str_equal(name, "dl_max_pool"))
        return pooling(e, &c, &op_max_pool);
    if (str_equal(name, "dl_sum_pool"))
        return pooling(e, &c, &op_sum_pool);
    if (str_equal(name, "dl_scan"))
        return scan_value(e, argument(&c, "x"), argument(&c, "cell")->layer, c.span);
    const Op *op = op_find(name + 3);
    bool unary = op != NULL && (op->flags & OP_POINTWISE) != 0 &&
                 op->operand[0].name != NULL && op->operand[1].name == NULL;
    if (unary && item->ast->item.signature->signature.params.n == 1)
        return pointwise(e, &c, op);
    BUG("the library's `%s` is no primitive: %s", item->name, name);
}
