/* history.h - OUT/history.csv: one row an epoch. */
#ifndef DLC_HOST_REPORT_HISTORY_H
#define DLC_HOST_REPORT_HISTORY_H

#include "host/model.h"
#include "host/report/fault.h"

typedef struct History {
    int handle;       /* -1: closed */
    const char *path; /* the caller's */
    const dlc_model *model;
    bool has_valid;
} History;

typedef struct HistoryRow {
    int64_t fold, epoch, steps; /* from 1; `fold` where the model has folds */
    double lr_scale;            /* where the model has a plateau */
    const double *train, *valid;
    double seconds;
} HistoryRow;

/* Opens the file. `rows` = 0: empties it and writes the header (fold, epoch, step,
 * lr_scale, train and valid values, seconds). Otherwise keeps the header and that many
 * rows: a resumed run drops what was written after its checkpoint. */
bool dlc_history_open(History *history, const char *path, const dlc_model *model,
                      bool has_valid, int64_t rows, Fault *fault);

/* Appends a row, whole or not at all. `valid` may be NULL if there is no such split.
 * `seconds` is the last column, so comparisons can cut it off. */
bool dlc_history_add(History *history, const HistoryRow *row, Fault *fault);
void dlc_history_close(History *history);

#endif
