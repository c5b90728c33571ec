//! A series of counts as an area: gathered into columns that stand still while time goes on.

use std::ops::Range;
use std::sync::Arc;

use super::marks;
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::pulse::snapshot::Series;
use crate::scene::list::{Item, List, Outline, Path};

/// Columns that hold fewer mentions than this on average stand as steps: a line between them would
/// draw what nobody counted.
const SPARSE: f32 = 8.0;

/// One column: counts for each step of the series, and all together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    pub mean: f32,
    pub sum: f32,
}

/// The last `secs` seconds in columns of `per` seconds, oldest first; `None` is unknown. Columns
/// begin at multiples of `per` since the epoch and only whole ones count, so that nothing changes
/// between one column and the next. A column is unknown when more than a tenth of it is. The first is left out where the series is no longer than the
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
        let first = usize::try_from(first).ok()?;
        Bin::of(series, first..first + (per / step) as usize)
    };
    (cut..count).map(values).collect()
}

impl Bin {
    /// Of what is known of these places; `None` when more than a tenth is not.
    fn of(series: &Series, places: Range<usize>) -> Option<Self> {
        let (all, mut known) = (places.len(), 0);
        let mut sum = 0;
        for run in series.known(places) {
            known += run.len();
            sum += series.values[run].iter().map(|&v| u64::from(v)).sum::<u64>();
        }
        let is_known = known > 0 && (all - known) * 10 <= all;
        is_known.then(|| Self { mean: sum as f32 / known as f32, sum: sum as f32 })
    }
}

/// The columns that are unknown, as ranges of their places.
pub fn unknown<T>(bins: &[Option<T>]) -> Vec<Range<usize>> {
    runs(bins, Option::is_none)
}

fn runs<T>(bins: &[Option<T>], is: impl Fn(&Option<T>) -> bool) -> Vec<Range<usize>> {
    let mut from = 0;
    let runs = bins.chunk_by(|a, b| is(a) == is(b)).map(|run| {
        from += run.len();
        (is(&run[0]), from - run.len()..from)
    });
    runs.filter(|(is, _)| *is).map(|(_, run)| run).collect()
}

/// Hatches the columns that are unknown.
pub fn hatch<T>(list: &mut List, rect: Rect, bins: &[Option<T>], gap: f32, color: Rgba) {
    let x = |column: usize| rect.x + rect.w * column as f32 / bins.len().max(1) as f32;
    for run in unknown(bins) {
        marks::unknown(list, Rect { x: x(run.start), w: x(run.end) - x(run.start), ..rect }, gap, color);
    }
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
        let known = self.bins.iter().flatten().count();
        let sum: f32 = self.bins.iter().flatten().map(|b| b.sum).sum();
        sum < SPARSE * known as f32
    }

    /// Points of neighbouring known columns, from edge to edge: their middles, or steps.
    fn curve(&self, run: &Range<usize>) -> Vec<Point> {
        let bins = self.bins[run.clone()].iter().enumerate();
        let known = bins.filter_map(|(i, b)| b.map(|b| (run.start + i, self.y(b.mean))));
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

    /// The mean of a run; the last one ends in the present value.
    fn line(&self, run: &Range<usize>) -> Vec<Point> {
        let mut line = self.curve(run);
        if let Some(end) = self.end.filter(|_| run.end == self.bins.len()) {
            if !self.is_sparse() {
                line.pop();
            }
            line.push(Point::new(self.rect.right(), self.y(end)));
        }
        line
    }

    /// Fills under the mean as strongly as `fill` says (0 for not at all), and draws the mean as a line
    /// of `width` millimetres; from one gap to the next.
    pub fn draw(&self, list: &mut List, color: Rgba, width: f32, fill: f32) {
        self.draw_with(list, color, width, fill, |line| vec![Outline { points: line, closed: false }]);
    }

    /// The same where the line is made up of what `outlines` makes of it.
    pub fn draw_with(
        &self,
        list: &mut List,
        color: Rgba,
        width: f32,
        fill: f32,
        outlines: impl Fn(Vec<Point>) -> Vec<Outline>,
    ) {
        for run in runs(self.bins, Option::is_some) {
            let line = self.line(&run);
            let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
            if fill > 0.0 {
                let floor = [last.x, first.x].map(|x| Point::new(x, self.rect.bottom()));
                let points = line.iter().copied().chain(floor).collect();
                let path = Path { outlines: vec![Outline { points, closed: true }] };
                list.push(Item::Fill { path: Arc::new(path), at: Point::default(), color: color.fade(fill) });
            }
            let path = Path { outlines: outlines(line) };
            list.push(Item::Stroke { path: Arc::new(path), at: Point::default(), width, color });
        }
    }

    /// The highest value that is drawn.
    pub fn highest(bins: &[Option<Bin>]) -> f32 {
        bins.iter().flatten().map(|b| b.mean).fold(0.0, f32::max)
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "a list of ranges may have one")]
mod tests {
    use super::*;
    use crate::clock::Time;
    use std::time::Duration;

    fn series(values: Vec<u32>, unknown: &[(u32, u32)], end: i64) -> Series {
        Series { end: Time::from_secs(end), step: Duration::from_secs(1), values, unknown: unknown.to_vec() }
    }

    #[test]
    fn columns_hold_still_between_two_multiples() {
        let at = |end: i64| {
            let values = (end - 99..=end).map(|t| (t % 7) as u32).collect();
            bins(&series(values, &[], end), 60, 10)
        };
        assert_eq!(at(1_000), at(1_009));
        assert_ne!(at(1_000), at(1_010));
        assert_eq!(at(1_003).len(), 6);
    }

    #[test]
    fn a_column_of_which_more_than_a_tenth_is_unknown_is_unknown() {
        let made = bins(&series(vec![5; 101], &[(0, 55), (71, 72), (80, 82)], 1_000), 100, 10);
        assert_eq!(unknown(&made), [0..5, 7..8]);
        assert_eq!(made[5], Some(Bin { mean: 5.0, sum: 50.0 }));
        assert_eq!(made[6], Some(Bin { mean: 5.0, sum: 45.0 }), "the mean of what is known");
    }

    #[test]
    fn too_short_a_series_is_unknown_and_does_not_panic() {
        assert_eq!(unknown(&bins(&series(vec![], &[], 1_000), 60, 10)), [0..5]);
        assert_eq!(unknown(&bins(&Series::default(), 3_600, 12)), [0..299]);
    }

    #[test]
    fn a_curve_ends_at_a_gap_and_begins_anew() {
        let bins: Vec<Option<Bin>> =
            [1, 1, 0, 1].map(|known| (known > 0).then_some(Bin { mean: 9.0, sum: 90.0 })).into();
        let plot = Plot { rect: Rect::new(0.0, 0.0, 40.0, 10.0), bins: &bins, top: 10.0, end: None };
        let mut list = List::default();
        plot.draw(&mut list, Rgba::default(), 1.0, 0.2);
        let strokes = list.items.iter().filter(|item| matches!(item, Item::Stroke { .. })).count();
        assert_eq!((strokes, list.items.len()), (2, 4));
        hatch(&mut list, plot.rect, &bins, 1.0, Rgba::default());
        assert!(list.to_string().contains("stroke 20.0,0.0"), "{list}");
    }
}
