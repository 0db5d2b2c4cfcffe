/* page.c - see page.h: everything but the charts (curves.c) and the graph (graph.c). */
#include "host/report/page.h"

#include "host/data/dataset.h"
#include "host/report/text.h"

static const char style[] =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:64em;margin:2em auto;"
    "padding:0 1em;color:#222;background:#fff}"
    "h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em}"
    "table{border-collapse:collapse}td,th{padding:.2em .7em;text-align:right;"
    "border-bottom:1px solid #ddd}th:first-child,td:first-child{text-align:left}"
    ".charts,.samples{display:flex;flex-wrap:wrap;gap:1em}"
    "svg{font:12px system-ui,sans-serif}"
    ".matrix{margin-bottom:1em}.matrix td{border:1px solid "
    "#fff;min-width:2.2em;text-align:center}"
    ".sample{border:2px solid #ddd;border-radius:4px;padding:.5em;font-size:13px}"
    ".wrong{border-color:#cc3344}"
    ".sample img{display:block;min-width:84px;image-rendering:pixelated}"
    "pre{background:#f6f6f6;padding:1em;overflow-x:auto;font-size:13px}";

void dlc_page_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

void dlc_page_open(FILE *out, const char *title)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>",
          out);
    dlc_page_text(out, title);
    fprintf(out, "</title>\n<style>%s</style></head><body>\n<h1>", style);
    dlc_page_text(out, title);
    fputs("</h1>\n", out);
}

void dlc_page_close(FILE *out)
{
    fputs("</body></html>\n", out);
}

void dlc_page_results(FILE *out, const dlc_model *model, double *const *value)
{
    char number[DLC_NUMBER_SIZE];
    fputs("<h2>Results</h2>\n<table><tr><th>split</th>", out);
    for (int i = 0; i < model->n_reports; i++) {
        fprintf(out, "<th>%s</th>", model->report[i].name);
    }
    fputs("</tr>\n", out);
    for (int s = 0; s < DLC_SPLITS; s++) {
        if (value[s] == NULL) {
            continue;
        }
        fprintf(out, "<tr><td>%s</td>", dlc_split_name[s]);
        for (int i = 0; i < model->n_reports; i++) {
            fprintf(out, "<td>%s</td>", dlc_number(number, value[s][i]));
        }
        fputs("</tr>\n", out);
    }
    fputs("</table>\n", out);
}

static void print_scores(FILE *out, const Confusion *c)
{
    fputs("<table><tr><th>class</th><th>precision</th><th>recall</th><th>F1</th>"
          "<th>samples</th></tr>\n",
          out);
    for (int64_t i = 0; i < c->n; i++) {
        const ClassScore s = dlc_confusion_score(c, i);
        fprintf(out,
                "<tr><td>%lld</td><td>%.4f</td><td>%.4f</td><td>%.4f</td>"
                "<td>%lld</td></tr>\n",
                (long long)i, s.precision, s.recall, s.f1, (long long)s.support);
    }
    fputs("</table>\n", out);
}

void dlc_page_confusion(FILE *out, const Confusion *confusion, const char *name)
{
    enum { SHOWN = 40 };
    const int64_t n = confusion->n;
    fputs("<h2>", out);
    dlc_page_text(out, name);
    fputs("</h2>\n", out);
    if (n <= SHOWN) {
        fputs("<p>Rows: truth. Columns: prediction.</p>\n<table class=\"matrix\">",
              out);
        fputs("<tr><th></th>", out);
        for (int64_t j = 0; j < n; j++) {
            fprintf(out, "<th>%lld</th>", (long long)j);
        }
        fputs("</tr>\n", out);
    }
    for (int64_t i = 0; n <= SHOWN && i < n; i++) {
        const int64_t support = dlc_confusion_score(confusion, i).support;
        fprintf(out, "<tr><th>%lld</th>", (long long)i);
        for (int64_t j = 0; j < n; j++) {
            const int64_t count = confusion->count[i * n + j];
            const double share = support > 0 ? (double)count / (double)support : 0;
            fprintf(out, "<td style=\"background:rgba(%s,%.3f)\">%lld</td>",
                    i == j ? "68,119,170" : "238,102,119", share, (long long)count);
        }
        fputs("</tr>\n", out);
    }
    fputs(n <= SHOWN ? "</table>\n" : "", out);
    print_scores(out, confusion);
}
