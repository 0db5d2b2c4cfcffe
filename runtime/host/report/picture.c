/* picture.c - see picture.h. PNG (RFC 2083): one chunk of zlib data, rows unfiltered.
 */
#include "host/report/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "host/data/type.h"

bool dlc_picture_fits(const dlc_type *type)
{
    const bool plane = type->rank == 2 || (type->rank == 3 && type->dim[2] == 1);
    const bool colour = type->rank == 3 && type->dim[2] == 3;
    return (plane || colour) && type->bound == 0 && type->dim[0] >= 4 &&
           type->dim[0] <= 512 && type->dim[1] >= 4 && type->dim[1] <= 512;
}

static void put_u32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (unsigned char)(value >> (24 - 8 * i));
    }
}

/* Appends a chunk; returns the new length. */
static size_t put_chunk(unsigned char *png, size_t at, const char *kind,
                        const unsigned char *data, size_t n)
{
    put_u32(png + at, (uint32_t)n);
    memcpy(png + at + 4, kind, 4);
    memcpy(png + at + 8, data, n);
    put_u32(png + at + 8 + n, (uint32_t)crc32(0, png + at + 4, (uInt)n + 4));
    return at + n + 12;
}

static void base64(FILE *out, const unsigned char *data, size_t n)
{
    static const char digit[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        uint32_t word = (uint32_t)data[i] << 16;
        word |= i + 1 < n ? (uint32_t)data[i + 1] << 8 : 0;
        word |= i + 2 < n ? (uint32_t)data[i + 2] : 0;
        for (int k = 0; k < 4; k++) {
            const bool real = i + (size_t)k <= n;
            fputc(real ? digit[word >> (18 - 6 * k) & 63] : '=', out);
        }
    }
}

/* Rows of the picture, each after its filter byte 0. */
static void fill_rows(unsigned char *row, const dlc_type *type, const void *sample,
                      int64_t stride)
{
    const unsigned char *from = sample;
    const size_t bytes = dlc_dtype_bytes(type->dtype);
    const int64_t n = dlc_type_count(type);
    double low = 0, high = 255;
    for (int64_t i = 0; type->dtype != DLC_U8 && i < n; i++) {
        const double v = dlc_value_load(from + (size_t)i * bytes, type->dtype);
        low = i == 0 || v < low ? v : low;
        high = i == 0 || v > high ? v : high;
    }
    const double scale = high > low ? 255 / (high - low) : 0;
    for (int64_t i = 0; i < n; i++) {
        const double v = dlc_value_load(from + (size_t)i * bytes, type->dtype);
        row[i / stride * (stride + 1) + 1 + i % stride] =
            (unsigned char)((v - low) * scale + 0.5);
    }
}

typedef struct Png {
    unsigned char *at; /* owned */
    size_t length;
} Png;

/* From rows of width * channels bytes, each after its filter byte. */
static bool encode(Png *png, int64_t width, int64_t height, int channels,
                   const unsigned char *rows, Fault *fault)
{
    static const unsigned char head[8] = { 137, 'P', 'N', 'G', 13, 10, 26, 10 };
    const uLong n = (uLong)(height * (width * channels + 1));
    uLongf packed = compressBound(n);
    unsigned char *data = dlc_new(packed, 1, "a picture", fault), size[13] = { 0 };
    png->at = dlc_new(packed + 100, 1, "a picture", fault);
    if (data != NULL && png->at != NULL) {
        compress2(data, &packed, rows, n, 6);
        put_u32(size, (uint32_t)width);
        put_u32(size + 4, (uint32_t)height);
        size[8] = 8;
        size[9] = channels == 3 ? 2 : 0;
        memcpy(png->at, head, sizeof head);
        size_t at = put_chunk(png->at, sizeof head, "IHDR", size, sizeof size);
        at = put_chunk(png->at, at, "IDAT", data, packed);
        png->length = put_chunk(png->at, at, "IEND", data, 0);
    }
    free(data);
    return png->length > 0;
}

bool dlc_picture_write(FILE *out, const dlc_type *type, const void *sample,
                       Fault *fault)
{
    const int channels = type->rank == 3 && type->dim[2] == 3 ? 3 : 1;
    const int64_t stride = type->dim[1] * channels;
    Png png = { 0 };
    unsigned char *rows =
        dlc_new((size_t)(type->dim[0] * (stride + 1)), 1, "a picture", fault);
    bool done = rows != NULL;
    if (done) {
        fill_rows(rows, type, sample, stride);
        done = encode(&png, type->dim[1], type->dim[0], channels, rows, fault);
    }
    if (done) {
        fputs("data:image/png;base64,", out);
        base64(out, png.at, png.length);
    }
    free(rows);
    free(png.at);
    return done;
}

bool dlc_picture_save(const char *path, int64_t width, int64_t height,
                      const unsigned char *rgb, Fault *fault)
{
    Png png = { 0 };
    const size_t stride = (size_t)width * 3;
    unsigned char *rows = dlc_new((size_t)height * (stride + 1), 1, path, fault);
    bool done = rows != NULL;
    for (int64_t r = 0; done && r < height; r++) {
        memcpy(rows + (size_t)r * (stride + 1) + 1, rgb + (size_t)r * stride, stride);
    }
    done = done && encode(&png, width, height, 3, rows, fault);
    if (done) {
        FILE *out = fopen(path, "wb");
        done = out != NULL && fwrite(png.at, 1, png.length, out) == png.length;
        const int code = errno;
        if ((out != NULL && fclose(out) != 0) || !done) {
            done = dlc_fault(fault, "%s: cannot be written: %s", path, strerror(code));
        }
    }
    free(rows);
    free(png.at);
    return done;
}
