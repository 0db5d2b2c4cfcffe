#!/bin/sh
# sentences.sh [--small] [FOLDER] - sentences to a household assistant, each word with its
# role, `sentences/{train,valid,test}` with .txt, -words and -roles: 8,000 + 1,000 + 2,000;
# the test's templates are others.
. "$(dirname "$0")/generate.sh"
have sentences/test-roles && exit 0
build sentences
mkdir -p "$into/sentences"
"$work/sentences" "$(count 8000)" 1 train "$into/sentences/train"
"$work/sentences" "$(count 1000)" 2 train "$into/sentences/valid"
"$work/sentences" "$(count 2000)" 3 test "$into/sentences/test"
