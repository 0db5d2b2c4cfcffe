/* files.h - what tests of readers write. */
#ifndef DLC_TESTS_DATA_FILES_H
#define DLC_TESTS_DATA_FILES_H

#include <stddef.h>
#include <stdint.h>

void write_bytes(const char *path, const void *bytes, size_t n);
void write_text(const char *path, const char *text);
void make_folder(const char *path);
size_t read_bytes(const char *path, void *to, size_t room);

/* RGB pixels as a PNG or a JPEG (quality 100, no subsampling). */
void write_png(const char *path, const unsigned char *rgb, uint32_t w, uint32_t h);
void write_jpeg(const char *path, const unsigned char *rgb, int w, int h);

/* n samples of 16 bits in `channels` interleaved channels. */
void write_wav(const char *path, const int16_t *samples, size_t n, int channels,
               uint32_t rate);

/* A ZIP archive of one member, deflated or stored. */
void write_zip(const char *path, const char *name, const void *data, size_t n,
               int deflated);

/* A .npy of rank 1 or 2 in memory; returns its bytes. */
size_t make_npy(unsigned char *to, const char *type, const char *shape,
                const void *data, size_t n);

#endif
