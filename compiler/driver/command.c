/* command.c - see command.h. */
#define _POSIX_C_SOURCE 200809L
#include "driver/command.h"
#include "support/bug.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void words_push(Session *s, Words *w, const char *word)
{
    vec_push(s->run, w, word);
}

void words_split(Session *s, Words *w, const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        if (n > 0)
            words_push(s, w, str_copy(s->run, text, n));
        text += n + (text[n] == ' ');
    }
}

/* SIGINT, SIGTERM or SIGHUP while a compiler runs: it is stopped, the folder removed,
 * and dlc ends as the signal would have ended it. */
static volatile sig_atomic_t caught;

static void catch_signal(int number)
{
    caught = number;
}

static const int caught_signals[] = { SIGHUP, SIGINT, SIGTERM };

void command_watch(bool on)
{
    struct sigaction action = { .sa_handler = on ? catch_signal : SIG_DFL };
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < ARRAY_LEN(caught_signals); i++) {
        struct sigaction old;
        sigaction(caught_signals[i], NULL, &old);
        if (old.sa_handler != SIG_IGN) /* nohup */
            sigaction(caught_signals[i], &action, NULL);
    }
}

/* Waits for the child; a signal goes on to it. */
static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
        if (caught != 0)
            kill(child, SIGTERM);
    }
    return caught == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int command_run(Session *s, Words words, const char *log)
{
    char **argv = arena_array(s->run, char *, words.n + 1);
    for (int i = 0; i < words.n; i++)
        argv[i] = str_copy(s->run, words.at[i], strlen(words.at[i]));
    pid_t child = caught == 0 ? fork() : -1;
    if (child < 0)
        return -1;
    if (child == 0) {
        command_watch(false);
        int out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        int in = open("/dev/null", O_RDONLY);
        if (out < 0 || in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
            dup2(out, 2) < 0)
            _exit(126);
        execvp(argv[0], argv);
        dprintf(2, "%s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    return wait_for(child);
}

const char *command_self(Session *s)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    return n > 0 ? str_copy(s->run, path, (size_t)n) : s->argv[0];
}

int command_signal(void)
{
    return caught;
}
