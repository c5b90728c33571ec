//! What a kind of feed is given to check its own table with.

use std::ops::Range;
use std::path::Path;

use super::Cx;
use crate::layout::problem::Problem;

/// A feed while its table is checked, and where its problems go.
pub struct FeedCheck<'c, 'a> {
    cx: &'c mut Cx<'a>,
    name: &'c str,
}

impl<'c, 'a> FeedCheck<'c, 'a> {
    pub(super) fn new(cx: &'c mut Cx<'a>, name: &'c str) -> Self {
        Self { cx, name }
    }

    /// The folder of the layout file.
    pub fn dir(&self) -> &'a Path {
        &self.cx.file.dir
    }

    /// Where the value of one of its keys stands in the file.
    pub fn value(&self, key: &str) -> Range<usize> {
        self.cx.value(&["feed", self.name, key])
    }

    /// Reports a problem.
    pub fn say(&mut self, problem: Problem) {
        self.cx.say(problem);
    }
}
