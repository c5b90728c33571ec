//! Three small walls, every kind of tile on each, and the numbers of a simulated feed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fishbowl::bitmap::Bitmap;
use fishbowl::clock::Time;
use fishbowl::feed;
use fishbowl::layout::background::Background;
use fishbowl::layout::{self, read, wall::Wall};
use fishbowl::mention::source::Batch;
use fishbowl::pulse::Pulse;
use fishbowl::pulse::snapshot::{Health, Snapshot};

/// From one snapshot to the next: as long as a map stays as it is.
pub const PERIOD: Duration = Duration::from_secs(3);
/// When the feed begins: 2026-06-16 14:05:00 UTC.
const START: Time = Time::from_secs(1_781_618_700);
/// How long it has been heard at the first snapshot.
const HEARD: Duration = Duration::from_secs(90);
const SNAPSHOTS: u32 = 12;

const COMMON: &str = r##"
[wall]
viewer_m = 2.0
zone = "UTC"

[feed.demo]
kind = "demo"
seed = 3
rate_per_s = 4.0
history = "1h"

[topic.aurora]
query = '"aurora phone" OR #auroraphone'

[topic.service]
query = 'support OR store'

[care]
handles = ["@aurora"]

[bursts]
"##;

/// Displays and a cycle of scenes; `ALL` stands for tiles of every kind.
const WALLS: [&str; 3] = [
    r#"
[display.a]
size_mm = [640, 360]
pixels = [320, 180]

[display.b]
size_mm = [360, 640]
pixels = [180, 320]
rotate = 90

[scene.one]
show_for = "11s"
title = "What is said?"
picture = """
ALL
"""

[scene.two]
show_for = "7s"
picture = """
2: heatmap | ranks
1: heatmap | ticker
"""
"#,
    r#"
[display.a]
size_mm = [640, 360]
pixels = [320, 180]

[scene.one]
show_for = "5s"
picture = """
ALL
"""

[scene.two]
show_for = "4s"
picture = """
ticker
"""

[scene.three]
show_for = "4s"
picture = """
heatmap counter
heatmap clock
"""
"#,
    r#"
[display.a]
size_mm = [640, 360]
pixels = [320, 180]
rotate = 180

[display.b]
size_mm = [640, 360]
pixels = [320, 180]

[scene.one]
picture = """
ticker ticker | ticker ticker
trend  trend  | share  share
"""

[scene.two]
picture = """
ALL
"""
"#,
];

/// What there is to show.
pub struct World {
    pub walls: Vec<Arc<Wall>>,
    pub snapshots: Vec<Arc<Snapshot>>,
}

impl World {
    pub fn new() -> Self {
        let mut walls: Vec<_> = WALLS.iter().map(|text| wall(text)).collect();
        hang_background(&mut walls[1]);
        let walls: Vec<_> = walls.into_iter().map(Arc::new).collect();
        let snapshots = snapshots(&walls[0], Duration::ZERO);
        Self { walls, snapshots }
    }

    /// When a snapshot is shown first.
    pub fn moment(&self, snapshot: usize) -> Time {
        moment(snapshot)
    }
}

/// When a snapshot is shown first.
pub fn moment(snapshot: usize) -> Time {
    START + HEARD + PERIOD * snapshot as u32
}

/// A wall of these displays and scenes; `ALL` stands for tiles of every kind.
pub fn wall(text: &str) -> Wall {
    let text = format!("{COMMON}{}{}", text.replace("ALL\n", &all_kinds()), tiles(text));
    let (file, problems) = read::read(&text.as_str().into(), Path::new("wall.toml"), &fishbowl::registry());
    assert!(problems.is_empty(), "{problems:?}");
    layout::solve(&file, &[])
}

/// A picture with a tile of every kind, on one display.
fn all_kinds() -> String {
    let registry = fishbowl::registry();
    let names: Vec<_> = registry.tiles().iter().map(|entry| entry.name).collect();
    let rows = names.chunks(4).map(|row| {
        let mut row = row.to_vec();
        row.resize(4, row[row.len() - 1]);
        row.join(" ") + "\n"
    });
    rows.collect()
}

/// The tables of all scenes' tiles, each of the kind that it is named after.
fn tiles(text: &str) -> String {
    let scenes = text.split("[scene.").skip(1).map(|scene| {
        let (name, rest) = scene.split_once(']').expect("a header");
        let picture = rest.split("\"\"\"").nth(1).expect("a picture").replace("ALL\n", &all_kinds());
        let is_shown = |kind: &&str| picture.split_whitespace().any(|word| word == *kind);
        let registry = fishbowl::registry();
        let kinds = registry.tiles().iter().map(|entry| entry.name).filter(is_shown);
        let tables: String = kinds.map(|kind| format!("{kind} = {{ kind = \"{kind}\" }}\n")).collect();
        format!("[scene.{name}.tile]\n{tables}")
    });
    scenes.collect()
}

/// What is known every [`PERIOD`], all of it so much later; in the middle the feed fails for a while.
pub fn snapshots(wall: &Wall, later: Duration) -> Vec<Arc<Snapshot>> {
    let mut feeds = feed::recorded(&wall.feeds, START).expect("a demo");
    let mut pulse = Pulse::new(wall, START + later).expect("a good wall");
    let mut snapshot = Arc::new(Snapshot::default());
    let mut until = |now: Time| {
        feeds.until(now).for_each(|batch| pulse.fold(delayed(batch, later)));
        if let Some(new) = pulse.publish(now + later) {
            snapshot = new;
        }
        snapshot.clone()
    };
    (0..90).for_each(|second| drop(until(START + Duration::from_secs(second))));
    let of = |i: u32| {
        let now = START + HEARD + PERIOD * i;
        let first = now - PERIOD;
        (1..15).for_each(|tick| drop(until(first + PERIOD * tick / 15)));
        let mut snapshot = Snapshot::clone(&until(now));
        if (5..8).contains(&i) {
            let since = now + later - Duration::from_secs(600);
            snapshot.feeds[0].health = Health::Down { since, why: "no route".into() };
            snapshot.feeds[0].heard = Some(since);
        }
        Arc::new(snapshot)
    };
    (0..SNAPSHOTS).map(of).collect()
}

fn delayed(mut batch: Batch, by: Duration) -> Batch {
    for mention in &mut batch.mentions {
        (mention.ts, mention.received) = (mention.ts + by, mention.received + by);
    }
    let state = &mut batch.state;
    for at in [&mut state.heard, &mut state.next_try, &mut state.told_from] {
        *at = at.map(|at| at + by);
    }
    batch
}

/// A picture of stripes behind everything.
fn hang_background(wall: &mut Wall) {
    let pixel = |i: usize| [(i % 64 * 4) as u8, (i / 64 * 7) as u8, 90, 255];
    let rgba = (0..64 * 36).flat_map(pixel).collect();
    let bitmap = Arc::new(Bitmap { width: 64, height: 36, rgba });
    wall.background = Some(Background { bitmap, rect: wall.bounds().inset(-4.0) });
    wall.theme.background = 0.3;
}
