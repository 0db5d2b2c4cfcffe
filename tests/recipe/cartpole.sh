# cartpole.sh METHOD - a loop in C trains until the pole stands: mean return over 100
# episodes at least 475. With a learning rate of nothing the same loop must fail.
set -u
method=$1
fail() { echo "FAILED: $*" >&2; exit 1; }
rm -rf ./*
bash "$ROOT/models/cartpole.sh" "$method" 1 || fail "the pole falls"
cp "$ROOT"/models/cartpole* .
sed 's/lr=[0-9.e-]*/lr=0.0/g' cartpole_$method.dl >none.dl && mv none.dl cartpole_$method.dl
"$DLC" cartpole_$method.dl -o cartpole_${method}_net.c || fail "compile"
${CC:-cc} -std=c11 -O2 -I. cartpole_$method.c cartpole_${method}_net.c -lm -o run || fail "cc"
./run 1 5000 >log && fail "it stands without learning"
exit 0
