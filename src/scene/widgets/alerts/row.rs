//! One alert on the wall.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::figures::{THIN, age};
use super::super::marks::{self, Anchor, put};
use super::super::rule;
use crate::clock::Time;
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::layout::wall::Audience;
use crate::pulse::snapshot::{About, Alert, Cause, Part, Severity};
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::text::{Cut, Setting};

/// Words and authors that a line names at most.
const NAMED: [usize; 2] = [4, 2];
/// A place is named from so many times as often on, for it stands first.
const TELLING: f32 = 3.0;
/// From so many times as often on something is called new.
const NEW: f32 = 100.0;

/// What stands there, in words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub severity: Severity,
    pub taken: bool,
    pub label: String,
    /// How much: `4.2 × usual`, or the rule.
    pub much: String,
    pub since: String,
    pub about: String,
    pub duty: String,
}

impl Row {
    /// Of an alert and of those with the same cause, which are named with it.
    pub fn of(alert: &Alert, others: &[&Alert], cx: &Cx<'_>, zone: &TimeZone) -> Self {
        let staff = cx.wall.audience == Audience::Staff;
        Self {
            severity: alert.severity,
            taken: alert.acknowledged.is_some(),
            label: alert.label.to_string(),
            much: much(alert),
            since: format!(
                "since {}, {}",
                clock(alert.since, zone),
                age(cx.now.since(alert.since).as_secs())
            ),
            about: with_others(
                others,
                match alert.cause {
                    Cause::Group => group(alert),
                    _ => alert.about.as_ref().map(|about| words(about, staff)).unwrap_or_default(),
                },
            ),
            duty: if staff { duty(alert, zone) } else { String::new() },
        }
    }

    /// Draws it with its top left corner at `at`, on at most `lines` lines.
    pub fn draw(&self, cx: &mut Cx<'_>, list: &mut List, signs: &Signs, at: Point, width: f32, lines: usize) {
        let (caps, body) = (cx.scale.cap(Step::Title), cx.scale.line(Step::Body));
        let indent = caps * 1.5;
        let baseline = at.y + caps;
        if width < indent * 2.0 {
            return;
        }
        let color = if self.severity == Severity::Alarm { cx.theme.alarm } else { cx.theme.ink };
        let center = Point::new(at.x + caps * 0.5, baseline - caps * 0.5);
        signs.draw(list, self.severity, self.taken, center, color, cx.theme.ground);
        self.head(cx, list, Point::new(at.x + indent, baseline), width - indent);
        for (i, (text, color)) in self.below(cx, lines - 1).into_iter().enumerate() {
            let size = cx.scale.size(Step::Body);
            let shaped = cx.setter.set(Setting::line(text, size).within(width - indent, 1));
            let y = baseline + body * (i as f32 + 1.0) + cx.scale.cap(Step::Body) * 0.1;
            put(list, shaped, Anchor::Left, Point::new(at.x + indent, y), color);
        }
    }

    /// Name, how much, and on the right since when; what has no room is left out from the right.
    fn head(&self, cx: &mut Cx<'_>, list: &mut List, at: Point, width: f32) {
        let gap = cx.scale.cap(Step::Title) * 0.7;
        let ink = if self.taken { cx.theme.soft } else { cx.theme.ink };
        let title = cx.scale.size(Step::Title);
        let name =
            cx.setter.set(Setting::line(self.label.as_str(), title).cut(Cut::Semibold).within(width, 1));
        let mut x = at.x + name.size.w + gap;
        put(list, name, Anchor::Left, at, ink);
        let since = marks::line(cx, &self.since, Step::Label, Cut::Regular);
        let mut right = at.x + width;
        if x + since.size.w <= right {
            right -= since.size.w + gap;
            put(list, since, Anchor::Right, Point::new(at.x + width, at.y), cx.theme.quiet);
        }
        let much = marks::line(cx, &self.much, Step::Body, Cut::Regular);
        if !self.much.is_empty() && x + much.size.w <= right {
            x += much.size.w;
            put(list, much, Anchor::Right, Point::new(x, at.y), ink);
        }
    }

    /// The lines below, most needed first when they are few: what is to be done before what it is
    /// about, unless somebody does it.
    fn below(&self, cx: &Cx<'_>, most: usize) -> Vec<(String, Rgba)> {
        let duty = (self.duty.clone(), if self.taken { cx.theme.quiet } else { cx.theme.ink });
        let about = (self.about.clone(), cx.theme.soft);
        let both = [about, duty].into_iter().filter(|(text, _)| !text.is_empty());
        let mut lines: Vec<_> = both.collect();
        if lines.len() > most && !self.taken {
            lines.reverse();
        }
        lines.truncate(most);
        lines
    }
}

/// What it is about, and what else it shows in.
fn with_others(others: &[&Alert], about: String) -> String {
    if others.is_empty() {
        return about;
    }
    let labels: Vec<&str> = others.iter().map(|alert| &*alert.label).collect();
    let also = format!("also {}", labels.join(", "));
    if about.is_empty() { also } else { format!("{about} · {also}") }
}

/// `14:05`.
pub fn clock(at: Time, zone: &TimeZone) -> String {
    let stamp = Timestamp::from_nanosecond(i128::from(at.0)).unwrap_or_default();
    stamp.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// `4.2 × usual`.
pub fn short(alert: &Alert) -> String {
    format!("{}{THIN}× usual", factor(alert.strength() as f32))
}

/// `4.2 × as many as usual`.
fn times(alert: &Alert) -> String {
    format!("{}{THIN}× as many as usual", factor(alert.strength() as f32))
}

fn much(alert: &Alert) -> String {
    match alert.cause {
        Cause::Burst => times(alert),
        Cause::Rule => rule::words(&alert.rule),
        Cause::Group => format!("{} alerts", alert.size),
    }
}

/// One decimal below ten, none above.
fn factor(times: f32) -> String {
    if times < 9.95 { format!("{times:.1}") } else { format!("{times:.0}") }
}

fn group(alert: &Alert) -> String {
    let labels: Vec<&str> = alert.parts.iter().map(|label| &**label).collect();
    let more = (alert.size as usize).saturating_sub(labels.len());
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{tail}", labels.join(", "))
}

/// The place, words with their lift and, for staff, authors.
fn words(about: &About, staff: bool) -> String {
    let lifted = |part: &Part| match part.lift < NEW {
        true => format!("{} {}{THIN}×", part.name, factor(part.lift)),
        false => format!("{} (new)", part.name),
    };
    let named = |part: &Part| part.name.to_string();
    let list = |parts: &[Part], most: usize, word: &dyn Fn(&Part) -> String| {
        parts.iter().take(most).map(word).collect::<Vec<_>>().join(", ")
    };
    let mut said = vec![list(&about.terms, NAMED[0], &lifted)];
    if let Some(place) = about.places.first().filter(|place| place.lift >= TELLING) {
        said.insert(0, format!("in {}", place.name));
    }
    if staff && !about.authors.is_empty() {
        said.push(format!("by {}", list(&about.authors, NAMED[1], &named)));
    }
    said.retain(|part| !part.is_empty());
    said.join(" · ")
}

/// Who does what, or who does it already.
fn duty(alert: &Alert, zone: &TimeZone) -> String {
    if let Some(taken) = &alert.acknowledged {
        return format!("{} on it since {}", taken.by, clock(taken.at, zone));
    }
    match (&alert.owner, &alert.action) {
        (Some(owner), Some(action)) => format!("{}: {action}", marks::capital(owner)),
        (Some(owner), None) => format!("{} has to act", marks::capital(owner)),
        (None, Some(action)) => action.to_string(),
        (None, None) => String::new(),
    }
}

/// The signs of severity at one size: a triangle with a stroke in it for an alarm, a diamond for a
/// warning, a disc for what is worth knowing. Full while nobody is on it, hollow from then on.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    size: f32,
    triangle: Arc<Path>,
    diamond: Arc<Path>,
}

impl Signs {
    /// Makes the shapes `size` millimetres high, unless they are already.
    pub fn resize(&mut self, size: f32) {
        if self.size != size {
            let half = size * 0.5;
            let triangle = [(0.0, -half), (half * 1.1, half), (-half * 1.1, half)];
            let diamond = [(0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0)];
            *self = Self { size, triangle: closed(&triangle), diamond: closed(&diamond) };
        }
    }

    pub fn draw(&self, list: &mut List, what: Severity, hollow: bool, at: Point, color: Rgba, ground: Rgba) {
        let width = self.size * 0.1;
        let path = match what {
            Severity::Alarm => &self.triangle,
            Severity::Warning => &self.diamond,
            Severity::Info if hollow => {
                return list.push(Item::Ring { center: at, radius: self.size * 0.36, width, color });
            }
            Severity::Info => return list.disc(at, self.size * 0.36, color),
        };
        match hollow {
            true => list.push(Item::Stroke { path: path.clone(), at, width, color }),
            false => list.push(Item::Fill { path: path.clone(), at, color }),
        }
        if what == Severity::Alarm {
            let inner = if hollow { color } else { ground };
            let thick = self.size * 0.12;
            list.rect(Rect::new(at.x - thick / 2.0, at.y - self.size * 0.14, thick, self.size * 0.34), inner);
            list.rect(Rect::new(at.x - thick / 2.0, at.y + self.size * 0.27, thick, thick), inner);
        }
    }
}

fn closed(points: &[(f32, f32)]) -> Arc<Path> {
    let points = points.iter().map(|(x, y)| Point::new(*x, *y)).collect();
    Arc::new(Path { outlines: vec![Outline { points, closed: true }] })
}
