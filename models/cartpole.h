/* cartpole.h - CartPole-v1: a pole on a cart, pushed left or right fifty times a second
 * (Barto, Sutton, Anderson 1983; the constants of OpenAI Gym). An episode ends when the
 * pole leans more than 12 degrees, the cart leaves 2.4 m, or after 500 steps; each step
 * is worth 1. Also small random numbers: every run is a function of its seed. */
#ifndef CARTPOLE_H
#define CARTPOLE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { CARTPOLE_MOST_STEPS = 500 };

typedef struct Random {
    uint64_t state;
} Random;

/* PCG32 (O'Neill 2014). */
static inline uint32_t random_next(Random *r)
{
    const uint64_t old = r->state;
    r->state = old * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    const uint32_t word = (uint32_t)(((old >> 18) ^ old) >> 27);
    const uint32_t turn = (uint32_t)(old >> 59);
    return word >> turn | word << (-turn & 31);
}

static inline Random random_from(uint64_t seed)
{
    Random r = { seed * UINT64_C(0x9e3779b97f4a7c15) + 1 };
    random_next(&r);
    return r;
}

static inline double random_unit(Random *r)
{
    return random_next(r) / 4294967296.0;
}

typedef struct Cartpole {
    double x, speed, angle, turn;
    int steps;
} Cartpole;

static inline void cartpole_reset(Cartpole *c, Random *r)
{
    c->x = 0.1 * random_unit(r) - 0.05;
    c->speed = 0.1 * random_unit(r) - 0.05;
    c->angle = 0.1 * random_unit(r) - 0.05;
    c->turn = 0.1 * random_unit(r) - 0.05;
    c->steps = 0;
}

/* Pushes the cart (action 1: right). True when it fell; at the limit of steps it has
 * not, but the episode ends. */
static inline bool cartpole_step(Cartpole *c, int action)
{
    const double gravity = 9.8, cart = 1, pole = 0.1, half = 0.5, dt = 0.02;
    const double force = action == 1 ? 10 : -10;
    const double s = sin(c->angle), k = cos(c->angle);
    const double t = (force + pole * half * c->turn * c->turn * s) / (cart + pole);
    const double bend =
        (gravity * s - k * t) / (half * (4.0 / 3 - pole * k * k / (cart + pole)));
    const double push = t - pole * half * bend * k / (cart + pole);
    c->x += dt * c->speed;
    c->speed += dt * push;
    c->angle += dt * c->turn;
    c->turn += dt * bend;
    c->steps++;
    return fabs(c->x) > 2.4 || fabs(c->angle) > 12 * 3.14159265358979323846 / 180;
}

static inline void cartpole_observe(const Cartpole *c, float obs[4])
{
    obs[0] = (float)c->x;
    obs[1] = (float)c->speed;
    obs[2] = (float)c->angle;
    obs[3] = (float)c->turn;
}

#endif
