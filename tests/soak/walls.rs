//! Layouts that take turns, and a broken one.

use std::path::Path;
use std::sync::Arc;

use fishbowl::layout::{self, read, wall::Wall};

const COMMON: &str = r##"
[wall]
viewer_m = 2.0
zone = "Europe/Berlin"
pixel_shift = 8
alert_strip = "info"

[feed.demo]
kind = "demo"
seed = 3
rate_per_s = 0.05
history = "0s"

[topic.aurora]
query = '"aurora phone" OR #auroraphone'

[topic.service]
query = 'support OR store'

[care]
handles = ["@aurora"]

[bursts]

[alert.many]
when = "mentions > 33 over 10m"

[mode.day]

[mode.night]
theme = "event"
brightness = 40
motion = "calm"

[schedule.night]
mode = "night"
from = "22:00"
to = "06:00"

[schedule.weekend]
scene = "two"
days = ["sat", "sun"]
from = "00:00"
to = "00:00"
"##;

const DISPLAYS: &str = r#"
[display.a]
size_mm = [640, 360]
pixels = [320, 180]

[display.b]
size_mm = [360, 640]
pixels = [180, 320]
rotate = 90
"#;

const SCENES: [&str; 2] = [
    r#"
[scene.one]
title = "What is said?"
show_for = "2m"
picture = """
2: heatmap heatmap counter | trend
2: heatmap heatmap share   | mentions
1: ticker  ticker  ticker  | ticker
"""
tile.counter = { kind = "counter", window = "today" }
tile.trend = { kind = "trend", window = "24h" }

[scene.two]
show_for = "1m"
picture = """
2: care      alerts ranks | clock
2: sentiment words  quote | headline
1: ticker    ticker ticker | ticker
"""
"#,
    r#"
[scene.one]
show_for = "3m"
picture = """
1: mentions counter  | heatmap
1: words    people   | heatmap
"""
tile.counter = { kind = "counter", window = "7d", topic = "aurora" }
tile.people = { kind = "counter", metric = "authors", window = "24h" }

[scene.two]
picture = """
1: trend | share
1: ranks | sentiment
1: care  | alerts
"""
tile.trend = { kind = "trend", window = "7d" }

[scene.alarm]
on_alert = "warning"
picture = """
alerts | counter
"""
"#,
];

/// The good layout with this number.
pub fn good(number: usize) -> Arc<Wall> {
    let scenes = SCENES[number % SCENES.len()];
    let text = format!("{COMMON}{DISPLAYS}{}", with_tables(scenes));
    let (file, problems) = read::read(&text.into(), Path::new("wall.toml"), &fishbowl::registry());
    assert!(problems.is_empty(), "{problems:?}");
    Arc::new(layout::solve(&file, &[]))
}

/// A layout with a word that nobody knows: none, and why.
pub fn broken() -> String {
    let text = format!("{COMMON}{DISPLAYS}{}", with_tables(SCENES[0])).replace("viewer_m", "viewer_feet");
    let loaded = layout::load_text(&text, Path::new("wall.toml"), &[], &fishbowl::registry());
    assert!(loaded.wall(&[]).is_none());
    loaded.report.draw(80, false)
}

/// With a table for each tile that has none, of the kind that it is named after.
fn with_tables(scenes: &str) -> String {
    let mut text = String::new();
    for scene in scenes.split("[scene.").skip(1) {
        let picture = scene.split("\"\"\"").nth(1).expect("a picture");
        let mut names: Vec<&str> =
            picture.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).collect();
        names.sort_unstable();
        names.dedup();
        text += &format!("[scene.{scene}");
        for name in names.into_iter().filter(|name| !scene.contains(&format!("tile.{name} "))) {
            text += &format!("tile.{name} = {{ kind = \"{name}\" }}\n");
        }
    }
    text
}
