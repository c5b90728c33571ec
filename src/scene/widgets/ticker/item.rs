//! One mention as it walks: who spoke, from where and how long ago, and below it what was said.

use std::sync::Arc;

use crate::clock::Time;
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, MIN_ARCMIN, Step};
use crate::layout::wall::PeopleNamed;
use crate::mention::Mention;
use crate::pulse::snapshot::Shown;
use crate::scene::list::{Item, List};
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::age;
use crate::scene::widgets::mentions::{alike, network_word, shortened};
use crate::scene::widgets::names;
use crate::scene::widgets::privacy::without_handles;
use crate::text::{Align, Setting, Shaped};

/// Width of the strips at both ends in which items fade, arc minutes.
pub const MASK: f32 = 40.0;
/// Steps of the fading.
const STEPS: usize = 5;
/// Longest text, in ems; a longer one ends in an ellipsis.
const LONGEST: f32 = 48.0;
/// Characters looked at; more than [`LONGEST`] ever shows.
const MAX_CHARS: usize = 240;
/// Letters of a name; a longer one ends in an ellipsis.
const MAX_NAME: usize = 32;
/// Free above and below two lines, arc minutes.
const MARGIN: f32 = 12.0;
/// Between the two lines, as a part of the capitals' height; with less of it their boxes would touch,
/// and text that touches other text is drawn again in every frame.
const APART: f32 = 0.66;
/// How far letters reach below their line, as a part of the capitals' height.
const DEPTH: f32 = 0.28;
/// Capitals of the text on two lines, arc minutes: at least, and at most.
const TEXT: (f32, f32) = (22.0, 45.0);
/// A strip that is wider and high enough may have larger text: so many capitals fit into its width; at most, arc
/// minutes.
const ACROSS: (f32, f32) = (36.0, 60.0);

/// The largest capitals of a text, arc minutes.
fn largest(cx: &Cx<'_>) -> f32 {
    TEXT.1.max((cx.scale.arcmin(cx.area.w) / ACROSS.0).min(ACROSS.1))
}

/// Height of a lane with the largest text, arc minutes.
pub fn highest(cx: &Cx<'_>) -> f32 {
    largest(cx) * (0.6 + APART + 1.0 + DEPTH) + 2.0 * MARGIN
}

/// How all items of a strip look, millimetres.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Type size of the text.
    em: f32,
    baseline: f32,
    /// Type size and baseline of the line above; `None` where the strip is too low for one: then who
    /// spoke stands before the text.
    above: Option<(f32, f32)>,
    /// Width of the topic's bar, and from the item's start to its text.
    bar: f32,
    pub indent: f32,
    /// Between two items.
    pub gap: f32,
}

impl Look {
    pub fn of(cx: &Cx<'_>) -> Self {
        let scale = cx.scale;
        let label = scale.step(Step::Label);
        let room = scale.arcmin(cx.area.h) - 2.0 * MARGIN;
        // The line above has three fifths of the text's size, but at least that of a label.
        let below = APART + 1.0 + DEPTH;
        let (both, text) = (room / (0.6 + below), (room - label) / below);
        let cap = if both * 0.6 >= label { both } else { text };
        let (bar, indent, gap) = (scale.mm(4.0), scale.mm(16.0), scale.mm(90.0));
        if cap < TEXT.0.max(MIN_ARCMIN) {
            let steps = [Step::Title, Step::Body, Step::Label];
            let fits = steps.into_iter().find(|s| scale.size(*s) <= cx.area.h * 0.62);
            let em = scale.size(fits.unwrap_or(Step::Least));
            let baseline = cx.area.center().y + em * CAP_HEIGHT / 2.0;
            return Self { em, baseline, above: None, bar, indent, gap: em * 1.8 };
        }
        let cap = cap.min(largest(cx));
        let above = label.max(cap * 0.6);
        let high = scale.mm(above + APART * cap + cap);
        let top = cx.area.center().y - (high + scale.mm(DEPTH * cap)) / 2.0;
        let label = (scale.em(above), top + scale.mm(above));
        Self { em: scale.em(cap), baseline: top + high, above: Some(label), bar, indent, gap }
    }

    /// How long an item is.
    pub fn width(&self, words: &Words) -> f32 {
        let who = words.who.as_ref().map_or(0.0, |who| who.size.w);
        match self.above {
            Some((em, _)) => self.indent + words.text.size.w.max(who + em * 4.0),
            None if who > 0.0 => self.indent + who + self.em * 0.5 + words.text.size.w,
            None => self.indent + words.text.size.w,
        }
    }
}

/// A mention as it is set.
#[derive(Clone, Debug)]
pub struct Words {
    /// The mention, and its words as they were set.
    pub uid: Arc<str>,
    pub said: Option<Arc<str>>,
    /// When it was said, where that is known.
    at: Option<Time>,
    /// Index of the topic that gives the mark its colour.
    topic: Option<usize>,
    who: Option<Arc<Shaped>>,
    text: Arc<Shaped>,
    /// It is read from right to left.
    mirrored: bool,
}

impl Words {
    pub fn set(cx: &mut Cx<'_>, shown: &Shown, look: &Look) -> Self {
        let mention = &shown.mention;
        let people = cx.wall.people;
        let text: String = mention.text.as_deref().unwrap_or_default().chars().take(MAX_CHARS).collect();
        let text = without_addresses(&text);
        let text = if people.leads_to_people() { text } else { without_handles(&text) };
        let who = who(mention, people).into_iter().chain(alike(shown.copies)).collect::<Vec<_>>().join(" · ");
        let topic = shown.topics.first().map(|&t| usize::from(t)).filter(|&t| t < cx.wall.topics.len());
        let size = look.above.map_or(look.em, |(em, _)| em);
        let who = (!who.is_empty()).then(|| cx.setter.set(Setting::line(who, size)));
        let text = one_line(cx, text, look.em);
        let mirrored = text.buffer.layout_runs().next().is_some_and(|run| run.rtl);
        let (uid, said) = (mention.uid.clone(), mention.text.clone());
        let at = mention.is_dated().then_some(mention.ts);
        Self { uid, said, at, topic, who, text, mirrored }
    }

    /// Draws it from `x` on, as far as it lies in `field`, at whose ends it fades.
    pub fn draw(&self, cx: &mut Cx<'_>, list: &mut List, look: &Look, x: f32, field: Rect) {
        let width = look.width(self);
        let mut ends = Ends { list, field, mask: cx.scale.mm(MASK).min(field.w / 4.0) };
        let color = self.color(cx);
        let bar = if self.mirrored { x + width - look.bar } else { x };
        ends.bar(self.bar(look, bar), color);
        let (start, end) = match self.mirrored {
            true => (x, x + width - look.indent),
            false => (x + look.indent, x + width),
        };
        let Some((_, above)) = look.above else {
            let mut x = start;
            let who = self.who.iter().map(|who| (who, cx.theme.quiet));
            for (shaped, color) in who.chain([(&self.text, cx.theme.ink)]) {
                ends.text(shaped, Point::new(x, look.baseline), color);
                x += shaped.size.w + look.em * 0.5;
            }
            return;
        };
        let text = if self.mirrored { end - self.text.size.w } else { start };
        ends.text(&self.text, Point::new(text, look.baseline), cx.theme.ink);
        let old = self.old(cx, look);
        let mut at = if self.mirrored { end } else { start };
        for shaped in self.who.iter().chain(&old) {
            let left = if self.mirrored { at - shaped.size.w } else { at };
            ends.text(shaped, Point::new(left, above), cx.theme.quiet);
            at = if self.mirrored { left } else { at + shaped.size.w };
        }
    }

    /// Draws it where it stands still, cut where it is longer than `room`.
    pub fn stand(mut self, cx: &mut Cx<'_>, list: &mut List, look: &Look, room: Rect) {
        let before = if look.above.is_some() { look.indent } else { look.width(&self) - self.text.size.w };
        let left = (room.w - before).max(look.em);
        if self.text.size.w > left {
            let setting = self.text.setting.clone().align(Align::Left).within(left, 1);
            self.text = cx.setter.set(setting);
        }
        self.mirrored = false;
        let open = Rect { x: room.x - look.indent, w: room.w + 2.0 * look.indent, ..room };
        let mut ends = Ends { list, field: open, mask: 0.0 };
        let color = self.color(cx);
        ends.bar(self.bar(look, room.x), color);
        let mut at = Point::new(room.x + look.indent, look.above.map_or(look.baseline, |(_, y)| y));
        for shaped in self.who.iter().chain(&self.old(cx, look)) {
            if at.x + shaped.size.w <= room.right() {
                ends.text(shaped, at, cx.theme.quiet);
            }
            at.x += shaped.size.w;
        }
        let x = if look.above.is_some() { room.x + look.indent } else { room.x + before };
        ends.text(&self.text, Point::new(x, look.baseline), cx.theme.ink);
    }

    /// ` · 4 min`, on two lines only.
    fn old(&self, cx: &mut Cx<'_>, look: &Look) -> Option<Arc<Shaped>> {
        let (em, _) = look.above?;
        let words = old(self.at, cx.now)?;
        let words = if self.who.is_some() { format!(" · {words}") } else { words };
        Some(cx.setter.set(Setting::line(words, em)))
    }

    fn color(&self, cx: &Cx<'_>) -> Rgba {
        let topic = self.topic.and_then(|topic| cx.wall.topics.get(topic));
        topic.map_or(cx.theme.hairline, |t| cx.theme.topic(t.color))
    }

    fn bar(&self, look: &Look, x: f32) -> Rect {
        let (em, baseline) = look.above.unwrap_or((look.em, look.baseline));
        let top = baseline - em * CAP_HEIGHT;
        Rect::new(x, top, look.bar, look.baseline - top)
    }
}

/// Draws what fades at both ends of a field.
struct Ends<'a> {
    list: &'a mut List,
    field: Rect,
    mask: f32,
}

impl Ends<'_> {
    fn bar(&mut self, bar: Rect, color: Rgba) {
        let x = bar.center().x;
        let inside = (x - self.field.x).min(self.field.right() - x);
        let seen = if self.mask > 0.0 { inside / self.mask } else { 1.0 };
        if let Some(bar) = bar.intersection(&self.field).filter(|_| seen > 0.0) {
            self.list.rect(bar, color.fade(seen));
        }
    }

    /// Text as a whole where it stands clear of the ends, else in slices that are fainter and fainter.
    fn text(&mut self, shaped: &Arc<Shaped>, at: Point, color: Rgba) {
        let (field, mask) = (self.field, self.mask);
        let middle = Rect { x: field.x + mask, w: field.w - 2.0 * mask, ..field };
        self.slice(shaped, at, color, middle);
        let wide = mask / STEPS as f32;
        for i in 0..STEPS {
            let seen = (i as f32 + 0.5) / STEPS as f32;
            let from = i as f32 * wide;
            let left = Rect { x: field.x + from, w: wide, ..field };
            let right = Rect { x: field.right() - from - wide, w: wide, ..field };
            self.slice(shaped, at, color.fade(seen), left);
            self.slice(shaped, at, color.fade(seen), right);
        }
    }

    fn slice(&mut self, shaped: &Arc<Shaped>, at: Point, color: Rgba, clip: Rect) {
        if clip.w > 0.0 && at.x < clip.right() && at.x + shaped.size.w > clip.x {
            self.list.push(Item::Text { shaped: shaped.clone(), at, color, clip: Some(clip) });
        }
    }
}

/// Who spoke and where; before visitors only from where.
fn who(mention: &Mention, people: PeopleNamed) -> Vec<String> {
    let author = mention.author.as_ref();
    let name = match people {
        PeopleNamed::Full | PeopleNamed::Handle => {
            author.and_then(names::author).map(|name| shortened(&name, MAX_NAME))
        }
        PeopleNamed::Initials => author.and_then(names::initials),
        PeopleNamed::Masked => {
            let place = || mention.geo.as_ref()?.name.as_deref().map(|name| shortened(name, MAX_NAME));
            return place().map(|place| format!("Someone in {place}")).into_iter().collect();
        }
    };
    let source = network_word(mention.network).map(str::to_owned);
    name.into_iter().chain(source).collect()
}

/// `4 min`; `None` for what was said just now or nobody knows when.
fn old(at: Option<Time>, now: Time) -> Option<String> {
    let secs = now.since(at?).as_secs();
    (secs >= 60).then(|| age(secs))
}

/// The same of a mention that is not set yet.
pub fn age_words(shown: &Shown, now: Time) -> Option<String> {
    old(shown.mention.is_dated().then_some(shown.mention.ts), now)
}

/// The text without addresses of pages; where it is nothing else, the host of the first.
fn without_addresses(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut rest, mut host) = (text, None);
    let begins = |text: &str| ["https://", "http://"].iter().filter_map(|start| text.find(start)).min();
    while let Some(at) = begins(rest) {
        kept.push_str(&rest[..at]);
        let address = &rest[at..];
        let end = address.find(char::is_whitespace).unwrap_or(address.len());
        let name = address[..end].split("//").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next());
        host = host.or(name.filter(|name| !name.is_empty()));
        rest = &address[end..];
    }
    kept.push_str(rest);
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    if kept.is_empty() { host.map(|host| format!("▸ {host}")).unwrap_or_default() } else { kept }
}

/// A line as long as its text, or cut at the longest that is shown.
fn one_line(cx: &mut Cx<'_>, text: String, em: f32) -> Arc<Shaped> {
    let whole = cx.setter.set(Setting::line(text, em));
    if whole.size.w <= LONGEST * em {
        return whole;
    }
    let setting = whole.setting.clone().align(Align::Left).within(LONGEST * em, 1);
    cx.setter.set(setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_left_out() {
        assert_eq!(without_addresses("see https://a.example/x?y=1 now"), "see now");
        assert_eq!(without_addresses("見てhttps://a.example/x よ"), "見て よ");
        assert_eq!(without_addresses("https://a.example/x http://b.example"), "▸ a.example");
        assert_eq!(without_addresses("https://"), "");
    }
}
