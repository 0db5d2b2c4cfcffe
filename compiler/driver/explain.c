/* explain.c - --explain and the lists: texts that live in the tables. */
#include "driver/session.h"
#include "graph/op.h"

static bool explain_diag(Session *s, const char *code)
{
    for (int i = 0; i < DIAG_COUNT; i++) {
        const DiagInfo *d = &diag_table[i];
        if (!str_equal(d->code, code))
            continue;
        out_print(&s->out, "%s: %s\n", d->code, d->title);
        if (d->explanation[0] != '\0')
            out_print(&s->out, "\n%s\n", d->explanation);
        return true;
    }
    return false;
}

static void list_operands(Out *o, const Op *op)
{
    for (int i = 0; i < OP_MAX_OPERANDS && op->operand[i].name != NULL; i++)
        out_print(o, "  %-10s %-14s %s\n", op->operand[i].name, op->operand[i].shape,
                  op->operand[i].phrase);
    for (int i = 0; i < OP_MAX_ATTRS && op->attr[i].name != NULL; i++)
        out_print(o, "  %-10s %-14s %s\n", op->attr[i].name, "attribute",
                  op->attr[i].phrase);
}

static bool explain_op(Session *s, const char *name)
{
    const Op *op = op_find(name);
    Out *o = &s->out;
    if (op == NULL)
        return false;
    out_print(o, "%s: %s\n\n", op->name, op->summary);
    out_print(o, "  %s -> %s\n", op->equation, op->result);
    list_operands(o, op);
    if (op->reference != NULL && op->reference[0] != '\0')
        out_print(o, "\nreference: %s\n", op->reference);
    for (int i = 0; i < OP_MAX_CONSTRAINTS && op->constraint[i].label != NULL; i++)
        out_print(o, "\n%s  %s\n    %s reports %s\n", op->constraint[i].label,
                  op->constraint[i].statement, op->constraint[i].violation,
                  diag_table[op->constraint[i].id].code);
    for (int i = 0; i < OP_MAX_EXAMPLES && op->example[i].title != NULL; i++)
        out_print(o, "\n%s\n    %s = %s\n", op->example[i].title,
                  op->example[i].expression, op->example[i].expect);
    return true;
}

static bool explain_pass(Session *s, const char *name)
{
    Out all;
    if (!pipeline_knows(name))
        return false;
    out_init(&all, s->run);
    pipeline_list(&all);
    const char *line = out_text(&all);
    while (*line != '\0') { /* the lines of --list-passes that name it */
        size_t n = 0;
        while (line[n] != '\0' && line[n] != '\n')
            n++;
        const char *text = str_copy(s->run, line, n);
        const char *word = text;
        while (*word == ' ')
            word++;
        size_t length = 0;
        while (word[length] != '\0' && word[length] != ' ')
            length++;
        if (str_equal(str_copy(s->run, word, length), name))
            out_print(&s->out, "%s\n", word);
        line += n + (line[n] == '\n');
    }
    return true;
}

static void list_ops(Out *o)
{
    for (int i = 0; i < OP_COUNT; i++)
        out_print(o, "%-16s %s\n", op_table[i]->name, op_table[i]->summary);
}

static void list_targets(Out *o)
{
    for (int i = 0; i < target_count(); i++)
        out_print(o, "%-12s %s\n", target_at(i)->name, target_at(i)->summary);
    const char *name, *level;
    for (int i = 0; (name = target_alias_at(i, &level)) != NULL; i++)
        out_print(o, "%-12s in a deploy block, %s%s%s%s: %s\n", name, name,
                  level != NULL ? "(" : "", level != NULL ? level : "",
                  level != NULL ? ")" : "", target_of_alias(name, level));
}

bool session_explain(Session *s)
{
    const char *what = s->options.explain;
    switch (s->options.mode) {
    case MODE_LIST_OPS:
        list_ops(&s->out);
        return true;
    case MODE_LIST_PASSES:
        pipeline_list(&s->out);
        return true;
    case MODE_LIST_TARGETS:
        list_targets(&s->out);
        return true;
    default:
        break;
    }
    bool table = explain_diag(s, what) || explain_pass(s, what);
    if (explain_word(s, what) || table) {
        if (op_find(what) != NULL)
            out_puts(&s->out, "\n");
        explain_op(s, what);
        return true;
    }
    if (explain_op(s, what))
        return true;
    const char *near = explain_nearest(s, what);
    out_print(&s->log, "dlc: error: nothing is known about `%s`", what);
    if (near != NULL)
        out_print(&s->log, "; did you mean `%s`?\n", near);
    else
        out_puts(&s->log,
                 "; give a code such as E0302, a word of the language, an op of "
                 "--list-ops or a pass of --list-passes\n");
    return false;
}
