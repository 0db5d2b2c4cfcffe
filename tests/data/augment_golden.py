"""Writes augment_golden.h: an independent account of the augmentation's geometry.

Keras' way, step by step: homogeneous 3 x 3 matrices for rotation, shift, shear and zoom are
multiplied, moved to the middle of the image, and every output pixel looks up its four
neighbours. Flips act on the finished picture, crop cuts a window out of the padded sample.
With SciPy present the same pictures come from scipy.ndimage.affine_transform too.

    python3 augment_golden.py | clang-format-14 > augment_golden.h
"""
import math
import sys

FILLS = ["nearest", "constant", "reflect", "wrap"]
CVAL = 7.0
# height, width, channels, degrees, shear, shift rows, columns, zoom rows, columns, flip, crop
CASES = [
    (7, 9, 1, 30, 0, 0, 0, 1, 1, 0, (0, 0)),
    (7, 9, 3, -15, 5, 1.25, -2.5, 1.1, 0.9, 0, (0, 0)),
    (8, 6, 1, 0, 0, 0, 0, 1, 1, 3, (0, 0)),
    (8, 6, 2, 0, 0, 0, 0, 1, 1, 0, (2, -3)),
    (5, 5, 1, 90, 0, 0, 0, 1, 1, 0, (0, 0)),
    (9, 8, 3, 40, -20, -6.3, 9.7, 1.5, 2.5, 1, (1, 2)),
    (6, 7, 1, 10, 10, 0.5, 0.5, 0.5, 0.4, 2, (-1, 0)),
]


def image(h, w, c):
    x, out = 12345, []
    for _ in range(h * w * c):
        x = (x * 1103515245 + 12345) % 2 ** 31
        out.append(float(x >> 23))
    return out


def product(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]


def matrix(h, w, degrees, shear, ty, tx, zy, zx):
    a, s = math.radians(degrees), math.radians(shear)
    m = [[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]]
    m = product(m, [[1, 0, ty], [0, 1, tx], [0, 0, 1]])
    m = product(m, [[1, -math.sin(s), 0], [0, math.cos(s), 0], [0, 0, 1]])
    m = product(m, [[zy, 0, 0], [0, zx, 0], [0, 0, 1]])
    oy, ox = h / 2 - 0.5, w / 2 - 0.5
    m = product([[1, 0, oy], [0, 1, ox], [0, 0, 1]], m)
    return product(m, [[1, 0, -oy], [0, 1, -ox], [0, 0, 1]])


def place(i, n, fill):
    while not 0 <= i < n:
        if fill == "constant":
            return None
        if fill == "nearest":
            i = max(0, min(n - 1, i))
        elif fill == "wrap":
            i += n if i < 0 else -n
        else:
            i = -1 - i if i < 0 else 2 * n - 1 - i
    return i


def look(pixels, h, w, c, y, x, channel, fill):
    y, x = place(y, h, fill), place(x, w, fill)
    return CVAL if y is None or x is None else pixels[(y * w + x) * c + channel]


def warp(case, fill):
    h, w, c, degrees, shear, ty, tx, zy, zx, flip, crop = case
    pixels, m, out = image(h, w, c), matrix(h, w, degrees, shear, ty, tx, zy, zx), []
    for row in range(h):
        for column in range(w):
            r = h - 1 - row if flip & 2 else row
            k = w - 1 - column if flip & 1 else column
            y = m[0][0] * r + m[0][1] * k + m[0][2] + crop[0]
            x = m[1][0] * r + m[1][1] * k + m[1][2] + crop[1]
            # a place that is a whole number but for rounding is one
            y, x = (round(v) if abs(v - round(v)) < 1e-9 else v for v in (y, x))
            iy, ix = math.floor(y), math.floor(x)
            for channel in range(c):
                total = 0.0
                for dy in (0, 1):
                    for dx in (0, 1):
                        weight = (1 - abs(y - iy - dy)) * (1 - abs(x - ix - dx))
                        if weight > 0:
                            total += weight * look(pixels, h, w, c, iy + dy, ix + dx, channel,
                                                   fill)
                out.append(total)
    return out


def against_scipy(case, fill, have):
    import numpy
    from scipy import ndimage
    h, w, c, degrees, shear, ty, tx, zy, zx, flip, crop = case
    pixels = numpy.array(image(h, w, c)).reshape(h, w, c)
    m = matrix(h, w, degrees, shear, ty, tx, zy, zx)
    mode = {"wrap": "grid-wrap", "constant": "grid-constant"}.get(fill, fill)
    planes = [ndimage.affine_transform(
        pixels[:, :, k], numpy.array(m)[:2, :2], [m[0][2] + crop[0], m[1][2] + crop[1]],
        order=1, mode=mode, cval=CVAL) for k in range(c)]
    want = numpy.stack(planes, -1)
    want = want[::-1] if flip & 2 else want
    want = want[:, ::-1] if flip & 1 else want
    return float(abs(want.ravel() - numpy.array(have)).max())


def main():
    try:
        import scipy
        worst = max(against_scipy(case, fill, warp(case, fill)) for case in CASES
                    for fill in FILLS)
        print("SciPy %s agrees within %.1e" % (scipy.__version__, worst), file=sys.stderr)
    except ImportError:
        pass
    print("/* augment_golden.h - made by augment_golden.py. */")
    print("static const float golden[] = {")
    for case in CASES:
        for fill in FILLS:
            values = ["%.9g" % v for v in warp(case, fill)]
            values = [v + "F" if "." in v or "e" in v else v + ".0F" for v in values]
            for i in range(0, len(values), 12):
                print("    " + ", ".join(values[i:i + 12]) + ",")
    print("};")


main()
