/* text.h - the .dlir text form of graphs, its reader, and the verifier.
 *
 *     dlir graph 1
 *     graph step batch 64 stage batched
 *       x    = input field "image"                 : u8[64, 784]
 *       w    = input param "mlp/dense1/w"          : f32[784, 128]
 *       h    = dot x1, w {transpose_a=0, transpose_b=0} : f32[64, 128]   # batched
 *       next "mlp/dense1/w" = w2
 *
 * print, read, print is the identity (positions are comments and are lost). */
#ifndef DLC_GRAPH_TEXT_H
#define DLC_GRAPH_TEXT_H

#include "graph/graph.h"

void graph_print(const Graph *g, Out *out);
/* All graphs of a file. False: reported. */
bool graph_read(Arena *a, const Source *source, DiagSink *sink, int *n,
                Graph ***graphs);
/* One node's text with literal operands, as in op examples; returns the node. */
Node *graph_read_expression(Graph *g, const char *text, DiagSink *sink);
bool graph_read_literal(Arena *a, const char *text, Tensor **value);
/* NULL when sound, else all defects, one a line. */
const char *graph_verify(const Graph *g, Arena *scratch);
uint64_t graph_hash(const Graph *g); /* of the printed text without comments */
void graph_print_dot(const Graph *g, Out *out);
/* A subgraph of a Mermaid flowchart; graph 0 begins the chart. */
void graph_print_mermaid(const Graph *g, int number, Out *out);

#endif
