//! What the pulse reads of a mention beside its text: who said it, where, and how it is known again.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::mention::{Geo, Mention, ReachKind};
use crate::query::tokens::{self, Kind, Tokens};

const MOST_FOLLOWERS: u64 = 10_000_000_000;

/// When a mention counts: when it was said or, if that lies a little after its arrival, at its
/// arrival.
pub fn at(mention: &Mention) -> Time {
    mention.ts.min(mention.received)
}

/// Followers of whoever said it, where told; more than there are people are not believed.
pub fn followers(mention: &Mention) -> Option<u64> {
    let told = mention.author.as_ref().and_then(|author| author.followers);
    let reach = mention.reach.filter(|reach| reach.kind == ReachKind::Followers);
    told.or(reach.map(|reach| reach.value)).map(|followers| followers.min(MOST_FOLLOWERS))
}

/// The source's coordinates, if they are on the earth.
pub fn geo(mention: &Mention) -> Option<&Geo> {
    let on_earth = |geo: &&Geo| (-90.0..=90.0).contains(&geo.lat) && (-180.0..=180.0).contains(&geo.lon);
    mention.geo.as_ref().filter(on_earth)
}

/// Whether it says anything that can be listed: words, or a link beside them.
pub fn speaks(mention: &Mention) -> bool {
    mention.text.is_some() || !mention.links.is_empty()
}

/// A hash of all that it says: its text and the links beside it.
pub fn said(mention: &Mention) -> u64 {
    let mut hasher = FxHasher::default();
    (mention.text.as_deref().unwrap_or(""), &mention.links).hash(&mut hasher);
    hasher.finish()
}

/// The first 64 bits of the SHA-256 (FIPS 180-4) of all of it that can be shown: its words, its links, who said it
/// and where.
/// Nobody can write something else with the same.
pub fn seal(mention: &Mention) -> u64 {
    let author = mention.author.as_ref();
    let name = author.and_then(|author| author.name.as_deref());
    let handle = author.and_then(|author| author.handle.as_deref());
    let place = mention.geo.as_ref().and_then(|geo| geo.name.as_deref());
    let own = [mention.text.as_deref(), name, handle, place].map(Option::unwrap_or_default);
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for part in own.into_iter().chain(mention.links.iter().map(|link| &**link)) {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    let digest = context.finish();
    digest.as_ref().iter().take(8).fold(0, |seal, byte| seal << 8 | u64::from(*byte))
}

/// Who somebody is, as a hash, and the name to show.
pub fn voice(mention: &Mention) -> Option<(u64, &str)> {
    let author = mention.author.as_ref()?;
    let handle = author.handle.as_deref().unwrap_or("");
    let id = if author.id.is_empty() { handle } else { &author.id };
    if id.is_empty() {
        return None;
    }
    let mut hasher = FxHasher::default();
    (&mention.source, id).hash(&mut hasher);
    let name = author.name.as_deref().filter(|name| !name.is_empty());
    Some((hasher.finish(), name.or((!handle.is_empty()).then_some(handle)).unwrap_or(id)))
}

/// The handle of whoever said it.
pub fn handle(mention: &Mention) -> Option<&str> {
    mention.author.as_ref()?.handle.as_deref().filter(|handle| !handle.is_empty())
}

/// A hash by which two mentions with the same words are known; handles and addresses make no
/// difference.
pub fn words(text: &str, tokens: &Tokens) -> u64 {
    let mut hasher = FxHasher::default();
    let words = tokens.list().iter().filter(|token| token.kind != Kind::Handle);
    let count = words.map(|token| token.hash.hash(&mut hasher)).count();
    if count == 0 { tokens::hash(text) } else { hasher.finish() }
}
