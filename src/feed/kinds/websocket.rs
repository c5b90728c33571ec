//! JSON messages of a WebSocket, as a layout describes them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json_path::JsonPath;

use super::asked::asked;
use super::faults::{mapped, resumed};
use super::self_described;
use super::self_described::CanonicalOrJetstream;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::json_path;
use crate::feed::decode::record::{self, Shape};
use crate::feed::error::FeedError;
use crate::feed::framing::concat::Texts;
use crate::feed::framing::ndjson::Line;
use crate::feed::sender::MentionSender;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::Hidden;
use crate::feed::transport::template::{Place, RequestTemplate, Resume};
use crate::feed::transport::websocket::Socket;
use crate::layout::feed::{Asked, Fault, FeedKind, Secret};
use crate::layout::wall::FieldMap;
use crate::mention::Mention;
use crate::mention::source::Health;

asked! {
    /// JSON messages over a WebSocket.
    WebSocketTable (&["wss", "ws"]) {
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

impl FeedKind for WebSocketTable {
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

impl AdapterTable for WebSocketTable {
    const KIND: &'static str = "websocket";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Listener::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        self_described::record(bytes, source, now).into()
    }
}

/// What stands for the token in a message.
const TOKEN: &str = "{token}";

/// A feed over a WebSocket.
#[derive(Debug)]
pub(in crate::feed) struct Listener {
    table: WebSocketTable,
    asker: RequestTemplate,
    pace: Pace,
}

/// How a feed reads its messages.
struct Reader {
    shape: Shape,
    items: JsonPath,
    place: Option<Place>,
}

/// What a message held.
#[derive(Default)]
struct Found {
    mentions: Vec<Mention>,
    /// Records that could be read, whether they brought anything or not.
    understood: usize,
    garbage: Vec<&'static str>,
    /// The place of the last record.
    cursor: Option<String>,
}

impl Listener {
    pub fn new(table: &WebSocketTable, pace: &Pace) -> Self {
        Self { table: table.clone(), asker: RequestTemplate::new(&table.asked()), pace: pace.clone() }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        sender.belong_to(self.asker.origin());
        let reader = Reader {
            shape: Shape::new(self.table.map.as_ref(), &CanonicalOrJetstream).map_err(FeedError::Final)?,
            items: json_path::path_or(self.table.items.as_ref(), "$")?,
            place: Place::new(self.table.resume.as_ref())?,
        };
        let mut socket = self.connect(&reader, sender).await?;
        sender.goes_on(reader.place.is_some() && sender.cursor().is_some());
        sender.tell(Health::Live).await?;
        let stop = receive(&mut socket, &reader, sender).await;
        // What was whole before the failure is not lost with it.
        sender.flush().await?;
        stop
    }

    /// Opens the socket after the cursor, and says what the layout wants said.
    async fn connect(&self, reader: &Reader, sender: &MentionSender) -> Result<Socket, FeedError> {
        let mut token = None;
        let mut call = if self.table.subscribe.iter().any(|message| message.contains(TOKEN)) {
            token = self.asker.token().await?;
            self.asker.bare()?
        } else {
            self.asker.call().await?
        };
        if let (Some(place), Some(cursor)) = (&reader.place, sender.cursor()) {
            call = place.ask(call, cursor);
        }
        self.open(call, token.as_ref(), sender).await
    }

    async fn open(
        &self,
        call: HttpRequest,
        token: Option<&Hidden>,
        sender: &MentionSender,
    ) -> Result<Socket, FeedError> {
        let mut socket = Socket::connect(call, sender, &self.pace).await?;
        for message in &self.table.subscribe {
            socket
                .send_text(match token {
                    Some(token) => message.replace(TOKEN, token.expose()),
                    None => message.clone(),
                })
                .await?;
        }
        Ok(socket)
    }
}

/// Reads until the server closes, breaks or falls silent.
async fn receive(socket: &mut Socket, reader: &Reader, sender: &mut MentionSender) -> Result<(), FeedError> {
    let silence = sender.state.stale_after;
    loop {
        let frame = socket.next(sender, silence).await?;
        let found = reader.read(frame.bytes(), sender);
        found.garbage.iter().for_each(|why| sender.discard(why));
        if found.understood > 0 {
            sender.understood();
        }
        for mention in found.mentions {
            sender.push(mention).await?;
        }
        if let Some(cursor) = found.cursor {
            sender.mark(cursor);
        }
    }
}

impl Reader {
    /// Reads a message; a server may put several JSON texts into one.
    fn read(&self, message: &[u8], sender: &MentionSender) -> Found {
        let mut found = Found::default();
        let mut each = |line: Line<'_>| match line {
            Line::Record(json) => self.read_text(json, sender, &mut found),
            Line::TooLong => found.garbage.push("too long"),
            Line::Heartbeat => {}
        };
        let mut texts = Texts::default();
        texts.push(message, &mut each);
        texts.finish(&mut each);
        found
    }

    fn read_text(&self, json: &[u8], sender: &MentionSender, found: &mut Found) {
        let document = match record::parse(json) {
            Ok(document) => document,
            Err(DecodeError(why)) => return found.garbage.push(why),
        };
        for record in self.items.query(&document) {
            let place = self.place.as_ref().and_then(|place| place.of(record));
            found.cursor = place.or(found.cursor.take());
            match self.shape.read_value(record, sender.source(), sender.clock.now()) {
                Ok(mention) => {
                    found.understood += 1;
                    found.mentions.extend(mention);
                }
                Err(DecodeError(why)) => found.garbage.push(why),
            }
        }
    }
}

impl Adapter for Listener {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}
