//! A topic that the wall listens for.

/// A topic that the wall listens for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub name: String,
    /// Name on the wall.
    pub label: String,
    pub query: String,
    /// Index into [`Theme::topics`](crate::color::Theme::topics).
    pub color: usize,
}
