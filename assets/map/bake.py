"""Bakes `land.bin` and `lakes.bin` from GeoJSON of Natural Earth (see assets/README.md). Needs shapely.

    git clone https://github.com/martynafford/natural-earth-geojson
    python3 bake.py natural-earth-geojson/50m/physical/ne_50m_land.json land.bin
    python3 bake.py natural-earth-geojson/50m/physical/ne_50m_lakes.json lakes.bin

The map's edge runs through the Bering Strait (169 degrees west), so that no country is cut in two;
Antarctica is left out, and so are islands in lakes; outlines are simplified in the projection in
which they are shown.

Little-endian: u16 number of rings; for each ring u16 number of points, then for each point
i16 longitude (-169 to 191 degrees) and i16 latitude, in 1/150 of a degree.
"""

import json
import struct
import sys

from shapely import ops
from shapely.geometry import MultiPolygon, Polygon, shape

from shapes import UNIT, project, turned, unproject

# Radii of the earth: two kilometres, which are half a pixel of a 4K display that shows a continent.
TOLERANCE = 0.0003
# 250 km2 in squares of the same.
LEAST_AREA = 0.000006


def parts(features):
    for feature in features:
        geometry = shape(feature["geometry"]).buffer(0)
        for polygon in getattr(geometry, "geoms", [geometry]):
            if polygon.bounds[1] > -60:
                yield from turned(polygon)


def rings(whole):
    flat = ops.transform(lambda xs, ys: zip(*map(project, xs, ys)), whole)
    for polygon in flat.simplify(TOLERANCE).geoms:
        if polygon.area >= LEAST_AREA:
            # What lies around and what is cut out wind opposite ways, for non-zero filling.
            holes = [ring for ring in polygon.interiors if Polygon(ring).area >= LEAST_AREA]
            for ring in [polygon.exterior, *holes]:
                points = [unproject(x, y) for x, y in ring.coords[:-1]]
                clockwise = ring is polygon.exterior
                yield points if ring.is_ccw != clockwise else points[::-1]


def main(source, target):
    with open(source) as file:
        whole = ops.unary_union(list(parts(json.load(file)["features"])))
    polygons = [g for g in getattr(whole, "geoms", [whole]) if isinstance(g, Polygon)]
    if "lakes" in source:
        polygons = [Polygon(polygon.exterior) for polygon in polygons]
    out = sorted(rings(MultiPolygon(polygons)), key=len, reverse=True)
    with open(target, "wb") as file:
        file.write(struct.pack("<H", len(out)))
        for ring in out:
            file.write(struct.pack("<H", len(ring)))
            for lon, lat in ring:
                file.write(struct.pack("<hh", round(lon * UNIT), round(lat * UNIT)))
    print(len(out), "rings", sum(map(len, out)), "points")


main(*sys.argv[1:])
