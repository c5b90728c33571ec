//! The latest mentions, walking from right to left in one strip over the whole tile, behind the
//! bezels too.

mod strip;

use crate::layout::kind::{BehindBezel, Need, Quotes, Room, TileKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::{Audience, Motion, Wall};
use crate::mention::Mention;
use crate::pulse::snapshot::{Shown, Stream};
use crate::scene::chrome::hairline;
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::marks;
use crate::scene::widgets::mentions::alike;
use crate::scene::widgets::names;
use crate::scene::widgets::privacy::without_handles;
use crate::scene::widgets::span::Silence;
use crate::text::{Align, Setting, Shaped};
use strip::{Entry, Strip, Track};

/// Speed when the layout gives none: 2.5° a second for the farthest viewer.
const ARCMIN_PER_S: f32 = 150.0;
/// No layout makes it faster, millimetres per second.
const FASTEST: f32 = 5_000.0;
/// How long the words stand when nothing may walk.
const PAGE: Duration = Duration::from_secs(12);
/// Longest text, in ems; a longer one ends in an ellipsis.
const LONGEST: f32 = 48.0;
/// Characters looked at; more than [`LONGEST`] ever shows.
const MAX_CHARS: usize = 240;

/// The latest mentions, scrolling from right to left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TickerTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// Millimetres per second. Default: 2.5° per second for the farthest viewer.
    #[schemars(range(min = 1.0, max = 10_000.0))]
    pub speed_mm: Option<f32>,
}

impl TileKind for TickerTable {
    fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    fn quotes(&self) -> Quotes {
        Quotes::Texts
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Latest]
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (600.0, Room::line(Step::Body))
    }

    /// It runs on from scene to scene.
    fn words_to_read(&self) -> usize {
        0
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Fine
    }
}

impl WidgetTable for TickerTable {
    const KIND: &'static str = "ticker";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Ticker::new(self, wall))
    }
}

pub struct Ticker {
    spec: TickerTable,
    strip: Strip<Words>,
}

/// A mention as it is set.
#[derive(Clone, Debug)]
struct Words {
    /// The mention, and its words as they were set.
    uid: Arc<str>,
    said: Option<Arc<str>>,
    /// Index of the topic that gives the mark its colour.
    topic: Option<usize>,
    who: Option<Arc<Shaped>>,
    text: Arc<Shaped>,
}

/// Distances within the strip, millimetres.
#[derive(Clone, Copy)]
struct Metrics {
    em: f32,
    mark: f32,
    space: f32,
    gap: f32,
    baseline: f32,
}

impl Ticker {
    pub fn new(spec: &TickerTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), strip: Strip::default() }
    }

    fn track(&self, cx: &Cx<'_>, metrics: &Metrics) -> Track {
        let full = self.spec.speed_mm.unwrap_or(cx.scale.mm(ARCMIN_PER_S)).clamp(1.0, FASTEST);
        let speed = if cx.motion == Motion::Calm { full / 2.0 } else { full };
        Track { length: cx.tile.rect.w, speed, gap: metrics.gap }
    }

    fn walk(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let metrics = metrics(cx);
        let track = self.track(cx, &metrics);
        let latest = cx.snapshot.stream(cx.topic).latest.clone();
        let says = |s: &&Shown| s.mention.text.is_some();
        let offer: Vec<Entry> =
            latest.iter().filter(says).map(|s| Entry { serial: s.serial, at: s.at }).collect();
        let now = cx.now;
        let stream = cx.snapshot.stream(cx.topic);
        self.strip.release(|words| still_said(words, stream));
        self.strip.advance(now, &track, &offer, &mut |entry| {
            let words = latest.iter().find(|s| s.serial == entry.serial).map(|s| set(cx, s, &metrics));
            let words = words.expect("every entry was made from one of the latest");
            (metrics.width(&words), words)
        });
        for walker in self.strip.walkers() {
            let x = cx.tile.rect.right() - walker.way(&track, now);
            if x < cx.area.right() && x + walker.width > cx.area.x {
                draw(cx, list, &walker.item, &metrics, x, cx.area);
            }
        }
    }
}

impl Widget for Ticker {
    fn heading(&self, _wall: &Wall) -> String {
        String::new()
    }

    fn framed(&self) -> bool {
        false
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = FxHasher::default();
        let a = cx.area;
        hash_f32(&[a.x, a.y, a.w, a.h], &mut state);
        cx.theme.hairline.hash(&mut state);
        if cx.motion == Motion::Still {
            page(cx).iter().for_each(|s| (s.serial, &s.mention.text, s.copies).hash(&mut state));
        }
        nothing(cx).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let tile = cx.tile.rect;
        list.rect(Rect { h: hairline(cx.scale), ..tile }, cx.theme.hairline);
        if cx.motion == Motion::Still {
            stand(cx, list);
        }
        if let Some(words) = nothing(cx).and_then(|silence| silence.words(cx).into_iter().next()) {
            let (metrics, home) = (metrics(cx), marks::home(cx));
            let shaped = cx.setter.set(Setting::line(words, metrics.em));
            if shaped.size.w + 2.0 * metrics.space <= home.w {
                list.text(shaped, Point::new(home.x + metrics.space, metrics.baseline), cx.theme.quiet);
            }
        }
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        if cx.motion != Motion::Still {
            self.walk(cx, list);
        }
    }
}

impl Metrics {
    fn width(&self, words: &Words) -> f32 {
        let who = words.who.as_ref().map_or(0.0, |w| w.size.w + self.space);
        self.indent(words) + who + words.text.size.w
    }

    fn indent(&self, words: &Words) -> f32 {
        if words.topic.is_some() { 2.0 * self.mark + self.space } else { 0.0 }
    }
}

/// Why there is nothing to walk, when that is not because nothing was said.
fn nothing(cx: &Cx<'_>) -> Option<Silence> {
    Silence::now(cx).filter(|_| cx.snapshot.stream(cx.topic).latest.is_empty())
}

/// The largest step for which the strip is high enough.
fn metrics(cx: &Cx<'_>) -> Metrics {
    let (area, room) = (cx.area, cx.area.h * 0.62);
    let steps = [Step::Title, Step::Body, Step::Label];
    let fits = steps.into_iter().find(|s| cx.scale.size(*s) <= room);
    let em = cx.scale.size(fits.unwrap_or(Step::Least));
    let baseline = area.center().y + em * CAP_HEIGHT / 2.0;
    Metrics { em, mark: em * 0.19, space: em * 0.4, gap: em * 1.8, baseline }
}

fn set(cx: &mut Cx<'_>, shown: &Shown, metrics: &Metrics) -> Words {
    let mention = &shown.mention;
    let public = cx.wall.audience == Audience::Public;
    let text = mention.text.as_deref().unwrap_or_default();
    let text: String = text.chars().take(MAX_CHARS).collect();
    let text = if public { without_handles(&text) } else { text };
    let who = if public { place(mention) } else { mention.author.as_ref().and_then(names::author) };
    let said: Vec<String> = who.into_iter().chain(alike(shown.copies)).collect();
    let who = (!said.is_empty()).then(|| said.join(" · "));
    let topic = shown.topics.first().map(|&t| usize::from(t)).filter(|&t| t < cx.wall.topics.len());
    let who = who.map(|who| cx.setter.set(Setting::line(who, metrics.em)));
    let (uid, said) = (mention.uid.clone(), mention.text.clone());
    Words { uid, said, topic, who, text: one_line(cx, text, metrics.em) }
}

/// False for words that were taken back or changed since they were set; they leave the strip at
/// once, wherever they are.
fn still_said(words: &Words, stream: &Stream) -> bool {
    !stream.withdrawn.contains(&words.uid)
        || stream.latest.iter().any(|s| s.mention.uid == words.uid && s.mention.text == words.said)
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

fn place(mention: &Mention) -> Option<String> {
    mention.geo.as_ref()?.name.as_ref().map(|n| n.to_string())
}

fn draw(cx: &Cx<'_>, list: &mut List, words: &Words, metrics: &Metrics, x: f32, clip: Rect) {
    if let Some(topic) = words.topic {
        let color = cx.theme.topic(cx.wall.topics[topic].color);
        let center = Point::new(x + metrics.mark, metrics.baseline - metrics.em * CAP_HEIGHT / 2.0);
        let seen = (clip.right() - x).min(x + 2.0 * metrics.mark - clip.x) / (2.0 * metrics.mark);
        if seen > 0.0 {
            list.disc(center, metrics.mark, color.fade(seen));
        }
    }
    let mut x = x + metrics.indent(words);
    for (shaped, color) in words.who.iter().map(|w| (w, cx.theme.quiet)).chain([(&words.text, cx.theme.ink)])
    {
        if x < clip.right() && x + shaped.size.w > clip.x {
            let at = Point::new(x, metrics.baseline);
            list.push(Item::Text { shaped: shaped.clone(), at, color, clip: Some(clip) });
        }
        x += shaped.size.w + metrics.space;
    }
}

/// The mentions that stand when nothing may walk: those that had come when the page was turned.
fn page<'a>(cx: &Cx<'a>) -> Vec<&'a Shown> {
    let turned = Time(cx.now.0 - cx.now.0.rem_euclid(PAGE.as_nanos() as i64));
    let latest = &cx.snapshot.stream(cx.topic).latest;
    let had_come = latest.iter().filter(|s| s.at <= turned && s.mention.text.is_some());
    had_come.take(8).collect()
}

/// The newest mention that fits on each display, from the left.
fn stand(cx: &mut Cx<'_>, list: &mut List) {
    let metrics = metrics(cx);
    let mut page = page(cx).into_iter();
    for lit in cx.lit {
        let Some(room) = lit.intersection(&cx.area) else { continue };
        let Some(mut words) = page.next().map(|s| set(cx, s, &metrics)) else { return };
        let left = room.w - 2.0 * metrics.space - (metrics.width(&words) - words.text.size.w);
        let setting = words.text.setting.clone().align(Align::Left).within(left.max(metrics.em), 1);
        words.text = cx.setter.set(setting);
        draw(cx, list, &words, &metrics, room.x + metrics.space, room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::fixture::{self, Stage, tile};

    fn stage(change: impl FnOnce(&mut Wall)) -> Stage {
        let spec = TickerTable { speed_mm: Some(60.0), topic: None };
        let mut wall = fixture::wall(vec![tile(spec, fixture::bottom())]);
        change(&mut wall);
        Stage::new(wall)
    }

    #[test]
    fn a_strip_of_mentions() {
        insta::assert_snapshot!(stage(|_| ()).text(0));
    }

    #[test]
    fn all_of_it_moves_at_the_stated_speed() {
        let mut stage = stage(|_| ());
        let mut places = |ms| -> Vec<(String, f32)> {
            let place = |i: &Item| match i {
                Item::Text { shaped, at, .. } => Some((shaped.setting.text.to_string(), at.x)),
                _ => None,
            };
            stage.frame(ms).tiles[0].motion.items.iter().filter_map(place).collect()
        };
        let (before, after) = (places(0), places(500));
        let moved: Vec<f32> =
            before.iter().filter_map(|b| after.iter().find(|a| a.0 == b.0).map(|a| b.1 - a.1)).collect();
        assert!(moved.len() > 4 && moved.iter().any(|m| (m - 30.0).abs() < 0.02));
    }

    #[test]
    fn words_that_are_taken_back_or_changed_leave_the_strip_at_once() {
        let mut stage = stage(|_| ());
        let said = |stage: &mut Stage, ms| stage.text(ms);
        let latest = stage.snapshot.all.latest.to_vec();
        let name = |s: &Shown| {
            let author = s.mention.author.as_ref().and_then(names::author);
            format!("\"{}\"", author.expect("all have names"))
        };
        let before = said(&mut stage, 0);
        let seen: Vec<Shown> = latest.iter().filter(|s| before.contains(&name(s))).cloned().collect();
        assert!(seen.len() > 2, "{before}");
        let (gone, changed) = (seen[0].clone(), seen[1].clone());
        let mut left: Vec<Shown> = latest.into_iter().filter(|s| s.mention.uid != gone.mention.uid).collect();
        for shown in left.iter_mut().filter(|s| s.mention.uid == changed.mention.uid) {
            shown.mention = Mention::clone(&shown.mention).with_text("corrected").into();
        }
        stage.snapshot.all.latest = left.into();
        stage.snapshot.all.withdrawn = [gone.mention.uid.clone(), changed.mention.uid.clone()].into();
        let after = said(&mut stage, 16);
        for shown in [&gone, &changed] {
            assert!(!after.contains(&name(shown)), "{after}");
        }
        assert!(after.contains(&name(&seen[2])), "{after}");
    }

    #[test]
    fn visitors_see_no_names() {
        let text = stage(|wall| wall.audience = Audience::Public).text(0);
        assert!(!text.contains("person") && !text.contains("@joe"), "{text}");
        assert!(text.contains("Berlin") && text.contains("@…"));
    }

    #[test]
    fn without_motion_the_newest_stand_one_on_each_display() {
        let mut stage = stage(|wall| wall.motion = Motion::Still);
        let frame = stage.frame(0);
        assert!(frame.tiles[0].motion.is_empty());
        insta::assert_snapshot!(frame.tiles[0].still);
        assert_eq!(frame.tiles[0].key, stage.frame(11_000).tiles[0].key);
    }
}
