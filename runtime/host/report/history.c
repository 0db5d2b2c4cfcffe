/* history.c - OUT/history.csv: one row an epoch. */
#include "host/report/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "host/report/text.h"

/* Writes at the end; what was written of a text that does not fit is taken back. */
static bool append(History *h, const Text *text, Fault *fault)
{
    const off_t start = lseek(h->handle, 0, SEEK_END);
    size_t done = 0;
    while (start >= 0 && done < text->length) {
        errno = 0;
        const ssize_t n = write(h->handle, text->buffer + done, text->length - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            break;
        }
        done += (size_t)n;
    }
    if (start >= 0 && done == text->length) {
        return true;
    }
    const int code = errno;
    if (start >= 0 && ftruncate(h->handle, start) != 0) {
        errno = code;
    }
    return dlc_fault(fault, "%s: cannot be written: %s", h->path,
                     code != 0 ? strerror(code) : "write error");
}

/* Offset after the header and `rows` rows; the file's end if it has fewer. */
static off_t find_row(int handle, int64_t rows)
{
    char block[4096];
    off_t offset = 0, end = 0;
    int64_t left = rows + 1;
    for (;;) {
        const ssize_t n = read(handle, block, sizeof block);
        if (n <= 0) {
            return end;
        }
        for (ssize_t i = 0; i < n; i++) {
            if (block[i] == '\n') {
                end = offset + i + 1;
                if (--left == 0) {
                    return end;
                }
            }
        }
        offset += n;
    }
}

static bool write_header(History *h, Fault *fault)
{
    char buffer[4096];
    Text text = dlc_text(buffer, sizeof buffer);
    dlc_text_add(&text, "%sepoch,step%s", h->model->folds > 0 ? "fold," : "",
                 h->model->plateau.set ? ",lr_scale" : "");
    for (int split = 0; split < 1 + (int)h->has_valid; split++) {
        for (int i = 0; i < h->model->n_reports; i++) {
            dlc_text_add(&text, ",%s_%s", split == 0 ? "train" : "valid",
                         h->model->report[i].name);
        }
    }
    dlc_text_add(&text, ",seconds\n");
    return append(h, &text, fault);
}

bool dlc_history_open(History *history, const char *path, const dlc_model *model,
                      bool has_valid, int64_t rows, Fault *fault)
{
    *history = (History){ -1, path, model, has_valid };
    const int handle = open(path, O_RDWR | O_CREAT, 0666);
    const off_t end = handle < 0 || rows == 0 ? 0 : find_row(handle, rows);
    if (handle < 0 || ftruncate(handle, end) != 0) {
        const int code = errno;
        if (handle >= 0) {
            close(handle);
        }
        return dlc_fault(fault, "%s: cannot be written: %s", path, strerror(code));
    }
    history->handle = handle;
    return end > 0 || write_header(history, fault);
}

bool dlc_history_add(History *history, const HistoryRow *row, Fault *fault)
{
    const dlc_model *m = history->model;
    char buffer[4096];
    Text text = dlc_text(buffer, sizeof buffer);
    if (m->folds > 0) {
        dlc_text_add(&text, "%lld,", (long long)row->fold);
    }
    dlc_text_add(&text, "%lld,%lld", (long long)row->epoch, (long long)row->steps);
    if (m->plateau.set) {
        dlc_text_add(&text, ",%.9g", row->lr_scale);
    }
    for (int i = 0; i < m->n_reports; i++) {
        dlc_text_add(&text, ",%.9g", row->train[i]);
    }
    for (int i = 0; history->has_valid && i < m->n_reports; i++) {
        dlc_text_add(&text, ",%.9g", row->valid[i]);
    }
    dlc_text_add(&text, ",%.3f\n", row->seconds);
    return append(history, &text, fault);
}

void dlc_history_close(History *history)
{
    if (history->handle >= 0) {
        close(history->handle);
        history->handle = -1;
    }
}
