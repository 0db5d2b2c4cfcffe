/* table.c - the table of ops, in the order of ops.def. */
#include "graph/op.h"

#include <string.h>

const Op *const op_table[OP_COUNT] = {
#define OP(name) [OP_##name] = &op_##name,
#include "ops/ops.def"
#undef OP
};

const Op *op_find(const char *name)
{
    for (int i = 0; i < OP_COUNT; i++)
        if (strcmp(op_table[i]->name, name) == 0)
            return op_table[i];
    return NULL;
}
