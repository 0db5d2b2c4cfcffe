/* plateau.c - `on_plateau(factor, patience)`: a factor of the learning rate that the
 * runtime lowers when the loss of the statement has not fallen for some epochs. */
#include "front/elab.h"

static bool read_plateau(Elab *e, const BuiltinArgs *args, Plateau *p)
{
    const Value *factor = args->at[0], *patience = args->at[1];
    if (!value_is_number(factor) || !(value_number(factor) > 0) ||
        !(value_number(factor) < 1))
        return fail(e, DIAG_KIND, args->span,
                    "the factor of a plateau lies between 0 and 1, found %s",
                    value_describe(e->arena, factor)) != NULL;
    if (patience->kind != VALUE_INT || patience->integer < 1 ||
        patience->integer > 1000000)
        return fail(e, DIAG_KIND, args->span,
                    "the patience of a plateau is a positive int, found %s",
                    value_describe(e->arena, patience)) != NULL;
    *p = (Plateau){ .set = true,
                    .report = e->block->losses.n, /* the loss comes after its rate */
                    .factor = value_number(factor),
                    .patience = (int)patience->integer };
    return true;
}

Value *builtin_on_plateau(Elab *e, const Builtin *b, const BuiltinArgs *args)
{
    Plateau p;
    (void)b;
    if (e->block == NULL || e->block->kind != BLOCK_TRAIN ||
        e->block->train->data == NULL || e->block->inside)
        return fail(e, DIAG_CLASH, args->span,
                    "a plateau follows the epochs of a train block on data");
    if (!read_plateau(e, args, &p))
        return NULL;
    Plateau *all = &e->block->train->plateau;
    if (all->set && e->mode == MODE_STEP && all->report != p.report)
        return fail(e, DIAG_CLASH, args->span,
                    "one statement of a train block may follow a plateau, and this is "
                    "the second");
    if (e->mode == MODE_STEP)
        *all = p;
    return scalar_input(e, "lr_scale");
}
