/* graph.c - dlc_page_graph: the layers of a net from top to bottom. A value that goes
 * to the next layer is a line between the two; one that skips layers is a curve at the
 * left.
 *
 * The text has one line a layer, `name|def|shape|parameters|from from ...`, where
 * `from` counts layers of the net from 0, and one line `net NAME` before each net. */
#include <stdlib.h>
#include <string.h>

#include "host/report/page.h"

enum { ROW = 52, BOX = 34, BOX_WIDTH = 420, MARGIN = 150, LAYERS = 400 };

/* Copies the part of a line up to `end` or '|'; returns what follows it. */
static const char *take_part(const char *at, const char *end, char *part, size_t size)
{
    size_t n = 0;
    for (; at < end && *at != '|'; at++) {
        if (n + 1 < size) {
            part[n++] = *at;
        }
    }
    part[n] = '\0';
    return at < end ? at + 1 : end;
}

static void print_edges(FILE *out, const char *from, int row)
{
    const int y = row * ROW + BOX / 2 + 4;
    for (char *next = NULL; *from != '\0'; from = next) {
        const int other = (int)strtol(from, &next, 10);
        if (next == from) {
            return;
        }
        const int above = other * ROW + BOX / 2 + 4;
        if (other == row - 1) {
            fprintf(out, "<path d=\"M%d %d V%d\" class=\"e\"/>\n",
                    MARGIN + BOX_WIDTH / 2, row * ROW + 4 - (ROW - BOX), row * ROW + 4);
            continue;
        }
        const int reach =
            16 * (row - other) < MARGIN - 8 ? 16 * (row - other) : MARGIN - 8;
        fprintf(out, "<path d=\"M%d %d C%d %d %d %d %d %d\" class=\"e\"/>\n", MARGIN,
                above, MARGIN - reach, above, MARGIN - reach, y, MARGIN, y);
    }
}

static void print_layer(FILE *out, const char *at, const char *end, int row)
{
    char name[128], def[64], shape[64], params[32], from[512];
    at = take_part(at, end, name, sizeof name);
    at = take_part(at, end, def, sizeof def);
    at = take_part(at, end, shape, sizeof shape);
    at = take_part(at, end, params, sizeof params);
    take_part(at, end, from, sizeof from);
    print_edges(out, from, row);
    fprintf(out,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" fill=\"%s\" "
            "stroke=\"#888\"/>\n<text x=\"%d\" y=\"%d\"><tspan font-weight=\"bold\">",
            MARGIN, row * ROW + 4, BOX_WIDTH, BOX,
            strcmp(def, "input") == 0 ? "#eef3f8"
            : params[0] != '\0'       ? "#fdf3e1"
                                      : "#fff",
            MARGIN + 12, row * ROW + 26);
    dlc_page_text(out, name);
    fputs("</tspan> ", out);
    dlc_page_text(out, strcmp(def, "input") == 0 ? "" : def);
    fprintf(out, "</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s%s%s</text>\n",
            MARGIN + BOX_WIDTH - 12, row * ROW + 26, params,
            params[0] != '\0' ? " parameters, " : "", shape);
}

/* Lines from `at` to the next net or the end; returns where that is. */
static const char *skip_net(const char *at, int *n)
{
    *n = 0;
    while (*at != '\0' && strncmp(at, "net ", 4) != 0) {
        at += strcspn(at, "\n");
        at += *at == '\n';
        (*n)++;
    }
    return at;
}

void dlc_page_graph(FILE *out, const char *graph)
{
    while (strncmp(graph, "net ", 4) == 0) {
        int n, row = 0;
        const char *line = graph + strcspn(graph, "\n");
        line += *line == '\n';
        fputs("<h2>", out);
        for (const char *c = graph; *c != '\n' && *c != '\0'; c++) {
            fputc(*c, out);
        }
        fputs("</h2>\n", out);
        graph = skip_net(line, &n);
        if (n > LAYERS) {
            fprintf(out, "<p>%d layers, too many to draw.</p>\n", n);
            continue;
        }
        fprintf(out,
                "<svg width=\"%d\" height=\"%d\" role=\"img\"><style>.e{fill:none;"
                "stroke:#888;stroke-width:1.5}</style>\n",
                MARGIN + BOX_WIDTH + 8, n * ROW + 8);
        for (; line < graph; row++) {
            const char *end = line + strcspn(line, "\n");
            print_layer(out, line, end, row);
            line = end + (*end == '\n');
        }
        fputs("</svg>\n", out);
    }
}
