/* cifar.c - CIFAR-10's binary files (Krizhevsky 2009, "binary version"). */
#include "host/data/cifar.h"

#include <stdlib.h>
#include <string.h>

#include "host/data/stream.h"

enum { PIXELS = 32 * 32, RECORD = 1 + 3 * PIXELS };

/* `data`: the records of one file. They follow those already there. */
static bool append(Table *table, const char *path, const unsigned char *data,
                   int64_t count, Fault *fault)
{
    const dlc_type *label = &table->field[1].type;
    char why[DLC_TYPE_SIZE];
    for (int f = 0; f < 2; f++) {
        unsigned char *old = table->column[f];
        if (!dlc_table_reserve(table, f, table->count + count, fault)) {
            table->column[f] = old;
            return false;
        }
        if (old != NULL) {
            memcpy(table->column[f], old, (size_t)table->count * table->stride[f]);
        }
        free(old);
    }
    unsigned char *image = table->column[0] + (size_t)table->count * table->stride[0];
    unsigned char *class = table->column[1] + (size_t)table->count * table->stride[1];
    for (int64_t i = 0; i < count; i++) {
        const unsigned char *record = data + i * RECORD;
        if (dlc_value_store(class, label, record[0], why) != NULL) {
            return dlc_fault(fault, "%s: offset %lld: class %d, %s", path,
                             (long long)(i * RECORD), record[0], why);
        }
        for (int k = 0; k < 3 * PIXELS; k++) {
            image[k] = record[1 + k % 3 * PIXELS + k / 3];
        }
        image += table->stride[0];
        class += table->stride[1];
    }
    table->count += count;
    return true;
}

static bool read_file(Table *table, const char *path, Fault *fault)
{
    Stream s;
    int64_t bytes = 0;
    if (!dlc_stream_open(&s, path, fault)) {
        return false;
    }
    unsigned char *data = dlc_stream_read_new(&s, 1 << 30, &bytes, fault);
    bool done = data != NULL && dlc_stream_is_at_end(&s, fault);
    dlc_stream_close(&s);
    if (done && (bytes == 0 || bytes % RECORD != 0)) {
        done = dlc_fault(fault, "%s: ends at offset %lld, expected records of %d bytes",
                         path, (long long)bytes, (int)RECORD);
    }
    done = done && append(table, path, data, bytes / RECORD, fault);
    free(data);
    return done;
}

bool dlc_cifar_read(Table *table, const char *folder, bool test, Fault *fault)
{
    for (int i = 1; i <= (test ? 1 : 5); i++) {
        char name[40];
        snprintf(name, sizeof name, test ? "test_batch.bin" : "data_batch_%d.bin", i);
        char *path = dlc_find_in(folder, name, fault);
        if (path == NULL && fault->message[0] != '\0') {
            return false;
        }
        if (path == NULL) {
            return i > 1 || dlc_fault(fault, "%s: holds no %s (also not with .gz)",
                                      folder, name);
        }
        const bool done = read_file(table, path, fault);
        free(path);
        if (!done) {
            return false;
        }
    }
    return true;
}
