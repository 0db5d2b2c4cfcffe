#!/bin/sh
# diabetes.sh - writes models/data/diabetes.csv from the raw table that Debian's
# python3-sklearn ships (Efron, Hastie, Johnstone, Tibshirani 2004, "Least Angle
# Regression"): ten columns and the target, 442 patients. Nothing is installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ -s "$here/diabetes.csv" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download python3-sklearn >/dev/null 2>&1 ||
    { echo "diabetes.sh: cannot download the package python3-sklearn (try apt-get update)" >&2; exit 1; }
dpkg-deb -x python3-sklearn_*.deb x
raw=$(find x -name 'diabetes_data_raw.csv.gz')
target=$(find x -name 'diabetes_target.csv.gz')
{
    echo "age,sex,bmi,bp,s1,s2,s3,s4,s5,s6,progression"
    gzip -dc "$raw" | sed 's/^ *//; s/ *$//; s/[ \t][ \t]*/,/g' > data.csv
    gzip -dc "$target" | awk '{ printf "%g\n", $1 }' > target.csv
    paste -d, data.csv target.csv
} > diabetes.csv
[ "$(wc -l < diabetes.csv)" -eq 443 ] || { echo "diabetes.sh: unexpected table" >&2; exit 1; }
mv diabetes.csv "$here/diabetes.csv"
