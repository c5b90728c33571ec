//! What can be asked of a running wall. Every way in – HTTP, the phone page, keys at the wall – makes one of
//! these requests, so that all of them lead to the same state.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::layout::value::Lasting;
use crate::layout::window::Window;
use crate::pulse::gate::GateAct;

/// Longest text of a banner, characters.
pub const MAX_TEXT: usize = 200;
/// Longest time that a request may last.
pub const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// A verb, and how long what it does lasts.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
pub struct Request {
    #[serde(flatten)]
    pub verb: Verb,
    /// How long it lasts, up to `24h`; afterwards the schedule applies again. Default: `10m` for `next`,
    /// `back` and `scene`, `1h` for `hold` and `black`, `30m` for `banner`, `30s` for `identify`, `4h` for `mode`, `30m` for
    /// `window`, `30s` for `spotlight`, `8h` for `rest`, `2h` for `wake`.
    #[serde(default, rename = "for")]
    pub lasts: Option<Lasting>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "verb", rename_all = "lowercase")]
pub enum Verb {
    /// Shows the next scene.
    Next,
    /// Shows the scene before this one.
    Back,
    /// Shows the scene with this name, or with this number, from 1.
    Scene {
        #[serde(deserialize_with = "name")]
        name: String,
    },
    /// Keeps the scene that is on the wall.
    Hold,
    /// Lets scenes take turns again.
    Resume,
    /// Puts the wall into the mode with this name; its scenes take turns.
    Mode {
        #[serde(deserialize_with = "name")]
        name: String,
    },
    /// Shows one time window on all tiles that can.
    Window { window: Window },
    /// Shows one text alone, large, on every display.
    Spotlight { mention: String },
    /// Plays a past time from the journal on the wall, until its end.
    Rewind {
        /// When it begins: `14:00`, `yesterday 14:00`, `2026-11-21 14:00` in the wall's time zone, or RFC 3339.
        from: String,
        /// When it ends. Default: now.
        #[serde(default)]
        to: Option<String>,
        /// How many times as fast as it happened, 1 to 1,000. Default: 60.
        #[serde(default = "sixty", deserialize_with = "rate")]
        speed: f32,
    },
    /// Shows the present again.
    Live,
    /// Shows a line of text on every display.
    Banner {
        /// At most 200 characters.
        text: String,
        #[serde(default)]
        severity: Weight,
    },
    /// Makes every display black.
    Black,
    /// Shows on each display which one it is.
    Identify,
    /// Switches the panel of a display off.
    Rest {
        /// Name of the display. Default: all that have a `panel`.
        #[serde(default)]
        display: Option<String>,
    },
    /// Switches the panel of a display on, also while it rests by the plan.
    Wake {
        /// Name of the display. Default: all that have a `panel`.
        #[serde(default)]
        display: Option<String>,
    },
    /// Shows a display whose own monitor is gone on another monitor, until [`Verb::Release`] or until its own is back.
    Adopt {
        /// Name of the display.
        display: String,
        /// The connector of the monitor, one that no display uses: `DP-2`.
        monitor: String,
    },
    /// Takes [`Verb::Adopt`] back.
    Release {
        /// Name of the display.
        display: String,
    },
    /// Ends what another verb began.
    Clear { what: Clearing },
    /// Lets a text through the gate.
    Approve {
        mention: String,
        /// Which words were read: `words` of the text in `GET /gate`. Other ones are not approved.
        words: String,
    },
    /// Lets a text through the gate, and shows it before all others.
    Pin {
        mention: String,
        /// As for `approve`.
        words: String,
    },
    /// Hides a text; it leaves every display at once.
    Hide { mention: String },
    /// Puts a text aside.
    Stash { mention: String },
    /// Hides all that a text's author says, now and later.
    Ban { mention: String },
    /// Takes the last decision about a text back; its author is not banned any more.
    Undo { mention: String },
    /// Tells other moderators that you are looking at a text.
    Claim { mention: String },
    /// Takes on an alert.
    Acknowledge {
        /// The alert's number, as in `/alerts.json`.
        #[serde(deserialize_with = "number")]
        alert: u64,
    },
}

/// How grave a banner is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    #[default]
    Info,
    Warning,
    Alarm,
}

/// What [`Verb::Clear`] ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Clearing {
    Banner,
    Black,
    Identify,
    /// The choice of a mode.
    Mode,
    /// The one time window.
    Window,
    /// The text that is alone on the wall.
    Spotlight,
    /// What was asked of panels: they follow the plan.
    Power,
    /// All of these, and the choice of a scene.
    All,
}

impl Verb {
    /// All of them, as they are written.
    pub const NAMES: [&str; 26] = [
        "next",
        "back",
        "scene",
        "hold",
        "resume",
        "mode",
        "window",
        "spotlight",
        "rewind",
        "live",
        "banner",
        "black",
        "identify",
        "rest",
        "wake",
        "adopt",
        "release",
        "clear",
        "approve",
        "pin",
        "hide",
        "stash",
        "ban",
        "undo",
        "claim",
        "acknowledge",
    ];

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Back => "back",
            Self::Scene { .. } => "scene",
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::Mode { .. } => "mode",
            Self::Window { .. } => "window",
            Self::Spotlight { .. } => "spotlight",
            Self::Rewind { .. } => "rewind",
            Self::Live => "live",
            Self::Banner { .. } => "banner",
            Self::Black => "black",
            Self::Identify => "identify",
            Self::Rest { .. } => "rest",
            Self::Wake { .. } => "wake",
            Self::Adopt { .. } => "adopt",
            Self::Release { .. } => "release",
            Self::Clear { .. } => "clear",
            Self::Approve { .. } => "approve",
            Self::Pin { .. } => "pin",
            Self::Hide { .. } => "hide",
            Self::Stash { .. } => "stash",
            Self::Ban { .. } => "ban",
            Self::Undo { .. } => "undo",
            Self::Claim { .. } => "claim",
            Self::Acknowledge { .. } => "acknowledge",
        }
    }

    /// How long it lasts where nobody says; zero for what is done at once.
    pub const fn usual(&self) -> Duration {
        Duration::from_secs(match self {
            Self::Next | Self::Back | Self::Scene { .. } => 600,
            Self::Hold | Self::Black => 3_600,
            Self::Mode { .. } => 4 * 3_600,
            Self::Rest { .. } => 8 * 3_600,
            Self::Wake { .. } => 2 * 3_600,
            Self::Banner { .. } | Self::Window { .. } => 1_800,
            Self::Identify | Self::Spotlight { .. } => 30,
            _ => 0,
        })
    }

    /// The words that it is about, as [`Verb::Approve`] has them.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Approve { words, .. } | Self::Pin { words, .. } => Some(words),
            _ => None,
        }
    }

    /// What it does with a text at the gate, and the text's uid.
    pub fn moderation(&self) -> Option<(GateAct, &str)> {
        Some(match self {
            Self::Approve { mention, .. } => (GateAct::Approve, mention),
            Self::Pin { mention, .. } => (GateAct::Pin, mention),
            Self::Hide { mention } => (GateAct::Hide, mention),
            Self::Stash { mention } => (GateAct::Stash, mention),
            Self::Ban { mention } => (GateAct::Ban, mention),
            Self::Undo { mention } => (GateAct::Undo, mention),
            Self::Claim { mention } => (GateAct::Claim, mention),
            _ => return None,
        })
    }
}

impl Request {
    /// A verb for as long as is usual.
    pub const fn plain(verb: Verb) -> Self {
        Self { verb, lasts: None }
    }

    /// Reads a JSON object such as `{"verb": "banner", "text": "Lunch", "for": "10m"}`.
    ///
    /// # Errors
    /// What is wrong with it, for whoever sent it.
    pub fn read(json: Value) -> Result<Self, String> {
        let Value::Object(fields) = json else {
            return Err("send a JSON object, for example {\"verb\": \"next\"}".into());
        };
        let Some(Value::String(verb)) = fields.get("verb") else {
            return Err(format!("`verb` is missing; it is one of {}", listed()));
        };
        if !Self::is_verb(verb) {
            return Err(format!("`{verb}` is no verb; use one of {}", listed()));
        }
        let verb = verb.clone();
        if let Some(other) = fields.keys().find(|key| !known(&verb).contains(&key.as_str())) {
            return Err(format!(
                "{verb}: there is no `{other}` here; it takes {}",
                known(&verb)[1..].join(", ")
            ));
        }
        serde_json::from_value(Value::Object(fields)).map_err(|error| format!("{verb}: {error}"))
    }

    /// Reads a verb with parameters that are all text, as a query has them: `banner`, `text=Lunch&for=10m`.
    ///
    /// # Errors
    /// As [`Request::read`].
    pub fn of_pairs(verb: &str, pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, String> {
        let mut fields: Map<String, Value> =
            pairs.into_iter().map(|(key, value)| (key, Value::String(value))).collect();
        fields.insert("verb".into(), verb.into());
        Self::read(Value::Object(fields))
    }

    fn is_verb(name: &str) -> bool {
        Verb::NAMES.contains(&name)
    }

    /// How long it lasts.
    pub fn length(&self) -> Duration {
        self.lasts.map_or(self.verb.usual(), |lasts| lasts.0)
    }
}

fn listed() -> String {
    Verb::NAMES.join(", ")
}

/// What may be said of a verb.
fn known(verb: &str) -> &'static [&'static str] {
    match verb {
        "scene" | "mode" => &["verb", "name", "for"],
        "window" => &["verb", "window", "for"],
        "rewind" => &["verb", "from", "to", "speed"],
        "live" => &["verb"],
        "spotlight" => &["verb", "mention", "for"],
        "banner" => &["verb", "text", "severity", "for"],
        "clear" => &["verb", "what"],
        "approve" | "pin" => &["verb", "mention", "words"],
        "hide" | "stash" | "ban" | "undo" | "claim" => &["verb", "mention"],
        "acknowledge" => &["verb", "alert"],
        "resume" => &["verb"],
        "adopt" => &["verb", "display", "monitor"],
        "release" => &["verb", "display"],
        "rest" | "wake" => &["verb", "display", "for"],
        _ => &["verb", "for"],
    }
}

/// A name, or a number.
fn name<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(name) => Ok(name),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("`name` is the name of a scene or a mode, or its number")),
    }
}

fn sixty() -> f32 {
    60.0
}

/// A speed, also as the text of a query.
fn rate<'de, D: serde::Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    let rate = match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.strip_suffix(['x', '×']).unwrap_or(&text).trim().parse().ok(),
        _ => None,
    };
    let rate = rate.filter(|rate| (1.0..=1_000.0).contains(rate));
    rate.map(|rate| rate as f32).ok_or_else(|| serde::de::Error::custom("`speed` is a number from 1 to 1000"))
}

/// A number, also as the text of a query.
fn number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let number = match Value::deserialize(from)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| serde::de::Error::custom("`alert` is the number of an alert"))
}

#[cfg(test)]
mod tests;
