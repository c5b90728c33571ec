//! Monitors in place of others: a display whose monitor is gone can be shown on one that no display uses. That is
//! offered, never done unasked; what was accepted is kept until someone takes it back or the layout says it too.
//!
//! Limits: as many as a layout may have displays ([`MOST`]); beyond it the oldest is forgotten.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};

use crate::clock::Time;
use crate::layout::adoption::{Adoption, MOST, reminder};
use crate::layout::problem::listed;
use crate::layout::vacancies::{Offer, Vacancies, question};

/// Writes down what was accepted, for the next start.
pub type Keep = Box<dyn Fn(&[Adoption]) -> io::Result<()> + Send + Sync>;

/// Which displays of a wall are shown on another monitor than their own, or could be.
#[derive(Default)]
pub struct Adoptions {
    /// How displays and monitors stand now, as whoever shows them says.
    seen: ArcSwap<Vacancies>,
    accepted: ArcSwap<Vec<Adoption>>,
    /// Why what was accepted is forgotten at the next start.
    unkept: ArcSwapOption<String>,
    /// Held while something is accepted or taken back.
    keep: Mutex<Option<Keep>>,
}

/// What is offered to displays without a monitor, and what they have accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonitorsNow {
    /// Those of one monitor after each other.
    pub offers: Vec<Offer>,
    /// The oldest first; and whether the display is shown there now.
    pub accepted: Vec<(Adoption, bool)>,
    /// Why what was accepted is forgotten at the next start.
    pub unkept: Option<Arc<String>>,
}

impl std::fmt::Debug for Adoptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Adoptions").field("seen", &self.seen).field("accepted", &self.accepted).finish()
    }
}

impl Adoptions {
    /// What was accepted before a restart.
    pub fn restore(&self, accepted: Vec<Adoption>) {
        self.accepted.store(Arc::new(accepted));
    }

    /// Who writes down from now on what is accepted.
    pub fn keep_with(&self, keep: Keep) {
        *self.keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(keep);
    }

    /// What was accepted, the oldest first. The same list as before while nothing changed.
    pub fn accepted(&self) -> Arc<Vec<Adoption>> {
        self.accepted.load_full()
    }

    /// What holds now. Displays that are `excused` miss no monitor.
    pub(super) fn now(&self, excused: impl Fn(&str) -> bool) -> MonitorsNow {
        let (seen, accepted) = (self.seen.load(), self.accepted.load());
        let offers = seen.offers.iter().filter(|offer| !excused(&offer.display)).cloned().collect();
        let is_used = |adoption: &Adoption| seen.filled.contains(&adoption.display);
        let accepted = accepted.iter().map(|adoption| (adoption.clone(), is_used(adoption))).collect();
        MonitorsNow { offers, accepted, unkept: self.unkept.load_full() }
    }

    /// Says how displays and monitors stand now.
    pub(super) fn see(&self, now: Vacancies, excused: impl Fn(&str) -> bool) {
        let before = self.seen.swap(Arc::new(now));
        let now = self.seen.load();
        let is_new = |offer: &&Offer| !before.offers.contains(offer) && !excused(&offer.display);
        for offer in now.offers.iter().filter(is_new) {
            tracing::warn!("{}", question(std::slice::from_ref(offer)));
        }
        for name in now.settled.iter().filter(|name| self.forget(name)) {
            tracing::info!("display `{name}` finds its monitor by its own `match` now");
        }
    }

    /// Shows `display` on the monitor at `connector` from now on.
    ///
    /// # Errors
    /// When that is not offered; in words for who asked.
    pub(super) fn adopt(
        &self,
        (display, connector): (&str, &str),
        by: &str,
        now: Time,
    ) -> Result<(), String> {
        let seen = self.seen.load();
        let offer = seen.offers.iter().find(|offer| offer.display == display && offer.connector == connector);
        let offer = offer.ok_or_else(|| refusal(&seen.offers))?;
        let adoption = Adoption {
            display: offer.display.clone(),
            monitor: offer.monitor.clone(),
            words: offer.words.clone(),
            by: by.into(),
            since: now,
        };
        self.change(|accepted| {
            // A display has one, and a monitor is one display.
            accepted.retain(|other| other.display != adoption.display && other.monitor != adoption.monitor);
            accepted.push(adoption);
            accepted.drain(..accepted.len().saturating_sub(MOST));
        });
        // Whoever asked is told at once; how it really stands is seen with the next frame.
        let mut soon = Vacancies::clone(&seen);
        soon.offers.retain(|other| other.display != display && other.connector != connector);
        soon.filled.push(display.into());
        self.seen.compare_and_swap(&seen, Arc::new(soon));
        Ok(())
    }

    /// Takes back what was accepted for `display`.
    ///
    /// # Errors
    /// When nothing was; in words for who asked.
    pub(super) fn release(&self, display: &str) -> Result<(), String> {
        let none = || format!("display `{display}` has not been given another monitor");
        self.forget(display).then_some(()).ok_or_else(none)
    }

    fn forget(&self, display: &str) -> bool {
        if self.accepted.load().iter().all(|adoption| adoption.display != display) {
            return false;
        }
        self.change(|accepted| accepted.retain(|adoption| adoption.display != display));
        true
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Adoption>)) {
        let keeper = self.keep.lock().unwrap_or_else(PoisonError::into_inner);
        let mut accepted = Vec::clone(&self.accepted.load());
        change(&mut accepted);
        let kept = keeper.as_ref().map_or(Ok(()), |keep| keep(&accepted));
        let unkept = kept.err().map(|error| {
            tracing::error!("cannot save which monitors stand in for others: {error}");
            Arc::new(format!("which monitors stand in for others is forgotten at the next start: {error}"))
        });
        self.unkept.store(unkept);
        self.accepted.store(Arc::new(accepted));
    }
}

impl MonitorsNow {
    /// What the operator should know, in words: what is offered, and what the layout does not say yet.
    pub fn problems(&self) -> impl Iterator<Item = String> {
        let questions = self.offers.chunk_by(|a, b| a.connector == b.connector).map(question);
        let used = self.accepted.iter().filter(|(_, is_used)| *is_used);
        let unkept = self.unkept.iter().map(|why| why.to_string());
        questions.chain(used.map(|(adoption, _)| reminder(adoption))).chain(unkept)
    }
}

fn refusal(offers: &[Offer]) -> String {
    if offers.is_empty() {
        return "every display has its monitor, or no monitor is unused".into();
    }
    let offers: Vec<String> =
        offers.iter().map(|offer| format!("{} as {}", offer.connector, offer.display)).collect();
    format!("that is not offered; you can use {}", listed(offers.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests;
