/* wav.c - RIFF WAVE files as samples. */
#include "host/data/wav.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/data/little.h"
#include "host/data/stream.h"

enum { LONGEST = 1 << 30, CROSSINGS = 16, MAX_PHASES = 8192 };

static const char *const endings[] = { ".wav", NULL };
const FileKind dlc_wav_kind = { "WAV files", endings, dlc_wav_decode };

typedef struct Sound {
    int format, channels, bits; /* format 1: integers, 3: f32 */
    int64_t rate;
    const unsigned char *data; /* inside the file */
    int64_t bytes;
} Sound;

static bool parse_format(Sound *s, const char *path, const unsigned char *at,
                         int64_t bytes, int64_t offset, Fault *fault)
{
    if (bytes < 16) {
        return dlc_fault(fault, "%s: offset %lld: format of %lld bytes, expected 16",
                         path, (long long)offset, (long long)bytes);
    }
    s->format = (int)dlc_little(at, 2);
    s->channels = (int)dlc_little(at + 2, 2);
    s->rate = (int64_t)dlc_little(at + 4, 4);
    s->bits = (int)dlc_little(at + 14, 2);
    if (s->format == 0xFFFE && bytes >= 26) { /* extensible: the format stands later */
        s->format = (int)dlc_little(at + 24, 2);
    }
    const bool pcm = s->format == 1 &&
                     (s->bits == 8 || s->bits == 16 || s->bits == 24 || s->bits == 32);
    if ((!pcm && !(s->format == 3 && s->bits == 32)) || s->channels < 1) {
        return dlc_fault(fault,
                         "%s: offset %lld: format %d with %d bits and %d channels, "
                         "expected PCM of 8, 16, 24 or 32 bits, or f32",
                         path, (long long)offset, s->format, s->bits, s->channels);
    }
    if (s->rate < 1 || s->rate > 1000000) {
        return dlc_fault(fault, "%s: offset %lld: %lld samples a second", path,
                         (long long)offset, (long long)s->rate);
    }
    return true;
}

/* Chunks: a name, the size of what follows, padded to an even number of bytes. */
static bool parse(Sound *s, const char *path, const unsigned char *file, int64_t bytes,
                  Fault *fault)
{
    if (bytes < 12 || memcmp(file, "RIFF", 4) != 0 ||
        memcmp(file + 8, "WAVE", 4) != 0) {
        return dlc_fault(fault, "%s: offset 0: not a RIFF WAVE file", path);
    }
    for (int64_t at = 12; at + 8 <= bytes;) {
        const int64_t size = (int64_t)dlc_little(file + at + 4, 4);
        const unsigned char *body = file + at + 8;
        if (size > bytes - at - 8) {
            return dlc_fault(fault,
                             "%s: ends at offset %lld, inside a chunk of %lld bytes",
                             path, (long long)bytes, (long long)size);
        }
        if (memcmp(file + at, "fmt ", 4) == 0 &&
            !parse_format(s, path, body, size, at + 8, fault)) {
            return false;
        }
        if (memcmp(file + at, "data", 4) == 0) {
            if (s->channels == 0) {
                return dlc_fault(fault, "%s: offset %lld: data before its format", path,
                                 (long long)at);
            }
            s->data = body;
            s->bytes = size;
            return true;
        }
        at += 8 + size + (size & 1);
    }
    return dlc_fault(fault, "%s: ends at offset %lld, before any data", path,
                     (long long)bytes);
}

static double value_at(const Sound *s, const unsigned char *at)
{
    if (s->format == 3) {
        return dlc_value_load(at, DLC_F32);
    }
    if (s->bits == 8) {
        return ((double)*at - 128) / 128;
    }
    const uint32_t high = (uint32_t)dlc_little(at, s->bits / 8) << (32 - s->bits);
    return (double)(int32_t)high / 2147483648.0;
}

/* The mean of the channels. */
static float *mix_down(const Sound *s, const char *path, int64_t n, Fault *fault)
{
    float *mono = dlc_new((size_t)n, sizeof *mono, path, fault);
    const int64_t step = s->bits / 8;
    for (int64_t i = 0; mono != NULL && i < n; i++) {
        double sum = 0;
        for (int64_t c = 0; c < s->channels; c++) {
            sum += value_at(s, s->data + (i * s->channels + c) * step);
        }
        mono[i] = (float)(sum / s->channels);
        if (!isfinite(mono[i])) {
            dlc_fault(fault, "%s: sample %lld is not a finite number", path,
                      (long long)i);
            free(mono);
            return NULL;
        }
    }
    return mono;
}

/* ---- another rate ---------------------------------------------------------------- */

static double bessel(double x) /* I0 */
{
    double term = 1, sum = 1;
    for (int k = 1; term > 1e-12 * sum; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

/* The filter at `t` input samples from its centre; `cut`: of the input's Nyquist. */
static double filter_at(double t, double cut)
{
    const double far = t * cut / CROSSINGS, x = 3.141592653589793 * t * cut;
    if (fabs(far) >= 1) {
        return 0;
    }
    const double window = bessel(9 * sqrt(1 - far * far)) / bessel(9);
    return (fabs(x) < 1e-9 ? 1 : sin(x) / x) * window * cut;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool dlc_wav_resample(const float *from, int64_t n_from, int64_t rate_from, float *to,
                      int64_t n_to, int64_t rate_to, const char *path, Fault *fault)
{
    const int64_t common = common_divisor(rate_from, rate_to);
    const int64_t up = rate_to / common, down = rate_from / common;
    if (up > MAX_PHASES || down > 64 * up || up > 64 * down) {
        return dlc_fault(fault, "%s: %lld Hz cannot be resampled to %lld Hz", path,
                         (long long)rate_from, (long long)rate_to);
    }
    const double cut = down > up ? (double)up / (double)down : 1;
    const int64_t half = (int64_t)ceil(CROSSINGS / cut), taps = 2 * half;
    double *filter = dlc_new((size_t)(up * taps), sizeof *filter, path, fault);
    for (int64_t i = 0; filter != NULL && i < up * taps; i++) { /* a row a phase */
        const double phase = (double)(i / taps) / (double)up;
        filter[i] = filter_at((double)(i % taps - half + 1) - phase, cut);
    }
    for (int64_t i = 0; filter != NULL && i < n_to; i++) {
        const int64_t at = i * down / up;
        const double *row = filter + i * down % up * taps;
        double sum = 0;
        for (int64_t k = 0; k < taps; k++) {
            const int64_t j = at + k - half + 1;
            sum += j >= 0 && j < n_from ? row[k] * (double)from[j] : 0;
        }
        to[i] = (float)sum;
    }
    free(filter);
    return filter != NULL;
}

static bool convert(const Sound *s, const char *path, int64_t rate, float *to,
                    int64_t n, Fault *fault)
{
    const int64_t have = s->bytes / (s->bits / 8 * s->channels);
    float *mono = mix_down(s, path, have, fault);
    bool done = mono != NULL;
    if (done && s->rate != rate) {
        const int64_t most = have * rate / s->rate;
        done = dlc_wav_resample(mono, have, s->rate, to, most < n ? most : n, rate,
                                path, fault);
    } else if (done) {
        memcpy(to, mono, (size_t)(have < n ? have : n) * sizeof *to);
    }
    free(mono);
    return done;
}

bool dlc_wav_decode(const char *path, const dlc_field *field, const dlc_source *source,
                    void *to, Fault *fault)
{
    Stream stream;
    Sound s = { 0 };
    int64_t bytes = 0;
    if (!dlc_stream_open(&stream, path, fault)) {
        return false;
    }
    unsigned char *file = dlc_stream_read_new(&stream, LONGEST, &bytes, fault);
    dlc_stream_close(&stream);
    bool done = file != NULL && parse(&s, path, file, bytes, fault);
    if (done && s.bytes < s.bits / 8 * s.channels) {
        done = dlc_fault(fault, "%s: holds no samples", path);
    }
    if (done) {
        memset(to, 0, dlc_type_bytes(&field->type));
        done = convert(&s, path, llround(source->rate), to,
                       dlc_type_count(&field->type), fault);
    }
    free(file);
    return done;
}
