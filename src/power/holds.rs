//! How bright monitors were before they were dimmed, kept where the next start of the wall finds it.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use super::dimmer::Held;

/// Monitors that are dimmed, by the names of their displays.
pub type AllHeld = BTreeMap<String, Held>;

type Write = dyn Fn(&AllHeld) -> io::Result<()> + Send + Sync;

/// Keeps what was there before, at most one for each display.
pub struct Holds {
    held: Mutex<AllHeld>,
    write: Box<Write>,
}

impl Holds {
    /// Begins with what was kept last; `write` keeps what changes.
    pub fn new(held: AllHeld, write: Box<Write>) -> Self {
        Self { held: Mutex::new(held), write }
    }

    /// How bright the monitor of `display` was, if it is dimmed.
    pub fn of(&self, display: &str) -> Option<Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).get(display).cloned()
    }

    /// Keeps it, or forgets it.
    pub fn hold(&self, display: &str, held: Option<Held>) {
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match held.clone() {
            Some(held) => all.insert(display.into(), held),
            None => all.remove(display),
        };
        if before == held {
            return;
        }
        if let Err(why) = (self.write)(&all) {
            tracing::warn!("how bright monitors were before they were dimmed cannot be kept: {why}");
        }
    }
}
