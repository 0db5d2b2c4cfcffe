/* ast_print.c - the tree as indented lines, for --emit=ast and for comparisons. */
#include "front/ast.h"

typedef struct Printer {
    Out *out;
    int depth;
    bool places;
} Printer;

static void print_node(Printer *pr, const char *role, const Ast *n);

static void print_list(Printer *pr, const char *role, AstList list)
{
    for (int i = 0; i < list.n; i++)
        print_node(pr, role, list.at[i]);
}

/* Names and strings as they are told apart: a string may hold anything. */
static void print_text(Out *out, const char *text)
{
    out_puts(out, " \"");
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            out_puts(out, "\\n");
        else if (*text == '\t')
            out_puts(out, "\\t");
        else if (*text == '"' || *text == '\\')
            out_print(out, "\\%c", *text);
        else
            out_write(out, text, 1);
    }
    out_puts(out, "\"");
}

static void print_value(Out *out, const Ast *n)
{
    switch (n->kind) {
    case AST_INT:
        out_print(out, " %lld", (long long)n->integer);
        return;
    case AST_FLOAT:
    case AST_QUANTITY:
        out_puts(out, " ");
        out_f64(out, n->number);
        if (n->kind == AST_QUANTITY)
            out_print(out, " %s", n->name);
        return;
    case AST_BOOL:
        out_puts(out, n->truth ? " true" : " false");
        return;
    case AST_EXTERN:
        print_text(out, n->name);
        if (n->foreign.gradient != NULL)
            print_text(out, n->foreign.gradient);
        return;
    case AST_STRING:
        print_text(out, n->name);
        return;
    case AST_IMPORT:
        if (n->import.is_file)
            print_text(out, n->import.path);
        else
            out_print(out, " %s", n->import.path);
        if (n->import.as != NULL)
            out_print(out, " as %s", n->import.as);
        return;
    case AST_UPDATE:
    case AST_PIPE:
    case AST_RANGE:
        return; /* their name is what they are */
    default:
        if (n->name != NULL)
            out_print(out, " %s", n->name);
        if (n->kind == AST_DEPLOY && n->deploy.as != NULL)
            out_print(out, " as %s", n->deploy.as);
    }
}

static void print_item_children(Printer *pr, const Ast *n)
{
    if (n->item.signature != NULL)
        print_node(pr, NULL, n->item.signature);
    print_list(pr, "on", n->item.on);
    print_node(pr, NULL, n->item.body);
}

static void print_statement_children(Printer *pr, const Ast *n)
{
    switch (n->kind) {
    case AST_CONST:
    case AST_SETTING:
    case AST_PARAM:
    case AST_STATE:
    case AST_LAYER:
    case AST_METRIC:
        print_node(pr, "type", n->named.type);
        print_node(pr, NULL, n->named.value);
        print_list(pr, NULL, n->named.settings);
        return;
    case AST_BIND:
        if (n->bind.names.n > 1)
            print_list(pr, "to", n->bind.names);
        print_node(pr, "type", n->bind.type);
        print_node(pr, NULL, n->bind.value);
        return;
    case AST_UPDATE:
        print_node(pr, "to", n->update.target);
        print_node(pr, NULL, n->update.value);
        return;
    case AST_MINIMIZE:
        print_node(pr, NULL, n->minimize.loss);
        print_list(pr, "over", n->minimize.over);
        print_node(pr, "using", n->minimize.optimizer);
        return;
    case AST_ASSERT:
        print_node(pr, NULL, n->assertion.condition);
        print_node(pr, "message", n->assertion.message);
        print_node(pr, "help", n->assertion.help);
        return;
    case AST_IF:
        print_node(pr, NULL, n->branch.condition);
        print_list(pr, "then", n->branch.then);
        print_list(pr, "else", n->branch.otherwise);
        return;
    default: /* FOR, REPEAT, EVERY, AUGMENT */
        print_node(pr, "over", n->loop.over);
        print_list(pr, NULL, n->loop.body);
    }
}

static void print_expression_children(Printer *pr, const Ast *n)
{
    switch (n->kind) {
    case AST_CALL:
        print_node(pr, "of", n->call.callee);
        print_list(pr, NULL, n->call.args);
        return;
    case AST_ARGUMENT:
        print_node(pr, NULL, n->argument);
        return;
    case AST_INDEX:
        print_node(pr, "of", n->index.base);
        print_list(pr, NULL, n->index.subs);
        return;
    case AST_MEMBER:
        print_node(pr, "of", n->base);
        return;
    case AST_UNARY:
        print_node(pr, NULL, n->base);
        return;
    case AST_BINARY:
    case AST_PIPE:
        print_node(pr, NULL, n->pair.left);
        print_node(pr, NULL, n->pair.right);
        return;
    case AST_RANGE:
        print_node(pr, "from", n->pair.left);
        print_node(pr, "to", n->pair.right);
        return;
    case AST_COND:
        print_node(pr, NULL, n->cond.condition);
        print_node(pr, "then", n->cond.yes);
        print_node(pr, "else", n->cond.no);
        return;
    default: /* leaves */
        return;
    }
}

static void print_children(Printer *pr, const Ast *n)
{
    switch (n->kind) {
    case AST_DEF:
    case AST_NET:
    case AST_DATA:
    case AST_TRAIN:
        print_item_children(pr, n);
        return;
    case AST_DEPLOY:
        print_list(pr, NULL, n->deploy.body);
        return;
    case AST_SIGNATURE:
        print_list(pr, NULL, n->signature.params);
        print_list(pr, NULL, n->signature.results);
        return;
    case AST_PARAMETER:
    case AST_RESULT:
        print_node(pr, "type", n->parameter.type);
        print_node(pr, "default", n->parameter.value);
        return;
    case AST_ALTERNATIVES:
    case AST_BLOCK:
    case AST_LIST:
        print_list(pr, NULL, n->list);
        return;
    case AST_CONST:
    case AST_BIND:
    case AST_SETTING:
    case AST_UPDATE:
    case AST_PARAM:
    case AST_STATE:
    case AST_LAYER:
    case AST_METRIC:
    case AST_MINIMIZE:
    case AST_ASSERT:
    case AST_IF:
    case AST_FOR:
    case AST_REPEAT:
    case AST_EVERY:
    case AST_AUGMENT:
        print_statement_children(pr, n);
        return;
    default:
        print_expression_children(pr, n);
    }
}

static void print_node(Printer *pr, const char *role, const Ast *n)
{
    if (n == NULL)
        return;
    out_indent(pr->out, 2 * pr->depth);
    if (role != NULL)
        out_print(pr->out, "%s: ", role);
    out_puts(pr->out, ast_kind_word(n->kind));
    print_value(pr->out, n);
    if (pr->places)
        out_print(pr->out, "  %d:%d", source_line(n->span.source, n->span.begin),
                  source_column(n->span.source, n->span.begin));
    out_puts(pr->out, "\n");
    pr->depth++;
    if (n->doc != NULL) {
        out_indent(pr->out, 2 * pr->depth);
        out_puts(pr->out, "doc");
        print_text(pr->out, n->doc);
        out_puts(pr->out, "\n");
    }
    print_children(pr, n);
    pr->depth--;
}

void ast_print(const Ast *tree, Out *out)
{
    Printer pr = { .out = out, .places = true };
    print_node(&pr, NULL, tree);
}

void ast_print_bare(const Ast *tree, Out *out)
{
    Printer pr = { .out = out };
    print_node(&pr, NULL, tree);
}
