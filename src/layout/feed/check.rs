//! What a kind of feed is given to check its own table with.

use std::ops::Range;
use std::path::Path;

use crate::layout::findings::Findings;
use crate::layout::problem::Problem;

/// A feed while its table is checked, and where its problems go.
pub struct FeedCheck<'c, 'a> {
    found: &'c mut Findings<'a>,
    dir: &'a Path,
    name: &'c str,
}

impl<'c, 'a> FeedCheck<'c, 'a> {
    pub(in crate::layout) fn new(found: &'c mut Findings<'a>, dir: &'a Path, name: &'c str) -> Self {
        Self { found, dir, name }
    }

    /// The folder of the layout file.
    pub fn dir(&self) -> &'a Path {
        self.dir
    }

    /// Where the value of one of its keys stands in the file.
    pub fn value(&self, key: &str) -> Range<usize> {
        self.found.value(&["feed", self.name, key])
    }

    /// Reports a problem.
    pub fn say(&mut self, problem: Problem) {
        self.found.say(problem);
    }
}
