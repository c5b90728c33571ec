//! Why a record cannot be read.

/// A record that cannot be read, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DecodeError(pub &'static str);
