//! The decoder of stored mentions as it is, for the fuzz target outside of the crate. No part of
//! the program goes through here, and nothing is promised of it.

use super::body;
use crate::clock::Time;
use crate::mention::Mention;

/// The bytes of a stored mention read and written again; `None` when they are damaged.
pub fn rewritten(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut mention = Mention::of("a:1".into(), &"a".into(), Time::default(), Time::default());
    body::decode(bytes, &mut mention)?;
    let mut out = Vec::new();
    body::encode(&mention, &mut out);
    Some(out)
}
