//! How much of one document is taken.

/// Most entries taken from one document.
pub const MAX_ENTRIES: usize = 1_024;
/// Longest id of an entry, bytes; longer ones are hashed.
pub const MAX_ID: usize = 512;
