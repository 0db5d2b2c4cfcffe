/* csv.c - tables of numbers and texts.
 *
 * The first row decides which column fills what: a list of cells, each a column and the
 * element of the field that it fills. Every row after it is the same walk over them. */
#include "host/data/csv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "host/data/csv_record.h"
#include "host/data/vocabulary.h"

typedef struct Cell {
    int64_t column; /* of the file */
    int field;
    size_t offset; /* bytes, in the field's sample */
    bool is_text;
} Cell;

typedef struct Reader {
    Records records;
    const dlc_source *source;
    Table *table;     /* a window's rows are its samples while they are read */
    dlc_field *field; /* of one row: table->field but for a window */
    Vocabulary vocabulary;
    Cell *cell;
    int64_t n_cells, n_columns, target; /* target: column, -1: none */
    char *names; /* of the header, copied like records.text; NULL: none */
    size_t *name_start;
    int64_t n_names, room;
    Fault *fault;
} Reader;

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

/* A failure at the record, of a column if `column` >= 0. */
static bool fail_at(const Reader *r, int64_t column, const char *what)
{
    char name[DLC_TYPE_SIZE];
    return dlc_fault(r->fault, "%s:%lld: %s%s%s", r->records.stream.path,
                     (long long)r->records.record,
                     column >= 0 ? column_name(r, column, name) : "",
                     column >= 0 ? " " : "", what);
}

/* ---- numbers and texts ----------------------------------------------------------- */

static bool is_missing(const char *text)
{
    static const char *const words[] = { "", "NA", "N/A", "nan", "NaN", "null", "?" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* *after: where the number ends, with the spaces that follow. False: there is none. */
static bool parse_number(const char *text, double *value, const char **after)
{
    char *end = NULL;
    *value = strtod(text, &end);
    const bool number = end != text && strncmp(text, "0x", 2) != 0;
    while (isspace((unsigned char)*end)) {
        end++;
    }
    *after = end;
    return number && *end == '\0';
}

static bool store_number(const Reader *r, const Cell *cell, void *to)
{
    char what[DLC_TYPE_SIZE * 2], why[DLC_TYPE_SIZE];
    const dlc_field *field = &r->field[cell->field];
    const char *text = r->records.text + r->records.start[cell->column], *after = NULL;
    double value = 0;
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    const bool number = parse_number(text, &value, &after);
    if (number && dlc_value_store(to, &field->type, value, why) == NULL) {
        return true;
    }
    if (*text == '\0') {
        snprintf(what, sizeof what, "is empty, expected a number for %s", field->name);
    } else if (number) {
        snprintf(what, sizeof what, "is %.40s, %s", text, why);
    } else {
        snprintf(what, sizeof what, "is \"%.40s\", expected a number for %s", text,
                 field->name);
    }
    fail_at(r, cell->column, what);
    if (is_missing(text)) {
        return dlc_fault_help(r->fault, "a value is missing: fill it in, or leave the "
                                        "row out");
    }
    return !number && r->names == NULL && r->records.record == 1
               ? dlc_fault_help(r->fault, "if line 1 names the columns: header=true")
               : false;
}

/* Tokens into an array of the field's extent, see csv.h. */
static bool store_text(const Reader *r, const Cell *cell, unsigned char *to)
{
    const dlc_type *type = &r->field[cell->field].type;
    const size_t size = dlc_dtype_bytes(type->dtype);
    const int64_t room = type->dim[0];
    const char *at = r->records.text + r->records.start[cell->column];
    const char *end = at + strlen(at);
    char why[DLC_TYPE_SIZE], what[DLC_TYPE_SIZE * 2];
    int64_t n = 0, token = dlc_vocabulary_next(&r->vocabulary, &at, end);
    for (; token >= 0; token = dlc_vocabulary_next(&r->vocabulary, &at, end)) {
        if (n == room && !r->source->pad_left) {
            return true;
        }
        if (n == room) { /* the first one makes room */
            memmove(to, to + size, (size_t)(room - 1) * size);
            n--;
        }
        dlc_value_store(to + (size_t)n++ * size, type, (double)token, why);
    }
    if (token == -2) {
        snprintf(what, sizeof what, "has %s, which is not in the vocabulary",
                 dlc_vocabulary_refused(why, at, end));
        return fail_at(r, cell->column, what);
    }
    if (r->source->pad_left && n < room) {
        const size_t pad = (size_t)(room - n) * size;
        memmove(to + pad, to, (size_t)n * size);
        memset(to, 0, pad);
    }
    return true;
}

/* ---- which column fills what ----------------------------------------------------- */

static bool holds_text(const Reader *r, int f)
{
    return r->source->tokens != DLC_TOKENS_NONE && r->field[f].type.bound > 0 &&
           r->field[f].type.rank == 1;
}

static bool is_dates(const Reader *r, int64_t column)
{
    const char *text = r->records.text + r->records.start[column], *after;
    double value;
    return r->source->window > 0 && r->names != NULL && !is_missing(text) &&
           !parse_number(text, &value, &after);
}

static bool find_target(Reader *r)
{
    const char *want = r->source->target;
    char what[DLC_TYPE_SIZE * 2];
    const char *near = NULL;
    r->target = -1;
    for (int64_t i = 0; want != NULL && i < r->n_names; i++) {
        const char *name = r->names + r->name_start[i];
        if (strcmp(name, want) == 0) {
            r->target = i;
            return true;
        }
        near = dlc_nearest(want, &name, 1) != NULL ? name : near;
    }
    if (want == NULL) {
        return true;
    }
    snprintf(what, sizeof what, "no column is called \"%.60s\"", want);
    fail_at(r, -1, what);
    return near != NULL ? dlc_fault_help(r->fault, "did you mean \"%.60s\"?", near)
                        : false;
}

static bool fail_count(const Reader *r, int64_t have, int64_t expected, bool header)
{
    char what[DLC_TYPE_SIZE * 2];
    if (r->source->window > 0) {
        snprintf(what, sizeof what,
                 "%lld columns of numbers, expected %lld (a row of %s)",
                 (long long)have, (long long)expected, r->field[0].name);
    } else {
        snprintf(what, sizeof what, "%s%lld columns, expected %lld (the fields' size)",
                 header ? "header has " : "", (long long)have, (long long)expected);
    }
    return fail_at(r, -1, what);
}

static void fill_field(Reader *r, int f, int64_t *column)
{
    const dlc_type *type = &r->field[f].type;
    const bool text = holds_text(r, f);
    const bool last = f == r->table->n_fields - 1 && r->target >= 0;
    const int64_t n = text ? 1 : dlc_type_count(type);
    for (int64_t i = 0; i < n; i++) {
        while (*column < r->n_columns &&
               (is_dates(r, *column) ||
                (*column == r->target && !last && r->source->window == 0))) {
            ++*column;
        }
        const int64_t from = last ? r->target : (*column)++;
        r->cell[r->n_cells++] =
            (Cell){ from, f, (size_t)i * dlc_dtype_bytes(type->dtype), text };
    }
}

/* Cells for a file whose first row is at hand. */
static bool plan_cells(Reader *r, bool header)
{
    int64_t expected = 0, have = r->n_columns, dates = 0, column = 0;
    for (int f = 0; f < r->table->n_fields; f++) {
        const bool both = r->source->window > 0 && f > 0; /* the target is in the row */
        expected += both ? 0 : holds_text(r, f) ? 1 : dlc_type_count(&r->field[f].type);
    }
    for (int64_t i = 0; i < r->n_columns; i++) {
        dates += is_dates(r, i);
    }
    if (have - dates != expected) {
        return fail_count(r, have - dates, expected, header);
    }
    r->cell = dlc_new((size_t)expected + 1, sizeof *r->cell, "columns", r->fault);
    for (int f = 0; r->cell != NULL && f < r->table->n_fields; f++) {
        fill_field(r, f, &column);
    }
    return r->cell != NULL;
}

static bool read_header(Reader *r)
{
    bool more = false;
    if (!dlc_records_next(&r->records, &more)) {
        return false;
    }
    if (!more) {
        return dlc_fault(r->fault, "%s: is empty, expected a header",
                         r->records.stream.path);
    }
    r->n_names = r->n_columns = r->records.n_fields;
    r->names = dlc_new(r->records.length, 1, "column names", r->fault);
    r->name_start = dlc_new((size_t)r->n_names, sizeof(size_t), "columns", r->fault);
    if (r->names == NULL || r->name_start == NULL) {
        return false;
    }
    memcpy(r->names, r->records.text, r->records.length);
    memcpy(r->name_start, r->records.start, (size_t)r->n_names * sizeof(size_t));
    return find_target(r) && (r->source->window > 0 || plan_cells(r, true));
}

/* ---- rows ------------------------------------------------------------------------ */

static bool grow(Reader *r)
{
    Table *table = r->table;
    const int64_t more = r->room == 0 ? 256 : 2 * r->room;
    for (int f = 0; f < table->n_fields; f++) {
        const size_t bytes = dlc_type_bytes(&r->field[f].type);
        unsigned char *larger =
            dlc_new((size_t)more, bytes, r->field[f].name, r->fault);
        if (larger == NULL) {
            return false;
        }
        if (table->count > 0) {
            memcpy(larger, table->column[f], (size_t)table->count * bytes);
        }
        free(table->column[f]);
        table->column[f] = larger;
    }
    r->room = more;
    return true;
}

static bool store_record(Reader *r)
{
    Table *table = r->table;
    if (r->cell == NULL) {
        r->n_columns = r->names != NULL ? r->n_columns : r->records.n_fields;
    }
    if (r->records.n_fields != r->n_columns) {
        return fail_count(r, r->records.n_fields, r->n_columns, false);
    }
    if ((r->cell == NULL && !plan_cells(r, false)) ||
        (table->count == r->room && !grow(r))) {
        return false;
    }
    for (int64_t i = 0; i < r->n_cells; i++) {
        const Cell *cell = &r->cell[i];
        unsigned char *to =
            table->column[cell->field] + cell->offset +
            (size_t)table->count * dlc_type_bytes(&r->field[cell->field].type);
        if (cell->is_text ? !store_text(r, cell, to) : !store_number(r, cell, to)) {
            return false;
        }
    }
    table->count++;
    return true;
}

static bool read_all(Reader *r)
{
    if (r->source->header && !read_header(r)) {
        return false;
    }
    for (;;) {
        bool more = false;
        if (!dlc_records_next(&r->records, &more)) {
            return false;
        }
        if (!more) {
            return r->table->count > 0 ||
                   dlc_fault(r->fault, "%s: holds no rows", r->records.stream.path);
        }
        if (!store_record(r)) {
            return false;
        }
    }
}

/* Rows become windows that share them; targets move to the window they belong to. */
static bool form_windows(Reader *r)
{
    Table *table = r->table;
    const int64_t window = r->source->window;
    const int64_t later = window - 1 + (table->n_fields > 1 ? r->source->ahead : 0);
    if (window == 0) {
        return true;
    }
    if (table->count <= later) {
        return dlc_fault(r->fault, "%s: holds %lld rows, a window takes %lld",
                         r->records.stream.path, (long long)table->count,
                         (long long)later + 1);
    }
    table->count -= later;
    table->reach = later + 1;
    table->stride[0] = dlc_type_bytes(&r->field[0].type);
    if (table->n_fields > 1) {
        const size_t bytes = table->stride[1];
        memmove(table->column[1], table->column[1] + (size_t)later * bytes,
                (size_t)table->count * bytes);
    }
    return true;
}

/* The fields as one row has them: a window without its first extent. */
static bool row_fields(Reader *r)
{
    const int n = r->table->n_fields;
    r->field = dlc_new((size_t)n, sizeof *r->field, "fields", r->fault);
    if (r->field == NULL) {
        return false;
    }
    memcpy(r->field, r->table->field, (size_t)n * sizeof *r->field);
    if (r->source->window > 0) {
        dlc_type *type = &r->field[0].type;
        type->rank--;
        memmove(type->dim, type->dim + 1, (size_t)type->rank * sizeof type->dim[0]);
    }
    return true;
}

static int64_t text_bound(const Reader *r)
{
    int64_t bound = 0;
    for (int f = 0; f < r->table->n_fields; f++) {
        const int64_t own = r->field[f].type.bound;
        bound = holds_text(r, f) && (bound == 0 || own < bound) ? own : bound;
    }
    return bound;
}

bool dlc_csv_read(const char *path, const dlc_source *source, const Places *places,
                  Table *table, Fault *fault)
{
    Reader r = { .source = source, .table = table, .target = -1, .fault = fault };
    bool done = row_fields(&r) && dlc_records_open(&r.records, path, fault);
    if (done && source->tokens != DLC_TOKENS_NONE) {
        done =
            dlc_vocabulary_init(&r.vocabulary, source, text_bound(&r), places, fault);
    }
    done = done && read_all(&r) && form_windows(&r);
    dlc_records_close(&r.records);
    dlc_vocabulary_release(&r.vocabulary);
    free(r.field);
    free(r.cell);
    free(r.names);
    free(r.name_start);
    return done;
}
