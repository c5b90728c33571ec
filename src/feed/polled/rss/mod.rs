//! News feeds.

mod aside;
mod charset;
mod document;
mod tidy;
#[cfg(test)]
mod tests;

/// Most entries taken from one document.
const MAX_ENTRIES: usize = 1_024;
/// Longest id of an entry; longer ones are hashed.
const MAX_ID: usize = 512;
