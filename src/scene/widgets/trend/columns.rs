//! The columns of the trends of a scene, and the scale that they share.

use std::sync::Arc;

use super::table::{Scale, TrendTable};
use super::times::Stretch;
use super::usual::Band;
use crate::layout::window::Window;
use crate::pulse::snapshot::{Series, Span, Stream, Usual};
use crate::scene::widget::Cx;
use crate::scene::widgets::chart::{self, Bin, Plot};
use crate::scene::widgets::span;

/// Lengths that a column may have, seconds.
const LENGTHS: [u32; 20] =
    [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 300, 600, 900, 1_800, 3_600];
/// Fewest columns of a chart, however few mentions there are, and most of them; the same in every
/// width, so that trends can share a scale.
const COLUMNS: (u32, u32) = (120, 240);
/// The shortest time that is drawn, seconds.
const YOUNGEST: u32 = 120;
/// Mentions that a column should hold on average: chance then moves it by a tenth at most.
const FULL_ENOUGH: u64 = 100;

/// A series in columns.
#[derive(Clone, Debug)]
pub struct Columns {
    series: Arc<Series>,
    secs: u32,
    /// Length of a column, seconds.
    pub per: u32,
    pub bins: Arc<[Option<Bin>]>,
}

impl Columns {
    fn of(series: &Arc<Series>, secs: u32) -> Self {
        let per = per(series, secs);
        Self { series: series.clone(), secs, per, bins: chart::bins(series, secs, per).into() }
    }

    /// Mentions a minute for one count in a step of the series.
    pub fn per_minute(&self) -> f32 {
        60.0 / self.series.step.as_secs_f32().max(1.0)
    }

    /// The time that they tell of.
    pub fn stretch(&self) -> Stretch {
        Stretch { end: self.end(), secs: self.per * self.bins.len() as u32 }
    }

    /// Second in which the last column ends.
    fn end(&self) -> i64 {
        self.series.end.as_secs().div_euclid(i64::from(self.per)) * i64::from(self.per)
    }

    /// Mentions a minute in the last whole minute, or minutes where they are few; `None` is unknown.
    pub fn present(&self) -> Option<f32> {
        let count = (60 / self.per.max(1)).max(1) as usize;
        let last = self.bins.get(self.bins.len().checked_sub(count)?..)?;
        let known: Vec<f32> = last.iter().flatten().map(|b| b.mean).collect();
        (known.len() == count).then(|| known.iter().sum::<f32>() / count as f32 * self.per_minute())
    }

    /// The highest column, mentions a minute.
    fn highest(&self) -> f32 {
        Plot::highest(&self.bins) * self.per_minute()
    }
}

/// How much of a window a wall draws that listens for a part of it, seconds: what it knows on three
/// quarters of the width.
fn young(stream: &Stream, window: Window) -> u32 {
    let Span { age, untold, .. } = stream.spans.over(window);
    if age == 0 || untold > 0 {
        return u32::MAX;
    }
    let secs = (age.saturating_mul(4) / 3).max(YOUNGEST);
    secs.next_multiple_of(if secs <= 3_600 { 60 } else { 900 })
}

/// Length of a column, seconds: long enough to hold mentions.
fn per(series: &Series, secs: u32) -> u32 {
    let (mut sum, mut known) = (0, 0);
    for value in series.known_values() {
        (sum, known) = (sum + u64::from(value), known + series.step.as_secs());
    }
    let enough = |per: u32| sum * u64::from(per) / known.clamp(1, u64::from(secs)) >= FULL_ENOUGH;
    let step = series.step.as_secs().max(1) as u32;
    let fit = |per: &u32| per.is_multiple_of(step) && secs.is_multiple_of(*per);
    let mut wide = LENGTHS.into_iter().filter(fit).filter(|per| secs / per <= COLUMNS.1);
    let full = wide.clone().find(|&per| enough(per) || secs / per <= COLUMNS.0);
    full.or(wide.next_back()).unwrap_or(secs)
}

/// Columns that were made, each once for its series, and bands.
#[derive(Debug, Default)]
pub struct Kept(Vec<Columns>, Vec<(Arc<Usual>, Stretch, Arc<Band>)>);

/// What one curve shows: of a topic or everything, over which time, and whether with what is usual.
type Shown = (Option<usize>, Window, bool);

impl Kept {
    #[cfg(test)]
    pub fn first(&self) -> Option<&Columns> {
        self.0.first()
    }

    /// Of a topic, or of everything.
    pub fn columns(&mut self, cx: &Cx<'_>, topic: Option<usize>, window: Window) -> Columns {
        let stream = cx.snapshot.stream(topic);
        let secs = young(stream, window).min(span::drawn_secs(stream, window));
        let series = span::series_of(stream, secs);
        let is_it = |held: &&Columns| held.secs == secs && Arc::ptr_eq(&held.series, series);
        if let Some(held) = self.0.iter().find(is_it) {
            return held.clone();
        }
        let made = Columns::of(series, secs);
        if self.0.len() >= 2 * cx.snapshot.topics.len() + 4 {
            self.0.clear();
        }
        self.0.push(made.clone());
        made
    }

    /// What is usual of a topic, or of everything, behind its columns; empty where nobody knows.
    pub fn band(&mut self, cx: &Cx<'_>, topic: Option<usize>, columns: &Columns) -> Arc<Band> {
        let Some(usual) = cx.snapshot.usual(topic) else { return Arc::default() };
        let stretch = columns.stretch();
        let is_it =
            |held: &&(Arc<Usual>, Stretch, Arc<Band>)| Arc::ptr_eq(&held.0, usual) && held.1 == stretch;
        if let Some((.., held)) = self.1.iter().find(is_it) {
            return held.clone();
        }
        let made = Arc::new(Band::of(usual, stretch, columns.per));
        if self.1.len() > cx.snapshot.topics.len() {
            self.1.clear();
        }
        self.1.push((usual.clone(), stretch, made.clone()));
        made
    }

    /// The highest column of a trend and of those with which it shares its scale, mentions a minute.
    pub fn highest(&mut self, cx: &Cx<'_>, spec: &TrendTable, own: &[Option<usize>]) -> f32 {
        let mut all: Vec<Shown> = own.iter().map(|topic| (*topic, spec.window, spec.band)).collect();
        if spec.scale == Scale::Shared {
            all.extend(peers(cx));
        }
        let highest = all.into_iter().map(|(topic, window, band)| {
            let columns = self.columns(cx, topic, window);
            let band = if band { self.band(cx, topic, &columns).highest() } else { 0.0 };
            columns.highest().max(band)
        });
        highest.fold(0.0, f32::max)
    }
}

/// What the trends of the tile's scene show that share a scale.
fn peers(cx: &Cx<'_>) -> Vec<Shown> {
    let scene = cx.wall.scenes.get(cx.showing.scene);
    let tables =
        scene.into_iter().flat_map(|scene| &scene.tiles).filter_map(|tile| tile.widget.table::<TrendTable>());
    let shared = tables.filter(|table| table.series.is_none() && table.scale == Scale::Shared);
    shared
        .flat_map(|table| topics(cx, table).into_iter().map(|topic| (topic, table.window, table.band)))
        .collect()
}

/// Indices of the topics that a trend shows; one `None` for everything.
pub fn topics(cx: &Cx<'_>, spec: &TrendTable) -> Vec<Option<usize>> {
    let index = |name: &String| cx.wall.topics.iter().position(|topic| topic.name == *name);
    match &*spec.topics {
        [] => vec![spec.topic.as_ref().and_then(index)],
        names => names.iter().filter_map(index).map(Some).collect(),
    }
}
