/* bug.h - the compiler is wrong. A user's mistake is a diagnostic (diag.h), never this.
 */
#ifndef DLC_SUPPORT_BUG_H
#define DLC_SUPPORT_BUG_H

/* Prints file:line and the message, asks for a report, exits 70. */
#define BUG(...) bug_report(__FILE__, __LINE__, __VA_ARGS__)

#if defined(__GNUC__)
__attribute__((noreturn, format(printf, 3, 4)))
#endif
void bug_report(const char *file, int line, const char *format, ...);

/* Called before exit when set: the driver writes a reproducer here. */
typedef void BugHook(void *context);
void bug_set_hook(BugHook *hook, void *context);

#define ARRAY_LEN(a) ((int)(sizeof(a) / sizeof((a)[0])))

#endif
