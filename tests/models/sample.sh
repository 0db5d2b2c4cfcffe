# sample.sh - char_gpt, trained for a moment, baked: the sampler writes other text for another
# seed, and the same for the same. ngram tells a text that repeats from noise.
. "$(dirname "$0")/common.sh"
printf '%s\n' 'data d(text: index(96)[97]) { train: idx("windows") }' >char_gpt.dl
sed '1,/^data/d; s/repeat 3/repeat 1/; s/ on jargon/ on d/' "$ROOT/models/char_gpt.dl" |
    sed '1,/^}/d; /valid/d; s/epochs: [0-9]*/steps: 2/' >body.dl
sed -n '/^import/p; /^const/p' "$ROOT/models/char_gpt.dl" | cat - char_gpt.dl body.dl >net.dl
mv net.dl char_gpt.dl
yes "the quick brown fox jumps over the lazy dog" | head -n 300 >text
${CC:-cc} -std=c11 -O1 "$ROOT/models/data/windows.c" -lm -o windows || fail "windows.c"
./windows text 0 1 97 windows.idx || fail "windows"
mv windows.idx windows-ubyte && sed -i 's/"windows"/"windows-ubyte"/' char_gpt.dl
"$DLC" char_gpt.dl -o char_gpt || fail "compile"
./char_gpt train --seed 1 --out out --quiet >/dev/null || fail "train"
mkdir -p baked
"$DLC" char_gpt.dl --weights out/model.safetensors -o baked/char_gpt.c || fail "bake"
${CC:-cc} -O1 -Wall -Wextra -Ibaked baked/*.c "$ROOT/models/char_gpt_sample.c" -lm -o sample ||
    fail "the sampler"
for run in "1 a" "1 b" "2 c"; do
    echo "The hacker" | ./sample ${run% *} >"${run#* }.txt" || fail "sample"
done
cmp -s a.txt b.txt || fail "one seed, two texts"
! cmp -s a.txt c.txt || fail "two seeds, one text"
grep -q "^The hacker" a.txt || fail "the text does not begin as asked"
[ "$(wc -c <a.txt)" -gt 400 ] || fail "the text is short"
${CC:-cc} -std=c11 -O1 -Wall -Wextra "$ROOT/models/ngram.c" -lm -o ngram || fail "ngram.c"
./ngram text 0.8 1 >seq.txt || fail "ngram"
awk '/^1-gram/ { one = $2 } /^5-gram/ { five = $2 } END { exit !(one > 2 && five < 1.2) }' seq.txt ||
    fail "$(cat seq.txt)"
tail -n 2 seq.txt
