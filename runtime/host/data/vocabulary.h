/* vocabulary.h - text as indices.
 *
 *   bytes        a token is a byte, 0 .. 255
 *   chars        newline is 0, ' ' .. '~' are 1 .. 95; a tab counts as a space, "\r\n"
 * as a newline; anything else is refused chars(list)  the characters (code points of
 * UTF-8) of a file, in order of their first appearance, from 0; anything else is
 * refused words(list)  line k of a file, from 1, is token k + 1; 0 is padding, 1 any
 * other word. A word is a run of letters, digits and apostrophes, looked up as it
 *                stands, then in lower case; another character is a word where the list
 *                has it, and separates in any case */
#ifndef DLC_HOST_DATA_VOCABULARY_H
#define DLC_HOST_DATA_VOCABULARY_H

#include "host/data/find.h"
#include "host/data/type.h"

typedef struct Vocabulary {
    dlc_tokens kind;
    bool listed;
    int64_t bound; /* tokens are below it: the field's */
    char *text;    /* words, each ended by NUL */
    size_t *start; /* of word i in text */
    int64_t n_words;
    uint32_t *slot; /* hash table of 1 + word; 0: empty */
    uint32_t n_slots;
} Vocabulary;

/* For a source's tokens and a field of that bound. Release also after a failure. */
bool dlc_vocabulary_init(Vocabulary *vocabulary, const dlc_source *source,
                         int64_t bound, const Places *places, Fault *fault);
void dlc_vocabulary_release(Vocabulary *vocabulary);

/* The next token from *at, which moves past it. -1: nothing is left; -2: what stands at
 * *at is not in the vocabulary. */
int64_t dlc_vocabulary_next(const Vocabulary *vocabulary, const char **at,
                            const char *end);

/* What dlc_vocabulary_next refused, for a message: "character U+00E9". */
char *dlc_vocabulary_refused(char buffer[DLC_TYPE_SIZE], const char *at,
                             const char *end);

#endif
