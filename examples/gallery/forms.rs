//! What hangs in the gallery: the forms, their places, and the states of the wall.

use std::fmt::Write as _;
use std::time::Duration;

use fishbowl::layout::kind::Registry;

/// Displays, one tile on each: position and size, millimetres and pixels alike.
const PLACES: [(&str, [u32; 2], [u32; 2]); 5] = [
    ("whole", [0, 0], [1_100, 600]),
    ("tall", [1_116, 0], [560, 600]),
    ("strip", [1_692, 0], [1_100, 300]),
    ("part", [1_692, 316], [520, 284]),
    ("stamp", [2_228, 316], [330, 170]),
];

/// One sheet.
pub struct Form {
    pub name: String,
    kind: String,
    keys: &'static str,
}

/// Keys without which a kind shows nothing; all others are shown as they come.
const NEEDED: [(&str, &str); 3] = [
    ("text", "text = \"Welcome to Aurora\""),
    ("image", "file = \"../../docs/wall.png\""),
    ("qr", "text = \"https://example.com/aurora\""),
];

/// Forms that a kind takes with other keys.
const OTHERS: [(&str, &str, &str); 10] = [
    ("text-box", "text", "text = \"Welcome to Aurora\", fit = \"box\""),
    ("counter-net", "counter", "metric = \"net_sentiment\", topic = \"aurora\", window = \"24h\""),
    ("counter-rate", "counter", "metric = \"rate\", topic = \"aurora\""),
    ("trend-topics", "trend", "topics = [\"aurora\", \"battery\", \"camera\"], window = \"24h\""),
    ("share-languages", "share", "by = \"language\", window = \"24h\""),
    ("words-hashtags", "words", "of = \"hashtags\", window = \"24h\""),
    ("ranks-rising", "ranks", "rank = \"rising\""),
    ("ranks-authors", "ranks", "of = \"authors\", by = \"reach\""),
    ("clock-cities", "clock", "cities = [\"Europe/London\", \"Asia/Tokyo\", \"America/New_York\"]"),
    ("heatmap-country", "heatmap", "region = \"DE\""),
];

/// A sheet for every kind of the registry, and for the other forms of some.
pub fn all(registry: &Registry) -> Vec<Form> {
    let keys = |kind: &str| NEEDED.iter().find(|(name, _)| *name == kind).map_or("", |(_, keys)| keys);
    let kinds = registry.tiles().iter().map(|entry| entry.name);
    let mut forms: Vec<Form> =
        kinds.map(|kind| Form { name: kind.into(), kind: kind.into(), keys: keys(kind) }).collect();
    let other = |&(name, kind, keys): &(&str, &str, &'static str)| Form {
        name: name.into(),
        kind: kind.into(),
        keys,
    };
    forms.extend(OTHERS.iter().map(other));
    forms
}

/// How the wall stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It listens since a moment ago, and nothing was said.
    First,
    /// A few mentions an hour.
    Little,
    Much,
    /// Long names, 24 topics.
    Overflowing,
}

impl State {
    pub const ALL: [Self; 4] = [Self::First, Self::Little, Self::Much, Self::Overflowing];

    /// Time on the wall, without the past that the feed tells.
    pub fn lasts(self) -> Duration {
        Duration::from_secs(20)
    }

    /// What it is called on the page.
    pub fn words(self) -> &'static str {
        match self {
            Self::First => "the first minute",
            Self::Little => "a few mentions an hour",
            Self::Much => "a busy day",
            Self::Overflowing => "24 topics with long names",
        }
    }

    fn feed(self) -> &'static str {
        match self {
            Self::First => "rate_per_s = 0.001\nhistory = \"0s\"",
            Self::Little => "rate_per_s = 0.002\nhistory = \"24h\"",
            Self::Much => "rate_per_s = 0.6\nhistory = \"24h\"",
            Self::Overflowing => "rate_per_s = 3\nhistory = \"6h\"",
        }
    }

    fn more_topics(self) -> String {
        const WORDS: [&str; 19] = [
            "day", "new", "phone", "night", "good", "great", "work", "update", "price", "screen", "buy",
            "today", "time", "photo", "love", "week", "app", "people", "charge",
        ];
        let topics = WORDS.iter().filter(|_| self == Self::Overflowing);
        topics.fold(String::new(), |mut all, word| {
            let label = format!("Everything about {word} in the whole product range");
            let _ = writeln!(all, "[topic.{word}]\nquery = \"{word}\"\nlabel = \"{label}\"");
            all
        })
    }
}

/// The layout of a wall in this state that has a scene for each form.
pub fn layout_of(state: State, forms: &[Form]) -> String {
    let mut all = format!("{HEAD}\n{}\n{}", state.feed(), state.more_topics());
    for (name, at, size) in PLACES {
        let _ = writeln!(all, "[display.{name}]\nsize_mm = {size:?}\nat_mm = {at:?}\npixels = {size:?}");
    }
    for form in forms {
        let _ = writeln!(all, "[scene.{}]", form.name);
        for (place, ..) in PLACES {
            let comma = if form.keys.is_empty() { "" } else { ", " };
            let _ = writeln!(all, "pictures.{place} = \"{place}\"");
            let _ = writeln!(all, "tile.{place} = {{ kind = \"{}\"{comma}{} }}", form.kind, form.keys);
        }
    }
    all
}

const HEAD: &str = r#"
[wall]
name = "Gallery"
viewer_m = 4
zone = "Europe/Berlin"
band = false

[topic.aurora]
query = '"aurora phone" OR #auroraphone'
label = "Aurora"
[topic.battery]
query = 'battery OR #aurorabattery'
[topic.camera]
query = 'camera OR #auroracamera'
[topic.service]
query = 'support OR store OR #auroracare'
[topic.borealis]
query = 'borealis OR #borealis'

[care]
handles = ["@aurora"]
promise = "1h"
owner = "The care team"

[bursts]
owner = "The duty editor"

[alert.anger]
topic = "service"
when = "negative_share > 10% over 1h and mentions > 20"
severity = "alarm"
owner = "Jo Berger"
action = "Call the press office"

[alert.talk]
topic = "aurora"
when = "mentions > 50 over 1h"
action = "Tell the product team"

[feed.demo]
kind = "demo"
seed = 7"#;
