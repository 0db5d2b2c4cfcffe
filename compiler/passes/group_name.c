/* group_name.c - names of kernels: which layer, and what happens in it. */
#include "graph/op.h"
#include "passes/group.h"
#include "support/str.h"

#include <ctype.h>
#include <string.h>

enum { WORDS_MAX = 4, NAME_MAX_LENGTH = 48 };

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* "conv2" of "lenet/conv2/w". */
static const char *layer_of_param(Arena *a, const char *path)
{
    const char *end = strrchr(path, '/');
    if (!end)
        return "";
    const char *begin = end;
    while (begin > path && begin[-1] != '/')
        begin--;
    return str_copy(a, begin, (size_t)(end - begin));
}

/* The layer that n belongs to: of the param that it reads, else of its frame. */
static const char *layer_of(Arena *a, const Node *n)
{
    for (int i = 0; i < n->n_in; i++) {
        const Node *x = n->in[i];
        while (x->op->flags & OP_VIEW)
            x = x->in[0];
        if (node_is_input(x, INPUT_PARAM))
            return layer_of_param(a, attr_text(x, "path"));
    }
    for (const Frame *f = n->frame; f; f = f->parent)
        if (f->path && f->path[0])
            return last_part(f->path);
    return "";
}

/* The layer whose param the group updates; NULL: it updates none. */
static const char *updated_layer(Arena *a, const Grouping *p, int group)
{
    const char *layer = NULL;
    for (int i = 0; i < p->g->result.n; i++) {
        const Result *r = &p->g->result.at[i];
        if (r->kind != RESULT_NEXT || p->of[r->value->id] != group)
            continue;
        bool param = false;
        for (int j = 0; j < p->g->node.n; j++)
            param |= node_is_input(p->g->node.at[j], INPUT_PARAM) &&
                     str_equal(attr_text(p->g->node.at[j], "path"), r->path);
        if (param || !layer)
            layer = layer_of_param(a, r->path);
    }
    return layer;
}

static bool is_zero(const Node *n)
{
    while (n->op == &op_broadcast || n->op == &op_reshape)
        n = n->in[0];
    return constant_is_uniform(n) && attr_tensor(n, "value")->at[0] == 0;
}

static bool is_bias(const Node *n)
{
    for (int i = 0; i < 2; i++) {
        const Node *x = n->in[i];
        while (x->op == &op_reshape)
            x = x->in[0];
        if (x->op == &op_broadcast && node_is_input(x->in[0], INPUT_PARAM))
            return true;
    }
    return false;
}

/* What the op is called in a kernel's name; NULL: not mentioned. */
static const char *word_of(const Node *n)
{
    switch (n->op->code) {
    case OP_add:
        return is_bias(n) ? "bias" : "add";
    case OP_max:
        return is_zero(n->in[0]) || is_zero(n->in[1]) ? "relu" : "max";
    case OP_reduce_sum:
        return "sum";
    case OP_reduce_max:
        return "rowmax";
    case OP_conv2d:
        return "conv";
    case OP_conv2d_filter:
        return "filter";
    case OP_conv2d_input:
        return "input";
    default:
        return n->op->flags & OP_VIEW ? NULL : n->op->name;
    }
}

static bool has_word(const char *const *word, int n, const char *w)
{
    for (int i = 0; i < n; i++)
        if (str_equal(word[i], w))
            return true;
    return false;
}

const char *group_name(Arena *a, const Grouping *p, int group)
{
    const char *layer = "", *word[WORDS_MAX];
    int n = 0;
    const char *updated = updated_layer(a, p, group);
    bool update = updated != NULL;
    for (int i = 0; i < p->g->node.n; i++) {
        const Node *x = p->g->node.at[i];
        if (p->of[i] != group)
            continue;
        bool nest = node_is_nest(x);
        if (!layer[0] || nest)
            layer = layer_of(a, x);
        const char *w = word_of(x);
        /* what an update consists of is the optimizer's business */
        bool enough = update && n > 0;
        if (w && n < WORDS_MAX && !enough && !has_word(word, n, w) &&
            !str_starts(layer, w))
            word[n++] = w;
    }
    if (update && n < WORDS_MAX)
        word[n++] = "update";
    if (update && updated[0])
        layer = updated;
    char *name = str_copy(a, layer, strlen(layer));
    for (int i = 0; i < n; i++)
        if (strlen(name) + strlen(word[i]) < NAME_MAX_LENGTH)
            name = str_printf(a, "%s%s%s", name, name[0] ? "_" : "", word[i]);
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c))
            *c = '_';
    return name[0] ? name : "group";
}
