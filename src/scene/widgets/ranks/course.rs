//! The last day of a term as a small curve in its row, by whole hours.

use std::sync::Arc;

use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::pulse::snapshot::Stream;
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::scene::widgets::chart;

/// Rows that are so many type sizes of running text wide have room for it.
const ROOMY: f32 = 20.0;
/// Fewer known hours are no curve.
const LEAST: usize = 4;

/// Uses in each hour, oldest first; `None` was not heard.
pub type Course = Vec<Option<u32>>;

/// Whether rows of this width have room for it.
pub fn has_room(cx: &Cx<'_>, width: f32) -> bool {
    width >= cx.scale.size(Step::Body) * ROOMY
}

/// The whole hours of the last day, and which of them were heard, oldest first.
pub fn heard(stream: &Stream) -> Vec<bool> {
    chart::bins(&stream.by_minute, 86_400, 3_600).iter().map(Option::is_some).collect()
}

/// What is known of `by_hour`; empty where that is no curve.
pub fn of(by_hour: &[u32], heard: &[bool]) -> Course {
    let (count, skip) = (by_hour.len().min(heard.len()), heard.len().saturating_sub(by_hour.len()));
    let uses = &by_hour[by_hour.len() - count..];
    let course: Course =
        uses.iter().zip(&heard[skip..]).map(|(uses, heard)| heard.then_some(*uses)).collect();
    if course.iter().flatten().count() >= LEAST { course } else { Vec::new() }
}

/// A line from zero to the highest hour, unbroken while it was heard, and a dot at its end.
pub fn draw(cx: &Cx<'_>, list: &mut List, rect: Rect, course: &[Option<u32>]) {
    let most = course.iter().flatten().copied().max().unwrap_or(0).max(1) as f32;
    let step = rect.w / (course.len().max(2) - 1) as f32;
    let point = |i: usize, uses: u32| {
        Point::new(rect.x + step * i as f32, rect.bottom() - rect.h * uses as f32 / most)
    };
    list.rect(Rect { y: rect.bottom(), h: cx.scale.mm(0.8), ..rect }, cx.theme.hairline);
    let known = course.iter().enumerate().map(|(i, uses)| uses.map(|uses| point(i, uses)));
    let known: Vec<Option<Point>> = known.collect();
    for run in known.split(Option::is_none).filter(|run| run.len() > 1) {
        let outline = Outline { points: run.iter().flatten().copied().collect(), closed: false };
        let path = Arc::new(Path { outlines: vec![outline] });
        list.push(Item::Stroke { path, at: Point::default(), width: cx.scale.mm(1.4), color: cx.color });
    }
    if let Some(Some(end)) = known.last() {
        list.disc(*end, cx.scale.mm(2.6), cx.color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_that_was_not_heard_is_unknown_and_few_hours_are_no_curve() {
        let heard = [false, true, true, false, true, true];
        assert_eq!(of(&[9, 1, 2, 0, 3, 4], &heard), [None, Some(1), Some(2), None, Some(3), Some(4)]);
        assert_eq!(of(&[2, 0, 3, 4], &[true, true, true, true, true, false]), Course::new());
        assert_eq!(of(&[2, 0, 3, 4], &[true; 6]), [Some(2), Some(0), Some(3), Some(4)]);
        assert_eq!(of(&[], &heard), Course::new());
    }
}
