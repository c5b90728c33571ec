//! Wires that many services share: a document that is polled, streams over HTTP, WebSockets.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Asked, Fault, Secret, Table};
use crate::layout::value::Lasting;
use crate::layout::wall::FieldMap;

/// Shortest interval of a poll.
const SHORTEST: Duration = Duration::from_secs(1);

/// Defines tables that share the keys of everything that is asked for at an address.
macro_rules! asked {
    ($($(#[$about:meta])* $name:ident ($schemes:expr) { $($own:tt)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The full URL. No secrets here.
            pub url: String,
            /// Headers to send. No secrets here: see `token_env`.
            #[serde(default)]
            pub headers: BTreeMap<String, String>,
            /// Name of the environment variable that contains the token. It is sent as a bearer
            /// token unless `token_header` or `token_parameter` is set.
            #[serde(default)]
            pub token_env: Option<String>,
            /// File that contains the token. Relative to the layout file.
            #[serde(default)]
            pub token_file: Option<PathBuf>,
            /// Send the token as the value of this header, for example `X-Api-Key`.
            #[serde(default)]
            pub token_header: Option<String>,
            /// Send the token as this URL parameter, for example `access_token`.
            #[serde(default)]
            pub token_parameter: Option<String>,
            /// Where to find the parts of a mention in a foreign record, as JSONPaths. Default: the
            /// records are canonical mentions.
            #[serde(default)]
            pub map: Option<FieldMap>,
            $($own)*
        }

        impl $name {
            /// How it is asked.
            pub fn asked(&self) -> Asked<'_> {
                Asked {
                    url: &self.url,
                    schemes: $schemes,
                    headers: &self.headers,
                    token_env: self.token_env.as_ref(),
                    token_file: self.token_file.as_ref(),
                    token_header: self.token_header.as_deref(),
                    token_parameter: self.token_parameter.as_deref(),
                }
            }
        }
    )*};
}

asked! {
    /// A stream of JSON objects over HTTP, one per line.
    Ndjson (&["https", "http"]) {
        /// How the objects are separated.
        #[serde(default)]
        pub framing: Framing,
        /// How to resume the stream after a break. Default: it continues with what is new.
        #[serde(default)]
        pub resume: Option<Resume>,
    }

    /// Server-sent events over HTTP. Resumes after the last event id on its own.
    Sse (&["https", "http"]) {}

    /// A JSON document that is polled over HTTP.
    Json (&["https", "http"]) {
        /// JSONPath of the records in the document. Default: `$[*]`, the elements of an array.
        #[serde(default)]
        pub items: Option<String>,
        /// Time between polls, at least `1s`, varied by up to 10 %. Default: `60s`.
        #[serde(default)]
        pub every: Option<Lasting>,
        /// How to fetch further pages. Default: the response is complete.
        #[serde(default)]
        pub paging: Option<Paging>,
        /// Maximum number of pages per poll, 1 to 100. Default: 10.
        #[serde(default)]
        #[schemars(range(min = 1, max = 100))]
        pub pages: Option<u32>,
    }

    /// JSON messages over a WebSocket.
    WebSocket (&["wss", "ws"]) {
        /// Messages to send after connecting, in order. `{token}` in a message stands for the
        /// token, which is then not sent anywhere else.
        #[serde(default)]
        pub subscribe: Vec<String>,
        /// JSONPath of the records in a message. Default: `$`, the message itself.
        #[serde(default)]
        pub items: Option<String>,
        /// How to resume after a break. Default: it continues with what is new.
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

/// How a stream is asked to go on after the last record that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// JSONPath of a record's position in the stream: text or a whole number.
    pub field: String,
    /// URL parameter that takes the position of the last record.
    pub parameter: String,
}

/// How the rest is had of what does not fit into one answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "style", rename_all = "snake_case", deny_unknown_fields)]
pub enum Paging {
    /// The response contains the URL of the next page.
    NextLink {
        /// JSONPath of the URL in the document. Default: the `Link` header's `next`.
        #[serde(default)]
        path: Option<String>,
        /// The URL leads to newer records: the next poll starts there, even after a restart.
        /// Default: it leads to older records, and every poll starts at `url`.
        #[serde(default)]
        keep: bool,
    },
    /// The response contains a token for the next page.
    Token {
        /// JSONPath of the token in the document.
        path: String,
        /// URL parameter for it.
        parameter: String,
        /// As for `next_link`.
        #[serde(default)]
        keep: bool,
    },
    /// The service returns what came after a given record id. Survives restarts.
    SinceId {
        /// JSONPath of the id in a record; the highest one is used.
        path: String,
        /// URL parameter for it.
        parameter: String,
    },
    /// Pages are numbered, with older records on later pages.
    Page {
        /// URL parameter for the page number.
        parameter: String,
        /// Number of the first page.
        #[serde(default = "one")]
        first: u32,
    },
}

fn one() -> u32 {
    1
}

impl Json {
    /// How often it is asked for.
    pub fn interval(&self) -> Duration {
        self.every.map_or(Duration::from_secs(60), |every| every.0)
    }

    /// Most pages that are asked for at a time.
    pub fn most_pages(&self) -> u32 {
        self.pages.unwrap_or(10).max(1)
    }
}

impl Table for Ndjson {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
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

impl Table for Sse {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
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

impl Table for Json {
    fn silence(&self) -> Duration {
        (self.interval() * 3).max(Duration::from_secs(60))
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn asked(&self) -> Option<Asked<'_>> {
        Some(self.asked())
    }

    fn paths(&self) -> Vec<(Vec<&'static str>, &str)> {
        let items = self.items.iter().map(|path| (vec!["items"], path.as_str()));
        let paging = match &self.paging {
            Some(Paging::NextLink { path, .. }) => path.as_deref(),
            Some(Paging::Token { path, .. } | Paging::SinceId { path, .. }) => Some(path.as_str()),
            Some(Paging::Page { .. }) | None => None,
        };
        mapped(&self.map, items.chain(paging.map(|path| (vec!["paging", "path"], path))).collect())
    }

    fn faults(&self) -> Vec<Fault> {
        let busy = self.interval() < SHORTEST;
        let fault = || Fault {
            key: "every",
            what: "the server would be polled without pause".into(),
            help: "Use at least \"1s\", and no less than the service allows.".into(),
        };
        busy.then(fault).into_iter().collect()
    }
}

impl Table for WebSocket {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn asked(&self) -> Option<Asked<'_>> {
        Some(self.asked())
    }

    fn paths(&self) -> Vec<(Vec<&'static str>, &str)> {
        let items = self.items.iter().map(|path| (vec!["items"], path.as_str()));
        mapped(&self.map, items.chain(resumed(&self.resume)).collect())
    }

    fn faults(&self) -> Vec<Fault> {
        let wants = self.subscribe.iter().any(|message| message.contains("{token}"));
        let fault = || Fault {
            key: "subscribe",
            what: "a message uses a token, but none is set".into(),
            help: "Name the environment variable that holds it in `token_env`, or its file in `token_file`."
                .into(),
        };
        let missing = wants && Secret::of(&self.token_env, &self.token_file).is_none();
        missing.then(fault).into_iter().collect()
    }
}

fn resumed(resume: &Option<Resume>) -> Vec<(Vec<&'static str>, &str)> {
    resume.iter().map(|resume| (vec!["resume", "field"], resume.field.as_str())).collect()
}

/// The paths of a map behind others.
fn mapped<'t>(
    map: &'t Option<FieldMap>,
    others: Vec<(Vec<&'static str>, &'t str)>,
) -> Vec<(Vec<&'static str>, &'t str)> {
    let parts = map.iter().flat_map(FieldMap::paths);
    others.into_iter().chain(parts.map(|(part, path)| (vec!["map", part], path))).collect()
}
