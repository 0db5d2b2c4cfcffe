"""aware_data.py - x.npy and y.npy for programs/loud.dl: 144 points of a lattice, four times
each, in three classes by chance, the same each time."""
import random

from images import write

random.seed(3)
points = [(23 * a, 23 * b, random.randrange(3)) for a in range(12) for b in range(12)] * 4
write("x.npy", "(%d, 2)" % len(points), bytes(v for p in points for v in p[:2]))
write("y.npy", "(%d,)" % len(points), bytes(p[2] for p in points))
