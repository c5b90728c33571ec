//! The end of a wall that does not end by itself, because a window or a driver keeps it waiting.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::log_limit;

/// How long it may take to end by itself, and how long after that it may take to keep what was heard.
const PATIENCE: Duration = Duration::from_millis(500);
const KEEPING: Duration = Duration::from_millis(350);

/// What is done before the end in any case. All clones are the same.
#[derive(Clone, Default)]
pub struct Last(Arc<OnceLock<Box<dyn Fn() + Send + Sync>>>);

impl Last {
    /// Sets what is done before the end; only the first counts.
    pub fn do_this(&self, act: impl Fn() + Send + Sync + 'static) {
        // A second one is not asked for.
        let _ = self.0.set(Box::new(act));
    }

    /// Ends the process when it has not ended by itself in time. Comes back at once.
    pub fn after_all(&self) {
        let act = self.0.clone();
        // Should there be no more threads, it ends when what it waits for comes.
        let _ = std::thread::Builder::new().name("fishbowl-end".into()).spawn(move || {
            std::thread::sleep(PATIENCE);
            tracing::warn!("the wall did not stop in time; forcing it");
            let _ = std::thread::Builder::new().name("fishbowl-last".into()).spawn(move || {
                act.get().into_iter().for_each(|act| act());
                log_limit::last_words();
                leave();
            });
            std::thread::sleep(KEEPING);
            leave();
        });
    }
}

/// Ends the process without the driver's own ending, which may wait for what is stuck.
fn leave() -> ! {
    #[cfg(unix)]
    // SAFETY: ends the process and touches nothing of it.
    unsafe {
        libc::_exit(0)
    }
    #[cfg(not(unix))]
    std::process::exit(0)
}
