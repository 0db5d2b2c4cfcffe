/* words.h - spellings of enums in .dlir text, in the order of the enums; NULL ends. */
#ifndef DLC_GRAPH_WORDS_H
#define DLC_GRAPH_WORDS_H

#include <stdbool.h>

extern const char *const graph_input_words[];  /* InputKind */
extern const char *const graph_result_words[]; /* ResultKind */
extern const char *const graph_stage_words[];  /* Stage */

bool word_find(const char *const *words, const char *word, int *i);

#endif
