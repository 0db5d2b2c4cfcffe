/* compiled_optimizers.c - one training step of the C that dlc wrote, from the states of
 * a vector to its outputs. Compiled with OPT_C_H (its header) and OPT_H (what
 * optimizers.py wrote), linked with that C. */
#include OPT_C_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double tolerance, worst;
static int failed, checked;

static void check(const char *path, double got, double want)
{
    double error = fabs(got - want) / fmax(1, fabs(want));
    checked++;
    worst = fmax(worst, error);
    if (!(error <= tolerance))
        printf("%s: %.9g, should be %.9g\n", path, got, want), failed++;
}

#include OPT_H

int main(int argc, char **argv)
{
    tolerance = argc > 1 ? atof(argv[1]) : 0;
    store();
    if (argc < 3) /* --fault: no step is made */
        step();
    compare();
    printf("compiled-optimizer %d numbers %d off %d worst %.2e\n", checked, checked,
           failed, worst);
    return failed > 0 || checked == 0;
}
