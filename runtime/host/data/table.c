/* table.c - samples in memory, or decoded on demand. */
#include "host/data/table.h"

#include <stdlib.h>
#include <string.h>

#include "host/data/folder.h"

bool dlc_table_init(Table *table, int n_fields, const dlc_field *field, Fault *fault)
{
    *table = (Table){ .n_fields = n_fields, .field = field, .reach = 1 };
    table->column = dlc_new((size_t)n_fields, sizeof(unsigned char *), "fields", fault);
    table->stride = dlc_new((size_t)n_fields, sizeof(size_t), "fields", fault);
    for (int f = 0; table->stride != NULL && f < n_fields; f++) {
        table->stride[f] = dlc_type_bytes(&field[f].type);
    }
    return table->column != NULL && table->stride != NULL;
}

void dlc_table_release(Table *table)
{
    for (int f = 0; table->column != NULL && f < table->n_fields; f++) {
        free(table->column[f]);
    }
    free(table->column);
    free(table->stride);
    dlc_files_free(table->files);
    free(table->slot);
    *table = (Table){ 0 };
}

bool dlc_table_reserve(Table *table, int f, int64_t count, Fault *fault)
{
    const dlc_field *field = &table->field[f];
    table->column[f] =
        dlc_new((size_t)count, dlc_type_bytes(&field->type), field->name, fault);
    return table->column[f] != NULL;
}

bool dlc_table_get(const Table *table, int f, int64_t sample, void *to, Fault *fault)
{
    if (table->column[f] == NULL) {
        return dlc_files_decode(table->files, sample, to, fault);
    }
    memcpy(to, dlc_table_at(table, f, sample), dlc_type_bytes(&table->field[f].type));
    return true;
}
