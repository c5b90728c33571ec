//! The gazetteer in memory, 4 MB: columns of cities, and a sorted table of the hashes of all names.
//! `assets/places/bake.py` states the format of the file that is built in.

use std::ops::Range;
use std::sync::OnceLock;

use super::distance_km;
use crate::mention::Country;

/// zstd around the format of `bake.py`.
static BAKED: &[u8] = include_bytes!("../../assets/places/places.bin.zst");
/// More than the file unpacked.
const MOST_BYTES: usize = 4 << 20;
const MAGIC: &[u8] = b"FBP1";

/// Low bits of a key: an identity, and above it whether the name is a second one or a code.
const ID_BITS: u32 = 16;
const SECOND: u64 = 1 << ID_BITS;
/// Bits of a key beside its hash.
pub(super) const LOW_BITS: u32 = ID_BITS + 1;
/// Upper bits of a hash by which the table is entered.
const BUCKET_BITS: u32 = 16;
/// A region's number where there is none.
const NO_REGION: u8 = 255;
/// A point without a country gets that of a city so near, km.
const NEAR_KM: f32 = 50.0;

/// Every name, and what it stands for. Immutable; made once.
#[derive(Debug, Default)]
pub struct Gazetteer {
    lats: Vec<i16>,
    lons: Vec<i16>,
    city_countries: Vec<u8>,
    city_regions: Vec<u8>,
    weights: Vec<u8>,
    region_countries: Vec<u8>,
    countries: Vec<Country>,
    names: Box<str>,
    /// Where each name begins, by identity.
    starts: Vec<u32>,
    /// Sorted.
    keys: Vec<u64>,
    /// Where the keys of each bucket begin.
    buckets: Vec<u32>,
    /// Cities by the square degree that they lie in, sorted.
    squares: Vec<(u16, u16)>,
}

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    City(u16),
    /// Its number, from 0.
    Region(u8),
    Country(u8),
}

/// One meaning of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub named: Named,
    /// A second name of a city, or the code of a region or country.
    pub second: bool,
}

impl Gazetteer {
    /// The one that is built in; unpacked by the first who asks, in about 20 ms.
    pub fn get() -> &'static Self {
        static ONE: OnceLock<Gazetteer> = OnceLock::new();
        ONE.get_or_init(|| {
            let raw = zstd::bulk::decompress(BAKED, MOST_BYTES).unwrap_or_default();
            Self::read(&raw).unwrap_or_default()
        })
    }

    /// `None` when the bytes are damaged.
    fn read(raw: &[u8]) -> Option<Self> {
        let mut from = Reader(raw.strip_prefix(MAGIC)?);
        let (cities, regions, countries) = (from.u16()?, from.u16()?, from.u16()?);
        let mut own = Self {
            lats: from.degrees(cities)?,
            lons: from.degrees(cities)?,
            city_countries: from.bytes(cities)?.to_vec(),
            city_regions: from.bytes(cities)?.to_vec(),
            weights: from.bytes(cities)?.to_vec(),
            region_countries: from.bytes(regions)?.to_vec(),
            ..Self::default()
        };
        let codes = from.bytes(2 * countries)?.chunks_exact(2);
        own.countries = codes.map(|c| Country::from_bytes([c[0], c[1]])).collect::<Option<_>>()?;
        let length = from.u32()?;
        own.names = str::from_utf8(from.bytes(length)?).ok()?.into();
        own.starts = std::iter::once(0)
            .chain(own.names.match_indices('\n').map(|(at, _)| at as u32 + 1))
            .take(cities + regions + countries)
            .collect();
        let count = from.u32()?;
        own.keys = from.rising(count)?;
        own.index();
        own.is_sound().then_some(own)
    }

    /// Makes what is found by: the buckets of keys and the squares of cities.
    fn index(&mut self) {
        let bucket = |key: &u64| key >> (64 - BUCKET_BITS);
        self.buckets = (0..=1u64 << BUCKET_BITS)
            .map(|b| self.keys.partition_point(|key| bucket(key) < b) as u32)
            .collect();
        let cities = 0..self.lats.len() as u16;
        self.squares = cities.map(|city| (square(self.point(city)), city)).collect();
        self.squares.sort_unstable();
    }

    /// Whether every identity leads somewhere.
    fn is_sound(&self) -> bool {
        let all = self.starts.len();
        let within = |list: &[u8]| list.iter().all(|c| usize::from(*c) < self.countries.len());
        all == self.lats.len() + self.region_countries.len() + self.countries.len()
            && within(&self.city_countries)
            && within(&self.region_countries)
            && self.keys.iter().all(|key| ((key & (SECOND - 1)) as usize) < all)
    }

    /// All that the name with this hash stands for: first names before second ones, cities by
    /// their weight.
    pub(super) fn find(&self, hash: u64) -> impl Iterator<Item = Meaning> {
        self.entries(hash).iter().map(|entry| self.meaning(*entry))
    }

    /// Whether there is such a name.
    pub(super) fn knows(&self, hash: u64) -> bool {
        !self.entries(hash).is_empty()
    }

    fn entries(&self, hash: u64) -> &[u64] {
        let bucket = (hash >> (64 - BUCKET_BITS)) as usize;
        let Some([from, to]) = self.buckets.get(bucket..bucket + 2) else { return &[] };
        let keys = &self.keys[*from as usize..*to as usize];
        let is_less = |key: &&u64| (*key ^ hash) >> LOW_BITS != 0;
        let start = keys.iter().take_while(is_less).count();
        let length = keys[start..].iter().take_while(|key| !is_less(key)).count();
        &keys[start..start + length]
    }

    fn meaning(&self, entry: u64) -> Meaning {
        let id = (entry & (SECOND - 1)) as usize;
        let (cities, regions) = (self.lats.len(), self.region_countries.len());
        let named = match id {
            _ if id < cities => Named::City(id as u16),
            _ if id < cities + regions => Named::Region((id - cities) as u8),
            _ => Named::Country((id - cities - regions) as u8),
        };
        Meaning { named, second: entry & SECOND != 0 }
    }

    /// Latitude and longitude of a city, degrees.
    pub(super) fn point(&self, city: u16) -> (f32, f32) {
        let city = usize::from(city);
        (f32::from(self.lats[city]) / 360.0, f32::from(self.lons[city]) / 180.0)
    }

    /// Six times the binary logarithm of its people times the languages that have a name for it.
    pub(super) fn weight(&self, city: u16) -> u8 {
        self.weights[usize::from(city)]
    }

    /// Number of a city's region, where regions are known.
    pub(super) fn region(&self, city: u16) -> Option<u8> {
        Some(self.city_regions[usize::from(city)]).filter(|region| *region != NO_REGION)
    }

    pub(super) fn country(&self, named: Named) -> Country {
        let at = match named {
            Named::City(city) => self.city_countries[usize::from(city)],
            Named::Region(region) => self.region_countries[usize::from(region)],
            Named::Country(country) => country,
        };
        self.countries[usize::from(at)]
    }

    /// The country with these two letters.
    pub(super) fn by_code(&self, code: Country) -> Option<Named> {
        self.countries.iter().position(|c| *c == code).map(|at| Named::Country(at as u8))
    }

    /// What a country is called in English (`United States`); `None` for letters that are no
    /// country's.
    pub fn country_name(&self, country: Country) -> Option<&str> {
        self.by_code(country).map(|named| self.name(named))
    }

    pub(super) fn name(&self, named: Named) -> &str {
        let (cities, regions) = (self.lats.len(), self.region_countries.len());
        let id = match named {
            Named::City(city) => usize::from(city),
            Named::Region(region) => cities + usize::from(region),
            Named::Country(country) => cities + regions + usize::from(country),
        };
        let rest = &self.names[self.starts[id] as usize..];
        rest.split('\n').next().unwrap_or_default()
    }

    /// The name of the city that lies exactly at `point`, as hits have it; of several the
    /// weightiest.
    pub fn name_at(&self, point: (f32, f32)) -> Option<std::sync::Arc<str>> {
        let city = self.in_square(square(point)).find(|city| self.point(*city) == point)?;
        Some(self.name(Named::City(city)).into())
    }

    /// The name of the weightiest city within 25 km.
    pub fn name_near(&self, (lat, lon): (f32, f32)) -> Option<std::sync::Arc<str>> {
        let (_, city) = self
            .cities_near(lat, lon)
            .filter(|(km, _)| *km <= NEAR_KM / 2.0)
            .max_by_key(|(_, city)| self.weight(*city))?;
        Some(self.name(Named::City(city)).into())
    }

    /// The country of the nearest city within 50 km.
    pub(super) fn country_near(&self, lat: f32, lon: f32) -> Option<Country> {
        let (_, city) = self.cities_near(lat, lon).min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(self.country(Named::City(city)))
    }

    /// Cities within 50 km, and how far they are.
    fn cities_near(&self, lat: f32, lon: f32) -> impl Iterator<Item = (f32, u16)> {
        let far = move |city: &u16| distance_km(self.point(*city), (lat, lon));
        let around = (-1..=1).flat_map(move |y| (-1..=1).map(move |x| (lat + y as f32, lon + x as f32)));
        let cities = around.flat_map(|point| self.in_square(square(point)));
        cities.map(move |city| (far(&city), city)).filter(|(km, _)| *km <= NEAR_KM)
    }

    fn in_square(&self, square: u16) -> impl Iterator<Item = u16> {
        let at = |square| self.squares.partition_point(|(s, _)| *s < square);
        let range: Range<usize> = at(square)..self.squares.partition_point(|(s, _)| *s <= square);
        self.squares[range].iter().map(|(_, city)| *city)
    }
}

/// Number of the square degree in which a point lies.
fn square((lat, lon): (f32, f32)) -> u16 {
    let row = (lat + 90.0).floor().clamp(0.0, 179.0) as u16;
    row * 360 + (lon + 180.0).rem_euclid(360.0).floor().min(359.0) as u16
}

/// What is still to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn u16(&mut self) -> Option<usize> {
        self.bytes(2).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])))
    }

    fn u32(&mut self) -> Option<usize> {
        self.bytes(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)
    }

    fn degrees(&mut self, count: usize) -> Option<Vec<i16>> {
        let pairs = self.bytes(2 * count)?.chunks_exact(2);
        Some(pairs.map(|b| i16::from_le_bytes([b[0], b[1]])).collect())
    }

    /// Numbers that are each given as the difference to the one before, LEB128.
    fn rising(&mut self, count: usize) -> Option<Vec<u64>> {
        let mut before = 0u64;
        let mut all = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            let mut rest = 0u64;
            for shift in (0..64).step_by(7) {
                let byte = self.bytes(1)?[0];
                rest |= u64::from(byte & 0x7f) << shift;
                if byte < 0x80 {
                    break;
                }
            }
            before = before.checked_add(rest)?;
            all.push(before);
        }
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_is_built_in_is_whole_and_small() {
        let own = Gazetteer::get();
        assert!(own.lats.len() > 30_000 && own.countries.len() >= 249 && own.keys.len() > 250_000);
        let bytes = own.keys.len() * 8 + own.buckets.len() * 4 + own.names.len() + own.starts.len() * 4;
        assert!(bytes + own.lats.len() * 11 < 5_000_000, "{bytes}");
        assert!(BAKED.len() < 3_000_000, "{}", BAKED.len());
    }

    #[test]
    fn a_damaged_file_gives_no_names_not_a_panic() {
        let raw = zstd::bulk::decompress(BAKED, MOST_BYTES).expect("it is zstd");
        for end in [0, 3, 4, 9, 100, 70_000, 400_000, raw.len() - 1] {
            assert!(Gazetteer::read(&raw[..end]).is_none(), "{end}");
        }
        let empty = Gazetteer::default();
        assert!(!empty.knows(7) && empty.country_near(1.0, 2.0).is_none());
    }
}
