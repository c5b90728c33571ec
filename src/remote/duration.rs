//! A length of time as people say it.

use std::time::Duration;

/// In its largest unit.
pub(super) fn words(length: Duration) -> String {
    match length.as_secs() {
        s @ 0..=119 => format!("{s} s"),
        s @ 120..=7_199 => format!("{} min", s / 60),
        s @ 7_200..=172_799 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}
