/* augment.c - `augment field { ... }`: random changes of training samples. */
#include "front/elab.h"

#include "support/bug.h"

#include <string.h>

static const struct {
    const char *name;
    int flags;
} flips[] = { { "horizontal", 1 }, { "vertical", 2 }, { "both", 3 } };

static const char *const fills[] = { "nearest", "constant", "reflect", "wrap" };

/* What a setting was; its kind is right. */
static const Value *value_at(const BlockContext *b, const char *name)
{
    const SettingValue *s = setting_find(b, name);
    return s != NULL ? s->value : NULL;
}

static double number_at(const BlockContext *b, const char *name, double otherwise)
{
    const Value *v = value_at(b, name);
    return v == NULL                   ? otherwise
           : v->kind == VALUE_QUANTITY ? v->quantity.value
                                       : value_number(v);
}

static bool refuse(Elab *e, const BlockContext *b, const char *name, const char *what)
{
    const Ast *expr = setting_find(b, name)->ast->named.value;
    return fail(e, DIAG_SETTING_KIND, expr->span, "`%s` is %s, found `%s`", name, what,
                source_words(e, expr)) != NULL;
}

/* One or two of them; `to` is rows, then columns, as a list is width, then height. */
static bool read_pair(Elab *e, const BlockContext *b, const char *name, double to[2],
                      bool *whole, const char *what)
{
    const Value *v = value_at(b, name), *x = v, *y = v;
    if (v == NULL)
        return true;
    if (v->kind == VALUE_LIST && v->list.n == 2) {
        x = v->list.at[0];
        y = v->list.at[1];
    }
    if (!value_is_number(x) || !value_is_number(y) || value_number(x) < 0 ||
        value_number(y) < 0)
        return refuse(e, b, name, what);
    *whole = x->kind == VALUE_INT && y->kind == VALUE_INT;
    to[0] = value_number(y);
    to[1] = value_number(x);
    return *whole || (to[0] < 1 && to[1] < 1) || refuse(e, b, name, what);
}

static bool read_pixels(Elab *e, const BlockContext *b, const char *name, int64_t to[2])
{
    static const char *const what = "a number of pixels, or [width, height] of them";
    double pair[2] = { 0, 0 };
    bool whole = true;
    if (!read_pair(e, b, name, pair, &whole, what))
        return false;
    if (!whole || pair[0] > 1e6 || pair[1] > 1e6)
        return refuse(e, b, name, what);
    to[0] = (int64_t)pair[0];
    to[1] = (int64_t)pair[1];
    return true;
}

/* 0.9..1.1, or 0.1 for it. */
static bool read_around_one(Elab *e, const BlockContext *b, const char *name,
                            double to[2])
{
    const Value *v = value_at(b, name);
    if (v == NULL)
        return true;
    if (value_is_number(v)) {
        to[0] = 1 - value_number(v);
        to[1] = 1 + value_number(v);
    } else if (v->kind == VALUE_RANGE && v->range.from != NULL && v->range.to != NULL &&
               value_is_number(v->range.from) && value_is_number(v->range.to)) {
        to[0] = value_number(v->range.from);
        to[1] = value_number(v->range.to);
    }
    return (to[0] > 0 && to[1] >= to[0] && to[1] <= 100) ||
           refuse(e, b, name, "a range around 1 such as 0.9..1.1");
}

static bool read_word(Elab *e, const BlockContext *b, Augment *a)
{
    const Value *flip = value_at(b, "flip"), *fill = value_at(b, "fill");
    a->flip = flip == NULL ? 0 : -1;
    for (int i = 0; flip != NULL && i < ARRAY_LEN(flips); i++)
        a->flip = str_equal(flips[i].name, flip->text) ? flips[i].flags : a->flip;
    a->fill = fill == NULL ? 0 : -1;
    for (int i = 0; fill != NULL && i < ARRAY_LEN(fills); i++)
        a->fill = str_equal(fills[i], fill->text) ? i : a->fill;
    if (a->flip < 0)
        return refuse(e, b, "flip", "horizontal, vertical or both");
    return a->fill >= 0 || refuse(e, b, "fill", "nearest, constant, reflect or wrap");
}

/* A shift of a sound in seconds is one in samples of the files. */
static bool read_time(Elab *e, const BlockContext *b, const ModuleData *data,
                      Augment *a)
{
    const Value *v = value_at(b, "shift");
    const Dimension time = { 1, 0, 0 };
    double rate = 0;
    for (int i = 0; i < SPLIT_COUNT; i++)
        rate = data->split[i].rate > 0 ? data->split[i].rate : rate;
    if (!dimension_equal(v->quantity.dim, time) || rate <= 0 || v->quantity.value < 0)
        return refuse(e, b, "shift",
                      rate <= 0 ? "a time only where a source is wav"
                                : "a time of 0 or more");
    a->shift[1] = (double)(int64_t)(v->quantity.value * rate + 0.5);
    a->shift_is_whole = true;
    return true;
}

static bool read_shift(Elab *e, const BlockContext *b, const ModuleData *data,
                       Augment *a)
{
    const Field *f = &data->field[a->field];
    const Value *v = value_at(b, "shift");
    if (v != NULL && v->kind == VALUE_QUANTITY && f->shape.rank == 1)
        return read_time(e, b, data, a);
    if (!read_pair(e, b, "shift", a->shift, &a->shift_is_whole,
                   f->shape.rank == 1 ? "a time, a fraction or a number of samples"
                                      : "[width, height], fractions or pixels"))
        return false;
    if (f->shape.rank == 1)
        a->shift[0] = 0;
    for (int i = 0; i < 2 && a->shift_is_whole; i++)
        if (a->shift[i] > 1e6)
            return refuse(e, b, "shift", "at most a million pixels");
    return true;
}

/* Signals have no other settings. */
static bool settings_fit(Elab *e, const BlockContext *b, const Field *f)
{
    static const char *const of_signals[] = { "shift", "noise", "fill", "cval" };
    for (int i = 0; f->shape.rank == 1 && i < b->settings.n; i++) {
        bool fits = false;
        for (int k = 0; k < ARRAY_LEN(of_signals); k++)
            fits = fits || str_equal(b->settings.at[i].name, of_signals[k]);
        if (!fits)
            return fail(e, DIAG_SETTING, b->settings.at[i].ast->name_span,
                        "`%s` changes images, but `%s` is %s%s", b->settings.at[i].name,
                        f->name, dtype_name(f->dtype),
                        shape_text(e->arena, &f->shape)) != NULL;
    }
    return true;
}

static bool field_fits(Elab *e, const Ast *st, const ModuleData *data, int *index)
{
    VEC(const char *) names = { 0 };
    for (int i = 0; i < data->n_fields; i++) {
        const Field *f = &data->field[i];
        vec_push(e->arena, &names, f->name);
        if (!str_equal(f->name, st->name))
            continue;
        *index = i;
        bool image = f->shape.rank == 2 || f->shape.rank == 3;
        if (f->bound == 0 &&
            ((f->dtype == DTYPE_F32 && (image || f->shape.rank == 1)) ||
             (f->dtype == DTYPE_U8 && image)))
            return true;
        return fail(
                   e, DIAG_SETTING, st->name_span,
                   "`augment` changes images, u8 or f32, and signals, f32[n], but `%s` "
                   "is %s",
                   f->name, f->bound > 0 ? "an index" : dtype_name(f->dtype)) != NULL;
    }
    Diag *d = fail_begin(e, DIAG_UNDEFINED, st->name_span, "`%s` has no field `%s`",
                         data->name, st->name);
    diag_nearest(d, st->name, names.at, names.n);
    return diag_end(d);
}

bool augment_read(Elab *e, const Ast *st, const BlockContext *b, ModuleData *data)
{
    Augment a = { .zoom = { 1, 1 }, .brightness = { 1, 1 } };
    if (!field_fits(e, st, data, &a.field) ||
        !settings_fit(e, b, &data->field[a.field]) || !read_shift(e, b, data, &a) ||
        !read_around_one(e, b, "zoom", a.zoom) ||
        !read_around_one(e, b, "brightness", a.brightness) || !read_word(e, b, &a) ||
        !read_pixels(e, b, "crop", a.crop) || !read_pixels(e, b, "cutout", a.cutout))
        return false;
    a.rotate = number_at(b, "rotate", 0);
    a.shear = number_at(b, "shear", 0);
    a.cval = number_at(b, "cval", 0);
    a.noise = number_at(b, "noise", 0);
    a.channel_shift = number_at(b, "channel_shift", 0);
    static const char *const positive[] = { "rotate", "shear", "noise",
                                            "channel_shift" };
    for (int i = 0; i < ARRAY_LEN(positive); i++)
        if (number_at(b, positive[i], 0) < 0)
            return refuse(e, b, positive[i], "0 or more, it is drawn from both sides");
    for (int i = 0; i < data->augment.n; i++)
        if (data->augment.at[i].field == a.field)
            return fail(e, DIAG_TWICE, st->name_span, "`%s` is augmented twice",
                        st->name) != NULL;
    vec_push(e->arena, &data->augment, a);
    return true;
}

bool augment_statement(Elab *e, const Ast *st, Scope *s)
{
    BlockContext context = { .kind = BLOCK_AUGMENT, .act = e->act }, *outer = e->block;
    int errors = diag_error_count(e->sink);
    if (outer->kind != BLOCK_DATA)
        return fail(e, DIAG_SETTING, st->name_span, "`augment` belongs in data") !=
               NULL;
    e->block = &context;
    for (int i = 0; i < st->loop.body.n; i++) {
        const Ast *set = st->loop.body.at[i];
        if (set->kind != AST_SETTING)
            fail(e, DIAG_ONLY_SETTINGS, set->span,
                 "`augment` holds settings, `name: value`");
        else
            setting_statement(e, set, s);
    }
    e->block = outer;
    if (diag_error_count(e->sink) > errors)
        return false;
    AugmentBlock block = { st, arena_new(e->arena, BlockContext) };
    *block.settings = context;
    vec_push(e->arena, &outer->augments, block);
    return true;
}
