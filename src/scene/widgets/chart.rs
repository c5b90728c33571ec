//! A series of counts as an area: gathered into columns that stand still while time goes on.

use std::sync::Arc;

use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::pulse::snapshot::Series;
use crate::scene::list::{Item, List, Outline, Path};

/// Columns that hold fewer mentions than this on average stand as steps: a line between them would
/// draw what nobody counted, and their highest second says nothing.
const SPARSE: f32 = 8.0;

/// One column: counts for each step of the series, and all together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    pub mean: f32,
    pub peak: f32,
    pub sum: f32,
}

/// The last `secs` seconds in columns of `per` seconds, oldest first; `None` is unknown. Columns
/// begin at multiples of `per` since the epoch and only whole ones count, so that nothing changes
/// between one column and the next. The first is left out where the series is no longer than the
/// time asked for: part of it has always run out.
pub fn bins(series: &Series, secs: u32, per: u32) -> Vec<Option<Bin>> {
    let step = (series.step.as_secs() as i64).max(1);
    let per = i64::from(per).max(step) / step * step;
    let count = i64::from(secs) / per;
    let cut = i64::from(series.values.len() as i64 * step < i64::from(secs) + per);
    let end = series.end.as_secs().div_euclid(per) * per;
    let values = |k: i64| {
        let start = end - (count - k) * per;
        // The last value is still running and stands at `series.end`.
        let first = series.values.len() as i64 - 1 - (series.end.as_secs() - start) / step;
        let first = usize::try_from(first).ok().filter(|&i| i >= series.unknown)?;
        series.values.get(first..first + (per / step) as usize)
    };
    (cut..count).map(|k| values(k).map(Bin::of)).collect()
}

impl Bin {
    fn of(values: &[u32]) -> Self {
        let sum: u64 = values.iter().map(|&v| u64::from(v)).sum();
        let peak = values.iter().copied().max().unwrap_or(0);
        Self { mean: sum as f32 / values.len().max(1) as f32, peak: peak as f32, sum: sum as f32 }
    }
}

/// How many of the oldest columns are unknown.
pub fn unknown(bins: &[Option<Bin>]) -> usize {
    bins.iter().take_while(|b| b.is_none()).count()
}

/// The highest sum over `width` neighbouring known values; 0 when there are fewer.
pub fn highest_sum(series: &Series, width: usize) -> u64 {
    let known = series.values.get(series.unknown..).unwrap_or_default();
    let Some(first) = known.get(..width) else { return 0 };
    let mut sum: u64 = first.iter().map(|&v| u64::from(v)).sum();
    let mut highest = sum;
    for (old, new) in known.iter().zip(&known[width..]) {
        sum = sum + u64::from(*new) - u64::from(*old);
        highest = highest.max(sum);
    }
    highest
}

/// A curve over a plot: where its columns stand and what is at the top.
pub struct Plot<'a> {
    pub rect: Rect,
    pub bins: &'a [Option<Bin>],
    /// Value at the upper edge.
    pub top: f32,
    /// The present value, in which the mean ends at the right edge; `None` leaves it as it is.
    pub end: Option<f32>,
}

impl Plot<'_> {
    /// Height of a value, y down; never outside the plot.
    pub fn y(&self, value: f32) -> f32 {
        self.rect.bottom() - self.rect.h * (value / self.top.max(f32::MIN_POSITIVE)).clamp(0.0, 1.0)
    }

    /// Left edge of a column.
    pub fn x(&self, column: usize) -> f32 {
        self.rect.x + self.rect.w * column as f32 / self.bins.len().max(1) as f32
    }

    fn is_sparse(&self) -> bool {
        let known = self.bins.len() - unknown(self.bins);
        let sum: f32 = self.bins.iter().flatten().map(|b| b.sum).sum();
        sum < SPARSE * known as f32
    }

    /// Points of the known columns, from edge to edge: their middles, or steps.
    fn curve(&self, value: impl Fn(&Bin) -> f32) -> Vec<Point> {
        let known = self.bins.iter().enumerate().filter_map(|(i, b)| b.map(|b| (i, self.y(value(&b)))));
        if self.is_sparse() {
            return known.flat_map(|(i, y)| [i, i + 1].map(|edge| Point::new(self.x(edge), y))).collect();
        }
        let half = self.rect.w / self.bins.len().max(1) as f32 / 2.0;
        let mut points: Vec<Point> = known.map(|(i, y)| Point::new(self.x(i) + half, y)).collect();
        let (Some(&start), Some(&end)) = (points.first(), points.last()) else { return points };
        points.insert(0, Point::new(start.x - half, start.y));
        points.push(Point::new(end.x + half, end.y));
        points
    }

    /// Fills under the mean, with `peaks` more faintly between mean and peak, and draws the mean
    /// as a line of `width` millimetres.
    pub fn draw(&self, list: &mut List, color: Rgba, width: f32, peaks: bool) {
        let mut line = self.curve(|b| b.mean);
        if let (Some(end), Some(Some(_))) = (self.end, self.bins.last()) {
            if !self.is_sparse() {
                line.pop();
            }
            line.push(Point::new(self.rect.right(), self.y(end)));
        }
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
        if peaks && !self.is_sparse() {
            let band = self.curve(|b| b.peak).into_iter().chain(line.iter().rev().copied()).collect();
            fill(list, band, color.fade(0.14));
        }
        let floor = [last.x, first.x].map(|x| Point::new(x, self.rect.bottom()));
        fill(list, line.iter().copied().chain(floor).collect(), color.fade(0.2));
        let path = Path { outlines: vec![Outline { points: line, closed: false }] };
        list.push(Item::Stroke { path: Arc::new(path), at: Point::default(), width, color });
    }

    /// The highest value that is drawn.
    pub fn highest(bins: &[Option<Bin>]) -> f32 {
        bins.iter().flatten().map(|b| b.mean).fold(0.0, f32::max)
    }
}

fn fill(list: &mut List, points: Vec<Point>, color: Rgba) {
    let path = Path { outlines: vec![Outline { points, closed: true }] };
    list.push(Item::Fill { path: Arc::new(path), at: Point::default(), color });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use std::time::Duration;

    fn series(values: Vec<u32>, unknown: usize, end: i64) -> Series {
        Series { end: Time::from_secs(end), step: Duration::from_secs(1), values, unknown }
    }

    #[test]
    fn columns_hold_still_between_two_multiples() {
        let at = |end: i64| {
            let values = (end - 99..=end).map(|t| (t % 7) as u32).collect();
            bins(&series(values, 0, end), 60, 10)
        };
        assert_eq!(at(1_000), at(1_009));
        assert_ne!(at(1_000), at(1_010));
        assert_eq!(at(1_003).len(), 6);
    }

    #[test]
    fn a_column_that_is_partly_unknown_is_unknown() {
        let made = bins(&series(vec![5; 101], 55, 1_000), 100, 10);
        assert_eq!(unknown(&made), 5);
        assert_eq!(made[5], Some(Bin { mean: 5.0, peak: 5.0, sum: 50.0 }));
    }

    #[test]
    fn too_short_a_series_is_unknown_and_does_not_panic() {
        assert_eq!(unknown(&bins(&series(vec![], 0, 1_000), 60, 10)), 5);
        assert_eq!(unknown(&bins(&Series::default(), 3_600, 12)), 299);
        assert_eq!(highest_sum(&Series::default(), 60), 0);
    }

    #[test]
    fn the_highest_sum_is_found_anywhere() {
        assert_eq!(highest_sum(&series(vec![1, 9, 8, 1, 1], 0, 5), 2), 17);
        assert_eq!(highest_sum(&series(vec![1, 9, 8, 1, 1], 2, 5), 2), 9);
    }
}
