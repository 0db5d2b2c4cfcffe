/* count.c - a plugin of QEMU (its interface 1, version 7.2): exact counts between the
 * marks of mark.h, and the deepest stack address written.
 *
 * Prints a line for each pair of marks, to `out=FILE`:
 *     instructions N stack BYTES       BYTES below `top=ADDRESS`
 * and for one pair, the first or `region=INDEX`, with `histogram=on`, how often each
 * instruction ran ("pc ADDRESS N") and each branch was taken ("taken ADDRESS N"), for
 * cycles.py.
 *
 * The few declarations that are needed stand here: Debian ships no header for them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t PluginId;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void TranslateCallback(PluginId id, struct qemu_plugin_tb *tb);
typedef void ExecCallback(unsigned cpu, void *data);
typedef void MemoryCallback(unsigned cpu, uint32_t info, uint64_t address, void *data);
enum { STACK_LENGTH = 16384 }; /* what board.ld.in keeps free below the top */
enum { INLINE_ADD_U64 = 0, NO_REGISTERS = 0, MEMORY_ALL = 3 };

void qemu_plugin_register_vcpu_tb_trans_cb(PluginId, TranslateCallback *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, ExecCallback *, int,
                                          void *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, ExecCallback *,
                                            int, void *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int, void *,
                                                uint64_t);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, MemoryCallback *, int,
                                      int, void *);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(PluginId id, const void *info, int argc, char **argv);

typedef struct Place { /* an instruction, or a block that ended with a taken branch */
    uint64_t address, end, count;
    struct Place *next;
} Place;

static FILE *out;
static bool want_histogram;
static unsigned region, wanted; /* marked regions so far; the one with a histogram */
static uint64_t total, began, stack_top, stack_low;
static Place *instruction, *block, *last_block;

static Place *place_new(Place **list, uint64_t address)
{
    Place *p = calloc(1, sizeof *p);
    if (p == NULL)
        abort();
    p->address = address;
    p->next = *list;
    return *list = p;
}

static void clear(Place *list)
{
    for (; list != NULL; list = list->next)
        list->count = 0;
}

static void print(const char *what, const Place *list)
{
    for (; list != NULL; list = list->next)
        if (list->count > 0)
            fprintf(out, "%s %08llx %llu\n", what, (unsigned long long)list->address,
                    (unsigned long long)list->count);
}

static void begin(unsigned cpu, void *data)
{
    (void)cpu;
    (void)data;
    began = total;
    stack_low = stack_top;
    if (region == wanted) {
        clear(instruction);
        clear(block);
    }
}

static void end(unsigned cpu, void *data)
{
    (void)cpu;
    (void)data;
    fprintf(out, "instructions %llu stack %llu\n", /* less the mark itself */
            (unsigned long long)(total - began - 1),
            (unsigned long long)(stack_top - stack_low));
    if (want_histogram && region == wanted) {
        print("pc", instruction);
        print("taken", block);
    }
    region++;
    fflush(out);
}

static void enter(unsigned cpu, void *data)
{
    Place *b = data; /* address: of its last instruction; end: behind it */
    (void)cpu;
    if (last_block != NULL && last_block->next != NULL)
        last_block->count += last_block->end != *(uint64_t *)(b + 1);
    last_block = b;
}

static void store(unsigned cpu, uint32_t info, uint64_t address, void *data)
{
    (void)cpu;
    (void)info;
    (void)data;
    if (address < stack_low && stack_top - address < STACK_LENGTH)
        stack_low = address;
}

/* Mark k of mark.h: 1 begins, 2 ends. Of Thumb, 0xBF50 and 0xBF60; of RISC-V, slti x0,
 * x0, k. At the end of a page, QEMU looks at the next instruction and adds it to the
 * size, which therefore says nothing. */
static bool is_mark(struct qemu_plugin_insn *insn, unsigned char k)
{
    const unsigned char *d = qemu_plugin_insn_data(insn);
    if (d[1] == 0xBF && d[0] == (k << 4) + 0x40)
        return true;
    return qemu_plugin_insn_size(insn) == 4 && d[0] == 0x13 && d[1] == 0x20 &&
           d[2] == k << 4 && d[3] == 0;
}

/* A block with the address it starts at behind it. */
static void watch_block(struct qemu_plugin_tb *tb, size_t n)
{
    Place *b = calloc(1, sizeof *b + sizeof(uint64_t));
    struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, n - 1);
    if (b == NULL)
        abort();
    b->address = qemu_plugin_insn_vaddr(last);
    b->end = b->address + qemu_plugin_insn_size(last);
    *(uint64_t *)(b + 1) = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
    b->next = block;
    block = b;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, enter, NO_REGISTERS, b);
}

static void translate(PluginId id, struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb);
    (void)id;
    if (want_histogram)
        watch_block(tb, n);
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &total, 1);
        qemu_plugin_register_vcpu_mem_cb(insn, store, NO_REGISTERS, MEMORY_ALL, NULL);
        if (want_histogram) {
            Place *p = place_new(&instruction, qemu_plugin_insn_vaddr(insn));
            qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &p->count,
                                                       1);
        }
        if (is_mark(insn, 1))
            qemu_plugin_register_vcpu_insn_exec_cb(insn, begin, NO_REGISTERS, NULL);
        if (is_mark(insn, 2))
            qemu_plugin_register_vcpu_insn_exec_cb(insn, end, NO_REGISTERS, NULL);
    }
}

EXPORT int qemu_plugin_install(PluginId id, const void *info, int argc, char **argv)
{
    (void)info;
    out = stderr;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "out=", 4) == 0)
            out = fopen(argv[i] + 4, "w");
        else if (strncmp(argv[i], "top=", 4) == 0)
            stack_top = strtoull(argv[i] + 4, NULL, 0);
        else if (strncmp(argv[i], "region=", 7) == 0)
            wanted = (unsigned)strtoul(argv[i] + 7, NULL, 0);
        else if (strcmp(argv[i], "histogram=on") == 0)
            want_histogram = true;
    }
    if (out == NULL)
        return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    return 0;
}
