/* image.c - PNG (libspng) and JPEG (libturbojpeg) files as samples. */
#include "host/data/image.h"

#include <math.h>
#include <spng.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "host/data/stream.h"

enum { LONGEST = 1 << 28, MAX_PIXELS = 1 << 26, MAX_CHUNK = 1 << 24 };

static const char *const endings[] = { ".png", ".jpg", ".jpeg", NULL };
const FileKind dlc_image_kind = { "PNG or JPEG images", endings, dlc_image_decode };

typedef struct Picture {
    int64_t height, width;
    unsigned char *pixel; /* RGB, owned */
} Picture;

/* A file cannot hold more pixels than its bytes can code: `most` a byte. Checked before
 * memory is asked for. */
static bool picture_new(Picture *p, const char *path, double bytes, double most,
                        Fault *fault)
{
    const double pixels = (double)p->width * (double)p->height;
    if (p->width < 1 || p->height < 1 || pixels > MAX_PIXELS) {
        return dlc_fault(fault, "%s: claims %lld x %lld pixels, at most %d are read",
                         path, (long long)p->width, (long long)p->height,
                         (int)MAX_PIXELS);
    }
    if (pixels > most * bytes) {
        return dlc_fault(fault,
                         "%s: claims %lld x %lld pixels, too many for %.0f bytes", path,
                         (long long)p->width, (long long)p->height, bytes);
    }
    p->pixel = dlc_new((size_t)(p->width * p->height), 3, path, fault);
    return p->pixel != NULL;
}

/* ---- PNG ------------------------------------------------------------------------- */

/* Deflate packs at most 1032 bytes into one (RFC 1951: 258 bytes in two bits), and a
 * pixel has at least one bit. */
static bool read_png(Picture *p, const char *path, const unsigned char *data,
                     size_t bytes, Fault *fault)
{
    spng_ctx *png = spng_ctx_new(0);
    struct spng_ihdr head;
    int code = png == NULL ? SPNG_EMEM : spng_set_png_buffer(png, data, bytes);
    if (code == 0) {
        code = spng_set_chunk_limits(png, MAX_CHUNK, MAX_CHUNK);
    }
    if (code == 0) {
        code = spng_get_ihdr(png, &head);
    }
    bool done = code == 0;
    if (done) {
        *p = (Picture){ head.height, head.width, NULL };
        done = picture_new(p, path, (double)bytes, 1032.0 * 8, fault);
        code =
            done ? spng_decode_image(png, p->pixel, (size_t)(p->width * p->height) * 3,
                                     SPNG_FMT_RGB8, 0)
                 : 0;
    }
    if (done && code == 0) {
        code = spng_decode_chunks(png); /* to the end of the file */
    }
    if (code != 0) {
        done = dlc_fault(fault, "%s: offset %lld: not a whole PNG image: %s", path,
                         (long long)bytes, spng_strerror(code));
    }
    spng_ctx_free(png);
    return done;
}

/* ---- JPEG ------------------------------------------------------------------------ */

/* A block of 8 x 8 pixels takes at least one bit. */
static bool read_jpeg(Picture *p, const char *path, const unsigned char *data,
                      size_t bytes, Fault *fault)
{
    int width = 0, height = 0, sampling = 0, space = 0;
    tjhandle jpeg = tjInitDecompress();
    if (jpeg == NULL) {
        return dlc_fault(fault, "%s: out of memory", path);
    }
    bool done = tjDecompressHeader3(jpeg, data, (unsigned long)bytes, &width, &height,
                                    &sampling, &space) == 0;
    bool fits = done;
    if (done) {
        *p = (Picture){ height, width, NULL };
        fits = picture_new(p, path, (double)bytes, 64.0 * 8, fault);
        done = fits && tjDecompress2(jpeg, data, (unsigned long)bytes, p->pixel, width,
                                     0, height, TJPF_RGB, TJFLAG_ACCURATEDCT) == 0;
    }
    if (!done && (fits || p->width == 0)) {
        dlc_fault(fault, "%s: offset %lld: not a whole JPEG image: %s", path,
                  (long long)bytes, tjGetErrorStr2(jpeg));
    }
    tjDestroy(jpeg);
    return done;
}

/* ---- to the field's size --------------------------------------------------------- */

typedef struct Taps { /* of one output position: weight[i] of input first + i */
    int64_t first, n;
} Taps;

/* Weights of a triangle around the centre of output i, clipped at the borders. */
static Taps taps_of(int64_t i, int64_t from, int64_t to, double *weight)
{
    const double scale = (double)from / (double)to, radius = scale > 1 ? scale : 1;
    const double centre = ((double)i + 0.5) * scale;
    int64_t first = (int64_t)floor(centre - radius + 0.5);
    int64_t end = (int64_t)floor(centre + radius + 0.5);
    double sum = 0;
    first = first < 0 ? 0 : first;
    end = end > from ? from : end;
    for (int64_t k = first; k < end; k++) {
        const double far = fabs((double)k + 0.5 - centre) / radius;
        weight[k - first] = far < 1 ? 1 - far : 0;
        sum += weight[k - first];
    }
    for (int64_t k = first; k < end; k++) {
        weight[k - first] /= sum;
    }
    return (Taps){ first, end - first };
}

bool dlc_image_resize(const unsigned char *from, int64_t h, int64_t w, int64_t channels,
                      unsigned char *to, int64_t to_h, int64_t to_w, Fault *fault)
{
    const int64_t longest = h > w ? h : w;
    float *row = dlc_new((size_t)(h * to_w * channels), sizeof *row, "an image", fault);
    double *weight = dlc_new((size_t)longest + 2, sizeof *weight, "an image", fault);
    const bool done = row != NULL && weight != NULL;
    for (int64_t x = 0; done && x < to_w; x++) { /* along rows first */
        const Taps t = taps_of(x, w, to_w, weight);
        for (int64_t i = 0; i < h * channels; i++) {
            const int64_t y = i / channels, c = i % channels;
            double sum = 0;
            for (int64_t k = 0; k < t.n; k++) {
                sum += weight[k] * from[(y * w + t.first + k) * channels + c];
            }
            row[(y * to_w + x) * channels + c] = (float)sum;
        }
    }
    for (int64_t y = 0; done && y < to_h; y++) {
        const Taps t = taps_of(y, h, to_h, weight);
        for (int64_t i = 0; i < to_w * channels; i++) {
            double sum = 0;
            for (int64_t k = 0; k < t.n; k++) {
                sum += weight[k] * (double)row[(t.first + k) * to_w * channels + i];
            }
            to[y * to_w * channels + i] = (unsigned char)(sum + 0.5);
        }
    }
    free(row);
    free(weight);
    return done;
}

static void make_grey(Picture *p)
{
    for (int64_t i = 0; i < p->width * p->height; i++) {
        const unsigned char *c = p->pixel + 3 * i;
        p->pixel[i] =
            (unsigned char)((299 * c[0] + 587 * c[1] + 114 * c[2] + 500) / 1000);
    }
}

static bool fit(Picture *p, const dlc_field *field, unsigned char *to, Fault *fault)
{
    const dlc_type *type = &field->type;
    const int64_t channels = type->rank == 3 ? type->dim[2] : 1;
    if (channels == 1) {
        make_grey(p);
    }
    if (p->height == type->dim[0] && p->width == type->dim[1]) {
        memcpy(to, p->pixel, dlc_type_bytes(type));
        return true;
    }
    return dlc_image_resize(p->pixel, p->height, p->width, channels, to, type->dim[0],
                            type->dim[1], fault);
}

bool dlc_image_decode(const char *path, const dlc_field *field,
                      const dlc_source *source, void *to, Fault *fault)
{
    Stream s;
    int64_t bytes = 0;
    Picture p = { 0, 0, NULL };
    (void)source;
    if (!dlc_stream_open(&s, path, fault)) {
        return false;
    }
    unsigned char *data = dlc_stream_read_new(&s, LONGEST, &bytes, fault);
    dlc_stream_close(&s);
    bool done = data != NULL;
    if (done && bytes >= 8 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0) {
        done = read_png(&p, path, data, (size_t)bytes, fault);
    } else if (done && bytes >= 3 && memcmp(data, "\xff\xd8\xff", 3) == 0) {
        done = read_jpeg(&p, path, data, (size_t)bytes, fault);
    } else if (done) {
        done = dlc_fault(fault, "%s: offset 0: neither a PNG nor a JPEG image", path);
    }
    done = done && fit(&p, field, to, fault);
    free(p.pixel);
    free(data);
    return done;
}
