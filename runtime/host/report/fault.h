/* fault.h - what went wrong, in words for the user.
 *
 * Law of the runtime: a function that returns false (or NULL, or -1) has described the
 * reason in its Fault; callers pass it on and only main prints it. */
#ifndef DLC_HOST_REPORT_FAULT_H
#define DLC_HOST_REPORT_FAULT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Fault {
    char message[3000]; /* one line, lower case, no full stop */
    char help[1000];    /* what to do; "": nothing to say */
} Fault;

#if defined(__GNUC__)
#define DLC_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define DLC_PRINTF(text, first)
#endif

/* Describes a failure and clears the help. Returns false. Too long a text is cut. */
bool dlc_fault(Fault *fault, const char *format, ...) DLC_PRINTF(2, 3);

/* Adds a hint to the failure that was described before. Returns false. */
bool dlc_fault_help(Fault *fault, const char *format, ...) DLC_PRINTF(2, 3);

/* Memory for `count` objects of `size` bytes, zeroed, aligned to 64 bytes, released by
 * free(). NULL: reported. `what` names it in the message. */
void *dlc_new(size_t count, size_t size, const char *what, Fault *fault);

/* A copy of a string in new memory. NULL: reported. */
char *dlc_copy_text(const char *text, Fault *fault);

#endif
