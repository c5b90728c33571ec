//! What stands there when nothing is unusual.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::super::marks::{self, Anchor, put};
use super::rising;
use super::row::{clock, short};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step};
use crate::pulse::snapshot::{Alert, Cause, Watch};
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::chart::{self, Bin, Plot};
use crate::scene::widgets::span::Silence;
use crate::text::{Cut, Setting, Shaped};

/// The line shows so much of the past.
const DAY: Duration = Duration::from_secs(86_400);
/// Hours between two marks of the line.
const HOURS: i64 = 6;
/// The line moves on in steps of so many seconds.
const STEP: i64 = 900;
/// Most of its width that the chart of the day is high.
const HIGH: f32 = 0.7;

/// A quiet wall in words, and the alerts of the last day as parts of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quiet {
    /// Forms of the title, longest first.
    title: Vec<String>,
    /// Forms of each line, longest first.
    lines: Vec<Vec<String>>,
    /// Begin and end of each alert, in thousandths of the day.
    past: Vec<(u32, u32)>,
    /// Begin and end of each time in which nothing was heard, likewise.
    deaf: Vec<(u32, u32)>,
    /// Mentions in each step of the day; `None` was not heard.
    volume: Vec<Option<u32>>,
    /// Round hours, in thousandths of the day, and how they are called.
    hours: Vec<(u32, String)>,
}

impl Quiet {
    pub fn of<'a>(cx: &Cx<'_>, alerts: impl Iterator<Item = &'a Alert>, zone: &TimeZone) -> Self {
        let over: Vec<&Alert> = alerts.filter(|a| !a.is_live() && a.cause != Cause::Group).collect();
        let end = cx.now.as_secs().div_euclid(STEP) * STEP;
        let day = DAY.as_secs() as i64;
        let part = |secs: i64| ((secs - (end - day)) * 1_000 / day).clamp(0, 1_000) as u32;
        let ends = |alert: &&Alert| alert.cleared.is_some_and(|at| at.as_secs() > end - day);
        let past = over.iter().copied().filter(ends).map(|alert| {
            let until = alert.cleared.unwrap_or(alert.since);
            (part(alert.since.as_secs()), part(until.as_secs()))
        });
        Self {
            title: title(cx),
            lines: lines(cx, over.first().copied(), zone),
            past: past.collect(),
            deaf: deaf(cx, part),
            volume: by_quarter(cx).iter().map(|bin| bin.map(|bin| bin.sum as u32)).collect(),
            hours: hours(end, zone).into_iter().map(|(at, name)| (part(at), name)).collect(),
        }
    }

    /// Words above, the line of the day below, as far as there is room.
    pub fn draw(&self, cx: &mut Cx<'_>, list: &mut List) {
        let home = marks::airy_home(cx);
        let (caps, body) = (cx.scale.cap(Step::Title), cx.scale.line(Step::Body));
        if home.h < caps || home.w < caps * 4.0 {
            return;
        }
        // Where neither lines nor the day have room, the title has all of it.
        let (label, below) = (cx.scale.line(Step::Label), self.lines.len() as f32 * body);
        let bare = home.h < caps * 1.4 + below.min(body) + label * 2.6;
        let part = if bare && self.lines.is_empty() {
            0.75
        } else if bare {
            0.6
        } else {
            0.3
        };
        let shaped = large(cx, &self.title, Rect { h: home.h * part, ..home });
        let caps = shaped.setting.size * CAP_HEIGHT;
        let more = shaped.setting.size * LINE_HEIGHT * (shaped.lines.max(1) - 1) as f32;
        let free = if bare { (home.h - caps - more - below.min(body)).max(0.0) * 0.42 } else { 0.0 };
        let mut y = home.y + free + caps;
        put(list, shaped, Anchor::Left, Point::new(home.x, y), cx.theme.ink);
        y += more + (caps - cx.scale.cap(Step::Title)).max(0.0) * 0.4;
        for forms in &self.lines {
            if y + body * 1.15 > home.bottom() {
                return;
            }
            y += body;
            let shaped = fitted(cx, forms, (Step::Body, Cut::Regular), home.w);
            put(list, shaped, Anchor::Left, Point::new(home.x, y), cx.theme.soft);
        }
        if home.bottom() - y > label * 2.6 {
            let free = home.bottom() - y - label * 0.8;
            let h = free.min((home.w * HIGH).max(label * 5.0)).max(label * 1.6);
            self.draw_day(cx, list, Rect::new(home.x, home.bottom() - h, home.w, h));
        }
    }

    /// The last day from left to right: a line, a block where something was unusual, the hours.
    fn draw_day(&self, cx: &mut Cx<'_>, list: &mut List, area: Rect) {
        let thin = cx.scale.mm(1.5);
        let high = (area.h - cx.scale.line(Step::Label) * 1.2).max(area.h * 0.25);
        let line = area.y + high;
        let x = |part: u32| area.x + area.w * part as f32 / 1_000.0;
        let bin = |sum: &Option<u32>| sum.map(|sum| Bin { mean: sum as f32, sum: sum as f32 });
        let bins: Vec<Option<Bin>> = self.volume.iter().map(bin).collect();
        let rect = Rect::new(area.x, area.y, area.w, high);
        let plot = Plot { rect, bins: &bins, top: Plot::highest(&bins) * 1.05, end: None };
        plot.draw(list, cx.theme.quiet, cx.scale.mm(1.2), 0.2);
        list.rect(Rect::new(area.x, line, area.w, thin), cx.theme.hairline);
        for (from, to) in &self.deaf {
            let rect = Rect::new(x(*from), line - high + thin, x(*to) - x(*from), high);
            marks::unknown(list, rect, cx.scale.mm(5.0), cx.theme.unknown.fade(0.6));
        }
        for (from, to) in &self.past {
            let width = (x(*to) - x(*from)).max(cx.scale.mm(3.0));
            let left = x(*from).min(area.right() - width);
            list.rect(Rect::new(left, line - high + thin, width, high), cx.theme.soft.fade(0.6));
        }
        let baseline = area.bottom() - cx.scale.cap(Step::Label) * 0.3;
        let mut free = area.x;
        for (part, name) in &self.hours {
            let shaped = marks::line(cx, name, Step::Label, Cut::Regular);
            let left = x(*part) - shaped.size.w / 2.0;
            if left < free || left + shaped.size.w > area.right() {
                continue;
            }
            free = left + shaped.size.w * 1.5;
            list.rect(Rect::new(x(*part) - thin / 2.0, line, thin, thin * 4.0), cx.theme.quiet);
            put(list, shaped, Anchor::Left, Point::new(left, baseline), cx.theme.quiet);
        }
    }
}

/// The longest form that fits, as large as the place allows, on one line or two; else the last in the size of a
/// label, cut.
fn large(cx: &mut Cx<'_>, forms: &[String], place: Rect) -> Arc<Shaped> {
    /// Sizes that are tried, parts of a title's.
    const SIZES: [f32; 9] = [4.0, 3.4, 2.9, 2.5, 2.1, 1.75, 1.45, 1.2, 1.0];
    let title = cx.scale.size(Step::Title);
    let small = [Step::Body, Step::Label, Step::Least].map(|step| cx.scale.size(step));
    for form in forms {
        for size in SIZES.map(|part| part * title).into_iter().chain(small) {
            for lines in 1..=2 {
                let high = size * (CAP_HEIGHT + LINE_HEIGHT * (lines as f32 - 1.0));
                // The smallest line stands wherever a title does.
                if high > place.h && (lines > 1 || size > small[2]) {
                    continue;
                }
                let setting = Setting::line(form.as_str(), size).cut(Cut::Semibold);
                let shaped = cx.setter.set(setting.within(place.w, lines + 1));
                if shaped.lines <= lines && shaped.size.w <= place.w {
                    return shaped;
                }
            }
        }
    }
    fitted(cx, forms, (Step::Label, Cut::Semibold), place.w)
}

/// The first form that fits, else the last, cut.
fn fitted(cx: &mut Cx<'_>, forms: &[String], (step, cut): (Step, Cut), width: f32) -> Arc<Shaped> {
    let size = cx.scale.size(step);
    let whole = forms.iter().map(|form| cx.setter.set(Setting::line(form.as_str(), size).cut(cut)));
    let fits = { whole }.find(|shaped| shaped.size.w <= width);
    let last = forms.last().map_or("", String::as_str);
    fits.unwrap_or_else(|| cx.setter.set(Setting::line(last, size).cut(cut).within(width, 1)))
}

/// The times of the last day in which nothing was heard, as `part` places a second.
fn deaf(cx: &Cx<'_>, part: impl Fn(i64) -> u32) -> Vec<(u32, u32)> {
    let bins = by_quarter(cx);
    let begin = cx.now.as_secs().div_euclid(STEP) * STEP - bins.len() as i64 * STEP;
    let runs = chart::unknown(&bins).into_iter();
    runs.map(|run| (part(begin + run.start as i64 * STEP), part(begin + run.end as i64 * STEP))).collect()
}

/// The mentions of the last day in steps.
fn by_quarter(cx: &Cx<'_>) -> Vec<Option<Bin>> {
    chart::bins(&cx.snapshot.stream(cx.topic).by_minute, DAY.as_secs() as u32, STEP as u32)
}

/// What the line of the day shows, and how far everything is watched.
pub fn captions(cx: &Cx<'_>) -> Vec<String> {
    let watched = cx.snapshot.watches.iter().filter(|watch| watch.learning == Some(0)).count();
    match watched {
        0 => vec!["mentions, last 24 hours".into(), "the last 24 hours".into()],
        _ => vec![
            "mentions of the last 24 hours; a block where something was unusual".into(),
            "mentions, last 24 hours".into(),
            "the last 24 hours".into(),
        ],
    }
}

/// The most that a stream of the tile still has to hear, minutes; `None` when it is not watched.
fn learning(cx: &Cx<'_>) -> Option<u16> {
    let watches: &[Watch] = &cx.snapshot.watches;
    match cx.topic {
        Some(topic) => watches.get(topic + 1).and_then(|watch| watch.learning),
        None => watches.iter().filter_map(|watch| watch.learning).min(),
    }
}

fn title(cx: &Cx<'_>) -> Vec<String> {
    if let Some(silence) = Silence::now(cx) {
        let words = silence.words(cx).into_iter();
        return words.map(|words| words[..1].to_uppercase() + &words[1..]).collect();
    }
    if let Some(rising) = rising::of(cx) {
        return rising.words(&cx.wall.time_zone());
    }
    match learning(cx) {
        Some(1..) => vec!["Learning what is usual".into(), "Learning".into()],
        // No minute has been judged yet.
        None if cx.snapshot.watches.is_empty() => vec!["Learning what is usual".into(), "Learning".into()],
        _ => vec!["Nothing unusual".into()],
    }
}

fn lines(cx: &Cx<'_>, last: Option<&Alert>, zone: &TimeZone) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    if let Some(left) = learning(cx).filter(|left| *left > 0) {
        let minutes = if left == 1 { "1 more minute".into() } else { format!("{left} more minutes") };
        let forms = ["needed before bursts can be detected", "needed to detect bursts", "needed"];
        lines.push(forms.map(|rest| format!("{minutes} {rest}")).into());
    }
    let Some(last) = last else { return lines };
    let until = last.cleared.unwrap_or(last.since);
    if lines.is_empty() && Silence::now(cx).is_none() && rising::of(cx).is_none() {
        lines.push(vec![format!("since {}", clock(until, zone))]);
    }
    let span = format!("{} to {}", clock(last.since, zone), clock(until, zone));
    let mut forms = vec![
        format!("before that {}, {span}", last.label),
        format!("{}, {span}", last.label),
        format!("before that {span}"),
    ];
    if last.cause == Cause::Burst {
        forms.insert(0, format!("before that {}: {}, {span}", last.label, short(last)));
    }
    lines.push(forms);
    lines
}

/// The round hours of the day that ends with the second `end`.
fn hours(end: i64, zone: &TimeZone) -> Vec<(i64, String)> {
    let first = (end - DAY.as_secs() as i64).div_euclid(3_600) + 1;
    let all = (first..=end.div_euclid(3_600)).map(|hour| hour * 3_600);
    let named = all.map(|at| (at, clock(crate::clock::Time::from_secs(at), zone)));
    let round = |name: &str| name.ends_with(":00") && name[..2].parse::<i64>().is_ok_and(|h| h % HOURS == 0);
    named.filter(|(_, name)| round(name)).collect()
}
