/* print.c - the .dlir text form of graphs; read.c reads it back. */
#include "graph/op.h"
#include "graph/text.h"
#include "graph/words.h"

#include "support/hash.h"

#include <string.h>

static void print_text(Out *o, const char *text)
{
    out_puts(o, "\"");
    for (const char *p = text ? text : ""; *p; p++) {
        if (*p == '"' || *p == '\\')
            out_puts(o, "\\");
        out_write(o, p, 1);
    }
    out_puts(o, "\"");
}

static void print_number(Out *o, DType dtype, double value)
{
    if (dtype == DTYPE_BOOL)
        out_puts(o, value != 0 ? "true" : "false");
    else if (dtype_is_float(dtype))
        out_f64(o, value);
    else
        out_print(o, "%lld", (long long)value);
}

static const double *print_literal(Out *o, DType dtype, const Shape *s, int axis,
                                   const double *at)
{
    if (axis == s->rank) {
        print_number(o, dtype, *at);
        return at + 1;
    }
    out_puts(o, "[");
    for (int64_t i = 0; i < s->dim[axis]; i++) {
        if (i > 0)
            out_puts(o, ", ");
        at = print_literal(o, dtype, s, axis + 1, at);
    }
    out_puts(o, "]");
    return at;
}

static void print_attr(Out *o, const AttrSpec *spec, const AttrValue *v)
{
    out_print(o, "%s=", spec->name);
    switch (spec->kind) {
    case ATTR_INT:
    case ATTR_BOOL:
        out_print(o, "%lld", (long long)v->i);
        break;
    case ATTR_FLOAT:
        out_f64(o, v->f);
        break;
    case ATTR_INTS:
        out_puts(o, "[");
        for (int i = 0; i < v->ints.n; i++)
            out_print(o, "%s%lld", i ? ", " : "", (long long)v->ints.at[i]);
        out_puts(o, "]");
        break;
    case ATTR_TEXT:
        print_text(o, v->text);
        break;
    case ATTR_DTYPE:
        out_puts(o, dtype_name((DType)v->i));
        break;
    case ATTR_TENSOR:
        print_literal(o, v->tensor->dtype, &v->tensor->shape, 0, v->tensor->at);
        break;
    }
}

/* v12 is what node 12 without a name is called: others get a point behind. */
static bool looks_generated(const char *name)
{
    return name[0] == 'v' && name[1] != '\0' &&
           strspn(name + 1, "0123456789") == strlen(name + 1);
}

static void print_name(Out *o, const Node *n)
{
    if (n->name != NULL)
        out_print(o, "%s%s", n->name, looks_generated(n->name) ? "." : "");
    else
        out_print(o, "v%d", n->id);
}

static void print_type(Out *o, const Node *n)
{
    out_print(o, " : %s", dtype_name(n->dtype));
    if (n->bound > 0)
        out_print(o, "<%lld>", (long long)n->bound);
    out_puts(o, "[");
    for (int i = 0; i < n->shape.rank; i++)
        out_print(o, "%s%lld", i ? ", " : "", (long long)n->shape.dim[i]);
    out_puts(o, "]");
    if (n->batched)
        out_puts(o, " batched");
    if (n->late > 0)
        out_print(o, " late %d", n->late);
}

static void print_body(Out *o, const Graph *g, int indent, bool places);

static void print_node(Out *o, const Node *n, int indent, bool places)
{
    out_indent(o, indent);
    print_name(o, n);
    out_print(o, " = %s", n->op->name);
    if (n->op == &op_input) {
        out_print(o, " %s", graph_input_words[attr_int(n, "kind")]);
        if (attr_text(n, "path") != NULL) {
            out_puts(o, " ");
            print_text(o, attr_text(n, "path"));
        }
    } else {
        for (int i = 0; i < n->n_in; i++) {
            out_puts(o, i ? ", " : " ");
            print_name(o, n->in[i]);
        }
        for (int i = 0; i < OP_MAX_ATTRS && n->op->attr[i].name != NULL; i++) {
            out_puts(o, i ? ", " : " {");
            print_attr(o, &n->op->attr[i], &n->attr[i]);
        }
        if (n->op->attr[0].name != NULL)
            out_puts(o, "}");
    }
    print_type(o, n);
    if (n->body != NULL) {
        out_puts(o, " (\n");
        print_body(o, n->body, indent + 2, places);
        out_indent(o, indent);
        out_puts(o, ")");
    }
    if (places && n->span.source != NULL)
        out_print(o, "   # %s:%d", n->span.source->name,
                  source_line(n->span.source, n->span.begin));
    out_puts(o, "\n");
}

static void print_body(Out *o, const Graph *g, int indent, bool places)
{
    for (int i = 0; i < g->node.n; i++)
        print_node(o, g->node.at[i], indent, places);
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        out_indent(o, indent);
        out_print(o, "%s ", graph_result_words[r->kind]);
        print_text(o, r->path);
        out_puts(o, " = ");
        print_name(o, r->value);
        out_puts(o, "\n");
    }
}

static void print_graph(const Graph *g, Out *out, bool places)
{
    out_print(out, "dlir graph 1\ngraph %s batch %lld stage %s\n",
              g->name ? g->name : "_", (long long)g->batch,
              graph_stage_words[g->stage]);
    print_body(out, g, 2, places);
}

void graph_print(const Graph *g, Out *out)
{
    print_graph(g, out, true);
}

uint64_t graph_hash(const Graph *g)
{
    Arena *a = arena_create("graph_hash");
    Out o;
    out_init(&o, a);
    print_graph(g, &o, false);
    uint64_t hash = hash_bytes(HASH_START, out_text(&o), o.length);
    arena_destroy(a);
    return hash;
}
