#!/bin/sh
# weather.sh [FOLDER] - weather.csv: 1,461 days of Seattle, 2012 to 2015 (NOAA, in the .deb of
# python3-vega-datasets): precipitation in mm, highest and lowest temperature in degrees
# Celsius, wind in m/s, and the day of the year as sine and cosine. Nothing is installed.
. "$(dirname "$0")/generate.sh"
have weather.csv && exit 0
extract python3-vega-datasets
awk -F, '
    BEGIN { print "rain,high,low,wind,year_sin,year_cos"; turn = 8 * atan2(1, 1) / 365.25 }
    NR > 1 {
        d = NR - 2
        printf "%s,%s,%s,%s,%.5f,%.5f\n", $2, $3, $4, $5, sin(turn * d), cos(turn * d)
    }' "$(find "$work" -name seattle-weather.csv)" >"$work/weather.csv"
[ "$(wc -l <"$work/weather.csv")" -eq 1462 ] || { echo "weather.sh: unexpected table" >&2; exit 1; }
mv "$work/weather.csv" "$into"
