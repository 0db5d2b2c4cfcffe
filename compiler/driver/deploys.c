/* deploys.c - see deploys.h. */
#include "driver/deploys.h"

const char *deploys_function_name(Session *s, const char *prefix, const ModuleNet *net,
                                  const ModuleDeploy *d)
{
    if (d != NULL && d->prefix != NULL)
        return str_printf(s->module, "%s%s", d->prefix, d->name);
    if (d != NULL && !str_equal(d->name, d->net->name))
        return d->name;
    return str_printf(s->module, "%s_%s", prefix, net->name);
}

/* The block of another target than an earlier one's; NULL: all have one, or none. */
static const ModuleDeploy *find_other(const Module *m, const ModuleDeploy **first)
{
    *first = NULL;
    for (int i = 0; i < m->deploy.n; i++) {
        const ModuleDeploy *d = m->deploy.at[i];
        if (d->target == NULL)
            continue;
        if (*first == NULL)
            *first = d;
        else if (!str_equal((*first)->target, d->target))
            return d;
    }
    return NULL;
}

static bool choose_target(Session *s, const Module *m, UnitPurpose purpose,
                          const Target **target)
{
    const ModuleDeploy *first;
    *target = purpose == UNIT_PROGRAM ? target_of_host() : target_find("c99");
    if (s->options.target != NULL)
        *target = target_find(s->options.target);
    if (s->options.target != NULL || !s->has_weights)
        return true;
    const ModuleDeploy *other = find_other(m, &first);
    if (first != NULL)
        *target = target_find(first->target);
    if (other == NULL)
        return true;
    Diag *d = diag_begin(s->sink, DIAG_CLASH, other->target_span,
                         "a C file is for one target, and blocks are for `%s` and `%s`",
                         first->target, other->target);
    diag_label(d, first->target_span, "here for another one");
    diag_help(d,
              "compile one after the other: `--target=%s` takes the blocks for it, "
              "`--target=%s` those",
              first->target, other->target);
    return diag_end(d);
}

static bool is_for(const ModuleDeploy *d, const Target *t)
{
    return d->target != NULL && target_find(d->target) == t;
}

static const ModuleDeploy *find_name(Session *s, const char *prefix,
                                     const DeployVec *chosen, const ModuleDeploy *d)
{
    const char *name = deploys_function_name(s, prefix, d->net, d);
    for (int i = 0; i < chosen->n; i++) {
        const ModuleDeploy *other = chosen->at[i];
        if (str_equal(deploys_function_name(s, prefix, other->net, other), name))
            return other;
    }
    return NULL;
}

static bool fail_name(Session *s, const char *prefix, const ModuleDeploy *first,
                      const ModuleDeploy *d)
{
    Diag *diag = diag_begin(s->sink, DIAG_TWICE, d->name_span,
                            "two deploy blocks make `%s` in C",
                            deploys_function_name(s, prefix, d->net, d));
    diag_label(diag, first->name_span, "the other one");
    diag_help(diag, "give one a name of its own: `deploy %s as %s_2 { ... }`",
              d->net->name, d->name);
    return diag_end(diag);
}

/* A program runs whole nets, each once. Without trained values a block of a target
 * stands for those of other targets that have its name. */
bool deploys_choose(Session *s, const Module *m, UnitPurpose purpose,
                    const char *prefix, const Target **target, DeployVec *chosen)
{
    bool some = false, good = true;
    if (!choose_target(s, m, purpose, target))
        return false;
    for (int i = 0; i < m->deploy.n && s->has_weights; i++)
        some = some || is_for(m->deploy.at[i], *target);
    for (int i = 0; i < m->deploy.n; i++) {
        const ModuleDeploy *d = m->deploy.at[i];
        bool twice = false;
        for (int k = 0; k < chosen->n; k++)
            twice = twice || chosen->at[k]->net == d->net;
        if ((some && d->target != NULL && !is_for(d, *target)) ||
            (purpose == UNIT_PROGRAM && twice))
            continue;
        const ModuleDeploy *other = find_name(s, prefix, chosen, d);
        if (other == NULL)
            vec_push(s->module, chosen, d);
        else if (some || other->target == NULL || d->target == NULL ||
                 str_equal(other->target, d->target))
            good = fail_name(s, prefix, other, d);
    }
    return good;
}
