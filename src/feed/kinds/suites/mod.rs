//! Listening suites that a company pays for: Brandwatch, Talkwalker, Meltwater and Sprout Social.
//!
//! What a suite hands over was gathered elsewhere, so mentions bear its own ids
//! (`brandwatch:…`, `talkwalker:…`) and the network that they come from. Numbers of every field
//! may be null; what is null or of the wrong type is unknown, and only a record without an id is
//! garbage.

pub(super) mod budget;
pub(super) mod countries;
pub(in crate::feed) mod faults;
pub(super) mod fields;
pub(super) mod known;

use std::sync::Arc;

use serde_json::Value;

use self::known::Known;
use crate::clock::Time;
use crate::feed::adapter::Decoded;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::record;
use crate::mention::Mention;

/// A document, empty where it cannot be read.
pub(in crate::feed::kinds) fn page(json: &[u8]) -> Value {
    record::parse(json).unwrap_or_default()
}

/// The mentions of these records, without those that cannot be read.
pub(in crate::feed::kinds) fn decoded<'v>(
    records: impl Iterator<Item = &'v Value>,
    read: Read,
    source: &Arc<str>,
    now: Time,
) -> Decoded {
    let mut known = Known::default();
    records.filter_map(|record| read(record, source, now, &mut known).ok()).into()
}

pub(in crate::feed::kinds) type Read =
    fn(&Value, &Arc<str>, Time, &mut Known) -> Result<Mention, DecodeError>;

#[cfg(test)]
mod tests;
