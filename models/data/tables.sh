#!/bin/sh
# tables.sh [FOLDER] - tables that Debian packages ship, as CSV with a head; nothing is
# installed:
#
#   diabetes.csv       442 patients, ten measurements, disease progression one year later
#                      (Efron et al. 2004, "Least Angle Regression"; python3-sklearn)
#   breast_cancer.csv  569 tumours, thirty measurements, benign 1 or malignant 0
#                      (Street, Wolberg, Mangasarian 1993; python3-sklearn)
#   iris.csv           150 flowers, four lengths, species 0 to 2 (Fisher 1936; python3-sklearn)
#   thyroid_{train,test}.csv  3,600 patients each, 21 measurements, class 0 to 2, of which
#                      93 % are 2 (Quinlan 1987; Proben1's split in libfann-doc)
. "$(dirname "$0")/generate.sh"
have thyroid_test.csv && exit 0
extract python3-sklearn
extract libfann-doc
table() { find "$work"/*/usr -name "$1" | head -n 1; }

{
    echo "age,sex,bmi,bp,s1,s2,s3,s4,s5,s6,progression"
    gzip -dc "$(table diabetes_data_raw.csv.gz)" | sed 's/^ *//; s/ *$//; s/[ \t][ \t]*/,/g' \
        >"$work/data.csv"
    gzip -dc "$(table diabetes_target.csv.gz)" | awk '{ printf "%g\n", $1 }' >"$work/target.csv"
    paste -d, "$work/data.csv" "$work/target.csv"
} >"$work/diabetes.csv"

# rows in the package's order are sorted by class; a fixed shuffle for splits by order
shuffled() { # SEED: lines in an order that only depends on it
    awk -v s="$1" '{ s = (s * 69069 + 1) % 4294967296; printf "%010d\t%s\n", s, $0 }' |
        LC_ALL=C sort | cut -f 2-
}
{
    awk 'BEGIN { for (i = 1; i <= 30; i++) printf "m%d,", i; print "benign" }'
    tail -n +2 "$(table breast_cancer.csv)" | tr -d '\r' | shuffled 1
} >"$work/breast_cancer.csv"
{
    echo "sepal_length,sepal_width,petal_length,petal_width,species"
    tail -n +2 "$(table iris.csv)" | tr -d '\r' | shuffled 2
} >"$work/iris.csv"
for split in train test; do
    awk '
        NR == 1 { for (i = 1; i <= 21; i++) printf "m%d,", i; print "class"; next }
        NR % 2 == 0 { row = ""; for (i = 1; i <= NF; i++) row = row $i "," ; next }
        { for (i = 1; i <= 3; i++) if ($i == 1) print row i - 1 }
    ' "$(table "thyroid.$split")" >"$work/thyroid_$split.csv"
done
check() { # NAME LINES
    [ "$(wc -l <"$work/$1.csv")" -eq "$2" ] || { echo "tables.sh: unexpected $1" >&2; exit 1; }
}
check diabetes 443
check breast_cancer 570
check iris 151
check thyroid_train 3601
check thyroid_test 3601
mv "$work"/diabetes.csv "$work"/breast_cancer.csv "$work"/iris.csv "$work"/thyroid_*.csv "$into"
