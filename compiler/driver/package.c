/* package.c - `--package=KIND -o FOLDER`: a folder that appears whole or not at all. */
#define _POSIX_C_SOURCE 200809L
#include "emit/package.h"

#include "driver/session.h"

#include <ctype.h>
#include <string.h>

/* Arduino's index refuses names that look like its own. */
static bool name_is_allowed(Session *s, PackageKind kind, const char *name)
{
    static const char own[] = "arduino";
    size_t n = 0;
    while (own[n] != '\0' && tolower((unsigned char)name[n]) == own[n])
        n++;
    if (kind != PACKAGE_ARDUINO || own[n] != '\0')
        return true;
    Diag *d = diag_begin(s->sink, DIAG_CLASH, (Span){ 0 },
                         "an Arduino library must not be called `%s`: names that begin "
                         "with `Arduino` are Arduino's own",
                         name);
    diag_help(d, "choose another name with --prefix=NAME");
    return diag_end(d);
}

static bool target_fits(Session *s, PackageKind kind, const Target *t)
{
    if (package_fits(kind, t))
        return true;
    Diag *d = diag_begin(s->sink, DIAG_CLASH, (Span){ 0 },
                         "a package for %s cannot hold C for the target `%s`",
                         package_name(kind), t->name);
    diag_help(d, "it takes %s: say so in the deploy block or with --target",
              package_targets(kind, s->run));
    return diag_end(d);
}

bool session_package(Session *s, Module *m)
{
    EmitUnit unit;
    EmitFiles made;
    PackageKind kind = (PackageKind)s->options.package;
    if (!folder_is_free(s->options.output, s->sink) ||
        !session_unit(s, m, UNIT_C, &unit, NULL) ||
        !session_has_weights(s, m, "a package holds a trained network"))
        return false;
    unit.stem = unit.prefix;
    if (!target_fits(s, kind, unit.target) || !name_is_allowed(s, kind, unit.prefix) ||
        (s->options.self_test > 0 && !golden_make(s, m, &unit)) ||
        !emit_c(s->module, &unit, s->sink, &made))
        return false;
    Package package = package_make(s->module, kind, &unit, &made);
    FileSet files = { .arena = s->run };
    for (int i = 0; i < package.file.n; i++)
        file_set_add(&files, package.file.at[i].path, package.file.at[i].text);
    return diag_error_count(s->sink) == 0 &&
           folder_write(&files, s->options.output, s->sink);
}
