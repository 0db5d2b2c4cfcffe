#!/bin/sh
# machines.sh [--small] [FOLDER] - sounds of machines at 16 kHz, as IDX:
#
#   machines/{train,valid}-{sounds,labels}   20,000 + 1,000 windows of 3,072 samples of 64
#                                            machines, none with a fault
#   machines/test-...                        2,000 of 64 other machines, half with a fault
#   faults/{train,valid,test}-...            8,000 + 1,000 + 2,000 of 2,048 samples, 80 % with
#                                            one of four faults; test: the other machines
. "$(dirname "$0")/generate.sh"
have faults/test-labels && exit 0
build machines
mkdir -p "$into/machines" "$into/faults"
"$work/machines" "$(count 20000)" 1 0 3072 "$into/machines/train"
"$work/machines" "$(count 1000)" 2 0 3072 "$into/machines/valid"
"$work/machines" "$(count 2000)" 1000 50 3072 "$into/machines/test"
"$work/machines" "$(count 8000)" 11 80 2048 "$into/faults/train"
"$work/machines" "$(count 1000)" 12 80 2048 "$into/faults/valid"
"$work/machines" "$(count 2000)" 1001 80 2048 "$into/faults/test"
