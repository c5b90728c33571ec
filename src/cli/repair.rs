//! `fishbowl journal repair`: what can be saved of a damaged journal.

use std::path::Path;

use crate::{journal, pulse};

use super::failure::Failure;
use super::output;

/// Saves what can be read, and says how much that is.
pub fn repair(path: &Path) -> Result<(), Failure> {
    let done = journal::repair(path, |lost| pulse::unread_note(lost.from, lost.to))?;
    let (saved, lost) = (output::plural(done.saved, "mention"), output::plural(done.lost, "mention"));
    let lost =
        if done.lost == 0 { "nothing was lost".into() } else { format!("at least {lost} could not be read") };
    let (new, old) = (path.display(), done.old.display());
    output::print(format!("{saved} saved to {new}; {lost}; the damaged file is now {old}\n"))
}
