/* deploys_main.c - results of the functions of deploys.dl, NAME a line. */
#include "net.h"

#include <stdio.h>

static double arena[4096];

static void print(const char *name, const float *y, int n)
{
    printf("%s", name);
    for (int i = 0; i < n; i++)
        printf(" %a", (double)y[i]);
    printf("\n");
}

int main(void)
{
    const float x[4] = { 0.5f, -1, 2, 0.25f },
                twice[8] = { 0.5f, -1, 2, 0.25f, 0.5f, -1, 2, 0.25f };
    float probs[6], hidden[16];
    (void)twice;
#ifdef HAS_EYE
    HAS_EYE;
    print("eye", probs, 3);
#endif
#ifdef HAS_INT8
    eye_int8(x, probs, hidden, arena);
    print("int8", probs, 3);
    print("hidden", hidden, 8);
#endif
#ifdef HAS_PAIR
    pair(twice, probs, hidden, arena);
    print("first", probs, 3);
    print("second", probs + 3, 3);
#endif
#ifdef HAS_ROW
    deploys_ear_state a, b;
    row_reset(&a);
    row_again_reset(&b);
    for (int i = 0; i < 2; i++) {
        row(&a, x + 2 * i, probs, arena);
        row_again(&b, x + 2 * i, hidden, arena);
        print("row", probs, 2);
        print("again", hidden, 2);
    }
#endif
    return 0;
}
