/* app.c - calls the model that dlc_add_model made. */
#include "gate.h"

static gate_train_state state;
static union {
    double align;
    unsigned char bytes[GATE_XOR_ARENA_BYTES + GATE_ALIGN];
    unsigned char training[GATE_TRAIN_ARENA_BYTES + GATE_ALIGN];
} arena;

int main(void)
{
    const float x[GATE_XOR_X_LEN] = { 0.0f, 1.0f };
    float p[GATE_XOR_P_LEN];
    gate_train_init(&state, 1, &arena);
    gate_xor(&state.params, x, p, &arena);
    return p[0] > 0.0f && p[0] < 1.0f ? 0 : 1;
}
