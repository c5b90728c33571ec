//! One row of the list: how rows of a tile look, and the set text of one mention.

use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::color::{Rgba, Theme};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Scale, Step};
use crate::layout::wall::Audience;
use crate::mention::{Kind, Mention, Network};
use crate::pulse::snapshot::Shown;
use crate::scene::list::{Item, List};
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::{Figure, age};
use crate::scene::widgets::marks::{Marks, Mood};
use crate::scene::widgets::names;
use crate::scene::widgets::privacy::without_handles;
use crate::text::{Cut, Setting, Shaped};

/// Characters that are set for a line at most; more never fit.
const CHARS_A_LINE: usize = 160;

/// Width below which no row says anything, in type sizes.
const NARROWEST: f32 = 7.0;

/// How all rows of a tile look. Millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub area: Rect,
    pub rows: usize,
    pub pitch: f32,
    /// Type sizes and distances of baselines of the text, and of the words beside it.
    text: Type,
    meta: Type,
    lines: usize,
    place: Place,
    /// Width of the column of the topic's mark.
    indent: f32,
    /// Size of the sign of sentiment, and the column that it stands in.
    pub mark: f32,
    sign: f32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Type {
    size: f32,
    line: f32,
}

/// Where it stands who spoke, and from where.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// On a line above the text.
    Above,
    /// At the right of the text, this wide.
    Beside(f32),
    Nowhere,
}

/// Candidates from rich to plain: the words above the text or not, lines of text, its step.
const CANDIDATES: [(bool, usize, Step); 5] = [
    (true, 2, Step::Body),
    (true, 1, Step::Body),
    (true, 1, Step::Label),
    (false, 1, Step::Body),
    (false, 1, Step::Label),
];

impl Look {
    /// The richest look in which `count` rows fit; otherwise the plainest, with fewer rows.
    pub fn choose(scale: Scale, area: Rect, count: usize) -> Self {
        let looks = CANDIDATES.map(|c| Self::of(scale, area, count, c));
        let plainest = looks[CANDIDATES.len() - 1];
        looks.into_iter().find(|look| look.rows >= count).unwrap_or(plainest)
    }

    fn of(scale: Scale, area: Rect, count: usize, (above, lines, step): (bool, usize, Step)) -> Self {
        let of = |step| Type { size: scale.size(step), line: scale.line(step) };
        let (text, meta) = (of(step), of(Step::Label));
        let beside = area.w * 0.19;
        let place = match above {
            true => Place::Above,
            false if beside >= meta.size * 4.5 => Place::Beside(beside),
            false => Place::Nowhere,
        };
        let content = text.line * lines as f32 + if above { meta.line } else { 0.0 };
        let least = content + meta.line * if above { 0.45 } else { 0.05 };
        let wide_enough = area.w >= meta.size * NARROWEST;
        let rows = if wide_enough { ((area.h / least) as usize).min(count) } else { 0 };
        let pitch = (area.h / rows.max(1) as f32).min(least * 1.6);
        let (indent, sign) = (meta.size * 0.55, meta.size * 1.05);
        Self { area, rows, pitch, text, meta, lines, place, indent, mark: meta.size * 0.62, sign }
    }

    /// Where rows show: the area without what is left over below the last row.
    pub fn list(&self) -> Rect {
        Rect { h: self.pitch * self.rows as f32, ..self.area }
    }

    fn text_width(&self) -> f32 {
        let beside = if let Place::Beside(w) = self.place { w + self.meta.size * 0.5 } else { 0.0 };
        (self.area.w - self.indent - self.sign - beside).max(self.text.size)
    }
}

/// Seconds since the mention was said; 0 where nobody knows, as of words that were changed since.
pub fn age_secs(shown: &Shown, now: Time) -> u64 {
    if shown.mention.is_dated() { now.since(shown.mention.ts).as_secs() } else { 0 }
}

/// Changes when what the row says of the mention does: its words, its numbers, its age in minutes.
pub fn stamp(shown: &Shown, now: Time) -> u64 {
    let mention = &shown.mention;
    let mut state = FxHasher::default();
    (shown.serial, age_secs(shown, now) / 60, &mention.text).hash(&mut state);
    mention.sentiment.map(|s| s.score.to_bits()).hash(&mut state);
    reactions(mention).hash(&mut state);
    shown.copies.hash(&mut state);
    state.finish()
}

/// The colour of the first topic; without a topic, the hairline.
pub fn topic_color(cx: &Cx<'_>, shown: &Shown) -> Rgba {
    if cx.topic.is_some() {
        return cx.color;
    }
    let topic = shown.topics.first().and_then(|&t| cx.wall.topics.get(usize::from(t)));
    topic.map_or(cx.theme.hairline, |t| cx.theme.topic(t.color))
}

/// The set text of one mention.
pub struct Row {
    text: Arc<Shaped>,
    meta: Option<Arc<Shaped>>,
    mood: Mood,
    wordless: bool,
}

impl Row {
    pub fn set(cx: &mut Cx<'_>, look: &Look, shown: &Shown) -> Self {
        let mention = &shown.mention;
        let words = mention.text.as_deref().map(|t| said(cx, t, look.lines * CHARS_A_LINE));
        let wordless = words.is_none();
        let words = words.unwrap_or_else(|| wordless_kind(mention.kind));
        let text = Setting::line(words, look.text.size).within(look.text_width(), look.lines);
        let text = cx.setter.set(text);
        let meta = meta_words(cx, shown, look.place).and_then(|words| {
            let width = match look.place {
                Place::Above => look.text_width(),
                Place::Beside(width) => width,
                Place::Nowhere => return None,
            };
            Some(cx.setter.set(Setting::line(words, look.meta.size).within(width, 1).cut(Cut::Regular)))
        });
        Self { text, meta, mood: Mood::of(mention.sentiment), wordless }
    }

    #[expect(clippy::too_many_arguments, reason = "a row is drawn from one place only")]
    pub fn draw(
        &self,
        list: &mut List,
        look: &Look,
        marks: &Marks,
        theme: &Theme,
        topic: Rgba,
        top: f32,
        clip: Option<Rect>,
    ) {
        let area = look.area;
        let above = if look.place == Place::Above { look.meta.line } else { 0.0 };
        let first = top + above + (look.text.line + look.text.size * CAP_HEIGHT) / 2.0;
        let mut put = |shaped: &Arc<Shaped>, at: Point, color: Rgba| {
            list.push(Item::Text { shaped: shaped.clone(), at, color, clip });
        };
        let left = area.x + look.indent;
        let ink = if self.wordless { theme.quiet } else { theme.ink };
        put(&self.text, Point::new(left, first), ink);
        if let Some(meta) = &self.meta {
            let at = match look.place {
                Place::Above => Point::new(left, top + (look.meta.line + look.meta.size * CAP_HEIGHT) / 2.0),
                _ => Point::new(area.right() - look.sign - meta.size.w, first),
            };
            put(meta, at, theme.quiet);
        }
        let height = above + look.text.line * self.text.lines.max(1) as f32;
        let bar = Rect::new(area.x, top + height * 0.12, look.meta.size * 0.14, height * 0.76);
        if let Some(bar) = clip.map_or(Some(bar), |c| c.intersection(&bar)) {
            list.rect(bar, topic);
        }
        let center = Point::new(area.right() - look.mark / 2.0, first - look.text.size * CAP_HEIGHT / 2.0);
        let half = look.mark / 2.0;
        let inside = |c: Rect| center.y - half >= c.y && center.y + half <= c.bottom();
        if clip.is_none_or(inside) {
            marks.draw(list, self.mood, center, self.mood.color(theme));
        }
    }
}

/// What people did with it, as far as anybody did: `12 likes`, `1 share`.
fn reactions(mention: &Mention) -> Vec<String> {
    let Some(metrics) = mention.metrics.as_deref() else { return Vec::new() };
    let counted = [(metrics.likes, "like"), (metrics.shares, "share")];
    let known = counted.into_iter().filter_map(|(count, word)| Some((count.filter(|n| *n > 0)?, word)));
    let words =
        known.map(|(n, word)| format!("{} {word}{}", Figure::compact(n), if n == 1 { "" } else { "s" }));
    words.collect()
}

/// How many more said the same: `+37 alike`.
pub fn alike(copies: u32) -> Option<String> {
    (copies > 0).then(|| format!("+{} alike", Figure::compact(copies.into())))
}

/// Who spoke, from where, how long ago, what people did with it. Before visitors nobody is named.
fn meta_words(cx: &Cx<'_>, shown: &Shown, place: Place) -> Option<String> {
    let mention = &shown.mention;
    let author = mention.author.as_ref().filter(|_| cx.wall.audience == Audience::Staff);
    let author = author.and_then(names::author).map(|a| shortened(&a, 40));
    let from = mention.geo.as_ref().and_then(|g| g.name.as_deref()).map(|n| shortened(n, 40));
    let network = network_word(mention.network).map(String::from);
    let secs = age_secs(shown, cx.now);
    let old = (secs >= 60).then(|| age(secs));
    let parts = match place {
        // What comes last is cut first: how many said it is worth more than from where.
        Place::Above => [author, alike(shown.copies), from.or(network), old],
        _ => [alike(shown.copies).or(from).or(network).or(author), None, None, None],
    };
    let done = if place == Place::Above { reactions(mention) } else { Vec::new() };
    let words: Vec<String> = parts.into_iter().flatten().chain(done).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// The text as this wall may show it.
fn said(cx: &Cx<'_>, text: &str, chars: usize) -> String {
    match cx.wall.audience {
        Audience::Public => without_handles(&shortened(text, chars)),
        Audience::Staff => shortened(text, chars),
    }
}

/// At most so many characters of a text, with an ellipsis where it goes on.
pub fn shortened(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

pub fn network_word(network: Network) -> Option<&'static str> {
    match network {
        Network::Mastodon => Some("Mastodon"),
        Network::Bluesky => Some("Bluesky"),
        Network::X => Some("X"),
        Network::Reddit => Some("Reddit"),
        Network::News => Some("News"),
        Network::Blog => Some("Blog"),
        Network::Forum => Some("Forum"),
        Network::Video => Some("Video"),
        Network::Chat => Some("Chat"),
        Network::Other => None,
    }
}

fn wordless_kind(kind: Kind) -> String {
    match kind {
        Kind::Repost => "repost without words",
        Kind::Reply | Kind::Comment => "reply without words",
        Kind::Review => "review without words",
        _ => "post without words",
    }
    .into()
}
