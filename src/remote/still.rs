//! What has stood still on a display for hours: panels keep traces of it.

use std::time::Duration;

use serde::Serialize;

use crate::bitmap::Bitmap;
use crate::clock::Instant;

/// Time between two looks. By the monotonic clock, like all times here.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(600);
/// A display that was not looked at for longer may have shown anything.
const BLIND: Duration = Duration::from_secs(1_500);
/// What has stood still for so long is told.
const LONG: Duration = Duration::from_secs(4 * 3_600);
/// Time between two lines of the log about one display.
const TELL_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// As long as at least this part of the display did.
const LEAST_PART: f64 = 0.001;
/// Every so many pixels of the picture one is looked at, across and down.
const STRIDE: usize = 4;
/// A pixel whose brightest channel is below leaves no trace.
const LIT: u8 = 80;
/// A channel that differs by more shows another picture.
const OTHER: u8 = 24;

/// What was seen of one display, look by look.
#[derive(Debug, Default)]
pub(super) struct Stillness {
    looked: Option<Instant>,
    /// When a picture was last asked for, at first when it was begun, and whether one is still awaited.
    asked: Option<Instant>,
    awaited: bool,
    /// When it was last logged that something stands still.
    told: Option<Instant>,
    columns: usize,
    points: Vec<Point>,
}

/// What one pixel has shown, and since when.
#[derive(Clone, Copy, Debug)]
struct Point {
    rgb: [u8; 3],
    since: Instant,
}

/// What stood still on a display.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Still {
    /// Seconds for which at least a thousandth of the display has shown the same, and is lit.
    pub seconds: u64,
    /// Part of the display that has done so for at least four hours, percent.
    pub percent: f64,
    /// Where most of that is: `top left`, `middle`, `bottom` and so on.
    pub place: &'static str,
}

impl Stillness {
    /// True when it is time for another look; then a picture is expected.
    pub fn is_due(&mut self, now: Instant) -> bool {
        let asked = *self.asked.get_or_insert(now);
        let due = now.saturating_duration_since(asked) >= LOOK_EVERY;
        if due {
            (self.asked, self.awaited) = (Some(now), true);
        }
        due
    }

    /// Takes in what the display shows, if that is awaited; what is news for the log.
    pub fn take(&mut self, picture: &Bitmap, now: Instant) -> Option<Still> {
        if !std::mem::take(&mut self.awaited) {
            return None;
        }
        self.look(picture, now);
        let is_told = self.told.is_some_and(|told| now.saturating_duration_since(told) < TELL_EVERY);
        let news = self.still().filter(|_| !is_told);
        self.told = news.map_or(self.told, |_| Some(now));
        news
    }

    fn look(&mut self, picture: &Bitmap, now: Instant) {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let rows = (0..height).step_by(STRIDE);
        let pixels = rows.flat_map(|y| (0..width).step_by(STRIDE).map(move |x| 4 * (y * width + x)));
        let colours = pixels.filter_map(|at| picture.rgba.get(at..at + 3)?.try_into().ok());
        let colours: Vec<[u8; 3]> = colours.collect();
        let knows = self.looked.is_some_and(|looked| now.saturating_duration_since(looked) <= BLIND)
            && self.points.len() == colours.len();
        self.columns = width.div_ceil(STRIDE);
        self.looked = Some(now);
        if !knows {
            self.points = colours.into_iter().map(|rgb| Point { rgb, since: now }).collect();
            return;
        }
        for (point, rgb) in self.points.iter_mut().zip(colours) {
            if point.rgb.iter().zip(rgb).any(|(before, now)| before.abs_diff(now) > OTHER) {
                *point = Point { rgb, since: now };
            }
        }
    }

    /// What the display shows leaves no traces now: it is dark.
    pub fn forget(&mut self) {
        (self.looked, self.points, self.awaited) = (None, Vec::new(), false);
    }

    /// What has stood still for hours up to the last look, if anything has.
    pub fn still(&self) -> Option<Still> {
        let looked = self.looked?;
        let age = |point: &Point| looked.saturating_duration_since(point.since);
        let lit = self.points.iter().enumerate().filter(|(_, point)| point.rgb.iter().any(|c| *c >= LIT));
        let long: Vec<(usize, Duration)> =
            lit.map(|(i, point)| (i, age(point))).filter(|(_, age)| *age >= LONG).collect();
        let least = (LEAST_PART * self.points.len() as f64).ceil().max(1.0) as usize;
        let mut ages: Vec<Duration> = long.iter().map(|(_, age)| *age).collect();
        ages.sort_unstable_by(|a, b| b.cmp(a));
        let seconds = ages.get(least - 1)?.as_secs();
        let percent = 100.0 * long.len() as f64 / self.points.len() as f64;
        Some(Still { seconds, percent, place: self.place(long.iter().map(|(i, _)| *i))? })
    }

    /// The ninth of the display in which most of these points are.
    fn place(&self, points: impl Iterator<Item = usize>) -> Option<&'static str> {
        const PLACES: [&str; 9] = [
            "top left",
            "top",
            "top right",
            "left",
            "middle",
            "right",
            "bottom left",
            "bottom",
            "bottom right",
        ];
        let columns = self.columns.max(1);
        let rows = self.points.len().div_ceil(columns).max(1);
        let mut counts = [0_usize; 9];
        points.for_each(|i| counts[3 * (3 * (i / columns) / rows).min(2) + 3 * (i % columns) / columns] += 1);
        let most = (0..9).max_by_key(|&i| (counts[i], std::cmp::Reverse(i)))?;
        Some(PLACES[most])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, Time};

    const SIZE: (u32, u32) = (480, 270);

    /// A dark picture with a logo at the top right, and something at the bottom left that is another each time.
    fn picture(n: u64) -> Bitmap {
        let (width, height) = SIZE;
        let pixel = |i: u32| {
            let (x, y) = (i % width, i / width);
            let is_logo = x >= 400 && y < 40;
            let moves = x < 100 && y > 200;
            let level = if is_logo {
                200
            } else if moves {
                (n * 60 % 256) as u8
            } else {
                12
            };
            [level, level, level, 255]
        };
        Bitmap { width, height, rgba: (0..width * height).flat_map(pixel).collect() }
    }

    fn start() -> Instant {
        Clock::simulated(Time::from_secs(1_800_000_000)).instant()
    }

    #[test]
    fn a_logo_that_stands_for_hours_is_told_and_what_moves_or_is_dark_is_not() {
        let (begun, mut still) = (start(), Stillness::default());
        assert!(still.still().is_none() && !still.is_due(begun));
        let start = begun + LOOK_EVERY;
        for n in 0..24 {
            assert!(still.is_due(start + LOOK_EVERY * n) && !still.is_due(start + LOOK_EVERY * n));
            assert_eq!(still.take(&picture(u64::from(n)), start + LOOK_EVERY * n), None, "after {n} looks");
            assert_eq!(still.take(&picture(0), start + LOOK_EVERY * n), None, "it was not awaited");
        }
        let last = start + LOOK_EVERY * 24;
        assert!(still.is_due(last));
        let found = still.take(&picture(24), last).expect("the logo");
        assert_eq!(still.still(), Some(found));
        assert!(still.is_due(last + LOOK_EVERY) && still.take(&picture(25), last + LOOK_EVERY).is_none());
        let part = 100.0 * f64::from(80 * 40) / f64::from(SIZE.0 * SIZE.1);
        assert_eq!((found.seconds, found.place), (4 * 3_600, "top right"));
        assert!((found.percent - part).abs() < 0.3, "{} is not {part}", found.percent);
        still.look(
            &Bitmap { rgba: vec![0; (SIZE.0 * SIZE.1 * 4) as usize], ..picture(0) },
            start + LOOK_EVERY * 26,
        );
        assert_eq!(still.still(), None, "it has gone");
    }

    #[test]
    fn what_was_not_looked_at_is_unknown() {
        let (start, mut still) = (start(), Stillness::default());
        still.look(&picture(0), start);
        still.look(&picture(0), start + Duration::from_secs(5 * 3_600));
        assert_eq!(still.still(), None, "hours without a look");
        let mut still = Stillness::default();
        (0..30).for_each(|n| still.look(&picture(0), start + LOOK_EVERY * n));
        assert!(still.still().is_some());
        still.forget();
        assert_eq!(still.still(), None, "its panel rested");
        still.look(&Bitmap { width: 0, height: 0, rgba: Vec::new() }, start);
        assert_eq!(still.still(), None);
    }
}
