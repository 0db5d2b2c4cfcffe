/* dataset.c - the samples of a data block and their splits. */
#include "host/data/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "host/data/csv.h"
#include "host/data/idx.h"
#include "host/data/npy.h"
#include "host/data/shuffle.h"

const char *const dlc_split_name[DLC_SPLITS] = { "train", "valid", "test", "all" };

/* One file a field: idx or npy. */
static bool load_arrays(Table *table, const dlc_source *source, const Places *places,
                        Fault *fault)
{
    char *first = NULL;
    if (source->n_paths != table->n_fields) {
        return dlc_fault(fault, "line %d: %d files for %d fields", source->line,
                         source->n_paths, table->n_fields);
    }
    bool done = true;
    for (int f = 0; done && f < table->n_fields; f++) {
        int64_t count = 0;
        char *path = dlc_find(places, source->path[f], fault);
        if (path != NULL) {
            table->column[f] =
                source->kind == DLC_SOURCE_IDX
                    ? dlc_idx_read(path, &table->field[f], &count, fault)
                    : dlc_npy_read(path, &table->field[f], false, &count, fault);
        }
        done = path != NULL && table->column[f] != NULL;
        if (done && f > 0 && count != table->count) {
            done = dlc_fault(fault, "%s has %lld samples, but %s has %lld", path,
                             (long long)count, first, (long long)table->count);
        }
        if (f == 0) {
            table->count = count;
            first = path;
        } else {
            free(path);
        }
    }
    free(first);
    return done;
}

/* Samples that stand in the program. */
static bool load_rows(Table *table, const dlc_source *source, Fault *fault)
{
    const double *value = source->rows;
    char why[DLC_TYPE_SIZE];
    for (int f = 0; f < table->n_fields; f++) {
        const dlc_field *field = &table->field[f];
        table->column[f] = dlc_new((size_t)source->n_rows, dlc_type_bytes(&field->type),
                                   field->name, fault);
        if (table->column[f] == NULL) {
            return false;
        }
    }
    for (int64_t row = 0; row < source->n_rows; row++) {
        for (int f = 0; f < table->n_fields; f++) {
            const dlc_type *type = &table->field[f].type;
            const size_t bytes = dlc_dtype_bytes(type->dtype);
            const int64_t n = dlc_type_count(type);
            unsigned char *to = table->column[f] + (size_t)(row * n) * bytes;
            for (int64_t i = 0; i < n; i++, to += bytes, value++) {
                if (dlc_value_store(to, type, *value, why) != NULL) {
                    return dlc_fault(fault, "line %d: row %lld: %s is %g, %s",
                                     source->line, (long long)row + 1,
                                     table->field[f].name, *value, why);
                }
            }
        }
    }
    table->count = source->n_rows;
    return true;
}

bool dlc_table_load(Table *table, const dlc_source *source, int n_fields,
                    const dlc_field *field, const Places *places, Fault *fault)
{
    *table = (Table){ .n_fields = n_fields, .field = field };
    table->column = dlc_new((size_t)n_fields, sizeof(unsigned char *), "fields", fault);
    if (table->column == NULL) {
        return false;
    }
    bool done = false;
    if (source->kind == DLC_SOURCE_ROWS) {
        done = load_rows(table, source, fault);
    } else if (source->kind == DLC_SOURCE_CSV) {
        char *path = dlc_find(places, source->path[0], fault);
        done = path != NULL && dlc_csv_read(path, source->header, table, fault);
        free(path);
    } else {
        done = load_arrays(table, source, places, fault);
    }
    if (done && table->count == 0) {
        done = dlc_fault(fault, "line %d: the source holds no samples", source->line);
    }
    if (done && table->count > INT32_MAX) {
        done =
            dlc_fault(fault, "%s holds more than 2147483647 samples", source->path[0]);
    }
    return done;
}

void dlc_table_release(Table *table)
{
    for (int f = 0; table->column != NULL && f < table->n_fields; f++) {
        free(table->column[f]);
    }
    free(table->column);
    *table = (Table){ 0 };
}

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

/* split: [0.8, 0.1, 0.1] of all. Borders are rounded, so no sample is lost; what
 * fractions that sum to less than 1 leave over is unused. */
static bool form_fractions(Dataset *set, Fault *fault)
{
    const dlc_data *data = set->data;
    Split *all = &set->split[DLC_ALL];
    double end = 0;
    uint32_t first = 0;
    if (data->shuffle) {
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
    return split_part(&set->split[s], from, from->count, (uint32_t)source->count,
                      fault);
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
    if (set->data->shuffle) {
        Random random = dlc_random(seed, PURPOSE_SPLIT, 1);
        dlc_shuffle(train->index, train->count, &random);
    }
    train->count -= count;
    return split_part(valid, train, train->count, count, fault);
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

const unsigned char *dlc_split_value(const Split *split, int f, uint32_t at)
{
    if (f >= split->table->n_fields && split->beside != NULL) {
        const Split *b = split->beside;
        return dlc_split_value(b, f - split->table->n_fields,
                               b->order != NULL ? b->order[at] : at);
    }
    const size_t bytes = dlc_type_bytes(&split->table->field[f].type);
    return split->table->column[f] + split->index[at] * bytes;
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
