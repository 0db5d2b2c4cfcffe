/* module.c - see module.h. */
#include "front/module.h"

#include <ctype.h>
#include <string.h>

const ModuleTensor *module_tensor(const Module *m, const char *path)
{
    for (int i = 0; i < m->tensor.n; i++)
        if (str_equal(m->tensor.at[i].path, path))
            return &m->tensor.at[i];
    return NULL;
}

const char *module_prefix(Arena *a, const char *path)
{
    const char *stem = path;
    for (const char *at = path; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            stem = at + 1;
    while (isdigit((unsigned char)*stem) || *stem == '_')
        stem++;
    char *name = str_copy(a, stem, strcspn(stem, "."));
    for (char *at = name; *at != '\0'; at++)
        if (!isalnum((unsigned char)*at))
            *at = '_';
    return name[0] == '\0' ? "model" : name;
}
