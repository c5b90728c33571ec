//! A display: where it hangs, how many pixels it has, and the monitors that it may be.

use std::fmt;

use crate::geometry::{Rect, Rotation};

/// Overlap that is only rounding, millimetres.
const ROUNDING_MM: f32 = 0.5;

/// One display of the wall.
#[derive(Clone, Debug, PartialEq)]
pub struct Display {
    pub name: String,
    /// The lit area on the wall, millimetres, as it hangs (after rotation).
    pub rect: Rect,
    /// Pixels of the lit area as it hangs (after rotation).
    pub pixels: (u32, u32),
    /// How the panel is turned.
    pub rotate: Rotation,
    /// The monitors that it may be, best first; empty takes the next free one in order.
    pub matches: Vec<MonitorMatch>,
    /// What happens to its part of the picture while it has none of them.
    pub if_missing: IfMissing,
    /// The monitor that people gave it in place of these; it counts only while it has none of them.
    pub adopted: Option<MonitorMatch>,
}

impl Display {
    /// Pixels per millimetre across.
    pub fn density(&self) -> f32 {
        self.pixels.0 as f32 / self.rect.w
    }
}

/// What happens to a display's part of the picture while it has no monitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IfMissing {
    /// It is not shown.
    #[default]
    Blank,
    /// The display beside it shows the tiles of both, each smaller.
    Reflow,
    /// The display beside it shows its own part and this one in turn.
    Neighbour,
}

/// One way to recognise a monitor; every field given must match.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct MonitorMatch {
    /// `MAKE-MODEL-SERIAL` as printed by `fishbowl displays`, or the SHA-256 of the whole EDID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edid: Option<String>,
    /// Three letters, for example `DEL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// As printed by `fishbowl displays`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// As printed by `fishbowl displays`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The connector, for example `DP-1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connector: Option<String>,
    /// Position among the machine's monitors, from 1: row by row from the top, each from the left.
    #[schemars(range(min = 1, max = 64))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<usize>,
}

/// As a layout has it: `{ edid = "DEL-U4323QE-7X1", connector = "DP-1" }`.
impl fmt::Display for MonitorMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = [
            ("edid", &self.edid),
            ("make", &self.make),
            ("model", &self.model),
            ("serial", &self.serial),
            ("connector", &self.connector),
        ];
        let texts =
            texts.iter().filter_map(|(key, text)| Some(format!("{key} = {}", quoted(text.as_ref()?))));
        let order = self.order.map(|order| format!("order = {order}"));
        write!(f, "{{ {} }}", texts.chain(order).collect::<Vec<_>>().join(", "))
    }
}

/// As TOML takes text.
pub fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Every two displays that lie on each other, and where.
pub fn overlapping(displays: &[Display]) -> Vec<(&Display, &Display, Rect)> {
    let pairs = displays.iter().enumerate().flat_map(|(i, a)| displays[i + 1..].iter().map(move |b| (a, b)));
    let common = pairs.filter_map(|(a, b)| Some((a, b, a.rect.intersection(&b.rect)?)));
    common.filter(|(_, _, c)| c.w > ROUNDING_MM && c.h > ROUNDING_MM).collect()
}
