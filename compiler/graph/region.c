/* region.c - see region.h. */
#include "graph/region.h"

#include "graph/op.h"
#include "support/bug.h"

Node *region_input(const Graph *body, int i)
{
    for (int j = 0; j < body->node.n; j++)
        if (body->node.at[j]->op == &op_input && i-- == 0)
            return body->node.at[j];
    BUG("region %s has no operand %d", body->name, i);
}

int region_input_count(const Graph *body)
{
    int n = 0;
    for (int i = 0; i < body->node.n; i++)
        n += body->node.at[i]->op == &op_input;
    return n;
}

ScanParts scan_parts(const Node *scan)
{
    ScanParts p = { .carries = (int)attr_int(scan, "carries"),
                    .rows = (int)attr_int(scan, "rows"),
                    .length = attr_int(scan, "length"),
                    .reverse = attr_int(scan, "reverse") != 0 };
    p.consts = scan->n_in - p.carries - p.rows;
    p.ys = scan->body->result.n - p.carries;
    return p;
}

bool node_is_scan_result(const Node *n)
{
    return n->op == &op_result && n->in[0]->op == &op_scan;
}

int scan_row_of(const Graph *body, int carries, const Node *value)
{
    for (int i = 0; i < carries; i++)
        if (body->result.at[i].value == value || region_input(body, i) == value)
            return i;
    return -1;
}

bool scan_keeps_rows(const Graph *body, int carries, int carry)
{
    for (int i = carries; i < body->result.n; i++)
        if (scan_row_of(body, carries, body->result.at[i].value) == carry)
            return true;
    return false;
}

static bool mark(Node *n, bool yes)
{
    bool added = yes && !n->batched;
    n->batched = n->batched || yes;
    return added;
}

bool scan_mark(Node *scan)
{
    ScanParts p = scan_parts(scan);
    const Graph *body = scan->body;
    bool any = false;
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < scan->n_in; i++)
            more |= mark(region_input(body, i), scan->in[i]->batched);
        for (int i = 0; i < body->node.n; i++) {
            Node *n = body->node.at[i];
            for (int j = 0; j < n->n_in && !(n->op->flags & OP_SAMPLE_ONLY); j++)
                if (n->op != &op_result)
                    more |= mark(n, n->in[j]->batched);
            if (n->op == &op_scan)
                more |= scan_mark(n);
            if (node_is_scan_result(n))
                more |= mark(
                    n, n->in[0]->body->result.at[attr_int(n, "index")].value->batched);
            else if (n->op == &op_result)
                more |= mark(n, n->in[0]->batched);
        }
        for (int i = 0; i < p.carries; i++)
            more |= mark(region_input(body, i), body->result.at[i].value->batched);
        any |= more;
    }
    for (int i = 0; i < body->result.n; i++)
        any |= mark(scan, body->result.at[i].value->batched);
    return any;
}
