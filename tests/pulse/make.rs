//! Walls, mentions and batches to test with.

use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::color::Theme;
use fishbowl::feed::kinds::DemoTable;
use fishbowl::geometry::Rect;
use fishbowl::layout::event::Event;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::kind::TileSpec;
use fishbowl::layout::legibility::TEXT_ARCMIN;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::{Audience, Feed, Motion, PeopleNamed, Scene, Tile, Topic, Wall};
use fishbowl::layout::window::Window;
use fishbowl::mention::source::{Batch, FeedState, Health, Nature};
use fishbowl::mention::{Author, Geo, Mention, Origin, Sentiment};
use fishbowl::pulse::Pulse;
use fishbowl::scene::widgets::{
    CounterTable, HeatmapTable, MentionsTable, Metric, RanksOf, RanksTable, TickerTable, TrendTable,
    WordsTable,
};

pub const START: Time = Time::from_secs(1_800_000_000);
/// When the walls' event begins, in the middle of a quarter of an hour.
pub const EVENT: Time = Time::from_secs(1_800_000_500);

pub fn secs(n: f64) -> Duration {
    Duration::from_secs_f64(n)
}

/// A wall with every kind of list for everything and for each topic.
pub fn wall(topics: &[(&str, &str)]) -> Wall {
    let of = |name: &str, query: &str| Topic {
        name: name.into(),
        label: name.into(),
        query: query.into(),
        color: 0,
    };
    let streams = std::iter::once(None).chain(topics.iter().map(|(name, _)| Some((*name).to_owned())));
    let demo =
        DemoTable { rate_per_s: 1.0, seed: 1, history: Lasting::from_secs(0), rhythm: false, care: None };
    Wall {
        name: "test".into(),
        viewer_m: 5.0,
        text_arcmin: 22.0,
        theme: Theme::dark(),
        motion: Motion::Full,
        pixel_shift: 0,
        audience: Audience::Staff,
        people: PeopleNamed::Full,
        zone: Some("Europe/Berlin".into()),
        event: Some(Event { start: EVENT, name: None }),
        displays: Vec::new(),
        band: None,
        images: vec![],
        typeface: None,
        logo: None,
        background: None,
        visitor: None,
        scenes: vec![Scene {
            name: "all".into(),
            title: None,
            show_for: secs(60.0),
            on_alert: None,
            tiles: streams.flat_map(tiles).collect(),
        }],
        modes: Vec::new(),
        gate: None,
        schedule: Vec::new(),
        power: Default::default(),
        topics: topics.iter().map(|(name, query)| of(name, query)).collect(),
        alerts: Default::default(),
        journal: Default::default(),
        alert_strip: None,
        remote: Default::default(),
        strips: vec![],
        care: None,
        feeds: vec![Feed { name: "demo".into(), stale_after: secs(10.0), spec: FeedSpec::from(demo) }],
    }
}

fn tiles(topic: Option<String>) -> Vec<Tile> {
    let widgets: [TileSpec; 7] = [
        HeatmapTable { topic: topic.clone(), ..HeatmapTable::default() }.into(),
        WordsTable { topic: topic.clone(), ..WordsTable::default() }.into(),
        MentionsTable { topic: topic.clone(), count: 8 }.into(),
        ranks(&topic, RanksOf::Authors),
        CounterTable {
            topic: topic.clone(),
            metric: Metric::Authors,
            window: Window::D7,
            ..CounterTable::default()
        }
        .into(),
        TrendTable { topic: topic.clone(), window: Window::D7, ..TrendTable::default() }.into(),
        TickerTable { topic, speed_mm: None }.into(),
    ];
    let tile = |widget| Tile {
        name: "tile".into(),
        title: None,
        rect: Rect::default(),
        text_arcmin: TEXT_ARCMIN,
        displays: Vec::new(),
        widget,
    };
    widgets.into_iter().map(tile).collect()
}

pub fn ranks(topic: &Option<String>, of: RanksOf) -> TileSpec {
    RanksTable { topic: topic.clone(), of, ..RanksTable::default() }.into()
}

pub fn pulse(topics: &[(&str, &str)]) -> Pulse {
    Pulse::new(&wall(topics), START).expect("a right wall")
}

/// A mention said and received at one moment.
pub fn mention(id: u64, at: Time, text: &str) -> Mention {
    said(id, at, at, text)
}

/// A mention said at `ts` that came in at `received`.
pub fn said(id: u64, ts: Time, received: Time, text: &str) -> Mention {
    let source = Arc::from("test");
    Mention::new(&source, &id.to_string(), ts, received).with_text(text)
}

pub fn by(mut mention: Mention, author: u64, followers: Option<u64>) -> Mention {
    let id = format!("author {author}").into();
    mention.author = Some(Author { id, followers, ..Author::default() });
    mention
}

pub fn meant(mut mention: Mention, score: f32) -> Mention {
    mention.sentiment = Some(Sentiment { score, origin: Origin::Source });
    mention
}

pub fn at(mut mention: Mention, lat: f32, lon: f32, name: Option<&str>) -> Mention {
    mention.geo = Some(Geo { lat, lon, name: name.map(Into::into) });
    mention
}

pub fn state() -> FeedState {
    FeedState {
        health: Health::Live,
        heard: Some(START),
        ..FeedState::new("demo", Nature::Simulated, secs(10.0))
    }
}

pub fn live(mentions: Vec<Mention>) -> Batch {
    Batch { mentions, ..Batch::of(0, state()) }
}

pub fn past(mentions: Vec<Mention>) -> Batch {
    Batch { backfill: true, ..live(mentions) }
}
