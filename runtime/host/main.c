/* main.c - main() of every training program: reads the command line, runs one command,
 * prints what went wrong. Exit status: 0, 1 error, 2 usage, 128 + signal. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "host/session.h"
#include "host/train/denormal.h"

static int fail(const Session *session, int status)
{
    fflush(stdout);
    fprintf(stderr, "%s: error: %s\n", session->model->name, session->fault.message);
    if (session->fault.help[0] != '\0') {
        fprintf(stderr, "%s: help: %s\n", session->model->name, session->fault.help);
    }
    return status;
}

static bool run(Session *session, int *status)
{
    switch (session->options.command) {
    case COMMAND_TRAIN:
        return dlc_command_train(session, status);
    case COMMAND_EVAL:
        return dlc_command_eval(session, status);
    case COMMAND_PREDICT:
        return dlc_command_predict(session, status);
    case COMMAND_EXPLAIN:
        return dlc_command_explain(session, status);
    case COMMAND_INFO:
        return dlc_command_info(session, status);
    case COMMAND_CHECK:
        return dlc_command_check(session, status);
    case COMMAND_BENCH:
        return dlc_command_bench(session, status);
    case COMMAND_CALIBRATE:
        return dlc_command_calibrate(session, status);
    case COMMAND_COMPARE:
        return dlc_command_compare(session, status);
    case COMMAND_VERSION:
        printf("%s, dlc %s, target %s\n", session->model->name, session->model->version,
               session->model->target);
        return true;
    default:
        dlc_options_help(session->model);
        return true;
    }
}

int dlc_main(const dlc_model *model, int argc, char **argv)
{
    Session session = { .model = model };
    int status = 0;
    /* A file that grows past its limit (ulimit -f) is a write error, not a signal. */
    signal(SIGXFSZ, SIG_IGN);
    dlc_flush_denormals();
    if (!dlc_options_parse(&session.options, argc, argv, &session.fault)) {
        return fail(&session, 2);
    }
    session.seed = session.options.has_seed ? session.options.seed : model->seed;
    snprintf(session.out_default, sizeof session.out_default, "./%.250s.out",
             model->name);
    session.out =
        session.options.out != NULL ? session.options.out : session.out_default;
    const bool done = run(&session, &status);
    dlc_session_release(&session);
    if (!done) {
        return fail(&session, 1);
    }
    errno = 0;
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0) {
        dlc_fault(&session.fault, "standard output cannot be written: %s",
                  errno != 0 ? strerror(errno) : "write error");
        return fail(&session, 1);
    }
    return status;
}
