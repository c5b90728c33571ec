//! The times below a plot: round times of the clock, and now.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::Time;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::layout::window::Window;
use crate::scene::badge::hour;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::scene::widgets::span;
use crate::text::Cut;

/// Seconds between two times.
const STEPS: [i64; 14] =
    [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400, 172_800];
const DAY: i64 = 86_400;

/// The stretch of time that a plot shows, seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stretch {
    pub end: i64,
    pub secs: u32,
}

impl Stretch {
    pub fn x(&self, plot: &Rect, at: i64) -> f32 {
        plot.right() - plot.w * (self.end - at) as f32 / self.secs.max(1) as f32
    }

    pub fn begin(&self) -> i64 {
        self.end - i64::from(self.secs)
    }
}

/// Names round times of the clock, as many as there is room for, and where the plot ends; where the
/// window begins at a moment, that too.
pub fn draw(cx: &mut Cx<'_>, list: &mut List, plot: &Rect, baseline: f32, window: Window, of: Stretch) {
    draw_to(cx, list, plot, baseline, (window, "now"), of);
}

/// The same for a plot of whole hours, which ends before now.
pub fn draw_hours(cx: &mut Cx<'_>, list: &mut List, plot: &Rect, baseline: f32, of: Stretch) {
    let end = hour(Time::from_secs(of.end), &cx.wall.time_zone());
    draw_to(cx, list, plot, baseline, (Window::H24, &end), of);
}

fn draw_to(
    cx: &mut Cx<'_>,
    list: &mut List,
    plot: &Rect,
    baseline: f32,
    (window, end): (Window, &str),
    of: Stretch,
) {
    let (quiet, zone) = (cx.theme.quiet, cx.wall.time_zone());
    let now = marks::line(cx, end, Step::Label, Cut::Regular);
    let air = cx.scale.size(Step::Label) * 0.5;
    if now.size.w > plot.w {
        return;
    }
    let mut right = plot.right() - now.size.w - air;
    put(list, now, Anchor::Right, Point::new(plot.right(), baseline), quiet);
    let mut left = plot.x;
    if let Some(word) = begin(window, of.secs) {
        let word = marks::line(cx, word, Step::Label, Cut::Regular);
        if left + word.size.w <= right {
            left += word.size.w + air;
            put(list, word, Anchor::Left, Point::new(plot.x, baseline), quiet);
        }
    }
    let wide = marks::line(cx, "00:00", Step::Label, Cut::Regular).size.w + air * 2.0;
    let most = (plot.w / wide).max(1.0) as i64;
    let step = STEPS.into_iter().find(|step| i64::from(of.secs) / step <= most).unwrap_or(DAY * 7);
    for at in round(of, step, &zone).into_iter().rev() {
        let shaped = marks::line(cx, &name(at, step, &zone), Step::Label, Cut::Regular);
        let x = of.x(plot, at) - shaped.size.w / 2.0;
        let end = x + shaped.size.w;
        if x < left || end > right || !marks::on_one_display(cx, x, end) {
            continue;
        }
        right = x - air;
        put(list, shaped, Anchor::Left, Point::new(x, baseline), quiet);
    }
}

/// What the left end of a window is called that begins at a moment.
fn begin(window: Window, secs: u32) -> Option<&'static str> {
    match window {
        Window::Event if secs < span::LONGEST => Some("start"),
        _ => None,
    }
}

/// Multiples of `step` seconds of the local day.
fn round(of: Stretch, step: i64, zone: &TimeZone) -> Vec<i64> {
    let offset = |at: i64| zone.to_offset(stamp(at)).seconds();
    let local = of.begin() + i64::from(offset(of.begin()));
    let first = local.div_euclid(step) * step + step - i64::from(offset(of.begin()));
    let all = (0..64).map(|i| first + i * step).take_while(|at| *at < of.end);
    // After a change of the clocks.
    all.map(|at| at + i64::from(offset(of.begin())) - i64::from(offset(at))).collect()
}

/// `14:00`, or the day.
fn name(at: i64, step: i64, zone: &TimeZone) -> String {
    let form = if step >= DAY { "%a" } else { "%H:%M" };
    stamp(at).to_zoned(zone.clone()).strftime(form).to_string()
}

fn stamp(secs: i64) -> Timestamp {
    Timestamp::from_microsecond(Time::from_secs(secs).as_micros()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_round_in_the_zone_of_the_wall() {
        let zone = TimeZone::get("Asia/Kolkata").expect("is a zone");
        let of = Stretch { end: 1_800_000_000, secs: 3_600 };
        let names: Vec<String> = round(of, 900, &zone).into_iter().map(|at| name(at, 900, &zone)).collect();
        assert_eq!(names, ["12:45", "13:00", "13:15"]);
        let week = Stretch { end: 1_800_000_000, secs: 7 * 86_400 };
        assert_eq!(round(week, DAY, &TimeZone::UTC).len(), 7);
    }
}
