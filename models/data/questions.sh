#!/bin/sh
# questions.sh [--small] [FOLDER] - scenes of two things and questions about them:
#
#   questions/{train,valid,test}-{scenes,words,answers}   20,000 + 2,000 + 4,000; test: things
#                                                         of other sizes and tones
. "$(dirname "$0")/generate.sh"
have questions/test-answers && exit 0
build questions
mkdir -p "$into/questions"
"$work/questions" "$(count 20000)" 1 "$into/questions/train"
"$work/questions" "$(count 2000)" 2 "$into/questions/valid"
"$work/questions" "$(count 4000)" 1000 "$into/questions/test"
