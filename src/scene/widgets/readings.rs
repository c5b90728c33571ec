//! Plain numbers of a named series: which is meant, how it is written, how old it is, its past in
//! columns and the levels beside it.

use std::sync::Arc;
use std::time::Duration;

use super::figures::{age, grouped};
use crate::clock::Time;
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::mention::series;
use crate::pulse::snapshot::{Found, Readings, Snapshot};
use crate::scene::list::{Item, List, Outline, Path};

/// Seconds of a minute, in which numbers are kept.
const MINUTE: i64 = 60;
/// From here on a number is shortened …
const LARGE: f64 = 1e12;
/// … and so is one that is smaller than this.
const SMALL: f64 = 1e-6;
/// Most decimals.
const MOST_PLACES: usize = 8;
/// Values beyond this cannot be told apart in a picture, and must not overflow in it.
const BEYOND: f64 = 1e30;
/// A line whose lowest and highest value are closer than this part of the highest does not begin
/// at zero.
const FLAT: f64 = 0.25;

/// The column's length for so many seconds.
fn column_secs(secs: u32) -> i64 {
    if secs > 7_200 { 5 * MINUTE } else { MINUTE }
}

/// Why there is no number of `series`, longest first.
pub fn missing(snapshot: &Snapshot, series: &str) -> Vec<String> {
    match snapshot.found(series) {
        Found::Several(n) => vec![
            format!("{n} series: name one of them"),
            format!("{n} series: name one"),
            format!("{n} series"),
        ],
        _ => vec!["no data yet".into()],
    }
}

/// The age of the last number when it is too old to be taken for the present, although its feed is
/// heard; a feed that is not heard says so itself.
pub fn too_old(readings: &Readings, snapshot: &Snapshot, now: Time) -> Option<Duration> {
    let feed = snapshot.feeds.iter().find(|feed| series::is_of(&readings.name, &feed.name))?;
    Some(now.since(readings.at)).filter(|age| *age > feed.stale_after)
}

/// `12 min old`.
pub fn old(length: Duration) -> String {
    match length.as_secs() {
        0..60 => "less than a minute old".into(),
        secs => format!("{} old", age(secs)),
    }
}

/// The number with `precision` decimals; left out, three figures. A number that is not nought is never
/// written as nought: `0.00042`, and with two decimals `<0.01`.
pub fn written(value: f64, precision: Option<u8>) -> String {
    let size = value.abs();
    let sign = if value < 0.0 { "−" } else { "" };
    if !value.is_finite() {
        return "–".into();
    }
    if size >= LARGE || (size > 0.0 && size < SMALL && precision.is_none()) {
        return format!("{sign}{}", format!("{size:.2e}").replace('-', "−"));
    }
    let places = precision.map_or_else(|| places(size), |places| usize::from(places).min(MOST_PLACES));
    let rounded = format!("{size:.places$}");
    if size > 0.0 && rounded.bytes().all(|b| matches!(b, b'0' | b'.')) {
        return format!(
            "{}{sign}{:.places$}",
            if value < 0.0 { '>' } else { '<' },
            0.1f64.powi(places as i32)
        );
    }
    let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
    // Room is dear behind many noughts.
    let fraction = if precision.is_none() && size < 0.1 { fraction.trim_end_matches('0') } else { fraction };
    let whole = grouped(whole.parse().unwrap_or(0));
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Decimals that make three figures; none for nought.
fn places(size: f64) -> usize {
    match size {
        0.0 | 99.95.. => 0,
        9.995.. => 1,
        0.9995.. => 2,
        _ => (2.0 - size.log10().floor()).clamp(3.0, MOST_PLACES as f64) as usize,
    }
}

/// The second in which the columns of `secs` seconds end.
pub fn end(now: Time, secs: u32) -> i64 {
    let per = column_secs(secs);
    now.as_secs().div_euclid(per) * per
}

/// Means of the whole columns of `secs` seconds that end now, oldest first; `None` is unknown.
pub fn columns(readings: &Readings, now: Time, secs: u32) -> Vec<Option<f32>> {
    let per = column_secs(secs);
    let count = i64::from(secs) / per;
    let end = end(now, secs);
    let after_last = (readings.at.as_secs().div_euclid(MINUTE) + 1) * MINUTE;
    let index = |secs: i64| readings.by_minute.len() as i64 - (after_last - secs) / MINUTE;
    let mean = |k: i64| {
        let first = index(end - (count - k) * per);
        let known: Vec<f64> = (first..first + per / MINUTE)
            .filter_map(|i| *readings.by_minute.get(usize::try_from(i).ok()?)?)
            .collect();
        let mean = || known.iter().sum::<f64>() / known.len() as f64;
        (!known.is_empty()).then(|| mean().clamp(-BEYOND, BEYOND) as f32)
    };
    (0..count).map(mean).collect()
}

/// The values between which a curve stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub floor: f64,
    pub top: f64,
    /// Round values to name, lowest first.
    pub levels: Vec<f64>,
    /// Decimals of the levels.
    pub places: u8,
}

impl Axis {
    /// Room for all values and for the last one, with at most `most` levels. Begins at zero unless there are negative
    /// values or `near` allows it to look at small changes of large values.
    pub fn of(columns: &[Option<f32>], last: Option<f64>, most: usize, near: bool) -> Self {
        let values = || columns.iter().flatten().map(|v| f64::from(*v)).chain(last.map(within));
        let (low, high) =
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        if !(low.is_finite() && high.is_finite()) {
            return Self { floor: 0.0, top: 1.0, levels: Vec::new(), places: 0 };
        }
        let close = near && low > 0.0 && high > low && high - low < high * FLAT;
        let floor = if close { low } else { low.min(0.0) };
        let top = if high > floor { high } else { floor + 1.0 };
        let step = step(top - floor, most);
        let floor = if floor == 0.0 { 0.0 } else { (floor / step).floor() * step };
        let top = top + (top - floor) * 0.12;
        let first = (floor / step).round() as i64;
        let levels = (first..).map(|i| i as f64 * step).take_while(|level| *level <= top).take(most + 2);
        let places = (-step.log10().floor()).clamp(0.0, f64::from(u8::MAX)) as u8;
        Self { floor, top, levels: levels.collect(), places }
    }

    /// A level as it is written.
    pub fn label(&self, level: f64) -> String {
        written(level, (usize::from(self.places) <= MOST_PLACES).then_some(self.places))
    }

    /// Height of a value in `rect`, y down.
    pub fn y(&self, rect: Rect, value: f64) -> f32 {
        let part = (within(value) - self.floor) / (self.top - self.floor).max(f64::MIN_POSITIVE);
        rect.bottom() - rect.h * part.clamp(0.0, 1.0) as f32
    }
}

fn within(value: f64) -> f64 {
    value.clamp(-BEYOND, BEYOND)
}

/// 1, 2 or 5 times a power of ten of which at most `most` fit into `range`.
fn step(range: f64, most: usize) -> f64 {
    let least = (range / (most as f64 + 0.5)).max(1.0 / BEYOND);
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0].into_iter().find(|m| m * power >= least).unwrap_or(10.0) * power
}

/// Draws the curve of the known columns, each unbroken stretch for itself; filled where it stands
/// on zero. It ends at the value `now`, if there is one.
pub fn draw(
    list: &mut List,
    rect: Rect,
    columns: &[Option<f32>],
    now: Option<f64>,
    axis: &Axis,
    (color, width): (Rgba, f32),
) {
    let wide = rect.w / columns.len().max(1) as f32;
    let mut points: Vec<Point> = Vec::new();
    for (i, value) in columns.iter().enumerate() {
        let Some(value) = value else {
            stretch(list, std::mem::take(&mut points), rect, axis, color, width);
            continue;
        };
        let (x, y) = (rect.x + wide * i as f32, axis.y(rect, f64::from(*value)));
        if points.is_empty() {
            points.push(Point::new(x, y));
        }
        points.push(Point::new(x + wide / 2.0, y));
        if columns.get(i + 1).is_none_or(Option::is_none) {
            let end = now.filter(|_| i + 1 == columns.len()).map_or(y, |now| axis.y(rect, now));
            points.push(Point::new(x + wide, end));
        }
    }
    stretch(list, points, rect, axis, color, width);
}

fn stretch(list: &mut List, points: Vec<Point>, rect: Rect, axis: &Axis, color: Rgba, width: f32) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    if axis.floor <= 0.0 {
        let zero = axis.y(rect, 0.0);
        let foot = [last.x, first.x].map(|x| Point::new(x, zero));
        let outline = Outline { points: points.iter().copied().chain(foot).collect(), closed: true };
        let path = Arc::new(Path { outlines: vec![outline] });
        list.push(Item::Fill { path, at: Point::default(), color: color.fade(0.2) });
    }
    let path = Arc::new(Path { outlines: vec![Outline { points, closed: false }] });
    list.push(Item::Stroke { path, at: Point::default(), width, color });
}

/// A series' name as a heading: `Load, zone=eu`.
pub fn heading(series: &str) -> String {
    super::marks::capital(&series.replacen('/', ", ", 1))
}

#[cfg(test)]
mod tests {
    use super::super::figures::THIN;
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    #[test]
    fn numbers_have_three_figures_unless_told() {
        let text = |value, precision| written(value, precision).replace(THIN, "_");
        let auto: Vec<_> = [0.0, 0.1234, 1.5, 12.34, 123.4, 9.999, 99.96, 1_234_567.8, -0.0001, -12.0]
            .map(|v| text(v, None))
            .into();
        assert_eq!(
            auto,
            ["0", "0.123", "1.50", "12.3", "123", "10.0", "100", "1_234_568", "−0.0001", "−12.0"]
        );
        let small: Vec<_> = [
            0.00042,
            0.042_149,
            0.05,
            0.000_123_9,
            -0.00042,
            0.099_96,
            0.999_6,
            1.2e-6,
            4.2e-7,
            -5e-324,
            -0.0,
        ]
        .map(|v| text(v, None))
        .into();
        let expected = [
            "0.00042",
            "0.0421",
            "0.05",
            "0.000124",
            "−0.00042",
            "0.1",
            "1.00",
            "0.0000012",
            "4.20e−7",
            "−4.94e−324",
            "0",
        ];
        assert_eq!(small, expected);
        assert_eq!(
            [text(0.00042, Some(2)), text(-0.3, Some(0)), text(0.0, Some(2))],
            ["<0.01", ">−1", "0.00"]
        );
        assert_eq!([text(f64::NAN, None), text(f64::INFINITY, Some(1))], ["–", "–"]);
        assert_eq!(text(f64::MAX, None), "1.80e308");
        assert_eq!(text(1_234.5, Some(1)), "1_234.5");
        assert_eq!(text(99.9, Some(0)), "100");
        assert_eq!(text(-3.2e15, None), "−3.20e15");
    }

    fn readings(at: Time, by_minute: Vec<Option<f64>>) -> Readings {
        Readings { name: "load".into(), at, value: 1.0, by_minute }
    }

    #[test]
    fn the_past_stands_in_whole_minutes_with_its_gaps() {
        let at = NOW - Duration::from_secs(130);
        let told = columns(&readings(at, vec![Some(1.0), None, Some(3.0)]), NOW, 600);
        let mut expected = vec![None; 10];
        (expected[5], expected[7]) = (Some(1.0), Some(3.0));
        assert_eq!(told, expected);
        let day = columns(&readings(NOW, vec![Some(2.0); 1_440]), NOW, 86_400);
        assert_eq!(day.len(), 288);
        assert!(day[1..].iter().all(|v| *v == Some(2.0)), "{day:?}");
        assert!(columns(&readings(Time::default(), vec![]), NOW, 3_600).iter().all(Option::is_none));
    }

    #[test]
    fn levels_are_round_and_begin_at_zero_unless_all_values_are_close() {
        let axis = |values: &[f32], near| {
            Axis::of(&values.iter().copied().map(Some).collect::<Vec<_>>(), None, 3, near)
        };
        let from_zero = axis(&[10.0, 90.0], true);
        assert_eq!((from_zero.floor, from_zero.levels), (0.0, vec![0.0, 50.0, 100.0]));
        let close = axis(&[21.2, 22.4], true);
        assert!(close.floor > 20.0 && close.top < 23.0 && close.places == 1, "{close:?}");
        assert_eq!(axis(&[21.2, 22.4], false).floor, 0.0);
        assert!(axis(&[-5.0, 5.0], true).floor <= -5.0);
        assert_eq!(axis(&[0.0], true).top, 1.12);
        assert!(Axis::of(&[Some(1.0)], Some(60.0), 3, true).top > 60.0);
        assert_eq!(Axis::of(&[None], None, 3, true).levels, [0.0; 0]);
        let tiny = axis(&[0.0, 0.00042], true);
        assert_eq!(
            tiny.levels.iter().map(|level| tiny.label(*level)).collect::<Vec<_>>(),
            ["0.0000", "0.0002", "0.0004"]
        );
        let less = axis(&[0.0, 4.2e-10], true);
        assert_eq!(less.levels.last().map(|level| less.label(*level)).as_deref(), Some("4.00e−10"));
        let all = Axis::of(&[Some(f32::MIN), Some(f32::MAX)], Some(f64::MAX), 3, true);
        assert!(all.y(Rect::new(0.0, 0.0, 1.0, 1.0), f64::MIN).is_finite(), "{all:?}");
    }
}
