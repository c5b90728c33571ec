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
import struct
import sys

from shapely import affinity, ops
from shapely.geometry import MultiPolygon, Polygon

from shapes import LEAST_AREA, TOLERANCE, TURNS, UNIT, project, rings_of, turned, unproject


def decode(topology):
    ring = rings_of(topology)
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            shell, *holes = [ring(r) for r in polygon]
            if min(lat for _, lat in shell) > -60:
                land = Polygon(shell).buffer(0)
                for hole in holes:
                    for turn in TURNS:
                        land = land.difference(affinity.translate(Polygon(hole).buffer(0), xoff=turn))
                yield land


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
