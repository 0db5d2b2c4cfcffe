/* predict.c - the command `predict`: a net's named outputs for samples in files. */
#include <stdlib.h>
#include <string.h>

#include "host/command/runner.h"
#include "host/command/samples.h"
#include "host/session.h"

/* The K largest elements of output 0, largest first: "7 0.9312". */
static void print_top(const Runner *runner, int64_t top)
{
    const dlc_type *type = &runner->net->output[0].type;
    const int64_t n = dlc_type_count(type);
    const size_t bytes = dlc_dtype_bytes(type->dtype);
    const unsigned char *at = runner->out[0];
    double limit = 0;
    int64_t last = -1;
    for (int64_t k = 0; k < top && k < n; k++) {
        int64_t best = -1;
        double most = 0;
        for (int64_t i = 0; i < n; i++) {
            const double v = dlc_value_load(at + (size_t)i * bytes, type->dtype);
            const bool shown = k > 0 && (v > limit || (v >= limit && i <= last));
            if (!shown && (best < 0 || v > most)) {
                best = i;
                most = v;
            }
        }
        if (best < 0) { /* not a number */
            break;
        }
        char number[DLC_NUMBER_SIZE];
        printf("%s%lld (%s)", k == 0 ? " " : "  ", (long long)best,
               dlc_number(number, most));
        limit = most;
        last = best;
    }
}

static void print_output(const Runner *runner, int output, int64_t top)
{
    const dlc_field *field = &runner->net->output[output];
    const int64_t n = dlc_type_count(&field->type);
    const size_t bytes = dlc_dtype_bytes(field->type.dtype);
    const unsigned char *at = runner->out[output];
    printf("  %s:", field->name);
    if (output == 0 && runner->net->output_simplex) {
        print_top(runner, top);
        return;
    }
    printf("%s", field->type.rank > 0 ? " [" : " ");
    for (int64_t i = 0; i < n; i++) {
        const double v = dlc_value_load(at + (size_t)i * bytes, field->type.dtype);
        printf("%s%.6g", i > 0 ? ", " : "", v);
    }
    printf("%s", field->type.rank > 0 ? "]" : "");
}

static bool predict_file(Session *s, Runner *runner, const char *path)
{
    Table table;
    const bool done = dlc_samples_read(&table, s, runner->net, path, &s->fault);
    const int64_t asked = s->options.count;
    const int64_t count = asked > 0 && asked < table.count ? asked : table.count;
    for (int64_t i = 0; done && i < count; i++) {
        for (int k = 0; k < table.n_fields; k++) {
            runner->in[k] = dlc_table_at(&table, k, i);
        }
        dlc_runner_run(runner);
        printf("%s[%lld]", path, (long long)i);
        for (int o = 0; o < runner->net->n_outputs; o++) {
            print_output(runner, o, s->options.top);
        }
        printf("\n");
    }
    dlc_table_release(&table);
    return done;
}

bool dlc_command_predict(Session *session, int *status)
{
    Session *s = session;
    const dlc_net *net = dlc_session_net(s);
    (void)status;
    if (net == NULL || !dlc_session_open_engine(s) || !dlc_session_load_weights(s)) {
        return false;
    }
    Runner runner;
    bool done = dlc_runner_init(&runner, net, s->engine.state, &s->fault);
    for (int i = 0; done && i < s->options.n_files; i++) {
        done = predict_file(s, &runner, s->options.file[i]);
    }
    dlc_runner_release(&runner);
    return done;
}
