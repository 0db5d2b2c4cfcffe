/* command.h - running other programs, and what to run. */
#ifndef DLC_DRIVER_COMMAND_H
#define DLC_DRIVER_COMMAND_H

#include "driver/session.h"

typedef VEC(const char *) Words;

void words_push(Session *s, Words *w, const char *word);
void words_split(Session *s, Words *w, const char *text); /* at blanks */

/* Between command_watch(true) and (false) SIGINT, SIGTERM and SIGHUP stop the command
 * that runs; the caller clears up and ends as the signal would have ended it. */
void command_watch(bool on);
int command_signal(void); /* that came; 0: none */

/* Runs a command, with what it says in `log`. Its exit status, or -1. */
int command_run(Session *s, Words words, const char *log);

const char *command_self(Session *s); /* the path of this program */

#endif
