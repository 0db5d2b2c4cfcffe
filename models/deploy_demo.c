/* deploy_demo.c - firmware that hears words: models/ds_cnn.dl with its front end on an
 * emulated Cortex-M4. Clips stream in by semihosting from clips.raw: the number of the
 * word that is said, then one second of sound, all as i16. */
#include "kws.h"
#include "kws_test.h"
#include "mark.h"
#include "semihost.h"

enum { SAMPLES = DS_CNN_FRONTEND_SOUND_LEN, WORDS = DS_CNN_DS_CNN_PROBS_LEN };

static const char *const words[WORDS] = { "yes",  "no",    "up",      "down",
                                          "left", "right", "on",      "off",
                                          "stop", "go",    "(other)", "(silence)" };

static union {
    double align[2];
    char bytes[DS_CNN_FRONTEND_ARENA_BYTES];
} front;
static union {
    double align[2];
    char bytes[DS_CNN_DS_CNN_ARENA_BYTES];
} net;
static int16_t clip[1 + SAMPLES];
static float sound[SAMPLES];

static void print(const char *text, int width)
{
    int n = 0;
    semihost_message(text);
    while (text[n] != '\0')
        n++;
    for (; n < width; n++)
        semihost_message(" ");
}

/* 0.97 */
static void print_share(float share)
{
    char text[6] = "0.00\n";
    const int hundredths = (int)(share * 100.0f + 0.5f);
    text[0] = (char)('0' + hundredths / 100);
    text[2] = (char)('0' + hundredths / 10 % 10);
    text[3] = (char)('0' + hundredths % 10);
    semihost_message(text);
}

static int hear(const float *probs)
{
    int best = 0;
    for (int i = 1; i < WORDS; i++)
        if (probs[i] > probs[best])
            best = i;
    return best;
}

int main(void)
{
    float *features = (float *)(void *)(net.bytes + DS_CNN_DS_CNN_FEATURES_OFFSET);
    float *probs = (float *)(void *)(net.bytes + DS_CNN_DS_CNN_PROBS_OFFSET);
    const int from = semihost_open("clips.raw", SEMIHOST_READ);
    if (from < 0 || ds_cnn_ds_cnn_self_test(net.bytes) != 0)
        return 1;
    while (semihost_read(from, clip, sizeof clip) == 0) {
        for (int i = 0; i < SAMPLES; i++)
            sound[i] = (float)clip[1 + i] / 32768.0f;
        MARK_BEGIN;
        ds_cnn_frontend(sound, features, front.bytes);
        MARK_END;
        MARK_BEGIN;
        ds_cnn_ds_cnn(features, probs, net.bytes);
        MARK_END;
        print("said ", 0);
        print(words[clip[0]], 10);
        print("heard ", 0);
        print(words[hear(probs)], 10);
        print_share(probs[hear(probs)]);
    }
    return 0;
}
