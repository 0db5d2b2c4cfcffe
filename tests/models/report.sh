# report.sh - report.html is whole, one file, well-formed, and holds what the run came to.
. "$(dirname "$0")/common.sh"
python3 "$ROOT/tests/models/metrics.py" make 80 >train.csv
head -n 40 train.csv >valid.csv
sed 's/KEEP/moving/' "$ROOT/tests/models/metrics.dl" >metrics.dl
cat >picture.dl <<'X'
data faces(image: f32[8, 8], mood: index(2)) {
    train: csv("faces.csv")
    valid: take(train, 10)
}

net face(image: f32[8, 8]) -> probs: f32[2] {
    h = image |> rescale(1 / 255) |> flatten |> dense(8, relu)
    probs = h |> residual(dense(8, tanh)) |> dense(2, softmax)
}

train on faces {
    epochs: 3
    batch:  8
    keep:   best(valid.loss)
    probs = face(image)
    minimize cross_entropy(probs, mood) using adam
    metric acc = accuracy(probs, mood)
}
X
awk 'BEGIN { srand(1); for (r = 0; r < 42; r++) { for (i = 0; i < 64; i++)
    printf "%d,", (i % 8 < 4) == r % 2 ? 200 : int(100 * rand()); print r % 2 } }' >faces.csv
"$DLC" picture.dl -o picture || fail "compile picture"
./picture train --out one --quiet >lines.txt || fail "train picture"
./picture train --out two --quiet >/dev/null || fail "train picture again"
# Seconds are not in it: the same run, the same page.
cmp one/report.html two/report.html || fail "two runs, two reports"
"$DLC" metrics.dl -o metrics || fail "compile metrics"
./metrics train --out numbers --quiet >/dev/null || fail "train metrics"
for page in one numbers; do
    python3 - $page/report.html <<'P' || fail "$page/report.html"
import base64, re, sys, zlib
from html.parser import HTMLParser
text = open(sys.argv[1]).read()
void = {"meta", "img"}
class Check(HTMLParser):
    stack = []
    def handle_starttag(self, tag, attrs):
        for name, value in attrs:  # nothing from outside
            assert name not in ("src", "href") or value.startswith("data:"), value
        assert tag not in ("script", "link", "iframe"), tag
        if tag not in void:
            self.stack.append(tag)
    def handle_endtag(self, tag):
        assert self.stack and self.stack.pop() == tag, tag
check = Check()
check.feed(text)
assert not check.stack, check.stack
for image in re.findall(r'data:image/png;base64,([^"]*)', text):
    png = base64.b64decode(image)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(png):
        n = int.from_bytes(png[at:at + 4], "big")
        kind, body = png[at + 4:at + 8], png[at + 8:at + 8 + n]
        assert zlib.crc32(kind + body) == int.from_bytes(png[at + 8 + n:at + 12 + n], "big")
        data += body if kind == b"IDAT" else b""
        at += 12 + n
    assert kind == b"IEND" and len(zlib.decompress(data)) == 8 * 9
P
done
grep -q '<img' one/report.html || fail "no pictures"
[ "$(grep -oE '<div class="sample("| )' one/report.html | wc -l)" -eq 10 ] || fail "not ten samples"
loss=$(sed -n 's/^valid *loss \([^ ]*\).*/\1/p' lines.txt)
grep -q "<tr><td>valid</td><td>$loss</td>" one/report.html || fail "the results are others"
charts=$(grep -c '<polyline' one/report.html)
[ "$charts" -eq 4 ] || fail "$charts curves, not 4: loss and acc of train and valid"
[ "$(sed -n 's/.*<polyline.*points="\([^"]*\)".*/\1/p' one/report.html | head -n 1 | wc -w)" -eq 3 ] ||
    fail "a curve has not three points"
grep -q 'Confusion matrix of valid' one/report.html || fail "no confusion matrix"
# The residual's input goes to two layers: one of the two lines skips one.
[ "$(grep -c 'class="e"' one/report.html)" -ge 6 ] || fail "too few connections"
grep -q 'd="M150 [0-9]* C' one/report.html || fail "no connection skips a layer"

# explain: a picture a sample; what the pixels add up to is the score's way from black.
sed 's/,[01]$//' faces.csv | head -n 3 >three.csv
./picture explain --out one three.csv >explain.txt || fail explain
[ "$(ls one/explain/*.png | wc -l)" -eq 3 ] || fail "not three pictures"
file -b one/explain/three.csv.0.png 2>/dev/null | grep -q 'PNG image data, 460 x 112' ||
    head -c 24 one/explain/three.csv.0.png | tail -c 8 | od -An -tu1 |
    grep -q '0 *0 *1 204 *0 *0 *0 112' || fail "not a PNG of 460 x 112"
awk '{ for (i = 1; i <= NF; i++) if ($i == "to") sum = $(i + 1); else if ($i == "from") way = $(i - 1)
    d = sum - way; if (d < 0) d = -d; if (d > 0.02 + 0.05 * (way < 0 ? -way : way)) exit 1; n++ }
    END { exit n != 3 }' explain.txt || { cat explain.txt; fail "pixels do not add up"; }
./metrics explain --out numbers three.csv 2>err.txt && fail "explain of numbers"
grep -q 'no input that is a picture' err.txt || fail "$(cat err.txt)"
./picture explain --out one 2>err.txt && fail "explain of nothing"
grep -q 'explain takes at least one file' err.txt || fail "$(cat err.txt)"
