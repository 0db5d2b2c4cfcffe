#!/bin/sh
# texts.sh [FOLDER] - text that Debian packages ship; nothing is installed:
#
#   jargon.txt                the Jargon File 4.4.7, public domain (jargon-text): ASCII, blanks
#                             and line ends as they are, 1.5 MB
#   jargon/{train,valid,test}-windows   its windows of 97 characters as index(96): newline 0, then
#                             the 95 of ASCII; train: one every 61 of the first nine tenths,
#                             valid and test: one after the other, of a twentieth each
#   languages/{train,valid,test}-{letters,language}   windows of 100 letters from manual pages
#                             in six languages (manpages-{de,fr,es,it,pl,nl}), letters as 1 to
#                             26, blank 0, accents taken off; 12,000 + 1,200 + 2,400. The
#                             test's pages are others than training's.
. "$(dirname "$0")/generate.sh"
have languages/test-language && exit 0
extract jargon-text
gzip -dc "$work"/jargon-text/usr/share/doc/jargon-text/jargon.txt.gz |
    LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT 2>/dev/null | tr -d '\r\f' |
    LC_ALL=C tr -c "\n -~" " " | sed "s|????????*| |g" >"$work/jargon.txt"
[ "$(wc -c <"$work/jargon.txt")" -gt 1000000 ] || { echo "texts.sh: unexpected text" >&2; exit 1; }
mv "$work/jargon.txt" "$into/jargon.txt"
build windows
mkdir -p "$into/jargon"
fewer=${small:+0} # a window of ten with --small
"$work/windows" "$into/jargon.txt" 0 0.9 61$fewer "$into/jargon/train-windows"
"$work/windows" "$into/jargon.txt" 0.9 0.95 96$fewer "$into/jargon/valid-windows"
"$work/windows" "$into/jargon.txt" 0.95 1 96$fewer "$into/jargon/test-windows"

build languages
for language in de fr es it pl nl; do
    extract manpages-$language
    find "$work/manpages-$language" -name '*.gz' | LC_ALL=C sort >"$work/pages"
    for split in train valid test; do # by the number of the page: 8, 1 and 1 of ten
        case $split in train) from=0 to=7 ;; valid) from=8 to=8 ;; *) from=9 to=9 ;; esac
        awk -v a=$from -v b=$to 'NR % 10 >= a && NR % 10 <= b' "$work/pages" |
            xargs gzip -dc | grep -v '^[.'"'"']' | sed 's/\\f.//g; s/\\[^ ]*//g' |
            LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT 2>/dev/null | tr 'A-Z' 'a-z' |
            LC_ALL=C tr -cs 'a-z' ' ' >"$work/$split.$language"
    done
done
mkdir -p "$into/languages"
cd "$work"
for split in train:2000:1 valid:200:2 test:400:3; do
    name=${split%%:*} rest=${split#*:}
    ./languages "$(count "${rest%:*}")" "${rest#*:}" "$into/languages/$name" \
        $name.de $name.fr $name.es $name.it $name.pl $name.nl
done
