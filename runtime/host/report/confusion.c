/* confusion.c - counts of (true class, predicted class) and what follows from them. */
#include "host/report/confusion.h"

#include <stdlib.h>

#include "host/report/text.h"

enum { MATRIX = 20 };

bool dlc_confusion_init(Confusion *confusion, int64_t n, Fault *fault)
{
    *confusion = (Confusion){ .n = n };
    confusion->count =
        dlc_new((size_t)n, (size_t)n * sizeof(int64_t), "the confusion matrix", fault);
    return confusion->count != NULL;
}

void dlc_confusion_release(Confusion *confusion)
{
    free(confusion->count);
    *confusion = (Confusion){ 0 };
}

void dlc_confusion_add(Confusion *confusion, int64_t truth, int64_t predicted)
{
    confusion->count[truth * confusion->n + predicted]++;
}

ClassScore dlc_confusion_score(const Confusion *confusion, int64_t class_index)
{
    const int64_t n = confusion->n,
                  hits = confusion->count[class_index * n + class_index];
    int64_t predicted = 0;
    ClassScore score = { 0 };
    for (int64_t i = 0; i < n; i++) {
        score.support += confusion->count[class_index * n + i];
        predicted += confusion->count[i * n + class_index];
    }
    score.precision = predicted > 0 ? (double)hits / (double)predicted : 0;
    score.recall = score.support > 0 ? (double)hits / (double)score.support : 0;
    const int64_t both = predicted + score.support;
    score.f1 = both > 0 ? 2 * (double)hits / (double)both : 0;
    return score;
}

static void print_matrix(const Confusion *c, const char *name, const char *split,
                         FILE *out)
{
    int width = 5;
    for (int64_t i = 0; i < c->n * c->n; i++) {
        const int digits = snprintf(NULL, 0, "%lld", (long long)c->count[i]) + 1;
        width = digits > width ? digits : width;
    }
    fprintf(out, "%s of %s (rows: truth, columns: prediction)\n%5s", name, split, "");
    for (int64_t j = 0; j < c->n; j++) {
        fprintf(out, "%*lld", width, (long long)j);
    }
    fputc('\n', out);
    for (int64_t i = 0; i < c->n; i++) {
        fprintf(out, "%5lld", (long long)i);
        for (int64_t j = 0; j < c->n; j++) {
            fprintf(out, "%*lld", width, (long long)c->count[i * c->n + j]);
        }
        fputc('\n', out);
    }
    fputc('\n', out);
}

void dlc_confusion_print(const Confusion *confusion, const char *name,
                         const char *split, FILE *out)
{
    ClassScore mean = { 0 };
    if (confusion->n <= MATRIX) {
        print_matrix(confusion, name, split, out);
    }
    fprintf(out, "class  precision  recall      F1  samples\n");
    for (int64_t i = 0; i < confusion->n; i++) {
        const ClassScore s = dlc_confusion_score(confusion, i);
        fprintf(out, "%5lld     %6.4f  %6.4f  %6.4f  %7lld\n", (long long)i,
                s.precision, s.recall, s.f1, (long long)s.support);
        mean.precision += s.precision / (double)confusion->n;
        mean.recall += s.recall / (double)confusion->n;
        mean.f1 += s.f1 / (double)confusion->n;
        mean.support += s.support;
    }
    fprintf(out, " mean     %6.4f  %6.4f  %6.4f  %7lld\n\n", mean.precision,
            mean.recall, mean.f1, (long long)mean.support);
}

void dlc_confusion_print_json(const Confusion *confusion, const char *name,
                              const char *split, FILE *out)
{
    fputs("{\"event\":\"confusion\",\"name\":", out);
    dlc_json_string(out, name);
    fputs(",\"split\":", out);
    dlc_json_string(out, split);
    fputs(",\"count\":[", out);
    for (int64_t i = 0; i < confusion->n; i++) {
        fputs(i > 0 ? ",[" : "[", out);
        for (int64_t j = 0; j < confusion->n; j++) {
            fprintf(out, "%s%lld", j > 0 ? "," : "",
                    (long long)confusion->count[i * confusion->n + j]);
        }
        fputc(']', out);
    }
    fputs("]}\n", out);
}
