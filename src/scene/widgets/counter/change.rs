//! How a count stands against the same time yesterday, in words.

use crate::layout::window::Window;
use crate::pulse::snapshot::Stream;
use crate::scene::widgets::figures::THIN;
use crate::scene::widgets::span;

/// From fewer mentions yesterday chance makes the change.
const LEAST: u64 = 30;
/// A larger change is another story, per cent.
const MOST: i64 = 900;

/// `▲ 12 % on yesterday`; nothing for windows that are too short, young or empty for it.
pub fn words(stream: &Stream, window: Window) -> Option<String> {
    let whole = span::is_whole(stream, window);
    let fits = matches!(window, Window::M15 | Window::H1 | Window::H24 | Window::Today);
    let before = stream.before.over(window).day.filter(|before| whole && fits && *before >= LEAST)?;
    let now = stream.counts.over(window).mentions as f64;
    let change = ((now / before as f64 - 1.0) * 100.0).round() as i64;
    match change {
        0 => Some("same as yesterday".into()),
        1..=MOST => Some(format!("▲{THIN}{change}{THIN}% on yesterday")),
        ..0 => Some(format!("▼{THIN}{}{THIN}% on yesterday", -change)),
        _ => None,
    }
}

/// A window with which a change is told, as short as it can be: `1 h`, `today`.
pub fn short(window: Window) -> Option<String> {
    match window {
        Window::M15 => Some(format!("15{THIN}min")),
        Window::H1 => Some(format!("1{THIN}h")),
        Window::H24 => Some(format!("24{THIN}h")),
        Window::Today => Some("today".into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pulse::snapshot::{Before, Befores};
    use crate::scene::widgets::fixture;

    #[test]
    fn a_change_is_told_when_it_is_known_and_more_than_chance() {
        let mut stream = fixture::snapshot().all;
        let mut told = |now: u64, day: Option<u64>| {
            stream.counts = fixture::counts(now);
            stream.before = Arc::new(Befores([Before { day, week: None }; 9]));
            words(&stream, Window::H1).map(|words| words.replace(THIN, " "))
        };
        assert_eq!(told(1_120, Some(1_000)).as_deref(), Some("▲ 12 % on yesterday"));
        assert_eq!(told(500, Some(1_000)).as_deref(), Some("▼ 50 % on yesterday"));
        assert_eq!(told(1_001, Some(1_000)).as_deref(), Some("same as yesterday"));
        assert_eq!([told(500, None), told(500, Some(3)), told(99_999, Some(30))], [None, None, None]);
    }
}
