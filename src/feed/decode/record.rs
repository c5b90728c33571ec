//! One record of a feed: read by the layout's map, or by a decoder that needs none.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::error::DecodeError;
use super::json_text;
use super::map::Mapper;
use crate::clock::Time;
use crate::layout::wall::FieldMap;
use crate::mention::{Mention, Op};

/// Reads records that need no map.
pub(in crate::feed) trait RecordDecoder: fmt::Debug + Send + Sync {
    /// Reads one JSON text; `None` is one that tells of something else than a mention.
    fn read(&self, json: &[u8], source: &Arc<str>, received: Time) -> Result<Option<Mention>, DecodeError>;

    /// As [`RecordDecoder::read`], of JSON that is parsed already.
    fn read_value(
        &self,
        value: &Value,
        source: &Arc<str>,
        received: Time,
    ) -> Result<Option<Mention>, DecodeError>;
}

/// The shape of a feed's records.
#[derive(Debug)]
pub(in crate::feed) enum Shape {
    Own(&'static dyn RecordDecoder),
    Foreign(Box<Mapper>),
}

impl Shape {
    /// Records are read by the map where there is one, else by `own`. Fails with the first path that is
    /// not a JSONPath.
    pub fn new(map: Option<&FieldMap>, own: &'static dyn RecordDecoder) -> Result<Self, String> {
        Ok(match map {
            Some(map) => Self::Foreign(Box::new(Mapper::new(map)?)),
            None => Self::Own(own),
        })
    }

    /// Reads one JSON text; `None` is one that tells of something else than a mention.
    pub fn read(
        &self,
        json: &[u8],
        source: &Arc<str>,
        received: Time,
    ) -> Result<Option<Mention>, DecodeError> {
        match self {
            Self::Foreign(mapper) => mapper.read(&parse(json)?, source, received).map(Some),
            Self::Own(decoder) => decoder.read(json, source, received),
        }
    }

    /// As [`Shape::read`], of JSON that is parsed already.
    pub fn read_value(
        &self,
        value: &Value,
        source: &Arc<str>,
        received: Time,
    ) -> Result<Option<Mention>, DecodeError> {
        match self {
            Self::Foreign(mapper) => mapper.read(value, source, received).map(Some),
            Self::Own(decoder) => decoder.read_value(value, source, received),
        }
    }
}

/// The retraction of a mention of which only its id is told.
pub(in crate::feed) fn retraction(id: &str, source: &Arc<str>, received: Time) -> Mention {
    let mut mention = Mention::new(source, id, received, received);
    mention.op = Op::Delete;
    mention
}

/// Reads a JSON text.
pub(in crate::feed) fn parse(json: &[u8]) -> Result<Value, DecodeError> {
    json_text::typed(json)
}
