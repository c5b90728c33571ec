//! The last day of sentiment: positive mentions above a line, negative ones below it, by the hour.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::pulse::snapshot::{Series, Stream};
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::scene::widgets::chart::{self, Bin};
use crate::scene::widgets::figures::{grouped, round_step};
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::scene::widgets::trend::times::{self, Stretch};
use crate::text::Cut;

const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;
/// Fewer known hours are no course.
const LEAST: usize = 3;
/// Of an hour in which less of a hundred mentions was judged nothing is claimed.
const JUDGED: f32 = 0.05;

/// Positive and negative mentions in each whole hour, oldest first; `None` was not heard, or not judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    hours: Vec<Option<[f32; 2]>>,
    /// Second in which the last hour ends.
    end: i64,
}

impl Course {
    /// `None` where no tile asked for it, or too little is known.
    pub fn of(stream: &Stream) -> Option<Self> {
        let [positive, neutral, negative, unknown] = &*stream.by_mood else { return None };
        let bins = |series: &Series| chart::bins(series, DAY, HOUR);
        let [positive_bins, neutral, negative, unknown] = [positive, neutral, negative, unknown].map(bins);
        let hour = |i: usize| judged(positive_bins[i], neutral[i], negative[i], unknown[i]);
        let hours: Vec<_> = (0..positive_bins.len()).map(hour).collect();
        let end = positive.end.as_secs().div_euclid(i64::from(HOUR)) * i64::from(HOUR);
        (hours.iter().flatten().count() >= LEAST).then_some(Self { hours, end })
    }

    /// The largest number above and below the line.
    fn most(&self) -> [f32; 2] {
        [0, 1].map(|side| self.hours.iter().flatten().map(|hour| hour[side]).fold(0.0, f32::max))
    }

    /// Draws it: above it what it is, below it the times.
    pub fn draw(&self, cx: &mut Cx<'_>, list: &mut List, place: Rect) {
        let line = cx.scale.line(Step::Label);
        let caps = cx.scale.cap(Step::Label);
        let words =
            ["positive above, negative below, mentions an hour", "mentions an hour"].map(String::from);
        if let Some(words) = marks::first_that_fits(cx, &words, Step::Label, place.w) {
            put(list, words, Anchor::Left, Point::new(place.x, place.y + caps), cx.theme.quiet);
        }
        let [above, below] = self.most();
        let all = (above + below).max(1.0);
        let widest = marks::line(cx, &grouped(above.max(below) as u64), Step::Label, Cut::Regular).size.w;
        let left = if place.w > widest * 6.0 { widest + caps * 0.8 } else { 0.0 };
        let (top, foot) = (place.y + line * 1.15, place.bottom() - line * 1.2);
        let plot = Rect::new(place.x + left, top, place.w - left, (foot - top).max(0.0));
        let zero = plot.y + plot.h * above / all;
        let per = plot.h / all;
        chart::hatch(list, plot, &self.hours, cx.scale.mm(8.0), cx.theme.unknown.fade(0.5));
        for run in runs(&self.hours) {
            for (side, sign, color) in [(0, -1.0, cx.theme.positive), (1, 1.0, cx.theme.negative)] {
                self.area(list, &plot, &run, (side, sign * per), zero, color);
            }
        }
        list.rect(Rect::new(plot.x, zero, plot.w, cx.scale.mm(1.2)), cx.theme.quiet);
        if left > 0.0 {
            self.levels(cx, list, &plot, zero, per);
        }
        let stretch = Stretch { end: self.end, secs: HOUR * self.hours.len() as u32 };
        times::draw_hours(cx, list, &plot, place.bottom() - line * 0.2, stretch);
    }

    /// The area of one side in a run of known hours.
    fn area(
        &self,
        list: &mut List,
        plot: &Rect,
        run: &std::ops::Range<usize>,
        (side, per): (usize, f32),
        zero: f32,
        color: Rgba,
    ) {
        let wide = plot.w / self.hours.len().max(1) as f32;
        let x = |i: usize| plot.x + wide * i as f32;
        let y = |i: usize| zero + per * self.hours[i].map_or(0.0, |hour| hour[side]);
        let (first, last) = (run.start, run.end - 1);
        let mut points = vec![Point::new(x(first), zero), Point::new(x(first), y(first))];
        points.extend(run.clone().map(|i| Point::new(x(i) + wide / 2.0, y(i))));
        points.extend([Point::new(x(run.end), y(last)), Point::new(x(run.end), zero)]);
        let path = Arc::new(Path { outlines: vec![Outline { points, closed: true }] });
        list.push(Item::Fill { path, at: Point::default(), color: color.fade(0.85) });
    }

    /// One round number on each side that has room for it, and zero.
    fn levels(&self, cx: &mut Cx<'_>, list: &mut List, plot: &Rect, zero: f32, per: f32) {
        let (caps, most) = (cx.scale.size(Step::Label) * CAP_HEIGHT, self.most());
        let step = round_step(most[0].max(most[1]), 1);
        let mut put_level = |level: u64, y: f32| {
            let label = marks::line(cx, &grouped(level), Step::Label, Cut::Regular);
            let baseline = (y + caps / 2.0).clamp(plot.y + caps, plot.bottom().max(plot.y + caps));
            put(list, label, Anchor::Right, Point::new(plot.x - caps * 0.5, baseline), cx.theme.quiet);
            list.rect(Rect::new(plot.x, y, plot.w, cx.scale.mm(0.8)), cx.theme.hairline);
        };
        put_level(0, zero);
        for (side, sign) in [(0, -1.0), (1, 1.0)] {
            let away = step as f32 * per;
            if step as f32 <= most[side] && away > caps * 1.5 {
                put_level(step, zero + sign * away);
            }
        }
    }
}

/// Positive and negative mentions of an hour.
fn judged(
    positive: Option<Bin>,
    neutral: Option<Bin>,
    negative: Option<Bin>,
    unknown: Option<Bin>,
) -> Option<[f32; 2]> {
    let (up, level, down, rest) = (positive?.sum, neutral?.sum, negative?.sum, unknown?.sum);
    let known = up + level + down;
    (known + rest == 0.0 || known >= (known + rest) * JUDGED).then_some([up, down])
}

fn runs(hours: &[Option<[f32; 2]>]) -> Vec<std::ops::Range<usize>> {
    let mut from = 0;
    let runs = hours.chunk_by(|a, b| a.is_some() == b.is_some()).map(|run| {
        from += run.len();
        (run[0].is_some(), from - run.len()..from)
    });
    runs.filter(|(known, _)| *known).map(|(_, run)| run).collect()
}

impl Hash for Course {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.end.hash(state);
        self.hours.iter().for_each(|hour| hour.map(|hour| hour.map(f32::to_bits)).hash(state));
    }
}
