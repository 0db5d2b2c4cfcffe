/* team.c - the threads that run one call together.
 *
 * Members meet at a central barrier whose sense is the parity of a generation number
 * (Mellor-Crummey, Scott 1991, section 2.1, sense reversing). A member that waits spins
 * for a bounded time, then sleeps on a condition: with more threads than processors the
 * spin is short, so nobody burns the time of whom he waits for. A job starts and ends
 * with the same barrier. */
#include "host/train/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/train/denormal.h"

enum { SPINS = 4000, SPINS_CROWDED = 20 };

struct Team {
    int32_t size;
    int spins;
    atomic_int missing;     /* members that have not arrived */
    atomic_uint generation; /* changes when all have arrived */
    atomic_int sleepers;
    pthread_mutex_t mutex;
    pthread_cond_t all_here;
    bool stop;
    void (*work)(void *arg, const dlc_team *member);
    void *arg;
    dlc_team *member;
    pthread_t *thread;
};

static inline void spin_pause(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_ia32_pause();
#endif
}

static void wait_for_all(const dlc_team *member)
{
    Team *team = member->shared;
    const unsigned generation = atomic_load(&team->generation);
    if (atomic_fetch_sub(&team->missing, 1) == 1) {
        atomic_store(&team->missing, team->size);
        atomic_store(&team->generation, generation + 1);
        if (atomic_load(&team->sleepers) > 0) {
            pthread_mutex_lock(&team->mutex);
            pthread_cond_broadcast(&team->all_here);
            pthread_mutex_unlock(&team->mutex);
        }
        return;
    }
    for (int i = 0; i < team->spins; i++) {
        if (atomic_load_explicit(&team->generation, memory_order_acquire) !=
            generation) {
            return;
        }
        spin_pause();
    }
    pthread_mutex_lock(&team->mutex);
    atomic_fetch_add(&team->sleepers, 1);
    while (atomic_load(&team->generation) == generation) {
        pthread_cond_wait(&team->all_here, &team->mutex);
    }
    atomic_fetch_sub(&team->sleepers, 1);
    pthread_mutex_unlock(&team->mutex);
}

static void *member_main(void *arg)
{
    const dlc_team *member = arg;
    Team *team = member->shared;
    dlc_flush_denormals();
    for (;;) {
        wait_for_all(member);
        if (team->stop) {
            return NULL;
        }
        team->work(team->arg, member);
        wait_for_all(member);
    }
}

void dlc_team_run(Team *team, void (*work)(void *arg, const dlc_team *member),
                  void *arg)
{
    if (team->size == 1) {
        work(arg, NULL);
        return;
    }
    team->work = work;
    team->arg = arg;
    wait_for_all(&team->member[0]);
    work(arg, &team->member[0]);
    wait_for_all(&team->member[0]);
}

Team *dlc_team_new(int threads, Fault *fault)
{
    Team *team = dlc_new(1, sizeof *team, "threads", fault);
    if (team == NULL) {
        return NULL;
    }
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    team->size = threads;
    team->spins = processors >= threads ? SPINS : SPINS_CROWDED;
    atomic_init(&team->missing, threads);
    atomic_init(&team->generation, 0);
    atomic_init(&team->sleepers, 0);
    pthread_mutex_init(&team->mutex, NULL);
    pthread_cond_init(&team->all_here, NULL);
    team->member = dlc_new((size_t)threads, sizeof *team->member, "threads", fault);
    team->thread = dlc_new((size_t)threads, sizeof *team->thread, "threads", fault);
    if (team->member == NULL || team->thread == NULL) {
        team->size = 1;
        dlc_team_free(team);
        return NULL;
    }
    for (int32_t i = 0; i < threads; i++) {
        team->member[i] = (dlc_team){ i, threads, wait_for_all, team };
    }
    for (int32_t i = 1; i < threads; i++) {
        const int code =
            pthread_create(&team->thread[i], NULL, member_main, &team->member[i]);
        if (code != 0) { /* the others wait for ever: the process is about to end */
            dlc_fault(fault, "cannot start thread %d of %d: %s", (int)i + 1, threads,
                      strerror(code));
            return NULL;
        }
    }
    return team;
}

void dlc_team_free(Team *team)
{
    if (team == NULL) {
        return;
    }
    if (team->size > 1) {
        team->stop = true;
        wait_for_all(&team->member[0]);
        for (int32_t i = 1; i < team->size; i++) {
            pthread_join(team->thread[i], NULL);
        }
    }
    pthread_mutex_destroy(&team->mutex);
    pthread_cond_destroy(&team->all_here);
    free(team->member);
    free(team->thread);
    free(team);
}
