/* page.h - the parts of OUT/report.html, one function a section. A page holds all it
 * shows: no scripts, no files beside it. */
#ifndef DLC_HOST_REPORT_PAGE_H
#define DLC_HOST_REPORT_PAGE_H

#include <stdio.h>

#include "host/model.h"
#include "host/report/confusion.h"

void dlc_page_open(FILE *out, const char *title);
void dlc_page_close(FILE *out);

/* Text with what HTML reads as its own replaced. */
void dlc_page_text(FILE *out, const char *text);

/* One row a split, one column a loss or metric; value[s] NULL: no such split. */
void dlc_page_results(FILE *out, const dlc_model *model, double *const *value);

/* One chart a loss or metric from history.csv, of train and valid over epochs; a line
 * at the kept epoch (from 0; -1: none). False: the file cannot be read. */
bool dlc_page_curves(FILE *out, const dlc_model *model, const char *history,
                     int64_t kept, Fault *fault);

void dlc_page_confusion(FILE *out, const Confusion *confusion, const char *name);

/* The nets of model->layers: layers from top to bottom, lines where values go. */
void dlc_page_graph(FILE *out, const char *graph);

#endif
