//! Why a record cannot be read.

/// A record that cannot be read, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feed) struct DecodeError(pub &'static str);
