/* files.c - what tests of readers write. */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <spng.h>
#include <turbojpeg.h>
#include <zlib.h>

static void must(int truth, const char *what)
{
    if (!truth) {
        fprintf(stderr, "cannot make a test file: %s\n", what);
        abort();
    }
}

void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    must(file != NULL && fwrite(bytes, 1, n, file) == n && fclose(file) == 0, path);
}

void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

void make_folder(const char *path)
{
    mkdir(path, 0777);
}

size_t read_bytes(const char *path, void *to, size_t room)
{
    FILE *file = fopen(path, "rb");
    must(file != NULL, path);
    const size_t n = fread(to, 1, room, file);
    fclose(file);
    return n;
}

void write_png(const char *path, const unsigned char *rgb, uint32_t w, uint32_t h)
{
    spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
    struct spng_ihdr head = {
        .width = w, .height = h, .bit_depth = 8, .color_type = 2
    };
    size_t bytes = 0;
    int code = 0;
    spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1);
    spng_set_ihdr(png, &head);
    must(spng_encode_image(png, rgb, (size_t)w * h * 3, SPNG_FMT_PNG,
                           SPNG_ENCODE_FINALIZE) == 0,
         path);
    void *data = spng_get_png_buffer(png, &bytes, &code);
    must(data != NULL, path);
    write_bytes(path, data, bytes);
    free(data);
    spng_ctx_free(png);
}

void write_jpeg(const char *path, const unsigned char *rgb, int w, int h)
{
    tjhandle jpeg = tjInitCompress();
    unsigned char *data = NULL;
    unsigned long bytes = 0;
    must(tjCompress2(jpeg, rgb, w, 0, h, TJPF_RGB, &data, &bytes, TJSAMP_444, 100, 0) ==
             0,
         path);
    write_bytes(path, data, bytes);
    tjFree(data);
    tjDestroy(jpeg);
}

static unsigned char *put(unsigned char *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        *at++ = (unsigned char)(value >> 8 * i);
    }
    return at;
}

void write_wav(const char *path, const int16_t *samples, size_t n, int channels,
               uint32_t rate)
{
    unsigned char *file = malloc(44 + 2 * n), *at = file;
    must(file != NULL, path);
    memcpy(at, "RIFF", 4);
    at = put(at + 4, (uint32_t)(36 + 2 * n), 4);
    memcpy(at, "WAVEfmt ", 8);
    at = put(at + 8, 16, 4);
    at = put(at, 1, 2);
    at = put(at, (uint32_t)channels, 2);
    at = put(at, rate, 4);
    at = put(at, rate * 2 * (uint32_t)channels, 4);
    at = put(at, 2 * (uint32_t)channels, 2);
    at = put(at, 16, 2);
    memcpy(at, "data", 4);
    at = put(at + 4, (uint32_t)(2 * n), 4);
    for (size_t i = 0; i < n; i++) {
        at = put(at, (uint16_t)samples[i], 2);
    }
    write_bytes(path, file, (size_t)(at - file));
    free(file);
}

void write_zip(const char *path, const char *name, const void *data, size_t n,
               int deflated)
{
    const size_t room = n + n / 10 + 1000, length = strlen(name);
    unsigned char *file = malloc(room + 200), *at = file;
    must(file != NULL, path);
    z_stream s = { .next_in = NULL };
    unsigned char *packed = malloc(room);
    size_t bytes = n;
    must(packed != NULL, path);
    if (deflated) {
        must(deflateInit2(&s, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK, path);
        s.next_in = (unsigned char *)(uintptr_t)data;
        s.avail_in = (uInt)n;
        s.next_out = packed;
        s.avail_out = (uInt)room;
        must(deflate(&s, Z_FINISH) == Z_STREAM_END, path);
        bytes = s.total_out;
        deflateEnd(&s);
    } else {
        memcpy(packed, data, n);
    }
    const uint32_t crc = (uint32_t)crc32(0, data, (uInt)n);
    for (int pass = 0; pass < 2; pass++) { /* the member, then the directory */
        const size_t start = (size_t)(at - file);
        at = put(at, pass == 0 ? 0x04034b50u : 0x02014b50u, 4);
        at = put(at, 20, pass == 0 ? 2 : 4);
        at = put(at, 0, 2);
        at = put(at, deflated ? 8 : 0, 2);
        at = put(at, 0, 4);
        at = put(at, crc, 4);
        at = put(at, (uint32_t)bytes, 4);
        at = put(at, (uint32_t)n, 4);
        at = put(at, (uint32_t)length, 2);
        at = put(at, 0, 2);
        if (pass == 1) {
            at = put(at, 0, 4);
            at = put(at, 0, 4);
            at = put(at, 0, 2);
            at = put(at, 0, 4);
        }
        memcpy(at, name, length);
        at += length;
        if (pass == 0) {
            memcpy(at, packed, bytes);
            at += bytes;
        } else {
            const uint32_t size = (uint32_t)((size_t)(at - file) - start);
            at = put(at, 0x06054b50u, 4);
            at = put(at, 0, 4);
            at = put(at, 1, 2);
            at = put(at, 1, 2);
            at = put(at, size, 4);
            at = put(at, (uint32_t)start, 4);
            at = put(at, 0, 2);
        }
    }
    write_bytes(path, file, (size_t)(at - file));
    free(packed);
    free(file);
}

size_t make_npy(unsigned char *to, const char *type, const char *shape,
                const void *data, size_t n)
{
    char head[128];
    const int length =
        snprintf(head, sizeof head,
                 "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", type, shape);
    memcpy(to, "\x93NUMPY\1\0", 8);
    put(to + 8, (uint32_t)length, 2);
    memcpy(to + 10, head, (size_t)length);
    memcpy(to + 10 + length, data, n);
    return 10 + (size_t)length + n;
}
