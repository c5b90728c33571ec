//! What all rules are given: the layout, the displays that it hangs on, and where to say what is wrong.

use std::ops::Range;

use crate::layout::display::{Display, overlapping};
use crate::layout::findings::Findings;
use crate::layout::kind::{Surroundings, TileCheck};
use crate::layout::legibility::Scale;
use crate::layout::monitors::Monitor;
use crate::layout::problem::Problem;
use crate::layout::schema::{LayoutFile, SceneTable};

/// What the rules look at, and what they have found.
pub struct Cx<'a> {
    pub file: &'a LayoutFile,
    pub monitors: &'a [Monitor],
    pub scale: Scale,
    pub displays: &'a [Display],
    pub found: Findings<'a>,
}

impl<'a> Cx<'a> {
    pub fn say(&mut self, problem: Problem) {
        self.found.say(problem);
    }

    pub fn key(&self, path: &[&str]) -> Range<usize> {
        self.found.key(path)
    }

    pub fn value(&self, path: &[&str]) -> Range<usize> {
        self.found.value(path)
    }

    /// True when every table of a section could be read.
    pub fn is_whole(&self, section: &str) -> bool {
        let read = match section {
            "display" => self.file.display.len(),
            "feed" => self.file.feed.len(),
            "topic" => self.file.topic.len(),
            "alert" => self.file.alert.len(),
            "mode" => self.file.mode.len(),
            _ => self.file.scene.len(),
        };
        self.file.places.children(&[section]).len() == read
    }

    /// True when every display could be read, has a place, and lies on no other.
    pub fn hangs(&self) -> bool {
        let finite = |d: &Display| [d.rect.x, d.rect.y, d.rect.w, d.rect.h].iter().all(|v| v.is_finite());
        let sound = self.displays.iter().all(finite) && overlapping(self.displays).is_empty();
        self.is_whole("display") && sound
    }

    /// True when the layout names its displays.
    pub fn names_displays(&self) -> bool {
        !self.file.places.children(&["display"]).is_empty()
    }

    /// A tile whose header stands at `path`, for its kind to check.
    pub fn tile<'c>(&'c mut self, path: [&'c str; 4]) -> TileCheck<'c, 'a> {
        let around = Surroundings {
            dir: &self.file.dir,
            audience: self.file.wall.audience,
            bursts_off: self.file.bursts.on == Some(false),
        };
        TileCheck::new(&mut self.found, around, path)
    }
}

/// One scene while it is checked.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub name: &'a str,
    pub table: &'a SceneTable,
}

impl<'a> Scene<'a> {
    pub fn path(&self, rest: &[&'a str]) -> Vec<&'a str> {
        ["scene", self.name].iter().chain(rest).copied().collect()
    }
}
