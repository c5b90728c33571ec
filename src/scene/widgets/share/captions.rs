//! The words of a share: what its parts are called, and of what its per cents are.

use super::table::Parts;
use crate::scene::widgets::figures::THIN;
use crate::scene::widgets::names;

/// What a part is called on the wall; nothing where its name is only a code that somebody sent.
pub fn part_name(by: Parts, name: &str) -> Option<&str> {
    match by {
        Parts::Language => names::language(name),
        Parts::Country => names::country(name),
        Parts::Source | Parts::Topic => Some(name),
    }
}

/// Of what the per cents of parts are, longest first; what is not known is told.
pub fn part_captions(by: Parts, (known, all): (u64, u64), window: &str) -> Vec<String> {
    let what = match by {
        Parts::Country => "country",
        Parts::Source => "source",
        _ => "language",
    };
    if all == 0 {
        return vec![format!("no mentions, {window}"), window.into()];
    }
    let part = (known as f64 * 100.0 / all as f64).floor() as u64;
    match part {
        100 => vec![format!("of all mentions, {window}"), window.into()],
        0 if known == 0 => vec![format!("{what} unknown, {window}"), format!("{what} unknown")],
        _ => vec![
            format!("of the {part}{THIN}% of mentions whose {what} is known, {window}"),
            format!("{what} known of {part}{THIN}%, {window}"),
            format!("{part}{THIN}% known"),
        ],
    }
}
