//! What a kind of tile is given to check its own table with.

use std::ops::Range;
use std::path::Path;

use super::room::Room;
use crate::layout::findings::Findings;
use crate::layout::legibility::Step;
use crate::layout::problem::Problem;
use crate::layout::value::Audience;

/// What a tile may know of the rest of the layout.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The folder of the layout file.
    pub dir: &'a Path,
    /// Who sees the wall.
    pub audience: Audience,
    /// The layout wants no bursts.
    pub bursts_off: bool,
}

/// A tile while its table is checked, and where its problems go.
pub struct TileCheck<'c, 'a> {
    found: &'c mut Findings<'a>,
    around: Surroundings<'a>,
    path: [&'c str; 4],
}

impl<'c, 'a> TileCheck<'c, 'a> {
    pub(in crate::layout) fn new(
        found: &'c mut Findings<'a>,
        around: Surroundings<'a>,
        path: [&'c str; 4],
    ) -> Self {
        Self { found, around, path }
    }

    /// The tile's name.
    pub fn name(&self) -> &str {
        self.path[3]
    }

    /// The folder of the layout file.
    pub fn dir(&self) -> &'a Path {
        self.around.dir
    }

    /// Whether the layout wants no bursts.
    pub fn has_bursts_off(&self) -> bool {
        self.around.bursts_off
    }

    /// Who sees the wall.
    pub fn audience(&self) -> Audience {
        self.around.audience
    }

    /// Names of all topics, those that could not be read included.
    pub fn topics(&self) -> Vec<&'a str> {
        self.found.topics()
    }

    /// Whether the layout has a table of this name, misspelt perhaps.
    pub fn has_section(&self, section: &str) -> bool {
        self.found.means(section)
    }

    /// Where the tile's header stands in the file.
    pub fn header(&self) -> Range<usize> {
        self.found.key(&self.path)
    }

    /// Where one of its keys stands; the header when it is left out.
    pub fn key(&self, key: &str) -> Range<usize> {
        self.found.key(&self.under(&[key]))
    }

    /// Where the value of one of its keys stands, or what is inside that value.
    pub fn value(&self, keys: &[&str]) -> Range<usize> {
        self.found.value(&self.under(keys))
    }

    /// Reports a problem.
    pub fn say(&mut self, problem: Problem) {
        self.found.say(problem);
    }

    /// Reports a topic that is not there; its name stands at `keys`.
    pub fn known_topic(&mut self, topic: &str, keys: &[&str]) {
        let path: Vec<String> = self.under(keys).iter().map(|&key| key.to_owned()).collect();
        self.found.known_topic(topic, &path.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Reports a time zone that is not there; its name stands at `key`.
    pub fn known_zone(&mut self, zone: &str, key: &str) {
        let path = [self.path[0], self.path[1], self.path[2], self.path[3], key];
        self.found.known_zone(zone, &path);
    }

    /// Reports rows of running text that have no room; `count` is the key that says how many, `what` one of them.
    pub fn rows_fit(&mut self, room: &Room, count: u8, what: &str) {
        let fit = ((room.height - Room::FRAME) / (Room::line(Step::Body) + Room::ROW_GAP)).floor();
        self.rows_are(room, fit.max(0.0) as usize, count, what);
    }

    /// Reports that only `fit` of the `count` rows have room that a list may have.
    pub fn rows_are(&mut self, room: &Room, fit: usize, count: u8, what: &str) {
        if fit >= usize::from(count) {
            return;
        }
        let (message, help) = match fit {
            0 => (format!("no whole {what} fits"), "Give the list more of the picture.".to_owned()),
            _ => (
                format!("only {fit} of {count} {what}s fit"),
                format!("Set `count = {fit}`, or give the list more of the picture."),
            ),
        };
        let problem = Problem::warning("too-many-rows", self.value(&["count"]), message);
        self.say(problem.label(format!("in {:.0} mm", room.height_mm)).help(help));
    }

    fn under<'k>(&'k self, keys: &[&'k str]) -> Vec<&'k str> {
        self.path.iter().copied().chain(keys.iter().copied()).collect()
    }
}
