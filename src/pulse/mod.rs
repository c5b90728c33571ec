//! The pulse: mentions folded into an immutable snapshot of numbers.

pub mod snapshot;
