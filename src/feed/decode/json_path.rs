//! JSONPath (RFC 9535), as layouts write it.

use serde_json_path::JsonPath;

use crate::feed::error::FeedError;
use crate::layout::feed::path as syntax;

/// Reads a JSONPath; the error says what is wrong with it.
pub(in crate::feed) fn parse(path: &str) -> Result<JsonPath, String> {
    syntax::parse(path).map_err(|(at, why)| format!("`{path}` at character {}: {why}", at + 1))
}

/// Reads a JSONPath; a wrong one is final.
pub(in crate::feed) fn path(text: &str) -> Result<JsonPath, FeedError> {
    parse(text).map_err(FeedError::Final)
}

/// A path that a layout may leave out.
pub(in crate::feed) fn path_or(text: Option<&String>, usual: &str) -> Result<JsonPath, FeedError> {
    path(text.map_or(usual, String::as_str))
}
