/* textfile.h - one long text as overlapping windows of tokens. */
#ifndef DLC_HOST_DATA_TEXTFILE_H
#define DLC_HOST_DATA_TEXTFILE_H

#include "host/data/find.h"
#include "host/data/table.h"

/* Reads a whole text, plain or gzip'd, as tokens of the table's one field, index(n)[t].
 * Sample i is the t tokens from token i on; they share the memory. */
bool dlc_text_read(Table *table, const char *path, const dlc_source *source,
                   const Places *places, Fault *fault);

#endif
