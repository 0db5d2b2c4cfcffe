/* order.h - in which order an epoch sees the samples of a split. */
#ifndef DLC_HOST_DATA_ORDER_H
#define DLC_HOST_DATA_ORDER_H

#include "host/data/dataset.h"
#include "host/data/shuffle.h"

/* order[count]: every sample once, as they stand or shuffled. */
void dlc_order_once(uint32_t *order, uint32_t count, bool shuffle, Random *random);

/* order[split->count]: each class of an index field equally often, to within one; its
 * samples in turn, in random order, begun again when they are used up. A class without
 * samples is left out. */
bool dlc_order_balanced(uint32_t *order, const Split *split, int field, Random *random,
                        Fault *fault);

#endif
