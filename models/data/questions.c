/* questions.c - small scenes and questions about them that neither answers alone.
 *
 *   questions COUNT SEED OUT
 *
 * A scene of 24x24 holds two things of different shape and colour. The question is four
 * words: "is the SHAPE COLOUR", "is the SHAPE left" or "above" (of the other). Half of the
 * answers are yes. OUT-scenes u8 [n, 24, 24, 3], OUT-words u8 [n, 4],
 * OUT-answers u8 [n]. SEED from 1000 on: outlines of other sizes, other tones of the colours,
 * a ground of another kind. */
#include "made.h"

#define SIZE 24

enum { WORD_NONE, WORD_IS, WORD_THE, WORD_LEFT, WORD_ABOVE, WORD_SHAPE, WORD_COLOUR = 8 };

typedef struct Thing {
    int shape, colour; /* disc, square, cross; red, green, blue, yellow */
    double y, x, radius, tone;
} Thing;

static const uint8_t colours[4][3] = {
    { 220, 40, 40 }, { 40, 190, 60 }, { 50, 80, 230 }, { 225, 210, 50 }
};

static bool inside(const Thing *t, double y, double x)
{
    const double dy = fabs(y - t->y) / t->radius, dx = fabs(x - t->x) / t->radius;
    switch (t->shape) {
    case 0:
        return hypot(dy, dx) < 1;
    case 1:
        return dy < 0.85 && dx < 0.85;
    default:
        return (dy < 0.35 && dx < 1.1) || (dx < 0.35 && dy < 1.1);
    }
}

static void things_make(Random *r, bool held, Thing things[2])
{
    do {
        for (int i = 0; i < 2; i++)
            things[i] = (Thing){ random_below(r, 3),
                                 random_below(r, 4),
                                 random_range(r, 5, SIZE - 5),
                                 random_range(r, 5, SIZE - 5),
                                 held ? random_range(r, 3.2, 3.8) : random_range(r, 3.8, 4.8),
                                 held ? random_range(r, 0.6, 0.8) : random_range(r, 0.8, 1.1) };
    } while (things[0].shape == things[1].shape || things[0].colour == things[1].colour ||
             fabs(things[0].y - things[1].y) < 3 || fabs(things[0].x - things[1].x) < 3 ||
             hypot(things[0].y - things[1].y, things[0].x - things[1].x) < 9);
}

static void scene_write(Random *r, bool held, const Thing things[2], FILE *f)
{
    const double ground = random_range(r, 10, 110), slope = random_range(r, -2, 2);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            for (int i = 0; i < 3; i++) {
                double v = ground + (held ? slope * (y + x - SIZE) : 0);
                for (int k = 0; k < 2; k++)
                    if (inside(&things[k], y + 0.5, x + 0.5))
                        v = colours[things[k].colour][i] * things[k].tone;
                fputc(byte_of(v + 6 * random_normal(r)), f);
            }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        die("questions COUNT SEED OUT");
    const int count = atoi(argv[1]), seed = atoi(argv[2]);
    Random r = { (uint64_t)seed };
    char path[512];
    snprintf(path, sizeof path, "%s-scenes", argv[3]);
    FILE *scenes = idx_create(path, 8, 4, (int[]){ count, SIZE, SIZE, 3 });
    snprintf(path, sizeof path, "%s-words", argv[3]);
    FILE *words = idx_create(path, 8, 2, (int[]){ count, 4 });
    snprintf(path, sizeof path, "%s-answers", argv[3]);
    FILE *answers = idx_create(path, 8, 1, &count);
    for (int i = 0; i < count; i++) {
        const int kind = random_below(&r, 3), yes = random_below(&r, 2);
        Thing t[2];
        uint8_t question[4] = { WORD_IS, WORD_THE };
        do { /* a scene whose answer is the one drawn */
            things_make(&r, seed >= 1000, t);
            question[2] = (uint8_t)(WORD_SHAPE + t[0].shape);
            question[3] = kind == 0   ? (uint8_t)(WORD_COLOUR + t[random_below(&r, 2)].colour)
                          : kind == 1 ? WORD_LEFT
                                      : WORD_ABOVE;
        } while (yes != (kind == 0   ? question[3] == WORD_COLOUR + t[0].colour
                         : kind == 1 ? t[0].x < t[1].x
                                     : t[0].y < t[1].y));
        scene_write(&r, seed >= 1000, t, scenes);
        fwrite(question, 1, 4, words);
        fputc(yes, answers);
    }
    file_close(scenes);
    file_close(words);
    file_close(answers);
    return 0;
}
