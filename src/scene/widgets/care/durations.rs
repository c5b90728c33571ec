//! How long people wait, and what was promised to them, in words.

use std::time::Duration;

use crate::scene::widgets::figures::THIN;

/// A length of time in one unit, rounded down: `45 s`, `12 min`, `5 h`, `3 d`.
pub fn took_words(took: Duration) -> String {
    match took.as_secs() {
        secs @ 0..60 => format!("{secs}{THIN}s"),
        secs @ 60..6_000 => format!("{}{THIN}min", secs / 60),
        secs @ 6_000..172_800 => format!("{}{THIN}h", secs / 3_600),
        secs => format!("{}{THIN}d", secs / 86_400),
    }
}

/// A promise is told as it was made: `1 h` rather than `60 min`.
pub fn promise_words(promise: Duration) -> String {
    match promise.as_secs() {
        secs if secs > 0 && secs.is_multiple_of(3_600) => format!("{}{THIN}h", secs / 3_600),
        _ => took_words(promise),
    }
}
