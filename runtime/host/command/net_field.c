/* net_field.c - see net_field.h. */
#include "host/command/net_field.h"

#include <string.h>

int dlc_net_field(const dlc_model *m, const dlc_net *net, int i)
{
    const dlc_field *input = &net->input[i];
    const bool classes = m->class_net >= 0 && net == &m->net[m->class_net];
    int found = -1;
    if (classes && m->class_input != NULL) {
        return m->class_input[i];
    }
    for (int pass = 0; pass < 2 && found < 0;
         pass++) { /* by name, then by type alone */
        for (int f = 0; f < m->data->n_fields; f++) {
            const dlc_field *field = &m->data->field[f];
            if (field->type.dtype != input->type.dtype ||
                (classes && f == m->class_field) ||
                !dlc_dims_agree(field->type.rank, field->type.dim, &input->type)) {
                continue;
            }
            if (pass == 0 && strcmp(field->name, input->name) == 0) {
                return f;
            }
            if (pass == 1) {
                found = found == -1 ? f : -2;
            }
        }
    }
    return found;
}

bool dlc_net_has_fields(const dlc_model *m, const dlc_net *net)
{
    for (int i = 0; i < net->n_inputs; i++) {
        if (dlc_net_field(m, net, i) < 0) {
            return false;
        }
    }
    return true;
}

void dlc_net_run(Runner *runner, const dlc_model *m, const Split *split, uint32_t i)
{
    for (int k = 0; k < runner->net->n_inputs; k++) {
        runner->in[k] = dlc_split_value(split, dlc_net_field(m, runner->net, k), i);
    }
    dlc_runner_run(runner);
}

bool dlc_net_has_classes(const dlc_model *m)
{
    return m->class_net >= 0 && m->class_net < m->n_nets && m->class_field >= 0 &&
           dlc_type_count(&m->data->field[m->class_field].type) == 1 &&
           dlc_net_has_fields(m, &m->net[m->class_net]) &&
           m->data->field[m->class_field].type.bound ==
               dlc_type_count(&m->net[m->class_net].output[0].type);
}

int64_t dlc_net_label(const dlc_model *m, const Split *split, uint32_t i)
{
    const dlc_dtype dtype = m->data->field[m->class_field].type.dtype;
    return (int64_t)dlc_value_load(dlc_split_value(split, m->class_field, i), dtype);
}

bool dlc_net_count_classes(const dlc_model *m, const void *state, const Split *split,
                           uint32_t limit, Confusion *confusion, Fault *fault)
{
    const uint32_t n = limit > 0 && limit < split->count ? limit : split->count;
    Runner runner;
    const bool done = dlc_runner_init(&runner, &m->net[m->class_net], state, fault);
    for (uint32_t i = 0; done && i < n; i++) {
        dlc_net_run(&runner, m, split, i);
        dlc_confusion_add(confusion, dlc_net_label(m, split, i),
                          dlc_runner_class(&runner));
    }
    dlc_runner_release(&runner);
    return done;
}
