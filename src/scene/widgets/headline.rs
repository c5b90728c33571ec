//! One sentence that a count proves, as large as its tile allows, and below it the counts.

mod claims;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::marks;
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::kind::{BehindBezel, Room, TileKind, of_topic};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step, TEXT_ARCMIN};
use crate::layout::own::Own;
use crate::layout::sources::Sources;
use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::zone;
use crate::text::{Cut, Setting, Shaped};
use claims::{Claim, Tone};

/// Heights of the sentence's capitals that are tried where there is room, arc minutes; on as few lines as possible.
const HUGE: [f32; 6] = [170.0, 140.0, 118.0, 100.0, 84.0, 72.0];
/// The same where there is less: on one line in each of these sizes, then on two, and so on.
const LARGE: [f32; 5] = [60.0, 54.0, 48.0, 44.0, 40.0];
/// Lines at most.
const ROWS: usize = 4;
/// Type size of the counts as a part of the sentence's, where that is larger than running text.
const EVIDENCE: f32 = 0.4;
/// The same where the tile has no room for a large sentence.
const SMALL: [f32; 5] = [34.0, 30.0, 26.0, 22.0, 18.0];
/// Width of the bar before the sentence, and from it to the sentence, arc minutes.
const BAR: (f32, f32) = (8.0, 18.0);
/// A narrower tile has half of both, arc minutes.
const NARROW: f32 = 300.0;

/// What matters most right now, in one sentence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HeadlineTable {
    /// Name of a topic. Default: everything, and every topic.
    pub topic: Option<String>,
}

impl TileKind for HeadlineTable {
    of_topic!();

    fn window(&self) -> Option<Window> {
        Some(Window::H1)
    }

    fn counting_key(&self) -> Option<&'static str> {
        None
    }

    fn shows_alerts(&self) -> bool {
        true
    }

    fn feeds(&self, sources: &Sources<'_>) -> Vec<bool> {
        sources.of_alerts(self.topic())
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (420.0, 32.0 + 2.0 * Room::line(Step::Body))
    }

    fn words_to_read(&self) -> usize {
        20
    }

    /// It is set word by word, each whole on one display.
    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Fine
    }
}

impl WidgetTable for HeadlineTable {
    const KIND: &'static str = "headline";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        let (own, zone) = (Own::of(wall, self), zone::find(wall.zone.as_deref()));
        Box::new(Headline { own, zone, made: None })
    }
}

struct Headline {
    own: Own,
    zone: TimeZone,
    /// What was said, and the version of the snapshot and the second for which.
    made: Option<((u64, i64), Claim)>,
}

/// Words in their places.
type Lines = Vec<(Arc<Shaped>, Point)>;

impl Headline {
    /// What is said now. Counts of whole minutes decide it, so it does not change from second to second.
    fn claim(&mut self, cx: &Cx<'_>) -> Claim {
        let made_for = (cx.snapshot.version, cx.now.as_secs());
        if let Some((made, claim)) = &self.made
            && *made == made_for
        {
            return claim.clone();
        }
        let claim = claims::of(cx, &self.own, &self.zone).into_iter().next().unwrap_or_default();
        self.made = Some((made_for, claim.clone()));
        claim
    }
}

impl Widget for Headline {
    fn heading(&self, _wall: &Wall) -> String {
        String::new()
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        cx.theme.alarm.hash(&mut state);
        self.claim(cx).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let claim = self.claim(cx);
        let narrow = cx.scale.arcmin(cx.area.w) < NARROW;
        let thin = if narrow { 0.5 } else { 1.0 };
        let bar = cx.scale.mm(BAR.0 * thin);
        let indent = bar + cx.scale.mm(BAR.1 * thin);
        let rooms = rooms(cx, indent);
        let Some(home) = rooms.first().copied() else { return };
        let below = evidence(cx, &claim, home.w, 0.0);
        let gap = cx.scale.mm(26.0);
        let foot = below.as_ref().map_or(0.0, |shaped| gap + shaped.setting.size * CAP_HEIGHT);
        let large = sentence(cx, &claim.forms, &rooms, home.h - foot);
        let lines = large.unwrap_or_else(|| whatever_fits(cx, &claim.forms, &rooms));
        let (first, last) = extent(&lines);
        let cap = lines.first().map_or(0.0, |(shaped, _)| shaped.setting.size * CAP_HEIGHT);
        let high = last - first + cap;
        let below = below.filter(|_| high + foot <= home.h);
        let larger = below.as_ref().and_then(|_| evidence(cx, &claim, home.w, cap / CAP_HEIGHT * EVIDENCE));
        let below = larger.filter(|words| high + gap + words.setting.size * CAP_HEIGHT <= home.h).or(below);
        let foot = below.as_ref().map_or(0.0, |words| gap + words.setting.size * CAP_HEIGHT);
        let top = home.y + ((home.h - high - foot) / 2.0).max(0.0);
        let shift = top + cap - first;
        // That nothing is heard is no old news, as all else in a tile that is dimmed.
        let ink = if claim.tone == Tone::Deaf { cx.wall.theme.ink } else { cx.theme.ink };
        if !lines.is_empty() {
            list.rect(Rect::new(home.x - indent, top, bar, high + foot), color(cx, &claim));
        }
        for (shaped, at) in lines {
            list.text(shaped, Point::new(at.x, at.y + shift), ink);
        }
        if let Some(shaped) = below {
            list.text(shaped, Point::new(home.x, top + high + foot), cx.theme.soft);
        }
    }
}

fn color(cx: &Cx<'_>, claim: &Claim) -> Rgba {
    let topic = claim.topic.and_then(|topic| cx.wall.topics.get(topic));
    match claim.tone {
        Tone::Alarm => cx.theme.alarm,
        Tone::Deaf => cx.theme.unknown,
        Tone::Plain => topic.map_or(cx.theme.accent, |t| cx.theme.topic(t.color)),
    }
}

/// The parts of the area on each display, from the left; the bar takes its room from the first.
fn rooms(cx: &Cx<'_>, indent: f32) -> Vec<Rect> {
    let gutter = cx.scale.mm(crate::scene::chrome::GUTTER);
    let lit = cx.lit.iter().filter_map(|lit| Some((lit, lit.intersection(&cx.area)?)));
    let level = |r: &Rect| cx.area.h - r.h < 1.0;
    let parts = lit.filter(|(_, part)| level(part)).map(|(lit, part)| {
        let left = if part.x > cx.area.x + 1.0 { part.x.max(lit.x + gutter) } else { part.x };
        let right = if part.right() < cx.area.right() - 1.0 { lit.right() - gutter } else { part.right() };
        Rect { x: left, w: (right - left).max(0.0), ..part }
    });
    let mut rooms: Vec<Rect> = parts.collect();
    if rooms.is_empty() {
        rooms.push(marks::home(cx));
    }
    rooms[0].x += indent;
    rooms[0].w = (rooms[0].w - indent).max(0.0);
    rooms
}

/// The sentence in its longest form that fits at a large size; `None` when no form fits.
fn sentence(cx: &mut Cx<'_>, forms: &[String], rooms: &[Rect], height: f32) -> Option<Lines> {
    let huge = HUGE.into_iter().flat_map(|arcmin| (1..=ROWS).map(move |rows| (arcmin, rows)));
    let large = (1..=ROWS).flat_map(|rows| LARGE.map(|arcmin| (arcmin, rows)));
    let ways: Vec<(f32, usize)> = huge.chain(large).collect();
    for form in forms {
        for &(arcmin, rows) in &ways {
            let size = cx.scale.em(arcmin * cx.scale.text_arcmin / TEXT_ARCMIN);
            let high = size * (CAP_HEIGHT + LINE_HEIGHT * (rows - 1) as f32);
            if high > height {
                continue;
            }
            if let Some(lines) = flow(cx, form, size, rooms, rows) {
                return Some(lines);
            }
        }
    }
    None
}

/// The sentence in a small tile: on as many lines as there are, in the end cut.
fn whatever_fits(cx: &mut Cx<'_>, forms: &[String], rooms: &[Rect]) -> Lines {
    let home = rooms[0];
    let shortest = forms.last().map_or("", String::as_str);
    for arcmin in LARGE.into_iter().skip(4).chain(SMALL) {
        let size = cx.scale.em(arcmin * cx.scale.text_arcmin / TEXT_ARCMIN);
        let rows = ((home.h - size * CAP_HEIGHT) / (size * LINE_HEIGHT) + 1.0).max(1.0) as usize;
        let fits = forms.iter().find_map(|form| flow(cx, form, size, rooms, rows.min(5)));
        if let Some(lines) = fits.filter(|_| size * CAP_HEIGHT <= home.h) {
            return lines;
        }
    }
    let size = cx.scale.size(Step::Least);
    if home.w < size * 4.0 || size * CAP_HEIGHT > home.h {
        return Lines::new();
    }
    let rows = ((home.h - size * CAP_HEIGHT) / (size * LINE_HEIGHT)) as usize + 1;
    let setting = Setting::line(shortest, size).cut(Cut::Semibold);
    vec![(cx.setter.set(setting.within(home.w.max(1.0), rows)), Point::new(home.x, 0.0))]
}

/// Sets a sentence word by word into the rooms of a row, then of the next; a word never stands
/// behind a bezel. `None` when it does not fit into so many rows.
fn flow(cx: &mut Cx<'_>, text: &str, size: f32, rooms: &[Rect], rows: usize) -> Option<Lines> {
    let mut lines = Lines::new();
    let mut words = text.split(' ').peekable();
    for row in 0..rows {
        for room in rooms {
            let mut part = String::new();
            let mut set = None;
            while let Some(word) = words.peek() {
                let longer = if part.is_empty() { (*word).to_owned() } else { format!("{part} {word}") };
                let shaped = cx.setter.set(Setting::line(longer.as_str(), size).cut(Cut::Semibold));
                if shaped.size.w > room.w {
                    break;
                }
                (part, set) = (longer, Some(shaped));
                words.next();
            }
            let y = size * LINE_HEIGHT * row as f32;
            lines.extend(set.map(|shaped| (shaped, Point::new(room.x, y))));
        }
    }
    words.peek().is_none().then_some(lines)
}

/// First and last baseline.
fn extent(lines: &Lines) -> (f32, f32) {
    let ys = || lines.iter().map(|(_, at)| at.y);
    (ys().reduce(f32::min).unwrap_or(0.0), ys().reduce(f32::max).unwrap_or(0.0))
}

/// The counts that prove the sentence, in the longest form that fits: in this size if it is larger than running
/// text, else in that, else in the size of a label.
fn evidence(cx: &mut Cx<'_>, claim: &Claim, width: f32, size: f32) -> Option<Arc<Shaped>> {
    let steps = [Step::Body, Step::Label].map(|step| cx.scale.size(step));
    let sizes = [size.max(steps[0]), steps[0], steps[1]];
    claim.evidence.iter().find_map(|form| {
        let forms = sizes.map(|size| Setting::line(form.as_str(), size).tabular());
        forms.into_iter().map(|form| cx.setter.set(form)).find(|shaped| shaped.size.w <= width)
    })
}

#[cfg(test)]
mod tests;
