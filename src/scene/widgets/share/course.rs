//! The last day of a share of voice as a ribbon: of each hour the parts of the topics, one upon the
//! other, in the order of the rows beside it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::pulse::snapshot::Series;
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::scene::widgets::chart;
use crate::scene::widgets::dashes::{Dashes, GAPS};
use crate::scene::widgets::figures::hundred;
use crate::scene::widgets::trend::times::{self, Stretch};

const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;
/// Fewer known hours are no course.
const LEAST: usize = 3;
/// Fewer mentions a day ago say nothing about a change.
const LEAST_BEFORE: u64 = 30;

/// Mentions of each topic in each whole hour, oldest first; `None` was not heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    hours: Vec<Option<Vec<f32>>>,
    /// Second in which the last hour ends.
    end: i64,
}

/// The band of a row.
pub struct Ribbon {
    /// Places of its topics among those that are compared.
    pub topics: Vec<usize>,
    pub color: Rgba,
    pub dashes: Option<Dashes>,
}

impl Course {
    /// Of the topics' mentions by the minute; `None` where too little is known.
    pub fn of(series: &[Arc<Series>]) -> Option<Self> {
        let end = series.first()?.end.as_secs().div_euclid(i64::from(HOUR)) * i64::from(HOUR);
        let bins: Vec<_> = series.iter().map(|series| chart::bins(series, DAY, HOUR)).collect();
        let count = bins.iter().map(Vec::len).min().unwrap_or(0);
        let hour =
            |i: usize| bins.iter().map(|bins| bins[i].map(|bin| bin.sum)).collect::<Option<Vec<f32>>>();
        let hours: Vec<_> = (0..count).map(hour).collect();
        (hours.iter().flatten().count() >= LEAST).then_some(Self { hours, end })
    }

    /// Draws it with these bands, from the top.
    pub fn draw(&self, cx: &mut Cx<'_>, list: &mut List, place: Rect, bands: &[Ribbon]) {
        let line = cx.scale.line(Step::Label);
        let plot = Rect { h: (place.h - line * 1.2).max(0.0), ..place };
        chart::hatch(list, plot, &self.hours, cx.scale.mm(8.0), cx.theme.unknown.fade(0.5));
        let mut tops: Vec<f32> = vec![0.0; self.hours.len()];
        let stretch = Stretch { end: self.end, secs: HOUR * self.hours.len() as u32 };
        for Ribbon { topics, color, dashes } in bands {
            let part = |hour: &Option<Vec<f32>>| {
                let hour = hour.as_ref()?;
                let all: f32 = hour.iter().sum();
                let own: f32 = topics.iter().filter_map(|topic| hour.get(*topic)).sum();
                (all > 0.0).then(|| own / all)
            };
            let parts: Vec<Option<f32>> = self.hours.iter().map(part).collect();
            let runs = runs(&plot, (&parts, &tops), cx.scale.mm(1.0));
            match dashes {
                None => runs.iter().for_each(|run| run.fill(list, *color, (plot.x, plot.right()))),
                Some(dashes) => {
                    let drawn = dashes.over(plot, (stretch.begin(), stretch.secs));
                    for run in &runs {
                        run.fill(list, color.fade(GAPS), (plot.x, plot.right()));
                        drawn.iter().for_each(|dash| run.fill(list, *color, *dash));
                    }
                }
            }
            tops.iter_mut().zip(&parts).for_each(|(top, part)| *top += part.unwrap_or(0.0));
        }
        times::draw_hours(cx, list, &plot, place.bottom() - line * 0.2, stretch);
    }
}

/// A band from one gap to the next: its edges, both from left to right at the same places.
struct Run {
    above: Vec<Point>,
    below: Vec<Point>,
}

/// The runs of one band below what stands above it.
fn runs(plot: &Rect, (parts, tops): (&[Option<f32>], &[f32]), gap: f32) -> Vec<Run> {
    let wide = plot.w / parts.len().max(1) as f32;
    let (mut runs, mut from) = (Vec::new(), 0);
    for run in parts.chunk_by(|a, b| a.is_some() == b.is_some()) {
        let (first, end) = (from, from + run.len());
        from = end;
        if run[0].is_none() {
            continue;
        }
        let edge = |below: bool| {
            let y = |i: usize| {
                let part = if below { parts[i].unwrap_or(0.0) } else { 0.0 };
                let y = plot.y + plot.h * (tops[i] + part).min(1.0);
                if below { (y - gap).max(plot.y + plot.h * tops[i]) } else { y }
            };
            let mut points = vec![Point::new(plot.x + wide * first as f32, y(first))];
            points.extend((first..end).map(|i| Point::new(plot.x + wide * (i as f32 + 0.5), y(i))));
            points.push(Point::new(plot.x + wide * end as f32, y(end - 1)));
            points
        };
        runs.push(Run { above: edge(false), below: edge(true) });
    }
    runs
}

impl Run {
    /// Fills what of it lies between two places.
    fn fill(&self, list: &mut List, color: Rgba, (left, right): (f32, f32)) {
        let (above, below) = (within(&self.above, left, right), within(&self.below, left, right));
        if above.len() > 1 {
            let points = above.into_iter().chain(below.into_iter().rev()).collect();
            let path = Arc::new(Path { outlines: vec![Outline { points, closed: true }] });
            list.push(Item::Fill { path, at: Point::default(), color });
        }
    }
}

/// What of a line that runs to the right lies between two places.
fn within(line: &[Point], left: f32, right: f32) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(line.len());
    for w in line.windows(2).filter(|w| w[1].x > left && w[0].x < right) {
        let at = |x: f32| {
            let t = (x - w[0].x) / (w[1].x - w[0].x).max(f32::MIN_POSITIVE);
            Point::new(x, w[0].y + (w[1].y - w[0].y) * t)
        };
        if points.is_empty() {
            points.push(at(left.max(w[0].x)));
        }
        points.push(at(right.min(w[1].x)));
    }
    points
}

impl Hash for Course {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.end.hash(state);
        for hour in &self.hours {
            hour.as_ref().map(|hour| hour.iter().map(|n| n.to_bits()).collect::<Vec<u32>>()).hash(state);
        }
    }
}

/// By how many per cents each share grew since yesterday, when `before` was counted for each; unknown where any of
/// them was not known.
pub fn changes(before: &[Option<u64>], per_cents: &[u32]) -> Vec<Option<i32>> {
    let known: Option<Vec<u64>> = before.iter().copied().collect();
    let enough =
        |known: &Vec<u64>| per_cents.len() == known.len() && known.iter().sum::<u64>() >= LEAST_BEFORE;
    let Some(known) = known.filter(enough) else { return vec![None; before.len()] };
    hundred(&known).into_iter().zip(per_cents).map(|(was, is)| Some(*is as i32 - was as i32)).collect()
}
