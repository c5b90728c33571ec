//! JSON objects in an endless answer over HTTP.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::asked;
use super::faults::{mapped, resumed};
use super::self_described;
use super::stream::{Stream, Wire};
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::transport::template::Resume;
use crate::layout::feed::{Asked, FeedKind};
use crate::layout::wall::FieldMap;

asked! {
    /// A stream of JSON objects over HTTP, one per line.
    NdjsonTable (&["https", "http"]) {
        /// How the objects are separated.
        #[serde(default)]
        pub framing: Framing,
        /// How to resume the stream after a break. Default: it continues with what is new.
        #[serde(default)]
        pub resume: Option<Resume>,
    }
}

/// How the objects of a stream are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Framing {
    /// One object per line.
    #[default]
    Lines,
    /// One object after another, in any formatting.
    Concatenated,
}

impl FeedKind for NdjsonTable {
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
        mapped(&self.map, resumed(&self.resume))
    }
}

impl AdapterTable for NdjsonTable {
    const KIND: &'static str = "ndjson";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new({
            let wire = match self.framing {
                Framing::Lines => Wire::Lines,
                Framing::Concatenated => Wire::Concatenated,
            };
            Stream::new(&self.asked(), self.map.clone(), self.resume.clone(), wire, pace)
        })
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        self_described::record(bytes, source, now).into()
    }
}
