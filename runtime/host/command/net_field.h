/* net_field.h - samples of a data set as inputs of a net, and what it makes of classes.
 */
#ifndef DLC_HOST_COMMAND_NET_FIELD_H
#define DLC_HOST_COMMAND_NET_FIELD_H

#include "host/command/runner.h"
#include "host/data/dataset.h"
#include "host/report/confusion.h"

/* The field of the model's data that is input `i` of a net: by name, else the only one
 * of its type. Negative: unclear. */
int dlc_net_field(const dlc_model *model, const dlc_net *net, int i);
bool dlc_net_has_fields(const dlc_model *model, const dlc_net *net);

/* Points the runner at sample `i` of a split and runs it. */
void dlc_net_run(Runner *runner, const dlc_model *model, const Split *split,
                 uint32_t i);

/* Whether class_net and class_field say what a confusion matrix compares. */
bool dlc_net_has_classes(const dlc_model *model);
int64_t dlc_net_label(const dlc_model *model, const Split *split, uint32_t i);

/* Adds every sample of a split, at most `limit` (0: all). */
bool dlc_net_count_classes(const dlc_model *model, const void *state,
                           const Split *split, uint32_t limit, Confusion *confusion,
                           Fault *fault);

#endif
