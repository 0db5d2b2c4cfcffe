/* table.h - samples in memory, an array a field; or files that are decoded on demand.
 */
#ifndef DLC_HOST_DATA_TABLE_H
#define DLC_HOST_DATA_TABLE_H

#include "host/data/type.h"

struct Files;

typedef struct Table {
    int n_fields;
    const dlc_field *field;
    unsigned char *
        *column;    /* column[i]: memory of field[i]; owned; NULL: see `files` */
    size_t *stride; /* bytes from a sample of field[i] to the next; owned.
                     * Windows overlap: theirs is less than a sample's size */
    int64_t count;
    int64_t reach;       /* samples less than this far apart share data; 1: none do */
    struct Files *files; /* where field 0 is decoded from, one file a sample; owned;
                          * NULL: all is in memory */
    unsigned char *slot; /* one sample of those, for dlc_split_value; owned */
} Table;

/* No samples yet, columns NULL. Release also after a failure. */
bool dlc_table_init(Table *table, int n_fields, const dlc_field *field, Fault *fault);
void dlc_table_release(Table *table);

/* Zeroed room for `count` samples of a field, one after the other. */
bool dlc_table_reserve(Table *table, int f, int64_t count, Fault *fault);

/* Copies one sample of a field. False: its file cannot be decoded (reported). */
bool dlc_table_get(const Table *table, int f, int64_t sample, void *to, Fault *fault);

/* One sample of a field that is not decoded on demand. */
static inline const unsigned char *dlc_table_at(const Table *table, int f,
                                                int64_t sample)
{
    return table->column[f] + (size_t)sample * table->stride[f];
}

#endif
