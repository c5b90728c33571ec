//! How a stream of bytes is cut into records.

pub(in crate::feed) mod concat;
pub(in crate::feed) mod ndjson;
pub(in crate::feed) mod sse;
