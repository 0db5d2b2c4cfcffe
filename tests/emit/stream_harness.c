/* stream_harness.c - a stream, row after row, beside the whole sequence: equal bit for
 * bit, after a reset again; a stream runs on when the sequence is over. */
#include "stream.h"
#include "whole.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static union {
    unsigned char bytes[1 << 16];
    double align[8];
} scratch __attribute__((aligned(64)));
static stream_reader_state memory __attribute__((aligned(64)));
static stream_step_state row_memory __attribute__((aligned(64)));

static int differ(const char *what, int row, const float *a, const float *b, int n)
{
    if (memcmp(a, b, (size_t)n * sizeof *a) == 0)
        return 0;
    printf("%s of row %d: %.9g, the whole sequence gives %.9g\n", what, row,
           (double)a[0], (double)b[0]);
    return 1;
}

int main(void)
{
    float x[20 * 3], last[2], rows[20 * 5], last_now[2], row[5], steps[20 * 4], step[4];
    int wrong = 0;
    for (int i = 0; i < 60; i++)
        x[i] = sinf(0.7f * (float)i) + 0.01f * (float)i;
    whole_reader(x, last, rows, scratch.bytes);
    whole_steps(x, steps, scratch.bytes);
    for (int pass = 0; pass < 2; pass++) {
        stream_reader_reset(&memory);
        stream_step_reset(&row_memory);
        for (int r = 0; r < 20; r++) {
            stream_reader(&memory, x + 3 * r, last_now, row, scratch.bytes);
            stream_step(&row_memory, x + 3 * r, step, scratch.bytes);
            wrong += differ("rows", r, row, rows + 5 * r, 5);
            wrong += differ("step", r, step, steps + 4 * r, 4);
        }
        wrong += differ("last_row", 19, last_now, last, 2);
    }
    stream_reader(&memory, x, last_now, row, scratch.bytes);
    if (!isfinite(row[0]) || memcmp(row, rows, sizeof row) == 0) {
        printf("a row after the last is as if it were the first\n");
        wrong++;
    }
    return wrong != 0;
}
