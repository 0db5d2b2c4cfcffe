/* picture.c - see picture.h. PNG (RFC 2083): one chunk of zlib data, rows unfiltered.
 */
#include "host/report/picture.h"

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

bool dlc_picture_write(FILE *out, const dlc_type *type, const void *sample,
                       Fault *fault)
{
    static const unsigned char head[8] = { 137, 'P', 'N', 'G', 13, 10, 26, 10 };
    const int64_t stride = dlc_type_count(type) / type->dim[0];
    const size_t n = (size_t)(type->dim[0] * (stride + 1));
    uLongf packed = compressBound((uLong)n);
    unsigned char *rows = dlc_new(n, 1, "a picture", fault);
    unsigned char *data = dlc_new(packed, 1, "a picture", fault);
    unsigned char *png = dlc_new(packed + 100, 1, "a picture", fault);
    const bool done = rows != NULL && data != NULL && png != NULL;
    if (done) {
        unsigned char size[13] = { 0 };
        fill_rows(rows, type, sample, stride);
        compress2(data, &packed, rows, (uLong)n, 6);
        put_u32(size, (uint32_t)type->dim[1]);
        put_u32(size + 4, (uint32_t)type->dim[0]);
        size[8] = 8;
        size[9] = type->rank == 3 && type->dim[2] == 3 ? 2 : 0;
        memcpy(png, head, sizeof head);
        size_t at = put_chunk(png, sizeof head, "IHDR", size, sizeof size);
        at = put_chunk(png, at, "IDAT", data, packed);
        at = put_chunk(png, at, "IEND", data, 0);
        fputs("data:image/png;base64,", out);
        base64(out, png, at);
    }
    free(rows);
    free(data);
    free(png);
    return done;
}
