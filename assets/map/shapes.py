"""What the bakes of the map share: the shapes of a TopoJSON file, the map's edge, its projection."""

import math

from shapely import affinity
from shapely.geometry import box

CENTER = 11.0
SOUTH = -57.0
TURNS = (-360, 0, 360)
UNIT = 150
# Parts of the map's half width (2.7 units of the projection): half a pixel of a 4K display.
TOLERANCE = 0.0009
LEAST_AREA = 0.00003


def rings_of(topology):
    """A function from the indices of arcs to the points of their ring, degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)

    def ring(indices):
        points = []
        for i in indices:
            part = arcs[i] if i >= 0 else arcs[~i][::-1]
            points += part[1:] if points else part
        return unwrapped(points)

    return ring


def unwrapped(points):
    """A ring that steps over 180 degrees goes on beyond it instead of jumping back."""
    out, turn = [points[0]], 0
    for (before, _), (lon, lat) in zip(points, points[1:]):
        turn += -360 if lon - before > 180 else 360 if before - lon > 180 else 0
        out.append((lon + turn, lat))
    return out


def turned(polygon):
    """The same land between the map's edges at 169 degrees west and 191 east."""
    edge = CENTER - 180
    frame = box(edge, SOUTH, edge + 360, 90)
    for turn in TURNS:
        yield affinity.translate(polygon, xoff=turn).intersection(frame)


def project(lon, lat):
    """Equal Earth (Savric, Patterson, Jenny 2018)."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    d = 3 * (9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1)
    x = 2 * math.sqrt(3) * math.radians(lon - CENTER) * math.cos(t) / d
    return x, a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t


def unproject(x, y):
    lo, hi = -90.0, 90.0
    for _ in range(48):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if project(0, mid)[1] < y else (lo, mid)
    return CENTER + x / project(CENTER + 1, lo)[0], lo
