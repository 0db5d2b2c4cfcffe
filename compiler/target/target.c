/* target.c - the table of targets and the level of this machine, see target.h. */
#include "target/target.h"
#include "support/bug.h"
#include "support/str.h"

#define TARGET(name, summary, lanes, registers, fma, guard, header, march, l1, l2,     \
               int8, flash)                                                            \
    { #name, summary,     lanes, registers, fma,         guard, header,                \
      march, (lanes) > 1, l1,    l2,        INT8_##int8, flash },
static const Target target_table[] = {
#include "target/targets.def"
};
#undef TARGET

#define COST(target, numbers, convolution, depthwise, dense, result, flop)             \
    { #target, COST_##numbers, convolution, depthwise, dense, result, flop },
static const TargetCost cost_table[] = {
#include "target/costs.def"
};
#undef COST

const TargetCost *target_cost(const Target *t, CostNumbers numbers)
{
    for (int i = 0; i < ARRAY_LEN(cost_table); i++)
        if (cost_table[i].numbers == numbers &&
            str_equal(cost_table[i].target, t->name))
            return &cost_table[i];
    return NULL;
}

#define ALIAS(name, level, target) { #name, level, #target },
static const struct {
    const char *name, *level, *target;
} alias_table[] = {
#include "target/aliases.def"
};
#undef ALIAS

const char *target_of_alias(const char *name, const char *level)
{
    for (int i = 0; i < ARRAY_LEN(alias_table); i++) {
        const char *own = alias_table[i].level;
        if (str_equal(alias_table[i].name, name) &&
            (own == NULL || level == NULL ? own == level : str_equal(own, level)))
            return alias_table[i].target;
    }
    return NULL;
}

const char *target_alias_at(int i, const char **level)
{
    if (i >= ARRAY_LEN(alias_table))
        return NULL;
    *level = alias_table[i].level;
    return alias_table[i].name;
}

const Target *target_find(const char *name)
{
    for (int i = 0; i < ARRAY_LEN(target_table); i++)
        if (str_equal(target_table[i].name, name))
            return &target_table[i];
    return NULL;
}

/* Cores with vectors, and C for any machine, are none. */
bool target_is_device(const Target *t)
{
    return !t->is_host && t->march[0] != '\0';
}

int target_count(void)
{
    return ARRAY_LEN(target_table);
}

const Target *target_at(int i)
{
    return &target_table[i];
}

const Target *target_of_host(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
              __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    bool v4 = v3 && __builtin_cpu_supports("avx512f") &&
              __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512cd") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (v4)
        return target_find("x86_64_v4");
    if (v3)
        return target_find("x86_64_v3");
    if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt"))
        return target_find("x86_64_v2");
    return target_find("c99");
#elif defined(__aarch64__)
    return target_find("aarch64");
#else
    return target_find("c99");
#endif
}
