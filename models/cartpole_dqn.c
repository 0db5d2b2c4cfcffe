/* cartpole_dqn.c - environment, replay buffer and loop around cartpole_dqn.dl.
 *
 *     dlc cartpole_dqn.dl -o cartpole_dqn_net.c
 *     cc -O2 cartpole_dqn.c cartpole_dqn_net.c -lm -o cartpole_dqn && ./cartpole_dqn 1
 *
 * Learns after every eighth step of play; a step of play is worth 0.1, which keeps
 * values near one. Plays greedily for 20 episodes after every 1,000 steps and stops
 * when these reach 490 on average; then 100 episodes with other starts. Arguments:
 * seed, most steps. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cartpole.h"
#include "cartpole_dqn_net.h"

enum {
    ROOM = 20000,
    BATCH = CARTPOLE_DQN_LEARN_BATCH,
    WARM = 1000,
    LOOK = 1000,
    PLAY = 8
};

typedef struct Moment {
    float obs[4], next[4], done;
    uint8_t action;
} Moment;

static alignas(CARTPOLE_DQN_ALIGN) cartpole_dqn_train_state net;
static alignas(64) unsigned char arena[CARTPOLE_DQN_LEARN_ARENA_BYTES];
static Moment replay[ROOM];

static int best_action(const float obs[4])
{
    static alignas(64) unsigned char scratch[CARTPOLE_DQN_ACT_ARENA_BYTES];
    float q[2];
    cartpole_dqn_act(&net.params, obs, q, scratch);
    return q[1] > q[0];
}

static double mean_return(int episodes, uint64_t seed)
{
    Random random = random_from(seed);
    long steps = 0;
    for (int i = 0; i < episodes; i++) {
        Cartpole c;
        bool fell = false;
        cartpole_reset(&c, &random);
        while (!fell && c.steps < CARTPOLE_MOST_STEPS) {
            float obs[4];
            cartpole_observe(&c, obs);
            fell = cartpole_step(&c, best_action(obs));
        }
        steps += c.steps;
    }
    return (double)steps / episodes;
}

/* One step on moments drawn from the first `count` of the buffer. */
static void learn(Random *random, int count)
{
    static float obs[BATCH][4], next[BATCH][4], reward[BATCH], done[BATCH], td[BATCH];
    static uint8_t action[BATCH];
    float report[CARTPOLE_DQN_LEARN_REPORTS];
    for (int i = 0; i < BATCH; i++) {
        const Moment *m = &replay[random_next(random) % (uint32_t)count];
        memcpy(obs[i], m->obs, sizeof m->obs);
        memcpy(next[i], m->next, sizeof m->next);
        action[i] = m->action;
        reward[i] = 0.1f;
        done[i] = m->done;
    }
    cartpole_dqn_learn(&net, &obs[0][0], action, reward, &next[0][0], done, report, td,
                       arena);
}

int main(int argc, char **argv)
{
    const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    const int most = argc > 2 ? atoi(argv[2]) : 200000;
    Random random = random_from(seed);
    Cartpole c;
    int step = 0;
    double played = 0;
    cartpole_dqn_train_init(&net, seed, arena);
    cartpole_reset(&c, &random);
    while (step < most && played < 490) {
        const double curious = step < 10000 ? 1 - 0.95 * step / 10000 : 0.05;
        Moment *m = &replay[step % ROOM];
        cartpole_observe(&c, m->obs);
        m->action =
            (uint8_t)(random_unit(&random) < curious ? (int)(random_next(&random) & 1U)
                                                     : best_action(m->obs));
        m->done = cartpole_step(&c, m->action) ? 1 : 0;
        cartpole_observe(&c, m->next);
        if (m->done > 0 || c.steps == CARTPOLE_MOST_STEPS)
            cartpole_reset(&c, &random);
        step++;
        if (step >= WARM && step % PLAY == 0)
            learn(&random, step < ROOM ? step : ROOM);
        if (step % LOOK == 0) {
            played = mean_return(20, seed + 1000);
            printf("step %d  return %.1f\n", step, played);
        }
    }
    const double final = mean_return(100, seed + 2000);
    printf("seed %llu  steps %d  mean return over 100 episodes %.1f\n",
           (unsigned long long)seed, step, final);
    return final >= 475 ? EXIT_SUCCESS : EXIT_FAILURE;
}
