//! What a kind of tile is given to check its own table with.

use std::ops::Range;

use super::{Cx, tiles};
use crate::layout::kind::Room;
use crate::layout::legibility::Step;
use crate::layout::problem::Problem;
use crate::layout::schema::LayoutFile;
use crate::layout::wall::Audience;

/// A tile while its table is checked, and where its problems go.
pub struct TileCheck<'c, 'a> {
    cx: &'c mut Cx<'a>,
    path: [&'c str; 4],
}

impl<'c, 'a> TileCheck<'c, 'a> {
    pub(super) fn new(cx: &'c mut Cx<'a>, path: [&'c str; 4]) -> Self {
        Self { cx, path }
    }

    /// The whole layout.
    pub fn file(&self) -> &'a LayoutFile {
        self.cx.file
    }

    /// The tile's name.
    pub fn name(&self) -> &str {
        self.path[3]
    }

    /// Who sees the wall.
    pub fn audience(&self) -> Audience {
        self.cx.file.wall.audience
    }

    /// Names of all topics, those that could not be read included.
    pub fn topics(&self) -> Vec<&'a str> {
        self.cx.topics()
    }

    /// Whether the layout has a table of this name, misspelt perhaps.
    pub fn has_section(&self, section: &str) -> bool {
        self.cx.means(section)
    }

    /// Where the tile's header stands in the file.
    pub fn header(&self) -> Range<usize> {
        self.cx.key(&self.path)
    }

    /// Where one of its keys stands; the header when it is left out.
    pub fn key(&self, key: &str) -> Range<usize> {
        self.cx.key(&self.under(&[key]))
    }

    /// Where the value of one of its keys stands, or what is inside that value.
    pub fn value(&self, keys: &[&str]) -> Range<usize> {
        self.cx.value(&self.under(keys))
    }

    /// Reports a problem.
    pub fn say(&mut self, problem: Problem) {
        self.cx.say(problem);
    }

    /// Reports a topic that is not there; its name stands at `keys`.
    pub fn known_topic(&mut self, topic: &str, keys: &[&str]) {
        let path: Vec<String> = self.under(keys).iter().map(|&key| key.to_owned()).collect();
        tiles::known_topic(self.cx, topic, &path.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Reports a time zone that is not there; its name stands at `key`.
    pub fn known_zone(&mut self, zone: &str, key: &str) {
        let path = [self.path[0], self.path[1], self.path[2], self.path[3], key];
        tiles::known_zone(self.cx, zone, &path);
    }

    /// Reports rows of running text that have no room; `count` is the key that says how many.
    pub fn rows_fit(&mut self, room: &Room, count: u8, what: &str) {
        let fit = ((room.height - Room::FRAME) / (Room::line(Step::Body) + Room::ROW_GAP)).floor();
        if fit >= f32::from(count) {
            return;
        }
        let message = format!("only {fit:.0} of {count} {what} fit");
        let problem = Problem::warning("too-many-rows", self.value(&["count"]), message);
        self.say(
            problem
                .label(format!("in {:.0} mm", room.height_mm))
                .help(format!("Set `count = {fit:.0}`, or give the list more of the picture.")),
        );
    }

    fn under<'k>(&'k self, keys: &[&'k str]) -> Vec<&'k str> {
        self.path.iter().copied().chain(keys.iter().copied()).collect()
    }
}
