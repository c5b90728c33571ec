//! Listening suites that a company pays for: Brandwatch, Talkwalker, Meltwater and Sprout Social.
//!
//! What a suite hands over was gathered elsewhere, so mentions bear its own ids
//! (`brandwatch:…`, `talkwalker:…`) and the network that they come from. Numbers of every field
//! may be null; what is null or of the wrong type is unknown, and only a record without an id is
//! garbage.

pub(super) mod budget;
pub(super) mod countries;
pub(super) mod fields;
pub(super) mod known;

use std::sync::Arc;

use serde_json::Value;

use self::fields::each;
use self::known::Known;
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::record;
use crate::mention::Mention;

/// What a suite sent: a page of Brandwatch or Sprout, a chunk of Talkwalker, a push of Meltwater,
/// by the remainder of `suite`.
pub(in crate::feed) fn told(suite: u8, json: &[u8], source: &Arc<str>, now: Time) -> Vec<Mention> {
    let page: Value = record::parse(json).unwrap_or_default();
    let (records, read): (Vec<Value>, Read) = match suite % 4 {
        0 => (each(page.get("results")).cloned().collect(), crate::feed::kinds::brandwatch::decode::read),
        1 => return super::talkwalker::told(json, source, now).into_iter().collect(),
        2 => (super::meltwater::posted(json), crate::feed::kinds::meltwater::decode::read),
        _ => (each(page.get("data")).cloned().collect(), crate::feed::kinds::sprout::decode::read),
    };
    let mut known = Known::default();
    records.iter().filter_map(|record| read(record, source, now, &mut known).ok()).collect()
}

type Read = fn(&Value, &Arc<str>, Time, &mut Known) -> Result<Mention, DecodeError>;

#[cfg(test)]
mod tests;
