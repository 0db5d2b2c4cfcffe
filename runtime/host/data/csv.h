/* csv.h - tables of numbers as text (RFC 4180: quoted fields, "" for a quote). */
#ifndef DLC_HOST_DATA_CSV_H
#define DLC_HOST_DATA_CSV_H

#include "host/data/table.h"

/* Reads every row into the fields, in order: a row has exactly as many columns as the
 * fields have elements. Missing values, words, wrong counts and values out of range are
 * errors that name line and column. `table` has fields and count 0; its columns are
 * made here and belong to it, also after a failure. */
bool dlc_csv_read(const char *path, bool header, Table *table, Fault *fault);

#endif
