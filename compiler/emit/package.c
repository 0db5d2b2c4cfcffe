/* package.c - see package.h. Templates with @words@, which are filled in from the unit.
 */
#include "emit/package.h"

#include "emit/names.h"
#include "emit/package_text.h"
#include "loop/program.h"
#include "support/bug.h"
#include "support/source.h"

#include <string.h>

static const struct {
    const char *name, *targets;
} package_table[PACKAGE_COUNT] = {
#define PACKAGE(id, name, targets) [PACKAGE_##id] = { name, targets },
#define PACKAGE_FILE(id, path, template)
#include "emit/package.def"
#undef PACKAGE_FILE
#undef PACKAGE
};

static const struct {
    PackageKind kind;
    const char *path, *template;
} file_table[] = {
#define PACKAGE(id, name, targets)
#define PACKAGE_FILE(id, path, template) { PACKAGE_##id, path, template },
#include "emit/package.def"
#undef PACKAGE_FILE
#undef PACKAGE
};

const char *package_name(PackageKind kind)
{
    return package_table[kind].name;
}

static const char *next_word(const char *text, size_t *n)
{
    text += strspn(text, " ");
    *n = strcspn(text, " ");
    return text;
}

bool package_fits(PackageKind kind, const Target *t)
{
    size_t n;
    for (const char *w = next_word(package_table[kind].targets, &n); n > 0;
         w = next_word(w + n, &n))
        if (strncmp(t->name, w, n) == 0)
            return true;
    return false;
}

const char *package_targets(PackageKind kind, Arena *a)
{
    Out o;
    size_t n;
    out_init(&o, a);
    for (const char *w = next_word(package_table[kind].targets, &n); n > 0;
         w = next_word(w + n, &n)) {
        const char *word = str_copy(a, w, n);
        bool many = !target_find(word);
        out_print(&o, "%s%s%s", o.length > 0 ? ", " : "", word, many ? "*" : "");
    }
    return out_text(&o);
}

/* ---- words of the templates ------------------------------------------------------ */

typedef struct PackageWriter {
    Arena *arena;
    const EmitUnit *unit;
    const EmitFiles *made;
    const char *name; /* of the package and its files */
} PackageWriter;

/* Text as JSON, XML and YAML take it, without what they have for their own. */
static void print_plain(const char *text, size_t n, Out *o)
{
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        bool plain = c > ' ' && c <= '~' && strchr("\"'\\<>&:#@`{}", c) == NULL;
        if (plain)
            out_write(o, &c, 1);
        else if (o->length > 0 && o->text[o->length - 1] != ' ')
            out_puts(o, " ");
    }
}

static bool is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* What the program says of itself: its first sentence, up to a colon or parenthesis. */
static void word_summary(const PackageWriter *w, Out *o)
{
    const char *doc = w->unit->module->doc;
    size_t n = 0;
    if (doc == NULL || doc[strspn(doc, " \n")] == '\0') {
        out_print(o, "The neural network %s", w->name);
        return;
    }
    doc += strspn(doc, " \n");
    for (; doc[n] != '\0'; n++) {
        bool stop = doc[n] == '.' && (doc[n + 1] == ' ' || doc[n + 1] == '\n');
        if ((stop && !is_lower_or_digit(doc[n + 2])) || /* not "et al. 2018" */
            doc[n] == ':' || doc[n] == ';' || (doc[n] == ' ' && doc[n + 1] == '('))
            break;
    }
    n -= n > 0 && doc[n - 1] == '.';
    print_plain(doc, n, o);
}

static void word_model(const PackageWriter *w, Out *o)
{
    const char *name = source_written_name(w->unit->model);
    print_plain(name, strlen(name), o);
}

static void word_architectures(const PackageWriter *w, Out *o)
{
    out_puts(o, w->unit->target->has_flash_space ? "avr" : "*");
}

static bool file_is_made(const PackageWriter *w, const char *suffix)
{
    if (str_equal(suffix, "_data.c"))
        return w->made->has_data;
    return !str_starts(suffix, "_test") || w->made->has_test;
}

static const char *const suffixes[] = { ".h", ".c", "_data.c", "_test.h", "_test.c" };

static void word_sources(const PackageWriter *w, Out *o)
{
    for (int i = 0, n = 0; i < ARRAY_LEN(suffixes); i++)
        if (str_ends(suffixes[i], ".c") && file_is_made(w, suffixes[i]))
            out_print(o, "%ssrc/%s%s", n++ > 0 ? " " : "", w->name, suffixes[i]);
}

static void word_files(const PackageWriter *w, Out *o)
{
    for (int i = 0; i < ARRAY_LEN(suffixes); i++)
        if (file_is_made(w, suffixes[i]))
            out_print(o, "        <file category=\"%s\" name=\"src/%s%s\"/>\n",
                      str_ends(suffixes[i], ".h") ? "header" : "source", w->name,
                      suffixes[i]);
}

/* "Cortex-M0+" of cortex_m0plus, NULL: any core. */
static const char *core_name(const PackageWriter *w)
{
    const char *name = w->unit->target->name;
    const char *number = name + strlen("cortex_m");
    if (!str_starts(name, "cortex_m"))
        return NULL;
    return str_printf(w->arena, "Cortex-M%.*s%s", (int)strspn(number, "0123456789"),
                      number, str_ends(number, "plus") ? "+" : "");
}

static void word_conditions(const PackageWriter *w, Out *o)
{
    const char *core = core_name(w);
    if (core != NULL)
        out_print(
            o,
            "  <conditions>\n    <condition id=\"core\">\n"
            "      <description>The core that the C is written for</description>\n"
            "      <require Dcore=\"%s\"/>\n    </condition>\n  </conditions>\n",
            core);
}

static void word_condition(const PackageWriter *w, Out *o)
{
    out_puts(o, core_name(w) != NULL ? " condition=\"core\"" : "");
}

static void word_figures(const PackageWriter *w, Out *o)
{
    out_puts(o,
             "| function | RAM, bytes | of it arena | constants in flash | stack, at "
             "most | multiply-adds |\n|---|---|---|---|---|---|\n");
    for (int i = 0; i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        if (f->kind != FUNCTION_NET)
            continue;
        int64_t stack = emit_stack_bytes(f, w->unit->target);
        out_print(o, "| `%s` | %lld | %lld | %lld | %s | %lld |\n", f->name,
                  (long long)program_ram_bytes(f->program),
                  (long long)f->program->arena_bytes, (long long)emit_flash_bytes(f),
                  stack >= 0 ? str_printf(w->arena, "%lld", (long long)stack) : "-",
                  (long long)f->macs);
    }
    out_puts(o,
             "\nRAM holds the arena, inputs and outputs. Code comes to the constants: "
             "your compiler says how\nmuch.");
}

static void word_interface(const PackageWriter *w, Out *o)
{
    for (int i = 0, n = 0; i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        if (f->kind != FUNCTION_NET)
            continue;
        out_print(o, "%s`%s` of `%s.h`:\n", n++ > 0 ? "\n\n" : "", f->name, w->name);
        for (int j = 0; j < f->net->n_inputs + f->net->n_outputs; j++) {
            bool input = j < f->net->n_inputs;
            const Field *field =
                input ? &f->net->input[j] : &f->net->output[j - f->net->n_inputs];
            out_print(o, "\n* %s `%s`: %s %s%s", input ? "input" : "output",
                      field->name, dtype_c_name(field->dtype),
                      shape_text(w->arena, &field->shape),
                      field->simplex ? ", sums to 1" : "");
        }
    }
}

static void word_include(const PackageWriter *w, Out *o)
{
    if (w->made->has_test)
        out_print(o, "#include <%s_test.h>\n", w->name);
}

static void word_test(const PackageWriter *w, Out *o)
{
    if (w->made->has_test)
        out_print(o,
                  "\n\n`%s_test.h` has a self-test of each net: stored inputs, and the "
                  "outputs that must come out.",
                  w->name);
}

static void word_functions(const PackageWriter *w, Out *o)
{
    out_write(o, w->made->example.text, w->made->example.length);
}

static void word_calls(const PackageWriter *w, Out *o)
{
    out_write(o, w->made->example_calls.text, w->made->example_calls.length);
}

static const struct {
    const char *word;
    void (*print)(const PackageWriter *w, Out *o);
} word_table[] = {
    { "architectures", word_architectures },
    { "calls", word_calls },
    { "condition", word_condition },
    { "conditions", word_conditions },
    { "figures", word_figures },
    { "files", word_files },
    { "functions", word_functions },
    { "include", word_include },
    { "interface", word_interface },
    { "model", word_model },
    { "sources", word_sources },
    { "summary", word_summary },
    { "test", word_test },
};

static void print_word(const PackageWriter *w, const char *word, Out *o)
{
    const struct {
        const char *word, *text;
    } plain[] = {
        { "name", w->name },
        { "NAME", name_upper(w->arena, w->name) },
        { "dlc", w->unit->version },
        { "target", w->unit->target->name },
        { "hash", str_printf(w->arena, "%016llx", (unsigned long long)w->unit->hash) },
    };
    for (int i = 0; i < ARRAY_LEN(plain); i++)
        if (str_equal(word, plain[i].word)) {
            out_puts(o, plain[i].text);
            return;
        }
    for (int i = 0; i < ARRAY_LEN(word_table); i++)
        if (str_equal(word, word_table[i].word)) {
            word_table[i].print(w, o);
            return;
        }
    BUG("a template has @%s@, which nothing fills in", word);
}

static const Out *expand(const PackageWriter *w, const char *text)
{
    Out *o = arena_new(w->arena, Out);
    out_init(o, w->arena);
    while (*text != '\0') {
        size_t plain = strcspn(text, "@");
        out_write(o, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        size_t word = strcspn(++text, "@");
        print_word(w, str_copy(w->arena, text, word), o);
        text += word + (text[word] == '@');
    }
    return o;
}

/* ---- files ----------------------------------------------------------------------- */

static void add(Package *p, const PackageWriter *w, const char *path, const Out *text)
{
    PackageFile file = { path, text };
    vec_push(w->arena, &p->file, file);
}

/* Where a package is built nobody may know which flags: the one that bits depend on is
 * in the text. */
static const Out *with_flags(const PackageWriter *w, const Out *source)
{
    Out *o = arena_new(w->arena, Out);
    out_init(o, w->arena);
    out_puts(
        o, "#if defined(__GNUC__) && !defined(__clang__) /* bits as dlc knows them */\n"
           "#pragma GCC optimize(\"-ffp-contract=off\")\n#endif\n\n");
    out_write(o, source->text, source->length);
    return o;
}

Package package_make(Arena *a, PackageKind kind, const EmitUnit *unit,
                     const EmitFiles *made)
{
    PackageWriter w = { a, unit, made, unit->prefix };
    Package p = { { 0 } };
    const Out *const text[] = { &made->header, &made->source, &made->data,
                                &made->test_header, &made->test };
    for (int i = 0; i < ARRAY_LEN(suffixes); i++)
        if (file_is_made(&w, suffixes[i]))
            add(&p, &w, str_printf(a, "src/%s%s", w.name, suffixes[i]),
                str_ends(suffixes[i], ".c") ? with_flags(&w, text[i]) : text[i]);
    for (int i = 0; i < ARRAY_LEN(file_table); i++) {
        if (file_table[i].kind != kind)
            continue;
        const char *template = package_text(file_table[i].template);
        if (template == NULL)
            BUG("no template %s", file_table[i].template);
        add(&p, &w, expand(&w, file_table[i].path)->text, expand(&w, template));
    }
    return p;
}
