//! A small wall with a fixed snapshot on which tests hang one widget.

use std::sync::Arc;
use std::time::Duration;

use super::TextTable;
use crate::clock::Time;
use crate::color::Theme;
use crate::geometry::Rect;
use crate::layout::legibility::{Scale, TEXT_ARCMIN};
use crate::layout::wall::{Audience, Display, Motion, PeopleNamed, Scene, Tile, Topic, Wall};
use crate::layout::window::Window;
use crate::mention::{Author, Geo, Mention, Network, Reach, ReachKind, Sentiment};
use crate::pulse::snapshot::{
    Counts, Ranked, Ranks, Rising, Series, Shown, Snapshot, Span, Spans, Stream, StreamCounts, Tally, Term,
    TermKind, Voice,
};
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Showing, Widget};
use crate::text::{Cut, Typesetter};

/// The present of the fixture.
pub const NOW: Time = Time::from_secs(1_800_000_000);

/// A wall, a snapshot and a place for one widget.
pub struct Stage {
    pub wall: Wall,
    pub theme: Theme,
    pub snapshot: Snapshot,
    pub now: Time,
    pub area: Rect,
    pub tile: Tile,
    pub topic: Option<usize>,
    pub setter: Typesetter,
}

impl Stage {
    /// A tile of `w` × `h` millimetres on a display of 1218 × 685 mm, seen from 5 m.
    pub fn new(w: f32, h: f32) -> Self {
        let area = Rect::new(100.0, 50.0, w, h);
        let widget = TextTable::default().into();
        let tile = Tile {
            name: "tile".into(),
            title: None,
            rect: area,
            text_arcmin: TEXT_ARCMIN,
            displays: vec![0],
            widget,
        };
        Self {
            wall: wall(),
            theme: Theme::dark(),
            snapshot: snapshot(),
            now: NOW,
            area,
            tile,
            topic: None,
            setter: Typesetter::new(false),
        }
    }

    pub fn topic(mut self, topic: usize) -> Self {
        self.topic = Some(topic);
        self
    }

    fn with<R>(&mut self, f: impl FnOnce(&mut Cx<'_>) -> R) -> R {
        let lit: Vec<Rect> = self.wall.displays.iter().map(|d| d.rect).collect();
        f(&mut Cx {
            wall: &self.wall,
            theme: &self.theme,
            scale: Scale::new(self.wall.viewer_m),
            motion: self.wall.motion,
            snapshot: &self.snapshot,
            now: self.now,
            showing: Showing { progress: 1.0, ..Showing::default() },
            tile: &self.tile,
            area: self.area,
            lit: &lit,
            topic: self.topic,
            color: self.topic.map_or(self.theme.accent, |t| self.theme.topics[t]),
            setter: &mut self.setter,
        })
    }

    pub fn key(&mut self, widget: &mut dyn Widget) -> u64 {
        self.with(|cx| widget.key(cx))
    }

    pub fn caption(&mut self, widget: &mut dyn Widget) -> Vec<String> {
        self.with(|cx| widget.caption(cx))
    }

    pub fn still(&mut self, widget: &mut dyn Widget) -> List {
        let mut list = List::default();
        self.with(|cx| widget.still(cx, &mut list));
        list
    }

    pub fn motion(&mut self, widget: &mut dyn Widget) -> List {
        let mut list = List::default();
        self.with(|cx| widget.motion(cx, &mut list));
        list
    }

    /// Everything that it draws now.
    pub fn both(&mut self, widget: &mut dyn Widget) -> List {
        let mut list = self.still(widget);
        list.items.extend(self.motion(widget).items);
        list
    }
}

/// True when all text of `list` is large enough for the farthest viewer and nothing leaves `area`
/// by more than half a millimetre.
pub fn assert_legible(list: &List, area: Rect, viewer_m: f32) {
    let least = Scale::new(viewer_m).em(16.0) - 0.01;
    for item in &list.items {
        let Item::Text { shaped, at, clip, .. } = item else { continue };
        assert!(shaped.setting.size >= least, "too small: {item}");
        let ink = Rect::new(at.x, at.y - shaped.baseline, shaped.size.w, shaped.size.h);
        let ink = clip.map_or(Some(ink), |c| c.intersection(&ink));
        let Some(ink) = ink else { continue };
        // Large figures bring space along at their left.
        let least =
            area.x - 0.5 - if shaped.setting.cut == Cut::Display { shaped.setting.size * 0.06 } else { 0.0 };
        assert!(ink.x >= least && ink.right() <= area.right() + 0.5, "beside the area: {item}");
    }
}

fn wall() -> Wall {
    let rect = Rect::new(0.0, 0.0, 1_218.0, 685.0);
    let display = Display {
        name: "one".into(),
        rect,
        pixels: (1920, 1080),
        rotate: Default::default(),
        matches: vec![],
        if_missing: Default::default(),
        adopted: None,
    };
    let topics = ["Aurora", "Borealis", "Support"].iter().enumerate();
    Wall {
        name: "Fixture".into(),
        viewer_m: 5.0,
        text_arcmin: TEXT_ARCMIN,
        theme: Theme::dark(),
        motion: Motion::Full,
        pixel_shift: 0,
        audience: Audience::Staff,
        people: PeopleNamed::Full,
        zone: None,
        event: None,
        displays: vec![display],
        band: None,
        images: vec![],
        typeface: None,
        logo: None,
        background: None,
        visitor: None,
        scenes: vec![Scene {
            name: "one".into(),
            title: None,
            show_for: Duration::from_secs(60),
            on_alert: None,
            tiles: vec![],
        }],
        alerts: Default::default(),
        modes: Vec::new(),
        gate: None,
        schedule: Vec::new(),
        power: Default::default(),
        topics: topics
            .map(|(color, label)| Topic {
                name: label.to_lowercase(),
                label: (*label).into(),
                query: String::new(),
                color,
            })
            .collect(),
        journal: Default::default(),
        alert_strip: None,
        remote: Default::default(),
        strips: vec![],
        care: None,
        feeds: vec![],
    }
}

/// How long the windows are that begin at a moment, seconds.
const HALF_A_DAY: u32 = 43_200;

/// Counts in which a stream says `mentions` in the last hour; 38 % of it unknown.
pub fn counts(mentions: u64) -> Arc<StreamCounts> {
    Arc::new(StreamCounts(Window::ALL.map(|w| {
        let mentions = (mentions * u64::from(w.secs().unwrap_or(HALF_A_DAY)) / 3_600).max(1);
        let part = |per_cent: u64| mentions * per_cent / 100;
        let (positive, neutral, negative) = (part(28), part(20), part(14));
        Tally {
            mentions,
            positive,
            neutral,
            negative,
            unknown: mentions - positive - neutral - negative,
            followers: mentions * 731,
            judged: part(12),
            located: part(40),
            points: part(30),
            authors: Some(part(70)),
            ..Tally::default()
        }
    })))
}

/// Windows that are known as a whole.
fn spans() -> Arc<Spans> {
    let span = |secs| Span { whole: secs, known: secs, age: secs, ..Span::default() };
    Arc::new(Spans(Window::ALL.map(|w| span(w.secs().unwrap_or(HALF_A_DAY)))))
}

fn series(step: u64, len: usize, per_step: f32) -> Arc<Series> {
    let wave =
        |i: usize| 0.95 + 0.2 * (i as f32 / len as f32 * 11.0).sin() + if i % 997 == 5 { 1.0 } else { 0.0 };
    let values = (0..len).map(|i| (per_step * wave(i)) as u32).collect();
    Arc::new(Series { end: NOW, step: Duration::from_secs(step), values, unknown: vec![] })
}

fn stream(mentions: u64) -> Stream {
    Stream {
        counts: counts(mentions),
        by_second: series(1, 3_600, mentions as f32 / 3_600.0),
        by_minute: series(60, 1_440, mentions as f32 / 60.0),
        by_quarter: series(900, 768, mentions as f32 / 4.0),
        spans: spans(),
        ranked: ranked(),
        latest: (0..16).map(|i| shown(16 - i)).collect(),
        newest: Some(NOW),
        ..Stream::default()
    }
}

/// A wall that has been listening for a day: 745 123 mentions in the last hour.
pub fn snapshot() -> Snapshot {
    let (all, topics) = (745_123, [412_000, 210_400, 98_765]);
    let counts = Counts { at: NOW, all: counts(all), topics: topics.map(counts).into() };
    Snapshot {
        version: 1,
        at: NOW,
        all: stream(all),
        topics: topics.into_iter().map(stream).collect(),
        recent: vec![Arc::new(counts)],
        folded: all,
        ..Snapshot::default()
    }
}

const SAID: [(&str, f32); 6] = [
    ("The new aurora phone takes the best night pictures I have ever seen, honestly", 0.8),
    ("Waiting three days for an answer from support now", -0.6),
    ("新しいオーロラフォン、電池が二日も持つ。本当にすごい", 0.4),
    ("الهاتف الجديد رائع والبطارية تدوم طويلا", 0.5),
    ("Does anyone know whether borealis works with it?", 0.0),
    ("¿Cuándo llega a Valencia? 🙌", 0.2),
];

/// The mention with this serial; the one with serial 16 came half a minute ago.
pub fn shown(serial: u64) -> Shown {
    let (text, score) = SAID[serial as usize % SAID.len()];
    let at = NOW - Duration::from_secs(30 + (16 - serial.min(16)) * 20);
    let mut mention = Mention::new(&"demo".into(), &serial.to_string(), at, at).with_text(text);
    mention.network = Network::Mastodon;
    mention.author = Some(Author { handle: Some(format!("person{serial}").into()), ..Author::default() });
    mention.geo = Geo::new(52.5, 13.4).map(|g| Geo { name: Some("Berlin".into()), ..g });
    mention.sentiment =
        (!serial.is_multiple_of(5)).then_some(Sentiment { score, origin: Default::default() });
    Shown { mention: mention.into(), at, serial, topics: vec![(serial % 3) as u16], copies: 0 }
}

#[rustfmt::skip]
const WORDS: [&str; 44] = [
    "aurora", "battery", "#auroraphone", "camera", "support", "night", "delivery", "screen", "borealis",
    "love", "#launch", "price", "update", "waiting", "オーロラ", "بطارية", "charger", "Berlin", "photos",
    "refund", "#unboxing", "beautiful", "overheating", "speaker", "release", "queue", "store", "green",
    "answer", "電池", "pictures", "warranty", "#nightmode", "colour", "shipping", "video", "broken",
    "Valencia", "case", "sim", "review", "fast", "light", "weekend",
];

fn ranked() -> Ranked {
    let term = |(i, text): (usize, &&str)| Term {
        text: (*text).into(),
        count: 9_000 / (i as u32 + 2),
        kind: if text.starts_with('#') { TermKind::Hashtag } else { TermKind::Word },
        mood: [Some(0.5), None, Some(-0.4), Some(0.0)][i % 4],
        by_hour: [].into(),
    };
    let terms: Arc<[Term]> = WORDS.iter().enumerate().map(term).collect();
    let risen = |i: usize| Rising {
        text: WORDS[i * 3].into(),
        kind: TermKind::Word,
        count: 90 / (i as u32 + 1),
        usual: 2.5,
        lift: 24.0 / (i as f32 + 1.0),
        since: i.is_multiple_of(2).then_some(NOW - Duration::from_secs(500)),
    };
    let voice = |i: u32| Voice {
        name: format!("Person {i}").into(),
        handle: Some(format!("person_{i}").into()),
        mentions: 90 / i,
        followers: Some(2_300_000 / u64::from(i)),
        reach: Some(Reach { value: 2_300_000 / u64::from(i), kind: ReachKind::Followers }),
    };
    let authors: Arc<[Voice]> = (1..20).map(voice).collect();
    let hour = Ranks { terms, authors: authors.clone(), reach: authors, ..Ranks::default() };
    Ranked { day: hour.clone(), hour, rising: (0..6).map(risen).collect(), has_past: true }
}

/// Shows the widget in tiles from a stamp to a whole display and checks that everything in them is
/// legible and stays inside.
pub fn assert_legible_at_every_size(make: impl Fn(&Wall) -> Box<dyn Widget>, topic: Option<usize>) {
    let mut stage = Stage::new(100.0, 100.0);
    stage.topic = topic;
    for w in [20.0, 90.0, 180.0, 300.0, 420.0, 640.0, 1_100.0] {
        for h in [15.0, 40.0, 75.0, 120.0, 210.0, 330.0, 600.0] {
            stage.area = Rect::new(100.0, 50.0, w, h);
            let mut widget = make(&stage.wall);
            let list = stage.both(&mut *widget);
            assert_legible(&list, stage.area, stage.wall.viewer_m);
        }
    }
}

/// Checks over snapshots that grow by a few mentions each that lists differ only with their keys.
pub fn assert_key_tells(make: impl Fn(&Wall) -> Box<dyn Widget>, topic: Option<usize>) {
    let mut stage = Stage::new(420.0, 260.0);
    stage.topic = topic;
    let mut widget = make(&stage.wall);
    let mut seen: Vec<(u64, String)> = Vec::new();
    for step in 0..40_u64 {
        stage.now = NOW + Duration::from_millis(step * 300);
        stage.snapshot = grown(step);
        let key = stage.key(&mut *widget);
        let list = stage.still(&mut *widget).to_string();
        if let Some((_, was)) = seen.iter().find(|(k, _)| *k == key) {
            assert_eq!(*was, list, "the same key at step {step}");
        } else {
            seen.push((key, list));
        }
    }
    assert!(seen.len() < 40, "every mention repaints");
}

/// The fixture after `step` times 300 ms: more mentions, one more shown every other second.
fn grown(step: u64) -> Snapshot {
    let mut snapshot = snapshot();
    let (at, more) = (NOW + Duration::from_millis(step * 300), step * step * 60);
    snapshot.version += step;
    snapshot.at = at;
    let series = |old: &Arc<Series>| {
        let secs = at.since(NOW).as_secs();
        let mut new = Series::clone(old);
        if old.step.as_secs() == 1 {
            new.values.drain(..secs as usize);
            new.values.extend((0..secs).map(|s| s as u32 * 31));
            new.end = NOW + Duration::from_secs(secs);
        }
        Arc::new(new)
    };
    for (stream, said) in std::iter::once(&mut snapshot.all).chain(&mut snapshot.topics).zip(1..) {
        stream.counts = counts(745_123 / said + more);
        stream.by_second = series(&stream.by_second);
        let newest = 16 + step / 7;
        let latest = (0..16).map(|i| newest - i);
        stream.latest = latest.map(|s| Shown { at: shown_at(s), ..shown(s) }).collect();
    }
    snapshot
}

fn shown_at(serial: u64) -> Time {
    match serial.checked_sub(16) {
        None | Some(0) => shown(serial).at,
        Some(later) => NOW + Duration::from_millis(later * 2_100),
    }
}
