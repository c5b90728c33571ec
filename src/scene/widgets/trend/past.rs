//! The day before behind a trend, by the quarter of an hour.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::times::Stretch;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::layout::window::Window;
use crate::pulse::snapshot::Stream;
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::text::Cut;

const DAY: i64 = 86_400;
/// Fewer quarters say nothing.
const LEAST: usize = 4;

/// Runs of known quarters: part of the stretch, mentions a minute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past(Vec<Vec<(f32, f32)>>);

impl Past {
    pub fn of(stream: &Stream, window: Window, stretch: Stretch) -> Self {
        let series = &stream.by_quarter;
        let step = series.step.as_secs() as i64;
        if !matches!(window, Window::H24 | Window::Today) || step == 0 {
            return Self::default();
        }
        let last = series.values.len() as i64 - 1;
        let middle = |i: usize| series.end.as_secs() - (last - i as i64) * step + step / 2 + DAY;
        let first = series.values.len().saturating_sub((2 * DAY / step) as usize + 2);
        let point = |i: usize| {
            let at = middle(i);
            let part = (at - stretch.begin()) as f32 / stretch.secs.max(1) as f32;
            let value = series.values[i] as f32 * 60.0 / step as f32;
            (at > stretch.begin() && at < stretch.end).then_some((part, value))
        };
        let runs =
            series.known(first..last.max(0) as usize).map(|run| run.filter_map(point).collect::<Vec<_>>());
        Self(runs.filter(|run| run.len() >= LEAST).collect())
    }

    pub fn highest(&self) -> f32 {
        self.0.iter().flatten().map(|(_, value)| *value).fold(0.0, f32::max)
    }

    /// A grey line and its word near the right end, where the present value `end` leaves room for it.
    pub fn draw(&self, cx: &mut Cx<'_>, list: &mut List, plot: &Rect, top: f32, end: Option<f32>) {
        let y = |value: f32| plot.bottom() - plot.h * (value / top).clamp(0.0, 1.0);
        let color = cx.theme.quiet.fade(0.75);
        for run in &self.0 {
            let points =
                run.iter().map(|(part, value)| Point::new(plot.x + plot.w * part, y(*value))).collect();
            let path = Path { outlines: vec![Outline { points, closed: false }] };
            list.push(Item::Stroke {
                path: Arc::new(path),
                at: Point::default(),
                width: cx.scale.mm(1.2),
                color,
            });
        }
        let Some((part, value)) = self.0.last().and_then(|run| run.last()) else { return };
        let (word, line) =
            (marks::line(cx, "yesterday", Step::Label, Cut::Regular), cx.scale.line(Step::Label));
        let right = plot.x + plot.w * part;
        let above = end.is_none_or(|end| end < *value);
        let baseline = y(*value) + if above { -line * 0.25 } else { line * 0.85 };
        let inside =
            baseline - line * 0.7 > plot.y && baseline < plot.bottom() && right - word.size.w > plot.x;
        if inside && plot.h > line * 3.0 {
            put(list, word, Anchor::Right, Point::new(right, baseline), cx.theme.quiet);
        }
    }
}

impl Hash for Past {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for (part, value) in self.0.iter().flatten() {
            (part.to_bits(), value.to_bits()).hash(state);
        }
    }
}
