/* fault.c - what went wrong, in words for the user. */
#include "host/report/fault.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool dlc_fault(Fault *fault, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(fault->message, sizeof fault->message, format, list);
    va_end(list);
    fault->help[0] = '\0';
    return false;
}

bool dlc_fault_help(Fault *fault, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(fault->help, sizeof fault->help, format, list);
    va_end(list);
    return false;
}

void *dlc_new(size_t count, size_t size, const char *what, Fault *fault)
{
    void *memory = NULL;
    if (size == 0 || count <= (SIZE_MAX - 64) / size) {
        const size_t bytes = (count * size + 63) / 64 * 64;
        memory = aligned_alloc(64, bytes == 0 ? 64 : bytes);
        if (memory != NULL) {
            memset(memory, 0, bytes == 0 ? 64 : bytes);
        }
    }
    if (memory == NULL) {
        dlc_fault(fault, "out of memory for %s (%zu x %zu bytes)", what, count, size);
    }
    return memory;
}

char *dlc_copy_text(const char *text, Fault *fault)
{
    const size_t bytes = strlen(text) + 1;
    char *copy = dlc_new(bytes, 1, "a name", fault);
    if (copy != NULL) {
        memcpy(copy, text, bytes);
    }
    return copy;
}
