/* vocabulary.c - text as indices. */
#include "host/data/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "host/data/stream.h"

enum { LONGEST = 1 << 28, LONGEST_WORD = 200 };

/* ---- the list: a hash table with open addressing (FNV-1a) -------------------------
 */

static uint32_t *slot_of(const Vocabulary *v, const char *word, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)word[i]) * 16777619u;
    }
    for (uint32_t i = hash % v->n_slots;; i = (i + 1) % v->n_slots) {
        const uint32_t have = v->slot[i];
        if (have == 0 || (strncmp(v->text + v->start[have - 1], word, length) == 0 &&
                          v->text[v->start[have - 1] + length] == '\0')) {
            return &v->slot[i];
        }
    }
}

/* Place of a word in the list, or -1. */
static int64_t find_word(const Vocabulary *v, const char *word, size_t length)
{
    return (int64_t)*slot_of(v, word, length) - 1;
}

/* Length of the character that begins a text: of UTF-8 where it is well-formed, else a
 * byte. */
static size_t char_length(const char *at, const char *end)
{
    const unsigned char c = (unsigned char)*at;
    const size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
    if (n > (size_t)(end - at) || c >= 0xF5) {
        return 1;
    }
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)at[i] & 0xC0) != 0x80) {
            return 1;
        }
    }
    return n;
}

static void add_word(Vocabulary *v, size_t *length, const char *word, size_t n)
{
    memcpy(v->text + *length, word, n);
    v->text[*length + n] = '\0';
    v->start[v->n_words] = *length;
    uint32_t *slot = slot_of(v, word, n);
    if (*slot == 0) { /* the first of several counts */
        *slot = (uint32_t)v->n_words + 1;
    }
    v->n_words++;
    *length += n + 1;
}

static bool list_lines(Vocabulary *v, const char *at, const char *end, size_t *length)
{
    while (at < end && v->n_words < v->bound - 2) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        const size_t n = (size_t)(stop - at) - (stop > at && stop[-1] == '\r');
        add_word(v, length, at, n);
        at = stop + 1;
    }
    return true;
}

/* Distinct characters; a newline at the end of the file is not one of them. */
static bool list_chars(Vocabulary *v, const char *path, const char *at, const char *end,
                       size_t *length, Fault *fault)
{
    end -= end > at && end[-1] == '\n';
    while (at < end) {
        const size_t n = char_length(at, end);
        if (*at == '\0') {
            return dlc_fault(fault, "%s: holds a NUL byte, is this a text file?", path);
        }
        if (find_word(v, at, n) < 0) {
            if (v->n_words == v->bound) {
                return dlc_fault(fault,
                                 "%s: lists more characters than index(%lld) has", path,
                                 (long long)v->bound);
            }
            add_word(v, length, at, n);
        }
        at += n;
    }
    return true;
}

static bool read_list(Vocabulary *v, const char *path, Fault *fault)
{
    Stream s;
    int64_t bytes = 0;
    if (!dlc_stream_open(&s, path, fault)) {
        return false;
    }
    char *text = (char *)dlc_stream_read_new(&s, LONGEST, &bytes, fault);
    dlc_stream_close(&s);
    size_t length = 0;
    const int64_t most = bytes + 1 < v->bound ? bytes + 1 : v->bound;
    v->n_slots = (uint32_t)most * 2 + 7;
    v->text = dlc_new((size_t)bytes * 2 + 2, 1, path, fault);
    v->start = dlc_new((size_t)most + 1, sizeof *v->start, path, fault);
    v->slot = dlc_new(v->n_slots, sizeof *v->slot, path, fault);
    bool done = text != NULL && v->text != NULL && v->start != NULL && v->slot != NULL;
    if (done && v->kind == DLC_TOKENS_WORDS) {
        done = list_lines(v, text, text + bytes, &length);
    } else if (done) {
        done = list_chars(v, path, text, text + bytes, &length, fault);
    }
    if (done && v->n_words == 0) {
        done = dlc_fault(fault, "%s: lists nothing", path);
    }
    free(text);
    return done;
}

bool dlc_vocabulary_init(Vocabulary *v, const dlc_source *source, int64_t bound,
                         const Places *places, Fault *fault)
{
    *v = (Vocabulary){ .kind = source->tokens, .bound = bound };
    if (source->vocab == NULL) {
        return true;
    }
    v->listed = true;
    char *path = dlc_find(places, source->vocab, fault);
    const bool done = path != NULL && read_list(v, path, fault);
    free(path);
    return done;
}

void dlc_vocabulary_release(Vocabulary *v)
{
    free(v->text);
    free(v->start);
    free(v->slot);
    *v = (Vocabulary){ 0 };
}

/* ---- tokens ---------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '\'' || (unsigned char)c >= 128;
}

static int64_t look_up(const Vocabulary *v, const char *word, size_t length)
{
    char lower[LONGEST_WORD];
    int64_t i = find_word(v, word, length);
    if (i < 0 && length <= LONGEST_WORD) {
        for (size_t k = 0; k < length; k++) {
            lower[k] =
                word[k] >= 'A' && word[k] <= 'Z' ? (char)(word[k] + 32) : word[k];
        }
        i = find_word(v, lower, length);
    }
    return i;
}

static int64_t next_word(const Vocabulary *v, const char **at, const char *end)
{
    while (*at < end) {
        const char *start = *at;
        if (!is_letter(*start)) {
            ++*at;
            const int64_t mark = *start == '\0' ? -1 : find_word(v, start, 1);
            if (mark >= 0) {
                return mark + 2;
            }
            continue;
        }
        while (*at < end && is_letter(**at)) {
            ++*at;
        }
        const int64_t i = look_up(v, start, (size_t)(*at - start));
        return i >= 0 ? i + 2 : 1;
    }
    return -1;
}

static int64_t next_char(const char **at, const char *end)
{
    const char *c = *at;
    if (*c == '\r' && c + 1 < end && c[1] == '\n') {
        c++;
    }
    const int64_t token = *c == '\n'               ? 0
                          : *c == '\t'             ? 1
                          : *c >= ' ' && *c <= '~' ? *c - ' ' + 1
                                                   : -2;
    *at = token >= 0 ? c + 1 : *at;
    return token;
}

int64_t dlc_vocabulary_next(const Vocabulary *v, const char **at, const char *end)
{
    if (*at >= end) {
        return -1;
    }
    if (v->kind == DLC_TOKENS_BYTES) {
        return (unsigned char)*(*at)++;
    }
    if (v->kind == DLC_TOKENS_WORDS) {
        return next_word(v, at, end);
    }
    if (!v->listed) {
        return next_char(at, end);
    }
    const size_t n = char_length(*at, end);
    const int64_t token = **at == '\0' ? -1 : find_word(v, *at, n);
    *at += token >= 0 ? n : 0;
    return token >= 0 ? token : -2;
}

char *dlc_vocabulary_refused(char buffer[DLC_TYPE_SIZE], const char *at,
                             const char *end)
{
    const size_t n = char_length(at, end);
    const unsigned char first = (unsigned char)*at;
    uint32_t code = n == 1 ? first : first & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        code = code << 6 | ((unsigned char)at[i] & 0x3Fu);
    }
    if (n == 1 && first >= 128) {
        snprintf(buffer, DLC_TYPE_SIZE, "byte 0x%02X, which is not UTF-8", first);
    } else if (n == 1 && first > ' ' && first < 127) {
        snprintf(buffer, DLC_TYPE_SIZE, "character '%c'", first);
    } else {
        snprintf(buffer, DLC_TYPE_SIZE, "character U+%04X", (unsigned)code);
    }
    return buffer;
}
