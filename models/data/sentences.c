/* sentences.c - sentences to a household assistant, every word with its role.
 *
 *   sentences COUNT SEED test|train OUT
 *
 * A sentence fills the slots of a template. Many words have a role only by what stands around
 * them, before or after: "may" is a month or a wish, "march" a month or an order, "will" a
 * person or the future, "london" where to or where from, "nine" an hour or a number of things.
 * Training and test have different templates of the same slots. OUT.txt shows word/role;
 * OUT-words u8 [n, 16]: ids, 0 padding; OUT-roles u8 [n, 16]: 0 padding, 1 other, 2 person,
 * 3 from, 4 to, 5 month, 6 day, 7 hour, 8 count, 9 thing. OUT-vocabulary.txt: the words. */
#include "made.h"

#define LENGTH 16

static const char *const role_names[10] = { "-",     "other", "person", "from",  "to",
                                            "month", "day",   "hour",   "count", "thing" };

static const char *const fillers[10][17] = {
    [2] = { "will", "may", "april", "june", "mark", "rose", "anna", "paul", "maria", "london", 0 },
    [3] = { "london", "paris", "york", "lima", "oslo", "rose", "bath", "reading", "cork", 0 },
    [4] = { "london", "paris", "york", "lima", "oslo", "rose", "bath", "reading", "cork", 0 },
    [5] = { "may", "april", "june", "march", "july", "august", "october", 0 },
    [6] = { "first", "second", "third", "fourth", "fifth", "sixth", "ninth", "tenth", 0 },
    [7] = { "one", "two", "three", "four", "five", "six", "nine", "ten", 0 },
    [8] = { "one", "two", "three", "four", "five", "six", "nine", "ten", 0 },
    [9] = { "tickets", "seats", "books", "rooms", "cards", "reading", "march", "lights", "bath", 0 },
};

/* $P person, $F from, $T to, $M month, $D day, $H hour, $C count, $X thing */
static const char *const train_templates[] = {
    "book $C $X from $F to $T on $M $D", "book $C $X to $T from $F at $H",
    "will $P be in $T at $H on the $D", "may $P have $C $X on the $D of $M",
    "please call $P at $H", "tell $P that $C $X leave $F at $H",
    "the train from $F to $T will leave at $H", "$P will march to $T in $M",
    "remind me to meet $P on $M the $D", "order $C $X for $P before the $D of $M",
    "$P and $P may come from $F at $H", "what will the weather in $T be in $M",
    "send $C $X to $P in $T on $M $D", "at $H wake $P and read $C $X",
    "in $M i will fly to $T", "on the $D of $M $P will leave $F",
    "is $P in $T or $T", "how far is it from $F to $T",
};
static const char *const test_templates[] = {
    "please book $C $X to $T on $M $D", "on $M $D book $C $X from $F to $T",
    "tell $P to be in $T at $H", "may i meet $P in $T on the $D of $M",
    "will the train to $T leave $F at $H", "$P may order $C $X in $M",
    "call $P and $P before $H", "is it far from $F to $T",
    "remind $P that $P will come from $F", "send $P to $T on the $D of $M",
};

static char vocabulary[256][16];
static int n_words = 1; /* 0 is padding */

static int word_id(const char *word)
{
    for (int i = 1; i < n_words; i++)
        if (strcmp(vocabulary[i], word) == 0)
            return i;
    if (n_words == 256 || strlen(word) > 15)
        die("too many words, or too long: %s", word);
    strcpy(vocabulary[n_words], word);
    return n_words++;
}

/* All words get their ids in one order, whatever a run draws. */
static void vocabulary_make(void)
{
    char copy[256];
    for (size_t i = 0; i < sizeof train_templates / sizeof *train_templates; i++) {
        strcpy(copy, train_templates[i]);
        for (char *w = strtok(copy, " "); w != NULL; w = strtok(NULL, " "))
            if (*w != '$')
                word_id(w);
    }
    for (int role = 2; role < 10; role++)
        for (int i = 0; fillers[role][i] != NULL; i++)
            word_id(fillers[role][i]);
}

static const char *fill(Random *r, int role)
{
    int n = 0;
    while (fillers[role][n] != NULL)
        n++;
    return fillers[role][random_below(r, n)];
}

static void sentence_write(Random *r, const char *form, FILE *text, FILE *words, FILE *roles)
{
    char copy[256], slots[] = "PFTMDHCX";
    int n = 0;
    strcpy(copy, form);
    for (char *w = strtok(copy, " "); w != NULL; w = strtok(NULL, " "), n++) {
        const int role = *w == '$' ? 2 + (int)(strchr(slots, w[1]) - slots) : 1;
        const char *word = role == 1 ? w : fill(r, role);
        fprintf(text, "%s%s/%s", n == 0 ? "" : " ", word, role_names[role]);
        fputc(word_id(word), words);
        fputc(role, roles);
    }
    for (; n < LENGTH; n++) {
        fputc(0, words);
        fputc(0, roles);
    }
    fputc('\n', text);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        die("sentences COUNT SEED train|test OUT");
    const int count = atoi(argv[1]), test = argv[3][1] == 'e';
    Random r = { (uint64_t)atoi(argv[2]) };
    char path[512];
    vocabulary_make();
    const int known = n_words;
    FILE *text = file_create("%s.txt", argv[4]);
    snprintf(path, sizeof path, "%s-words", argv[4]);
    FILE *words = idx_create(path, 8, 2, (int[]){ count, LENGTH });
    snprintf(path, sizeof path, "%s-roles", argv[4]);
    FILE *roles = idx_create(path, 8, 2, (int[]){ count, LENGTH });
    for (int i = 0; i < count; i++)
        sentence_write(&r,
                       test ? test_templates[random_below(&r, 10)]
                            : train_templates[random_below(&r, 18)],
                       text, words, roles);
    if (n_words != known)
        die("the test has a word that training lacks: %s", vocabulary[known]);
    file_close(text);
    file_close(words);
    file_close(roles);
    FILE *list = file_create("%s-vocabulary.txt", argv[4]);
    for (int i = 0; i < n_words; i++)
        fprintf(list, "%d %s\n", i, i == 0 ? "-" : vocabulary[i]);
    file_close(list);
    return 0;
}
