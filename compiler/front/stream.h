/* stream.h - inside of streaming: what one call knows of each value of a net's graph.
 */
#ifndef DLC_FRONT_STREAM_H
#define DLC_FRONT_STREAM_H

#include "front/elab.h"

typedef enum Kind { PLAIN, ROWS, NOW } Kind;

typedef struct Part { /* of the step's graph: what stands for a node of the net's */
    Kind kind;
    int axis;   /* ROWS: the axis of time in the net's graph */
    Node *node; /* ROWS: without it */
} Part;

typedef struct Stream {
    Elab *e;
    const ModuleNet *net;
    ModuleNet *step;
    Part *part; /* by id of the net's graph */
    Graph *to;
    int64_t rows; /* of the whole sequence */
    const char *input;
    const SettingValue *setting;
} Stream;

/* False: E0503 at n, whose word in the user's text `does` that. */
bool stream_refuse(Stream *s, const Node *n, const char *does);
void stream_set(Stream *s, const Node *n, Kind kind, int axis, Node *y);
Node *stream_copy(Stream *s, const Node *n, Node *const *in);
/* The row of operand i beside operands with time at `axis`; NULL: reported. */
Node *stream_row(Stream *s, const Node *n, int i, int axis);
Shape shape_without(const Shape *shape, int axis);
Shape shape_with_one(const Shape *shape, int axis);

/* Rules for ops on rows (stream_rows.c): time is at `axis` of the first operand with
 * it. */
bool stream_pointwise(Stream *s, const Node *n, int axis);
bool stream_reshape(Stream *s, const Node *n, int axis);
bool stream_transpose(Stream *s, const Node *n, int axis);
bool stream_broadcast(Stream *s, const Node *n, int axis);
bool stream_slice(Stream *s, const Node *n, int axis);
bool stream_concat(Stream *s, const Node *n, int axis);
bool stream_pad(Stream *s, const Node *n, int axis);
bool stream_reduce(Stream *s, const Node *n, int axis);
bool stream_dot(Stream *s, const Node *n, int axis);
bool stream_gather(Stream *s, const Node *n, int axis);

#endif
