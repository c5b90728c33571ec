//! The kiosk: windows, monitors, the frame clock, recovery.

pub mod edid;
