"""Writes the files that the programs of this folder read. Seeded; stdlib only."""
import math, os, random, struct, zipfile, zlib

rand = random.Random(1)


def png(path, pixels, w, h):
    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    rows = b"".join(b"\0" + bytes(pixels[y * w * 3:(y + 1) * w * 3]) for y in range(h))
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0))
                + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def wav(path, samples, rate):
    data = struct.pack("<%dh" % len(samples), *samples)
    with open(path, "wb") as f:
        f.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt "
                + struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
                + b"data" + struct.pack("<I", len(data)) + data)


def npy(shape, values):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }" % (shape,)
    return (b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head.encode()
            + struct.pack("<%df" % len(values), *values))


os.makedirs("cifar", exist_ok=True)
for name in "data_batch_1.bin", "data_batch_2.bin", "test_batch.bin":
    with open("cifar/" + name, "wb") as f:
        for i in range(30):
            label = i % 10
            f.write(bytes([label]))
            for channel in range(3):  # a colour a class, and noise
                base = 25 * label if channel == 0 else 250 - 25 * label if channel == 1 else 0
                f.write(bytes(min(255, base + rand.randrange(6)) for _ in range(1024)))

for kind in range(2):
    os.makedirs("photos/%d" % kind, exist_ok=True)
    os.makedirs("sounds/%d" % kind, exist_ok=True)
    for i in range(24):
        w, h = 8 + i % 9, 8 + i % 7
        pixels = [v for _ in range(w * h)
                  for v in (200 * kind + rand.randrange(50), rand.randrange(250), 50)]
        png("photos/%d/%02d.png" % (kind, i), pixels, w, h)
        rate = 8000 if i % 2 else 16000
        hertz = 1500 if kind else 300
        wav("sounds/%d/%02d.wav" % (kind, i),
            [round(9000 * math.sin(2 * math.pi * hertz * t / rate)) + rand.randrange(-300, 300)
             for t in range(rate // 10)], rate)

with open("reviews.vocab", "w") as f:
    f.write("good\nbad\nfilm\n")
with open("reviews.csv", "w") as f:
    for i in range(64):
        noun = rand.choice(["film", "Book", "\"\"film\"\""])
        f.write("\"%s a %s %s\",%d\n" % ("so, " * (i % 4), "bad" if i % 2 else "Good", noun, 1 - i % 2))

with open("weather.csv", "w") as f:
    f.write("Date Time,p (mbar),\"T (degC)\"\n")
    for i in range(400):
        f.write("01.01.2009 %02d:%02d,%.3f,%.3f\n" % (i // 60, i % 60, 1000 + math.cos(i / 5),
                                                      10 + 3 * math.sin(i / 5)))
with open("text.txt", "w") as f:
    f.write("the cat sat on the mat,\nthe dog sat on the log.\n" * 12)
x = [rand.uniform(-1, 1) for _ in range(128)]
y = [2 * x[2 * i] - x[2 * i + 1] + 0.5 for i in range(64)]
with zipfile.ZipFile("points.npz", "w", zipfile.ZIP_DEFLATED) as z:
    for name, shape, values in (("x", (64, 2), x), ("y", (64,), y), ("a", (64, 2), x), ("b", (64,), y)):
        with z.open(name + ".npy", "w", force_zip64=True) as f:
            f.write(npy(shape, values))
with open("points.csv", "w") as f, open("inputs.csv", "w") as g:
    for _ in range(64):
        a, b, c = (rand.gauss(0, 1) for _ in range(3))
        x = (5 + 3 * a, 3 * a + b, 0.1 * c - b)
        g.write("%.5f,%.5f,%.5f\n" % x)
        f.write("%.5f,%.5f,%.5f,%.5f\n" % (x + (a + b - c,)))
