/* softmax.c - a training program written by hand: softmax regression on Fashion-MNIST.
 *
 * What dlc emits for a network, in miniature, so that the host runtime can be driven
 * end to end without the compiler: measured mean and variance, dropout from Philox,
 * momentum, slices that do not depend on the number of threads, a classifying net,
 * kernel marks. -DSOFTMAX_FLIP gives the gradient of b a wrong sign: `check` must find
 * it. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "device/philox.h"
#include "host/model.h"

enum { N = 784, K = 10, BATCH = 50, SLICES = 8 };

typedef struct State {
    float w[N * K], b[K];
    float mean[N], var;
    float moment_w[N * K], moment_b[K];
    uint64_t seed;
    uint32_t step;
    float epoch, steps_per_epoch, total_steps, lr_scale;
} State;

typedef struct Arena {
    float x[BATCH * N];     /* standardized, with dropout */
    float delta[BATCH * K]; /* probabilities - truth */
    float loss[BATCH], hit[BATCH];
} Arena;

static void (*hook)(int32_t kernel);

static void mark(int32_t kernel)
{
    if (hook != NULL) {
        hook(kernel);
    }
}

static void wait(const dlc_team *team)
{
    if (team != NULL) {
        team->wait(team);
    }
}

/* First slice and stride of a member. */
static int slice_first(const dlc_team *team)
{
    return team == NULL ? 0 : team->rank;
}

static int slice_stride(const dlc_team *team)
{
    return team == NULL ? 1 : team->size;
}

static void init(void *state, uint64_t seed, void *arena)
{
    State *t = state;
    (void)arena;
    memset(t, 0, sizeof *t);
    t->seed = seed;
    t->lr_scale = 1;
    const uint32_t key[2] = { (uint32_t)seed, (uint32_t)(seed >> 32) };
    for (uint32_t i = 0; i < N * K; i++) {
        const uint32_t counter[4] = { i / 4, 0, 0, 1 };
        uint32_t word[4];
        dlc_philox(word, counter, key);
        t->w[i] = 0.02F * ((float)(word[i % 4] >> 8) / 16777216.0F - 0.5F);
    }
}

static void logits_of(const State *t, const float *x, float z[K])
{
    for (int k = 0; k < K; k++) {
        z[k] = t->b[k];
    }
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < K; k++) {
            z[k] += x[i] * t->w[i * K + k];
        }
    }
}

static void softmax(float z[K])
{
    float most = z[0], sum = 0;
    for (int k = 1; k < K; k++) {
        most = z[k] > most ? z[k] : most;
    }
    for (int k = 0; k < K; k++) {
        z[k] = expf(z[k] - most);
        sum += z[k];
    }
    for (int k = 0; k < K; k++) {
        z[k] /= sum;
    }
}

static void standardize(const State *t, const uint8_t *image, float *x)
{
    const float scale = 1.0F / sqrtf(t->var + 1e-3F);
    for (int i = 0; i < N; i++) {
        x[i] = ((float)image[i] - t->mean[i]) * scale;
    }
}

/* Each tenth input is 0 in training. */
static void drop(const State *t, int sample, float *x)
{
    const uint32_t key[2] = { (uint32_t)t->seed, (uint32_t)(t->seed >> 32) };
    for (uint32_t i = 0; i < N; i += 4) {
        const uint32_t counter[4] = { i / 4, (uint32_t)sample, t->step, 2 };
        uint32_t word[4];
        dlc_philox(word, counter, key);
        for (uint32_t j = 0; j < 4; j++) {
            x[i + j] = word[j] < 429496730U ? 0 : x[i + j] * (1.0F / 0.9F);
        }
    }
}

static void forward(const State *t, const void *const *field, Arena *a, int training,
                    const dlc_team *team)
{
    const uint8_t *image = field[0], *label = field[1];
    for (int slice = slice_first(team); slice < SLICES; slice += slice_stride(team)) {
        for (int s = slice * BATCH / SLICES; s < (slice + 1) * BATCH / SLICES; s++) {
            float *z = a->delta + s * K;
            standardize(t, image + s * N, a->x + s * N);
            if (training) {
                drop(t, s, a->x + s * N);
            }
            logits_of(t, a->x + s * N, z);
            softmax(z);
            int best = 0;
            for (int k = 1; k < K; k++) {
                best = z[k] > z[best] ? k : best;
            }
            a->loss[s] = -logf(z[label[s]] + 1e-20F);
            a->hit[s] = best == label[s] ? 1.0F : 0.0F;
            z[label[s]] -= 1;
        }
    }
    wait(team);
}

static void report_means(const Arena *a, float *report)
{
    report[0] = report[1] = 0;
    for (int s = 0; s < BATCH; s++) {
        report[0] += a->loss[s] / BATCH;
        report[1] += a->hit[s] / BATCH;
    }
}

static float gradient_w(const Arena *a, int i, int k)
{
    float sum = 0;
    for (int s = 0; s < BATCH; s++) {
        sum += a->x[s * N + i] * a->delta[s * K + k];
    }
    return sum / BATCH;
}

static float gradient_b(const Arena *a, int k)
{
    float sum = 0;
    for (int s = 0; s < BATCH; s++) {
        sum += a->delta[s * K + k];
    }
#ifdef SOFTMAX_FLIP
    return -sum / BATCH;
#else
    return sum / BATCH;
#endif
}

static void update(float *w, float *moment, float gradient)
{
    *moment = 0.9F * *moment + gradient;
    *w -= 0.002F * *moment;
}

static void step(void *state, const void *const *field, float *report, void *arena,
                 const dlc_team *team)
{
    State *t = state;
    Arena *a = arena;
    forward(t, field, a, 1, team);
    mark(0);
    for (int slice = slice_first(team); slice < SLICES; slice += slice_stride(team)) {
        for (int i = slice * N / SLICES; i < (slice + 1) * N / SLICES; i++) {
            for (int k = 0; k < K; k++) {
                update(&t->w[i * K + k], &t->moment_w[i * K + k], gradient_w(a, i, k));
            }
        }
    }
    if (slice_first(team) == 0) {
        for (int k = 0; k < K; k++) {
            update(&t->b[k], &t->moment_b[k], gradient_b(a, k));
        }
        report_means(a, report);
        t->step++;
    }
    wait(team);
    mark(1);
}

static void eval(void *state, const void *const *field, float *report, uint32_t split,
                 uint32_t first, void *arena, const dlc_team *team)
{
    Arena *a = arena;
    (void)split;
    (void)first;
    forward(state, field, a, 0, team);
    if (slice_first(team) == 0) {
        memcpy(report, a->loss, sizeof a->loss);
        memcpy(report + BATCH, a->hit, sizeof a->hit);
    }
    wait(team);
}

static void grad(const void *state, const void *const *field, float *const *gradient,
                 float *report, void *arena, const dlc_team *team)
{
    Arena *a = arena;
    forward(state, field, a, 1, team);
    if (slice_first(team) == 0) {
        for (int i = 0; i < N * K; i++) {
            gradient[0][i] = gradient_w(a, i / K, i % K);
        }
        for (int k = 0; k < K; k++) {
            gradient[1][k] = gradient_b(a, k);
        }
        report_means(a, report);
    }
    wait(team);
}

/* The loss in f64; what does not depend on w and b may be f32. */
static void losses(const void *state, const double *const *tensor,
                   const void *const *field, const double *const *frozen, double *loss,
                   double *const *stopped, void *arena)
{
    const uint8_t *image = field[0], *label = field[1];
    float *x = arena;
    (void)frozen;
    (void)stopped;
    loss[0] = 0;
    for (int s = 0; s < BATCH; s++) {
        double z[K], sum = 0;
        standardize(state, image + s * N, x);
        drop(state, s, x);
        for (int k = 0; k < K; k++) {
            z[k] = tensor[1][k];
            for (int i = 0; i < N; i++) {
                z[k] += (double)x[i] * tensor[0][i * K + k];
            }
            sum += exp(z[k]);
        }
        loss[0] += (log(sum) - z[label[s]]) / BATCH;
    }
}

static void measure(const void *state, const void *const *field, float *const *out,
                    void *arena, const dlc_team *team)
{
    const uint8_t *image = field[0];
    (void)state;
    (void)arena;
    if (slice_first(team) == 0) {
        for (int i = 0; i < BATCH * N; i++) {
            out[0][i] = (float)image[i];
        }
    }
    wait(team);
}

static void run(const void *state, const void *const *in, void *const *out, void *arena)
{
    float *x = arena, *probs = out[0];
    standardize(state, in[0], x);
    logits_of(state, x, probs);
    memcpy(out[1], probs, K * sizeof(float));
    softmax(probs);
    mark(2);
}

#define IMAGE                                                                          \
    {                                                                                  \
        .dtype = DLC_U8, .rank = 2, .dim = { 28, 28 }                                  \
    }
#define TENSOR(label, kind, member, ...)                                               \
    {                                                                                  \
        .name = label, .role = kind, .offset = offsetof(State, member), .type = {      \
            .dtype = DLC_F32,                                                          \
            __VA_ARGS__                                                                \
        }                                                                              \
    }

static const dlc_tensor tensors[] = {
    TENSOR("classifier/w", DLC_PARAM, w, .rank = 2, .dim = { N, K }),
    TENSOR("classifier/b", DLC_PARAM, b, .rank = 1, .dim = { K }),
    { .name = "classifier/mean",
      .role = DLC_STATE,
      .offset = offsetof(State, mean),
      .type = { .dtype = DLC_F32, .rank = 2, .dim = { 28, 28 } },
      .measure = DLC_MEASURE_MEAN,
      .measured = 0 },
    { .name = "classifier/var",
      .role = DLC_STATE,
      .offset = offsetof(State, var),
      .type = { .dtype = DLC_F32 },
      .measure = DLC_MEASURE_VAR,
      .measured = 0 },
    TENSOR("minimize1/momentum/w", DLC_OPTIMIZER, moment_w, .rank = 2, .dim = { N, K }),
    TENSOR("minimize1/momentum/b", DLC_OPTIMIZER, moment_b, .rank = 1, .dim = { K }),
};

static const dlc_field fields[] = {
    { "image", IMAGE },
    { "label", { .dtype = DLC_U8, .bound = K } },
};

static const dlc_field inputs[] = { { "x", IMAGE } };
static const dlc_field outputs[] = {
    { "probs", { .dtype = DLC_F32, .rank = 1, .dim = { K } } },
    { "logits", { .dtype = DLC_F32, .rank = 1, .dim = { K } } },
};

static const dlc_data data = {
    .name = "fashion",
    .n_fields = 2,
    .field = fields,
    .split = {
        [DLC_TRAIN] = { .kind = DLC_SOURCE_IDX, .n_paths = 2, .line = 2,
                        .path = { "train-images-idx3-ubyte", "train-labels-idx1-ubyte" } },
        [DLC_VALID] = { .kind = DLC_SOURCE_TAKE, .from = DLC_TRAIN, .count = 500,
                        .line = 3 },
        [DLC_TEST] = { .kind = DLC_SOURCE_IDX, .n_paths = 2, .line = 4,
                       .path = { "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" } },
    },
    .shuffle = true,
};

static const dlc_report reports[] = {
    { "loss", true, false, false },
    { "acc", false, true, false },
};

static const dlc_net nets[] = {
    { .name = "classifier",
      .n_inputs = 1,
      .n_outputs = 2,
      .input = inputs,
      .output = outputs,
      .output_simplex = true,
      .arena_bytes = N * sizeof(float),
      .macs = N * K,
      .run = run },
};

static const dlc_type measured[] = {
    { .dtype = DLC_F32, .rank = 2, .dim = { 28, 28 } }
};

static const dlc_kernel_info kernels[] = {
    { "k0_forward", "step", 2 * BATCH *N *K, BATCH *N },
    { "k1_update", "step", 2 * BATCH *N *K, 4 * N *K },
    { "k0_probs", "classifier", 2 * N *K, 4 * N *K },
};

static const uint64_t loss_counts[] = { 1, 1, 0, 0, 0, 0 };

static const dlc_losses twin = {
    .n_losses = 1,
    .counts = loss_counts,
    .arena_bytes = N * sizeof(float),
    .run = losses,
};

static const dlc_model model = {
    .name = "softmax",
    .source = "softmax.dl",
    .version = "0.1.0",
    .target = "by hand",
    .summary = "classifier  image [28, 28] -> probs [10]   7,850 parameters\n",
    .hash = 0x5EED5EED5EED5EEDU,
    .state_bytes = sizeof(State),
    .n_tensors = (int)(sizeof tensors / sizeof tensors[0]),
    .tensor = tensors,
    .offset_seed = offsetof(State, seed),
    .offset_step = offsetof(State, step),
    .offset_epoch = offsetof(State, epoch),
    .offset_steps_per_epoch = offsetof(State, steps_per_epoch),
    .offset_total_steps = offsetof(State, total_steps),
    .offset_lr_scale = offsetof(State, lr_scale),
    .data = &data,
    .train_name = "train",
    .batch = BATCH,
    .epochs = 3,
    .seed = 1,
    .stop = { DLC_WATCH_LOSS, 0, DLC_VALID, 5 },
    .keep = { DLC_WATCH_METRIC, 1, DLC_VALID, 0 },
    .n_reports = 2,
    .report = reports,
    .arena_bytes = sizeof(Arena),
    .init = init,
    .step = step,
    .eval = eval,
    .grad = grad,
    .losses = &twin,
    .measure = measure,
    .n_measured = 1,
    .measured = measured,
    .n_nets = 1,
    .net = nets,
    .class_net = 0,
    .class_field = 1,
    .n_kernels = 3,
    .kernel = kernels,
    .profile_hook = &hook,
};

int main(int argc, char **argv)
{
    return dlc_main(&model, argc, argv);
}
