/* csv.h - tables of numbers and texts (RFC 4180: quoted fields, "" for a quote). */
#ifndef DLC_HOST_DATA_CSV_H
#define DLC_HOST_DATA_CSV_H

#include "host/data/find.h"
#include "host/data/table.h"

/* Reads every row of a file into the fields, in order: a row has exactly as many
 * columns as the fields have elements. Missing values, words, wrong counts and values
 * out of range are errors that name line and column.
 *
 * source->header  the first line names the columns
 *       ->target  the column of that name is the last field's, wherever it stands
 *       ->tokens  an index field of rank 1 takes one column, a text: its tokens, padded
 *                 with 0 where pad_left says; of too long a text the end is kept if
 *                 padded left, else the beginning
 *       ->window  sample i is rows i .. i + window - 1 in field 0, and the target of
 * the row `ahead` rows after the last of them in field 1. In a file with a header,
 * columns whose first value is no number (dates) are left out
 *
 * `table` is fresh; its columns belong to it, also after a failure. */
bool dlc_csv_read(const char *path, const dlc_source *source, const Places *places,
                  Table *table, Fault *fault);

#endif
