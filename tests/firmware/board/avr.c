/* avr.c MCU PROGRAM.elf COUNT OUTPUT [CYCLES] - runs a program on simavr. The program
 * writes bytes of its output to GPIOR2 or to its first serial port, 1 and 2 to GPIOR1
 * where counting begins and ends, and its exit status to GPIOR0; one that never ends
 * runs for CYCLES. COUNT gets `instructions N stack BYTES cycles N` for each
 * pair of marks; cycles are those of the part's manual. */
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>
#include <simavr/sim_io.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GPIOR0 = 0x3e, GPIOR1 = 0x4a, GPIOR2 = 0x4b };

typedef struct Run {
    FILE *count, *output;
    bool done;
    int status;
    unsigned long long instructions, began, began_cycle;
    unsigned stack,
        low; /* the stack pointer at the first mark, its lowest value since */
} Run;

static unsigned stack_pointer(const avr_t *avr)
{
    return avr->data[R_SPL] | (unsigned)avr->data[R_SPH] << 8;
}

static void write_status(avr_t *avr, avr_io_addr_t address, uint8_t value, void *data)
{
    Run *run = data;
    (void)avr;
    (void)address;
    run->done = true;
    run->status = value;
}

static void write_mark(avr_t *avr, avr_io_addr_t address, uint8_t value, void *data)
{
    Run *run = data;
    (void)address;
    if (value == 1) {
        run->began = run->instructions;
        run->began_cycle = avr->cycle;
        run->stack = run->low = stack_pointer(avr);
    } else {
        fprintf(run->count, "instructions %llu stack %u cycles %llu\n",
                run->instructions - run->began - 1, run->stack - run->low,
                (unsigned long long)avr->cycle - run->began_cycle - 1);
    }
}

static void write_output(avr_t *avr, avr_io_addr_t address, uint8_t value, void *data)
{
    Run *run = data;
    (void)avr;
    (void)address;
    putc(value, run->output);
}

static void write_serial(avr_irq_t *irq, uint32_t value, void *data)
{
    Run *run = data;
    (void)irq;
    putc((int)value, run->output);
}

static void watch_serial(avr_t *avr, Run *run)
{
    uint32_t flags = 0;
    avr_irq_t *irq = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT);
    if (irq == NULL)
        return;
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~(uint32_t)AVR_UART_FLAG_STDIO;
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    avr_irq_register_notify(irq, write_serial, run);
}

static void quiet(avr_t *avr, const int level, const char *format, va_list arguments)
{
    (void)avr;
    if (level <= LOG_WARNING)
        vfprintf(stderr, format, arguments);
}

int main(int argc, char **argv)
{
    elf_firmware_t firmware;
    const unsigned long long most = 4000000000ull; /* instructions */
    memset(&firmware, 0, sizeof firmware);
    const bool good = argc == 5 || argc == 6;
    const unsigned long long cycles = argc == 6 ? strtoull(argv[5], NULL, 10) : 0;
    avr_t *avr = good ? avr_make_mcu_by_name(argv[1]) : NULL;
    Run run = { .count = good ? fopen(argv[3], "w") : NULL,
                .output = good ? fopen(argv[4], "w") : NULL };
    if (avr == NULL || run.count == NULL || run.output == NULL ||
        elf_read_firmware(argv[2], &firmware) != 0)
        return 120;
    avr_init(avr);
    avr_global_logger_set(quiet);
    avr->frequency = firmware.frequency = 16000000;
    avr_load_firmware(avr, &firmware);
    avr_register_io_write(avr, GPIOR0, write_status, &run);
    avr_register_io_write(avr, GPIOR1, write_mark, &run);
    avr_register_io_write(avr, GPIOR2, write_output, &run);
    watch_serial(avr, &run);
    while (!run.done && run.instructions < most) {
        const int state = avr_run(avr);
        run.instructions++;
        if (cycles > 0 && avr->cycle > cycles)
            run.done = true;
        if (stack_pointer(avr) < run.low)
            run.low = stack_pointer(avr);
        if (state == cpu_Crashed || state == cpu_Done)
            return 112;
    }
    return fclose(run.count) != 0 || fclose(run.output) != 0 || !run.done ? 113
                                                                          : run.status;
}
