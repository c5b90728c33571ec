//! How a record becomes a mention: canonical records, records that a map describes, and the parts
//! that every decoder needs.

pub mod canonical;
pub(in crate::feed) mod error;
pub(in crate::feed) mod field;
pub(in crate::feed) mod headline;
pub(in crate::feed) mod html;
pub(in crate::feed) mod json_path;
pub(in crate::feed) mod json_text;
pub(in crate::feed) mod map;
pub(in crate::feed) mod payload;
pub(in crate::feed) mod record;
pub(in crate::feed) mod scalar;
pub(in crate::feed) mod several;
pub(in crate::feed) mod times;
pub(in crate::feed) mod write;
