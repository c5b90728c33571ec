"""Bakes `land.bin` from world-atlas' `land-50m.json` (see assets/README.md). Needs shapely.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 bake.py package/land-50m.json land.bin

The map's edge runs through the Bering Strait (169 degrees west), so that no country is cut in
two; Antarctica is left out; outlines are
simplified in the projection in which they are shown.

Little-endian: u16 number of rings; for each ring u16 number of points, then for each point
i16 longitude (-169 to 191 degrees) and i16 latitude, in 1/150 of a degree.
"""

import json
import math
import struct
import sys

from shapely import affinity, ops
from shapely.geometry import MultiPolygon, Polygon, box

CENTER = 11.0
SOUTH = -57.0
TURNS = (-360, 0, 360)
UNIT = 150
# Parts of the map's half width (2.7 units of the projection): half a pixel of a 4K display.
TOLERANCE = 0.0009
LEAST_AREA = 0.00003


def decode(topology):
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

    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            shell, *holes = [ring(r) for r in polygon]
            if min(lat for _, lat in shell) > -60:
                land = Polygon(shell).buffer(0)
                for hole in holes:
                    for turn in TURNS:
                        land = land.difference(affinity.translate(Polygon(hole).buffer(0), xoff=turn))
                yield land


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


def rings(land):
    flat = ops.transform(lambda xs, ys: zip(*map(project, xs, ys)), land)
    for polygon in flat.simplify(TOLERANCE).geoms:
        if polygon.area >= LEAST_AREA:
            # Islands and lakes wind opposite ways, so that non-zero filling leaves lakes empty.
            lakes = [ring for ring in polygon.interiors if Polygon(ring).area >= LEAST_AREA]
            for ring in [polygon.exterior, *lakes]:
                points = [unproject(x, y) for x, y in ring.coords[:-1]]
                clockwise = ring is polygon.exterior
                yield points if ring.is_ccw != clockwise else points[::-1]


def main(source, target):
    with open(source) as file:
        parts = [part for polygon in decode(json.load(file)) for part in turned(polygon)]
    land = ops.unary_union(parts)
    land = MultiPolygon([g for g in land.geoms if isinstance(g, Polygon)])
    out = sorted(rings(land), key=len, reverse=True)
    with open(target, "wb") as file:
        file.write(struct.pack("<H", len(out)))
        for ring in out:
            file.write(struct.pack("<H", len(ring)))
            for lon, lat in ring:
                file.write(struct.pack("<hh", round(lon * UNIT), round(lat * UNIT)))
    print(len(out), "rings", sum(map(len, out)), "points")


main(*sys.argv[1:])
