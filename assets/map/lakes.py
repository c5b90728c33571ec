"""Bakes `lakes.bin` from `ne_50m_lakes.json` (see assets/README.md). Needs shapely.

    git clone https://github.com/martynafford/natural-earth-geojson
    python3 lakes.py natural-earth-geojson/50m/physical/ne_50m_lakes.json lakes.bin

Islands in lakes are left out. The format is that of `land.bin`, see `bake.py`.
"""

import json
import struct
import sys

from shapely import ops
from shapely.geometry import Polygon, shape

from shapes import TOLERANCE, UNIT, project, turned, unproject

# 400 km2, in units of the projection.
LEAST_AREA = 0.00001


def polygons(features):
    for feature in features:
        geometry = shape(feature["geometry"])
        yield from (g for g in getattr(geometry, "geoms", [geometry]) if isinstance(g, Polygon))


def rings(features):
    for lake in polygons(features):
        for part in turned(Polygon(lake.exterior).buffer(0)):
            flat = ops.transform(lambda xs, ys: zip(*map(project, xs, ys)), part)
            flat = flat.simplify(TOLERANCE * 0.7)
            if flat.area >= LEAST_AREA and isinstance(flat, Polygon):
                yield [unproject(x, y) for x, y in flat.exterior.coords[:-1]]


def main(source, target):
    with open(source) as file:
        out = sorted(rings(json.load(file)["features"]), key=len, reverse=True)
    with open(target, "wb") as file:
        file.write(struct.pack("<H", len(out)))
        for ring in out:
            file.write(struct.pack("<H", len(ring)))
            for lon, lat in ring:
                file.write(struct.pack("<hh", round(lon * UNIT), round(lat * UNIT)))
    print(len(out), "rings", sum(map(len, out)), "points")


main(*sys.argv[1:])
