//! Where people spoke over the last day, by square degrees and quarters of an hour: from it a heat map
//! takes the top of its scale and its part of the world, so that neither changes with the minute. It
//! is the same in whatever order mentions come, and after a restart.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::clock::Time;

/// Most square degrees of a stream; what is said in others is left out.
pub const MAX_SQUARES: usize = 2_048;
/// Seconds of a quarter of an hour.
const QUARTER: i64 = 900;
/// The running quarter, a day of them, and one for the day as it was a quarter ago.
const QUARTERS: usize = 98;
/// Quarters of a day.
const DAY: i64 = 96;
/// Degrees along a block.
const BLOCK: i16 = 5;
/// Of a hundred mentions so many may lie beyond each of two edges of the area.
const BEYOND: u64 = 2;
/// An area wider than this is the world.
const WORLD: i16 = 130;
/// Sides of an area are multiples of this part of the longer, at least of a degree.
const ROUND_TO: i16 = 10;

/// A part of the world, degrees; `east` may exceed 180.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Area {
    pub west: i16,
    pub east: i16,
    pub south: i16,
    pub north: i16,
}

/// How much is said where over a day.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Extent {
    /// Most mentions of any square degree within a quarter of an hour.
    pub square: u32,
    /// The same of any block of five by five degrees.
    pub block: u32,
    /// Where nearly all was said; `None` for all over the world, and for nowhere.
    pub area: Option<Area>,
    /// The same a quarter of an hour ago.
    pub before: Option<Area>,
    /// When the running quarter of an hour began.
    pub since: Time,
}

/// Mentions of each quarter, by its number modulo [`QUARTERS`].
type Quarters = Box<[u16; QUARTERS]>;

/// The squares of one stream.
#[derive(Debug)]
pub struct Areas {
    squares: FxHashMap<(i16, i16), Quarters>,
    /// The running quarter.
    head: i64,
    /// The minute for which the extent was drawn.
    minute: Option<i64>,
    drawn: Arc<Extent>,
}

impl Areas {
    pub fn new(now: i64) -> Self {
        let head = now.div_euclid(QUARTER);
        Self { squares: FxHashMap::default(), head, minute: None, drawn: Arc::default() }
    }

    /// Counts a mention at a place (degrees) at the second `at`.
    pub fn heard(&mut self, (lat, lon): (f32, f32), at: i64) {
        if !(lat.abs() <= 90.0 && lon.abs() <= 360.0) {
            return;
        }
        let quarter = at.div_euclid(QUARTER);
        let square = (lat.floor() as i16, lon.floor() as i16);
        let is_known = self.squares.contains_key(&square) || self.squares.len() < MAX_SQUARES;
        if (0..QUARTERS as i64).contains(&(self.head - quarter)) && is_known {
            let counts = self.squares.entry(square).or_insert_with(|| Box::new([0; QUARTERS]));
            let count = &mut counts[slot(quarter)];
            *count = count.saturating_add(1);
        }
    }

    /// Moves the end to the second `now`.
    pub fn advance(&mut self, now: i64) {
        let to = now.div_euclid(QUARTER);
        let steps = (to - self.head).clamp(0, QUARTERS as i64);
        self.head = self.head.max(to);
        if steps > 0 {
            let head = self.head;
            self.squares.retain(|_, counts| {
                (head - steps + 1..=head).for_each(|quarter| counts[slot(quarter)] = 0);
                counts.iter().any(|count| *count > 0)
            });
        }
    }

    /// The extent as of the second `now`, made once a minute; the same pointer while nothing changed.
    pub fn draw(&mut self, now: i64) -> Arc<Extent> {
        let minute = now.div_euclid(60);
        if self.minute.replace(minute) != Some(minute) {
            let new = self.extent();
            if new != *self.drawn {
                self.drawn = Arc::new(new);
            }
        }
        self.drawn.clone()
    }

    fn extent(&self) -> Extent {
        let [last, before] = [1, 2].map(|ago| self.area(self.head - ago));
        // A wall that has just begun takes what there is.
        let area = last.unwrap_or_else(|| self.area(self.head).flatten());
        Extent {
            square: self
                .squares
                .values()
                .map(|counts| self.peak(|slot| counts[slot].into()))
                .max()
                .unwrap_or(0),
            block: self.squares.keys().map(|square| self.block(*square)).max().unwrap_or(0),
            area,
            before: before.unwrap_or(area),
            since: Time::from_secs(self.head * QUARTER),
        }
    }

    /// The highest count of any quarter of the last day.
    fn peak(&self, count: impl Fn(usize) -> u32) -> u32 {
        (self.head - DAY..=self.head).map(|quarter| count(slot(quarter))).max().unwrap_or(0)
    }

    /// The same of the block around a square.
    fn block(&self, (lat, lon): (i16, i16)) -> u32 {
        let reach = -BLOCK / 2..=BLOCK / 2;
        let around = reach.clone().flat_map(|down| reach.clone().map(move |across| (down, across)));
        let near = around.map(|(down, across)| (lat + down, (lon + across + 180).rem_euclid(360) - 180));
        let known: Vec<_> = near.filter_map(|square| self.squares.get(&square)).collect();
        self.peak(|slot| known.iter().map(|counts| u32::from(counts[slot])).sum())
    }

    /// Where nearly all was said in the day that ends with the quarter `last`; nothing where nothing
    /// was said.
    fn area(&self, last: i64) -> Option<Option<Area>> {
        let of_day = |counts: &Quarters| -> u64 {
            (last - DAY + 1..=last).map(|quarter| u64::from(counts[slot(quarter)])).sum()
        };
        let (mut across, mut down) = ([0; 360], [0; 180]);
        for (&(lat, lon), counts) in &self.squares {
            let sum = of_day(counts);
            across[(lon + 180).rem_euclid(360) as usize] += sum;
            down[(lat + 90).clamp(0, 179) as usize] += sum;
        }
        let total: u64 = down.iter().sum();
        (total > 0).then(|| {
            let (west, east) = arc(&across, total);
            let (south, north) = ends(&down, total);
            rounded(Area { west: west - 180, east: east - 180, south: south - 90, north: north - 90 })
        })
    }
}

fn slot(quarter: i64) -> usize {
    quarter.rem_euclid(QUARTERS as i64) as usize
}

/// The first and the end of those degrees beyond which little lies on either side.
fn ends(sums: &[u64], total: u64) -> (i16, i16) {
    let beyond = total * BEYOND / 100;
    let before = |sums: &mut dyn Iterator<Item = &u64>| {
        let mut passed = 0;
        let few = |sum: &&u64| {
            passed += **sum;
            passed <= beyond
        };
        sums.take_while(few).count() as i16
    };
    (before(&mut sums.iter()), sums.len() as i16 - before(&mut sums.iter().rev()))
}

/// The same around the earth: it is cut open in the middle of the widest stretch without mentions.
fn arc(sums: &[u64; 360], total: u64) -> (i16, i16) {
    let (mut widest, mut run, mut cut) = (0, 0, 0);
    for i in 0..720 {
        run = if sums[i % 360] == 0 { run + 1 } else { 0 };
        if run > widest && run <= 360 {
            (widest, cut) = (run, (i + 1) % 360);
        }
    }
    let turned: Vec<u64> = (0..360).map(|i| sums[(cut + i) % 360]).collect();
    let (first, end) = ends(&turned, total);
    let west = (first + cut as i16) % 360;
    (west, west + end - first)
}

/// Its sides outwards to round degrees; `None` for what is as wide as the world.
fn rounded(area: Area) -> Option<Area> {
    let longer = (area.east - area.west).max(area.north - area.south);
    let step = (longer / ROUND_TO).clamp(1, 10);
    let (down, up) = (|v: i16| v.div_euclid(step) * step, |v: i16| -((-v).div_euclid(step)) * step);
    let Area { west, east, south, north } = area;
    let area = Area { west: down(west), east: up(east), south: down(south), north: up(north) };
    (area.east - area.west <= WORLD).then_some(area)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn areas(heard: &[(f32, f32, i64, usize)]) -> Areas {
        let mut areas = Areas::new(NOW);
        for &(lat, lon, ago, times) in heard {
            (0..times).for_each(|_| areas.heard((lat, lon), NOW - ago));
        }
        areas
    }

    #[test]
    fn the_top_is_the_busiest_quarter_of_a_day() {
        let mut areas = areas(&[(51.5, -0.1, 0, 5), (51.5, -0.1, 40_000, 30), (48.9, 2.3, 40_000, 20)]);
        let extent = areas.draw(NOW);
        assert_eq!((extent.square, extent.block), (30, 50), "London and Paris are of one block");
        assert_eq!(areas.draw(NOW + 59), extent);
        areas.advance(NOW + 86_400);
        assert_eq!(areas.draw(NOW + 86_400).square, 0, "a day later it is forgotten");
    }

    #[test]
    fn order_and_restarts_change_nothing() {
        let heard = [(52.5, 13.4, 0, 3), (48.1, 11.6, 5_000, 4), (50.1, 8.7, 80_000, 9)];
        let mut turned = heard;
        turned.reverse();
        assert_eq!(areas(&heard).draw(NOW), areas(&turned).draw(NOW));
        let mut gone_on = areas(&heard);
        gone_on.advance(NOW + 3_600);
        let mut fresh = Areas::new(NOW + 3_600);
        for (lat, lon, ago, times) in heard {
            (0..times).for_each(|_| fresh.heard((lat, lon), NOW - ago));
        }
        assert_eq!(gone_on.draw(NOW + 3_600), fresh.draw(NOW + 3_600));
    }

    #[test]
    fn a_country_is_an_area_and_the_world_is_none() {
        let germany = [
            (52.5, 13.4, 2_000, 50),
            (48.1, 11.6, 2_000, 40),
            (53.6, 10.0, 2_000, 40),
            (51.2, 6.8, 2_000, 30),
        ];
        let area = areas(&germany).draw(NOW).area.expect("an area");
        assert_eq!(area, Area { west: 6, east: 14, south: 48, north: 54 });
        let stray: Vec<_> = germany.into_iter().chain([(-33.9, 151.2, 2_000, 2)]).collect();
        assert_eq!(areas(&stray).draw(NOW).area, Some(area), "two of 162 do not make a world");
        let world = [(40.7, -74.0, 2_000, 9), (35.7, 139.7, 2_000, 9), (51.5, -0.1, 2_000, 9)];
        assert_eq!(areas(&world).draw(NOW).area, None);
        let pacific = [(-36.8, 174.8, 2_000, 9), (-13.8, -171.8, 2_000, 9)];
        let area = areas(&pacific).draw(NOW).area.expect("an area");
        assert!(area.west <= 174 && area.east >= 189, "{area:?}");
        assert_eq!(areas(&[]).draw(NOW).area, None);
    }

    #[test]
    fn what_changes_the_area_is_told_with_its_moment() {
        let mut areas = areas(&[(52.5, 13.4, 2_000, 50)]);
        let head = NOW.div_euclid(QUARTER) * QUARTER;
        areas.heard((40.4, -3.7), head + 10);
        areas.heard((40.4, -3.7), head + 20);
        areas.heard((40.4, -3.7), head + 30);
        let before = areas.draw(NOW).area;
        areas.advance(head + 900);
        let extent = areas.draw(head + 900);
        assert_eq!((extent.before, extent.since), (before, Time::from_secs(head + 900)));
        assert!(extent.area.is_some_and(|area| area.west <= -4 && area.east >= 14));
    }

    #[test]
    fn strange_places_and_floods_do_no_harm() {
        let mut areas = Areas::new(NOW);
        for (lat, lon) in [(f32::NAN, 0.0), (1e9, -1e9), (90.0, 180.0), (-90.0, -180.0)] {
            areas.heard((lat, lon), NOW);
        }
        (0..70_000).for_each(|_| areas.heard((10.0, 10.0), NOW));
        assert!(areas.draw(NOW).square >= 65_535);
    }
}
