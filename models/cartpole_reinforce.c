/* cartpole_reinforce.c - episodes and returns around cartpole_reinforce.dl.
 *
 *     dlc cartpole_reinforce.dl -o cartpole_reinforce_net.c
 *     cc -O2 cartpole_reinforce.c cartpole_reinforce_net.c -lm -o cartpole_reinforce
 *
 * A round plays at least 1,024 steps with actions drawn from the policy and learns from
 * them once, in batches of 64; returns are discounted by 0.99 and scaled to about one.
 * Stops when 20 episodes of the likeliest actions reach 490 on average; then 100
 * episodes with other starts. Arguments: seed, most steps. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cartpole.h"
#include "cartpole_reinforce_net.h"

enum { BATCH = CARTPOLE_REINFORCE_LEARN_BATCH, ROUND = 1024 };
enum { ROOM = ROUND + CARTPOLE_MOST_STEPS };

static alignas(CARTPOLE_REINFORCE_ALIGN) cartpole_reinforce_train_state net;
static alignas(64) unsigned char arena[CARTPOLE_REINFORCE_LEARN_ARENA_BYTES];
static float obs[ROOM][4], gain[ROOM];
static uint8_t action[ROOM];

static double right(const float o[4])
{
    static alignas(64) unsigned char scratch[CARTPOLE_REINFORCE_ACT_ARENA_BYTES];
    float p[2];
    cartpole_reinforce_act(&net.params, o, p, scratch);
    return (double)p[1];
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
            float o[4];
            cartpole_observe(&c, o);
            fell = cartpole_step(&c, right(o) > 0.5);
        }
        steps += c.steps;
    }
    return (double)steps / episodes;
}

/* Plays one episode into the arrays from `at`; its length. What a policy would have
 * gone on to earn at the limit of steps is not known: the last return stands for a
 * fall. */
static int play(int at, Random *random)
{
    Cartpole c;
    bool fell = false;
    cartpole_reset(&c, random);
    while (!fell && c.steps < CARTPOLE_MOST_STEPS) {
        const int i = at + c.steps;
        cartpole_observe(&c, obs[i]);
        action[i] = random_unit(random) < right(obs[i]);
        fell = cartpole_step(&c, action[i]);
    }
    double ahead = fell ? 0 : 100; /* 1 + 0.99 + 0.99^2 + ... */
    for (int i = at + c.steps - 1; i >= at; i--) {
        ahead = 1 + 0.99 * ahead;
        gain[i] = (float)(ahead / 50 - 1);
    }
    return c.steps;
}

static void learn(int count, Random *random)
{
    static float o[BATCH][4], r[BATCH];
    static uint8_t a[BATCH];
    static int order[ROOM];
    float report[CARTPOLE_REINFORCE_LEARN_REPORTS];
    for (int i = 0; i < count; i++) {
        const int j = (int)(random_next(random) % (uint32_t)(i + 1));
        order[i] = order[j];
        order[j] = i;
    }
    for (int first = 0; first + BATCH <= count; first += BATCH) {
        for (int i = 0; i < BATCH; i++) {
            const int from = order[first + i];
            memcpy(o[i], obs[from], sizeof o[i]);
            r[i] = gain[from];
            a[i] = action[from];
        }
        cartpole_reinforce_learn(&net, &o[0][0], a, r, report, arena);
    }
}

int main(int argc, char **argv)
{
    const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    const long most = argc > 2 ? atol(argv[2]) : 1000000;
    Random random = random_from(seed);
    long steps = 0;
    double played = 0;
    cartpole_reinforce_train_init(&net, seed, arena);
    for (int round = 1; steps < most && played < 490; round++) {
        int count = 0;
        while (count < ROUND)
            count += play(count, &random);
        learn(count, &random);
        steps += count;
        if (round % 5 == 0) {
            played = mean_return(20, seed + 1000);
            printf("step %ld  return %.1f\n", steps, played);
        }
    }
    const double final = mean_return(100, seed + 2000);
    printf("seed %llu  steps %ld  mean return over 100 episodes %.1f\n",
           (unsigned long long)seed, steps, final);
    return final >= 475 ? EXIT_SUCCESS : EXIT_FAILURE;
}
