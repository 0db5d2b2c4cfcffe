/* import.c - files of dl: the library inside this binary, files beside the program, and
 * what each defines. */
#include "front/elab.h"

#include "front/library.h"

#include <stdlib.h>
#include <string.h>

/* Seen by every program without an import, in this order. */
static const char *const prelude[] = { "prelude", "init",  "losses",
                                       "metrics", "optim", "audio" };

static DlModule *module_new(Elab *e, const Source *source, Scope *parent)
{
    DlModule *m = arena_new(e->arena, DlModule);
    m->name = source->name;
    m->source = source;
    m->scope = scope_new(e->arena, parent, false);
    return m;
}

static void const_define(Elab *e, DlModule *m, const Ast *item);

/* ---- names ----------------------------------------------------------------------- */

static void item_define(Elab *e, DlModule *m, const Ast *ast)
{
    Item *item = arena_new(e->arena, Item);
    item->name = ast->name;
    item->ast = ast;
    item->home = m;
    item->index = -1;
    Value *v = value_int(e->arena, 0);
    v->kind = VALUE_ITEM;
    v->item = item;
    scope_define(e->arena, m->scope, ast->name, v, ast->name_span);
}

static bool is_twice(Elab *e, const DlModule *m, const Ast *ast)
{
    const Binding *b = map_find(m->scope->names, ast->name);
    if (b == NULL || b->span.source != m->source)
        return false;
    Diag *d = diag_begin(e->sink, DIAG_TWICE, ast->name_span, "`%s` is defined twice",
                         ast->name);
    diag_primary_text(d, "second definition");
    diag_label(d, b->span, "first definition");
    return !diag_end(d);
}

/* Inputs and outputs of a net are arguments of one C function. */
static bool names_differ(Elab *e, const AstList *a, const AstList *b)
{
    for (int i = 0; i < a->n; i++)
        for (int j = 0; j < (a == b ? i : b->n); j++)
            if (str_equal(a->at[i]->name, b->at[j]->name)) {
                const Ast *first = a == b ? a->at[j] : b->at[j];
                Diag *d = diag_begin(e->sink, DIAG_TWICE, a->at[i]->span,
                                     "`%s` is defined twice", a->at[i]->name);
                diag_label(d, first->span, "first definition");
                return diag_end(d);
            }
    return true;
}

static void net_check(Elab *e, const Ast *ast)
{
    const AstList *in = &ast->item.signature->signature.params;
    const AstList *out = &ast->item.signature->signature.results;
    if (names_differ(e, in, in) && names_differ(e, out, out))
        names_differ(e, out, in);
}

static void import_define(Elab *e, DlModule *m, const Ast *ast)
{
    DlModule *from = module_load(e, ast, m);
    const char *name = ast->import.as;
    if (name == NULL) { /* blocks.dl, std.transformer: the last part */
        name = ast->import.path;
        for (const char *at = name; *at != '\0'; at++)
            if (at[0] == '/' || (at[0] == '.' && !ast->import.is_file))
                name = at + 1;
        size_t length = strlen(name);
        if (ast->import.is_file && str_ends(name, ".dl"))
            length -= 3;
        name = str_copy(e->arena, name, length);
    }
    Value *v = NULL;
    if (from != NULL) {
        v = value_int(e->arena, 0);
        v->kind = VALUE_MODULE;
        v->module = from;
    }
    scope_define(e->arena, m->scope, name, v, ast->span);
}

bool module_define(Elab *e, DlModule *m)
{
    int errors = diag_error_count(e->sink);
    const AstList *items = &m->ast->list;
    m->loading = true;
    for (int i = 0; i < items->n; i++) {
        const Ast *ast = items->at[i];
        switch (ast->kind) {
        case AST_IMPORT:
            import_define(e, m, ast);
            break;
        case AST_DEF:
        case AST_NET:
        case AST_DATA:
            if (ast->kind == AST_NET)
                net_check(e, ast);
            if (!is_twice(e, m, ast))
                item_define(e, m, ast);
            break;
        default:
            break;
        }
    }
    for (int i = 0; i < items->n; i++)
        if (items->at[i]->kind == AST_CONST && !is_twice(e, m, items->at[i]))
            const_define(e, m, items->at[i]);
    m->loading = false;
    m->failed = diag_error_count(e->sink) > errors;
    return !m->failed;
}

/* ---- constants ------------------------------------------------------------------- */

static Value *define_value(Elab *e, const Define *define, const Value *old, Span span)
{
    const char *text = define->value;
    char *end;
    long long whole = strtoll(text, &end, 10);
    if (*text != '\0' && *end == '\0')
        return old->kind == VALUE_FLOAT ? value_float(e->arena, (double)whole)
                                        : value_int(e->arena, whole);
    double number = strtod(text, &end);
    if (*text != '\0' && *end == '\0')
        return value_float(e->arena, number);
    if (str_equal(text, "true") || str_equal(text, "false"))
        return value_bool(e->arena, text[0] == 't');
    if (old->kind == VALUE_STRING)
        return value_text(e->arena, VALUE_STRING, text);
    return fail(e, DIAG_KIND, span, "-D %s=%s is no value for %s", define->name, text,
                value_describe(e->arena, old));
}

static void const_define(Elab *e, DlModule *m, const Ast *ast)
{
    graph_begin(e, m, "const", false, MODE_NET);
    Value *v = eval(e, ast->named.value, m->scope);
    if (v != NULL && v->kind == VALUE_TENSOR)
        v = fail(e, DIAG_KIND, ast->named.value->span, "a const is no tensor, found %s",
                 value_describe(e->arena, v));
    for (int i = 0; v != NULL && i < e->options->n_defines; i++) {
        Define *d = &e->options->define[i];
        if (!str_equal(d->name, ast->name) || m->source->is_library)
            continue;
        d->used = true;
        Value *given = define_value(e, d, v, ast->name_span);
        if (given != NULL && given->kind != v->kind)
            given = fail(e, DIAG_KIND, ast->name_span, "-D %s=%s is %s, but `%s` is %s",
                         d->name, d->value, value_describe(e->arena, given), d->name,
                         value_describe(e->arena, v));
        v = given;
    }
    scope_define(e->arena, m->scope, ast->name, v, ast->name_span);
}

/* ---- files ----------------------------------------------------------------------- */

const char *library_text(const char *name, uint32_t *length)
{
    for (int i = 0; i < library_count; i++)
        if (str_equal(library_modules[i].name, name)) {
            *length = library_modules[i].length;
            return library_modules[i].text;
        }
    return NULL;
}

static Source *library_source(Elab *e, const char *name)
{
    uint32_t length;
    const char *text = library_text(name, &length);
    if (text == NULL)
        return NULL;
    const char *shown = str_printf(e->arena, "std/%s.dl", name);
    Source *s = source_new(e->arena, shown, shown, text, length);
    s->is_library = true;
    return s;
}

static DlModule *fail_module(Elab *e, const Ast *ast, bool library, const char *looked)
{
    Diag *d = diag_begin(e->sink, DIAG_MODULE, ast->span, "there is no module `%s`",
                         ast->import.path);
    diag_primary_text(d, "looked for %s", looked);
    if (library) {
        const char *names[64];
        int n = 0;
        for (; n < library_count && n < 64; n++)
            names[n] = library_modules[n].name;
        const char *near = str_nearest(ast->import.path + 4, names, n);
        if (near != NULL)
            diag_help(d, "did you mean `std.%s`?", near);
    }
    return fail_end(d);
}

DlModule *module_load(Elab *e, const Ast *ast, const DlModule *from)
{
    const char *path = ast->import.path;
    bool library = !ast->import.is_file && str_starts(path, "std.");
    const Source *source = NULL;
    if (library)
        source = library_source(e, path + 4);
    else if (ast->import.is_file && e->options->load != NULL)
        source = e->options->load(e->options->load_context, path, from->source);
    if (source == NULL)
        return fail_module(e, ast, library,
                           library ? str_printf(e->arena, "std/%s.dl", path + 4)
                                   : path);
    DlModule *m = map_find(e->modules, source->path);
    if (m != NULL && m->loading) {
        Diag *d = diag_begin(e->sink, DIAG_CYCLE, ast->span,
                             "`%s` and `%s` import each other", from->name, m->name);
        return fail_end(d);
    }
    if (m != NULL)
        return m->failed ? NULL : m;
    m = module_new(e, source, e->library);
    map_put(e->modules, source->path, m);
    if (!source->is_library)
        vec_push(e->arena, &e->module->sources, source);
    m->ast = ast_parse(e->arena, source, e->sink);
    m->failed = m->ast == NULL;
    return !m->failed && module_define(e, m) ? m : NULL;
}

bool library_load(Elab *e)
{
    for (size_t i = 0; i < sizeof prelude / sizeof *prelude; i++) {
        const Source *source = library_source(e, prelude[i]);
        DlModule *m = module_new(e, source, NULL);
        m->scope = e->library;
        m->ast = ast_parse(e->arena, source, e->sink);
        if (m->ast == NULL || !module_define(e, m))
            return false;
    }
    return true;
}
