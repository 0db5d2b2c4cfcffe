/* ops_test.c - runs one check over the table of ops: ops_test CHECK [--fault]. With
 * --fault the check works on something broken and must say so. */
#include "case.h"

#include "support/bug.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    void (*run)(Tally *t, bool fault);
} checks[] = { { "table", check_table }, { "text", check_text },
               { "batch", check_batch }, { "grad", check_grad },
               { "lower", check_lower }, { "cost", check_cost } };

int main(int argc, char **argv)
{
    bool fault = argc > 2 && strcmp(argv[2], "--fault") == 0;
    for (int i = 0; argc > 1 && i < ARRAY_LEN(checks); i++) {
        if (strcmp(checks[i].name, argv[1]) != 0)
            continue;
        Tally t = { .check = checks[i].name, .quiet = fault, .random = 1 };
        checks[i].run(&t, fault);
        if (fault) {
            printf("ops.%s: the seeded fault is %s\n", t.check,
                   t.failures > 0 ? "caught" : "not caught");
            return t.failures == 0;
        }
        printf("ops.%s: %d cases, %d failures, worst error %.2g%s%s\n", t.check,
               t.cases, t.failures, t.worst, t.worst_case ? " in " : "",
               t.worst_case ? t.worst_case : "");
        return t.failures > 0;
    }
    fprintf(stderr, "usage: ops_test table|text|batch|grad|lower|cost [--fault]\n");
    return 2;
}
