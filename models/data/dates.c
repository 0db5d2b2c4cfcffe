/* dates.c - dates in words and in ISO 8601.
 *
 *   dates COUNT SEED SHARE OUT
 *
 * One of ten wordings of a random day of 1900 to 2099. Days whose number is 0 modulo 10 are
 * the test's (SHARE test), 1 the validation's (valid), the others training's (train): no day
 * is in two splits. OUT.txt: a line a sample, words, a tab, the ISO date; OUT-words: u8
 * [n, 64], letters as 1 to 26, blank 27, hyphen 28, comma 29, digits 30 to 39, padding 0;
 * OUT-iso: u8 [n, 10], digits as themselves and hyphen 10. */
#include "made.h"

#define LENGTH 64

static const char *const months[12] = { "january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december" };
static const char *const ones[20] = { "zero",    "one",     "two",       "three",    "four",
                                      "five",    "six",     "seven",     "eight",    "nine",
                                      "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                      "fifteen", "sixteen", "seventeen", "eighteen", "nineteen" };
static const char *const ordinals[20] = {
    "",         "first",      "second",     "third",     "fourth",     "fifth",     "sixth",
    "seventh",  "eighth",     "ninth",      "tenth",     "eleventh",   "twelfth",   "thirteenth",
    "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"
};
static const char *const tens[10] = { "",      "",      "twenty",  "thirty", "forty",
                                      "fifty", "sixty", "seventy", "eighty", "ninety" };

static void number_word(int n, char *out)
{
    if (n < 20)
        strcpy(out, ones[n]);
    else if (n % 10 == 0)
        strcpy(out, tens[n / 10]);
    else
        sprintf(out, "%s-%s", tens[n / 10], ones[n % 10]);
}

static void day_word(int day, char *out)
{
    if (day < 20)
        strcpy(out, ordinals[day]);
    else if (day % 10 == 0)
        strcpy(out, day == 20 ? "twentieth" : "thirtieth");
    else
        sprintf(out, "%s-%s", tens[day / 10], ordinals[day % 10]);
}

/* 1984: nineteen eighty-four; 1900: nineteen hundred; 1905: nineteen oh five; from 2000 on
 * two thousand (and) seven, or twenty twenty-one. */
static void year_word(Random *r, int year, char *out)
{
    char low[32], high[32];
    number_word(year % 100, low);
    number_word(year / 100, high);
    if (year / 100 == 20 && (year < 2010 || random_below(r, 2) == 0))
        sprintf(out, year % 100 == 0        ? "two thousand"
                     : random_below(r, 2)   ? "two thousand %s"
                                            : "two thousand and %s",
                low);
    else if (year % 100 == 0)
        sprintf(out, "%s hundred", high);
    else
        sprintf(out, year % 100 < 10 ? "%s oh %s" : "%s %s", high, low);
}

static const char *suffix(int day)
{
    return day / 10 == 1   ? "th"
           : day % 10 == 1 ? "st"
           : day % 10 == 2 ? "nd"
           : day % 10 == 3 ? "rd"
                           : "th";
}

static void phrase_make(Random *r, int year, int month, int day, char *out)
{
    char d[32], y[64];
    const char *m = months[month - 1];
    day_word(day, d);
    year_word(r, year, y);
    switch (random_below(r, 10)) {
    case 0:
        sprintf(out, "the %s of %s %s", d, m, y);
        break;
    case 1:
        sprintf(out, "%s the %s, %s", m, d, y);
        break;
    case 2:
        sprintf(out, "%s %s %s", d, m, y);
        break;
    case 3:
        sprintf(out, "%s %s, %s", m, d, y);
        break;
    case 4:
        sprintf(out, "%s %d, %d", m, day, year);
        break;
    case 5:
        sprintf(out, "%d %s %d", day, m, year);
        break;
    case 6:
        sprintf(out, "%d%s of %s %d", day, suffix(day), m, year);
        break;
    case 7:
        sprintf(out, "%s %d%s %s", m, day, suffix(day), y);
        break;
    case 8:
        sprintf(out, "%d %.3s %d", day, m, year);
        break;
    default:
        sprintf(out, "%s of %s %d", d, m, year);
        break;
    }
}

static int letter_code(char c)
{
    return c >= 'a' && c <= 'z' ? 1 + c - 'a' : c == ' ' ? 27 : c == '-' ? 28 : c == ',' ? 29 : 30 + c - '0';
}

int main(int argc, char **argv)
{
    if (argc != 5)
        die("dates COUNT SEED train|valid|test OUT");
    static const int month_days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const int count = atoi(argv[1]);
    const char share = argv[3][1]; /* r, a, e */
    Random r = { (uint64_t)atoi(argv[2]) };
    char path[512], phrase[128], iso[32];
    FILE *text = file_create("%s.txt", argv[4]);
    snprintf(path, sizeof path, "%s-words", argv[4]);
    FILE *words = idx_create(path, 8, 2, (int[]){ count, LENGTH });
    snprintf(path, sizeof path, "%s-iso", argv[4]);
    FILE *isos = idx_create(path, 8, 2, (int[]){ count, 10 });
    for (int i = 0; i < count;) {
        const int year = 1900 + random_below(&r, 200), month = 1 + random_below(&r, 12);
        const int leap = year % 4 == 0 && year != 1900;
        const int day = 1 + random_below(&r, month_days[month - 1] + (month == 2 && leap));
        Random hash = { (uint64_t)(year * 400 + month * 32 + day) };
        const int part = (int)(random_next(&hash) >> 40) % 10;
        if (share != (part == 0 ? 'e' : part == 1 ? 'a' : 'r'))
            continue;
        phrase_make(&r, year, month, day, phrase);
        if (strlen(phrase) > LENGTH)
            die("a phrase is too long: %s", phrase);
        sprintf(iso, "%04d-%02d-%02d", year, month, day);
        fprintf(text, "%s\t%s\n", phrase, iso);
        for (size_t k = 0, n = strlen(phrase); k < LENGTH; k++)
            fputc(k < n ? letter_code(phrase[k]) : 0, words);
        for (int k = 0; k < 10; k++)
            fputc(iso[k] == '-' ? 10 : iso[k] - '0', isos);
        i++;
    }
    file_close(text);
    file_close(words);
    file_close(isos);
    return 0;
}
