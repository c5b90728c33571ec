//! How topics beyond the sixth, which have one colour, are told apart: each has its dashes, the same along
//! its curve, its bar and its ribbon. On an axis of time they belong to times of the clock, so that they
//! travel with what they tell of.

use crate::geometry::{Point, Rect};
use crate::scene::list::Outline;
use crate::scene::widget::Cx;

/// Drawn and left out in turn, arc minutes; each ends with a gap. A line is 2.4′ wide: the shortest mark is a
/// square dot, and no gap is shorter than an eye sees from the last seat.
const PATTERNS: [&[f32]; 6] = [
    &[14.0, 6.0],
    &[3.0, 6.0],
    &[14.0, 5.0, 3.0, 5.0],
    &[34.0, 7.0],
    &[14.0, 5.0, 3.0, 5.0, 3.0, 5.0],
    &[7.0, 6.0, 7.0, 14.0],
];
/// By how much dashes and gaps grow each time that the patterns have been used up.
const WIDER: f32 = 0.6;
/// Dashes begin anew at a time of the clock at least so many patterns after the last.
const LEAST: f32 = 4.0;
/// How strongly the gaps of what has a surface are drawn, so that its outline holds.
pub const GAPS: f32 = 0.4;

/// The dashes of one topic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dashes {
    pattern: &'static [f32],
    /// Millimetres for an arc minute of the pattern.
    unit: f32,
}

impl Dashes {
    /// Of a topic by its index; nothing for one that has a colour of its own.
    pub fn of(cx: &Cx<'_>, topic: Option<usize>) -> Option<Self> {
        let topic = cx.wall.topics.get(topic?)?;
        let nth = topic.color.checked_sub(cx.theme.topics.len())?;
        let wider = 1.0 + WIDER * (nth / PATTERNS.len()) as f32;
        Some(Self { pattern: PATTERNS[nth % PATTERNS.len()], unit: cx.scale.mm(wider) })
    }

    /// Length of the pattern, millimetres.
    fn period(&self) -> f32 {
        self.pattern.iter().sum::<f32>() * self.unit
    }

    /// Where it is drawn along a way of this length that begins `phase` millimetres into the pattern, of
    /// which everything is `stretch` times as long.
    fn drawn(&self, length: f32, phase: f32, stretch: f32) -> Vec<(f32, f32)> {
        /// More than that stand on no wall.
        const MOST: usize = 4_000;
        let mut drawn = Vec::new();
        let mut at = -phase.rem_euclid(self.period()) * stretch;
        for (i, part) in self.pattern.iter().cycle().take(MOST).enumerate() {
            let end = at + part * self.unit * stretch;
            if i % 2 == 0 && end > 0.0 {
                drawn.push((at.max(0.0), end.min(length)));
            }
            at = end;
            if at >= length || length.is_nan() {
                break;
            }
        }
        drawn
    }

    /// Where a bar is drawn fully.
    pub fn along(&self, bar: Rect) -> impl Iterator<Item = Rect> {
        let drawn = self.drawn(bar.w, 0.0, 1.0).into_iter();
        drawn.map(move |(from, to)| Rect { x: bar.x + from, w: to - from, ..bar })
    }

    /// Left and right ends of what is drawn fully of a plot of a stretch of time.
    pub fn over(&self, plot: Rect, (begin, secs): (i64, u32)) -> Vec<(f32, f32)> {
        let pace = f64::from(plot.w) / f64::from(secs.max(1));
        let phase = (begin as f64 * pace).rem_euclid(f64::from(self.period()));
        let drawn = self.drawn(plot.w, phase as f32, 1.0).into_iter();
        drawn.map(|(from, to)| (plot.x + from, plot.x + to)).collect()
    }

    /// Cuts a line that runs from left to right over a plot of a stretch of time, with columns of `per`
    /// seconds. Between two times of the clock stands a whole number of patterns.
    pub fn cut(&self, line: &[Point], plot: Rect, (begin, secs): (i64, u32), per: u32) -> Vec<Outline> {
        if length(line) < self.period() {
            return vec![Outline { points: line.to_vec(), closed: false }];
        }
        let wide = plot.w * per as f32 / secs.max(1) as f32;
        let columns = (self.period() * LEAST / wide.max(f32::MIN_POSITIVE)).ceil().clamp(1.0, 1e6);
        let every = i64::from(per.max(1)) * columns as i64;
        let first = begin.div_euclid(every) + 1;
        let x = |at: i64| plot.x + plot.w * (at - begin) as f32 / secs.max(1) as f32;
        let times = (first..).map(|n| x(n * every)).take_while(|x| *x < plot.right());
        let pieces = split(line, times);
        let last = pieces.len() - 1;
        let cut = |(i, piece): (usize, &Vec<Point>)| {
            let whole = length(piece);
            let (phase, stretch) = match (i, last) {
                // It ends where a pattern begins.
                (0, _) => (-whole, 1.0),
                (i, last) if i == last => (0.0, 1.0),
                _ => (0.0, whole / (self.period() * (whole / self.period()).round().max(1.0))),
            };
            let drawn = self.drawn(whole, phase, stretch);
            drawn.into_iter().filter_map(|(from, to)| part(piece, from, to)).collect::<Vec<_>>()
        };
        pieces.iter().enumerate().flat_map(cut).collect()
    }
}

fn length(line: &[Point]) -> f32 {
    line.windows(2).map(|w| (w[1].x - w[0].x).hypot(w[1].y - w[0].y)).sum()
}

fn between(a: Point, b: Point, t: f32) -> Point {
    Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
}

/// The pieces of a line that runs to the right, divided at ascending places. At least one.
fn split(line: &[Point], places: impl Iterator<Item = f32>) -> Vec<Vec<Point>> {
    let (mut pieces, mut rest) = (Vec::new(), line.to_vec());
    for x in places {
        let Some(i) = rest.iter().position(|point| point.x > x).filter(|i| *i > 0) else { continue };
        let (a, b) = (rest[i - 1], rest[i]);
        let at = between(a, b, (x - a.x) / (b.x - a.x));
        let mut right = rest.split_off(i);
        right.insert(0, at);
        rest.push(at);
        pieces.push(std::mem::replace(&mut rest, right));
    }
    pieces.push(rest);
    pieces
}

/// What of a line lies between two lengths along it.
fn part(line: &[Point], from: f32, to: f32) -> Option<Outline> {
    let (mut points, mut at) = (Vec::new(), 0.0);
    for w in line.windows(2) {
        let long = (w[1].x - w[0].x).hypot(w[1].y - w[0].y);
        let end = at + long;
        if long > 0.0 && end > from && at < to {
            if points.is_empty() {
                points.push(between(w[0], w[1], ((from - at) / long).max(0.0)));
            }
            points.push(between(w[0], w[1], ((to - at) / long).min(1.0)));
        }
        at = end;
    }
    (points.len() > 1).then_some(Outline { points, closed: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DASHES: Dashes = Dashes { pattern: PATTERNS[2], unit: 1.0 };
    const PLOT: Rect = Rect::new(100.0, 0.0, 1_200.0, 100.0);

    /// A curve of columns of ten seconds, each five millimetres wide, from a second on; its height is that
    /// of its time.
    fn curve(begin: i64) -> Vec<Point> {
        let y = |at: i64| 50.0 + 20.0 * ((at / 10 * 7_919) % 13) as f32 / 13.0;
        (0..=240).map(|i| Point::new(PLOT.x + i as f32 * 5.0, y(begin + i * 10))).collect()
    }

    fn middles(begin: i64) -> Vec<(f32, f32)> {
        let cut = DASHES.cut(&curve(begin), PLOT, (begin, 2_400), 10);
        // As times, half a millimetre a second.
        let time = |p: &Point| (p.x - PLOT.x) * 2.0 + begin as f32;
        cut.iter().filter_map(|o| Some((time(o.points.first()?), time(o.points.last()?)))).collect()
    }

    #[test]
    fn dashes_travel_with_what_they_tell_of() {
        let (one, later) = (middles(3_000), middles(3_410));
        // What lies between the first and the last time of the clock on both.
        let inner = |dashes: &[(f32, f32)]| -> Vec<(i32, i32)> {
            let inside = dashes.iter().filter(|(from, to)| *from > 3_800.0 && *to < 4_900.0);
            inside.map(|(from, to)| (from.round() as i32, to.round() as i32)).collect()
        };
        assert!(inner(&one).len() > 10, "{one:?}");
        let apart = |(a, b): (&(i32, i32), &(i32, i32))| (a.0 - b.0).abs().max((a.1 - b.1).abs());
        assert_eq!(inner(&one).len(), inner(&later).len());
        assert!(inner(&one).iter().zip(&inner(&later)).map(apart).max() <= Some(1), "{one:?}\n{later:?}");
    }

    #[test]
    fn a_pattern_is_drawn_as_it_is_written_and_never_beyond_the_line() {
        let drawn = DASHES.drawn(60.0, 0.0, 1.0);
        assert_eq!(drawn, [(0.0, 14.0), (19.0, 22.0), (27.0, 41.0), (46.0, 49.0), (54.0, 60.0)]);
        assert_eq!(DASHES.drawn(10.0, 16.0, 1.0), [(3.0, 6.0)]);
        assert_eq!(DASHES.drawn(10.0, -3.0, 2.0)[0], (6.0, 10.0), "a gap of three, twice as long");
        assert!(DASHES.drawn(f32::NAN, 0.0, 1.0).len() < 2);
        for begin in [-5, 0, 1_000_003] {
            let cut = DASHES.cut(&curve(begin), PLOT, (begin, 2_400), 10);
            let points = || cut.iter().flat_map(|outline| &outline.points);
            assert!(points().all(|p| (100.0..=1_300.01).contains(&p.x) && (49.0..71.0).contains(&p.y)));
            let (drawn, all) = (cut.iter().map(|o| length(&o.points)).sum::<f32>(), length(&curve(begin)));
            assert!((drawn / all - 17.0 / 27.0).abs() < 0.05, "{drawn} of {all}");
        }
    }

    #[test]
    fn what_is_too_short_for_a_pattern_is_drawn_whole() {
        let line = [Point::new(110.0, 3.0), Point::new(120.0, 5.0)];
        let cut = DASHES.cut(&line, PLOT, (0, 2_400), 10);
        assert_eq!(cut, [Outline { points: line.to_vec(), closed: false }]);
        let spike = [Point::new(110.0, 90.0), Point::new(110.0, 0.0), Point::new(110.0, 90.0)];
        assert!(!DASHES.cut(&spike, PLOT, (0, 2_400), 10).is_empty());
    }

    #[test]
    fn no_two_patterns_are_alike() {
        let part = |pattern: &[f32]| {
            let drawn: f32 = pattern.iter().step_by(2).sum();
            (drawn / pattern.iter().sum::<f32>(), pattern.len())
        };
        for (i, one) in PATTERNS.iter().enumerate() {
            assert!(one.len() % 2 == 0);
            for other in &PATTERNS[..i] {
                let (a, b) = (part(one), part(other));
                assert!((a.0 - b.0).abs() > 0.08 || a.1 != b.1, "{one:?} {other:?}");
            }
        }
    }
}
