//! Random walls with random tiles, contents and viewers: everything that is drawn can be read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use fishbowl::clock::Time;
use fishbowl::geometry::Rect;
use fishbowl::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, MIN_ARCMIN, Scale, Step};
use fishbowl::layout::wall::Wall;
use fishbowl::pulse::Pulse;
use fishbowl::pulse::snapshot::{Health, Snapshot};
use fishbowl::scene::list::{Item, List};
use fishbowl::scene::{Control, Director, TileFrame};
use fishbowl::text::{Setting, Shaped, Typesetter};
use fishbowl::{feed, layout, registry};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

/// 2026-06-16 14:05:00 UTC.
const START: Time = Time::from_secs(1_781_618_700);
/// Time for all walls, and how many there are at most.
const BOUND: (Duration, u32) = (Duration::from_secs(40), 400);
/// What two texts may share, and what may stick out, millimetres at one metre.
const TOLERANCE: f32 = 0.35;

/// Kinds with names in rows, each on one line: there the next row is no free line.
const ROWS: [&str; 4] = ["ticker", "share", "ranks", "care"];

/// What a tile can be: its kind and the keys that are drawn at random.
const TILES: [(&str, &[&str]); 17] = [
    ("headline", &["", "topic = \"aurora\""]),
    ("heatmap", &["", "region = \"europe\"", "region = \"DE\", window = \"1h\""]),
    ("ticker", &["", "title = \"\""]),
    (
        "counter",
        &[
            "",
            "metric = \"authors\"",
            "metric = \"net_sentiment\", topic = \"service\", window = \"24h\"",
            "metric = \"rate\", topic = \"battery\", window = \"5m\"",
        ],
    ),
    ("trend", &["", "window = \"24h\"", "topics = [\"aurora\", \"battery\"], window = \"24h\""]),
    ("share", &["", "by = \"language\", window = \"24h\"", "by = \"country\""]),
    ("mentions", &["", "count = 3", "topic = \"camera\""]),
    ("quote", &["", "topic = \"service\""]),
    ("words", &["", "of = \"hashtags\"", "window = \"24h\""]),
    ("ranks", &["", "rank = \"rising\"", "of = \"authors\", by = \"reach\"", "of = \"links\""]),
    ("sentiment", &["", "window = \"24h\""]),
    ("care", &["", "window = \"24h\""]),
    ("alerts", &[""]),
    ("clock", &["", "cities = [\"Tokyo\", \"New York\"]"]),
    ("text", &["text = \"Welcome to Aurora\", fit = \"box\"", "text = \"Welcome\", size = \"title\""]),
    ("qr", &["text = \"https://example.com\""]),
    ("image", &["file = \"docs/wall.png\""]),
];

/// Columns and rows of a display, and for each cell a kind and its keys.
type Cells = ((usize, usize), Vec<(usize, usize)>);

/// A wall of equal displays, their cells filled with tiles.
#[derive(Clone, Debug)]
struct Case {
    grid: (usize, usize),
    size: (u32, u32),
    viewer_m: f32,
    base: usize,
    text_arcmin: u32,
    title: bool,
    public: bool,
    /// For each display the cuts of its cells, and what stands in them.
    cells: Vec<Cells>,
    state: usize,
    later: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let tile = (0..TILES.len(), 0usize..4);
    let display = ((1usize..4, 1usize..4), prop::collection::vec(tile, 9));
    let wall = ((1usize..4, 1usize..3), (300u32..1_300, 200u32..1_000), 0.8f32..7.0);
    let look = (0usize..3, prop_oneof![3 => Just(22u32), 1 => 18u32..34], any::<bool>(), any::<bool>());
    (wall, look, prop::collection::vec(display, 6), 0..STATES.len(), 0u64..90).prop_map(
        |((grid, size, viewer_m), (base, text_arcmin, title, public), cells, state, later)| Case {
            grid,
            size,
            viewer_m,
            base,
            text_arcmin,
            title,
            public,
            cells,
            state,
            later,
        },
    )
}

impl Case {
    fn layout(&self) -> String {
        let base = ["dark", "light", "event"][self.base];
        let mut all = format!(
            "theme.base = \"{base}\"\n[wall]\nviewer_m = {}\ntext_arcmin = {}\nzone = \"Europe/Berlin\"\n\
             audience = \"{}\"\n{WHAT}\n[feed.demo]\nkind = \"demo\"\n",
            self.viewer_m,
            self.text_arcmin,
            if self.public { "public" } else { "staff" },
        );
        let (w, h) = self.size;
        let mut scene = String::from("[scene.main]\n");
        if self.title {
            scene.push_str("title = \"What are people saying about Aurora right now?\"\n");
        }
        for (i, ((columns, rows), tiles)) in self.cells.iter().take(self.grid.0 * self.grid.1).enumerate() {
            let (x, y) = (i % self.grid.0, i / self.grid.0);
            let at = [x as u32 * (w + 12), y as u32 * (h + 12)];
            let _ =
                writeln!(all, "[display.d{i}]\nsize_mm = [{w}, {h}]\nat_mm = {at:?}\npixels = [1920, 1080]");
            let name = |n: usize| format!("d{i}t{n}");
            let row = |r: usize| (0..*columns).map(|c| name(r * columns + c)).collect::<Vec<_>>().join(" ");
            let picture: Vec<String> = (0..*rows).map(row).collect();
            let _ = writeln!(scene, "pictures.d{i} = \"\"\"\n{}\n\"\"\"", picture.join("\n"));
            for (n, (kind, keys)) in tiles.iter().take(columns * rows).enumerate() {
                let (kind, all_keys) = TILES[*kind];
                let keys = all_keys[keys % all_keys.len()];
                let comma = if keys.is_empty() { "" } else { ", " };
                let _ = writeln!(scene, "tile.{} = {{ kind = \"{kind}\"{comma}{keys} }}", name(n));
            }
        }
        all + &scene
    }

    /// The wall without the tiles that `check` refuses, because they are too small.
    fn wall(&self) -> Wall {
        let loaded = layout::load_text(&self.layout(), Path::new("wall.toml"), &[], &registry());
        let mut wall = layout::solve(&loaded.file, &[]);
        let (scale, topics) = (Scale::new(wall.viewer_m), wall.topics.len());
        let is_legible = |tile: &layout::wall::Tile| {
            let room = tile.room(topics, scale);
            let (w, h) = tile.widget.least(&room);
            room.width >= w && room.height >= h
        };
        wall.scenes.iter_mut().for_each(|scene| scene.tiles.retain(is_legible));
        wall
    }
}

const WHAT: &str = r#"
[topic.aurora]
query = '"aurora phone" OR #auroraphone'
label = "Aurora"
[topic.battery]
query = 'battery OR #aurorabattery'
label = "Battery life and charging"
[topic.camera]
query = 'camera OR #auroracamera'
[topic.service]
query = 'support OR store OR #auroracare'
[care]
handles = ["@aurora"]
promise = "1h"
[bursts]
owner = "The duty editor"
[alert.anger]
topic = "service"
when = "negative_share > 5% over 1h and mentions > 20"
severity = "alarm"
owner = "Jo Berger"
action = "Call the press office"
"#;

/// How the wall stands: mentions a second, and the past that is told.
const STATES: [(&str, &str); 5] = [
    ("first minute", "rate_per_s = 0.001\nhistory = \"0s\""),
    ("little", "rate_per_s = 0.002\nhistory = \"24h\""),
    ("much", "rate_per_s = 0.3\nhistory = \"6h\""),
    ("more", "rate_per_s = 2\nhistory = \"1h\""),
    ("down", "rate_per_s = 0.3\nhistory = \"6h\""),
];

static SNAPSHOTS: LazyLock<Vec<Snapshot>> = LazyLock::new(|| STATES.iter().map(heard).collect());

/// What a wall that shows every kind has heard.
fn heard((name, demo): &(&str, &str)) -> Snapshot {
    let mut all = format!("{WHAT}\n[feed.demo]\nkind = \"demo\"\n{demo}\n[scene.all]\n");
    let mut tiles = Vec::new();
    for (kind, keys) in TILES {
        for (i, keys) in keys.iter().enumerate() {
            let comma = if keys.is_empty() { "" } else { ", " };
            let _ = writeln!(all, "tile.{kind}{i} = {{ kind = \"{kind}\"{comma}{keys} }}");
            tiles.push(format!("{kind}{i}"));
        }
    }
    let _ = writeln!(all, "picture = \"{}\"", tiles.join(" "));
    let loaded = layout::load_text(&all, Path::new("wall.toml"), &[], &registry());
    let wall = layout::solve(&loaded.file, &[]);
    let mut feeds = feed::recorded(&wall.feeds, START).expect("a simulation");
    let mut pulse = Pulse::new(&wall, START).expect("topics");
    let mut snapshot = Snapshot::default();
    for second in 0..=10 {
        let now = START + Duration::from_secs(second);
        feeds.until(now).for_each(|batch| pulse.fold(batch));
        if let Some(new) = pulse.publish(now) {
            snapshot = Snapshot::clone(&new);
        }
    }
    if *name == "down" {
        for feed in &mut snapshot.feeds {
            feed.health = Health::Down { since: START, why: "refused".into() };
        }
    }
    snapshot
}

/// A text on the wall.
struct Text {
    tile: usize,
    shaped: Arc<Shaped>,
    /// From the capitals of the first line to the last baseline.
    ink: Rect,
    clip: Option<Rect>,
}

fn texts(tile: usize, list: &List) -> impl Iterator<Item = Text> + '_ {
    list.items.iter().filter_map(move |item| match item {
        Item::Text { shaped, at, clip, color } if color.a > 0.02 && shaped.image.is_none() => {
            let size = shaped.setting.size;
            let below = size * LINE_HEIGHT * (shaped.lines.max(1) as f32 - 1.0);
            let ink = Rect::new(at.x, at.y - size * CAP_HEIGHT, shaped.size.w, size * CAP_HEIGHT + below);
            Some(Text { tile, shaped: shaped.clone(), ink, clip: *clip })
        }
        _ => None,
    })
}

/// Faults of a frame: what, in which kind of tile, and where.
fn faults(wall: &Wall, frames: &[TileFrame], setter: &mut Typesetter) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let scale = Scale::new(wall.viewer_m);
    let slack = TOLERANCE * wall.viewer_m;
    let kind = |i: usize| wall.scenes[0].tiles.get(frames[i].id.1).map_or("band", |tile| tile.widget.kind());
    let all: Vec<Text> = frames
        .iter()
        .enumerate()
        .flat_map(|(i, frame)| texts(i, &frame.still).chain(texts(i, &frame.motion)))
        .filter(|text| !text.shaped.setting.text.trim().is_empty())
        .collect();
    let words = |text: &Text| {
        format!("“{}” at {:?} in {:?}", text.shaped.setting.text, text.ink, frames[text.tile].rect)
    };
    for text in &all {
        let (kind, frame) = (kind(text.tile), &frames[text.tile]);
        if text.shaped.setting.size < scale.em(MIN_ARCMIN) - 0.01 {
            found.push((format!("{kind}: too small"), words(text)));
        }
        let seen = text.ink.inset(slack);
        let whole = text
            .clip
            .is_none_or(|clip| clip.intersection(&seen).is_some_and(|c| c.w >= seen.w && c.h >= seen.h));
        let inside = frame.rect.x <= seen.x
            && seen.right() <= frame.rect.right()
            && frame.rect.y <= seen.y
            && seen.bottom() <= frame.rect.bottom();
        // A ticker runs in from beyond its ends, and digits roll.
        let moves = ["ticker", "counter"].contains(&kind);
        if !(moves || whole && inside) {
            found.push((format!("{kind}: clipped"), words(text)));
        }
        let title = wall.scenes[0].title.as_deref() == Some(&*text.shaped.setting.text);
        if !ROWS.contains(&kind)
            && !title
            && is_cut(text, setter)
            && has_line_below(text, &all, frame.rect, scale)
        {
            found.push((format!("{kind}: cut where a line is free"), words(text)));
        }
    }
    for (i, one) in all.iter().enumerate() {
        for other in &all[i + 1..] {
            let (a, b) = (visible(one), visible(other));
            let common = a.and_then(|a| a.intersection(&b?)).is_some_and(|c| c.w.min(c.h) > slack * 2.0);
            if common && kind(one.tile) != "ticker" {
                found.push((
                    format!("{}: two texts on one spot", kind(one.tile)),
                    format!("{} and {}", words(one), words(other)),
                ));
            }
        }
    }
    found
}

fn visible(text: &Text) -> Option<Rect> {
    text.clip.map_or(Some(text.ink), |clip| clip.intersection(&text.ink))
}

/// Whether letters are missing.
fn is_cut(text: &Text, setter: &mut Typesetter) -> bool {
    let setting = &text.shaped.setting;
    let more = Setting { lines: setting.lines + 1, ..setting.clone() };
    setting.width.is_some() && setter.set(more).lines > text.shaped.lines
}

/// Whether another line has room below a text. Names have one line, and so have headings of tiles that are
/// no more than ten lines high.
fn has_line_below(text: &Text, all: &[Text], tile: Rect, scale: Scale) -> bool {
    let size = text.shaped.setting.size;
    let gutter = scale.mm(16.0);
    let below = Rect::new(text.ink.x, text.ink.bottom() + size * 0.1, text.ink.w, size * LINE_HEIGHT * 1.3);
    // In a list a text has four lines.
    let named = text.shaped.setting.text.starts_with('@') || text.shaped.setting.lines == 4;
    let high = tile.h - 2.0 * gutter > 10.0 * scale.line(Step::Label);
    let inside = below.bottom() <= tile.bottom() - gutter;
    high && inside
        && !named
        && all.iter().all(|other| other.ink.intersection(&below).is_none_or(|c| c.is_empty()))
}

#[test]
fn all_that_is_drawn_can_be_read() {
    let begun = Instant::now();
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let mut setter = Typesetter::new(false);
    let mut found: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut walls = 0;
    while begun.elapsed() < BOUND.0 && walls < BOUND.1 {
        let case = case().new_tree(&mut runner).expect("a case").current();
        let wall = Arc::new(case.wall());
        let now = START + Duration::from_secs(10 + case.later);
        let frame =
            Director::new(wall.clone()).frame(&SNAPSHOTS[case.state], &Control::default(), now, &mut setter);
        for (what, whom) in faults(&wall, &frame.tiles, &mut setter) {
            let state = STATES[case.state].0;
            let told = format!("{whom}, {state}, {} m", wall.viewer_m);
            found.entry(what).or_insert((0, told)).0 += 1;
        }
        walls += 1;
    }
    assert!(walls > 20, "only {walls} walls in time");
    let told: Vec<String> = found.iter().map(|(what, (n, whom))| format!("{n} × {what}: {whom}")).collect();
    println!("{walls} walls");
    assert!(told.is_empty(), "{}", told.join("\n"));
}
