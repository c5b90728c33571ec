//! The alert that matters most, as large as its part of the tile allows: what, how much, since when, what
//! it is about, and on a plate who does what.

use std::sync::Arc;

use super::row::{Row, Signs};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step};
use crate::pulse::snapshot::Severity;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::text::{Cut, Setting, Shaped};

/// Height of a plate, parts of its capitals.
const PLATE: f32 = 2.4;
/// Largest capitals of the name, parts of running text's.
const LARGEST: f32 = 7.0;

/// Where its lines stand, from the top.
struct Plan {
    name: Arc<Shaped>,
    /// Type sizes.
    much: f32,
    text: f32,
    plate: f32,
    shown: Shown,
}

/// Which lines have room besides the name.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    much: bool,
    about: usize,
    plate: bool,
}

/// Draws `row` into `place`.
pub fn draw(row: &Row, cx: &mut Cx<'_>, list: &mut List, signs: &mut Signs, place: Rect) {
    let alarm = row.severity == Severity::Alarm;
    let color = if alarm { cx.theme.alarm } else { cx.theme.ink };
    let plan = plan(row, cx, place);
    let ink = if row.taken { cx.theme.soft } else { cx.theme.ink };
    let caps = plan.name.setting.size * CAP_HEIGHT;
    let mut y = place.y + caps;
    signs.resize(caps);
    let center = Point::new(place.x + caps * 0.55, y - caps * 0.5);
    signs.draw(list, row.severity, row.taken, center, color, cx.theme.ground);
    put(list, plan.name.clone(), Anchor::Left, Point::new(place.x + caps * SIGN, y), ink);
    y += plan.name.setting.size * LINE_HEIGHT * (plan.name.lines.max(1) - 1) as f32;
    if plan.shown.much {
        y += plan.much * CAP_HEIGHT * 1.75;
        let color = if alarm && !row.taken { cx.theme.alarm } else { ink };
        let whole = |size: f32| Setting::line(row.much.as_str(), size).cut(Cut::Display);
        // Rather smaller than cut.
        let wide = cx.setter.width(whole(plan.much));
        let size = (plan.much * place.w / wide.max(0.01) * 0.99).min(plan.much);
        let size = size.max(cx.scale.size(Step::Label)).min(plan.much);
        // A long rule has the lines that what it is about would have.
        let below = height(Shown { much: false, ..plan.shown }, plan.text, plan.plate);
        let lines = ((place.bottom() - y - below) / (size * LINE_HEIGHT)).clamp(0.0, 2.0) as usize + 1;
        let much = cx.setter.set(whole(size).within(place.w, lines));
        let more = size * LINE_HEIGHT * (much.lines.max(1) - 1) as f32;
        let since = cx.setter.set(Setting::line(row.since.as_str(), plan.text));
        let left = place.x + much.size.w + plan.text * 0.6;
        let fits = left + since.size.w <= place.right() && more == 0.0;
        put(list, much, Anchor::Left, Point::new(place.x, y), color);
        y += more;
        if fits {
            put(list, since, Anchor::Left, Point::new(left, y), cx.theme.soft);
        }
    }
    if plan.shown.about > 0 {
        let setting = Setting::line(row.about.as_str(), plan.text).within(place.w, plan.shown.about);
        let about = cx.setter.set(setting);
        y += plan.text * CAP_HEIGHT * 1.9;
        let lines = about.lines.max(1) as f32 - 1.0;
        put(list, about, Anchor::Left, Point::new(place.x, y), cx.theme.soft);
        y += lines * plan.text * LINE_HEIGHT;
    }
    if plan.shown.plate {
        let top = y + plan.plate * 0.5;
        draw_plate(row, cx, list, &plan, Rect { y: top, h: place.bottom() - top, ..place });
    }
}

/// Width of the sign's column, parts of the name's capitals.
const SIGN: f32 = 1.4;

/// Who does what, in letters of the ground; once somebody does it, only as an outline.
fn draw_plate(row: &Row, cx: &mut Cx<'_>, list: &mut List, plan: &Plan, place: Rect) {
    let caps = plan.plate * CAP_HEIGHT;
    let pad = caps * 0.7;
    let setting = Setting::line(row.duty.as_str(), plan.plate).cut(Cut::Semibold);
    let line = plan.plate * LINE_HEIGHT;
    let lines = if place.h > caps * PLATE + line { 2 } else { 1 };
    let words = cx.setter.set(setting.within((place.w - 2.0 * pad).max(plan.plate), lines));
    let more = line * (words.lines.max(1) - 1) as f32;
    let plate = Rect { w: words.size.w + 2.0 * pad, h: (caps * PLATE + more).min(place.h), ..place };
    let alarm = row.severity == Severity::Alarm;
    let ground = if alarm { cx.theme.alarm } else { cx.theme.ink };
    let ink = marks::readable(cx, ground);
    list.rect(plate, if row.taken { cx.theme.soft } else { ground });
    if row.taken {
        list.rect(plate.inset(cx.scale.mm(1.5)), cx.theme.ground);
    }
    let at = Point::new(plate.x + pad, plate.y + (plate.h - more + caps) / 2.0);
    put(list, words, Anchor::Left, at, if row.taken { cx.theme.soft } else { ink });
}

/// The largest sizes at which as many lines as possible have room: the name, how much, who acts, what
/// it is about, in this order.
fn plan(row: &Row, cx: &mut Cx<'_>, place: Rect) -> Plan {
    let (body, title) = (cx.scale.size(Step::Body), cx.scale.size(Step::Title));
    let text = (place.h * 0.075 / CAP_HEIGHT).clamp(body, title * 1.4);
    let plate = (place.h * 0.085 / CAP_HEIGHT).clamp(body, title * 1.6);
    let wanted = Shown {
        much: !row.much.is_empty(),
        about: if row.about.is_empty() { 0 } else { 2 },
        plate: !row.duty.is_empty(),
    };
    let ways = [
        wanted,
        Shown { about: wanted.about.min(1), ..wanted },
        Shown { about: 0, ..wanted },
        Shown { about: 0, much: false, ..wanted },
        Shown { about: 0, plate: false, ..wanted },
        Shown::default(),
    ];
    let mut last = None;
    for shown in ways {
        let below = height(shown, text, plate);
        let rest = place.h - below;
        // The line of how much is as large as the name, down to two thirds of it.
        let lines = if shown.much { 1.0 + 1.75 * 0.7 } else { 1.0 };
        let most = rest / lines / CAP_HEIGHT;
        let spare = rest - body * CAP_HEIGHT * lines;
        let name = fitted(row, cx, place.w, most.clamp(body * 0.75, body * LARGEST), spare);
        let size = name.setting.size;
        let enough = most >= title * 0.99 || (most >= body && !shown.much && shown.about == 0);
        let much = (size * 0.7).max(body);
        last = Some(Plan { name, much, text, plate, shown });
        if enough {
            break;
        }
    }
    last.unwrap_or_else(|| Plan {
        name: fitted(row, cx, place.w, body, 0.0),
        much: body,
        text,
        plate,
        shown: Shown::default(),
    })
}

fn height(shown: Shown, text: f32, plate: f32) -> f32 {
    let about =
        if shown.about > 0 { text * (CAP_HEIGHT * 1.9 + 1.3 * (shown.about as f32 - 1.0)) } else { 0.0 };
    let plate = if shown.plate { plate * (0.5 + CAP_HEIGHT * PLATE) } else { 0.0 };
    about + plate
}

/// The name on one line, as large as it fits; in the size of running text on two where `spare` has room for one
/// more, before it is cut.
fn fitted(row: &Row, cx: &mut Cx<'_>, width: f32, most: f32, spare: f32) -> Arc<Shaped> {
    let body = cx.scale.size(Step::Body);
    let set = |size: f32| Setting::line(row.label.as_str(), size).cut(Cut::Display);
    let wide = cx.setter.width(set(100.0)) / 100.0 + CAP_HEIGHT * SIGN;
    let size = (width / wide.max(0.01)).min(most).max(body.min(most));
    let room = width - size * CAP_HEIGHT * SIGN;
    let lines = if wide * size > width && spare >= size * LINE_HEIGHT { 2 } else { 1 };
    cx.setter.set(set(size).within(room.max(size), lines))
}
