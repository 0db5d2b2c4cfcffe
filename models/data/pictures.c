/* pictures.c - colour pictures of shapes, textures and text, drawn from a seed.
 *
 *   pictures FORM SIZE COUNT SEED OUT FONT...
 *
 * FORM cifar: one file of the CIFAR-10 binary form, ten classes; png: a folder a class;
 * writing: IDX files, writing over a picture or none. SEED from 1000 on draws with the
 * held-out hand: other outlines, fillings, grounds and textures. FONT: files of fonts.
 *
 * A shape is a signed distance, in pixels, that becomes coverage over one pixel's width. */
#include "made.h"

#include <ft2build.h>
#include <sys/stat.h>
#include <zlib.h>
#include FT_FREETYPE_H

#define MAX_SIZE  256
#define MAX_FONTS 64
#define PI        3.141592653589793

typedef struct Colour {
    double c[3];
} Colour;

typedef struct Canvas {
    int size;
    bool held; /* drawn by the held-out hand */
    Random random;
    double pixel[MAX_SIZE][MAX_SIZE][3];
} Canvas;

static FT_Face fonts[MAX_FONTS];
static int n_fonts;

static const char *const class_names[10] = { "disc",    "square", "triangle", "star", "ring",
                                             "stripes", "checks", "dots",     "word", "number" };

static double range(Canvas *v, double low, double high)
{
    return random_range(&v->random, low, high);
}

static Colour colour_random(Canvas *v)
{
    return (Colour){ { range(v, 0, 255), range(v, 0, 255), range(v, 0, 255) } };
}

static double luminance(Colour a)
{
    return 0.30 * a.c[0] + 0.59 * a.c[1] + 0.11 * a.c[2];
}

/* A colour that can be told from `ground`. */
static Colour colour_apart(Canvas *v, Colour ground)
{
    Colour a = colour_random(v);
    while (fabs(luminance(a) - luminance(ground)) < 55)
        a = colour_random(v);
    return a;
}

static Colour colour_mix(Colour a, Colour b, double t)
{
    Colour r;
    for (int i = 0; i < 3; i++)
        r.c[i] = a.c[i] + (b.c[i] - a.c[i]) * t;
    return r;
}

static void blend(Canvas *v, int y, int x, Colour a, double cover)
{
    const double t = cover < 0 ? 0 : cover > 1 ? 1 : cover;
    for (int i = 0; i < 3; i++)
        v->pixel[y][x][i] += (a.c[i] - v->pixel[y][x][i]) * t;
}

/* Smooth noise in 0 .. 1: values at the points of a grid, blended between them. */
static double cloud(uint64_t seed, double y, double x)
{
    const int row = (int)floor(y), column = (int)floor(x);
    double corner[4];
    for (int i = 0; i < 4; i++) {
        Random r = { seed ^ ((uint64_t)(row + i / 2 + 4096) << 32) ^
                     (uint64_t)(column + i % 2 + 4096) };
        corner[i] = random_range(&r, 0, 1);
    }
    double t = y - row, u = x - column;
    t = t * t * (3 - 2 * t);
    u = u * u * (3 - 2 * u);
    const double top = corner[0] + (corner[1] - corner[0]) * u;
    const double bottom = corner[2] + (corner[3] - corner[2]) * u;
    return top + (bottom - top) * t;
}

/* The ground: plain, a slope or grain; by the other hand a glow, clouds or fine hatching. */
static Colour draw_ground(Canvas *v)
{
    const int kind = random_below(&v->random, 3);
    const Colour a = colour_random(v);
    Colour b = a;
    for (int i = 0; i < 3; i++)
        b.c[i] += range(v, -45, 45);
    const double angle = range(v, 0, 2 * PI), cy = range(v, 0.2, 0.8), cx = range(v, 0.2, 0.8);
    const uint64_t seed = random_next(&v->random);
    for (int y = 0; y < v->size; y++)
        for (int x = 0; x < v->size; x++) {
            const double py = (y + 0.5) / v->size, px = (x + 0.5) / v->size;
            double t = 0;
            if (!v->held && kind == 1)
                t = 0.5 + (py - 0.5) * sin(angle) + (px - 0.5) * cos(angle);
            else if (!v->held && kind == 2)
                t = range(v, 0, 0.8);
            else if (v->held && kind == 0)
                t = 1.4 * hypot(py - cy, px - cx);
            else if (v->held && kind == 1)
                t = cloud(seed, 4 * py, 4 * px);
            else if (v->held)
                t = 0.4 + 0.4 * sin(v->size * 0.9 * (py * sin(angle) + px * cos(angle)));
            blend(v, y, x, colour_mix(a, b, t), 1);
        }
    return colour_mix(a, b, 0.5);
}

/* Distance to a star of n rays: its outline is straight between radii 1 and `inner`. */
static double star_distance(double y, double x, int n, double inner)
{
    const double sector = 2 * PI / n;
    double a = fmod(atan2(y, x) + 4 * PI, sector);
    if (a > sector / 2)
        a = sector - a;
    const double r = hypot(y, x), px = r * cos(a), py = r * sin(a);
    const double ex = inner * cos(sector / 2), ey = inner * sin(sector / 2);
    const double dx = ex - 1, dy = ey, length = hypot(dx, dy);
    return ((px - 1) * dy - py * dx) / length;
}

/* Signed distance of one shape of about radius 1; q: what this one is like, in 0 .. 1. */
static double shape_distance(int shape, bool held, double q, double y, double x)
{
    switch (shape) {
    case 0:
        return (held ? hypot(y * (1 + 0.25 * q), x) : hypot(y, x)) - 1;
    case 1: {
        const double edge = held ? 0.2 + 0.1 * q : 0; /* round corners */
        const double dy = fabs(y) - 0.8 + edge, dx = fabs(x) - 0.8 + edge;
        return hypot(fmax(dy, 0), fmax(dx, 0)) + fmin(fmax(dy, dx), 0) - edge;
    }
    case 2: {
        const double lean = held ? 0.5 * (q - 0.5) : 0; /* not of equal sides */
        x += lean * y;
        const double side = fmax(0.866 * x + 0.5 * y, -0.866 * x + 0.5 * y);
        return fmax(side, -y) - 0.5;
    }
    case 3:
        return held ? star_distance(y, x, q < 0.5 ? 6 : 7, 0.45 + 0.1 * q)
                    : star_distance(y, x, 5, 0.38 + 0.08 * q);
    default: {
        const double wide = held ? 0.10 + 0.05 * q : 0.16 + 0.12 * q;
        return fabs(hypot(y, x) - 0.85) - wide;
    }
    }
}

static void draw_shape(Canvas *v, int shape)
{
    const Colour ground = draw_ground(v), fill = colour_apart(v, ground);
    const Colour other = colour_mix(fill, colour_apart(v, ground), v->held ? 0.5 : 0);
    const double radius = range(v, 0.22, 0.42) * v->size, q = range(v, 0, 1);
    const double cy = range(v, 0.4, 0.6) * v->size, cx = range(v, 0.4, 0.6) * v->size;
    const double turn = range(v, 0, 2 * PI), c = cos(turn), s = sin(turn);
    for (int i = 0; i < v->size; i++)
        for (int j = 0; j < v->size; j++) {
            const double dy = (i + 0.5 - cy) / radius, dx = (j + 0.5 - cx) / radius;
            const double y = c * dy - s * dx, x = s * dy + c * dx;
            const double d = shape_distance(shape, v->held, q, y, x) * radius;
            blend(v, i, j, colour_mix(fill, other, 0.5 + 0.5 * y), 0.5 - d);
        }
}

/* Stripes, checks, dots all over. The first hand draws them soft and regular, the other one
 * hard, of unequal widths, on slanted or shifted lattices. */
static double texture_value(int kind, bool held, double q, double y, double x)
{
    const double fy = y - floor(y), fx = x - floor(x);
    if (kind == 0)
        return held ? (fx < 0.3 + 0.4 * q) : 0.5 + 0.5 * sin(2 * PI * x);
    if (kind == 1) {
        if (held)
            return ((int)floor(y) + (int)floor(x + 0.4 * (q - 0.5) * y)) & 1;
        return 0.5 + 0.5 * tanh(4 * sin(PI * x) * sin(PI * y));
    }
    const double shift = held && ((int)floor(y) & 1) ? 0.5 : 0;
    const double gx = x + shift - floor(x + shift);
    const double r = hypot(fy - 0.5, (held ? gx : fx) - 0.5);
    return held ? r < 0.22 + 0.12 * q : 0.5 - 8 * (r - 0.28);
}

static void draw_texture(Canvas *v, int kind)
{
    const Colour a = colour_random(v), b = colour_apart(v, a);
    const double angle = range(v, 0, PI), c = cos(angle), s = sin(angle), q = range(v, 0, 1);
    const double period = range(v, 0.15, 0.34) * v->size, oy = range(v, 0, 9), ox = range(v, 0, 9);
    for (int i = 0; i < v->size; i++)
        for (int j = 0; j < v->size; j++) {
            double sum = 0; /* 4 x 4 points a pixel */
            for (int k = 0; k < 16; k++) {
                const double y = (i + (k / 4 + 0.5) / 4) / period;
                const double x = (j + (k % 4 + 0.5) / 4) / period;
                const double t =
                    texture_value(kind, v->held, q, c * y - s * x + oy, s * y + c * x + ox);
                sum += t < 0 ? 0 : t > 1 ? 1 : t;
            }
            blend(v, i, j, colour_mix(a, b, sum / 16), 1);
        }
}

/* Draws a text of letters or digits over what is there. */
static void draw_text(Canvas *v, bool digits, Colour ground, double scale)
{
    const Colour ink = colour_apart(v, ground);
    FT_Face face = fonts[random_below(&v->random, n_fonts)];
    const int length = 2 + random_below(&v->random, 3);
    const int first = digits ? '0' : random_below(&v->random, 2) ? 'A' : 'a';
    int height = (int)(range(v, 0.85, 1.15) * scale * v->size / length * 1.25);
    if (height > scale * v->size * 0.6)
        height = (int)(scale * v->size * 0.6);
    const double turn = range(v, -0.25, 0.25);
    FT_Matrix m = { (FT_Fixed)(cos(turn) * 65536), (FT_Fixed)(-sin(turn) * 65536),
                    (FT_Fixed)(sin(turn) * 65536), (FT_Fixed)(cos(turn) * 65536) };
    if (FT_Set_Pixel_Sizes(face, 0, (FT_UInt)(height < 6 ? 6 : height)))
        die("a font has no size %d", height);
    FT_Set_Transform(face, &m, NULL);
    double x = v->size * range(v, 0.04, 0.14) + (1 - scale) * range(v, 0, 0.8) * v->size;
    double y = v->size * (0.5 + (1 - scale) * range(v, -0.4, 0.4)) + 0.35 * height +
               v->size * 0.35 * turn;
    for (int i = 0; i < length; i++) {
        const int letter = first + random_below(&v->random, digits ? 10 : 26);
        if (FT_Load_Char(face, (FT_ULong)letter, FT_LOAD_RENDER | FT_LOAD_NO_HINTING))
            die("a font has no letter %c", letter);
        const FT_GlyphSlot g = face->glyph;
        for (int r = 0; r < (int)g->bitmap.rows; r++)
            for (int k = 0; k < (int)g->bitmap.width; k++) {
                const int py = (int)y - g->bitmap_top + r, px = (int)x + g->bitmap_left + k;
                if (py >= 0 && py < v->size && px >= 0 && px < v->size)
                    blend(v, py, px, ink, g->bitmap.buffer[r * g->bitmap.pitch + k] / 255.0);
            }
        x += g->advance.x / 64.0;
        y -= g->advance.y / 64.0;
    }
}

static void draw_class(Canvas *v, int class)
{
    if (class < 5)
        draw_shape(v, class);
    else if (class < 8)
        draw_texture(v, class - 5);
    else
        draw_text(v, class == 9, draw_ground(v), 1);
    const double light = range(v, 0.75, 1.1);
    const double grain = v->held ? range(v, 0, 12) : range(v, 0, 8);
    for (int y = 0; y < v->size; y++)
        for (int x = 0; x < v->size; x++)
            for (int i = 0; i < 3; i++)
                v->pixel[y][x][i] =
                    v->pixel[y][x][i] * light + grain * random_normal(&v->random);
}

/* A picture of any class, with writing over it or not. */
static void draw_writing(Canvas *v, bool written)
{
    const int class = random_below(&v->random, 8);
    draw_class(v, class);
    if (written) {
        const int at = v->size / 2;
        const Colour ground = { { v->pixel[at][at][0], v->pixel[at][at][1],
                                  v->pixel[at][at][2] } };
        draw_text(v, random_below(&v->random, 2), ground, range(v, 0.6, 0.9));
    }
}

static void png_chunk(FILE *f, const char *type, const uint8_t *data, size_t bytes)
{
    put_be32(f, (uint32_t)bytes);
    fwrite(type, 1, 4, f);
    fwrite(data, 1, bytes, f);
    uLong sum = crc32(0, (const uint8_t *)type, 4);
    if (bytes > 0) /* crc32 of no data begins anew */
        sum = crc32(sum, data, (uInt)bytes);
    put_be32(f, (uint32_t)sum);
}

static void png_write(FILE *f, const Canvas *v)
{
    static uint8_t raw[MAX_SIZE * (MAX_SIZE * 3 + 1)], packed[MAX_SIZE * MAX_SIZE * 4];
    const uint8_t head[13] = { 0, 0, 0, (uint8_t)v->size, 0, 0, 0, (uint8_t)v->size, 8, 2 };
    size_t n = 0;
    for (int y = 0; y < v->size; y++) {
        raw[n++] = 0; /* no filter */
        for (int x = 0; x < v->size; x++)
            for (int i = 0; i < 3; i++)
                raw[n++] = byte_of(v->pixel[y][x][i]);
    }
    uLongf bytes = sizeof packed;
    if (compress2(packed, &bytes, raw, n, 3) != Z_OK)
        die("a picture could not be compressed");
    fwrite("\x89PNG\r\n\x1a\n", 1, 8, f);
    png_chunk(f, "IHDR", head, sizeof head);
    png_chunk(f, "IDAT", packed, bytes);
    png_chunk(f, "IEND", NULL, 0);
}

static void write_cifar(Canvas *v, int count, const char *out)
{
    FILE *f = file_create("%s", out);
    for (int n = 0; n < count; n++) {
        const int class = random_below(&v->random, 10);
        draw_class(v, class);
        fputc(class, f);
        for (int i = 0; i < 3; i++)
            for (int y = 0; y < v->size; y++)
                for (int x = 0; x < v->size; x++)
                    fputc(byte_of(v->pixel[y][x][i]), f);
    }
    file_close(f);
}

static void write_pngs(Canvas *v, int count, const char *out)
{
    char folder[512];
    mkdir(out, 0777);
    for (int n = 0; n < count; n++) {
        snprintf(folder, sizeof folder, "%s/%d_%s", out, n % 10, class_names[n % 10]);
        mkdir(folder, 0777);
        draw_class(v, n % 10);
        FILE *f = file_create("%s/%05d.png", folder, n / 10);
        png_write(f, v);
        file_close(f);
    }
}

static void write_writing(Canvas *v, int count, const char *out)
{
    char path[512];
    snprintf(path, sizeof path, "%s-images", out);
    FILE *images = idx_create(path, 8, 4, (int[]){ count, v->size, v->size, 3 });
    snprintf(path, sizeof path, "%s-labels", out);
    FILE *labels = idx_create(path, 8, 1, &count);
    for (int n = 0; n < count; n++) {
        const int written = random_below(&v->random, 2);
        draw_writing(v, written);
        fputc(written, labels);
        for (int y = 0; y < v->size; y++)
            for (int x = 0; x < v->size; x++)
                for (int i = 0; i < 3; i++)
                    fputc(byte_of(v->pixel[y][x][i]), images);
    }
    file_close(images);
    file_close(labels);
}

int main(int argc, char **argv)
{
    static Canvas canvas;
    FT_Library library;
    if (argc < 7 || argc - 6 > MAX_FONTS || atoi(argv[2]) > MAX_SIZE - 1)
        die("pictures cifar|png|writing SIZE COUNT SEED OUT FONT...");
    if (FT_Init_FreeType(&library))
        die("FreeType does not start");
    for (int i = 6; i < argc; i++)
        if (FT_New_Face(library, argv[i], 0, &fonts[n_fonts++]))
            die("cannot read the font %s", argv[i]);
    canvas.size = atoi(argv[2]);
    canvas.held = atoi(argv[4]) >= 1000;
    canvas.random.state = (uint64_t)atoi(argv[4]);
    const int count = atoi(argv[3]);
    if (strcmp(argv[1], "cifar") == 0)
        write_cifar(&canvas, count, argv[5]);
    else if (strcmp(argv[1], "png") == 0)
        write_pngs(&canvas, count, argv[5]);
    else
        write_writing(&canvas, count, argv[5]);
    FT_Done_FreeType(library);
    return 0;
}
