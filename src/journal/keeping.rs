//! How a recorder begins, and what it has done.

use std::sync::atomic::{AtomicU32, AtomicU64};

use arc_swap::ArcSwapOption;

use super::error::JournalError;
use super::store::{Journal, Plan};
use super::substitute::Substitute;

/// How a recorder begins.
pub enum Keeping {
    /// Nothing is to be kept: everything passes, and receipts are given as it does.
    Off,
    On(Box<Journal>),
    /// The wall goes on in memory; it is tried again every 30 s. What can be read lies in the
    /// substitute, if there is one.
    Failed(Plan, JournalError, Option<Substitute>),
}

impl Keeping {
    /// Opens the journal of `plan`, if there is one.
    pub fn start(plan: Option<Plan>) -> Self {
        match plan.map(|plan| (plan.open(), plan)) {
            None => Self::Off,
            Some((Ok(journal), _)) => Self::On(Box::new(journal)),
            Some((Err(error), plan)) => Self::failed(plan, error),
        }
    }

    /// A journal that cannot be written because of `error`.
    pub fn failed(plan: Plan, error: JournalError) -> Self {
        use JournalError::{Broken, Damaged, Denied, Foreign};
        let is_unreadable = matches!(error, Foreign(_) | Damaged { .. } | Denied { .. } | Broken { .. });
        let substitute = is_unreadable.then(|| Substitute::of(&plan.settings.path)).flatten();
        let error = match (error, &substitute) {
            (Foreign(path) | Denied { path, .. }, Some(_)) => {
                Damaged { path, what: "its first page or one of the files next to it".into() }
            }
            (error, _) => error,
        };
        Self::Failed(plan, error, substitute)
    }
}

/// What a recorder has done, for metrics.
#[derive(Debug, Default)]
pub struct Tally {
    /// Mentions that were new.
    pub kept: AtomicU64,
    /// Mentions that were known already, with the same words or newer ones.
    pub repeats: AtomicU64,
    /// Mentions that passed while the journal could not be written and are not in it.
    pub unrecorded: AtomicU64,
    /// Size of the journal's file, bytes.
    pub bytes: AtomicU64,
    /// Why nothing is deleted for its age, when the clock is doubted; in words.
    pub doubt: ArcSwapOption<String>,
    /// The number of another process that wants to write the journal, too; 0 when there is none.
    pub wanted_by: AtomicU32,
}
