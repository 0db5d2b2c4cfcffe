/* graph_group.c - one kernel a node: what -O0 and --no-graph_fuse get.
 *
 * Before  STAGE_DIFF.
 * After   STAGE_GROUPED: views, scalars and constants of one value are inside the
 * groups that read them, every other node has a group of its own. Keeps   names, spans,
 * frames. Cost    quadratic in groups at worst. */
#include "passes/group.h"

PassResult graph_group(PassContext *cx, Graph *g)
{
    pass_regions(cx, g, graph_group);
    Grouping p = grouping_new(cx, g);
    pass_replace(g, grouping_apply(cx, &p));
    return PASS_CHANGED;
}
