/* csv_record.c - the records of a CSV file, unquoted.
 *
 * One record at a time lies in `text`, its fields ended by NUL; a record of more than
 * LONGEST bytes is refused, so a binary file cannot fill the memory. */
#include "host/data/csv_record.h"

#include <stdlib.h>

enum { LONGEST = 1 << 24, BLOCK = 1 << 16, FIELDS = 64 };

/* The next byte, -1 at the end, -2 after a reported failure. */
static int next_byte(Records *r)
{
    if (r->failed) {
        return -2;
    }
    if (r->at == r->filled) {
        r->filled = dlc_stream_read(&r->stream, r->block, BLOCK, r->fault);
        r->at = 0;
        if (r->filled <= 0) {
            r->failed = r->filled < 0;
            r->filled = 0;
            return r->failed ? -2 : -1;
        }
    }
    const int c = r->block[r->at++];
    r->line += c == '\n';
    return c;
}

static int peek_byte(Records *r)
{
    const int c = next_byte(r);
    if (c >= 0) {
        r->at--;
        r->line -= c == '\n';
    }
    return c;
}

static bool append(Records *r, int c)
{
    if (r->length == LONGEST) {
        return dlc_fault(r->fault, "%s:%lld: line is longer than %d bytes",
                         r->stream.path, (long long)r->record, (int)LONGEST);
    }
    if (r->length == r->room) {
        char *larger = realloc(r->text, r->room * 2);
        if (larger == NULL) {
            return dlc_fault(r->fault, "out of memory for a line of %s",
                             r->stream.path);
        }
        r->text = larger;
        r->room *= 2;
    }
    r->text[r->length++] = (char)c;
    return true;
}

static bool begin_field(Records *r)
{
    if (r->n_fields == r->fields_room) {
        const int64_t more = 2 * r->fields_room;
        size_t *larger = realloc(r->start, (size_t)more * sizeof *larger);
        if (larger == NULL) {
            return dlc_fault(r->fault, "out of memory for a line of %s",
                             r->stream.path);
        }
        r->start = larger;
        r->fields_room = more;
    }
    r->start[r->n_fields++] = r->length;
    return true;
}

/* One field into text; *end: the byte that ended it (',', '\n' or -1). */
static bool read_field(Records *r, int *end)
{
    bool quoted = false;
    if (!begin_field(r)) {
        return false;
    }
    int c = next_byte(r);
    if (c == '"') {
        quoted = true;
        for (c = next_byte(r); c != -2; c = next_byte(r)) {
            if (c == -1) {
                return dlc_fault(r->fault, "%s:%lld: quote is never closed",
                                 r->stream.path, (long long)r->record);
            }
            if (c == '"') {
                c = next_byte(r);
                if (c != '"') {
                    break;
                }
            }
            if (!append(r, c)) {
                return false;
            }
        }
    }
    for (; c != ',' && c != '\n' && c >= 0; c = next_byte(r)) {
        if (c == '\r' && (peek_byte(r) == '\n' || peek_byte(r) == -1)) {
            continue;
        }
        if (c == 0 || (quoted && c != ' ')) {
            return dlc_fault(r->fault, "%s:%lld: column %lld: unexpected %s",
                             r->stream.path, (long long)r->record,
                             (long long)r->n_fields,
                             c == 0 ? "NUL byte, is this a text file?"
                                    : "text after a closing quote");
        }
        if (!append(r, c)) {
            return false;
        }
    }
    *end = c;
    return c != -2 && append(r, 0);
}

bool dlc_records_next(Records *r, bool *more)
{
    int end = peek_byte(r);
    while (end == '\n' || end == '\r') {
        next_byte(r);
        end = peek_byte(r);
    }
    r->record = r->line;
    r->length = 0;
    r->n_fields = 0;
    *more = end >= 0;
    if (end < 0) {
        return end == -1;
    }
    do {
        if (!read_field(r, &end)) {
            return false;
        }
    } while (end == ',');
    return true;
}

bool dlc_records_open(Records *r, const char *path, Fault *fault)
{
    *r = (Records){ .fault = fault, .line = 1, .room = 256, .fields_room = FIELDS };
    if (!dlc_stream_open(&r->stream, path, fault)) {
        return false;
    }
    r->block = dlc_new(BLOCK, 1, path, fault);
    r->text = malloc(r->room);
    r->start = malloc(FIELDS * sizeof *r->start);
    if (r->block == NULL || r->text == NULL || r->start == NULL) {
        return dlc_fault(fault, "out of memory for a line of %s", path);
    }
    if (peek_byte(r) == 0xEF) { /* a byte order mark */
        for (int i = 0; i < 3; i++) {
            next_byte(r);
        }
    }
    return !r->failed;
}

void dlc_records_close(Records *r)
{
    dlc_stream_close(&r->stream);
    free(r->block);
    free(r->text);
    free(r->start);
    *r = (Records){ 0 };
}
