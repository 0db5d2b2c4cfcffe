/* machines.c - sounds of rotating machines, normal and with one of four faults.
 *
 *   machines COUNT SEED FAULTY SAMPLES OUT
 *
 * OUT-sounds: i16 [COUNT, SAMPLES] at 16 kHz; OUT-labels: 0 normal, 1 to 4 the fault. FAULTY:
 * per cent of the sounds with a fault. SEED from 1000 on: machines that no other seed has,
 * of other speeds, resonances and rooms.
 *
 * A machine hums at its speed and multiples of it, its gears at multiples of the number of
 * teeth, and air rushes through resonances. Faults: 1 a bearing (a click each turn of a ball
 * that rings), 2 imbalance (twice the hum, which throbs), 3 friction (a band of noise around
 * 4 kHz), 4 a chipped tooth (the gear's tone is modulated once a turn). */
#include "made.h"

#define RATE 16000.0
#define PI   3.141592653589793

typedef struct Machine {
    double speed; /* turns a second */
    int teeth;
    double hum[6], gear[3], air, pole[2], width[2];
} Machine;

static Machine machine_random(Random *r, bool held)
{
    Machine m = { .speed = held ? random_range(r, 31, 47) : random_range(r, 20, 60),
                  .teeth = 17 + random_below(r, 12),
                  .air = random_range(r, 0.05, 0.12) };
    for (int i = 0; i < 6; i++)
        m.hum[i] = random_range(r, 0.02, 0.12) / (1 + 0.5 * i);
    for (int i = 0; i < 3; i++)
        m.gear[i] = random_range(r, 0.02, 0.06) / (1 + i);
    for (int i = 0; i < 2; i++) {
        m.pole[i] = held ? random_range(r, 500, 2600) : random_range(r, 300, 3000);
        m.width[i] = random_range(r, 100, 500);
    }
    return m;
}

/* Two-pole resonance, one sample. */
typedef struct Filter {
    double a1, a2, gain, y1, y2;
} Filter;

static Filter filter_of(double frequency, double width)
{
    const double r = exp(-PI * width / RATE);
    return (Filter){ .a1 = 2 * r * cos(2 * PI * frequency / RATE), .a2 = -r * r,
                     .gain = 1 - r };
}

static double filter_step(Filter *f, double x)
{
    const double y = f->gain * x + f->a1 * f->y1 + f->a2 * f->y2;
    f->y2 = f->y1;
    f->y1 = y;
    return y;
}

static void sound_make(Random *r, const Machine *m, int fault, int n, float *out)
{
    const double speed = m->speed * random_range(r, 0.98, 1.02);
    const double load = random_range(r, 0.8, 1.2), loud = random_range(r, 0.6, 1.0);
    const double severe = random_range(r, 0.6, 1.3);
    const double ball = speed * random_range(r, 3.1, 4.9), room = random_range(r, 0.01, 0.03);
    Filter air[2], ring = filter_of(random_range(r, 2500, 4500), 250);
    Filter rub = filter_of(random_range(r, 3500, 4500), 800);
    double phase[9], strike = random_range(r, 0, 1);
    for (int i = 0; i < 2; i++)
        air[i] = filter_of(m->pole[i], m->width[i]);
    for (int i = 0; i < 9; i++)
        phase[i] = random_range(r, 0, 2 * PI);
    for (int s = 0; s < n; s++) {
        const double t = s / RATE, turn = 2 * PI * speed * t;
        double x = 0;
        for (int i = 0; i < 6; i++)
            x += load * m->hum[i] * (fault == 2 && i < 2 ? 1 + severe : 1) *
                 sin((i + 1) * turn + phase[i]);
        if (fault == 2)
            x *= 1 + 0.5 * severe * sin(0.37 * turn + phase[6]);
        const double chipped = fault == 4 ? 1 + 1.6 * severe * (sin(turn + phase[7]) > 0.6) : 1;
        for (int i = 0; i < 3; i++)
            x += chipped * m->gear[i] * sin((i + 1) * m->teeth * turn + phase[6 + i]);
        const double noise = random_normal(r);
        x += 4 * m->air * (filter_step(&air[0], noise) + filter_step(&air[1], noise));
        strike += ball / RATE;
        const bool hit = strike >= 1;
        strike -= hit;
        if (fault == 1)
            x += filter_step(&ring, hit ? 22 * severe * random_range(r, 0.6, 1.2) : 0);
        if (fault == 3)
            x += 0.55 * severe * filter_step(&rub, random_normal(r)) *
                 (1 + 0.6 * sin(turn + phase[8]));
        out[s] = (float)(0.5 * loud * (x + room * random_normal(r)));
    }
}

int main(int argc, char **argv)
{
    if (argc != 6)
        die("machines COUNT SEED FAULTY SAMPLES OUT");
    const int count = atoi(argv[1]), seed = atoi(argv[2]), faulty = atoi(argv[3]);
    const int n = atoi(argv[4]);
    char path[512];
    Random r = { (uint64_t)seed };
    Random fleet_random = { seed >= 1000 ? 77 : 7 };
    Machine fleet[64];
    for (int i = 0; i < 64; i++)
        fleet[i] = machine_random(&fleet_random, seed >= 1000);
    snprintf(path, sizeof path, "%s-sounds", argv[5]);
    FILE *sounds = idx_create(path, 0x0b, 2, (int[]){ count, n });
    snprintf(path, sizeof path, "%s-labels", argv[5]);
    FILE *labels = idx_create(path, 0x08, 1, &count);
    float *x = malloc((size_t)n * sizeof *x);
    for (int i = 0; i < count; i++) {
        const int fault = random_below(&r, 100) < faulty ? 1 + random_below(&r, 4) : 0;
        sound_make(&r, &fleet[random_below(&r, 64)], fault, n, x);
        fputc(fault, labels);
        for (int s = 0; s < n; s++) {
            const float limited = x[s] < -1 ? -1 : x[s] > 1 ? 1 : x[s];
            const int v = (int)lrintf(limited * 32767);
            fputc(v >> 8 & 255, sounds);
            fputc(v & 255, sounds);
        }
    }
    free(x);
    file_close(sounds);
    file_close(labels);
    return 0;
}
