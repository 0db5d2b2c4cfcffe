/* check_grad.c - gradients by central differences, by the adjoint identity, and to
 * second order, for the case as it is and with a batch axis in front.
 *
 *   first    d<u, y>/dx_i at single elements, |error| <= 1e-6 (1 + |d|)
 *   adjoint  <J v, u> = <v, J^T u> for random directions v
 *   second   d/de <c, g(x + e v, u + e w)> = <v, d<c,g>/dx> + <w, d<c,g>/du>, g = J^T u
 *
 * Differences in f64 with steps of 1e-5: their own error is about 1e-10. */
#include "case.h"

#include "graph/derive.h"
#include "graph/text.h"
#include "passes/pass.h"

#include <math.h>

enum { MAX_POINTS = 8 };

static const double h = 1e-5, tolerance = 1e-6;

typedef struct GradCase {
    Arena *a;
    Tally *t;
    const char *text;
    Graph *g; /* inputs x0 .., u = x<n>, c_j = x<n+1+j>; results y, g_j, s_j, s_u */
    int n_in, n_wrt;
    int wrt[CASE_MAX_IN]; /* which inputs */
    Tensor *x[2 * CASE_MAX_IN + 2];
    int n_x;
} GradCase;

static double inner(const Tensor *a, const Tensor *b)
{
    double sum = 0;
    for (int64_t i = 0; i < shape_count(&a->shape); i++)
        sum += a->at[i] * b->at[i];
    return sum;
}

static double scale_of(const Tensor *a, const Tensor *b)
{
    double sum = 1;
    for (int64_t i = 0; i < shape_count(&a->shape); i++)
        sum += fabs(a->at[i] * b->at[i]);
    return sum;
}

static Tensor *moved(Arena *a, const Tensor *x, const Tensor *v, double by)
{
    Tensor *y = tensor_new(a, x->dtype, x->shape);
    for (int64_t i = 0; i < shape_count(&x->shape); i++)
        y->at[i] = x->at[i] + by * v->at[i];
    return y;
}

static Node *new_input(GradCase *c, Shape shape)
{
    return build_input(c->g, INPUT_FIELD, str_printf(c->a, "x%d", c->n_x++), DTYPE_F32,
                       shape, 0, false);
}

/* Derives twice inside the case's graph. */
static bool derive(GradCase *c, Node *y, Node *const *in)
{
    Node *wrt[CASE_MAX_IN + 1], *first[CASE_MAX_IN], *cotangent[CASE_MAX_IN];
    Node *second[CASE_MAX_IN + 1];
    c->n_x = c->n_in;
    Node *u = new_input(c, y->shape);
    for (int i = 0; i < c->n_wrt; i++)
        wrt[i] = in[c->wrt[i]];
    graph_derive(c->g, 1, &y, &u, c->n_wrt, wrt, first);
    for (int i = 0; i < c->n_wrt; i++) {
        if (!shape_equal(&first[i]->shape, &wrt[i]->shape)) {
            tally_fail(c->t, c->text, "gradient %d has another shape than its operand",
                       i);
            return false;
        }
        graph_add_result(c->g, RESULT_GRADIENT, "g", first[i]);
        cotangent[i] = new_input(c, wrt[i]->shape);
    }
    wrt[c->n_wrt] = u;
    graph_derive(c->g, c->n_wrt, first, cotangent, c->n_wrt + 1, wrt, second);
    for (int i = 0; i <= c->n_wrt; i++)
        graph_add_result(c->g, RESULT_GRADIENT, "s", second[i]);
    const char *defects = graph_verify(c->g, c->a);
    if (defects)
        tally_fail(c->t, c->text, "%s", defects);
    return defects == NULL;
}

/* <u, y> at inputs x; results of the whole graph when asked. */
static double value_at(GradCase *c, Tensor *const *x, Tensor ***results)
{
    Tensor **r = case_run(c->g, c->a, c->n_x, x);
    if (results)
        *results = r;
    return inner(r[0], x[c->n_in]);
}

static void check_points(GradCase *c, Tensor **at)
{
    for (int i = 0; i < c->n_wrt; i++) {
        Tensor *x = c->x[c->wrt[i]], *shifted = tensor_new(c->a, x->dtype, x->shape);
        int64_t count = shape_count(&x->shape);
        c->x[c->wrt[i]] = shifted;
        for (int p = 0; p < MAX_POINTS && p < count; p++) {
            int64_t j =
                count <= MAX_POINTS ? p : (int64_t)(random_unit(c->t) * (double)count);
            for (int64_t k = 0; k < count; k++)
                shifted->at[k] = x->at[k];
            shifted->at[j] = x->at[j] + h;
            double up = value_at(c, c->x, NULL);
            shifted->at[j] = x->at[j] - h;
            double down = value_at(c, c->x, NULL);
            double want = (up - down) / (2 * h), got = at[1 + i]->at[j];
            tally_compare(c->t, c->text,
                          str_printf(c->a, "gradient %d at %d", i, (int)j), got, want,
                          1 + fabs(want), tolerance);
        }
        c->x[c->wrt[i]] = x;
    }
}

/* Inputs and u moved by e along v and w. */
static double gradient_along(GradCase *c, Tensor *const *v, const Tensor *w, double e,
                             double *y_u)
{
    Tensor *x[2 * CASE_MAX_IN + 2], **r;
    for (int i = 0; i < c->n_x; i++)
        x[i] = c->x[i];
    for (int i = 0; i < c->n_wrt; i++)
        x[c->wrt[i]] = moved(c->a, c->x[c->wrt[i]], v[i], e);
    *y_u = value_at(c, x, &r);
    if (w) {
        x[c->n_in] = moved(c->a, c->x[c->n_in], w, e);
        value_at(c, x, &r);
    }
    double sum = 0;
    for (int i = 0; i < c->n_wrt; i++)
        sum += inner(r[1 + i], x[c->n_in + 1 + i]);
    return sum;
}

static void check_directions(GradCase *c, Tensor **at)
{
    Tensor *v[CASE_MAX_IN], *w = random_tensor(c->a, c->t, c->x[c->n_in]->shape);
    double adjoint = 0, second = 0, first_scale = 1, second_scale = 1;
    for (int i = 0; i < c->n_wrt; i++) {
        v[i] = random_tensor(c->a, c->t, c->x[c->wrt[i]]->shape);
        adjoint += inner(v[i], at[1 + i]);
        first_scale += scale_of(v[i], at[1 + i]);
        second += inner(v[i], at[1 + c->n_wrt + i]);
        second_scale += scale_of(v[i], at[1 + c->n_wrt + i]);
    }
    second += inner(w, at[1 + 2 * c->n_wrt]);
    second_scale += scale_of(w, at[1 + 2 * c->n_wrt]);
    double y_up, y_down;
    double up = gradient_along(c, v, w, h, &y_up),
           down = gradient_along(c, v, w, -h, &y_down);
    tally_compare(c->t, c->text, "adjoint product", adjoint, (y_up - y_down) / (2 * h),
                  first_scale, tolerance);
    tally_compare(c->t, c->text, "second derivative", second, (up - down) / (2 * h),
                  second_scale, tolerance);
}

static void run_case(GradCase *c, const OpCase *base)
{
    Node *in[CASE_MAX_IN] = { 0 };
    for (int i = 0; i < c->g->node.n; i++)
        for (int j = 0; j < base->n_in && c->g->node.at[i]->op == &op_input; j++)
            if (str_equal(attr_text(c->g->node.at[i], "path"),
                          str_printf(c->a, "x%d", j)))
                in[j] = c->g->node.at[i];
    c->n_in = base->n_in;
    for (int i = 0; i < c->n_in; i++)
        if (in[i] && dtype_is_float(in[i]->dtype))
            c->wrt[c->n_wrt++] = i;
    if (c->n_wrt == 0)
        return;
    c->t->cases++;
    OpCase sampled = *base;
    for (int i = 0; i < c->n_in; i++)
        sampled.in[i] = in[i];
    case_sample(&sampled, c->a, c->t, c->x);
    if (!derive(c, c->g->result.at[0].value, in))
        return;
    for (int i = c->n_in; i < c->n_x; i++)
        for (int j = 0; j < c->g->node.n; j++) {
            const Node *n = c->g->node.at[j];
            if (n->op == &op_input &&
                str_equal(attr_text(n, "path"), str_printf(c->a, "x%d", i)))
                c->x[i] = random_tensor(c->a, c->t, n->shape);
        }
    Tensor **at;
    value_at(c, c->x, &at);
    check_points(c, at);
    check_directions(c, at);
}

static void check_case(Tally *t, const Op *op, const char *text, bool batched)
{
    Arena *a = arena_create("grad");
    OpCase base = case_new(a, text, op, batched ? ~0u : 0, t);
    if (base.graph && dtype_is_float(base.node->dtype)) {
        GradCase c = { .a = a, .t = t, .text = text, .g = base.graph };
        PassContext cx = {
            .module = a, .scratch = a, .sink = diag_sink_new(a), .batch = 2
        };
        out_init(&cx.stats, a);
        if (batched)
            graph_batch(&cx, c.g);
        c.g->stage = STAGE_DIFF;
        run_case(&c, &base);
    }
    arena_destroy(a);
}

static void flipped(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    op_tanh.grad(g, n, dy, dx, need);
    dx[0] = build_neg(g, dx[0]);
}

/* Right to first order, wrong to second: y is taken for a constant. */
static void half(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    Node *y = build_stop_gradient(g, build_tanh(g, n->in[0]));
    dx[0] = build_mul(g, dy, build_sub(g, build_scalar(g, 1), build_mul(g, y, y)));
}

void check_grad(Tally *t, bool fault)
{
    if (fault) {
        Op broken = op_tanh;
        broken.grad = flipped;
        check_case(t, &broken, "tanh f32[2, 3]", false);
        int before = t->failures;
        broken.grad = half;
        check_case(t, &broken, "tanh f32[2, 3]", false);
        t->failures = before > 0 && t->failures > before;
        return;
    }
    for (int i = 0; i < OP_COUNT; i++) {
        const Op *op = op_table[i];
        const char *text[64];
        bool skip = (!op->grad || op->flags & (OP_STRUCTURE | OP_SAMPLE_ONLY)) &&
                    !op->grad_region;
        int n = skip ? 0 : case_texts(op, text, 64);
        for (int j = 0; j < n; j++) {
            check_case(t, op, text[j], false);
            check_case(t, op, text[j], true);
        }
    }
}
