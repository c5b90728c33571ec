//! Why a command could not do its work, in words for a person and as the status that the process ends with.

use std::process::ExitCode;

use crate::kiosk::KioskError;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The graphics device is gone, and nothing else is wrong: the same command may do when it is started again
/// (`EX_TEMPFAIL` of `sysexits.h`).
const GRAPHICS_LOST: u8 = 75;

/// What the process ends with.
pub fn status(failure: &Failure) -> ExitCode {
    match failure.downcast_ref() {
        Some(KioskError::DeviceLost(_) | KioskError::NoDeviceAgain(_)) => ExitCode::from(GRAPHICS_LOST),
        _ => ExitCode::FAILURE,
    }
}
