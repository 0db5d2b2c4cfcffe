/* c_prelude.c - copies what a text uses of runtime/device, see c_prelude.h.
 *
 * Device headers are split at blank lines; a part defines the names before its first
 * parenthesis. Parts are taken until every name that is used is defined. */
#include "emit/c_prelude.h"
#include "support/bug.h"
#include "support/map.h"
#include "support/vec.h"
#include "target/device_text.h"

#include <string.h>

typedef struct Part {
    const char *text;
    const char *name; /* NULL: types, taken when anything of its source is */
    bool taken;
} Part;

typedef struct PartList {
    VEC(Part) part;
} PartList;

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

/* All words of a text, in a map. */
static void add_words(Arena *a, Map *words, const char *text)
{
    while (*text != '\0') {
        size_t n = 0;
        while (is_word(text[n]))
            n++;
        if (n > 0 && !(text[0] >= '0' && text[0] <= '9')) {
            char *word = str_copy(a, text, n);
            if (!map_has(words, word))
                map_put(words, word, word);
        }
        text += n > 0 ? n : 1;
    }
}

static const char *part_name(Arena *a, const char *text)
{
    const char *code = strstr(text, "static ");
    if (code == NULL)
        return NULL;
    const char *end = strchr(code, '(');
    if (end == NULL)
        BUG("device text without a function: %.40s", text);
    const char *begin = end;
    while (is_word(begin[-1]))
        begin--;
    return str_copy(a, begin, (size_t)(end - begin));
}

static bool is_code(const char *text)
{
    return strstr(text, "static ") != NULL || strstr(text, "typedef ") != NULL;
}

static void split(Arena *a, PartList *list, const char *file)
{
    const char *text = device_text(file);
    if (text == NULL)
        BUG("no device text %s", file);
    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        size_t n = end != NULL ? (size_t)(end - text) : strlen(text);
        char *chunk = str_copy(a, text, n);
        if (is_code(chunk)) {
            Part part = { chunk, part_name(a, chunk), false };
            vec_push(a, &list->part, part);
        }
        text += end != NULL ? n + 2 : n;
    }
}

/* Takes the parts whose names are used; true when words were added. */
static bool take(Arena *a, PartList *list, Map *words)
{
    bool changed = false;
    for (int i = list->part.n - 1; i >= 0; i--) {
        Part *part = &list->part.at[i];
        if (part->taken || part->name == NULL || !map_has(words, part->name))
            continue;
        part->taken = changed = true;
        add_words(a, words, part->text);
    }
    return changed;
}

static bool any_taken(const PartList *list)
{
    for (int i = 0; i < list->part.n; i++)
        if (list->part.at[i].taken)
            return true;
    return false;
}

static void print_parts(const PartList *list, Out *out)
{
    for (int i = 0; i < list->part.n; i++)
        if (list->part.at[i].taken ||
            (list->part.at[i].name == NULL && any_taken(list)))
            out_print(out, "%s\n\n", list->part.at[i].text);
}

/* ---- vectors of one width -------------------------------------------------------- */

/* The twin is written for 4 lanes: `v4` and the number 4 become other widths. */
static const char *widen(Arena *a, const char *text, int lanes)
{
    Out out;
    out_init(&out, a);
    char before = ' ';
    for (const char *c = text; *c != '\0'; c++) {
        bool type = c[0] == 'v' && c[1] == '4' && !is_word(before);
        bool number = c[0] == '4' && !is_word(before) && !is_word(c[1]);
        if (type)
            out_print(&out, "v%d", lanes);
        else if (number)
            out_print(&out, "%d", lanes);
        else
            out_write(&out, c, 1);
        before = *c;
        if (type)
            before = *++c;
    }
    return out_text(&out);
}

typedef struct Width {
    int lanes;
    const char *guard, *header, *include;
} Width;

static Width width_of(int lanes, const Target *t)
{
    static const char sse[] = "#include <emmintrin.h>\n",
                      avx[] = "#include <immintrin.h>\n";
    const Target *own = NULL;
    bool arm = strcmp(t->name, "aarch64") == 0;
    if (lanes == 16)
        own = target_find("x86_64_v4");
    else if (lanes == 8)
        own = target_find("x86_64_v3");
    else if (lanes == 4)
        own = target_find(arm ? "aarch64" : "x86_64_v2");
    if (t->int8 == INT8_MVE && (lanes == 4 || lanes == 16))
        return (Width){ lanes, t->guard,
                        lanes == 4 ? "vector_mve.h" : "vector_mve_i8.h",
                        "#include <arm_mve.h>\n" };
    if (own == NULL || t->lanes == 1)
        return (Width){ lanes, NULL, NULL, NULL };
    return (Width){ lanes, own->guard, own->vector_header,
                    arm          ? "#include <arm_neon.h>\n"
                    : lanes == 4 ? sse
                                 : avx };
}

static void take_all(Arena *a, PartList *list, int n, Map *words)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < n; i++)
            changed = take(a, &list[i], words) || changed;
    }
}

/* Types are printed with all functions of a file, so that of bytes only when asked. */
static bool has_bytes(const Map *words, int lanes)
{
    for (int i = 0; lanes == 16 && i < map_count(words); i++)
        if (str_starts(map_key(words, i), "v16c_"))
            return true;
    return false;
}

static void print_width(Arena *a, Width w, Map *words, Out *out)
{
    PartList list[2] = { { { 0 } }, { { 0 } } }; /* the twin, the intrinsics */
    split(a, &list[0], "vector_c99.h");
    split(a, &list[0], "vector_c99_int.h");
    if (has_bytes(words, w.lanes))
        split(a, &list[0], "vector_c99_i8.h");
    for (int i = 0; i < list[0].part.n; i++) {
        Part *part = &list[0].part.at[i];
        part->text = widen(a, part->text, w.lanes);
        part->name = part->name != NULL ? widen(a, part->name, w.lanes) : NULL;
    }
    if (w.header != NULL)
        split(a, &list[1], w.header);
    /* Each form takes what it needs of its own helpers. */
    Map *uses[2] = { map_new(a), map_new(a) };
    for (int form = 0; form < 2; form++) {
        for (int i = 0; i < map_count(words); i++)
            map_put(uses[form], map_key(words, i), map_value(words, i));
        take_all(a, &list[form], 1, uses[form]);
    }
    if (!any_taken(&list[0]))
        return;
    if (w.header != NULL) {
        out_print(out, "#if %s\n%s\n", w.guard, w.include);
        print_parts(&list[1], out);
        out_puts(out, "#else /* the same in C99, with the same bits */\n\n");
    }
    print_parts(&list[0], out);
    if (w.header != NULL)
        out_puts(out, "#endif\n\n");
}

static bool uses_any(const Map *words, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (map_has(words, names[i]))
            return true;
    return false;
}

/* Blocks of sums fill the registers. gcc would carry bytes that it has read from one
 * turn of a loop to later ones, and store them on the stack for that. */
#define PLAIN_ORDER                                                                    \
    "#if defined(__GNUC__) && !defined(__clang__)\n"                                   \
    "#pragma GCC optimize(\"no-predictive-commoning\", \"no-schedule-insns\")\n"       \
    "#endif\n\n"

void c_prelude_print(const char *body, const Target *t, Out *out)
{
    static const char *const math[] = { "fabsf", "floorf",   "fmaf",
                                        "sqrtf", "INFINITY", "NAN" };
    static const char *const boolean[] = { "bool", "true", "false" };
    static const int widths[] = { 2, 4, 8, 16, 32 };
    Arena *a = out->arena;
    Map *words = map_new(a);
    add_words(a, words, body);
    Out vectors, scalars;
    out_init(&vectors, a);
    out_init(&scalars, a);
    for (int i = 0; i < ARRAY_LEN(widths); i++)
        print_width(a, width_of(widths[i], t), words, &vectors);
    PartList scalar = { { 0 } };
    split(a, &scalar, "scalar.h");
    split(a, &scalar, "philox.h");
    split(a, &scalar, "fixed.h");
    split(a, &scalar, "dsp.h");
    take_all(a, &scalar, 1, words);
    print_parts(&scalar, &scalars);
    add_words(a, words, out_text(&scalars)); /* types too, for the includes */
    add_words(a, words, out_text(&vectors));
    if (uses_any(words, math, ARRAY_LEN(math)))
        out_puts(out, "#include <math.h>\n");
    if (uses_any(words, boolean, ARRAY_LEN(boolean)))
        out_puts(out, "#include <stdbool.h>\n");
    out_puts(out, "#include <stdint.h>\n\n"
                  "#if defined(__clang__)\n"
                  "#pragma STDC FP_CONTRACT OFF\n"
                  "#endif\n\n");
    if (t->int8 == INT8_BYTES || t->int8 == INT8_MVE)
        out_puts(out, PLAIN_ORDER);
    out_puts(out, out_text(&scalars));
    out_puts(out, out_text(&vectors));
}
