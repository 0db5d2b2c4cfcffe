/* check_table.c - the table itself: sorted, complete, its letters and texts consistent.
 */
#include "case.h"

#include "ops/lowering.h"

#include <ctype.h>
#include <string.h>

static void check_order(Tally *t, const Op *const *table)
{
    for (int i = 0; i < OP_COUNT; i++) {
        if (table[i]->code != (OpCode)i)
            tally_fail(t, table[i]->name, "code %d at place %d", (int)table[i]->code,
                       i);
        if (i > 0 && strcmp(table[i - 1]->name, table[i]->name) >= 0)
            tally_fail(t, table[i]->name, "follows %s", table[i - 1]->name);
        if (op_find(table[i]->name) != op_table[i])
            tally_fail(t, table[i]->name, "is not found by name");
    }
}

static int operand_count(const Op *op)
{
    int n = 0;
    while (n < OP_MAX_OPERANDS && op->operand[n].name)
        n++;
    return n;
}

static void check_rules(Tally *t, const Op *op)
{
    bool structure = (op->flags & OP_STRUCTURE) != 0;
    bool sample_only = (op->flags & OP_SAMPLE_ONLY) != 0;
    if (!op->shape)
        tally_fail(t, op->name, "has no shape rule");
    if (!op->eval && !structure)
        tally_fail(t, op->name, "has no eval");
    bool derives = op->grad || op->grad_region;
    if (derives == ((op->flags & OP_NO_GRAD) != 0) && !sample_only)
        tally_fail(t, op->name, "has a gradient or OP_NO_GRAD, not both");
    bool lowers = op->element || op->nest;
    if (!lowers && !structure && !sample_only)
        tally_fail(t, op->name, "has neither an element nor a nest rule");
    if (op->element && op->nest)
        tally_fail(t, op->name, "has both lowering forms");
    bool needs_batch =
        !(op->flags & (OP_POINTWISE | OP_STRUCTURE)) && operand_count(op) > 0;
    if (needs_batch && !op->batch)
        tally_fail(t, op->name, "has no batch rule");
    if ((op->flags & OP_POINTWISE) && op->batch)
        tally_fail(t, op->name, "is pointwise and has a batch rule");
}

static void check_words(Tally *t, const Op *op)
{
    if (!op->summary || !op->summary[0] || strlen(op->summary) > 72)
        tally_fail(t, op->name, "needs a summary of one line");
    if (!op->result || !op->equation || !op->reference)
        tally_fail(t, op->name, "result, equation and reference are texts");
    for (int i = 0; i < operand_count(op); i++)
        if (!op->operand[i].shape || !op->operand[i].phrase)
            tally_fail(t, op->name, "operand %s has no shape or phrase",
                       op->operand[i].name);
    for (int i = 0; i < OP_MAX_ATTRS && op->attr[i].name; i++)
        if (!op->attr[i].phrase || !op->attr[i].phrase[0])
            tally_fail(t, op->name, "attribute %s has no phrase", op->attr[i].name);
    if (!(op->flags & OP_STRUCTURE) && !op->example[0].expression)
        tally_fail(t, op->name, "has no example");
    if (!op->constraint[0].label)
        tally_fail(t, op->name, "has no constraint");
}

/* Letters of the result's shape stand in an operand's shape or name an attribute. */
static void check_letters(Tally *t, const Op *op)
{
    if (operand_count(op) == 0 || op->result[0] != '[')
        return;
    for (const char *p = op->result; *p && *p != ']'; p++) {
        char word[16] = "";
        size_t n = 0;
        while (isalpha((unsigned char)*p) && n < sizeof word - 1)
            word[n++] = *p++;
        bool known = n == 0;
        for (int i = 0; i < operand_count(op); i++)
            known |= n > 0 && strstr(op->operand[i].shape, word) != NULL;
        for (int i = 0; i < OP_MAX_ATTRS && op->attr[i].name; i++)
            known |= n > 0 && strcmp(op->attr[i].name, word) == 0;
        known |= word[0] == 'o' && n == 2; /* oh, ow: computed from h, w */
        if (!known)
            tally_fail(t, op->name, "`%s` of the result is in no operand", word);
        if (*p == '\0' || *p == ']')
            break;
    }
}

void check_table(Tally *t, bool fault)
{
    const Op *table[OP_COUNT];
    Op broken = op_tanh;
    for (int i = 0; i < OP_COUNT; i++)
        table[i] = op_table[i];
    broken.grad = NULL;
    if (fault)
        table[OP_tanh] = &broken;
    check_order(t, table);
    for (int i = 0; i < OP_COUNT; i++) {
        t->cases++;
        check_rules(t, table[i]);
        check_words(t, table[i]);
        check_letters(t, table[i]);
    }
}
