/* train_settings.c - what the settings of a train block say: how long, on which
 * samples, which number stops it or is kept. Reports are known by then. */
#include "front/elab.h"

#include "support/bug.h"

static bool fail_monitor(Elab *e, const Ast *member, const ModuleTrain *t)
{
    const char **names = arena_array(e->arena, const char *, t->n_reports + 1);
    for (int i = 0; i < t->n_reports; i++)
        names[i] = t->report[i].name;
    for (int i = 0; i < t->tally.n; i++)
        if (str_equal(t->tally.at[i].name, member->name))
            return diag_error(e->sink, member->name_span, DIAG_MONITOR,
                              "`%s` is a table of numbers, which has no best",
                              member->name);
    Diag *d = diag_begin(e->sink, DIAG_MONITOR, member->name_span,
                         "no metric is called `%s`", member->name);
    if (!diag_nearest(d, member->name, names, t->n_reports))
        diag_help(d, "declare it: `metric %s = ...`", member->name);
    return diag_end(d);
}

static bool holds_valid(const ModuleData *d)
{
    return d->n_fractions >= 2 || d->split[SPLIT_VALID].kind != SOURCE_NONE;
}

/* Samples to watch: a split of the data's own, a fraction of `all`, or `validate`. */
static bool has_valid(const ModuleTrain *t)
{
    if (t->data == NULL || t->validate > 0 || t->folds > 0)
        return true;
    return holds_valid(t->data) && (t->beside == NULL || holds_valid(t->beside));
}

/* stop: patience(valid.loss, 3), keep: best(valid.acc) */
static bool read_watch(Elab *e, const SettingValue *s, const ModuleTrain *t,
                       Watch *watch)
{
    if (s == NULL)
        return true;
    const Config *c = s->value->config;
    const Ast *of = c->node[0];
    bool split =
        of != NULL && of->kind == AST_MEMBER && of->base->kind == AST_NAME &&
        (str_equal(of->base->name, "valid") || str_equal(of->base->name, "train"));
    if (!split) {
        Diag *d = diag_begin(e->sink, DIAG_MONITOR,
                             of != NULL ? of->span : s->ast->named.value->span,
                             "`%s` watches a loss or metric of a split", c->name);
        diag_help(d, "for example `%s(valid.loss%s)`", c->name,
                  str_equal(c->name, "patience") ? ", 3" : "");
        return diag_end(d);
    }
    watch->report = -1;
    for (int i = 0; i < t->n_reports; i++)
        if (str_equal(t->report[i].name, of->name))
            watch->report = i;
    if (watch->report < 0 && t->step == NULL && str_starts(of->name, "loss"))
        return true; /* the loss failed, and said so */
    if (watch->report < 0)
        return fail_monitor(e, of, t);
    if (str_equal(of->base->name, "valid") && !has_valid(t)) {
        Diag *d = diag_begin(e->sink, DIAG_MONITOR, of->base->span,
                             "`%s` has no `valid` split to watch", t->data->name);
        diag_help(d, "add `validate: 0.1`, or `valid: take(train, 1000)` to the data");
        return diag_end(d);
    }
    watch->set = true;
    watch->split = str_equal(of->base->name, "train") ? SPLIT_TRAIN : SPLIT_VALID;
    watch->patience = 1;
    int n = config_param(c, "n");
    if (n >= 0 && c->value[n] != NULL) {
        const Value *v = c->value[n];
        if (v->kind != VALUE_INT || v->integer < 1 || v->integer > 1000000)
            return diag_error(e->sink, c->node[n]->span, DIAG_SETTING_KIND,
                              "the patience is a positive int, found %s",
                              value_describe(e->arena, v));
        watch->patience = (int)v->integer;
    } else if (n >= 0) {
        return diag_error(e->sink, s->ast->named.value->span, DIAG_ARGUMENT_MISSING,
                          "`patience` needs the number of epochs to wait");
    }
    return true;
}

static bool read_validate(Elab *e, const SettingValue *s, ModuleTrain *t)
{
    const Config *c = s->value->kind == VALUE_CONFIG ? s->value->config : NULL;
    if (c == NULL) {
        t->validate = value_number(s->value);
        return true;
    }
    const Value *k = c->value[0];
    if (k == NULL || k->kind != VALUE_INT || k->integer < 2 || k->integer > 1000)
        return diag_error(e->sink, s->ast->named.value->span, DIAG_SETTING_KIND,
                          "`kfold` takes the number of folds, an int from 2 to 1000");
    t->folds = k->integer;
    if (t->beside != NULL)
        return diag_error(e->sink, s->ast->named.value->span, DIAG_CLASH,
                          "`kfold` takes parts of one data block, and this block has "
                          "two");
    if (t->data == NULL || t->data->split[SPLIT_VALID].kind == SOURCE_NONE)
        return true;
    Diag *d = diag_begin(e->sink, DIAG_CLASH, s->ast->named.value->span,
                         "`kfold` makes its own validation splits, but `%s` has one",
                         t->data->name);
    diag_help(d, "remove `valid: ...` from the data");
    return diag_end(d);
}

/* Settings of dlc's own loop: a block without data has the user's. */
static bool read_own(Elab *e, const BlockContext *b, ModuleTrain *t)
{
    static const char *const own[] = { "load",    "save",     "log_every",
                                       "threads", "shuffle",  "resample",
                                       "stop",    "validate", "keep" };
    for (int i = 0; t->data == NULL && i < ARRAY_LEN(own); i++) {
        const SettingValue *s = setting_find(b, own[i]);
        if (s != NULL)
            return diag_error(e->sink, s->ast->name_span, DIAG_CLASH,
                              "`%s` is a setting of the loop over data, and this block "
                              "has none: its steps are called by your own loop",
                              own[i]);
    }
    const SettingValue *load = setting_find(b, "load"), *save = setting_find(b, "save");
    t->log_every = setting_int(b, "log_every", 0);
    t->threads = setting_int(b, "threads", 0);
    t->load = load != NULL && load->value != NULL ? load->value->text : NULL;
    t->save = save != NULL && save->value != NULL ? save->value->text : NULL;
    t->shuffle = setting_truth(b, "shuffle", -1);
    return true;
}

/* resample: balanced(label) */
static bool read_resample(Elab *e, const BlockContext *b, ModuleTrain *t)
{
    const SettingValue *s = setting_find(b, "resample");
    t->resample = -1;
    if (s == NULL || s->value == NULL || t->data == NULL)
        return true;
    const Ast *of = s->value->kind == VALUE_CONFIG ? s->value->config->node[0] : NULL;
    if (t->beside != NULL)
        return diag_error(e->sink, s->ast->name_span, DIAG_CLASH,
                          "`resample` draws from one data block, and this block has "
                          "two");
    for (int i = 0; of != NULL && of->kind == AST_NAME && i < t->n_inputs; i++)
        if (str_equal(t->input[i].name, of->name) && t->input[i].bound > 0 &&
            t->input[i].shape.rank == 0)
            t->resample = i;
    if (t->resample >= 0)
        return true;
    Diag *d = diag_begin(e->sink, DIAG_SETTING_KIND, s->ast->named.value->span,
                         "`resample` balances the classes of a field `index(n)`");
    diag_help(d, "write `resample: balanced(label)`");
    return diag_end(d);
}

bool train_settings(Elab *e, const BlockContext *b, ModuleTrain *t)
{
    const SettingValue *validate = setting_find(b, "validate");
    const SettingValue *stop = setting_find(b, "stop"), *keep = setting_find(b, "keep");
    t->epochs = setting_int(b, "epochs", 0);
    t->steps = setting_int(b, "steps", 0);
    t->batch = setting_int(b, "batch", 32);
    t->accumulate = setting_int(b, "accumulate", 1);
    if (e->options->batch > 0)
        t->batch = e->options->batch;
    t->seed = (uint64_t)setting_int(b, "seed", 0);
    t->quantize_aware = setting_truth(b, "quantize_aware", 0) == 1;
    bool ok =
        validate == NULL || validate->value == NULL || read_validate(e, validate, t);
    ok = read_own(e, b, t) && read_resample(e, b, t) && ok;
    ok =
        (stop == NULL || stop->value == NULL || read_watch(e, stop, t, &t->stop)) && ok;
    return (keep == NULL || keep->value == NULL || read_watch(e, keep, t, &t->keep)) &&
           ok;
}
