/* data_source.c - where the samples of a split come from: `idx(...)`, `csv(...)`, ...
 */
#include "front/elab.h"

#include "support/bug.h"

#include <string.h>

const char *const data_split_name[SPLIT_COUNT] = { "train", "valid", "test", "all" };

int split_find(const char *name)
{
    for (int i = 0; i < SPLIT_COUNT; i++)
        if (str_equal(data_split_name[i], name))
            return i;
    return -1;
}

static const Value *config_get(const Config *c, const char *name)
{
    int i = config_param(c, name);
    return i < 0 ? NULL : c->value[i];
}

/* idx, npy: a file for each field, in their order. */
static bool file_source(Elab *e, const Config *c, const ModuleData *data,
                        DataSource *out)
{
    out->path = arena_array(e->arena, const char *, 4);
    for (int i = 0; i < 4; i++) {
        if (c->node[i] == NULL)
            continue;
        if (c->value[i] == NULL || c->value[i]->kind != VALUE_STRING)
            return fail(e, DIAG_SETTING_KIND, c->node[i]->span,
                        "`%s` takes the names of files, found %s", c->name,
                        source_words(e, c->node[i])) != NULL;
        out->path[out->n_paths++] = c->value[i]->text;
    }
    if (out->n_paths != data->n_fields)
        return fail(e, DIAG_SPLIT, out->span,
                    "`%s` takes one file a field: `%s` has %d field%s, found %d file%s",
                    c->name, data->name, data->n_fields, data->n_fields == 1 ? "" : "s",
                    out->n_paths, out->n_paths == 1 ? "" : "s") != NULL;
    return true;
}

/* The name of a file or folder, a source's first argument. */
static bool path_source(Elab *e, const Config *c, DataSource *out)
{
    const Value *path = c->value[0];
    if (path == NULL || path->kind != VALUE_STRING)
        return fail(e, DIAG_SETTING_KIND, c->node[0] ? c->node[0]->span : out->span,
                    "`%s` takes the name of a %s", c->name,
                    c->spec->params[0] == 'd' ? "folder" : "file") != NULL;
    out->path = arena_array(e->arena, const char *, 1);
    out->path[0] = path->text;
    out->n_paths = 1;
    return true;
}

static bool source_fails(Elab *e, const DataSource *out, const char *message)
{
    return fail(e, DIAG_SPLIT, out->span, "%s", message) != NULL;
}

/* ---- text as indices ------------------------------------------------------------- */

static bool read_tokens(Elab *e, const Config *c, const char *name, DataSource *out)
{
    int i = config_param(c, name);
    const Ast *node = c->node[i];
    const Ast *callee = node->kind == AST_CALL ? node->call.callee : node;
    const ConfigSpec *spec =
        callee->kind == AST_NAME ? config_find(callee->name, "tokens") : NULL;
    if (spec == NULL)
        return fail(e, DIAG_SETTING_KIND, node->span,
                    "`%s` is bytes, chars, chars(\"list\") or words(\"list\"), found "
                    "`%s`",
                    name, source_words(e, node)) != NULL;
    Value *v = config_eval(e, spec, node, e->library);
    if (v == NULL)
        return false;
    const Value *path = v->config->value[0];
    out->tokens = str_equal(spec->name, "bytes")   ? TOKEN_BYTES
                  : str_equal(spec->name, "chars") ? TOKEN_CHARS
                                                   : TOKEN_WORDS;
    if (path != NULL && path->kind == VALUE_STRING)
        out->vocab = path->text;
    if (out->vocab != NULL || (v->config->node[0] == NULL && spec->name[0] != 'w'))
        return true;
    return fail(e, DIAG_SETTING_KIND, node->span,
                "`%s` takes the name of the file that lists them", spec->name) != NULL;
}

/* A vocabulary of known size against the bound of the field it fills. */
static bool tokens_fit(Elab *e, const DataSource *out, const Field *f)
{
    int64_t n = out->vocab != NULL ? 0 : out->tokens == TOKEN_BYTES ? 256 : 96;
    if (f->bound == 0)
        return fail(e, DIAG_SPLIT, f->span,
                    "`%s` holds tokens, so it is an index(n)[length]", f->name) != NULL;
    if (f->bound >= n)
        return true;
    Diag *d = fail_begin(
        e, DIAG_SPLIT, f->span, "`%s` is an index(%lld), but `%s` makes %lld tokens",
        f->name, (long long)f->bound, n == 256 ? "bytes" : "chars", (long long)n);
    if (n < 256)
        diag_note(d, "chars are newline and printable ASCII");
    diag_help(d, n == 256
                     ? "write `index(256)`"
                     : "write `index(96)`, or list the characters: chars(\"file\")");
    return diag_end(d);
}

static bool text_source(Elab *e, const Config *c, const ModuleData *data,
                        DataSource *out)
{
    if (!path_source(e, c, out))
        return false;
    if (data->n_fields != 1 || data->field[0].shape.rank != 1)
        return source_fails(e, out,
                            "`text` fills one field with windows of text: "
                            "text: index(96)[129]");
    if (c->node[1] == NULL)
        return source_fails(e, out,
                            "`text` needs its vocabulary: vocab=chars, vocab=bytes or "
                            "vocab=words(\"list\")");
    return read_tokens(e, c, "vocab", out) && tokens_fit(e, out, &data->field[0]);
}

/* ---- tables ---------------------------------------------------------------------- */

static bool read_count(Elab *e, const Config *c, const char *name, int64_t *out)
{
    int i = config_param(c, name);
    const Value *v = c->value[i];
    if (c->node[i] == NULL)
        return true;
    if (v == NULL || v->kind != VALUE_INT || v->integer < 1 || v->integer > INT32_MAX)
        return fail(e, DIAG_SETTING_KIND, c->node[i]->span,
                    "`%s` is a positive int, found `%s`", name,
                    source_words(e, c->node[i])) != NULL;
    *out = v->integer;
    return true;
}

static bool read_pad(Elab *e, const Config *c, DataSource *out)
{
    const Ast *pad = c->node[config_param(c, "pad")];
    if (pad == NULL)
        return true;
    bool left = pad->kind == AST_NAME && str_equal(pad->name, "left");
    if (!left && (pad->kind != AST_NAME || !str_equal(pad->name, "right")))
        return fail(e, DIAG_SETTING_KIND, pad->span,
                    "`pad` is left or right, found `%s`", source_words(e, pad)) != NULL;
    if (out->tokens == TOKEN_NONE)
        return fail(e, DIAG_SPLIT, pad->span, "`pad` goes with `tokens`") != NULL;
    out->pad_left = left;
    return true;
}

static bool csv_tokens(Elab *e, const Config *c, const ModuleData *data,
                       DataSource *out)
{
    bool any = false;
    if (c->node[config_param(c, "tokens")] == NULL)
        return true;
    if (!read_tokens(e, c, "tokens", out))
        return false;
    for (int i = 0; i < data->n_fields; i++) {
        const Field *f = &data->field[i];
        if (f->bound == 0 || f->shape.rank != 1)
            continue;
        any = true;
        if (!tokens_fit(e, out, f))
            return false;
    }
    return any || source_fails(e, out,
                               "`tokens` fill a field such as index(20000)[80], "
                               "but there is none");
}

static bool csv_window(Elab *e, const Config *c, const ModuleData *data,
                       DataSource *out)
{
    const Field *f = &data->field[0];
    const Ast *ahead = c->node[config_param(c, "ahead")];
    if (!read_count(e, c, "window", &out->window) ||
        !read_count(e, c, "ahead", &out->ahead))
        return false;
    if (ahead != NULL && (out->window == 0 || out->target == NULL))
        return fail(e, DIAG_SPLIT, ahead->span,
                    "`ahead` goes with `window` and "
                    "`target`") != NULL;
    if (out->window == 0)
        return true;
    if (out->tokens != TOKEN_NONE)
        return source_fails(e, out,
                            "windows are of numbers: `tokens` does not go with "
                            "`window`");
    if (f->shape.rank < 1 || f->shape.dim[0] != out->window)
        return fail(
                   e, DIAG_SPLIT, f->span,
                   "`%s` holds a window of %lld rows, so its first extent is %lld, not "
                   "%lld",
                   f->name, (long long)out->window, (long long)out->window,
                   (long long)(f->shape.rank < 1 ? 1 : f->shape.dim[0])) != NULL;
    if (data->n_fields != 1 + (out->target != NULL))
        return fail(e, DIAG_SPLIT, out->span,
                    "`window` fills the first field and `target` a second: `%s` has "
                    "%d field%s",
                    data->name, data->n_fields, data->n_fields == 1 ? "" : "s") != NULL;
    if (out->ahead == 0)
        out->ahead = 1;
    return true;
}

static bool csv_source(Elab *e, const Config *c, const ModuleData *data,
                       DataSource *out)
{
    const Value *header = config_get(c, "header"), *target = config_get(c, "target");
    const Ast *named = c->node[config_param(c, "target")];
    const Field *last = &data->field[data->n_fields - 1];
    if (!path_source(e, c, out))
        return false;
    if (header != NULL && header->kind != VALUE_BOOL)
        return fail(e, DIAG_SETTING_KIND, out->span, "`header` is a bool, found %s",
                    value_describe(e->arena, header)) != NULL;
    if (named != NULL && (target == NULL || target->kind != VALUE_STRING))
        return fail(e, DIAG_SETTING_KIND, named->span,
                    "`target` is the name of a column, found `%s`",
                    source_words(e, named)) != NULL;
    if (named != NULL && header != NULL && !header->truth)
        return fail(e, DIAG_SPLIT, named->span,
                    "`target` names a column, so the file has a header") != NULL;
    if (named != NULL && shape_count(&last->shape) != 1)
        return fail(e, DIAG_SPLIT, last->span,
                    "`target` fills the last field with one number a row, `%s` has "
                    "%lld",
                    last->name, (long long)shape_count(&last->shape)) != NULL;
    out->target = target != NULL ? target->text : NULL;
    out->header = target != NULL || (header != NULL && header->truth);
    return csv_tokens(e, c, data, out) && read_pad(e, c, out) &&
           csv_window(e, c, data, out);
}

/* ---- images and sounds ----------------------------------------------------------- */

static bool cifar_source(Elab *e, const Config *c, const ModuleData *data,
                         DataSource *out)
{
    const Ast *part = c->node[1];
    int split = part != NULL && part->kind == AST_NAME ? split_find(part->name) : -1;
    const Field *f = data->field;
    if (!path_source(e, c, out))
        return false;
    if (split != SPLIT_TRAIN && split != SPLIT_TEST)
        return fail(e, DIAG_SETTING_KIND, part != NULL ? part->span : out->span,
                    "`split` of `cifar10` is train or test") != NULL;
    bool fits = data->n_fields == 2 && f[0].dtype == DTYPE_U8 && f[0].bound == 0 &&
                f[0].shape.rank == 3 && f[0].shape.dim[0] == 32 &&
                f[0].shape.dim[1] == 32 && f[0].shape.dim[2] == 3 && f[1].bound > 0 &&
                f[1].shape.rank == 0;
    if (!fits)
        return source_fails(e, out,
                            "`cifar10` holds two fields, u8[32, 32, 3] and "
                            "index(10)");
    out->from = split;
    return true;
}

/* Files in folders: one field of content, and the folder as an index where there are
 * two. */
static bool folder_fields(Elab *e, const Config *c, const ModuleData *data,
                          const DataSource *out)
{
    bool classes = data->n_fields == 2 && data->field[1].bound > 0 &&
                   data->field[1].shape.rank == 0;
    if (data->n_fields == 1 || classes)
        return true;
    return fail(e, DIAG_SPLIT, out->span,
                "`%s` fills one field, or two, the second the folder's index(n)",
                c->name) != NULL;
}

static bool images_source(Elab *e, const Config *c, const ModuleData *data,
                          DataSource *out)
{
    const Field *f = &data->field[0];
    if (!path_source(e, c, out) || !folder_fields(e, c, data, out))
        return false;
    int64_t channels = f->shape.rank == 3 ? f->shape.dim[2] : f->shape.rank == 2;
    if (f->dtype == DTYPE_U8 && f->bound == 0 && (channels == 1 || channels == 3))
        return true;
    return fail(e, DIAG_SPLIT, f->span,
                "`images` fills u8[height, width, 3], or 1 for grey, but `%s` is %s%s",
                f->name, dtype_name(f->dtype), shape_text(e->arena, &f->shape)) != NULL;
}

static bool wav_source(Elab *e, const Config *c, const ModuleData *data,
                       DataSource *out)
{
    const Field *f = &data->field[0];
    const Value *rate = config_get(c, "rate");
    const Dimension hertz = { -1, 0, 0 };
    if (!path_source(e, c, out) || !folder_fields(e, c, data, out))
        return false;
    if (rate == NULL || rate->kind != VALUE_QUANTITY ||
        !dimension_equal(rate->quantity.dim, hertz) || rate->quantity.value < 1 ||
        rate->quantity.value > 1e6)
        return fail(e, DIAG_SETTING_KIND, c->node[1] ? c->node[1]->span : out->span,
                    "`rate` of `wav` is a frequency such as 16kHz") != NULL;
    out->rate = rate->quantity.value;
    if (f->dtype == DTYPE_F32 && f->shape.rank == 1)
        return true;
    return fail(e, DIAG_SPLIT, f->span, "`wav` fills f32[samples], but `%s` is %s%s",
                f->name, dtype_name(f->dtype), shape_text(e->arena, &f->shape)) != NULL;
}

/* An archive: its arrays are called as the fields are, unless names are given. */
static bool npz_source(Elab *e, const Config *c, const ModuleData *data,
                       DataSource *out)
{
    if (!path_source(e, c, out))
        return false;
    const char *path = out->path[0];
    int given = (c->node[1] != NULL) + (c->node[2] != NULL) + (c->node[3] != NULL);
    if (given > 0 && given != data->n_fields)
        return fail(e, DIAG_SPLIT, out->span,
                    "`npz` takes the names of the arrays of all %d fields, or of none",
                    data->n_fields) != NULL;
    if (data->n_fields > 3)
        return source_fails(e, out, "`npz` fills at most three fields");
    out->path = arena_array(e->arena, const char *, data->n_fields + 1);
    out->path[0] = path;
    for (int i = 0; i < data->n_fields; i++) {
        const Value *name = given > 0 ? c->value[1 + i] : NULL;
        if (given > 0 && (name == NULL || name->kind != VALUE_STRING))
            return fail(e, DIAG_SETTING_KIND, out->span,
                        "`npz` takes the names of arrays as strings") != NULL;
        out->path[1 + i] = name != NULL ? name->text : data->field[i].name;
    }
    out->n_paths = 1 + data->n_fields;
    return true;
}

/* ---- rows in the program, parts of splits ---------------------------------------- */

static bool row_fill(const Value *v, double *row, int64_t *n, int64_t width)
{
    if (value_is_number(v) || v->kind == VALUE_BOOL) {
        if (*n < width)
            row[*n] = value_number(v);
        ++*n;
        return true;
    }
    bool ok = v->kind == VALUE_LIST;
    for (int i = 0; ok && i < v->list.n; i++)
        ok = row_fill(v->list.at[i], row, n, width);
    return ok;
}

static bool row_fits(Elab *e, const ModuleData *data, const double *row, int64_t index,
                     Span span)
{
    int64_t at = 0;
    for (int f = 0; f < data->n_fields; f++) {
        const Field *field = &data->field[f];
        for (int64_t k = shape_count(&field->shape); k > 0; k--) {
            double x = row[at++];
            bool fits =
                dtype_round(field->dtype, x) == x || dtype_is_float(field->dtype);
            if (field->bound > 0)
                fits = fits && x >= 0 && x < (double)field->bound;
            if (!fits)
                return fail(e, DIAG_SETTING_KIND, span,
                            "row %lld: %g does not fit in `%s`", (long long)index + 1,
                            x, field->name) != NULL;
        }
    }
    return true;
}

static bool rows_source(Elab *e, const Config *c, const ModuleData *data,
                        DataSource *out)
{
    const Value *list = config_get(c, "list");
    int64_t width = 0;
    for (int i = 0; i < data->n_fields; i++)
        width += shape_count(&data->field[i].shape);
    if (list == NULL || list->kind != VALUE_LIST || list->list.n == 0)
        return fail(e, DIAG_SETTING_KIND, out->span, "`rows` takes a list of rows") !=
               NULL;
    double *rows = arena_array(e->arena, double, width * list->list.n);
    for (int i = 0; i < list->list.n; i++) {
        int64_t n = 0;
        double *row = rows + i * width;
        if (!row_fill(list->list.at[i], row, &n, width) || n != width)
            return fail(e, DIAG_SETTING_KIND, out->span,
                        "row %d has %lld numbers, the fields of `%s` take %lld", i + 1,
                        (long long)n, data->name, (long long)width) != NULL;
        if (!row_fits(e, data, row, i, out->span))
            return false;
    }
    out->rows = rows;
    out->n_rows = list->list.n;
    return true;
}

static bool take_source(Elab *e, const Config *c, const ModuleData *data,
                        DataSource *out)
{
    (void)data;
    const Ast *from = c->node[0];
    const Value *n = config_get(c, "n");
    int split = from != NULL && from->kind == AST_NAME ? split_find(from->name) : -1;
    if (split < 0)
        return fail(e, DIAG_SPLIT, from != NULL ? from->span : out->span,
                    "`take` takes samples from train, valid, test or all") != NULL;
    if (n == NULL || n->kind != VALUE_INT || n->integer < 1)
        return fail(e, DIAG_SETTING_KIND, out->span,
                    "`take` needs how many samples, a positive int") != NULL;
    out->from = split;
    out->count = n->integer;
    return true;
}

/* ---- the table ------------------------------------------------------------------- */

static const struct {
    const char *name;
    SourceKind kind;
    bool (*read)(Elab *e, const Config *c, const ModuleData *data, DataSource *out);
} sources[] = {
    { "cifar10", SOURCE_CIFAR10, cifar_source },
    { "csv", SOURCE_CSV, csv_source },
    { "idx", SOURCE_IDX, file_source },
    { "images", SOURCE_IMAGES, images_source },
    { "npy", SOURCE_NPY, file_source },
    { "npz", SOURCE_NPZ, npz_source },
    { "rows", SOURCE_ROWS, rows_source },
    { "take", SOURCE_TAKE, take_source },
    { "text", SOURCE_TEXT, text_source },
    { "wav", SOURCE_WAV, wav_source },
};

bool data_source_read(Elab *e, const SettingValue *s, const ModuleData *data,
                      DataSource *out)
{
    const Config *c = s->value->config;
    out->span = s->ast->named.value->span;
    if (data->n_fields == 0)
        return fail(e, DIAG_SPLIT, out->span, "`%s` has no fields", data->name) != NULL;
    for (int i = 0; i < ARRAY_LEN(sources); i++)
        if (str_equal(c->name, sources[i].name)) {
            out->kind = sources[i].kind;
            return sources[i].read(e, c, data, out);
        }
    BUG("no source `%s`", c->name);
}
