/* parts_test.c - Philox, orders, the team's barrier, safetensors files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "device/philox.h"
#include "host/data/shuffle.h"
#include "host/report/confusion.h"
#include "host/report/text.h"
#include "host/train/engine.h"
#include "host/train/safetensors.h"
#include "host/train/team.h"

static Fault fault;

/* Random123's kat_vectors, philox4x32 with 10 rounds. */
static void test_philox_known_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], word[4];
    } known[] = {
        { { 0, 0, 0, 0 },
          { 0, 0 },
          { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
          { 0xffffffff, 0xffffffff },
          { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
          { 0xa4093822, 0x299f31d0 },
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint32_t word[4];
        dlc_philox(word, known[i].counter, known[i].key);
        assert_memory_equal(word, known[i].word, sizeof word);
    }
}

static void test_shuffle(void **state)
{
    uint32_t order[1000], other[1000];
    int seen[1000] = { 0 }, kept = 0;
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        order[i] = other[i] = i;
    }
    Random a = dlc_random(7, PURPOSE_EPOCH, 0), b = dlc_random(7, PURPOSE_EPOCH, 1);
    dlc_shuffle(order, 1000, &a);
    dlc_shuffle(other, 1000, &b);
    assert_memory_not_equal(order, other,
                            sizeof order); /* another epoch, another order */
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(seen[order[i]]++, 0);
        kept += order[i] == i;
    }
    assert_true(kept < 10); /* 1 is expected */
    for (int i = 0; i < 1000; i++) {
        assert_true(dlc_random_below(&a, 3) < 3);
    }
}

/* ---- team ------------------------------------------------------------------------ */

enum { ROUNDS = 2000 };

typedef struct Shared {
    int value[4]; /* one a member */
    int wrong;
} Shared;

/* Everyone writes, all meet, everyone reads what the others wrote. */
static void meet(void *arg, const dlc_team *member)
{
    Shared *shared = arg;
    for (int round = 1; round <= ROUNDS; round++) {
        shared->value[member->rank] = round;
        member->wait(member);
        for (int i = 0; i < member->size; i++) {
            if (shared->value[i] != round) {
                shared->wrong = 1;
            }
        }
        member->wait(member);
    }
}

static void test_team_meets(void **state)
{
    (void)state;
    for (int size = 2; size <= 4; size++) {
        Team *team = dlc_team_new(size, &fault);
        assert_non_null(team);
        for (int run = 0; run < 3; run++) {
            Shared shared = { .wrong = 0 };
            dlc_team_run(team, meet, &shared);
            assert_int_equal(shared.wrong, 0);
            assert_int_equal(shared.value[size - 1], ROUNDS);
        }
        dlc_team_free(team);
    }
}

static void alone(void *arg, const dlc_team *member)
{
    *(int *)arg = member == NULL;
}

static void test_team_of_one(void **state)
{
    int was_null = 0;
    (void)state;
    Team *team = dlc_team_new(1, &fault);
    dlc_team_run(team, alone, &was_null);
    assert_int_equal(was_null, 1);
    dlc_team_free(team);
}

/* ---- safetensors ----------------------------------------------------------------- */

static void write_file(const char *path, uint64_t length, const char *header,
                       const void *data, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 8; i++) {
        fputc((int)(length >> 8 * i & 0xFF), file);
    }
    fwrite(header, 1, strlen(header), file);
    fwrite(data, 1, n, file);
    assert_int_equal(fclose(file), 0);
}

static void refused(const char *header, size_t n_data, const char *part)
{
    static const char zeros[64];
    SafeFile file;
    write_file("bad.safetensors", strlen(header), header, zeros, n_data);
    assert_false(dlc_safetensors_open(&file, "bad.safetensors", &fault));
    if (strstr(fault.message, part) == NULL) {
        fail_msg("expected \"%s\" in \"%s\"", part, fault.message);
    }
    assert_non_null(strstr(fault.message, "bad.safetensors"));
}

#define W "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":"

static void test_safetensors_refuses(void **state)
{
    SafeFile file;
    (void)state;
    refused("", 0, "expected `{`");
    refused("{" W "[0,8]}", 8, "expected `}`");
    refused("{" W "[0,8]}} x", 8, "expected the end of the header");
    refused("{" W "[0,8]}}", 7,
            "is truncated: tensor w ends at offset 70, the file at 69");
    refused("{" W "[0,9]}}", 9, "has offsets 0 .. 9, but its shape takes 8 bytes");
    refused("{" W "[8,0]}}", 8, "has offsets 8 .. 0");
    refused("{" W "[-8,0]}}", 8, "expected an integer");
    refused("{" W "[0,99999999999999999999]}}", 8, "expected an integer below 2^63");
    refused("{" W "[0,8]}," W "[0,8]}}", 8, "tensor w occurs twice");
    refused("{\"w\":{\"dtype\":\"Q4\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8,
            "unknown element type Q4");
    refused("{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "lacks dtype");
    refused("{\"w\":{\"dtype\":\"F32\",\"shape\":[9999999999,9999999999],"
            "\"data_offsets\":[0,8]}}",
            8, "larger than 2^63 bytes");
    refused("{\"w\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],"
            "\"data_offsets\":[0,4]}}",
            4, "expected fewer numbers");
    refused("{\"a\\q\":{}}", 0, "expected an escape");
    refused("{\"a\\u00", 0, "expected an escape");
    refused("{\"a\nb\":1}", 0, "expected a closing quote");
    refused("[[[[[[[[[[[[[[[[", 0, "expected `{`");
    write_file("bad.safetensors", UINT64_MAX, "{}", "", 0);
    assert_false(dlc_safetensors_open(&file, "bad.safetensors", &fault));
    assert_string_equal(fault.message, "bad.safetensors: offset 0: claims a header of "
                                       "18446744073709551615 bytes in a file of 10");
    assert_false(dlc_safetensors_open(&file, ".", &fault));
}

static SafeTensor tensor_of(const char *name, const char *dtype, int64_t n,
                            const void *data, int64_t bytes)
{
    return (SafeTensor){ .name = name,
                         .dtype = dtype,
                         .rank = 1,
                         .dim = { n },
                         .data = data,
                         .bytes = bytes };
}

static void test_safetensors_round_trip(void **state)
{
    static const uint8_t u[3] = { 7, 8, 9 };
    static const float f[2] = { 1.5F, -2.5F };
    SafeTensor tensor[] = { tensor_of("u \"quoted\"\n", "U8", 3, u, 3),
                            tensor_of("net/w", "F32", 2, f, 8) };
    const SafeMeta meta[] = { { "seed", "42" }, { "a\\b", "\xC3\xA9" } };
    SafeFile file;
    float back[2];
    (void)state;
    assert_true(dlc_safetensors_write("t.safetensors", tensor, 2, meta, 2, &fault));
    assert_int_not_equal(access("t.safetensors.tmp", F_OK), 0);
    assert_true(dlc_safetensors_open(&file, "t.safetensors", &fault));
    assert_int_equal(file.data_start % 8, 0);
    assert_string_equal(dlc_safetensors_meta(&file, "seed"), "42");
    assert_string_equal(dlc_safetensors_meta(&file, "a\\b"), "\xC3\xA9");
    const SafeTensor *w = dlc_safetensors_find(&file, "net/w");
    assert_non_null(w);
    assert_int_equal(w->offset, 0); /* the larger elements first */
    assert_true(dlc_safetensors_read(&file, w, back, &fault));
    assert_memory_equal(back, f, sizeof f);
    assert_non_null(dlc_safetensors_find(&file, "u \"quoted\"\n"));
    assert_null(dlc_safetensors_find(&file, "net"));
    dlc_safetensors_close(&file);
}

/* Any one byte of a good header may be anything: refused or read, never a crash. */
static void test_safetensors_survives_changes(void **state)
{
    static const float f[2] = { 1, 2 };
    SafeTensor tensor[] = { tensor_of("net/w", "F32", 2, f, 8) };
    unsigned char bytes[400];
    (void)state;
    assert_true(dlc_safetensors_write("t.safetensors", tensor, 1, NULL, 0, &fault));
    FILE *in = fopen("t.safetensors", "rb");
    const size_t n = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    for (size_t at = 0; at < n - 8; at++) {
        static const unsigned char change[] = { 0, '"', '\\', '{', '}', '9', 0xFF };
        for (size_t c = 0; c < sizeof change; c++) {
            const unsigned char saved = bytes[at];
            SafeFile file;
            bytes[at] = change[c];
            FILE *out = fopen("m.safetensors", "wb");
            fwrite(bytes, 1, n, out);
            fclose(out);
            if (dlc_safetensors_open(&file, "m.safetensors", &fault)) {
                dlc_safetensors_close(&file);
            }
            bytes[at] = saved;
        }
    }
}

static void test_safetensors_full_disk(void **state)
{
    static const float f[2] = { 1, 2 };
    SafeTensor tensor[] = { tensor_of("net/w", "F32", 2, f, 8) };
    (void)state;
    unlink("full.safetensors.tmp");
    assert_int_equal(symlink("/dev/full", "full.safetensors.tmp"), 0);
    assert_false(dlc_safetensors_write("full.safetensors", tensor, 1, NULL, 0, &fault));
    assert_string_equal(fault.message,
                        "full.safetensors: cannot be written: No space left on device");
    assert_int_not_equal(access("full.safetensors", F_OK), 0);
    assert_int_not_equal(access("full.safetensors.tmp", F_OK), 0);
}

/* ---- measured states ------------------------------------------------------------- */

typedef struct Tiny {
    float mean[2], var;
    uint64_t seed;
    uint32_t step;
    float epoch, steps_per_epoch, total_steps, lr_scale;
} Tiny;

static void tiny_init(void *state, uint64_t seed, void *arena)
{
    memset(state, 0, sizeof(Tiny));
    (void)seed;
    (void)arena;
}

static void tiny_measure(const void *state, const void *const *field, float *const *out,
                         void *arena, const dlc_team *team)
{
    (void)state;
    (void)arena;
    (void)team;
    memcpy(out[0], field[0], 4 * 4 * sizeof(float)); /* [batch 4][2, 2] */
}

/* Report: the sample's first number. */
static void tiny_eval(void *state, const void *const *field, float *report,
                      uint32_t split, uint32_t first, void *arena, const dlc_team *team)
{
    const float *x = field[0];
    (void)state;
    (void)split;
    (void)first;
    (void)arena;
    (void)team;
    for (int s = 0; s < 4; s++) {
        report[s] = x[4 * s];
    }
}

static double tiny_rows[24];
static const dlc_type tiny_square = { .dtype = DLC_F32, .rank = 2, .dim = { 2, 2 } };
static const dlc_field tiny_field[] = {
    { "x", { .dtype = DLC_F32, .rank = 2, .dim = { 2, 2 } } }
};
static const dlc_tensor tiny_tensor[] = {
    { .name = "mean",
      .role = DLC_STATE,
      .offset = offsetof(Tiny, mean),
      .type = { .dtype = DLC_F32, .rank = 1, .dim = { 2 } },
      .measure = DLC_MEASURE_MEAN },
    { .name = "var",
      .role = DLC_STATE,
      .offset = offsetof(Tiny, var),
      .type = { .dtype = DLC_F32 },
      .measure = DLC_MEASURE_VAR },
};
static const dlc_report tiny_report = { "loss", true, false, false };
static const dlc_data tiny_data = {
    .name = "d",
    .n_fields = 1,
    .field = tiny_field,
    .split = { [DLC_TRAIN] = { .kind = DLC_SOURCE_ROWS,
                               .rows = tiny_rows,
                               .n_rows = 6 } },
};
static const dlc_model tiny_model = {
    .name = "tiny",
    .source = "tiny.dl",
    .state_bytes = sizeof(Tiny),
    .n_tensors = 2,
    .tensor = tiny_tensor,
    .offset_seed = offsetof(Tiny, seed),
    .offset_step = offsetof(Tiny, step),
    .offset_epoch = offsetof(Tiny, epoch),
    .offset_steps_per_epoch = offsetof(Tiny, steps_per_epoch),
    .offset_total_steps = offsetof(Tiny, total_steps),
    .offset_lr_scale = offsetof(Tiny, lr_scale),
    .data = &tiny_data,
    .batch = 4,
    .n_reports = 1,
    .report = &tiny_report,
    .init = tiny_init,
    .eval = tiny_eval,
    .measure = tiny_measure,
    .n_measured = 1,
    .measured = &tiny_square,
    .class_net = -1,
};

/* Six samples of [2, 2] in batches of four: padding must not count. Means are over the
 * samples and the leading axis; the variance is over everything. */
static void test_measure_and_evaluate(void **state)
{
    const Places places = { NULL, "tiny.dl" };
    Engine engine;
    Dataset set;
    double even = 0, odd = 0, squares = 0, first = 0, mean = 0;
    (void)state;
    for (int i = 0; i < 24; i++) {
        const double v = tiny_rows[i] = i * i - 30;
        *(i % 2 == 0 ? &even : &odd) += v / 12;
        first += i % 4 == 0 ? v / 6 : 0;
    }
    for (int i = 0; i < 24; i++) {
        const double d = tiny_rows[i] - (even + odd) / 2;
        squares += d * d / 24;
    }
    assert_true(dlc_dataset_load(&set, &tiny_data, &places, 0, 1, &fault));
    assert_true(dlc_engine_init(&engine, &tiny_model, 2, &fault));
    dlc_engine_start(&engine, 1);
    assert_true(dlc_engine_measure_split(&engine, &set.split[DLC_TRAIN], &fault));
    const Tiny *t = (const Tiny *)(const void *)engine.state;
    assert_float_equal(t->mean[0], (float)even, 1e-5);
    assert_float_equal(t->mean[1], (float)odd, 1e-5);
    assert_float_equal(t->var, (float)squares, 1e-2);
    assert_true(dlc_engine_evaluate(&engine, &set.split[DLC_TRAIN], 0, NULL, &mean));
    assert_true(mean > first - 1e-9 && mean < first + 1e-9);
    dlc_engine_release(&engine);
    dlc_dataset_release(&set);
}

/* ---- report ---------------------------------------------------------------------- */

static void test_confusion(void **state)
{
    Confusion c;
    (void)state;
    assert_true(dlc_confusion_init(&c, 3, &fault));
    dlc_confusion_add(&c, 0, 0);
    dlc_confusion_add(&c, 0, 1);
    dlc_confusion_add(&c, 1, 1);
    const ClassScore zero = dlc_confusion_score(&c, 0),
                     two = dlc_confusion_score(&c, 2);
    assert_true(zero.precision == 1 && zero.recall == 0.5 && zero.support == 2);
    assert_true(zero.f1 > 0.66 && zero.f1 < 0.67);
    assert_true(two.precision == 0 && two.f1 == 0 && two.support == 0);
    dlc_confusion_release(&c);
}

static void test_text(void **state)
{
    static const char *const names[] = { "train", "eval", "predict" };
    char b[DLC_NUMBER_SIZE];
    (void)state;
    assert_string_equal(dlc_count(b, 1234567), "1,234,567");
    assert_string_equal(dlc_count(b, -123456), "-123,456");
    assert_string_equal(dlc_number(b, 0.25431), "0.2543");
    assert_string_equal(dlc_number(b, 3.21e-6), "3.210e-06");
    assert_string_equal(dlc_duration(b, 3723), "1:02:03");
    assert_string_equal(dlc_bytes(b, 1536), "1.5 KiB");
    assert_string_equal(dlc_nearest("trian", names, 3), "train");
    assert_null(dlc_nearest("xyz", names, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_philox_known_answers),
        cmocka_unit_test(test_shuffle),
        cmocka_unit_test(test_team_meets),
        cmocka_unit_test(test_team_of_one),
        cmocka_unit_test(test_safetensors_refuses),
        cmocka_unit_test(test_safetensors_round_trip),
        cmocka_unit_test(test_safetensors_survives_changes),
        cmocka_unit_test(test_safetensors_full_disk),
        cmocka_unit_test(test_measure_and_evaluate),
        cmocka_unit_test(test_confusion),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
