//! `fishbowl hold`: the screens keep their picture while the wall is being restarted.

use std::time::Duration;

use crate::kiosk;

use super::failure::Failure;
use super::supervisor;

/// Keeps what is on the screens for `length`, and tells systemd once it is kept.
pub fn hold(length: Duration) -> Result<(), Failure> {
    kiosk::hold::hold(length, |count, outputs| {
        supervisor::ready();
        eprintln!("holding the picture of {count} of {outputs} outputs for {} s", length.as_secs());
    })?;
    Ok(())
}
