/* table_data.c - the data block in the program's table: fields, sources, splits. */
#include "emit/writer.h"

#include "support/bug.h"

static int64_t row_length(const ModuleData *d)
{
    int64_t n = 0;
    for (int i = 0; i < d->n_fields; i++)
        n += shape_count(&d->field[i].shape);
    return n;
}

static void print_rows(const ModuleData *d, int split, const char *which, Out *o)
{
    const DataSource *s = &d->split[split];
    int64_t length = row_length(d);
    if (s->kind != SOURCE_ROWS)
        return;
    out_print(o, "static const double %srows_%d[] = {\n", which, split);
    for (int64_t r = 0; r < s->n_rows; r++) {
        out_puts(o, "   ");
        for (int64_t i = 0; i < length; i++) {
            out_puts(o, " ");
            out_f64(o, s->rows[r * length + i]);
            out_puts(o, ",");
        }
        out_puts(o, "\n");
    }
    out_puts(o, "};\n\n");
}

static void print_tokens(const DataSource *s, Out *o)
{
    static const char *const kind[] = { [TOKEN_BYTES] = "DLC_TOKENS_BYTES",
                                        [TOKEN_CHARS] = "DLC_TOKENS_CHARS",
                                        [TOKEN_WORDS] = "DLC_TOKENS_WORDS" };
    if (s->tokens == TOKEN_NONE)
        return;
    out_print(o, ", .tokens = %s", kind[s->tokens]);
    if (s->vocab != NULL) {
        out_puts(o, ", .vocab = ");
        table_string(s->vocab, "", o);
    }
    out_puts(o, s->pad_left ? ", .pad_left = true" : "");
}

static void print_source(const ModuleData *d, int split, const char *which, Out *o)
{
    static const char *const kind[] = {
        [SOURCE_NONE] = "NONE",     [SOURCE_IDX] = "IDX",
        [SOURCE_CSV] = "CSV",       [SOURCE_ROWS] = "ROWS",
        [SOURCE_TAKE] = "TAKE",     [SOURCE_NPY] = "NPY",
        [SOURCE_NPZ] = "NPZ",       [SOURCE_WAV] = "WAV",
        [SOURCE_TEXT] = "TEXT",     [SOURCE_CIFAR10] = "CIFAR10",
        [SOURCE_IMAGES] = "IMAGES",
    };
    static const char *const name[] = { "DLC_TRAIN", "DLC_VALID", "DLC_TEST",
                                        "DLC_ALL" };
    const DataSource *s = &d->split[split];
    if (s->kind == SOURCE_NONE)
        return;
    out_print(o, "        [%s] = { .kind = DLC_SOURCE_%s", name[split], kind[s->kind]);
    for (int i = 0; i < s->n_paths && i < 4; i++) {
        out_print(o, ", .path[%d] = ", i);
        table_string(s->path[i], "", o);
    }
    if (s->n_paths > 0)
        out_print(o, ", .n_paths = %d", s->n_paths < 4 ? s->n_paths : 4);
    if (s->header)
        out_puts(o, ", .header = true");
    print_tokens(s, o);
    if (s->window > 0)
        out_print(o, ", .window = %lld, .ahead = %lld", (long long)s->window,
                  (long long)s->ahead);
    if (s->target != NULL) {
        out_puts(o, ", .target = ");
        table_string(s->target, "", o);
    }
    if (s->rate > 0) {
        out_puts(o, ", .rate = ");
        out_f64(o, s->rate);
    }
    if (s->kind == SOURCE_ROWS)
        out_print(o, ", .rows = %srows_%d, .n_rows = %lld", which, split,
                  (long long)s->n_rows);
    if (s->kind == SOURCE_TAKE)
        out_print(o, ", .from = %s, .count = %lld", name[s->from], (long long)s->count);
    if ((s->kind == SOURCE_IMAGES || s->kind == SOURCE_WAV) && d->cache >= 0)
        out_print(o, ", .cache = DLC_CACHE_%s", d->cache ? "YES" : "NO");
    if (s->kind == SOURCE_CIFAR10)
        out_print(o, ", .from = %s", name[s->from]);
    out_print(o, ", .line = %d },\n",
              s->span.source ? source_line(s->span.source, s->span.begin) : 0);
}

static void print_pair(const char *name, double first, double second, Out *o)
{
    out_print(o, ", .%s = { ", name);
    out_f64(o, first);
    out_puts(o, ", ");
    out_f64(o, second);
    out_puts(o, " }");
}

static void print_augments(const ModuleData *d, const char *which, Out *o)
{
    static const char *const fill[] = { "NEAREST", "CONSTANT", "REFLECT", "WRAP" };
    if (d->augment.n == 0)
        return;
    out_print(o, "static const dlc_augment %saugments[] = {\n", which);
    for (int i = 0; i < d->augment.n; i++) {
        const Augment *a = &d->augment.at[i];
        const struct {
            const char *name;
            double value;
        } numbers[] = { { "rotate", a->rotate },
                        { "shear", a->shear },
                        { "cval", a->cval },
                        { "channel_shift", a->channel_shift },
                        { "noise", a->noise } };
        out_print(o, "    { .field = %d, .fill = DLC_FILL_%s, .flip = %d", a->field,
                  fill[a->fill], a->flip);
        for (int k = 0; k < ARRAY_LEN(numbers); k++) {
            out_print(o, ", .%s = ", numbers[k].name);
            out_f64(o, numbers[k].value);
        }
        print_pair("shift", a->shift[0], a->shift[1], o);
        print_pair("zoom", a->zoom[0], a->zoom[1], o);
        print_pair("brightness", a->brightness[0], a->brightness[1], o);
        out_print(o,
                  ", .shift_is_whole = %s, .crop = { %lld, %lld }, "
                  ".cutout = { %lld, %lld } },\n",
                  a->shift_is_whole ? "true" : "false", (long long)a->crop[0],
                  (long long)a->crop[1], (long long)a->cutout[0],
                  (long long)a->cutout[1]);
    }
    out_puts(o, "};\n\n");
}

/* One block, from field `first` on of the `n_fields` that samples have in all. */
static void print_block(const ModuleData *d, const char *which, int first, int n_fields,
                        const char *beside, Out *o)
{
    for (int i = 0; i < SPLIT_COUNT; i++)
        print_rows(d, i, which, o);
    print_augments(d, which, o);
    out_print(o, "static const dlc_data %sdata = {\n    .name = ", which);
    table_string(d->name, "", o);
    out_print(o, ",\n    .n_fields = %d,\n", n_fields);
    out_puts(o, "    .field = fields");
    if (first > 0)
        out_print(o, " + %d", first);
    out_puts(o, ",\n");
    if (beside != NULL)
        out_print(o, "    .n_own = %d,\n    .beside = &%s,\n", d->n_fields, beside);
    out_puts(o, "    .split = {\n");
    for (int i = 0; i < SPLIT_COUNT; i++)
        print_source(d, i, which, o);
    out_print(o, "    },\n    .n_fractions = %d,\n    .fraction = { ", d->n_fractions);
    for (int i = 0; i < d->n_fractions; i++) {
        out_f64(o, d->fraction[i]);
        out_puts(o, ", ");
    }
    out_print(o, "0.0 },\n    .shuffle = %s,\n", d->shuffle ? "true" : "false");
    if (d->augment.n > 0)
        out_print(o, "    .n_augments = %d,\n    .augment = %saugments,\n",
                  d->augment.n, which);
    out_puts(o, "};\n\n");
}

void table_data(const ModuleTrain *t, Out *o)
{
    if (t == NULL || t->data == NULL)
        return;
    table_fields("fields", t->input, t->n_inputs, o);
    if (t->beside != NULL)
        print_block(t->beside, "beside_", t->data->n_fields, t->beside->n_fields, NULL,
                    o);
    print_block(t->data, "", 0, t->n_inputs, t->beside != NULL ? "beside_data" : NULL,
                o);
}
