/* confusion.h - counts of (true class, predicted class) and what follows from them. */
#ifndef DLC_HOST_REPORT_CONFUSION_H
#define DLC_HOST_REPORT_CONFUSION_H

#include <stdint.h>
#include <stdio.h>

#include "host/report/fault.h"

typedef struct Confusion {
    int64_t n;
    int64_t *count; /* [n, n]: row = truth, column = prediction */
} Confusion;

bool dlc_confusion_init(Confusion *confusion, int64_t n, Fault *fault);
void dlc_confusion_release(Confusion *confusion);
void dlc_confusion_add(Confusion *confusion, int64_t truth, int64_t predicted);

/* Precision, recall and F1 of one class; 0 where a denominator is 0. */
typedef struct ClassScore {
    double precision, recall, f1;
    int64_t support; /* samples of that class */
} ClassScore;
ClassScore dlc_confusion_score(const Confusion *confusion, int64_t class_index);

/* The matrix (up to 20 classes), then a line a class and their mean. */
void dlc_confusion_print(const Confusion *confusion, const char *name,
                         const char *split, FILE *out);

/* The same as one JSON event. */
void dlc_confusion_print_json(const Confusion *confusion, const char *name,
                              const char *split, FILE *out);

#endif
