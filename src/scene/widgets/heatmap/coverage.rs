//! How much of what was said is on the map.

use super::view;
use crate::geometry::Rect;
use crate::layout::window::Window;
use crate::pulse::snapshot::Area;
use crate::scene::widget::Cx;

/// Per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Mentions with a place, of all.
    located: u64,
    /// Mentions of which only the country is known, of all.
    coarse: u64,
    /// Mentions in the part of the world that is shown, of those with a point.
    here: u64,
}

impl Coverage {
    /// Of the map of a part of the world in a frame of this shape.
    pub fn of(cx: &Cx<'_>, window: Window, part: Option<Area>, frame: &Rect) -> Self {
        let stream = cx.snapshot.stream(cx.topic);
        let tally = stream.counts.over(window);
        let of_all = |n: u64| (n * 100).checked_div(tally.mentions).unwrap_or(0).min(100);
        let coarse = stream.countries.iter().map(|land| u64::from(land.only)).sum();
        let is_here = |lat, lon| view::shows(frame, part, lat, lon);
        let (mut all, mut here) = (0, 0);
        for place in stream.places.iter() {
            all += u64::from(place.count);
            here += if is_here(place.lat, place.lon) { u64::from(place.count) } else { 0 };
        }
        let here = (here * 100).checked_div(all).unwrap_or(100);
        Self { located: of_all(tally.located), coarse: of_all(coarse), here }
    }

    pub const fn is_known(&self) -> bool {
        self.located > 0
    }

    /// In words, the longest first.
    pub fn words(self) -> Vec<String> {
        let Self { located, coarse, here } = self;
        let plain = format!("{located}\u{202f}% located");
        let shown = format!("{plain}, {here}\u{202f}% of them on this map");
        let elsewhere = format!("{}\u{202f}% elsewhere", 100 - here.min(100));
        match (located, coarse, here) {
            (0, ..) => vec!["no places known".into()],
            (_, 0, 100) => vec![format!("{located}\u{202f}% of mentions located"), plain],
            (_, 0, _) => vec![shown, format!("{plain}, {elsewhere}"), elsewhere],
            (.., 100) => vec![format!("{plain}, {coarse}\u{202f}% only to a country"), plain],
            _ => {
                let all = format!("{shown}, {coarse}\u{202f}% only to a country");
                vec![all, shown, format!("{plain}, {elsewhere}"), elsewhere]
            }
        }
    }
}
