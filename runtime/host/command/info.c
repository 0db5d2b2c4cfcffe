/* info.c - the command `info`: layers, parameters, memory, data. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/report/text.h"
#include "host/session.h"

static void print_roles(const dlc_model *m)
{
    static const char *const name[] = { "parameters", "states", "optimizer",
                                        "metrics" };
    char a[DLC_NUMBER_SIZE], b[DLC_NUMBER_SIZE];
    for (int role = DLC_PARAM; role <= DLC_METRIC; role++) {
        int64_t elements = 0;
        uint64_t bytes = 0;
        int tensors = 0;
        for (int i = 0; i < m->n_tensors; i++) {
            if ((int)m->tensor[i].role == role) {
                elements += dlc_type_count(&m->tensor[i].type);
                bytes += dlc_type_bytes(&m->tensor[i].type);
                tensors++;
            }
        }
        if (tensors == 0 && role == DLC_METRIC) {
            continue;
        }
        printf("%-12s %s in %d tensors, %s\n", name[role], dlc_count(a, elements),
               tensors, dlc_bytes(b, bytes));
    }
}

static void print_memory(const dlc_model *m)
{
    char a[DLC_NUMBER_SIZE], b[DLC_NUMBER_SIZE];
    printf("%-12s train state %s, arena %s\n", "memory", dlc_bytes(a, m->state_bytes),
           dlc_bytes(b, m->arena_bytes));
    for (int i = 0; i < m->n_nets; i++) {
        printf("%-12s %s: arena %s, %s multiply-adds a sample\n", i == 0 ? "nets" : "",
               m->net[i].name, dlc_bytes(a, m->net[i].arena_bytes),
               dlc_count(b, m->net[i].macs));
    }
}

static void print_length(const dlc_model *m)
{
    printf("%-12s batch %d, seed %" PRIu64, "training", m->batch, m->seed);
    if (m->epochs > 0) {
        printf(", %lld epochs", (long long)m->epochs);
    }
    if (m->steps > 0) {
        printf(", %lld steps", (long long)m->steps);
    }
    if (m->accumulate > 1) {
        printf(", an update every %lld batches", (long long)m->accumulate);
    }
    if (m->folds > 0) {
        printf(", %lld folds", (long long)m->folds);
    }
    printf("\n");
}

/* What an epoch sees of so many samples; of kfold the largest part is held out. */
static void print_epoch(const dlc_model *m, uint32_t samples)
{
    const uint32_t batch = (uint32_t)m->batch;
    const uint32_t folds = (uint32_t)m->folds;
    const uint32_t left =
        folds == 0 ? samples : samples - (samples + folds - 1) / folds;
    if (left < batch) {
        printf(": fewer than one batch of %d", m->batch);
        return;
    }
    printf(": %u batches of %u an epoch%s, %u samples dropped",
           (unsigned)(left / batch), (unsigned)batch, folds > 0 ? " of a fold" : "",
           (unsigned)(left % batch));
}

static void print_data(Session *s)
{
    char a[DLC_NUMBER_SIZE];
    const dlc_model *m = s->model;
    if (!dlc_session_open_data(s)) {
        printf("%-12s %s: not available: %s\n", "data", m->data->name,
               s->fault.message);
        return;
    }
    const char *label = "data";
    for (int i = 0; i < DLC_SPLITS; i++) {
        const Split *split = &s->set.split[i];
        if (split->table == NULL) {
            continue;
        }
        printf("%-12s %-5s %s samples", label, dlc_split_name[i],
               dlc_count(a, split->count));
        label = "";
        if (i == DLC_TRAIN) {
            print_epoch(m, split->count);
        }
        printf("\n");
    }
}

bool dlc_command_info(Session *session, int *status)
{
    const dlc_model *m = session->model;
    (void)status;
    if (m->summary != NULL && m->summary[0] != '\0') {
        const bool ended = m->summary[strlen(m->summary) - 1] == '\n';
        printf("%s%s\n", m->summary, ended ? "" : "\n");
    }
    printf("%-12s %s from %s, dlc %s, target %s, hash %016" PRIx64 "\n", "program",
           m->name, m->source, m->version, m->target, m->hash);
    print_roles(m);
    print_memory(m);
    if (m->data != NULL) {
        print_length(m);
        print_data(session);
    }
    return true;
}
