//! What is usual, as a band behind a trend: nine of ten columns lie in it while nothing happens.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::times::Stretch;
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::Step;
use crate::pulse::snapshot::Usual;
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::text::Cut;

/// Standard deviations between which nine of ten values lie.
const NINE_OF_TEN: f32 = 1.645;
/// Points of the band at most.
const POINTS: usize = 120;
/// Fewer points say nothing.
const LEAST: usize = 3;

/// Runs of minutes in which it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band(Vec<Vec<Edge>>);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Edge {
    /// Part of the stretch.
    at: f32,
    /// Mentions a minute.
    low: f32,
    high: f32,
}

impl Hash for Band {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().flatten().for_each(|edge| hash_f32(&[edge.at, edge.low, edge.high], state));
    }
}

impl Band {
    /// For columns of `per` seconds.
    pub fn of(usual: &Usual, stretch: Stretch, per: u32) -> Self {
        let first = usual.last + 1 - usual.by_minute.len() as i64;
        let step = (stretch.secs as usize / 60).div_ceil(POINTS).max(1);
        let edge = |i: usize, mean: f32| {
            let at = (first + i as i64) * 60 + 30 - stretch.begin();
            // Chance alone, and what the rate varies by besides.
            let spread = (mean / (per as f32 / 60.0).max(0.01) + usual.dispersion * mean * mean).sqrt();
            Edge {
                at: at as f32 / stretch.secs.max(1) as f32,
                low: (mean - NINE_OF_TEN * spread).max(0.0),
                high: mean + NINE_OF_TEN * spread,
            }
        };
        let all: Vec<Option<Edge>> =
            usual.by_minute.iter().enumerate().map(|(i, mean)| mean.map(|mean| edge(i, mean))).collect();
        let runs = all.split(Option::is_none).map(|run| run.iter().flatten().copied());
        let shown = |run: Vec<Edge>| {
            let last = run.len().saturating_sub(1);
            run.into_iter()
                .enumerate()
                .filter(move |(i, _)| i % step == 0 || *i == last)
                .map(|(_, edge)| edge)
        };
        let inside = |edge: &Edge| (0.0..=1.0).contains(&edge.at);
        let runs = runs.map(|run| shown(run.filter(inside).collect()).collect::<Vec<Edge>>());
        Self(runs.filter(|run| run.len() >= LEAST).collect())
    }

    pub fn highest(&self) -> f32 {
        self.0.iter().flatten().map(|edge| edge.high).fold(0.0, f32::max)
    }

    /// A grey area, to the right edge where it is known until now, and its word where the present value
    /// `end` leaves room for it.
    pub fn draw(
        &self,
        cx: &mut Cx<'_>,
        list: &mut List,
        plot: &Rect,
        (top, end): (f32, Option<f32>),
        is_taken: impl Fn(f32, f32) -> bool,
    ) {
        let y = |value: f32| plot.bottom() - plot.h * (value / top).clamp(0.0, 1.0);
        let x = |edge: &Edge| plot.x + plot.w * edge.at;
        for run in &self.0 {
            let mut upper: Vec<Point> = run.iter().map(|edge| Point::new(x(edge), y(edge.high))).collect();
            let mut lower: Vec<Point> = run.iter().map(|edge| Point::new(x(edge), y(edge.low))).collect();
            for edge in [&mut upper, &mut lower] {
                let last = edge.last().copied().filter(|last| plot.right() - last.x < plot.w * 0.1);
                edge.extend(last.map(|last| Point::new(plot.right(), last.y)));
            }
            let points = upper.into_iter().chain(lower.into_iter().rev()).collect();
            let path = Arc::new(Path { outlines: vec![Outline { points, closed: true }] });
            list.push(Item::Fill { path, at: Point::default(), color: cx.theme.quiet.fade(0.28) });
        }
        let Some(run) = self.0.last() else { return };
        let (word, line) = (marks::line(cx, "usual", Step::Label, Cut::Regular), cx.scale.line(Step::Label));
        if plot.h < line * 4.0 || word.size.w > plot.w * 0.3 {
            return;
        }
        let air = line * 0.4;
        let spot = |right: f32| !is_taken(right - word.size.w, right) && right - word.size.w > plot.x;
        // From the right, as far as nothing stands in its way.
        let rights = (0..8).map(|i| plot.right() - air - plot.w * i as f32 / 10.0);
        let Some(right) = rights.into_iter().find(|right| spot(*right)) else { return };
        let Some(last) = run.iter().rev().find(|edge| x(edge) <= right) else { return };
        let above = right < plot.right() - air * 2.0 || end.is_none_or(|end| end < last.high);
        let baseline = if above { y(last.high) - line * 0.3 } else { y(last.low) + line * 0.85 };
        if baseline - line * 0.7 > plot.y && baseline < plot.bottom() {
            put(list, word, Anchor::Right, Point::new(right, baseline), cx.theme.soft);
        }
    }
}
