/* options.h - the command line of a training program. */
#ifndef DLC_HOST_OPTIONS_H
#define DLC_HOST_OPTIONS_H

#include "host/model.h"
#include "host/report/fault.h"
#include "host/train/pretrained.h"

typedef enum Command {
    COMMAND_TRAIN,
    COMMAND_EVAL,
    COMMAND_PREDICT,
    COMMAND_EXPLAIN,
    COMMAND_INFO,
    COMMAND_CHECK,
    COMMAND_BENCH,
    COMMAND_CALIBRATE,
    COMMAND_COMPARE,
    COMMAND_HELP,
    COMMAND_VERSION,
    COMMAND_COUNT
} Command;

typedef struct Options {
    Command command;
    const char *program; /* argv[0] */
    const char *data, *out, *weights, *net, *load;
    Names names;       /* of the tensors in the file of --load */
    const char *split; /* NULL: every split */
    int64_t epochs, steps, checkpoint_every, top, count, threads;
    uint64_t seed;
    double seconds;
    bool has_seed, resume, quiet, json, random;
    char **file; /* what is not an option, after the command */
    int n_files;
} Options;

/* Parses; values are checked, what is not given has its default. Returns false for an
 * error of usage (exit status 2). Reorders argv: files first. */
bool dlc_options_parse(Options *options, int argc, char **argv, Fault *fault);

/* Prints the commands and options. */
void dlc_options_help(const dlc_model *model);

#endif
