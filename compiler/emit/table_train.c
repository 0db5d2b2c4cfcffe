/* table_train.c - what the table of a model says of training: settings, watches,
 * losses, metrics. */
#include "emit/writer.h"

#include "support/bug.h"

void table_string(const char *text, const char *indent, Out *o)
{
    out_puts(o, "\"");
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\n') {
            out_puts(o, "\\n");
            if (c[1] != '\0')
                out_print(o, "\"\n%s\"", indent);
        } else if (*c == '"' || *c == '\\' || *c == '?') {
            out_print(o, "\\%c", *c);
        } else if ((unsigned char)*c < ' ' || (unsigned char)*c == 127) {
            out_print(o, "\\%03o", (unsigned)(unsigned char)*c);
        } else {
            out_write(o, c, 1);
        }
    }
    out_puts(o, "\"");
}

void table_reports(const ModuleTrain *t, Out *o)
{
    if (t == NULL || t->n_reports == 0)
        return;
    out_puts(o, "static const dlc_report reports[] = {\n");
    for (int i = 0; i < t->n_reports; i++) {
        out_puts(o, "    { ");
        table_string(t->report[i].name, "", o);
        out_print(o, ", %s, %s, %s },\n", t->report[i].is_loss ? "true" : "false",
                  t->report[i].larger_is_better ? "true" : "false",
                  t->report[i].of_split ? "true" : "false");
    }
    out_puts(o, "};\n\n");
}

static int member_index(const Writer *w, const char *path)
{
    for (int i = 0; i < w->members.n; i++)
        if (str_equal(w->members.at[i]->tensor->path, path))
            return i;
    BUG("no tensor `%s`", path);
}

void table_tallies(const Writer *w, const ModuleTrain *t, Out *o)
{
    if (t == NULL || t->tally.n == 0)
        return;
    out_puts(o, "static const dlc_tally tallies[] = {\n");
    for (int i = 0; i < t->tally.n; i++) {
        out_puts(o, "    { ");
        table_string(t->tally.at[i].name, "", o);
        out_print(o, ", %d },\n", member_index(w, t->tally.at[i].path));
    }
    out_puts(o, "};\n\n");
}

static void print_watch(const char *name, const Watch *watch, const ModuleTrain *t,
                        Out *o)
{
    if (!watch->set)
        return;
    out_print(o, "    .%s = { %s, %d, %s, %d },\n", name,
              t->report[watch->report].is_loss ? "DLC_WATCH_LOSS" : "DLC_WATCH_METRIC",
              watch->report, watch->split == SPLIT_TRAIN ? "DLC_TRAIN" : "DLC_VALID",
              watch->patience);
}

/* What is not set has the value 0, or NULL, of the table. */
static void print_loop_settings(const ModuleTrain *t, Out *o)
{
    const struct {
        const char *name;
        int64_t value, unset;
    } number[] = { { "accumulate", t->accumulate, 1 },
                   { "folds", t->folds, 0 },
                   { "log_every", t->log_every, 0 },
                   { "threads", t->threads, 0 },
                   { "resample", t->resample + 1, 0 } };
    for (int i = 0; i < ARRAY_LEN(number); i++)
        if (number[i].value != number[i].unset)
            out_print(o, "    .%s = %lld,\n", number[i].name,
                      (long long)number[i].value);
    if (t->shuffle >= 0)
        out_print(o, "    .shuffle = %s,\n",
                  t->shuffle ? "DLC_SHUFFLE" : "DLC_IN_ORDER");
    const char *const file[][2] = { { "load", t->load }, { "save", t->save } };
    for (int i = 0; i < ARRAY_LEN(file); i++) {
        if (file[i][1] == NULL)
            continue;
        out_print(o, "    .%s = ", file[i][0]);
        table_string(file[i][1], "", o);
        out_puts(o, ",\n");
    }
    if (!t->plateau.set)
        return;
    out_print(o, "    .plateau = { true, %d, %d, ", t->plateau.report,
              t->plateau.patience);
    out_f64(o, t->plateau.factor);
    out_puts(o, " },\n");
}

void table_train_settings(const ModuleTrain *t, Out *o)
{
    out_puts(o, "    .train_name = ");
    table_string(t->name ? t->name : "train", "", o);
    out_print(o,
              ",\n    .batch = %lld,\n    .epochs = %lld,\n    .steps = %lld,\n"
              "    .seed = %lluU,\n    .validate = ",
              (long long)t->batch, (long long)t->epochs, (long long)t->steps,
              (unsigned long long)t->seed);
    out_f64(o, t->validate);
    out_puts(o, ",\n");
    print_loop_settings(t, o);
    print_watch("stop", &t->stop, t, o);
    print_watch("keep", &t->keep, t, o);
    if (t->n_reports > 0)
        out_print(o, "    .n_reports = %d,\n    .report = reports,\n", t->n_reports);
    if (t->tally.n > 0)
        out_print(o, "    .n_tallies = %d,\n    .tally = tallies,\n", t->tally.n);
    out_print(o, "    .class_net = %d,\n    .class_field = %d,\n", t->class_net,
              t->class_field);
}
