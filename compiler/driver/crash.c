/* crash.c - what a bug of the compiler leaves behind: dlc-crash.dlir with the command
 * that reproduces it and the graph that was in the pipeline, as it is now. */
#include "driver/session.h"
#include "graph/text.h"

#include <stdio.h>

static void comment_text(FILE *f, const char *text)
{
    fputs("# | ", f);
    for (; *text != '\0'; text++) {
        fputc(*text, f);
        if (*text == '\n' && text[1] != '\0')
            fputs("# | ", f);
    }
}

void session_crash(void *session)
{
    Session *s = session;
    FILE *f = fopen("dlc-crash.dlir", "w");
    const Graph *g = s->graph;
    s->graph = NULL; /* printing it may fail as well */
    if (f == NULL)
        return;
    fprintf(f, "# dlc %s stopped with a bug. The command was:\n#", DLC_VERSION);
    for (int i = 0; i < s->argc; i++)
        fprintf(f, " %s", s->argv[i]);
    fputs("\n", f);
    for (int i = 0; i < map_count(s->source); i++) {
        const Source *source = map_value(s->source, i);
        fprintf(f, "# %s\n", source->name);
        comment_text(f, source->text);
        fputs("\n", f);
    }
    fflush(f);
    if (g != NULL) {
        Out text;
        out_init(&text, s->run);
        graph_print(g, &text);
        fputs(out_text(&text), f);
    }
    fclose(f);
    fputs("dlc: a reproducer is in dlc-crash.dlir\n", stderr);
}
