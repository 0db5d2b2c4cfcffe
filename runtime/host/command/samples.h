/* samples.h - samples of a net's inputs from a file that the command line names. */
#ifndef DLC_HOST_COMMAND_SAMPLES_H
#define DLC_HOST_COMMAND_SAMPLES_H

#include "host/session.h"

/* By the file's ending: .csv (columns are all inputs in order; text as the program's
 * data has it), .npz (arrays named like the inputs), and for one input .npy, .png,
 * .jpg, .jpeg, .wav, else IDX. Release the table also after a failure. */
bool dlc_samples_read(Table *table, const Session *session, const dlc_net *net,
                      const char *path, Fault *fault);

#endif
