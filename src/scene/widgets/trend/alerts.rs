//! Alerts as marks in a plot: a line where each began, and what it was.

use super::times::Stretch;
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::pulse::snapshot::{Cause, Severity};
use crate::scene::badge::hour;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::text::Cut;

/// Marks of a plot at most.
const MOST: usize = 3;

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    at: i64,
    words: String,
    alarm: bool,
}

/// Whether a mark stands between two places of a plot.
pub fn stand_between(marks: &[Mark], stretch: Stretch, plot: &Rect, (left, right): (f32, f32)) -> bool {
    marks.iter().any(|mark| (left..=right).contains(&stretch.x(plot, mark.at)))
}

/// The alerts of the topics that began in the stretch, the loudest first.
pub fn of(cx: &Cx<'_>, topics: &[Option<usize>], stretch: Stretch) -> Vec<Mark> {
    let ours = |topic: Option<u16>| topics.contains(&None) || topics.contains(&topic.map(usize::from));
    let zone = cx.wall.time_zone();
    let began = cx.snapshot.alerts.iter().filter(|alert| {
        let at = alert.since.as_secs();
        alert.cause != Cause::Group && ours(alert.topic) && at > stretch.begin() && at < stretch.end
    });
    let mark = |alert: &crate::pulse::snapshot::Alert| Mark {
        at: alert.since.as_secs(),
        words: format!("{} {}", alert.label, hour(alert.since, &zone)),
        alarm: alert.severity == Severity::Alarm,
    };
    began.map(mark).take(MOST).collect()
}

/// Draws them; words that would stand on others are left out.
pub fn draw(cx: &mut Cx<'_>, list: &mut List, plot: &Rect, stretch: Stretch, marks: &[Mark]) {
    let (thin, caps) = (cx.scale.mm(1.2), cx.scale.cap(Step::Label));
    let mut taken: Vec<(f32, f32)> = Vec::new();
    let mut lines: Vec<(f32, Rgba)> = Vec::new();
    for mark in marks {
        let x = stretch.x(plot, mark.at);
        let color = if mark.alarm { cx.theme.alarm } else { cx.theme.soft };
        lines.push((x, color.fade(0.8)));
        let shaped = marks::line(cx, &mark.words, Step::Label, Cut::Regular);
        let (wide, air) = (shaped.size.w, caps * 0.5);
        let left = if x + air + wide <= plot.right() { x + air } else { x - air - wide };
        let free = taken.iter().all(|(from, to)| left > *to || left + wide < *from);
        if left >= plot.x
            && free
            && plot.h > caps * 7.0
            && plot.w > wide * 3.0
            && marks::on_one_display(cx, left, left + wide)
        {
            taken.push((left - air, left + wide + air));
            put(list, shaped, Anchor::Left, Point::new(left, plot.y + caps), cx.theme.soft);
        }
    }
    // A line stands below words that are in its way.
    for (x, color) in lines {
        let is_crossed = taken.iter().any(|(from, to)| x > from + caps * 0.5 && x < to - caps * 0.5);
        let top = plot.y + if is_crossed { caps * 1.6 } else { 0.0 };
        list.rect(Rect::new(x, top, thin, plot.bottom() - top), color);
    }
}
