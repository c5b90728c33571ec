//! A mention as it stands in the journal, and its place there.

use std::sync::Arc;

use super::row::{Stored, is_gone};
use super::schema::NEVER_HEARD;
use crate::mention::Mention;

/// Place of a mention in the order in which they were first kept; the first is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub i64);

/// A mention as it stands in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub seq: Seq,
    /// `Upsert` with its latest words and its first `ts` and `received`, or `Delete` with neither
    /// words nor author.
    pub mention: Mention,
    /// What the pulse noted of it as it was first said; `None` while it stands as it was said.
    pub digest: Option<Arc<[u8]>>,
    /// False for the deletion of what was never heard.
    pub counted: bool,
}

impl Kept {
    pub(super) fn of(row: Stored) -> Self {
        let counted = row.state != NEVER_HEARD;
        debug_assert_eq!(is_gone(row.state), row.mention.op == crate::mention::Op::Delete);
        Self { seq: Seq(row.seq), mention: row.mention, digest: row.digest, counted }
    }
}
