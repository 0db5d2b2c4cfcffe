/* options.c - the command line of a training program: two tables and their reader. */
#include "host/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/data/dataset.h"
#include "host/report/text.h"

typedef struct CommandRow {
    const char *name, *usage, *summary;
} CommandRow;

static const CommandRow command[COMMAND_COUNT] = {
    { "train", "train",
      "train on the data; weights, history and checkpoint go to --out" },
    { "eval", "eval",
      "loss and metrics of a split, confusion matrix, precision, recall" },
    { "predict", "predict FILE...", "run a net on .npy, .csv or IDX files" },
    { "explain", "explain FILE...", "which pixels decide, as pictures in OUT/explain" },
    { "info", "info", "layers, parameters, memory, data" },
    { "check", "check", "compare gradients with finite differences" },
    { "bench", "bench", "samples per second of training and inference, kernel times" },
    { "calibrate", "calibrate",
      "histograms of activations into the weights file, for int8" },
    { "compare", "compare", "floats and int8: metrics of a split, layers by error" },
    { "help", "help", "this text" },
    { "version", "version", "version and target" },
};

typedef enum Kind {
    KIND_FLAG,
    KIND_TEXT,
    KIND_COUNT, /* integer >= 1 */
    KIND_WHOLE, /* integer >= 0 */
    KIND_SEED,
    KIND_SECONDS,
    KIND_SPLIT,
    KIND_MAP,
    KIND_LAYOUT
} Kind;

enum {
    TRAIN = 1 << COMMAND_TRAIN,
    EVAL = 1 << COMMAND_EVAL,
    PREDICT = 1 << COMMAND_PREDICT,
    EXPLAIN = 1 << COMMAND_EXPLAIN,
    INFO = 1 << COMMAND_INFO,
    CHECK = 1 << COMMAND_CHECK,
    BENCH = 1 << COMMAND_BENCH,
    CALIBRATE = 1 << COMMAND_CALIBRATE,
    COMPARE = 1 << COMMAND_COMPARE
};

typedef struct OptionRow {
    const char *name;
    Kind kind;
    size_t member; /* offset in Options */
    unsigned commands;
    const char *value, *summary;
} OptionRow;

#define MEMBER(name) offsetof(Options, name)

static const OptionRow option[] = {
    { "--checkpoint-every", KIND_COUNT, MEMBER(checkpoint_every), TRAIN, "N",
      "save a checkpoint every N steps too (default: every 10 s)" },
    { "--count", KIND_COUNT, MEMBER(count), PREDICT | EXPLAIN | COMPARE, "N",
      "first N samples of each file, or of the split" },
    { "--data", KIND_TEXT, MEMBER(data),
      TRAIN | EVAL | INFO | CHECK | CALIBRATE | COMPARE, "DIR",
      "where data files are looked for first" },
    { "--epochs", KIND_COUNT, MEMBER(epochs), TRAIN, "N", "how long" },
    { "--json", KIND_FLAG, MEMBER(json), TRAIN | EVAL, NULL, "one JSON event a line" },
    { "--layout", KIND_LAYOUT, MEMBER(names), TRAIN, "dlc|torch",
      "of the file of --load: torch turns matrices and filters" },
    { "--load", KIND_TEXT, MEMBER(load), TRAIN, "FILE",
      "begin with these parameters (safetensors or npz)" },
    { "--map", KIND_MAP, MEMBER(names), TRAIN, "OLD=NEW",
      "names in the file of --load; may be given many times" },
    { "--net", KIND_TEXT, MEMBER(net), PREDICT | EXPLAIN | BENCH, "NAME", "which net" },
    { "--out", KIND_TEXT, MEMBER(out),
      TRAIN | EVAL | PREDICT | EXPLAIN | CALIBRATE | COMPARE, "DIR",
      "where results go (default: ./NAME.out)" },
    { "--quiet", KIND_FLAG, MEMBER(quiet), TRAIN | EVAL | CALIBRATE | COMPARE, NULL,
      "only the last lines" },
    { "--random", KIND_FLAG, MEMBER(random), CHECK, NULL,
      "made samples, not the data" },
    { "--resume", KIND_FLAG, MEMBER(resume), TRAIN, NULL,
      "go on from the checkpoint in --out" },
    { "--seconds", KIND_SECONDS, MEMBER(seconds), BENCH, "S",
      "how long each measurement takes (default: 1)" },
    { "--seed", KIND_SEED, MEMBER(seed), TRAIN | EVAL | CHECK | BENCH, "S",
      "of initial parameters, order and dropout" },
    { "--split", KIND_SPLIT, MEMBER(split), EVAL | COMPARE, "NAME",
      "train, valid or test (default: all of them; compare: test)" },
    { "--steps", KIND_COUNT, MEMBER(steps), TRAIN, "N", "how long, in steps" },
    { "--threads", KIND_WHOLE, MEMBER(threads),
      TRAIN | EVAL | CHECK | BENCH | CALIBRATE | COMPARE, "T",
      "(default: as the program says, or 1; 0: one a processor)" },
    { "--top", KIND_COUNT, MEMBER(top), PREDICT, "K",
      "show the K likeliest (default: 3)" },
    { "--weights", KIND_TEXT, MEMBER(weights),
      EVAL | PREDICT | EXPLAIN | CHECK | CALIBRATE | COMPARE, "FILE",
      "safetensors (default: OUT/model.safetensors)" },
};

enum { N_OPTIONS = (int)(sizeof option / sizeof option[0]) };

void dlc_options_help(const dlc_model *model)
{
    printf("%s, a program of dlc %s from %s\n\nusage: %s COMMAND [OPTION...]\n\n",
           model->name, model->version, model->source, model->name);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("  %-16s %s\n", command[i].usage, command[i].summary);
    }
    printf("\n");
    for (int i = 0; i < N_OPTIONS; i++) {
        char left[64], used[128] = "";
        Text text = dlc_text(used, sizeof used);
        for (int c = 0; c < COMMAND_HELP; c++) {
            if ((option[i].commands & 1u << c) != 0) {
                dlc_text_add(&text, "%s%s", used[0] != '\0' ? " " : "",
                             command[c].name);
            }
        }
        snprintf(left, sizeof left, "%s %s", option[i].name,
                 option[i].value == NULL ? "" : option[i].value);
        printf("  %-22s %s [%s]\n", left, option[i].summary, used);
    }
}

static bool unknown(const char *what, const char *name, const char *near, Fault *fault)
{
    dlc_fault(fault, "unknown %s %s", what, name);
    return near != NULL ? dlc_fault_help(fault, "did you mean %s?", near)
                        : dlc_fault_help(fault, "`help` lists commands and options");
}

static bool parse_command(Options *options, const char *name, Fault *fault)
{
    const char *names[COMMAND_COUNT];
    const bool dashed = strncmp(name, "--", 2) == 0;
    for (int i = 0; i < COMMAND_COUNT; i++) {
        names[i] = command[i].name;
        const bool asked =
            strcmp(name, names[i]) == 0 ||
            (i >= COMMAND_HELP && dashed && strcmp(name + 2, names[i]) == 0);
        if (asked || (i == COMMAND_HELP && strcmp(name, "-h") == 0)) {
            options->command = (Command)i;
            return true;
        }
    }
    return unknown("command", name, dlc_nearest(name, names, COMMAND_COUNT), fault);
}

/* argument is "--name" or "--name=value". */
static const OptionRow *find_option(const char *argument, Fault *fault)
{
    const char *names[N_OPTIONS];
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(argument, "="), argument);
    for (int i = 0; i < N_OPTIONS; i++) {
        names[i] = option[i].name;
        if (strcmp(name, names[i]) == 0) {
            return &option[i];
        }
    }
    unknown("option", name, dlc_nearest(name, names, N_OPTIONS), fault);
    return NULL;
}

static bool parse_integer(const OptionRow *row, const char *text, int64_t least,
                          int64_t *value, Fault *fault)
{
    char *end = NULL;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || number < least ||
        number > UINT32_MAX) {
        return dlc_fault(fault, "%s takes an integer in %lld .. 4294967295, not %s",
                         row->name, (long long)least, text);
    }
    *value = number;
    return true;
}

static bool parse_split(const char *text, const char **split, Fault *fault)
{
    for (int i = DLC_TRAIN; i <= DLC_TEST; i++) {
        if (strcmp(text, dlc_split_name[i]) == 0) {
            *split = dlc_split_name[i];
            return true;
        }
    }
    return unknown("split", text, dlc_nearest(text, dlc_split_name, DLC_ALL), fault);
}

static bool parse_map(const char *text, Names *names, Fault *fault)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0') {
        return dlc_fault(fault, "--map takes OLD=NEW, not %s", text);
    }
    if (names->n == NAMES_MOST) {
        return dlc_fault(fault, "--map is given more than %d times", NAMES_MOST);
    }
    names->map[names->n++] = text;
    return true;
}

static bool parse_value(Options *options, const OptionRow *row, const char *text,
                        Fault *fault)
{
    void *member = (char *)options + row->member;
    char *end = NULL;
    switch (row->kind) {
    case KIND_FLAG:
        *(bool *)member = true;
        return true;
    case KIND_TEXT:
        *(const char **)member = text;
        return text[0] != '\0' || dlc_fault(fault, "%s takes a name", row->name);
    case KIND_COUNT:
    case KIND_WHOLE:
        return parse_integer(row, text, row->kind == KIND_COUNT, member, fault);
    case KIND_SEED:
        errno = 0;
        options->seed = strtoull(text, &end, 10);
        options->has_seed = true;
        return (end != text && *end == '\0' && errno == 0 && text[0] != '-') ||
               dlc_fault(fault, "%s takes an integer in 0 .. 2^64 - 1, not %s",
                         row->name, text);
    case KIND_SECONDS:
        options->seconds = strtod(text, &end);
        return (end != text && *end == '\0' && options->seconds > 0 &&
                options->seconds <= 3600) ||
               dlc_fault(fault, "%s takes seconds, at most 3600, not %s", row->name,
                         text);
    case KIND_SPLIT:
        return parse_split(text, member, fault);
    case KIND_MAP:
        return parse_map(text, member, fault);
    case KIND_LAYOUT:
        ((Names *)member)->torch = strcmp(text, "torch") == 0;
        return strcmp(text, "torch") == 0 || strcmp(text, "dlc") == 0 ||
               dlc_fault(fault, "--layout is dlc or torch, not %s", text);
    }
    return false;
}

/* One option at argv[*at]; advances over its value. */
static bool parse_option(Options *options, int argc, char **argv, int *at, Fault *fault)
{
    const OptionRow *row = find_option(argv[*at], fault);
    if (row == NULL) {
        return false;
    }
    const char *equals = strchr(argv[*at], '='), *text = "";
    if ((row->commands & 1u << options->command) == 0) {
        return dlc_fault(fault, "%s does not take %s", command[options->command].name,
                         row->name);
    }
    if (row->kind == KIND_FLAG) {
        if (equals != NULL) {
            return dlc_fault(fault, "%s takes no value", row->name);
        }
    } else if (equals != NULL) {
        text = equals + 1;
    } else if (*at + 1 < argc) {
        text = argv[++*at];
    } else {
        return dlc_fault(fault, "%s takes a value: %s %s", row->name, row->name,
                         row->value);
    }
    return parse_value(options, row, text, fault);
}

bool dlc_options_parse(Options *options, int argc, char **argv, Fault *fault)
{
    *options = (Options){ .program = argv[0], .top = 3, .threads = -1, .seconds = 1 };
    if (argc < 2) {
        dlc_fault(fault, "a command is missing");
        return dlc_fault_help(fault, "%s help", argv[0]);
    }
    if (!parse_command(options, argv[1], fault)) {
        return false;
    }
    options->file = argv + 2;
    bool only_files = false;
    for (int i = 2; i < argc; i++) {
        if (!only_files && strcmp(argv[i], "--") == 0) {
            only_files = true;
        } else if (!only_files && strcmp(argv[i], "--help") == 0) {
            options->command = COMMAND_HELP;
        } else if (!only_files && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (options->command == COMMAND_HELP) {
                continue;
            }
            if (!parse_option(options, argc, argv, &i, fault)) {
                return false;
            }
        } else {
            options->file[options->n_files++] = argv[i];
        }
    }
    if (options->threads > 256) {
        return dlc_fault(fault, "--threads takes at most 256");
    }
    if (options->n_files > 0 && options->command != COMMAND_PREDICT &&
        options->command != COMMAND_EXPLAIN && options->command != COMMAND_HELP) {
        return dlc_fault(fault, "%s takes no files: %s", command[options->command].name,
                         options->file[0]);
    }
    if (options->n_files == 0 &&
        (options->command == COMMAND_PREDICT || options->command == COMMAND_EXPLAIN)) {
        return dlc_fault(fault, "%s takes at least one file",
                         command[options->command].name);
    }
    return true;
}
