//! What a look found.

use crate::kiosk::KioskError;
use crate::kiosk::screens::Line;
use crate::layout::monitors::Monitor;

/// The monitors of this machine, or why they are not known.
pub type There = Result<(Vec<Monitor>, Vec<Line>), KioskError>;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Fine,
    /// It cannot be found out here.
    Unknown,
    /// The wall runs, but not as it could.
    Warning,
    /// The wall does not run, or not all of it.
    Fault,
}

impl Standing {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

/// What one look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, in a word or two.
    pub of: &'static str,
    pub standing: Standing,
    pub words: String,
    /// What to do about it; empty where nothing is to be done.
    pub remedy: String,
}

impl Finding {
    pub fn fine(of: &'static str, words: impl Into<String>) -> Self {
        Self { of, standing: Standing::Fine, words: words.into(), remedy: String::new() }
    }

    pub fn new(
        of: &'static str,
        standing: Standing,
        words: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { of, standing, words: words.into(), remedy: remedy.into() }
    }
}
