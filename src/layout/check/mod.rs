//! What a layout file may have wrong although it can be read: every rule of `fishbowl check`.

use crate::layout::monitors::Monitor;
use crate::layout::problem::Problem;
use crate::layout::schema::LayoutFile;

/// Says whether a text is right; else the byte where it is wrong, and why.
pub type TextCheck<'a> = &'a dyn Fn(&str) -> Result<(), (usize, String)>;

/// Rules that other parts of the house know.
#[derive(Clone, Copy)]
pub struct Hooks<'a> {
    /// Whether a topic's query can be read.
    pub query: TextCheck<'a>,
    /// Whether a JSONPath can be read.
    pub json_path: TextCheck<'a>,
}

impl Default for Hooks<'_> {
    /// Takes every query and every path.
    fn default() -> Self {
        Self { query: &|_| Ok(()), json_path: &|_| Ok(()) }
    }
}

/// All that is wrong in `file`. With `broken` parts of it could not be read, and nothing is said
/// about what may be missing only because of that.
pub fn check(_file: &LayoutFile, _monitors: &[Monitor], _hooks: &Hooks<'_>, _broken: bool) -> Vec<Problem> {
    Vec::new()
}
