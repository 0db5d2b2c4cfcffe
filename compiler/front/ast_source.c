/* ast_source.c - a tree as dl text, spaced as --fmt does, on one line: for messages. */
#include "front/ast.h"

#include "support/bug.h"

#include <string.h>

/* How tightly a construct binds; operands that bind less are put in parentheses. */
typedef enum Tightness {
    TIGHT_COND,
    TIGHT_PIPE,
    TIGHT_RANGE,
    TIGHT_OR,
    TIGHT_AND,
    TIGHT_NOT,
    TIGHT_COMPARE,
    TIGHT_SUM,
    TIGHT_PRODUCT,
    TIGHT_NEGATE,
    TIGHT_POWER,
    TIGHT_POSTFIX,
} Tightness;

static Tightness operator_tightness(const char *op)
{
    static const struct {
        const char *op;
        Tightness tightness;
    } row[] = {
        { "or", TIGHT_OR },      { "and", TIGHT_AND },    { "==", TIGHT_COMPARE },
        { "!=", TIGHT_COMPARE }, { "<", TIGHT_COMPARE },  { "<=", TIGHT_COMPARE },
        { ">", TIGHT_COMPARE },  { ">=", TIGHT_COMPARE }, { "+", TIGHT_SUM },
        { "-", TIGHT_SUM },      { "*", TIGHT_PRODUCT },  { "/", TIGHT_PRODUCT },
        { "//", TIGHT_PRODUCT }, { "%", TIGHT_PRODUCT },  { "@", TIGHT_PRODUCT },
        { "**", TIGHT_POWER },
    };
    for (int i = 0; i < ARRAY_LEN(row); i++)
        if (strcmp(row[i].op, op) == 0)
            return row[i].tightness;
    BUG("no operator %s", op);
}

static Tightness tightness_of(const Ast *n)
{
    switch (n->kind) {
    case AST_COND:
        return TIGHT_COND;
    case AST_PIPE:
        return TIGHT_PIPE;
    case AST_RANGE:
        return TIGHT_RANGE;
    case AST_BINARY:
        return operator_tightness(n->name);
    case AST_UNARY:
        return n->name[0] == '-' ? TIGHT_NEGATE : TIGHT_NOT;
    default:
        return TIGHT_POSTFIX;
    }
}

static void print(Out *out, const Ast *n);

static void print_operand(Out *out, const Ast *n, Tightness least)
{
    bool group = tightness_of(n) < least;
    out_puts(out, group ? "(" : "");
    print(out, n);
    out_puts(out, group ? ")" : "");
}

static void print_list(Out *out, AstList list, const char *separator)
{
    for (int i = 0; i < list.n; i++) {
        out_puts(out, i > 0 ? separator : "");
        print(out, list.at[i]);
    }
}

static void print_binary(Out *out, const Ast *n)
{
    Tightness t = tightness_of(n);
    /* equal ones group to the left, powers to the right, comparisons not at all */
    print_operand(out, n->pair.left,
                  t == TIGHT_POWER || t == TIGHT_COMPARE ? t + 1 : t);
    out_print(out, " %s ", n->name);
    /* the right of a power may be a sign: 2 ** -1 */
    Tightness right = t == TIGHT_POWER ? TIGHT_NEGATE : t + 1;
    print_operand(out, n->pair.right, right);
}

static void print_range(Out *out, const Ast *n)
{
    if (n->pair.left != NULL)
        print_operand(out, n->pair.left, TIGHT_OR);
    out_puts(out, "..");
    if (n->pair.right != NULL)
        print_operand(out, n->pair.right, TIGHT_OR);
}

static void print_string(Out *out, const char *text)
{
    out_puts(out, "\"");
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

/* Numbers as the author wrote them: 20_000, 0xFF, 1e-3, 64KiB. */
static void print_written(Out *out, const Ast *n)
{
    Span s = n->name_span;
    out_write(out, s.source->text + s.begin, s.end - s.begin);
}

static void print_parameter(Out *out, const Ast *n)
{
    out_puts(out, n->name);
    if (n->parameter.type != NULL) {
        out_puts(out, ": ");
        print(out, n->parameter.type);
    }
    if (n->parameter.value != NULL) {
        out_puts(out, " = ");
        print(out, n->parameter.value);
    }
}

static void print_signature(Out *out, const Ast *n)
{
    out_puts(out, "(");
    print_list(out, n->signature.params, ", ");
    out_puts(out, ")");
    if (n->signature.results.n == 0)
        return;
    bool many = n->signature.results.n > 1;
    out_puts(out, many ? " -> (" : " -> ");
    print_list(out, n->signature.results, ", ");
    out_puts(out, many ? ")" : "");
}

static void print_bracketed(Out *out, const Ast *base, AstList list,
                            const char *brackets)
{
    if (base != NULL)
        print_operand(out, base, TIGHT_POSTFIX);
    out_write(out, brackets, 1);
    print_list(out, list, ", ");
    out_write(out, brackets + 1, 1);
}

static void print_cond(Out *out, const Ast *n)
{
    out_puts(out, "if ");
    print(out, n->cond.condition);
    out_puts(out, " then ");
    print(out, n->cond.yes);
    out_puts(out, " else ");
    print(out, n->cond.no);
}

static void print_argument(Out *out, const Ast *n)
{
    if (n->name != NULL)
        out_print(out, "%s=", n->name);
    print(out, n->argument);
}

static void print_operation(Out *out, const Ast *n)
{
    switch (n->kind) {
    case AST_MEMBER:
        print_operand(out, n->base, TIGHT_POSTFIX);
        out_print(out, ".%s", n->name);
        return;
    case AST_BINARY:
        print_binary(out, n);
        return;
    case AST_UNARY:
        out_puts(out, n->name[0] == '-' ? "-" : "not ");
        print_operand(out, n->base, tightness_of(n));
        return;
    case AST_RANGE:
        print_range(out, n);
        return;
    case AST_PIPE:
        print_operand(out, n->pair.left,
                      n->pair.left->kind == AST_PIPE ? TIGHT_PIPE : TIGHT_POSTFIX);
        out_puts(out, " |> ");
        print_operand(out, n->pair.right, TIGHT_POSTFIX);
        return;
    case AST_COND:
        print_cond(out, n);
        return;
    default:
        BUG("%s is neither an expression nor a signature", ast_kind_word(n->kind));
    }
}

static void print(Out *out, const Ast *n)
{
    switch (n->kind) {
    case AST_SIGNATURE:
        print_signature(out, n);
        return;
    case AST_PARAMETER:
    case AST_RESULT:
        print_parameter(out, n);
        return;
    case AST_ALTERNATIVES:
        print_list(out, n->list, " | ");
        return;
    case AST_NAME:
        out_puts(out, n->name);
        return;
    case AST_INT:
    case AST_FLOAT:
    case AST_QUANTITY:
    case AST_BOOL:
        print_written(out, n);
        return;
    case AST_STRING:
        print_string(out, n->name);
        return;
    case AST_REST:
        out_puts(out, "..");
        return;
    case AST_LIST:
        print_bracketed(out, NULL, n->list, "[]");
        return;
    case AST_CALL:
        print_bracketed(out, n->call.callee, n->call.args, "()");
        return;
    case AST_INDEX:
        print_bracketed(out, n->index.base, n->index.subs, "[]");
        return;
    case AST_ARGUMENT:
        print_argument(out, n);
        return;
    default:
        print_operation(out, n);
    }
}

void ast_print_source(const Ast *tree, Out *out)
{
    print(out, tree);
}
