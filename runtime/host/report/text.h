/* text.h - numbers and lists as people read them. */
#ifndef DLC_HOST_REPORT_TEXT_H
#define DLC_HOST_REPORT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "host/report/fault.h"

enum { DLC_NUMBER_SIZE = 40 };

/* A text that grows inside a fixed buffer and is cut, never overrun. */
typedef struct Text {
    char *buffer;
    size_t size, length;
} Text;

Text dlc_text(char *buffer, size_t size);
void dlc_text_add(Text *text, const char *format, ...) DLC_PRINTF(2, 3);

/* "0.2543"; "3.21e-06" where four decimals would not show it. Returns `buffer`. */
char *dlc_number(char buffer[DLC_NUMBER_SIZE], double value);

/* "1,234,567". Returns `buffer`. */
char *dlc_count(char buffer[DLC_NUMBER_SIZE], int64_t value);

/* "93.4 KiB". Returns `buffer`. */
char *dlc_bytes(char buffer[DLC_NUMBER_SIZE], uint64_t bytes);

/* "0:42", "1:02:03". Returns `buffer`. */
char *dlc_duration(char buffer[DLC_NUMBER_SIZE], double seconds);

/* The name nearest to `name` by edit distance, or NULL if none is near. */
const char *dlc_nearest(const char *name, const char *const *names, int n_names);

/* Writes a JSON string with its quotes; what is not ASCII passes through. */
void dlc_json_string(FILE *out, const char *text);

/* Writes a JSON number; null where the value is not finite. */
void dlc_json_number(FILE *out, double value);

/* Monotonic time in seconds. */
double dlc_clock(void);

#endif
