/* words.c - spoken clips placed in one second of 16 kHz.
 *
 *   words FROM SEED TIMES VARY TO < LIST
 *
 * LIST: a path CLASS/NAME.raw a line, i16 samples, relative to FROM. Each clip becomes
 * TIMES files TO/CLASS/NAME.K.wav: at a random place of the second, of a random
 * loudness, with noise. With VARY 1 (for training) another throat and another room come
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

int main(int argc, char **argv)
{
    static float clip[LONGEST], varied[LONGEST], second[SAMPLES];
    char line[512], path[1200];
    int clips = 0;
    if (argc != 6)
        die("words FROM SEED TIMES VARY TO");
    Random r = { (uint64_t)atoi(argv[2]) };
    const int times = atoi(argv[3]), vary = atoi(argv[4]);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = 0;
        snprintf(path, sizeof path, "%s/%s", argv[1], line);
        int n = clip_read(path, clip);
        char *class = line + 2 * (line[0] == '.'), *name = strchr(class, '/');
        if (name == NULL || n == 0)
            die("%s is not a clip of a class", line);
        *name++ = 0;
        name[strlen(name) - 4] = 0;
        folder_make(argv[5], class);
        clips += strncmp(class, "00", 2) == 0;
        for (int k = 0; k < times; k++) {
            const float *said = vary ? varied : clip;
            const int length = vary ? clip_vary(&r, clip, n, varied) : n;
            const double loud = random_range(&r, 0.25, 0.9);
            const int from =
                length > SAMPLES ? 0 : random_below(&r, SAMPLES - length + 1);
            memset(second, 0, sizeof second);
            for (int i = 0; i < length && from + i < SAMPLES; i++)
                second[from + i] = (float)loud * said[i];
            noise_add(&r, second, random_range(&r, 0.0005, 0.02));
            FILE *f = file_create("%s/%s/%s.%d.wav", argv[5], class, name, k);
            wav_write(f, second, SAMPLES);
            file_close(f);
        }
    }
    folder_make(argv[5], "11_silence");
    for (int i = 0; i < clips * times; i++) {
        memset(second, 0, sizeof second);
        noise_add(&r, second, random_range(&r, 0.0005, 0.1));
        FILE *f = file_create("%s/11_silence/%04d.wav", argv[5], i);
        wav_write(f, second, SAMPLES);
        file_close(f);
    }
    return 0;
}
