/* stream.c - a net on a sequence becomes one that takes a row a call (`stream: input`).
 *
 * Every value of the net's graph is one of three: it does not depend on the stream; it
 * has one row for each row of the stream, of which the call computes the newest; or it
 * is what is known after the newest row (the last row, a carry). What fits none of them
 * needs rows that are to come, or all at once: E0503 names the first.
 *
 * A scan's carries become states that the caller keeps, and its region is computed
 * once; a causal convolution keeps the rows that its kernel still sees. From a reset
 * on, a call gives what the whole-sequence net gives for that row. */
#include "front/stream.h"

#include "graph/region.h"
#include "support/bug.h"

#include <string.h>

/* ---- what is in the way ---- */

bool stream_refuse(Stream *s, const Node *n, const char *format)
{
    Elab *e = s->e;
    const char *word = n->span.source != NULL ? span_words(e, n->span) : n->op->name;
    Diag *d = diag_begin(e->sink, DIAG_STREAM, n->span,
                         "cannot stream `%s`: this needs every step at once", s->input);
    diag_primary_text(d, "`%s` %s", word, format);
    diag_label(d, s->setting->ast->name_span, "asked for here");
    diag_help(d, "`scan`, `last` and causal convolutions can be streamed");
    return diag_end(d);
}

/* ---- parts ---- */

void stream_set(Stream *s, const Node *n, Kind kind, int axis, Node *y)
{
    y->batched = false;
    s->part[n->id] = (Part){ kind, axis, y };
}

Shape shape_without(const Shape *shape, int axis)
{
    Shape y = { .rank = shape->rank - 1 };
    for (int i = 0; i < y.rank; i++)
        y.dim[i] = shape->dim[i < axis ? i : i + 1];
    return y;
}

Shape shape_with_one(const Shape *shape, int axis)
{
    Shape y = { .rank = shape->rank + 1 };
    for (int i = 0; i < y.rank; i++)
        y.dim[i] = i == axis ? 1 : shape->dim[i < axis ? i : i - 1];
    return y;
}

Node *stream_copy(Stream *s, const Node *n, Node *const *in)
{
    Node *y = graph_copy_node(s->to, n, in);
    y->batched = false;
    if (n->op == &op_random)
        attr_set(y, "batched", (AttrValue){ .i = 0 });
    return y;
}

/* A row of what does not depend on the stream: the same for all rows, or NULL. */
static Node *plain_row(Stream *s, const Node *x, int axis)
{
    Graph *to = s->to;
    Shape row = shape_without(&x->shape, axis);
    if (x->op == &op_constant && shape_count(&x->shape) > 0) {
        const Tensor *t = attr_tensor(x, "value");
        for (int64_t i = 1; i < shape_count(&x->shape); i++)
            if (t->at[i] != t->at[0])
                return NULL;
        Tensor *one = tensor_new(s->e->arena, x->dtype, (Shape){ 0 });
        one->at[0] = t->at[0];
        return build_broadcast(to, build_constant(to, one), row);
    }
    if (x->op != &op_broadcast)
        return NULL;
    const Node *from = x->in[0];
    int at = axis - (x->shape.rank - from->shape.rank); /* of the axis in `from` */
    if (at >= 0 && from->shape.dim[at] != 1)
        return plain_row(s, from, at) == NULL
                   ? NULL
                   : build_broadcast(to, plain_row(s, from, at), row);
    Node *y = s->part[from->id].node;
    if (at >= 0)
        y = build_reshape(to, y, shape_without(&from->shape, at));
    return build_broadcast(to, y, row);
}

/* The row of operand i beside operands with time at `axis`; NULL: reported. */
Node *stream_row(Stream *s, const Node *n, int i, int axis)
{
    const Node *x = n->in[i];
    const Part *p = &s->part[x->id];
    Node *y = NULL;
    if (p->kind == ROWS && p->axis == axis)
        y = p->node;
    else if (p->kind == PLAIN)
        y = plain_row(s, x, axis);
    if (y == NULL)
        stream_refuse(s, n,
                      p->kind == PLAIN ? "treats each step differently"
                                       : "combines rows of different steps");
    return y;
}

static int stream_axis(const Stream *s, const Node *n)
{
    for (int i = 0; i < n->n_in; i++)
        if (s->part[n->in[i]->id].kind == ROWS)
            return s->part[n->in[i]->id].axis;
    return -1;
}

/* ---- states ---- */

static ModuleTensor *find_memory(const ModuleNet *step, const char *path)
{
    for (int i = 0; i < step->memory.n; i++)
        if (str_equal(step->memory.at[i]->path, path))
            return step->memory.at[i];
    return NULL;
}

/* A state of the stream, and its value before this call. `first`: its value after a
 * reset, of the net's graph; NULL: zeros. */
static Node *remember(Stream *s, const char *wish, const Shape *shape, const Node *n,
                      const char **path)
{
    Arena *a = s->e->arena;
    if (!str_starts(wish, str_printf(a, "%s/", s->net->name))) /* another net's cell */
        wish = str_printf(a, "%s/%s", s->net->name, wish);
    *path = wish;
    for (int i = 2; find_memory(s->step, *path) != NULL; i++)
        *path = str_printf(a, "%s_%d", wish, i);
    ModuleTensor *t = arena_new(a, ModuleTensor);
    t->path = *path;
    t->role = ROLE_MEMORY;
    t->dtype = DTYPE_F32;
    t->shape = *shape;
    t->span = n->span;
    t->frame = n->frame;
    vec_push(a, &s->step->memory, t);
    return build_input(s->to, INPUT_STATE, *path, DTYPE_F32, *shape, 0, false);
}

static void reset_to_zero(Stream *s, const char *path, const Shape *shape)
{
    graph_add_result(s->step->reset, RESULT_NEXT, path,
                     build_full(s->step->reset, 0, *shape));
}

/* A value that does not depend on the stream, in the graph `reset`. */
static Node *reset_value(Stream *s, const Node *x, Node **done)
{
    if (done[x->id] != NULL)
        return done[x->id];
    Node **in = arena_array(s->e->arena, Node *, x->n_in + 1);
    for (int i = 0; i < x->n_in; i++)
        in[i] = reset_value(s, x->in[i], done);
    done[x->id] = graph_copy_node(s->step->reset, x, in);
    done[x->id]->batched = false;
    return done[x->id];
}

static bool depends_on_field(const Node *x)
{
    if (node_is_input(x, INPUT_FIELD))
        return true;
    for (int i = 0; i < x->n_in; i++)
        if (depends_on_field(x->in[i]))
            return true;
    return false;
}

/* The rows that a kernel still sees, then this one; next time without the oldest. */
static Node *window(Stream *s, const Node *n, Node *row, int64_t reach)
{
    const char *path;
    Shape kept = shape_with_one(&row->shape, 1), all = kept;
    kept.dim[1] = reach - 1;
    all.dim[1] = reach;
    Node *now = build_reshape(s->to, row, shape_with_one(&row->shape, 1));
    if (reach == 1)
        return now;
    const char *where = n->frame != NULL && n->frame->path[0] ? n->frame->path : "conv";
    Node *old = remember(s, str_printf(s->e->arena, "%s/rows", where), &kept, n, &path);
    reset_to_zero(s, path, &kept);
    Node *both = build_concat(s->to, 2, (Node *[]){ old, now }, 1);
    int64_t start[SHAPE_MAX_RANK] = { 0, 1 }, step[SHAPE_MAX_RANK];
    for (int i = 0; i < SHAPE_MAX_RANK; i++)
        step[i] = 1;
    graph_add_result(s->to, RESULT_NEXT, path,
                     build_slice(s->to, both, start, all.dim, step));
    return both;
}

/* [1, t, c], its columns the steps. */
static bool stream_conv(Stream *s, const Node *n, int axis)
{
    const Node *k = n->in[1];
    bool fits = n->in[0]->shape.rank == 3 && axis == 1 && n->in[0]->shape.dim[0] == 1 &&
                s->part[k->id].kind == PLAIN;
    if (!fits)
        return stream_refuse(s, n,
                             "looks at several rows in a way that cannot be kept");
    int64_t reach = (k->shape.dim[1] - 1) * attr_int(n, "dilation_w") + 1;
    if (attr_int(n, "stride_w") != 1 || attr_int(n, "pad_left") != reach - 1 ||
        attr_int(n, "pad_right") != 0)
        return stream_refuse(s, n,
                             attr_int(n, "stride_w") != 1
                                 ? "skips rows"
                                 : "looks at rows to come: it is not `pad=causal`");
    Node *in[2] = { window(s, n, s->part[n->in[0]->id].node, reach),
                    s->part[k->id].node };
    AttrValue attrs[OP_MAX_ATTRS];
    memcpy(attrs, n->attr, sizeof *attrs * (size_t)(OP_MAX_ATTRS - 1));
    for (int i = 0; i < OP_MAX_ATTRS && n->op->attr[i].name != NULL; i++)
        if (str_equal(n->op->attr[i].name, "pad_left"))
            attrs[i].i = 0;
    Node *y = build_node(s->to, NULL, n->op, 2, in, attrs);
    stream_set(s, n, ROWS, 1, build_reshape(s->to, y, shape_without(&y->shape, 1)));
    return true;
}

/* One step of the region, its inputs in `in`. */
static Node **run_region(Stream *s, const Graph *body, Node *const *in)
{
    Node **made = arena_array(s->e->arena, Node *, body->node.n + 1);
    for (int i = 0, input = 0; i < body->node.n; i++) {
        const Node *x = body->node.at[i];
        if (x->op == &op_input) {
            made[i] = in[input++];
            continue;
        }
        Node **args = arena_array(s->e->arena, Node *, x->n_in + 1);
        for (int j = 0; j < x->n_in; j++)
            args[j] = made[x->in[j]->id];
        made[i] = stream_copy(s, x, args);
    }
    Node **result = arena_array(s->e->arena, Node *, body->result.n);
    for (int i = 0; i < body->result.n; i++)
        result[i] = made[body->result.at[i].value->id];
    return result;
}

static bool check_scan(Stream *s, const Node *n, const ScanParts *p)
{
    if (p->reverse)
        return stream_refuse(s, n, "runs backwards");
    for (int i = 0; i < n->n_in; i++) {
        const Part *x = &s->part[n->in[i]->id];
        bool row = i >= p->carries && i < p->carries + p->rows;
        if (row ? x->kind == NOW : x->kind != PLAIN)
            return stream_refuse(s, n, "reads what all rows make");
        if (i < p->carries && depends_on_field(n->in[i]))
            return stream_refuse(s, n, "begins with what a call is given");
    }
    return true;
}

static bool stream_scan(Stream *s, const Node *n, int axis, Node ***results)
{
    ScanParts p = scan_parts(n);
    Arena *a = s->e->arena;
    Node **in = arena_array(a, Node *, n->n_in + 1);
    const char **path = arena_array(a, const char *, p.carries + 1);
    if (axis != 0)
        return stream_refuse(s, n, "runs over another dimension than time");
    if (!check_scan(s, n, &p))
        return false;
    Node **done = arena_array(a, Node *, s->net->graph->node.n);
    for (int i = 0; i < n->n_in; i++) {
        bool row = i >= p.carries && i < p.carries + p.rows;
        in[i] = row ? stream_row(s, n, i, 0) : s->part[n->in[i]->id].node;
        if (in[i] == NULL)
            return false;
        if (i >= p.carries)
            continue;
        const Node *c = region_input(n->body, i);
        const char *wish = attr_text(c, "path");
        in[i] = remember(s, wish ? wish : "scan/state", &c->shape, n, &path[i]);
        graph_add_result(s->step->reset, RESULT_NEXT, path[i],
                         reset_value(s, n->in[i], done));
    }
    Node **result = run_region(s, n->body, in);
    for (int i = 0; i < p.carries; i++)
        graph_add_result(s->to, RESULT_NEXT, path[i], result[i]);
    *results = result;
    s->part[n->id] = (Part){ NOW, 0, in[0] };
    return true;
}

/* ---- the graph ---- */

static bool stream_rows(Stream *s, const Node *n, int axis)
{
    if (n->op->flags & OP_POINTWISE)
        return stream_pointwise(s, n, axis);
    switch (n->op->code) {
    case OP_reshape:
        return stream_reshape(s, n, axis);
    case OP_transpose:
        return stream_transpose(s, n, axis);
    case OP_broadcast:
        return stream_broadcast(s, n, axis);
    case OP_slice:
        return stream_slice(s, n, axis);
    case OP_concat:
        return stream_concat(s, n, axis);
    case OP_pad:
        return stream_pad(s, n, axis);
    case OP_reduce_sum:
    case OP_reduce_max:
    case OP_reduce_prod:
        return stream_reduce(s, n, axis);
    case OP_dot:
        return stream_dot(s, n, axis);
    case OP_gather:
        return stream_gather(s, n, axis);
    case OP_conv2d:
        return stream_conv(s, n, axis);
    case OP_reverse:
        return stream_refuse(s, n, "begins with the last row");
    case OP_stop_gradient:
        s->part[n->id] = s->part[n->in[0]->id];
        return true;
    default:
        return stream_refuse(s, n, "looks at several rows");
    }
}

static bool stream_node(Stream *s, const Node *n, Node ***results)
{
    int axis = stream_axis(s, n);
    Kind kind = PLAIN;
    Node **in = arena_array(s->e->arena, Node *, n->n_in + 1);
    s->to->span = n->span;
    s->to->frame = n->frame;
    if (node_is_input(n, INPUT_FIELD) && str_equal(attr_text(n, "path"), s->input)) {
        stream_set(s, n, ROWS, 0,
                   build_input(s->to, INPUT_FIELD, s->input, n->dtype,
                               shape_without(&n->shape, 0), n->bound, false));
        return true;
    }
    if (node_is_scan_result(n) && results[n->in[0]->id] != NULL) {
        int index = (int)attr_int(n, "index");
        bool row = index >= scan_parts(n->in[0]).carries;
        stream_set(s, n, row ? ROWS : NOW, 0, results[n->in[0]->id][index]);
        return true;
    }
    if (axis >= 0 && n->op == &op_scan)
        return stream_scan(s, n, axis, &results[n->id]);
    if (axis >= 0)
        return stream_rows(s, n, axis);
    for (int i = 0; i < n->n_in; i++) {
        in[i] = s->part[n->in[i]->id].node;
        if (s->part[n->in[i]->id].kind == NOW)
            kind = NOW;
    }
    stream_set(s, n, kind, 0, stream_copy(s, n, in));
    return true;
}

static void write_fields(Stream *s)
{
    const ModuleNet *net = s->net;
    ModuleNet *step = s->step;
    Arena *a = s->e->arena;
    step->input = arena_array(a, Field, net->n_inputs + 1);
    step->output = arena_array(a, Field, net->n_outputs + 1);
    for (int i = 0; i < net->n_inputs; i++) {
        step->input[i] = net->input[i];
        if (str_equal(net->input[i].name, s->input))
            step->input[i].shape = shape_without(&net->input[i].shape, 0);
    }
    for (int i = 0; i < net->n_outputs; i++)
        step->output[i] = net->output[i];
    for (int i = 0; i < net->graph->result.n; i++) {
        const Result *r = &net->graph->result.at[i];
        const Part *p = &s->part[r->value->id];
        graph_add_result(s->to, r->kind, r->path, p->node);
        for (int k = 0; k < net->n_outputs && r->kind == RESULT_OUTPUT; k++)
            if (str_equal(net->output[k].name, r->path))
                step->output[k].shape = p->node->shape;
    }
}

const ModuleNet *stream_net(Elab *e, const ModuleNet *net, const SettingValue *setting)
{
    Stream s = {
        .e = e, .net = net, .input = setting->value->text, .setting = setting
    };
    const Field *field = NULL;
    for (int i = 0; i < net->n_inputs; i++)
        if (str_equal(net->input[i].name, s.input))
            field = &net->input[i];
    if (field == NULL) {
        const char **names = arena_array(e->arena, const char *, net->n_inputs + 1);
        for (int i = 0; i < net->n_inputs; i++)
            names[i] = net->input[i].name;
        Diag *d = diag_begin(e->sink, DIAG_UNDEFINED, setting->ast->named.value->span,
                             "`%s` has no input `%s`", net->name, s.input);
        if (!diag_nearest(d, s.input, names, net->n_inputs) && net->n_inputs > 0)
            diag_help(d, "its first input is `%s`", names[0]);
        return fail_end(d);
    }
    if (field->shape.rank == 0 || net->memory.n > 0) {
        Diag *d = diag_begin(e->sink, DIAG_STREAM, setting->ast->named.value->span,
                             "`%s` is no sequence: %s", s.input,
                             net->memory.n > 0 ? "its net takes one row a call already"
                                               : "it has no dimension to take rows of");
        diag_help(d, "delete `stream: %s`", s.input);
        return fail_end(d);
    }
    ModuleNet *whole = arena_new(e->arena, ModuleNet); /* without what nobody reads */
    *whole = *net;
    whole->graph = graph_rebuild(net->graph, NULL, NULL, true);
    s.net = net = whole;
    s.rows = field->shape.dim[0];
    s.step = arena_new(e->arena, ModuleNet);
    *s.step = *net;
    s.step->graph = s.to = graph_new(e->arena, net->name);
    s.step->reset = graph_new(e->arena, str_printf(e->arena, "%s_reset", net->name));
    s.part = arena_array(e->arena, Part, net->graph->node.n);
    Node ***results = arena_array(e->arena, Node **, net->graph->node.n);
    for (int i = 0; i < net->graph->node.n; i++)
        if (!stream_node(&s, net->graph->node.at[i], results))
            return NULL;
    s.to->next_stream = net->graph->next_stream;
    write_fields(&s);
    memory_inputs(s.step);
    return s.step;
}
