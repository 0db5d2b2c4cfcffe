/* words.c - spoken clips placed in one second of 16 kHz.
 *
 *   words SEED VARY TO < LIST
 *
 * LIST: lines `COPIES .../CLASS/NAME.raw`, i16 samples. Each clip becomes that many
 * files TO/CLASS/NAME.K.wav: at a random place of the second, of a random loudness,
 * with noise. With VARY 1 (for training) another throat and another room come
 * before that: the clip is played faster or slower, its spectrum is tilted, and it has
 * echoes. TO/11_silence gets noise only, as many files as the clips of one class. */
#include "made.h"

#include <sys/stat.h>

#define SAMPLES 16000
#define LONGEST (4 * SAMPLES)

/* Noise of a random colour: white noise through one pole. */
static void noise_add(Random *r, float *x, double level)
{
    const double pole = random_range(r, 0, 0.97), gain = sqrt(1 - pole * pole);
    double y = 0;
    for (int i = 0; i < SAMPLES; i++) {
        y = pole * y + gain * random_normal(r);
        x[i] += (float)(level * y);
    }
}

/* Reads a clip and cuts what is silent before and after it. */
static int clip_read(const char *path, float *clip)
{
    static int16_t raw[LONGEST];
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        die("cannot read %s", path);
    int n = (int)fread(raw, sizeof *raw, LONGEST, f), first = 0, peak = 1;
    fclose(f);
    for (int i = 0; i < n; i++)
        peak = abs(raw[i]) > peak ? abs(raw[i]) : peak;
    while (first < n && abs(raw[first]) < peak / 50)
        first++;
    while (n > first && abs(raw[n - 1]) < peak / 50)
        n--;
    for (int i = first; i < n; i++)
        clip[i - first] = (float)raw[i] / (float)peak;
    return n - first;
}

/* x at a speed: below 1 a longer throat, a lower voice. Returns how many samples. */
static int speed_change(const float *x, int n, double speed, float *y)
{
    int m = (int)((n - 1) / speed);
    m = m > LONGEST ? LONGEST : m;
    for (int i = 0; i < m; i++) {
        const int at = (int)(i * speed);
        const double part = i * speed - at;
        y[i] = (float)((1 - part) * x[at] + part * x[at + 1]);
    }
    return m;
}

/* Adds what is left of the past, or takes it away: one zero near one end of the
 * spectrum. */
static void spectrum_tilt(float *x, int n, double past)
{
    float before = 0;
    for (int i = 0; i < n; i++) {
        const float now = x[i];
        x[i] = now + (float)past * before;
        before = now;
    }
}

/* Three echoes of a small room. */
static void echoes_add(Random *r, float *x, int n, double level)
{
    for (int k = 0; k < 3; k++) {
        const int delay = 80 + random_below(r, 900);
        const double loud = random_range(r, -level, level);
        for (int i = n - 1; i >= delay; i--)
            x[i] += (float)(loud * x[i - delay]);
    }
}

static void peak_set(float *x, int n)
{
    float peak = 1e-9f;
    for (int i = 0; i < n; i++)
        peak = fabsf(x[i]) > peak ? fabsf(x[i]) : peak;
    for (int i = 0; i < n; i++)
        x[i] /= peak;
}

/* Another voice in another room. */
static int clip_vary(Random *r, const float *clip, int n, float *y)
{
    const int m = speed_change(clip, n, random_range(r, 0.78, 1.25), y);
    spectrum_tilt(y, m, random_range(r, -0.8, 0.8));
    spectrum_tilt(y, m, random_range(r, -0.5, 0.5));
    echoes_add(r, y, m, random_range(r, 0, 0.4));
    peak_set(y, m);
    return m;
}

static void folder_make(const char *to, const char *class)
{
    char path[600];
    mkdir(to, 0777);
    snprintf(path, sizeof path, "%s/%s", to, class);
    mkdir(path, 0777);
}

/* COPIES files of one clip. */
static void clip_place(Random *r, const char *path, int copies, bool vary,
                       const char *out)
{
    static float clip[LONGEST], varied[LONGEST], second[SAMPLES];
    const int n = clip_read(path, clip);
    for (int k = 0; k < copies; k++) {
        const float *said = vary ? varied : clip;
        const int length = vary ? clip_vary(r, clip, n, varied) : n;
        const double loud = random_range(r, 0.25, 0.9);
        const int from = length > SAMPLES ? 0 : random_below(r, SAMPLES - length + 1);
        memset(second, 0, sizeof second);
        for (int i = 0; i < length && from + i < SAMPLES; i++)
            second[from + i] = (float)loud * said[i];
        noise_add(r, second, random_range(r, 0.0005, 0.02));
        FILE *f = file_create("%s.%d.wav", out, k);
        wav_write(f, second, SAMPLES);
        file_close(f);
    }
}

/* The last two parts of .../CLASS/NAME.raw; false: it has none. */
static bool path_parse(const char *path, char *class, char *name)
{
    const char *at[2] = { path, path }; /* where the last parts begin */
    for (const char *p = path; *p != 0; p++)
        if (*p == '/') {
            at[0] = at[1];
            at[1] = p + 1;
        }
    const size_t length = strlen(at[1]);
    if (at[1] == at[0] || length < 5 || strcmp(at[1] + length - 4, ".raw") != 0)
        return false;
    snprintf(class, 64, "%.*s", (int)(at[1] - at[0]) - 1, at[0]);
    snprintf(name, 256, "%.*s", (int)length - 4, at[1]);
    return true;
}

int main(int argc, char **argv)
{
    static float second[SAMPLES];
    char path[1200], out[1200], class[64], name[256];
    int copies, silent = 0;
    if (argc != 4)
        die("words SEED VARY TO");
    Random r = { (uint64_t)atoi(argv[1]) };
    while (scanf("%d %1199[^\n]", &copies, path) == 2) {
        if (!path_parse(path, class, name))
            die("%s is not a clip of a class", path);
        folder_make(argv[3], class);
        silent += strncmp(class, "00", 2) == 0 ? copies : 0;
        snprintf(out, sizeof out, "%s/%s/%s", argv[3], class, name);
        clip_place(&r, path, copies, atoi(argv[2]) != 0, out);
    }
    folder_make(argv[3], "11_silence");
    for (int i = 0; i < silent; i++) {
        memset(second, 0, sizeof second);
        noise_add(&r, second, random_range(&r, 0.0005, 0.1));
        FILE *f = file_create("%s/11_silence/%04d.wav", argv[3], i);
        wav_write(f, second, SAMPLES);
        file_close(f);
    }
    return 0;
}
