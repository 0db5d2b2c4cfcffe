/* layers.c - hooks around the layers of a trained net, for a profile on the device:
 * macros that are empty unless the program asks for them. */
#include "emit/body.h"

#include <string.h>

static bool are_hooked(const Writer *w)
{
    return w->unit->weights != NULL && !w->unit->profile;
}

/* "lenet/block1/conv2_bias_relu": the kernel's name begins with the last layer of it,
 * and what that layer is part of stands before. */
static const char *layer_name(const Writer *w, const Call *c)
{
    const char *bare = kernel_bare_name(w, c->kernel);
    const char *slash = c->layer != NULL ? strrchr(c->layer, '/') : NULL;
    return slash == NULL ? bare
                         : str_printf(w->arena, "%.*s/%s", (int)(slash - c->layer),
                                      c->layer, bare);
}

void layers_begin(BodyWriter *b, const Call *c, int indent)
{
    if (!are_hooked(b->w) || b->f->kind != FUNCTION_NET)
        return;
    out_indent(&b->calls, indent);
    out_print(&b->calls, "LAYER(%d);\n", b->w->layer.n);
    vec_push(b->w->arena, &b->w->layer, layer_name(b->w, c));
}

void layers_end(BodyWriter *b)
{
    if (are_hooked(b->w) && b->f->kind == FUNCTION_NET)
        out_print(&b->calls, "    LAYER(%s_LAYERS);\n", b->w->upper);
}

void layers_print_hook(const Writer *w, Out *o)
{
    if (w->layer.n == 0)
        return;
    out_print(o,
              "/* What comes next, for a profile; see the header. */\n"
              "#ifdef %s_PROFILE\n#define LAYER(layer) %s_profile(layer)\n"
              "#else\n#define LAYER(layer) (void)0\n#endif\n\n",
              w->upper, w->unit->prefix);
}

/* One function for all nets of the unit: layers are numbered through. */
void layers_print_interface(const Writer *w, Out *o)
{
    if (w->layer.n == 0)
        return;
    out_print(
        o,
        "/* A profile: compiled with -D%s_PROFILE, nets call %s_profile(k) before\n"
        " * layer k and, behind their last one, with %s_LAYERS. The program "
        "defines that\n * function, which reads a clock. Without the macro there "
        "is nothing. */\n",
        w->upper, w->unit->prefix, w->upper);
    out_print(o, "enum { %s_LAYERS = %d };\n#define %s_LAYER_NAMES", w->upper,
              w->layer.n, w->upper);
    for (int i = 0; i < w->layer.n; i++)
        out_print(o, "%s \\\n    \"%s\"", i > 0 ? "," : "", w->layer.at[i]);
    out_print(o, "\n#ifdef %s_PROFILE\nvoid %s_profile(int32_t layer);\n#endif\n\n",
              w->upper, w->unit->prefix);
}
