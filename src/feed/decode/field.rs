//! Reads single fields out of foreign JSON. What has the wrong type, is out of range or is not
//! fit to show is not there; nothing in here fails.

use std::borrow::Cow;
use std::sync::Arc;

use super::scalar::Leaf;
use super::times;
use crate::clock::Time;
use crate::mention::{Country, Geo, clean_text};

/// Longest id kept, bytes; longer ones are no ids.
pub(in crate::feed) const MAX_ID: usize = 1_024;
/// Longest uid kept, bytes: some are made of two ids and the name of a feed.
const MAX_UID: usize = 4_096;
/// Longest name, handle or place kept, bytes; longer ones are cut.
const MAX_NAME: usize = 256;
/// Longest address kept, bytes; longer ones are dropped.
const MAX_URL: usize = 2_048;

/// Score of the bare words `positive` and `negative`.
const WORD_SCORE: f32 = 0.6;

/// An id: text without white space or controls, or a whole number.
pub(in crate::feed) fn id(value: Option<&impl Leaf>) -> Option<String> {
    key(value).map(Cow::into_owned)
}

/// An id, borrowed where it is text.
pub(in crate::feed) fn key(value: Option<&impl Leaf>) -> Option<Cow<'_, str>> {
    key_within(value, MAX_ID)
}

/// The uid of a mention as it was written, borrowed where it is text.
pub(in crate::feed) fn uid(value: Option<&impl Leaf>) -> Option<Cow<'_, str>> {
    key_within(value, MAX_UID)
}

fn key_within(value: Option<&impl Leaf>, most: usize) -> Option<Cow<'_, str>> {
    let value = value?;
    match value.as_text() {
        Some(id) => ((1..=most).contains(&id.len()) && is_unbroken(id)).then_some(Cow::Borrowed(id)),
        None => {
            let number = value.as_whole().map(|id| id.to_string());
            number.or_else(|| value.as_count().map(|id| id.to_string())).map(Cow::Owned)
        }
    }
}

/// Whether there is neither white space nor a control character in it; quickly seen of ASCII.
fn is_unbroken(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_graphic());
    plain || !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Text of any length.
pub(in crate::feed) fn text(value: Option<&impl Leaf>) -> Option<&str> {
    value?.as_text()
}

/// A name or place: cleaned and cut.
pub(in crate::feed) fn name(value: Option<&impl Leaf>) -> Option<Arc<str>> {
    let clean = clean_text(value?.as_text()?)?;
    if clean.len() <= MAX_NAME {
        return Some(clean);
    }
    let end = (0..=MAX_NAME).rev().find(|at| clean.is_char_boundary(*at)).unwrap_or(0);
    Some(clean[..end].trim_end().into())
}

/// A handle: a name without its leading `@`.
pub(in crate::feed) fn handle(value: Option<&impl Leaf>) -> Option<Arc<str>> {
    let handle = name(value)?;
    match handle.trim_start_matches(['@', ' ']) {
        "" => None,
        rest if rest.len() < handle.len() => Some(rest.into()),
        _ => Some(handle),
    }
}

/// A web address.
pub(in crate::feed) fn url(value: Option<&impl Leaf>) -> Option<Arc<str>> {
    let url = value?.as_text()?;
    let web = url.starts_with("https://") || url.starts_with("http://");
    (web && url.len() <= MAX_URL && is_unbroken(url)).then(|| url.into())
}

/// A BCP 47 tag, by its shape, with `_` read as `-`; `und` is none.
pub(in crate::feed) fn lang(value: Option<&impl Leaf>) -> Option<Arc<str>> {
    let tag = value?.as_text()?.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && letters(p));
    let rest = parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    (primary && rest && tag.len() <= 35 && !tag.eq_ignore_ascii_case("und")).then(|| tag.into())
}

/// ISO 3166-1 alpha-2.
pub(in crate::feed) fn country(value: Option<&impl Leaf>) -> Option<Country> {
    Country::new(value?.as_text()?)
}

fn letters(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// A count: a whole number that is not negative.
pub(in crate::feed) fn count(value: Option<&impl Leaf>) -> Option<u64> {
    let value = value?;
    value.as_count().or_else(|| {
        let float = value.as_real()?;
        (float.fract() == 0.0 && (0.0..1e18).contains(&float)).then_some(float as u64)
    })
}

/// A number, or text that is one; finite.
pub(in crate::feed) fn number(value: Option<&impl Leaf>) -> Option<f64> {
    let value = value?;
    value.as_real().or_else(|| value.as_text()?.trim().parse().ok()).filter(|n| n.is_finite())
}

/// A place on the earth, if both numbers make one.
pub(in crate::feed) fn geo(lat: Option<&impl Leaf>, lon: Option<&impl Leaf>) -> Option<Geo> {
    Geo::new(number(lat)?, number(lon)?)
}

/// A sentiment of −1 to 1, or one of the words for it.
pub(in crate::feed) fn score(value: Option<&impl Leaf>) -> Option<f32> {
    if let Some(score) = number(value) {
        return (-1.0..=1.0).contains(&score).then_some(score as f32);
    }
    match value?.as_text()?.trim().to_ascii_lowercase().as_str() {
        "positive" => Some(WORD_SCORE),
        "neutral" => Some(0.0),
        "negative" => Some(-WORD_SCORE),
        _ => None,
    }
}

/// A moment as anyone may give it: a number of seconds, milliseconds, microseconds or nanoseconds
/// since 1970, or a text (see [`times`]).
pub(in crate::feed) fn moment(value: Option<&impl Leaf>) -> Option<Time> {
    let value = value?;
    let number = || times::of_whole(value.as_whole()?);
    match value.as_text() {
        Some(text) => times::read(text),
        None => number().or_else(|| times::of_real(value.as_real()?)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_told_apart_by_their_size() {
        let at = Time::from_micros(1_783_175_886_055_000);
        for value in [
            json!(1_783_175_886.055),
            json!("1783175886.055"),
            json!(1_783_175_886_055_u64),
            json!(1_783_175_886_055_000_u64),
            json!("2026-07-04T14:38:06.055Z"),
            json!("2026-07-04T16:38:06.055+02:00"),
            json!("2026-07-04T14:38:06.055+0000"),
        ] {
            assert_eq!(moment(Some(&value)), Some(at), "{value}");
        }
    }

    #[test]
    fn absurd_times_are_dropped() {
        for value in [
            json!("99999-01-01T00:00:00Z"),
            json!(0),
            json!(-5),
            json!(1e300),
            json!(i64::MAX),
            json!(u64::MAX),
            json!("soon"),
            json!([1]),
        ] {
            assert_eq!(moment(Some(&value)), None, "{value}");
        }
    }

    #[test]
    fn what_is_not_fit_to_show_is_not_there() {
        assert_eq!(handle(Some(&json!("@a\u{202e}b"))).as_deref(), Some("ab"));
        assert_eq!(handle(Some(&json!("@"))), None);
        assert!(name(Some(&json!("ж".repeat(500)))).is_some_and(|n| n.len() <= MAX_NAME));
        assert_eq!(url(Some(&json!("javascript:alert(1)"))), None);
        assert_eq!(lang(Some(&json!("pt-BR"))).as_deref(), Some("pt-BR"));
        assert_eq!(lang(Some(&json!("de_AT"))).as_deref(), Some("de-AT"));
        assert_eq!(lang(Some(&json!("english please"))), None);
        assert_eq!(count(Some(&json!(-1))), None);
        assert_eq!(count(Some(&json!(12.0))), Some(12));
        assert_eq!(geo(Some(&json!(0.0)), Some(&json!("0.0"))), None);
        assert_eq!(score(Some(&json!("Negative"))), Some(-WORD_SCORE));
        assert_eq!(score(Some(&json!(5))), None);
        assert_eq!(id(Some(&json!("a b"))), None);
    }
}
