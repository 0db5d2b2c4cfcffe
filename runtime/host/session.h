/* session.h - what one run of a training program holds. */
#ifndef DLC_HOST_SESSION_H
#define DLC_HOST_SESSION_H

#include "host/data/dataset.h"
#include "host/options.h"
#include "host/train/engine.h"

typedef struct Session {
    const dlc_model *model;
    Options options;
    uint64_t seed;   /* --seed, or the weights file's, or the program's */
    const char *out; /* --out, or its default */
    char out_default[300];
    Dataset set;
    Engine engine;
    Fault fault;
} Session;

/* Each fills its part of the session; all are released by dlc_session_release. */
bool dlc_session_open_engine(Session *session);
bool dlc_session_open_data(Session *session);

/* Reads --weights, or OUT/model.safetensors; takes over its seed unless --seed is
 * given. */
bool dlc_session_load_weights(Session *session);
void dlc_session_release(Session *session);

/* A net by --net; without it the one that classifies, or the first. NULL: reported. */
const dlc_net *dlc_session_net(Session *session);

/* The commands: true, or false with the fault described. *status: exit status if true,
 * 0 unless set. */
bool dlc_command_train(Session *session, int *status);
bool dlc_command_eval(Session *session, int *status);
bool dlc_command_predict(Session *session, int *status);
bool dlc_command_explain(Session *session, int *status);
bool dlc_command_info(Session *session, int *status);
bool dlc_command_check(Session *session, int *status);
bool dlc_command_bench(Session *session, int *status);
bool dlc_command_calibrate(Session *session, int *status);
bool dlc_command_compare(Session *session, int *status);

#endif
