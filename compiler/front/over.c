/* over.c - `minimize ... over PARTS`: which parameters a statement trains. A part is a
 * net, what stands under a name in a net (`lenet.conv2`, `lenet.conv2.w`), or the last
 * layers of a net, `last(lenet, 2)`. Gradients go no further than these parameters, so
 * a net that is trained at its end keeps no value of its beginning. */
#include "front/elab.h"

#include <string.h>

bool names_has(const Names *names, const char *name)
{
    for (int i = 0; i < names->n; i++)
        if (str_equal(names->at[i], name))
            return true;
    return false;
}

const char *names_text(Arena *a, const Names *names)
{
    Out o;
    out_init(&o, a);
    for (int i = 0; i < names->n; i++)
        out_print(&o, "%s`%s`", i > 0 ? ", " : "", names->at[i]);
    return out_text(&o);
}

bool over_has(const Names *over, const char *path)
{
    for (int i = 0; i < over->n; i++) {
        size_t n = strlen(over->at[i]);
        if (strncmp(over->at[i], path, n) == 0 && (path[n] == '/' || path[n] == '\0'))
            return true;
    }
    return false;
}

/* The first `parts` names of a path. */
static const char *head_of(Arena *a, const char *path, int parts)
{
    size_t n = 0;
    while (parts-- > 0) {
        n += strcspn(path + n, "/");
        n += parts > 0 && path[n] != '\0';
    }
    return str_copy(a, path, n);
}

Names over_reach(Elab *e, const LeafSet *deps)
{
    Names names = { 0 };
    if (deps == NULL)
        return names;
    names.at = arena_array(e->arena, const char *, deps->n);
    for (int i = 0; i < deps->n; i++) {
        const char *net = head_of(e->arena, deps->at[i]->path, 1);
        if (names_has(&names, net))
            continue;
        int k = names.n++;
        for (; k > 0 && strcmp(names.at[k - 1], net) > 0; k--)
            names.at[k] = names.at[k - 1];
        names.at[k] = net;
    }
    return names;
}

/* Layers of the net with parameters that the loss reaches: "lenet/conv1" ..., in the
 * order in which the loss met them. */
static Names layers_of(Elab *e, const LeafSet *deps, const char *net)
{
    Names layers = { 0 };
    const Names own = { 1, &net };
    layers.at = arena_array(e->arena, const char *, deps->n + 1);
    for (int i = 0; i < deps->n; i++) {
        const char *layer = head_of(e->arena, deps->at[i]->path, 2);
        if (over_has(&own, layer) && !names_has(&layers, layer))
            layers.at[layers.n++] = layer;
    }
    return layers;
}

/* ---- messages -------------------------------------------------------------------- */

/* The stop_gradient that cut the net off; joints are searched once. */
static Cut *cut_find(Elab *e, Cut *cut, const char *net)
{
    if (cut == NULL || cut->seen)
        return NULL;
    if (cut->left == NULL) {
        for (int i = 0; cut->deps != NULL && i < cut->deps->n; i++)
            if (str_equal(head_of(e->arena, cut->deps->at[i]->path, 1), net))
                return cut;
        return NULL;
    }
    cut->seen = true;
    Cut *found = cut_find(e, cut->left, net);
    if (found == NULL)
        found = cut_find(e, cut->right, net);
    cut->seen = false;
    return found;
}

static bool fail_unreached(Elab *e, const Ast *st, Span part, const char *net,
                           const TensorValue *loss, const Names *reach)
{
    const Cut *cut = cut_find(e, loss->cut, net);
    Diag *d =
        fail_begin(e, DIAG_UNREACHED, part,
                   "this loss does not reach `%s`, so there is nothing to train", net);
    if (cut != NULL)
        diag_label(d, cut->user, "the gradient of `%s` stops here", net);
    diag_label(d, st->minimize.loss->span, "depends only on %s",
               names_text(e->arena, reach));
    if (cut != NULL)
        diag_help(d, "move `stop_gradient` into the loss that must not train it: "
                     "`critic(stop_gradient(fake))`");
    return diag_end(d);
}

/* "lenet/conv2/w" as the program writes it: "lenet.conv2.w". */
static const char *dotted(Arena *a, const char *path)
{
    char *text = str_printf(a, "%s", path);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '/' ? '.' : *c;
    return text;
}

static bool fail_part(Elab *e, const Ast *part, const char *net, const Names *layers)
{
    Names words = { 0 };
    words.at = arena_array(e->arena, const char *, layers->n + 1);
    for (int i = 0; i < layers->n; i++)
        words.at[words.n++] = dotted(e->arena, layers->at[i]);
    Diag *d = fail_begin(e, DIAG_MEMBER, part->span,
                         "`%s` has no parameter there that this loss reaches", net);
    if (!diag_nearest(d, source_words(e, part), words.at, words.n))
        diag_note(d, "its layers with parameters are %s", names_text(e->arena, &words));
    return diag_end(d);
}

/* ---- parts ----------------------------------------------------------------------- */

static void *fail_kind(Elab *e, const Ast *part, const char *found)
{
    return fail(e, DIAG_KIND, part->span,
                "`over` takes nets and parts of them, found %s", found);
}

/* What stands at the root of `lenet.conv2.w` or `module.lenet.conv2`; *rest is
 * "/conv2/w". NULL: reported. */
static Value *part_root(Elab *e, const Ast *part, Scope *s, const char **rest)
{
    *rest = "";
    if (part->kind == AST_NAME)
        return lookup(e, part->name, s, part->span);
    if (part->kind != AST_MEMBER)
        return fail_kind(e, part, str_printf(e->arena, "`%s`", source_words(e, part)));
    Value *v = part_root(e, part->base, s, rest);
    if (v != NULL && v->kind == VALUE_MODULE)
        return eval(e, part, s);
    *rest = str_printf(e->arena, "%s/%s", *rest, part->name);
    return v;
}

typedef struct Part {
    const char *net, *path; /* "lenet", "lenet/conv2" */
    int64_t last;           /* layers of the net; 0: all that is at the path */
} Part;

/* `last(lenet, 2)` */
static bool is_last(const Ast *part)
{
    return part->kind == AST_CALL && part->call.callee->kind == AST_NAME &&
           str_equal(part->call.callee->name, "last");
}

static bool part_read(Elab *e, const Ast *part, Scope *s, Part *p)
{
    const Ast *of = part;
    *p = (Part){ 0 };
    if (is_last(part)) {
        const AstList *args = &part->call.args;
        if (args->n != 2 || args->at[0]->name != NULL || args->at[1]->name != NULL)
            return fail(e, DIAG_ARGUMENT_COUNT, part->span,
                        "`last` takes a net and how many of its layers: "
                        "`last(lenet, 2)`") != NULL;
        of = args->at[0]->argument;
        const Ast *count = args->at[1]->argument;
        if (!eval_int(e, count, s, &p->last, "`last` needs"))
            return false;
        if (p->last < 1)
            return fail(e, DIAG_KIND, count->span,
                        "`last` needs one layer or more, found %lld",
                        (long long)p->last) != NULL;
    }
    const char *rest;
    const Value *v = part_root(e, of, s, &rest);
    if (v == NULL)
        return false;
    if (v->kind != VALUE_ITEM || v->item->ast->kind != AST_NET)
        return fail_kind(e, of, value_describe(e->arena, v)) != NULL;
    p->net = v->item->name;
    p->path = str_printf(e->arena, "%s%s", p->net, rest);
    return !v->item->failed;
}

static bool reaches(const LeafSet *deps, const char *path)
{
    const Names one = { 1, &path };
    for (int i = 0; i < deps->n; i++)
        if (over_has(&one, deps->at[i]->path))
            return true;
    return false;
}

bool over_read(Elab *e, const Ast *st, Scope *s, const TensorValue *loss,
               const Names *reach, Names *over)
{
    const AstList *list = &st->minimize.over;
    VEC(const char *) paths = { 0 };
    for (int i = 0; i < list->n; i++) {
        const Ast *ast = list->at[i];
        Part part;
        if (!part_read(e, ast, s, &part))
            return false;
        if (!names_has(reach, part.net))
            return fail_unreached(e, st, ast->span, part.net, loss, reach);
        const Names layers = layers_of(e, loss->deps, part.net);
        if (!reaches(loss->deps, part.path))
            return fail_part(e, ast, part.net, &layers);
        if (part.last == 0)
            vec_push(e->arena, &paths, part.path);
        for (int k = 0; k < layers.n && part.last > 0; k++)
            if (k >= layers.n - part.last)
                vec_push(e->arena, &paths, layers.at[k]);
    }
    over->n = paths.n;
    over->at = paths.at;
    return true;
}
