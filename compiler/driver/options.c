/* options.c - options.def as a parser: every spelling, its argument, the nearest name.
 */
#include "driver/options.h"

#include "emit/package.h"
#include "support/bug.h"

#include <stdlib.h>
#include <string.h>

typedef enum OptionId {
#define OPTION(id, spelling, argument, group, help) OPTION_##id,
#include "driver/options.def"
#undef OPTION
    OPTION_COUNT
} OptionId;

typedef enum Group {
    GROUP_OUTPUT,
    GROUP_MODEL,
    GROUP_MESSAGES,
    GROUP_DEVELOPER,
    GROUP_COUNT
} Group;

typedef struct OptionRow {
    const char *spelling, *argument, *help;
    Group group;
} OptionRow;

static const OptionRow option_table[OPTION_COUNT] = {
#define OPTION(id, spelling, argument, group, help)                                    \
    [OPTION_##id] = { spelling, argument, help, GROUP_##group },
#include "driver/options.def"
#undef OPTION
};

static const char *const group_title[GROUP_COUNT] = {
    [GROUP_OUTPUT] = "what to do",
    [GROUP_MODEL] = "the model",
    [GROUP_MESSAGES] = "messages",
    [GROUP_DEVELOPER] = "for developers of dlc",
};

typedef struct Parser {
    Arena *arena;
    Options *options;
    const char **error;
    Out spelled;
} Parser;

#define FAIL(p, ...) (*(p)->error = str_printf((p)->arena, __VA_ARGS__), false)

static bool is_optional(const OptionRow *row)
{
    return row->argument != NULL && row->argument[0] == '[';
}

/* Sets *argument to the text attached to the option, or NULL when none is attached. */
static bool matches(const OptionRow *row, const char *word, const char **argument)
{
    size_t n = strlen(row->spelling);
    *argument = NULL;
    if (strncmp(word, row->spelling, n) != 0)
        return false;
    const char *rest = word + n;
    if (rest[0] == '\0')
        return true;
    if (row->argument == NULL)
        return false;
    if (word[1] != '-' || row->spelling[n - 1] == '-') { /* -DX=1, --no-graph_cse */
        *argument = rest;
        return true;
    }
    if (rest[0] != '=')
        return false;
    *argument = rest + 1;
    return true;
}

static bool choose(Parser *p, const char *what, const char *const *words, int n,
                   const char *argument, int *chosen)
{
    for (int i = 0; i < n; i++)
        if (str_equal(words[i], argument)) {
            *chosen = i;
            return true;
        }
    const char *near = str_nearest(argument, words, n);
    if (near != NULL)
        return FAIL(p, "%s cannot be `%s`; did you mean `%s`?", what, argument, near);
    Out all;
    out_init(&all, p->arena);
    for (int i = 0; i < n; i++)
        out_print(&all, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", words[i]);
    return FAIL(p, "%s cannot be `%s`; it is one of %s", what, argument,
                out_text(&all));
}

static bool number(Parser *p, const char *what, const char *text, int64_t low,
                   int64_t high, int64_t *value)
{
    char *end;
    long long v = strtoll(text, &end, 10);
    if (text[0] == '\0' || *end != '\0' || v < low || v > high)
        return FAIL(p, "%s takes a number from %lld to %lld, not `%s`", what,
                    (long long)low, (long long)high, text);
    *value = v;
    return true;
}

static bool define(Parser *p, const char *text)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0')
        return FAIL(p, "-D takes NAME=VALUE, not `%s`", text);
    Define d = { .name = str_copy(p->arena, text, (size_t)(equals - text)),
                 .value = equals + 1 };
    vec_push(p->arena, &p->options->define, d);
    return true;
}

static bool is_identifier(const char *s)
{
    for (const char *c = s; *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' ||
              (*c >= '0' && *c <= '9' && c != s)))
            return false;
    return s[0] != '\0';
}

/* Options that decide what dlc does. */
static bool set_mode(Parser *p, OptionId id, const char *argument)
{
    static const char *const emits[] = { "ast", "graph",   "loop", "c",
                                         "dot", "mermaid", "dl" };
    static const char *const plans[] = { "json" };
    static const Mode mode[OPTION_COUNT] = {
        [OPTION_CHECK] = MODE_CHECK,
        [OPTION_EMIT] = MODE_EMIT,
        [OPTION_EXPLAIN] = MODE_EXPLAIN,
        [OPTION_FMT] = MODE_FMT,
        [OPTION_HELP] = MODE_HELP,
        [OPTION_LIST_OPS] = MODE_LIST_OPS,
        [OPTION_LIST_PASSES] = MODE_LIST_PASSES,
        [OPTION_LIST_TARGETS] = MODE_LIST_TARGETS,
        [OPTION_PLAN] = MODE_PLAN,
        [OPTION_SUMMARY] = MODE_SUMMARY,
        [OPTION_VERSION] = MODE_VERSION,
    };
    int chosen;
    p->options->mode = mode[id];
    if (id == OPTION_EXPLAIN)
        p->options->explain = argument;
    if (id == OPTION_PLAN && argument != NULL) {
        if (!choose(p, "--plan", plans, ARRAY_LEN(plans), argument, &chosen))
            return false;
        p->options->plan_json = true;
    }
    if (id == OPTION_EMIT) {
        if (!choose(p, "--emit", emits, ARRAY_LEN(emits), argument, &chosen))
            return false;
        p->options->emit = (EmitKind)chosen;
    }
    return true;
}

static bool set_message(Parser *p, OptionId id, const char *argument)
{
    static const char *const styles[] = { "text", "machine", "json" };
    static const char *const colors[] = { "auto", "always", "never" };
    int chosen;
    if (id == OPTION_ALLOW) {
        vec_push(p->arena, &p->options->allow, argument);
        return true;
    }
    if (id == OPTION_COLOR) {
        if (!choose(p, "--color", colors, ARRAY_LEN(colors), argument, &chosen))
            return false;
        p->options->color = (ColorWhen)chosen;
        return true;
    }
    if (!choose(p, "--diagnostics", styles, ARRAY_LEN(styles), argument, &chosen))
        return false;
    p->options->diagnostics = (DiagStyle)chosen;
    return true;
}

static bool set_model(Parser *p, OptionId id, const char *argument)
{
    Options *o = p->options;
    switch (id) {
    case OPTION_BATCH:
        return number(p, "--batch", argument, 1, 1 << 20, &o->batch);
    case OPTION_DEFINE:
        return define(p, argument);
    case OPTION_IMPORT:
        vec_push(p->arena, &o->import_dir, argument);
        return true;
    case OPTION_OPTIMIZE: {
        static const char *const words[] = { "speed", "ram" };
        int chosen;
        if (!choose(p, "--optimize", words, ARRAY_LEN(words), argument, &chosen))
            return false;
        o->least_ram = chosen == 1;
        return true;
    }
    case OPTION_PREFIX:
        if (!is_identifier(argument))
            return FAIL(p, "--prefix takes a C identifier, not `%s`", argument);
        o->prefix = argument;
        return true;
    case OPTION_TARGET:
        o->target = argument;
        return true;
    case OPTION_TUNING:
        o->tuning = argument;
        return true;
    default:
        o->weights = argument;
        return true;
    }
}

static bool set_developer(Parser *p, OptionId id, const char *argument)
{
    Options *o = p->options;
    int64_t value = 1;
    switch (id) {
    case OPTION_CHECK_PASSES:
        if (argument && !number(p, "--check-passes", argument, 1, 1000, &value))
            return false;
        o->check_passes = (int)value;
        return true;
    case OPTION_LEVEL:
        if (!number(p, "-O", argument, 0, 3, &value))
            return false;
        o->level = (int)value;
        return true;
    case OPTION_DUMP_AFTER:
        o->dump_after = argument;
        return true;
    case OPTION_NO_PASS:
        vec_push(p->arena, &o->no_pass, argument);
        return true;
    case OPTION_PASSES:
        o->passes = argument;
        return true;
    case OPTION_STATS:
        o->stats = true;
        return true;
    case OPTION_STOP_AFTER:
        o->stop_after = argument;
        return true;
    case OPTION_TIME:
        o->time = true;
        return true;
    default:
        o->verify = true;
        return true;
    }
}

static bool set(Parser *p, OptionId id, const char *argument)
{
    Options *o = p->options;
    switch (option_table[id].group) {
    case GROUP_MODEL:
        return set_model(p, id, argument);
    case GROUP_MESSAGES:
        return set_message(p, id, argument);
    case GROUP_DEVELOPER:
        return set_developer(p, id, argument);
    default:
        break;
    }
    if (id == OPTION_OUTPUT) {
        o->output = argument;
    } else if (id == OPTION_TUNE) {
        o->tune = argument;
    } else if (id == OPTION_MEASURE) {
        o->measure = argument;
    } else if (id == OPTION_ARCH) {
        o->arch = argument;
    } else if (id == OPTION_PACKAGE) {
        const char *kinds[PACKAGE_COUNT];
        for (int i = 0; i < PACKAGE_COUNT; i++)
            kinds[i] = package_name((PackageKind)i);
        return choose(p, "--package", kinds, PACKAGE_COUNT, argument,
                      &p->options->package);
    } else if (id == OPTION_SELF_TEST) {
        o->self_test = 2;
        if (argument != NULL && argument[strspn(argument, "0123456789")] != '\0')
            o->self_test_file = argument;
        else if (argument != NULL)
            return number(p, "--self-test", argument, 1, 64, &o->self_test);
        return true;
    } else if (id == OPTION_LINK) {
        vec_push(p->arena, &o->link, argument);
    } else if (id == OPTION_DEPFILE || id == OPTION_DEPFILE_NAME) {
        o->depfile = true;
        if (id == OPTION_DEPFILE_NAME)
            o->depfile_name = argument;
    } else {
        return set_mode(p, id, argument);
    }
    return true;
}

/* What the text of the output depends on, for the banner: model options and -O, --no-,
 * --passes. Paths are left out: of weights and sources the contents are hashed. */
static void spell(Parser *p, OptionId id, const char *argument)
{
    const OptionRow *row = &option_table[id];
    bool counts = row->group == GROUP_MODEL && id != OPTION_IMPORT &&
                  id != OPTION_WEIGHTS && id != OPTION_TUNING;
    if (!counts && id != OPTION_LEVEL && id != OPTION_NO_PASS && id != OPTION_PASSES)
        return;
    bool joined = row->spelling[1] != '-' || id == OPTION_NO_PASS;
    out_print(&p->spelled, "%s%s%s%s", p->spelled.length > 0 ? " " : "", row->spelling,
              joined ? "" : "=", argument);
}

static bool unknown(Parser *p, const char *word)
{
    const char *names[OPTION_COUNT];
    int n = 0;
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_table[i].spelling[1] == '-')
            names[n++] = option_table[i].spelling;
    const char *equals = strchr(word, '=');
    const char *bare =
        equals ? str_copy(p->arena, word, (size_t)(equals - word)) : word;
    const char *near = str_nearest(bare, names, n);
    if (near != NULL)
        return FAIL(p, "unknown option `%s`; did you mean `%s`?", bare, near);
    return FAIL(p, "unknown option `%s`; see dlc --help", bare);
}

/* Reads argv[*i]; takes argv[*i + 1] as well when it is the option's argument. */
static bool read_option(Parser *p, int argc, char **argv, int *i)
{
    const char *word = argv[*i], *argument;
    int found = -1;
    for (int id = 0; id < OPTION_COUNT;
         id++) { /* the longest spelling wins: -MD, -MF */
        const char *text;
        if (!matches(&option_table[id], word, &text))
            continue;
        if (found < 0 ||
            strlen(option_table[id].spelling) > strlen(option_table[found].spelling))
            found = id;
    }
    if (found < 0)
        return unknown(p, word);
    const OptionRow *row = &option_table[found];
    matches(row, word, &argument);
    if (row->argument != NULL && argument == NULL && !is_optional(row)) {
        if (*i + 1 >= argc || found == OPTION_NO_PASS)
            return FAIL(p, "%s needs an argument: %s", row->spelling, row->argument);
        argument = argv[++*i];
    }
    if (argument != NULL && argument[0] == '\0')
        return FAIL(p, "%s needs an argument: %s", row->spelling, row->argument);
    if (!set(p, (OptionId)found, argument))
        return false;
    if (argument != NULL)
        spell(p, (OptionId)found, argument);
    return true;
}

static bool check_together(Parser *p)
{
    Options *o = p->options;
    bool needs_input = o->mode <= MODE_FMT;
    if (needs_input && o->input.n == 0)
        return FAIL(p, "no input file; see dlc --help");
    if (o->mode < MODE_FMT && o->input.n > 1)
        return FAIL(p, "one input file at a time, but `%s` and `%s` were given",
                    o->input.at[0], o->input.at[1]);
    if ((o->tune != NULL) != (o->measure != NULL))
        return FAIL(p, "--tune=FILE goes with --measure=COMMAND");
    if (o->tune != NULL && (o->mode != MODE_COMPILE || o->output != NULL))
        return FAIL(p, "--tune writes a tuning file only: leave out %s",
                    o->output != NULL ? "-o" : "the other mode");
    if (o->tune != NULL && o->tuning != NULL)
        return FAIL(p, "--tune measures anew: leave out --tuning");
    if (o->mode == MODE_COMPILE && o->output == NULL && o->tune == NULL)
        return FAIL(p,
                    "nothing to do: give -o FILE, --check or --emit; see dlc --help");
    if (o->output != NULL && o->mode != MODE_COMPILE)
        return FAIL(p, "-o goes with compiling only");
    if (o->link.n > 0 && (o->mode != MODE_COMPILE || str_ends(o->output, ".c")))
        return FAIL(p, "--link goes with -o MODEL: C files you link yourself");
    if (o->package >= 0 && (o->mode != MODE_COMPILE || str_ends(o->output, ".c")))
        return FAIL(p, "--package goes with -o FOLDER");
    if (o->arch != NULL && (o->mode != MODE_COMPILE || !str_ends(o->output, ".c")))
        return FAIL(p, "--arch goes with -o MODEL.c");
    if (o->self_test > 0 &&
        (o->mode != MODE_COMPILE || (!str_ends(o->output, ".c") && o->package < 0)))
        return FAIL(p, "--self-test goes with -o MODEL.c or --package");
    if (o->depfile && o->package >= 0)
        return FAIL(p, "-MD goes with -o MODEL.c or -o MODEL");
    if (o->depfile && o->mode != MODE_COMPILE)
        return FAIL(p, "-MD goes with -o only");
    return true;
}

bool options_read(Arena *a, int argc, char **argv, Options *o, const char **error)
{
    *o = (Options){ .mode = MODE_COMPILE, .level = 2, .package = -1 };
    *error = NULL;
    Parser p = { .arena = a, .options = o, .error = error };
    out_init(&p.spelled, a);
    bool words_only = false;
    for (int i = 1; i < argc; i++) {
        if (words_only || argv[i][0] != '-' || argv[i][1] == '\0')
            vec_push(a, &o->input, (const char *)argv[i]);
        else if (str_equal(argv[i], "--"))
            words_only = true;
        else if (!read_option(&p, argc, argv, &i))
            return false;
    }
    o->spelled = out_text(&p.spelled);
    return check_together(&p);
}

void options_help(Out *out)
{
    out_puts(out, "usage: dlc MODEL.dl -o MODEL.c      C functions of the model\n"
                  "       dlc MODEL.dl -o MODEL        a program that trains it\n"
                  "       dlc MODEL.dl --check         messages only\n");
    for (int g = 0; g < GROUP_COUNT; g++) {
        out_print(out, "\n%s\n", group_title[g]);
        for (int i = 0; i < OPTION_COUNT; i++) {
            const OptionRow *row = &option_table[i];
            if ((int)row->group != g)
                continue;
            bool joined = row->spelling[1] != '-' || i == OPTION_NO_PASS;
            const char *between = row->argument == NULL || is_optional(row) ? ""
                                  : joined                                  ? ""
                                                                            : "=";
            if (joined && (i == OPTION_OUTPUT || i == OPTION_DEPFILE_NAME))
                between = " ";
            size_t begin = out->length;
            out_print(out, "  %s%s%s", row->spelling, between,
                      row->argument ? row->argument : "");
            size_t used = out->length - begin;
            out_indent(out, used < 32 ? (int)(32 - used) : 1);
            out_print(out, " %s\n", row->help);
        }
    }
    out_puts(out, "\nexit status: 0 ok, 1 diagnostics, 2 usage, 3 out of memory, 70 a "
                  "bug in dlc\n");
}
