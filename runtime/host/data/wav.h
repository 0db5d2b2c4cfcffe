/* wav.h - sounds: RIFF WAVE files as samples of a field f32[n]. */
#ifndef DLC_HOST_DATA_WAV_H
#define DLC_HOST_DATA_WAV_H

#include "host/data/folder.h"

extern const FileKind dlc_wav_kind;

/* Decodes PCM of 8, 16, 24 or 32 bits or f32, any number of channels, to values in
 * [-1, 1): channels are averaged, another rate than source->rate is resampled, what is
 * shorter than the field ends in zeros, what is longer is cut. */
bool dlc_wav_decode(const char *path, const dlc_field *field, const dlc_source *source,
                    void *to, Fault *fault);

/* Band-limited interpolation: a sinc that cuts off at the lower of both rates, under a
 * Kaiser window (beta 9) of 16 zero crossings a side; Smith, Digital Audio Resampling
 * Home Page, 2002. False: the rates have no small common ratio, or no memory. */
bool dlc_wav_resample(const float *from, int64_t n_from, int64_t rate_from, float *to,
                      int64_t n_to, int64_t rate_to, const char *path, Fault *fault);

#endif
