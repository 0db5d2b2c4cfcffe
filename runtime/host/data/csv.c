/* csv.c - tables of numbers as text.
 *
 * One record at a time lies unquoted in `text`, its fields ended by NUL; a record of
 * more than LONGEST bytes is refused, so a binary file cannot fill the memory. */
#include "host/data/csv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "host/data/stream.h"

enum { LONGEST = 1 << 24, BLOCK = 1 << 16 };

typedef struct Reader {
    Stream stream;
    Fault *fault;
    unsigned char *block;
    int64_t at, filled;
    int64_t line;   /* of the next character */
    int64_t record; /* line where the record starts */
    char *text;
    size_t length, room;
    size_t *start; /* of each field in text */
    int64_t n_fields, expected;
    char *names; /* of the header, copied like text; NULL: none */
    size_t *name_start;
} Reader;

/* The next byte, -1 at the end, -2 after a reported failure. */
static int next_byte(Reader *r)
{
    if (r->at == r->filled) {
        r->filled = dlc_stream_read(&r->stream, r->block, BLOCK, r->fault);
        r->at = 0;
        if (r->filled <= 0) {
            const int result = r->filled < 0 ? -2 : -1;
            r->filled = 0;
            return result;
        }
    }
    const int c = r->block[r->at++];
    r->line += c == '\n';
    return c;
}

static int peek_byte(Reader *r)
{
    const int c = next_byte(r);
    if (c >= 0) {
        r->at--;
        r->line -= c == '\n';
    }
    return c;
}

static bool append(Reader *r, int c)
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

/* One field into text; *end: the byte that ended it (',', '\n' or -1). */
static bool read_field(Reader *r, int *end)
{
    bool quoted = false;
    if (r->n_fields < r->expected) {
        r->start[r->n_fields] = r->length;
    }
    r->n_fields++;
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

/* One record. *more: false at the end of the file. Lines without a character are
 * skipped. */
static bool read_record(Reader *r, bool *more)
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

static const char *column_name(const Reader *r, int64_t i, char buffer[DLC_TYPE_SIZE])
{
    if (r->names != NULL) {
        snprintf(buffer, DLC_TYPE_SIZE, "column %lld (%.60s)", (long long)i + 1,
                 r->names + r->name_start[i]);
    } else {
        snprintf(buffer, DLC_TYPE_SIZE, "column %lld", (long long)i + 1);
    }
    return buffer;
}

static bool check_count(const Reader *r, bool header)
{
    if (r->n_fields == r->expected) {
        return true;
    }
    return dlc_fault(r->fault,
                     "%s:%lld: %s%lld columns, expected %lld (the fields' size)",
                     r->stream.path, (long long)r->record, header ? "header has " : "",
                     (long long)r->n_fields, (long long)r->expected);
}

static bool store_value(const Reader *r, int64_t i, const dlc_field *field, void *to)
{
    char name[DLC_TYPE_SIZE], why[DLC_TYPE_SIZE];
    const char *text = r->text + r->start[i];
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    char *end = NULL;
    const double value = strtod(text, &end);
    const bool number = end != text && strncmp(text, "0x", 2) != 0;
    while (isspace((unsigned char)*end)) {
        end++;
    }
    if (*text == '\0') {
        return dlc_fault(r->fault, "%s:%lld: %s is empty, expected a number for %s",
                         r->stream.path, (long long)r->record, column_name(r, i, name),
                         field->name);
    }
    if (!number || *end != '\0') {
        dlc_fault(r->fault, "%s:%lld: %s is \"%.40s\", expected a number for %s",
                  r->stream.path, (long long)r->record, column_name(r, i, name), text,
                  field->name);
        return r->names == NULL && r->record == 1
                   ? dlc_fault_help(r->fault,
                                    "if line 1 names the columns: header=true")
                   : false;
    }
    if (dlc_value_store(to, &field->type, value, why) != NULL) {
        return dlc_fault(r->fault, "%s:%lld: %s is %.40s, %s", r->stream.path,
                         (long long)r->record, column_name(r, i, name), text, why);
    }
    return true;
}

static bool grow(Table *table, int64_t *room, Fault *fault)
{
    const int64_t more = *room == 0 ? 256 : 2 * *room;
    for (int f = 0; f < table->n_fields; f++) {
        const size_t bytes = dlc_type_bytes(&table->field[f].type);
        unsigned char *larger =
            dlc_new((size_t)more, bytes, table->field[f].name, fault);
        if (larger == NULL) {
            return false;
        }
        if (table->count > 0) {
            memcpy(larger, table->column[f], (size_t)table->count * bytes);
        }
        free(table->column[f]);
        table->column[f] = larger;
    }
    *room = more;
    return true;
}

static bool store_record(const Reader *r, Table *table)
{
    int64_t column = 0;
    for (int f = 0; f < table->n_fields; f++) {
        const dlc_type *type = &table->field[f].type;
        const size_t bytes = dlc_dtype_bytes(type->dtype);
        const int64_t n = dlc_type_count(type);
        unsigned char *to = table->column[f] + (size_t)table->count * (size_t)n * bytes;
        for (int64_t i = 0; i < n; i++, column++, to += bytes) {
            if (!store_value(r, column, &table->field[f], to)) {
                return false;
            }
        }
    }
    table->count++;
    return true;
}

static bool read_header(Reader *r)
{
    bool more = false;
    if (!read_record(r, &more) || !more) {
        return more ? false
                    : dlc_fault(r->fault, "%s: is empty, expected a header",
                                r->stream.path);
    }
    if (!check_count(r, true)) {
        return false;
    }
    r->names = dlc_new(r->length, 1, "column names", r->fault);
    r->name_start = dlc_new((size_t)r->expected, sizeof(size_t), "columns", r->fault);
    if (r->names == NULL || r->name_start == NULL) {
        return false;
    }
    memcpy(r->names, r->text, r->length);
    memcpy(r->name_start, r->start, (size_t)r->expected * sizeof(size_t));
    return true;
}

static bool read_all(Reader *r, bool header, Table *table)
{
    if (peek_byte(r) == 0xEF) { /* a byte order mark */
        for (int i = 0; i < 3; i++) {
            next_byte(r);
        }
    }
    if (header && !read_header(r)) {
        return false;
    }
    int64_t room = 0;
    for (;;) {
        bool more = false;
        if (!read_record(r, &more)) {
            return false;
        }
        if (!more) {
            return table->count > 0 ||
                   dlc_fault(r->fault, "%s: holds no rows", r->stream.path);
        }
        if (!check_count(r, false) ||
            (table->count == room && !grow(table, &room, r->fault)) ||
            !store_record(r, table)) {
            return false;
        }
    }
}

bool dlc_csv_read(const char *path, bool header, Table *table, Fault *fault)
{
    Reader r = { .fault = fault, .line = 1, .room = 256 };
    for (int f = 0; f < table->n_fields; f++) {
        r.expected += dlc_type_count(&table->field[f].type);
    }
    bool done = dlc_stream_open(&r.stream, path, fault);
    if (done) {
        r.block = dlc_new(BLOCK, 1, path, fault);
        r.text = dlc_new(r.room, 1, path, fault);
        r.start = dlc_new((size_t)r.expected, sizeof(size_t), path, fault);
        done = r.block != NULL && r.text != NULL && r.start != NULL &&
               read_all(&r, header, table);
    }
    dlc_stream_close(&r.stream);
    free(r.block);
    free(r.text);
    free(r.start);
    free(r.names);
    free(r.name_start);
    return done;
}
