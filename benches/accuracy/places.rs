//! The part of the page about places.

/// Markdown, from `##` on; nothing while there is nothing to tell.
pub fn table() -> String {
    String::new()
}
