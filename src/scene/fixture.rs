//! A wall of three displays and a busy snapshot, for tests of the scene.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Time;
use crate::color::Theme;
use crate::geometry::Rect;
use crate::layout::kind::TileSpec;
use crate::layout::legibility::TEXT_ARCMIN;
use crate::layout::wall::{Audience, Display, Motion, PeopleNamed, Scene, Tile, Topic, Wall};
use crate::layout::window::Window;
use crate::mention::{Author, Geo, Mention};
use crate::pulse::snapshot::{FeedState, Health, Nature, Place, Shown, Snapshot, StreamCounts, Tally};
use crate::scene::widgets::TextTable;
use crate::scene::{Control, Director, Frame};
use crate::text::Typesetter;

/// The present of the fixture: 2027-01-15 08:00 UTC.
pub const NOW: Time = Time::from_secs(1_800_000_000);

/// Lit size of each display and the bezel between them, millimetres.
pub const LIT: (f32, f32) = (941.0, 529.0);
pub const BEZEL: f32 = 20.0;

/// Three displays side by side, seen from 3 m, with one scene of `tiles`.
pub fn wall(tiles: Vec<Tile>) -> Wall {
    let display = |i: usize| Display {
        name: format!("d{i}"),
        rect: Rect::new(i as f32 * (LIT.0 + BEZEL), 0.0, LIT.0, LIT.1),
        pixels: (1920, 1080),
        rotate: Default::default(),
        matches: vec![],
        if_missing: Default::default(),
        adopted: None,
    };
    let topic = |color: usize| Topic {
        name: format!("t{color}"),
        label: ["Aurora", "Support"][color].into(),
        query: String::new(),
        color,
    };
    Wall {
        name: "test".into(),
        viewer_m: 3.0,
        text_arcmin: TEXT_ARCMIN,
        theme: Theme::dark(),
        motion: Motion::Full,
        pixel_shift: 0,
        audience: Audience::Staff,
        people: PeopleNamed::Full,
        zone: Some("UTC".into()),
        event: None,
        displays: (0..3).map(display).collect(),
        band: None,
        images: vec![],
        typeface: None,
        logo: None,
        background: None,
        visitor: None,
        scenes: vec![scene("one", tiles)],
        modes: Vec::new(),
        gate: None,
        schedule: Vec::new(),
        power: Default::default(),
        topics: (0..2).map(topic).collect(),
        alerts: Default::default(),
        journal: Default::default(),
        alert_strip: None,
        remote: Default::default(),
        strips: vec![],
        care: None,
        feeds: vec![],
    }
}

pub fn scene(name: &str, tiles: Vec<Tile>) -> Scene {
    Scene { name: name.into(), title: None, show_for: Duration::from_secs(90), on_alert: None, tiles }
}

pub fn tile(widget: impl Into<TileSpec>, rect: Rect) -> Tile {
    let widget = widget.into();
    let touches = |i: &usize| {
        let left = *i as f32 * (LIT.0 + BEZEL);
        rect.x < left + LIT.0 && rect.right() > left
    };
    let displays = (0..3).filter(touches).collect();
    Tile { name: widget.kind().into(), title: None, rect, text_arcmin: TEXT_ARCMIN, displays, widget }
}

pub fn words(text: &str, rect: Rect) -> Tile {
    tile(TextTable { text: text.into(), ..Default::default() }, rect)
}

/// The rectangle of one display.
pub fn display(i: usize) -> Rect {
    Rect::new(i as f32 * (LIT.0 + BEZEL), 0.0, LIT.0, LIT.1)
}

/// A strip along the bottom of all three.
pub fn bottom() -> Rect {
    Rect::new(0.0, 470.0, 3.0 * LIT.0 + 2.0 * BEZEL, 59.0)
}

/// One simulated feed that is heard, eight places, twenty mentions 1.5 s apart.
pub fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot { version: 1, at: NOW, ..Snapshot::default() };
    let tally = Tally { mentions: 1_000, located: 312, ..Tally::default() };
    snapshot.all.counts = StreamCounts([tally; Window::ALL.len()]).into();
    snapshot.all.places = PLACES.iter().map(place).collect();
    snapshot.all.latest = (0..20).rev().map(shown).collect();
    snapshot.feeds = vec![feed()];
    snapshot
}

pub fn feed() -> FeedState {
    FeedState {
        health: Health::Live,
        heard: Some(NOW),
        received: 1,
        ..FeedState::new("demo", Nature::Simulated, Duration::from_secs(60))
    }
}

const PLACES: [(&str, f32, f32, u32); 8] = [
    ("Tokyo", 35.7, 139.7, 1_204),
    ("London", 51.5, -0.1, 830),
    ("São Paulo", -23.6, -46.6, 611),
    ("Paris", 48.9, 2.35, 520),
    ("New York", 40.7, -74.0, 490),
    ("Berlin", 52.5, 13.4, 333),
    ("Nairobi", -1.3, 36.8, 120),
    ("Auckland", -36.8, 174.8, 40),
];

fn place(&(name, lat, lon, count): &(&str, f32, f32, u32)) -> Place {
    let pulsed = Some(NOW - Duration::from_millis(u64::from(count)));
    Place { lat, lon, name: Some(name.into()), count, heat: count as f32 / 3.0, pulsed }
}

/// The mention that came in as number `serial`; number 19 just now.
pub fn shown(serial: u64) -> Shown {
    let at = NOW - Duration::from_millis((19 - serial.min(19)) * 1_500);
    let text = ["The night camera is unreal", "@joe الكاميرا رائعة جدا", "オーロラフォン最高 🙌"];
    let mut mention = Mention::new(&Arc::from("demo"), &serial.to_string(), at, at)
        .with_text(text[serial as usize % text.len()]);
    let handle = Some(format!("person{serial}").into());
    mention.author = Some(Author { handle, ..Author::default() });
    mention.geo = Geo::new(52.5, 13.4).map(|g| Geo { name: Some("Berlin".into()), ..g });
    Shown { mention: mention.into(), at, serial, topics: vec![(serial % 2) as u16], copies: 0 }
}

/// A director and what it needs to make frames.
pub struct Stage {
    pub director: Director,
    pub snapshot: Snapshot,
    pub control: Control,
    pub setter: Typesetter,
}

impl Stage {
    pub fn new(wall: Wall) -> Self {
        Self {
            director: Director::new(Arc::new(wall)),
            snapshot: snapshot(),
            control: Control::default(),
            setter: Typesetter::new(false),
        }
    }

    /// The frame `ms` milliseconds after [`NOW`].
    pub fn frame(&mut self, ms: i64) -> Frame {
        let now = Time(NOW.0 + ms * 1_000_000);
        self.director.frame(&self.snapshot, &self.control, now, &mut self.setter)
    }

    /// The frame as text, for snapshots.
    pub fn text(&mut self, ms: i64) -> String {
        let tiles = self.frame(ms).tiles;
        tiles.iter().map(|t| format!("still\n{}motion\n{}", t.still, t.motion)).collect()
    }
}
