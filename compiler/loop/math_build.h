/* math_build.h - inside of loop/math: functions under construction. */
#ifndef DLC_LOOP_MATH_BUILD_H
#define DLC_LOOP_MATH_BUILD_H

#include "loop/expr.h"
#include "loop/math.h"

typedef struct MathBuild {
    Kernel *k;       /* for its arena */
    LoopFunction *f; /* scalar f32 */
    bool fma;
} MathBuild;

void math_param(MathBuild *m, const char *name, DType dtype);
Expr *math_arg(MathBuild *m, int i);
Expr *math_let(MathBuild *m, const char *name, Expr *value); /* made unique */
Expr *math_number(MathBuild *m, double value);
/* a * b + c, fused when the function is for targets that can. */
Expr *math_madd(MathBuild *m, Expr *a, Expr *b, Expr *c);
/* Horner: c[0] x^(n-1) + ... + c[n-1]. */
Expr *math_polynomial(MathBuild *m, Expr *x, const double *c, int n);

/* exp x = 2^n (1 + fraction), |ln(1 + fraction)| <= ln 2 / 2; x within -150 ln 2 ..
 * 128. */
typedef struct ExpParts {
    Expr *n;        /* i32 */
    Expr *fraction; /* expm1 of the reduced argument */
} ExpParts;
ExpParts math_exp_parts(MathBuild *m, Expr *x, bool relative);
Expr *math_exp_of(MathBuild *m, Expr *x);   /* any x */
Expr *math_expm1_of(MathBuild *m, Expr *x); /* any x but -0 */
Expr *math_log1p_of(MathBuild *m, Expr *x); /* 0 <= x, finite */
Expr *math_copy_sign(MathBuild *m, Expr *magnitude, Expr *sign);

void math_build_exp(MathBuild *m);
void math_build_expm1(MathBuild *m);
void math_build_log(MathBuild *m);
void math_build_log1p(MathBuild *m);
void math_build_tanh(MathBuild *m);
void math_build_sigmoid(MathBuild *m);
void math_build_softplus(MathBuild *m);
void math_build_erf(MathBuild *m);
void math_build_sin(MathBuild *m);
void math_build_cos(MathBuild *m);
void math_build_pow(MathBuild *m);

#endif
