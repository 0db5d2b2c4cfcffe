/* reader.h - one source of samples into a table. */
#ifndef DLC_HOST_DATA_READER_H
#define DLC_HOST_DATA_READER_H

#include "host/data/find.h"
#include "host/data/table.h"

/* Reads one source (not `take`) by the reader of its kind. Release also after a
 * failure.
 */
bool dlc_table_load(Table *table, const dlc_source *source, int n_fields,
                    const dlc_field *field, const Places *places, Fault *fault);

#endif
