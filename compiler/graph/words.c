/* words.c - see words.h. */
#include "graph/words.h"

#include <string.h>

const char *const graph_input_words[] = { "field",   "param",     "state",  "scalar",
                                          "key",     "iteration", "sample", "gradient",
                                          "operand", NULL };
const char *const graph_result_words[] = { "output",  "next",    "report", "gradient",
                                           "measure", "operand", NULL };
const char *const graph_stage_words[] = { "sample", "batched", "diff", "grouped",
                                          NULL };

bool word_find(const char *const *words, const char *word, int *i)
{
    for (*i = 0; words[*i] != NULL; ++*i)
        if (strcmp(words[*i], word) == 0)
            return true;
    return false;
}
