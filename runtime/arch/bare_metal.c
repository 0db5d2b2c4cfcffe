/* bare_metal.c - an architecture file: a model alone on a Cortex-M or RISC-V, without a
 * C library. With start.c and a linker script it runs from reset; what it says goes out
 * by semihosting, to an emulator or a debugger. README.md has the commands. */
#include "semihost.h"

/* @model@ */

static unsigned char arena[MODEL_ARENA_BYTES] __attribute__((aligned(MODEL_ALIGN)));
#ifdef MODEL_INPUT_OFFSET
#define INPUT ((MODEL_INPUT_TYPE *)(void *)(arena + MODEL_INPUT_OFFSET))
#else
static MODEL_INPUT_TYPE input[MODEL_INPUT_LEN];
#define INPUT input
#endif
#ifdef MODEL_OUTPUT_OFFSET
#define OUTPUT ((MODEL_OUTPUT_TYPE *)(void *)(arena + MODEL_OUTPUT_OFFSET))
#else
static MODEL_OUTPUT_TYPE output[MODEL_OUTPUT_LEN];
#define OUTPUT output
#endif
#ifdef MODEL_SELF_TEST
static unsigned char memory[MODEL_SELF_TEST_BYTES]
    __attribute__((aligned(MODEL_ALIGN)));
#endif

/* "-12.345678", of millionths */
static void print_number(int32_t millionths)
{
    char text[16], *at = text + 15;
    uint32_t n = millionths < 0 ? 0u - (uint32_t)millionths : (uint32_t)millionths;
    *at = '\0';
    for (int digit = 0; digit < 7 || n > 0; digit++) {
        if (digit == 6)
            *--at = '.';
        *--at = (char)('0' + n % 10u);
        n /= 10u;
    }
    if (millionths < 0)
        *--at = '-';
    semihost_message(at);
}

int main(void)
{
#ifdef MODEL_SELF_TEST
    if (MODEL_SELF_TEST(memory) != 0) {
        semihost_message(MODEL_NAME ": the self-test fails\n");
        return 1;
    }
    semihost_message(MODEL_NAME ": the self-test passes\n");
#endif
    for (int32_t i = 0; i < MODEL_INPUT_LEN; i++)
        INPUT[i] = (MODEL_INPUT_TYPE)(i % 7); /* from your sensor */
    MODEL_RUN(INPUT, OUTPUT, arena);
    for (int32_t i = 0; i < MODEL_OUTPUT_LEN; i++) {
        print_number((int32_t)((float)OUTPUT[i] * 1e6f));
        semihost_message("\n");
    }
    return 0;
}
