//! Server-sent events over HTTP.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::asked;
use super::faults::mapped;
use super::self_described;
use super::stream::{Stream, Wire};
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::layout::feed::{Asked, FeedKind};
use crate::layout::wall::FieldMap;

asked! {
    /// Server-sent events over HTTP. Resumes after the last event id on its own.
    SseTable (&["https", "http"]) {}
}

impl FeedKind for SseTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn map(&self) -> Option<&FieldMap> {
        self.map.as_ref()
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn asked(&self) -> Option<Asked<'_>> {
        Some(self.asked())
    }

    fn paths(&self) -> Vec<(Vec<&'static str>, &str)> {
        mapped(&self.map, Vec::new())
    }
}

impl AdapterTable for SseTable {
    const KIND: &'static str = "sse";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Stream::new(&self.asked(), self.map.clone(), None, Wire::Events, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        self_described::record(bytes, source, now).into()
    }
}
