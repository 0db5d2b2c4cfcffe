/* table.h - samples in memory: one dense array a field. */
#ifndef DLC_HOST_DATA_TABLE_H
#define DLC_HOST_DATA_TABLE_H

#include "host/data/type.h"

typedef struct Table {
    int n_fields;
    const dlc_field *field;
    unsigned char **column; /* column[i]: [count] samples of field[i]; owned */
    int64_t count;
} Table;

#endif
