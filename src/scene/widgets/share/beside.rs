//! The last day beside the rows of a share of voice: whether there is room, and which band is whose.

use std::sync::Arc;

use super::course::{Course, Ribbon};
use super::{Parts, Row, Share};
use crate::geometry::Rect;
use crate::layout::legibility::Step;
use crate::pulse::snapshot::Series;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::dashes::Dashes;
use crate::scene::widgets::marks;

/// A place of so many type sizes of width and lines of height has room for the last day beside the rows,
/// which then take this part of the width.
const ROOMY: (f32, f32) = (23.0, 5.0);
const ROWS: f32 = 0.45;
impl Share {
    /// The last day of topics that are compared.
    pub(super) fn course(&mut self, cx: &Cx<'_>) -> Option<&Course> {
        if self.spec.by != Parts::Topic || self.topics.len() < 2 {
            return None;
        }
        let series = || self.topics.iter().filter_map(|i| cx.snapshot.topics.get(*i)).map(|s| &s.by_minute);
        let is_it = |held: &[Arc<Series>]| {
            held.len() == series().count() && held.iter().zip(series()).all(|(a, b)| Arc::ptr_eq(a, b))
        };
        if self.course.as_ref().is_none_or(|(held, _)| !is_it(held)) {
            let series: Vec<Arc<Series>> = series().cloned().collect();
            let made = Course::of(&series);
            self.course = Some((series, made));
        }
        self.course.as_ref().and_then(|(_, course)| course.as_ref())
    }

    /// Where the rows stand, and the last day at their right where there is room for it.
    pub(super) fn places(&mut self, cx: &Cx<'_>) -> (Rect, Option<Rect>) {
        let (home, body) = (marks::home(cx), cx.scale.size(Step::Body));
        let roomy = home.w >= body * ROOMY.0 && home.h >= cx.scale.line(Step::Body) * ROOMY.1;
        if !roomy || self.course(cx).is_none() {
            return (home, None);
        }
        let rows = Rect { w: home.w * ROWS, ..home };
        let day = Rect { x: rows.right() + body, w: home.w - rows.w - body, ..home };
        (rows, Some(day))
    }

    /// Draws the last day in the order of the rows.
    pub(super) fn draw_course(&mut self, cx: &mut Cx<'_>, list: &mut List, place: Rect, rows: &[Row]) {
        let topics = self.topics.clone();
        let place_of = |row: &Row| topics.iter().position(|topic| row.topic == Some(*topic));
        let own: Vec<Option<usize>> = rows.iter().map(place_of).collect();
        let rest = || (0..topics.len()).filter(|i| !own.contains(&Some(*i))).collect();
        let band = |(row, own): (&Row, &Option<usize>)| Ribbon {
            topics: own.map_or_else(rest, |own| vec![own]),
            color: row.color,
            dashes: Dashes::of(cx, row.topic),
        };
        let bands: Vec<Ribbon> = rows.iter().zip(&own).map(band).collect();
        if let Some(course) = self.course(cx) {
            course.draw(cx, list, place, &bands);
        }
    }
}
