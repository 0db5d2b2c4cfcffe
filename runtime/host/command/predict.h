/* predict.h - samples of files as inputs of a net. */
#ifndef DLC_HOST_COMMAND_PREDICT_H
#define DLC_HOST_COMMAND_PREDICT_H

#include "host/data/table.h"
#include "host/model.h"
#include "host/report/fault.h"

/* Samples of all inputs of a net from one file. Release the table also after a failure.
 */
bool dlc_samples_read(Table *table, const dlc_net *net, const char *path, Fault *fault);

#endif
