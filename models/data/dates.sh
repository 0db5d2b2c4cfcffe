#!/bin/sh
# dates.sh [--small] [FOLDER] - dates in words and in ISO 8601, `dates/{train,valid,test}`
# with .txt, -words and -iso: 40,000 + 2,000 + 4,000. No day of one split is in another.
. "$(dirname "$0")/generate.sh"
have dates/test-iso && exit 0
build dates
mkdir -p "$into/dates"
"$work/dates" "$(count 40000)" 1 train "$into/dates/train"
"$work/dates" "$(count 2000)" 2 valid "$into/dates/valid"
"$work/dates" "$(count 4000)" 3 test "$into/dates/test"
