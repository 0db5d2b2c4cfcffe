/* curves.c - dlc_page_curves: losses and metrics over epochs as SVG. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/page.h"
#include "host/report/text.h"

enum { WIDTH = 470, HEIGHT = 250, LEFT = 64, RIGHT = 12, TOP = 30, BOTTOM = 34 };

typedef struct Rows { /* of history.csv; with folds those of the last */
    int64_t n, room;
    int columns, splits; /* splits x reports, train first */
    int *where;          /* column of the file each is in; -1: none */
    int fold;            /* column of the fold; -1: none */
    double *at;
} Rows;

/* Place of a name among the columns that a line names; -1: none. */
static int column_find(const char *line, const char *name)
{
    const size_t n = strlen(name);
    for (int i = 0; *line != '\0'; i++) {
        const size_t length = strcspn(line, ",\n");
        if (length == n && strncmp(line, name, n) == 0) {
            return i;
        }
        line += length + (line[length] != '\0');
    }
    return -1;
}

static bool rows_init(Rows *rows, const dlc_model *model, const char *head,
                      Fault *fault)
{
    char name[256];
    const int n = model->n_reports;
    *rows = (Rows){ .splits = strstr(head, ",valid_") != NULL ? 2 : 1 };
    rows->columns = rows->splits * n;
    rows->fold = column_find(head, "fold");
    rows->where = dlc_new((size_t)rows->columns + 1, sizeof(int), "columns", fault);
    for (int i = 0; rows->where != NULL && i < rows->columns; i++) {
        snprintf(name, sizeof name, "%s_%s", i < n ? "train" : "valid",
                 model->report[i % n].name);
        rows->where[i] = column_find(head, name);
    }
    return rows->where != NULL;
}

static bool rows_grow(Rows *rows, Fault *fault)
{
    const int64_t room = rows->room == 0 ? 64 : 2 * rows->room;
    double *more = dlc_new((size_t)room, (size_t)(rows->columns + 1) * sizeof *more,
                           "the history", fault);
    if (more == NULL) {
        return false;
    }
    if (rows->n > 0) {
        memcpy(more, rows->at, (size_t)(rows->n * rows->columns) * sizeof *more);
    }
    free(rows->at);
    rows->at = more;
    rows->room = room;
    return true;
}

/* The number in a column of a line. */
static double column_value(const char *line, int column)
{
    for (int i = 0; i < column && line != NULL; i++) {
        line = strchr(line, ',');
        line = line != NULL ? line + 1 : NULL;
    }
    return line != NULL && column >= 0 ? strtod(line, NULL) : NAN;
}

static bool rows_read(Rows *rows, const dlc_model *model, const char *path,
                      Fault *fault)
{
    char line[4096];
    double fold = 0;
    FILE *file = fopen(path, "r");
    *rows = (Rows){ 0 };
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        if (file != NULL) {
            fclose(file);
        }
        return dlc_fault(fault, "%s: cannot be read", path);
    }
    bool done = rows_init(rows, model, line, fault);
    while (done && fgets(line, sizeof line, file) != NULL) {
        const double now = rows->fold >= 0 ? column_value(line, rows->fold) : 0;
        if (now > fold || now < fold) {
            rows->n = 0;
            fold = now;
        }
        done = rows->n < rows->room || rows_grow(rows, fault);
        for (int i = 0; done && i < rows->columns; i++) {
            rows->at[rows->n * rows->columns + i] = column_value(line, rows->where[i]);
        }
        rows->n++;
    }
    fclose(file);
    return done;
}

typedef struct Axis {
    double low, high;
    bool log;
} Axis;

static double axis_place(const Axis *a, double v)
{
    const double t = a->log ? log(v / a->low) / log(a->high / a->low)
                            : (v - a->low) / (a->high - a->low);
    return HEIGHT - BOTTOM - t * (HEIGHT - BOTTOM - TOP);
}

static Axis axis_of(const Rows *rows, const int *column, int n, bool may_log)
{
    Axis a = { 0 };
    bool any = false;
    for (int k = 0; k < n; k++) {
        for (int64_t r = 0; r < rows->n; r++) {
            const double v = rows->at[r * rows->columns + column[k]];
            if (isfinite(v)) {
                a.low = !any || v < a.low ? v : a.low;
                a.high = !any || v > a.high ? v : a.high;
                any = true;
            }
        }
    }
    a.log = may_log && a.low > 0 && a.high > 20 * a.low;
    if (!(a.high > a.low)) {
        a.low -= fabs(a.low) * 0.1 + 1e-6;
        a.high += fabs(a.high) * 0.1 + 1e-6;
    }
    return a;
}

/* Lines across at 1, 2 or 5 times a power of ten; on a logarithmic axis at powers. */
static void print_ticks(FILE *out, const Axis *a)
{
    char number[DLC_NUMBER_SIZE];
    double step = pow(10, floor(log10((a->high - a->low) / 4)));
    const double room = (a->high - a->low) / step;
    step *= room > 10 ? 5 : room > 5 ? 2 : 1;
    double v = a->log ? pow(10, ceil(log10(a->low))) : ceil(a->low / step) * step;
    for (int i = 0; v <= a->high && i < 12; i++) {
        const double shown = fabs(v) < step * 1e-9 && !a->log ? 0 : v;
        fprintf(out,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
                "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                LEFT, WIDTH - RIGHT, axis_place(a, v), axis_place(a, v), LEFT - 6,
                axis_place(a, v) + 4, dlc_number(number, shown));
        v = a->log ? v * 10 : v + step;
    }
}

static double place_x(const Rows *rows, int64_t r)
{
    const double t = rows->n > 1 ? (double)r / (double)(rows->n - 1) : 0.5;
    return LEFT + t * (WIDTH - LEFT - RIGHT);
}

static void print_line(FILE *out, const Rows *rows, int column, const Axis *a,
                       const char *colour)
{
    const int64_t stride = 1 + rows->n / 400;
    fprintf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"",
            colour);
    for (int64_t r = 0; r < rows->n; r += stride) {
        const double v = rows->at[r * rows->columns + column];
        if (isfinite(v)) {
            fprintf(out, "%.1f,%.1f ", place_x(rows, r), axis_place(a, v));
        }
    }
    fputs("\"/>\n", out);
    const double v = rows->n == 1 ? rows->at[column] : NAN;
    if (isfinite(v)) {
        fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n",
                place_x(rows, 0), axis_place(a, v), colour);
    }
}

static void print_chart(FILE *out, const Rows *rows, const dlc_report *report,
                        const int *column, int n, int64_t kept)
{
    static const char *const colour[] = { "#4477aa", "#ee6677" };
    static const char *const name[] = { "train", "valid" };
    const Axis axis = axis_of(rows, column, n, report->is_loss);
    fprintf(out,
            "<svg width=\"%d\" height=\"%d\" role=\"img\">"
            "<text x=\"%d\" y=\"18\" font-weight=\"bold\">",
            WIDTH, HEIGHT, LEFT);
    dlc_page_text(out, report->name);
    fprintf(out, "</text>\n");
    print_ticks(out, &axis);
    for (int k = 0; k < n; k++) {
        print_line(out, rows, column[k], &axis, colour[k]);
        fprintf(out,
                "<text x=\"%d\" y=\"18\" fill=\"%s\" text-anchor=\"end\">%s</text>\n",
                WIDTH - RIGHT - 46 * (n - 1 - k), colour[k], name[k]);
    }
    if (kept >= 0 && kept < rows->n) {
        fprintf(out,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#888\" "
                "stroke-dasharray=\"4 4\"/>\n",
                place_x(rows, kept), place_x(rows, kept), TOP, HEIGHT - BOTTOM);
    }
    fprintf(out,
            "<text x=\"%d\" y=\"%d\">epoch 1</text>"
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%lld</text></svg>\n",
            LEFT, HEIGHT - 12, WIDTH - RIGHT, HEIGHT - 12, (long long)rows->n);
}

bool dlc_page_curves(FILE *out, const dlc_model *model, const char *history,
                     int64_t kept, Fault *fault)
{
    Rows rows;
    const bool done = rows_read(&rows, model, history, fault);
    fprintf(out, "<h2>Training%s</h2>\n<div class=\"charts\">\n",
            done && rows.fold >= 0 ? ", last fold" : "");
    for (int i = 0; done && rows.n > 0 && i < model->n_reports; i++) {
        const int column[2] = { i, model->n_reports + i };
        print_chart(out, &rows, &model->report[i], column, rows.splits, kept);
    }
    fputs("</div>\n", out);
    if (done && kept >= 0) {
        fprintf(out, "<p>Kept: epoch %lld.</p>\n", (long long)kept + 1);
    }
    free(rows.where);
    free(rows.at);
    return done;
}
