/* loop_compile.c - from a kernel to register code. Every node gets its own words
 * (kernels are small), shared nodes of one statement are computed once, functions are
 * inlined. */
#include "interp/loop_code.h"
#include "loop/expr.h"
#include "loop/scalar.h"
#include "support/bug.h"

typedef struct Frame { /* of the kernel, or of a function being inlined */
    int *word;         /* by var->id; -1: not yet */
    ExprMap known;     /* node -> an EXPR_INT with its word */
} Frame;

typedef struct Compiler {
    Code *code;
    Arena *a;
} Compiler;

static int new_words(Compiler *c, int lanes)
{
    int first = c->code->word.n;
    for (int i = 0; i < lanes; i++)
        vec_push(c->a, &c->code->word, ((Word){ .u = 0 }));
    return first;
}

static int constant(Compiler *c, uint32_t bits)
{
    int w = new_words(c, 1);
    c->code->word.at[w].u = bits;
    return w;
}

static int emit(Compiler *c, CodeOp op, int lanes, int to, int a, int b, int third)
{
    Ins ins = { (int16_t)op, (int16_t)lanes, to, a, b, third };
    vec_push(c->a, &c->code->ins, ins);
    return to;
}

static int result(Compiler *c, CodeOp op, int lanes, int a, int b, int third)
{
    return emit(c, op, lanes, new_words(c, lanes), a, b, third);
}

/* ---- operators ------------------------------------------------------------------- */

static CodeOp float_op(ExprOp op)
{
    switch (op) {
    /* clang-format off */
    case BIN_ADD: return CODE_ADD_F;
    case BIN_SUB: return CODE_SUB_F;
    case BIN_MUL: return CODE_MUL_F;
    case BIN_DIV: return CODE_DIV_F;
    case BIN_MIN: return CODE_MIN_F;
    case BIN_MAX: return CODE_MAX_F;
    case BIN_EQ: return CODE_EQ_F;
    case BIN_NE: return CODE_NE_F;
    case BIN_LT:
    case BIN_GT: return CODE_LT_F;
    case BIN_LE:
    case BIN_GE: return CODE_LE_F;
    default: BUG("operator %d on floats", op);
        /* clang-format on */
    }
}

static CodeOp int_op(ExprOp op, bool is_unsigned)
{
    switch (op) {
    /* clang-format off */
    case BIN_ADD: return CODE_ADD_I;
    case BIN_SUB: return CODE_SUB_I;
    case BIN_MUL: return CODE_MUL_I;
    case BIN_DIV: return is_unsigned ? CODE_DIV_U : CODE_DIV_I;
    case BIN_MOD: return is_unsigned ? CODE_MOD_U : CODE_MOD_I;
    case BIN_MIN: return is_unsigned ? CODE_MIN_U : CODE_MIN_I;
    case BIN_MAX: return is_unsigned ? CODE_MAX_U : CODE_MAX_I;
    case BIN_AND: return CODE_AND;
    case BIN_OR: return CODE_OR;
    case BIN_XOR: return CODE_XOR;
    case BIN_SHL: return CODE_SHL;
    case BIN_SHR: return is_unsigned ? CODE_SHR_U : CODE_SHR_I;
    case BIN_EQ: return CODE_EQ_I;
    case BIN_NE: return CODE_NE_I;
    case BIN_LT:
    case BIN_GT: return is_unsigned ? CODE_LT_U : CODE_LT_I;
    case BIN_LE:
    case BIN_GE: return is_unsigned ? CODE_LE_U : CODE_LE_I;
    default: BUG("operator %d on integers", op);
        /* clang-format on */
    }
}

static int compile(Compiler *c, Frame *f, const Expr *e);

static int compile_binary(Compiler *c, Frame *f, const Expr *e)
{
    const Expr *x = e->arg[0], *y = e->arg[1];
    DType t = x->type.dtype;
    bool is_product =
        x->kind == EXPR_BINARY && x->op == BIN_MUL && x->arg[1]->kind == EXPR_INT;
    if (e->op == BIN_ADD && t == DTYPE_I32 && e->type.lanes == 1 && is_product) {
        int a = compile(c, f, x->arg[0]), b = compile(c, f, y);
        return result(c, CODE_SCALE_ADD, 1, a, b, (int32_t)x->arg[1]->i);
    }
    int a = compile(c, f, x), b = compile(c, f, y);
    CodeOp op = t == DTYPE_F32 ? float_op(e->op) : int_op(e->op, t == DTYPE_U32);
    bool swap = e->op == BIN_GT || e->op == BIN_GE;
    return result(c, op, e->type.lanes, swap ? b : a, swap ? a : b, 0);
}

static int compile_unary(Compiler *c, Frame *f, const Expr *e)
{
    int a = compile(c, f, e->arg[0]), lanes = e->type.lanes;
    bool is_float = e->type.dtype == DTYPE_F32;
    switch (e->op) {
    /* clang-format off */
    case UN_NEG: return result(c, is_float ? CODE_NEG_F : CODE_NEG_I, lanes, a, 0, 0);
    case UN_ABS: return result(c, is_float ? CODE_ABS_F : CODE_ABS_I, lanes, a, 0, 0);
    case UN_SQRT: return result(c, CODE_SQRT_F, lanes, a, 0, 0);
    case UN_FLOOR: return result(c, CODE_FLOOR_F, lanes, a, 0, 0);
    case UN_NOT:
        /* clang-format on */
        return result(c, e->type.dtype == DTYPE_BOOL ? CODE_NOT_B : CODE_NOT_I, lanes,
                      a, 0, 0);
    default:
        BUG("operator %d is not unary", e->op);
    }
}

static int compile_cast(Compiler *c, Frame *f, const Expr *e)
{
    int a = compile(c, f, e->arg[0]), lanes = e->type.lanes;
    DType from = e->arg[0]->type.dtype, to = e->type.dtype;
    if (to == DTYPE_F32)
        return result(c, from == DTYPE_U32 ? CODE_F_OF_U : CODE_F_OF_I, lanes, a, 0, 0);
    if (to == DTYPE_BOOL)
        return result(c, from == DTYPE_F32 ? CODE_B_OF_F : CODE_B_OF_I, lanes, a, 0, 0);
    if (from == DTYPE_F32 && to == DTYPE_U32)
        return result(c, CODE_U_OF_F, lanes, a, 0, 0);
    if (from == DTYPE_F32)
        a = result(c, CODE_I_OF_F, lanes, a, 0, 0);
    switch (to) {
    /* clang-format off */
    case DTYPE_I8: return result(c, CODE_CLAMP, lanes, a, INT8_MIN, INT8_MAX);
    case DTYPE_U8: return result(c, CODE_CLAMP, lanes, a, 0, UINT8_MAX);
    case DTYPE_I16: return result(c, CODE_CLAMP, lanes, a, INT16_MIN, INT16_MAX);
    case DTYPE_U16: return result(c, CODE_CLAMP, lanes, a, 0, UINT16_MAX);
    /* clang-format on */
    default:
        return a; /* i32, u32: the same bits */
    }
}

static int compile_load(Compiler *c, Frame *f, const Expr *e)
{
    CodeOp op = CODE_LOAD_32;
    switch (e->buffer->dtype) {
    /* clang-format off */
    case DTYPE_BOOL:
    case DTYPE_U8: op = CODE_LOAD_U8; break;
    case DTYPE_I8: op = CODE_LOAD_I8; break;
    case DTYPE_U16: op = CODE_LOAD_U16; break;
    case DTYPE_I16: op = CODE_LOAD_I16; break;
    case DTYPE_F16: op = CODE_LOAD_F16; break;
    case DTYPE_BF16: BUG("%s is %s", e->buffer->name, dtype_name(e->buffer->dtype));
    default: break;
        /* clang-format on */
    }
    return result(c, op, e->type.lanes, compile(c, f, e->arg[0]), e->buffer->id, 0);
}

static int compile_call(Compiler *c, Frame *f, const Expr *e)
{
    const LoopFunction *g = e->callee;
    if (g->run != NULL) {
        int value[6], words = 0;
        for (int i = 0; i < e->n_arg; i++) {
            value[i] = compile(c, f, e->arg[i]);
            words += e->arg[i]->type.lanes;
        }
        int first = new_words(c, words), at = first;
        for (int i = 0; i < e->n_arg; at += e->arg[i++]->type.lanes)
            emit(c, CODE_COPY, e->arg[i]->type.lanes, at, value[i], 0, 0);
        vec_push(c->a, &c->code->function, g);
        return result(c, CODE_INTRINSIC, e->type.lanes, first, c->code->function.n - 1,
                      0);
    }
    Frame inner = { .word = arena_array(c->a, int, g->n_params + g->n_lets + 1) };
    for (int i = 0; i < g->n_params; i++)
        inner.word[g->param[i]->id] = compile(c, f, e->arg[i]);
    for (int i = 0; i < g->n_lets; i++)
        inner.word[g->let[i]->id] = compile(c, &inner, g->let_value[i]);
    return compile(c, &inner, g->value);
}

static int compile_horizontal(Compiler *c, Frame *f, const Expr *e)
{
    int a = compile(c, f, e->arg[0]), lanes = e->arg[0]->type.lanes;
    DType t = e->type.dtype;
    CodeOp op = t == DTYPE_F32 ? CODE_HSUM_F : CODE_HSUM_I;
    if (e->kind == EXPR_HMAX)
        op = t == DTYPE_F32 ? CODE_HMAX_F : t == DTYPE_U32 ? CODE_HMAX_U : CODE_HMAX_I;
    return emit(c, op, lanes, new_words(c, 1), a, 0, 0);
}

static int compile_new(Compiler *c, Frame *f, const Expr *e)
{
    int lanes = e->type.lanes;
    switch (e->kind) {
    case EXPR_INT:
        return constant(c, (uint32_t)e->i);
    case EXPR_FLOAT:
        return constant(c, scalar_bits_of_f32((float)e->f));
    case EXPR_VAR:
        if (f->word[e->var->id] < 0)
            BUG("kernel %s uses %s before its definition", c->code->kernel->name,
                e->var->name);
        return f->word[e->var->id];
    case EXPR_LOAD:
        return compile_load(c, f, e);
    case EXPR_UNARY:
        return compile_unary(c, f, e);
    case EXPR_BINARY:
        return compile_binary(c, f, e);
    case EXPR_SELECT:
    case EXPR_FMA: {
        int a = compile(c, f, e->arg[0]), b = compile(c, f, e->arg[1]);
        int third = compile(c, f, e->arg[2]);
        return result(c, e->kind == EXPR_FMA ? CODE_FMA : CODE_SELECT, lanes, a, b,
                      third);
    }
    /* clang-format off */
    case EXPR_CAST: return compile_cast(c, f, e);
    case EXPR_BITS: return compile(c, f, e->arg[0]);
    case EXPR_SPLAT: return result(c, CODE_SPLAT, lanes, compile(c, f, e->arg[0]), 0, 0);
    case EXPR_HSUM:
    case EXPR_HMAX: return compile_horizontal(c, f, e);
    case EXPR_CALL: return compile_call(c, f, e);
        /* clang-format on */
    }
    BUG("expression of kind %d", e->kind);
}

static int compile(Compiler *c, Frame *f, const Expr *e)
{
    const Expr *known = expr_map_find(&f->known, e);
    if (known != NULL)
        return (int)known->i;
    int w = compile_new(c, f, e);
    expr_map_put(c->a, &f->known, e, expr_raw_int(c->a, DTYPE_I32, w));
    return w;
}

/* ---- statements ------------------------------------------------------------------ */

/* Copies words; or lets the instruction that just made `from` write to `to` instead. */
static void move(Compiler *c, int to, int from, int lanes, int words_before)
{
    Ins *last = c->code->ins.n > 0 ? &vec_last(&c->code->ins) : NULL;
    bool fresh = from >= words_before && last != NULL && last->to == from;
    if (fresh && last->op < CODE_FOR && last->op != CODE_COPY)
        last->to = to;
    else
        emit(c, CODE_COPY, lanes, to, from, 0, 0);
}

static void compile_block(Compiler *c, Frame *f, const Block *b);

static void compile_for(Compiler *c, Frame *f, const Stmt *s)
{
    int var = new_words(c, 1), end = new_words(c, 1);
    int before = c->code->word.n;
    int begin = WORD_SLICE_RANK, step = WORD_SLICE_SIZE;
    if (s->loop == LOOP_SERIAL) {
        begin = compile(c, f, s->begin);
        step = constant(c, (uint32_t)s->step);
    }
    move(c, end, compile(c, f, s->end), 1, before);
    f->word[s->var->id] = var;
    int jump = c->code->ins.n;
    emit(c, CODE_FOR, 1, var, begin, end, 0);
    compile_block(c, f, &s->body);
    emit(c, CODE_NEXT, 1, var, step, end, jump + 1);
    c->code->ins.at[jump].c = c->code->ins.n;
}

static void compile_if(Compiler *c, Frame *f, const Stmt *s)
{
    int condition = compile(c, f, s->value);
    int unless = c->code->ins.n;
    emit(c, CODE_UNLESS, 1, 0, condition, 0, 0);
    compile_block(c, f, &s->body);
    if (s->otherwise.stmt.n > 0) {
        int jump = c->code->ins.n;
        emit(c, CODE_JUMP, 1, 0, 0, 0, 0);
        c->code->ins.at[unless].c = c->code->ins.n;
        compile_block(c, f, &s->otherwise);
        c->code->ins.at[jump].c = c->code->ins.n;
    } else {
        c->code->ins.at[unless].c = c->code->ins.n;
    }
}

static void compile_store(Compiler *c, Frame *f, const Stmt *s)
{
    int index = compile(c, f, s->index), value = compile(c, f, s->value);
    size_t bytes = dtype_bytes(s->buffer->dtype);
    CodeOp op = bytes == 1 ? CODE_STORE_8 : bytes == 2 ? CODE_STORE_16 : CODE_STORE_32;
    emit(c, op, s->value->type.lanes, index, value, s->buffer->id, 0);
}

static void compile_stmt(Compiler *c, Frame *f, const Stmt *s)
{
    f->known = (ExprMap){ 0 }; /* registers change between statements */
    switch (s->kind) {
    case STMT_FOR:
        compile_for(c, f, s);
        break;
    case STMT_IF:
        compile_if(c, f, s);
        break;
    case STMT_STORE:
        compile_store(c, f, s);
        break;
    case STMT_LET: {
        int to = new_words(c, s->var->type.lanes), before = c->code->word.n;
        move(c, to, compile(c, f, s->value), s->var->type.lanes, before);
        f->word[s->var->id] = to;
        break;
    }
    case STMT_ASSIGN: {
        int *to = &f->word[s->var->id];
        if (*to < 0)
            *to = new_words(c, s->var->type.lanes);
        int before = c->code->word.n;
        move(c, *to, compile(c, f, s->value), s->var->type.lanes, before);
        break;
    }
    case STMT_EXTERN:
        BUG("the interpreter cannot call the C function %s", s->text);
    case STMT_COMMENT:
        break;
    }
}

static void compile_block(Compiler *c, Frame *f, const Block *b)
{
    for (int i = 0; i < b->stmt.n; i++)
        compile_stmt(c, f, b->stmt.at[i]);
}

Code *kernel_compile(const Kernel *k, Arena *a)
{
    Code *code = arena_new(a, Code);
    code->kernel = k;
    Compiler c = { code, a };
    new_words(&c, WORD_FIRST_FREE);
    Frame f = { .word = arena_array(a, int, k->var.n + 1) };
    for (int i = 0; i < k->var.n; i++)
        f.word[i] = -1;
    compile_block(&c, &f, &k->body);
    emit(&c, CODE_END, 1, 0, 0, 0, 0);
    return code;
}
