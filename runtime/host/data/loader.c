/* loader.c - the batches of training, ahead of time. */
#include "host/data/loader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "host/augment/augment.h"

enum { MOST_THREADS = 64, MOST_FIELDS = 64 };

/* What one thread augments with: the fields of the first block, and of a second. */
typedef struct Bench {
    Augmenter own, beside;
} Bench;

struct Loader {
    const dlc_data *data;
    int size;   /* of a batch */
    bool works; /* samples are decoded or augmented */
    Bench own;  /* of who calls dlc_loader_next */
    Walk walk;
    Batch batch;    /* being filled, or full */
    int64_t number; /* its place in the walk */

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t wanted, filled;
    pthread_t thread[MOST_THREADS];
    int threads, n_threads; /* wanted, with the caller; running */
    int next;   /* sample of the batch that nobody has yet; size: none is left */
    int active; /* samples that somebody works on; the batch is full when both say so */
    bool ends, failed;
    Fault fault;
};

static bool bench_init(Bench *bench, const dlc_data *data, Fault *fault)
{
    *bench = (Bench){ 0 };
    return dlc_augmenter_init(&bench->own, data, fault) &&
           (data->beside == NULL ||
            dlc_augmenter_init(&bench->beside, data->beside, fault));
}

static void bench_release(Bench *bench)
{
    dlc_augmenter_release(&bench->own);
    dlc_augmenter_release(&bench->beside);
}

static bool needs_work(const dlc_data *data, const Split *split)
{
    return data->n_augments > 0 || split->table->files != NULL ||
           (split->beside != NULL && needs_work(data->beside, split->beside));
}

/* One sample of the batch, with no lock held. */
static bool fill(Loader *l, Bench *bench, int i, Fault *fault)
{
    const Walk *w = &l->walk;
    const Split *split = w->split, *beside = split->beside;
    const int own = split->table->n_fields;
    const uint32_t at = (uint32_t)(l->number * l->size + i);
    const uint32_t from = w->order != NULL ? w->order[at] : at;
    void *to[MOST_FIELDS];
    for (int f = 0; f < l->data->n_fields; f++) {
        to[f] = (unsigned char *)l->batch.data[f] +
                (size_t)i * dlc_type_bytes(&l->data->field[f].type);
        if (!dlc_split_get(split, f, f < own ? from : at, to[f], fault)) {
            return false;
        }
    }
    dlc_augment_sample(&bench->own, to, w->seed, (uint32_t)w->epoch,
                       split->index[from]);
    if (beside != NULL) {
        const uint32_t second = beside->order != NULL ? beside->order[at] : at;
        dlc_augment_sample(&bench->beside, to + own, ~w->seed, (uint32_t)w->epoch,
                           beside->index[second]);
    }
    return true;
}

/* Takes and fills one sample; the lock is held before and after. */
static void work(Loader *l, Bench *bench)
{
    Fault fault;
    const int i = l->next++;
    l->active++;
    pthread_mutex_unlock(&l->lock);
    const bool done = fill(l, bench, i, &fault);
    pthread_mutex_lock(&l->lock);
    if (!done && !l->failed) {
        l->failed = true;
        l->fault = fault;
    }
    if (--l->active == 0) {
        pthread_cond_broadcast(&l->filled);
    }
}

static void *thread_run(void *argument)
{
    Loader *l = argument;
    Bench bench;
    Fault fault;
    if (!bench_init(&bench, l->data, &fault)) {
        bench_release(&bench);
        return NULL; /* the others do the work */
    }
    pthread_mutex_lock(&l->lock);
    while (!l->ends) {
        if (l->next < l->size) {
            work(l, &bench);
        } else {
            pthread_cond_wait(&l->wanted, &l->lock);
        }
    }
    pthread_mutex_unlock(&l->lock);
    bench_release(&bench);
    return NULL;
}

Loader *dlc_loader_new(const dlc_data *data, int batch, int threads, Fault *fault)
{
    Loader *l = dlc_new(1, sizeof *l, "batches", fault);
    if (l == NULL) {
        return NULL;
    }
    *l = (Loader){ .data = data, .size = batch, .next = batch, .threads = threads };
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->wanted, NULL);
    pthread_cond_init(&l->filled, NULL);
    if (!dlc_batch_init(&l->batch, data->n_fields, data->field, batch, fault) ||
        !bench_init(&l->own, data, fault)) {
        dlc_loader_free(l);
        return NULL;
    }
    return l;
}

void dlc_loader_free(Loader *l)
{
    if (l == NULL) {
        return;
    }
    pthread_mutex_lock(&l->lock);
    l->ends = true;
    pthread_cond_broadcast(&l->wanted);
    pthread_mutex_unlock(&l->lock);
    for (int i = 0; i < l->n_threads; i++) {
        pthread_join(l->thread[i], NULL);
    }
    pthread_cond_destroy(&l->filled);
    pthread_cond_destroy(&l->wanted);
    pthread_mutex_destroy(&l->lock);
    bench_release(&l->own);
    dlc_batch_release(&l->batch);
    free(l);
}

/* The batch `number` is to be filled, if the walk has it; the lock is held. */
static void want(Loader *l, int64_t number)
{
    l->number = number;
    if (l->works && number < l->walk.end) {
        l->next = 0;
        pthread_cond_broadcast(&l->wanted);
    }
}

static void start_threads(Loader *l)
{
    while (l->works && l->n_threads < l->threads - 1 && l->n_threads < MOST_THREADS &&
           pthread_create(&l->thread[l->n_threads], NULL, thread_run, l) == 0) {
        l->n_threads++;
    }
}

void dlc_loader_start(Loader *l, const Walk *walk)
{
    dlc_loader_stop(l);
    pthread_mutex_lock(&l->lock);
    l->walk = *walk;
    l->works = l->data->n_fields <= MOST_FIELDS && needs_work(l->data, walk->split);
    l->failed = false;
    want(l, walk->first);
    start_threads(l);
    pthread_mutex_unlock(&l->lock);
}

void dlc_loader_stop(Loader *l)
{
    pthread_mutex_lock(&l->lock);
    l->next = l->size; /* nobody begins another sample */
    while (l->active > 0) {
        pthread_cond_wait(&l->filled, &l->lock);
    }
    pthread_mutex_unlock(&l->lock);
}

bool dlc_loader_next(Loader *l, Batch *batch, Fault *fault)
{
    if (!l->works) {
        return dlc_batch_gather(batch, l->walk.split, l->walk.order,
                                (uint32_t)(l->number++ * l->size)) >= 0;
    }
    pthread_mutex_lock(&l->lock);
    while (l->next < l->size) {
        work(l, &l->own);
    }
    while (l->active > 0) {
        pthread_cond_wait(&l->filled, &l->lock);
    }
    const bool done = !l->failed;
    if (!done) {
        *fault = l->fault;
    }
    float *valid = batch->data[batch->n_fields];
    for (int f = 0; f < l->data->n_fields; f++) {
        void *full = l->batch.data[f];
        l->batch.data[f] = batch->data[f];
        batch->data[f] = full;
    }
    for (int i = 0; i < l->size; i++) {
        valid[i] = 1.0F;
    }
    want(l, l->number + 1);
    pthread_mutex_unlock(&l->lock);
    return done;
}
