/* names.c - see names.h. */
#include "emit/names.h"

#include "support/bug.h"
#include "support/str.h"

#include <string.h>

/* Keywords of C11 and C++17 that a dl name can be spelled as, and what the emitted
 * files use themselves as macros. */
static const char *const reserved[] = {
    "NULL",
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "class",
    "compl",
    "const",
    "const_cast",
    "constexpr",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "main",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
};

const char *name_flat(Arena *a, const char *path)
{
    char *name = str_printf(a, "%s_", path);
    size_t n = strlen(path);
    for (size_t i = 0; i < n; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        bool digit = c >= '0' && c <= '9';
        if (!letter && !(digit && i > 0))
            name[i] = '_';
    }
    name[n] = '\0';
    for (int i = 0; i < ARRAY_LEN(reserved); i++)
        if (str_equal(name, reserved[i]))
            name[n] = '_';
    return name;
}

const char *name_upper(Arena *a, const char *name)
{
    char *upper = str_copy(a, name, strlen(name));
    for (char *c = upper; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return upper;
}

const char *name_unique(Arena *a, Map *taken, const char *wish)
{
    const char *name = wish;
    for (int i = 2; map_has(taken, name); i++)
        name = str_printf(a, "%s_%d", wish, i);
    map_put(taken, name, NULL);
    return name;
}

const char *name_comment(Arena *a, const char *text)
{
    char *safe = str_copy(a, text, strlen(text));
    for (char *c = safe; *c != '\0'; c++) {
        if ((*c == '*' && c[1] == '/') || (*c == '/' && c[1] == '*'))
            c[1] = '.';
        if ((unsigned char)*c < ' ')
            *c = ' ';
    }
    size_t n = strlen(safe);
    if (n > 0 && safe[n - 1] == '\\')
        safe[n - 1] = '.';
    return safe;
}
