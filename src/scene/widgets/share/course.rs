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

    /// Draws it: `bands` are the topics' places in each band, from the top, with its colour.
    pub fn draw(&self, cx: &mut Cx<'_>, list: &mut List, place: Rect, bands: &[(Vec<usize>, Rgba)]) {
        let line = cx.scale.line(Step::Label);
        let plot = Rect { h: (place.h - line * 1.2).max(0.0), ..place };
        chart::hatch(list, plot, &self.hours, cx.scale.mm(8.0), cx.theme.unknown.fade(0.5));
        let mut tops: Vec<f32> = vec![0.0; self.hours.len()];
        for (topics, color) in bands {
            let part = |hour: &Option<Vec<f32>>| {
                let hour = hour.as_ref()?;
                let all: f32 = hour.iter().sum();
                let own: f32 = topics.iter().filter_map(|topic| hour.get(*topic)).sum();
                (all > 0.0).then(|| own / all)
            };
            let parts: Vec<Option<f32>> = self.hours.iter().map(part).collect();
            self.band(list, &plot, (&parts, &tops), *color, cx.scale.mm(1.0));
            tops.iter_mut().zip(&parts).for_each(|(top, part)| *top += part.unwrap_or(0.0));
        }
        let stretch = Stretch { end: self.end, secs: HOUR * self.hours.len() as u32 };
        times::draw_hours(cx, list, &plot, place.bottom() - line * 0.2, stretch);
    }

    /// One band below what stands above it, from one gap to the next.
    fn band(
        &self,
        list: &mut List,
        plot: &Rect,
        (parts, tops): (&[Option<f32>], &[f32]),
        color: Rgba,
        gap: f32,
    ) {
        let wide = plot.w / parts.len().max(1) as f32;
        let mut from = 0;
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
            let points = edge(false).into_iter().chain(edge(true).into_iter().rev()).collect();
            let path = Arc::new(Path { outlines: vec![Outline { points, closed: true }] });
            list.push(Item::Fill { path, at: Point::default(), color });
        }
    }
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
