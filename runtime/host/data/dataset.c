/* dataset.c - the samples of a data block and their splits. */
#include "host/data/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "host/data/reader.h"
#include "host/data/shuffle.h"

const char *const dlc_split_name[DLC_SPLITS] = { "train", "valid", "test", "all" };

/* A new split of samples index[from .. from + count) of another. */
static bool split_part(Split *to, const Split *from, uint32_t first, uint32_t count,
                       Fault *fault)
{
    to->table = from->table;
    to->count = count;
    to->index = dlc_new(count, sizeof(uint32_t), "a split", fault);
    if (to->index == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(to->index, from->index + first, count * sizeof(uint32_t));
    }
    return true;
}

static bool split_whole(Split *split, const Table *table, Fault *fault)
{
    split->table = table;
    split->count = (uint32_t)table->count;
    split->index = dlc_new(split->count, sizeof(uint32_t), "a split", fault);
    for (uint32_t i = 0; split->index != NULL && i < split->count; i++) {
        split->index[i] = i;
    }
    return split->index != NULL;
}

/* Samples at the end of a split that share data with those after it: windows over the
 * border. They belong to neither, so no split sees what another was made of. */
static void drop_overlap(Split *before)
{
    const uint32_t overlap = (uint32_t)before->table->reach - 1;
    before->count = before->count > overlap ? before->count - overlap : 0;
}

/* Windows stay in the order of time when they are divided. */
static bool is_shuffled(const Dataset *set, const Split *split)
{
    return set->data->shuffle && split->table->reach == 1;
}

/* split: [0.8, 0.1, 0.1] of all. Borders are rounded, so no sample is lost; what
 * fractions that sum to less than 1 leave over is unused. */
static bool form_fractions(Dataset *set, Fault *fault)
{
    const dlc_data *data = set->data;
    Split *all = &set->split[DLC_ALL];
    double end = 0;
    uint32_t first = 0;
    if (is_shuffled(set, all)) {
        Random random = dlc_random(0, PURPOSE_SPLIT, 0);
        dlc_shuffle(all->index, all->count, &random);
    }
    for (int s = 0; s < data->n_fractions && s < DLC_ALL; s++) {
        end += data->fraction[s];
        const double border = end * all->count + 0.5;
        const uint32_t last = border < all->count ? (uint32_t)border : all->count;
        if (data->fraction[s] <= 0) {
            continue;
        }
        if (last == first) {
            return dlc_fault(fault, "split %s gets none of the %u samples",
                             dlc_split_name[s], (unsigned)all->count);
        }
        if (!split_part(&set->split[s], all, first, last - first, fault)) {
            return false;
        }
        first = last;
        if (last < all->count) {
            drop_overlap(&set->split[s]);
        }
        if (set->split[s].count == 0) {
            return dlc_fault(fault, "split %s is shorter than one window",
                             dlc_split_name[s]);
        }
    }
    return true;
}

static bool form_take(Dataset *set, int s, int depth, Fault *fault)
{
    const dlc_source *source = &set->data->split[s];
    if (source->kind != DLC_SOURCE_TAKE || set->split[s].table != NULL) {
        return true;
    }
    if (depth == DLC_SPLITS) {
        return dlc_fault(fault, "line %d: splits take from each other", source->line);
    }
    if (!form_take(set, source->from, depth + 1, fault)) {
        return false;
    }
    Split *from = &set->split[source->from];
    const char *name = dlc_split_name[source->from];
    if (from->table == NULL) {
        return dlc_fault(fault, "line %d: take from %s, which does not exist",
                         source->line, name);
    }
    if (source->count <= 0 || source->count >= from->count) {
        return dlc_fault(fault, "line %d: take of %lld samples from %s, which has %u",
                         source->line, (long long)source->count, name,
                         (unsigned)from->count);
    }
    from->count -= (uint32_t)source->count;
    if (!split_part(&set->split[s], from, from->count, (uint32_t)source->count,
                    fault)) {
        return false;
    }
    drop_overlap(from);
    return from->count > 0 ||
           dlc_fault(fault,
                     "line %d: what take leaves of %s is shorter than one window",
                     source->line, name);
}

static bool form_validate(Dataset *set, double validate, uint64_t seed, Fault *fault)
{
    Split *train = &set->split[DLC_TRAIN], *valid = &set->split[DLC_VALID];
    if (validate <= 0 || train->table == NULL || valid->table != NULL) {
        return true;
    }
    const uint32_t count = (uint32_t)(validate * train->count + 0.5);
    if (count == 0 || count >= train->count) {
        return dlc_fault(fault, "validate: %g of %u samples leaves a split empty",
                         validate, (unsigned)train->count);
    }
    if (is_shuffled(set, train)) {
        Random random = dlc_random(seed, PURPOSE_SPLIT, 1);
        dlc_shuffle(train->index, train->count, &random);
    }
    train->count -= count;
    if (!split_part(valid, train, train->count, count, fault)) {
        return false;
    }
    drop_overlap(train);
    return train->count > 0 ||
           dlc_fault(fault, "validate: what it leaves of train is shorter than one "
                            "window");
}

static bool load_block(Dataset *set, const dlc_data *data, const Places *places,
                       double validate, uint64_t seed, Fault *fault)
{
    *set = (Dataset){ .data = data };
    for (int s = 0; s < DLC_SPLITS; s++) {
        const dlc_source *source = &data->split[s];
        if (source->kind == DLC_SOURCE_NONE || source->kind == DLC_SOURCE_TAKE) {
            continue;
        }
        const int n = data->beside != NULL ? data->n_own : data->n_fields;
        if (!dlc_table_load(&set->table[s], source, n, data->field, places, fault) ||
            !split_whole(&set->split[s], &set->table[s], fault)) {
            return false;
        }
    }
    if (data->n_fractions > 0 && set->split[DLC_ALL].table != NULL &&
        !form_fractions(set, fault)) {
        return false;
    }
    for (int s = 0; s < DLC_SPLITS; s++) {
        if (!form_take(set, s, 0, fault)) {
            return false;
        }
    }
    if (set->split[DLC_TRAIN].table == NULL && data->n_fractions == 0 &&
        set->split[DLC_ALL].table !=
            NULL) { /* `all` alone: everything is for training */
        set->split[DLC_TRAIN] = set->split[DLC_ALL];
        set->split[DLC_ALL] = (Split){ 0 };
    }
    return form_validate(set, validate, seed, fault);
}

/* A split exists where both blocks have it, and is as long as the shorter one. */
static void join_splits(Dataset *set)
{
    for (int s = 0; s < DLC_SPLITS; s++) {
        Split *a = &set->split[s], *b = &set->beside->split[s];
        if (a->table == NULL || b->table == NULL) {
            free(a->index);
            *a = (Split){ 0 };
            continue;
        }
        a->beside = b;
        a->count = a->all < b->all ? a->all : b->all;
    }
}

bool dlc_dataset_load(Dataset *set, const dlc_data *data, const Places *places,
                      double validate, uint64_t seed, Fault *fault)
{
    bool done = load_block(set, data, places, validate, seed, fault);
    for (int s = 0; done && s < DLC_SPLITS; s++) {
        set->split[s].all = set->split[s].count;
    }
    if (!done || data->beside == NULL) {
        return done;
    }
    set->beside = dlc_new(1, sizeof *set->beside, "a second block", fault);
    done = set->beside != NULL &&
           dlc_dataset_load(set->beside, data->beside, places, validate, seed, fault);
    if (done) {
        join_splits(set);
    }
    return done;
}

bool dlc_split_get(const Split *split, int f, uint32_t at, void *to, Fault *fault)
{
    if (f >= split->table->n_fields && split->beside != NULL) {
        const Split *b = split->beside;
        return dlc_split_get(b, f - split->table->n_fields,
                             b->order != NULL ? b->order[at] : at, to, fault);
    }
    return dlc_table_get(split->table, f, split->index[at], to, fault);
}

const unsigned char *dlc_split_value(const Split *split, int f, uint32_t at)
{
    if (f >= split->table->n_fields && split->beside != NULL) {
        const Split *b = split->beside;
        return dlc_split_value(b, f - split->table->n_fields,
                               b->order != NULL ? b->order[at] : at);
    }
    const Table *table = split->table;
    if (table->column[f] != NULL) {
        return dlc_table_at(table, f, split->index[at]);
    }
    Fault fault;
    if (!dlc_table_get(table, f, split->index[at], table->slot, &fault)) {
        memset(table->slot, 0, dlc_type_bytes(&table->field[f].type));
    }
    return table->slot;
}

static bool remember_train(Dataset *set, int64_t folds, uint64_t seed, Fault *fault)
{
    Split *train = &set->split[DLC_TRAIN];
    if (set->split[DLC_VALID].table != NULL) {
        return dlc_fault(fault, "kfold makes its own valid splits, but there is one");
    }
    if (train->count < folds) {
        return dlc_fault(fault, "kfold(%lld) of %u training samples", (long long)folds,
                         (unsigned)train->count);
    }
    if (set->data->shuffle) {
        Random random = dlc_random(seed, PURPOSE_SPLIT, 1);
        dlc_shuffle(train->index, train->count, &random);
    }
    set->n_folded = train->count;
    set->folded = dlc_new(train->count, sizeof(uint32_t), "folds", fault);
    if (set->folded == NULL) {
        return false;
    }
    memcpy(set->folded, train->index, train->count * sizeof(uint32_t));
    return true;
}

bool dlc_dataset_fold(Dataset *set, int64_t folds, int64_t fold, uint64_t seed,
                      Fault *fault)
{
    Split *train = &set->split[DLC_TRAIN], *valid = &set->split[DLC_VALID];
    if (train->table != NULL && train->table->reach > 1) {
        dlc_fault(fault,
                  "kfold: windows of a series overlap, so its parts would not be "
                  "apart");
        return dlc_fault_help(fault, "validate on the end of it: `validate: 0.1`");
    }
    if (set->folded == NULL && !remember_train(set, folds, seed, fault)) {
        return false;
    }
    const uint32_t n = set->n_folded;
    const uint32_t first = (uint32_t)((uint64_t)n * (uint64_t)fold / (uint64_t)folds);
    const uint32_t last =
        (uint32_t)((uint64_t)n * ((uint64_t)fold + 1) / (uint64_t)folds);
    const Split whole = { .table = train->table, .index = set->folded, .count = n };
    free(valid->index);
    if (!split_part(valid, &whole, first, last - first, fault)) {
        return false;
    }
    train->count = train->all = n - valid->count;
    valid->all = valid->count;
    memcpy(train->index, set->folded, first * sizeof(uint32_t));
    memcpy(train->index + first, set->folded + last, (n - last) * sizeof(uint32_t));
    return true;
}

void dlc_dataset_release(Dataset *set)
{
    if (set->beside != NULL) {
        dlc_dataset_release(set->beside);
        free(set->beside);
    }
    free(set->folded);
    for (int s = 0; s < DLC_SPLITS; s++) {
        free(set->split[s].index);
        dlc_table_release(&set->table[s]);
    }
    *set = (Dataset){ 0 };
}
