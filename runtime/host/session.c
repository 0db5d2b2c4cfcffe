/* session.c - what one run of a training program holds. */
#include "host/session.h"

#include <string.h>
#include <unistd.h>

#include "host/report/text.h"
#include "host/train/weights.h"

bool dlc_session_open_engine(Session *session)
{
    int64_t threads = session->options.threads;
    if (threads < 0) {
        threads = session->model->threads > 0 ? session->model->threads : 1;
        threads = threads > 256 ? 256 : threads;
    }
    if (threads == 0) {
        const long processors = sysconf(_SC_NPROCESSORS_ONLN);
        threads = processors < 1 ? 1 : processors > 256 ? 256 : processors;
    }
    session->options.threads = threads;
    return dlc_engine_init(&session->engine, session->model, (int)threads,
                           &session->fault);
}

bool dlc_session_open_data(Session *session)
{
    const dlc_model *m = session->model;
    const Places places = { session->options.data, m->source };
    if (m->data == NULL) {
        dlc_fault(&session->fault, "this program has no `train ... on DATA`");
        return dlc_fault_help(&session->fault,
                              "its steps are C functions for a loop of"
                              " your own; predict, info and bench work");
    }
    return dlc_dataset_load(&session->set, m->data, &places, m->validate, session->seed,
                            &session->fault);
}

bool dlc_session_load_weights(Session *session)
{
    char path[400];
    uint64_t seed = session->seed;
    snprintf(path, sizeof path, "%s/model.safetensors", session->out);
    dlc_engine_start(&session->engine, session->seed);
    const char *weights = session->options.weights;
    if (!dlc_weights_load(weights != NULL ? weights : path, session->model,
                          session->engine.state, &seed, &session->fault)) {
        return false;
    }
    if (!session->options.has_seed) {
        session->seed = seed;
    }
    memcpy(session->engine.state + session->model->offset_seed, &session->seed,
           sizeof session->seed);
    return true;
}

void dlc_session_release(Session *session)
{
    dlc_engine_release(&session->engine);
    dlc_dataset_release(&session->set);
}

const dlc_net *dlc_session_net(Session *session)
{
    const dlc_model *m = session->model;
    const char *name = session->options.net;
    const char *names[64];
    int n = 0;
    if (m->n_nets == 0) {
        dlc_fault(&session->fault, "this program has no net to run");
        return NULL;
    }
    if (name == NULL) {
        return &m->net[m->class_net >= 0 ? m->class_net : 0];
    }
    for (int i = 0; i < m->n_nets; i++) {
        if (strcmp(name, m->net[i].name) == 0) {
            return &m->net[i];
        }
        if (n < 64) {
            names[n++] = m->net[i].name;
        }
    }
    const char *near = dlc_nearest(name, names, n);
    dlc_fault(&session->fault, "there is no net %s", name);
    dlc_fault_help(&session->fault, "did you mean %s?", near != NULL ? near : names[0]);
    return NULL;
}
