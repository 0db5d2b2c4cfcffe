/* foreign.c - prototypes of the C functions that the program's author provides. */
#include "emit/writer.h"

static void print_one(const Writer *w, const Stmt *s, Out *o)
{
    Map *names = map_new(w->arena);
    size_t begin = o->length;
    out_print(o, "void %s(", s->text);
    int hang = (int)(o->length - begin);
    for (int i = 0; i < s->n_arg; i++) {
        const ExternArg *arg = &s->arg[i];
        const char *name = name_unique(w->arena, names, name_flat(w->arena, arg->name));
        out_indent(o, i > 0 ? hang : 0);
        if (arg->buffer == NULL)
            out_print(o, "int32_t %s", name);
        else
            out_print(o, "%s%s *%s", arg->writes ? "" : "const ",
                      dtype_c_name(arg->buffer->dtype), name);
        out_puts(o, i + 1 < s->n_arg ? ",\n" : ");\n\n");
    }
}

void foreign_print(const Writer *w, Out *o)
{
    Map *known = map_new(w->arena);
    for (int i = 0; i < w->kernel.n; i++) {
        const Block *b = &w->kernel.at[i].kernel->body;
        for (int j = 0; j < b->stmt.n; j++) {
            const Stmt *s = b->stmt.at[j];
            if (s->kind != STMT_EXTERN || map_has(known, s->text))
                continue;
            if (map_count(known) == 0)
                out_puts(
                    o, "/* Yours to define: called once for each sample, by one thread "
                       "at a time. Pure:\n"
                       " * all results are written, from the operands alone. Arrays do "
                       "not overlap, so a\n * definition may say `restrict`. */\n");
            map_put(known, s->text, NULL);
            print_one(w, s, o);
        }
    }
}

const char *emit_foreign(const EmitUnit *unit)
{
    const char *name = NULL;
    for (int i = 0; i < unit->function.n && name == NULL; i++)
        if (unit->function.at[i].program != NULL)
            name = program_foreign(unit->function.at[i].program);
    return name;
}
