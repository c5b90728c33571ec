//! Mastodon: public timelines, hashtags and lists of one server, by server-sent events or by a
//! WebSocket (docs.joinmastodon.org/methods/streaming), and over REST what a gap has cost
//! (docs.joinmastodon.org/methods/timelines).
//!
//! A status is known by its `uri`, so that walls of two servers count it once. Only what is public
//! or unlisted is taken. First the streams are opened, then the past is asked for, so that nothing
//! falls between; until it has been had, the cursor stays where it was. What the past does not have
//! any more was taken back meanwhile. State: the ids of the last 30,000 statuses and 161 ids a stream.

mod channel;
mod ear;
mod event;
mod gap;
mod known;
mod past;
mod status;
pub(in crate::feed) mod table;
mod trail;

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt as _};
use reqwest::Url;
use serde_json::Value;

use self::channel::Channel;
use self::ear::{Door, Ears, Heard};
use self::event::{Message, Said};
use self::gap::Before;
use self::known::Known;
use self::past::{Page, Past};
use self::status::{Reader, Status};
pub use self::table::MastodonTable;
use self::trail::Trail;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::{field, record};
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::sender::{Closed, MentionSender};
use crate::feed::transport::http::{self, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::{self, Hidden};
use crate::feed::transport::url;
use crate::layout::feed::Secret;
use crate::mention::Mention;
use crate::mention::source::{Health, Trouble};

impl AdapterTable for MastodonTable {
    const KIND: &'static str = "mastodon";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Mastodon::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        told(bytes, source, now).into()
    }
}

/// A feed of a Mastodon server.
pub(in crate::feed) struct Mastodon {
    table: MastodonTable,
    pace: Pace,
    channels: Arc<[Channel]>,
    web: Option<Web>,
    /// Where the server streams, once it has said so; asked anew after a failure.
    streaming: Option<Url>,
    known: Known,
    /// How far each stream has come.
    trails: Vec<Trail>,
    /// What was heard of each stream before the gap.
    before: Vec<Before>,
    /// How far each stream came while its past is still being asked for.
    fresh: Vec<Option<Trail>>,
    begun: bool,
}

impl Mastodon {
    pub fn new(table: &MastodonTable, pace: &Pace) -> Self {
        let channels: Arc<[Channel]> = channel::channels(table).into();
        Self {
            table: table.clone(),
            pace: pace.clone(),
            web: None,
            streaming: None,
            known: Known::default(),
            trails: vec![Trail::default(); channels.len()],
            before: vec![Before::default(); channels.len()],
            fresh: vec![None; channels.len()],
            begun: false,
            channels,
        }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        if !std::mem::replace(&mut self.begun, true) {
            self.go_on_after(sender.cursor().map_or("", |cursor| cursor));
        }
        let server = url::address(self.table.url.as_deref().unwrap_or_default())?;
        let token = Secret::of(&self.table.token_env, &self.table.token_file);
        let token =
            token.ok_or_else(|| FeedError::of(FailureKind::Refused, "the layout does not name a token"))?;
        let token = secret::read(&token).await?;
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&server, &self.pace)?,
        };
        self.web = Some(web.clone());
        let streaming = self.streaming(&web, &server, sender).await?;
        let door = Door {
            server: &server,
            streaming: &streaming,
            channels: &self.channels,
            token: &token,
            web: &web,
            pace: &self.pace,
            now: sender.clock.now(),
        };
        let ears = sender.meanwhile(door.open(self.table.transport)).await??;
        self.streaming = Some(streaming);
        sender.hear();
        sender.state.trouble = None;
        sender.goes_on(self.trails.iter().all(|trail| trail.anchor().is_some()));
        sender.tell(Health::CatchingUp).await?;
        let past = self.past(web, server.clone(), token, sender).pages();
        let stop = self.listen(&status::host(&server), ears, past, sender).await;
        // What was whole before the failure is not lost with it.
        sender.flush().await?;
        stop
    }

    /// Takes up the cursor of an earlier run.
    fn go_on_after(&mut self, cursor: &str) {
        let mut before = trail::read(cursor);
        for (channel, trail) in self.channels.iter().zip(&mut self.trails) {
            *trail = before.remove(&channel.name()).unwrap_or_default();
        }
    }

    /// Where the server streams; its own address when it does not say.
    async fn streaming(&mut self, web: &Web, server: &Url, sender: &MentionSender) -> Result<Url, FeedError> {
        if let Some(known) = self.streaming.take() {
            return Ok(known);
        }
        let answer =
            web.fetch(HttpRequest::get(&channel::instance(server)?).accept("application/json")).await?;
        match answer.status.as_u16() {
            200..300 => channel::streaming(server, &answer.json()?),
            429 | 500..600 => Err(http::refusal(answer.status, &answer.headers, sender.clock.now())),
            // Older servers and their kin have no such page, and closed ones show it to members.
            _ => Ok(server.clone()),
        }
    }

    /// What is to be asked for once the streams are open; until then their cursors stay.
    fn past(&mut self, web: Web, server: Url, token: Hidden, sender: &MentionSender) -> Past {
        // A stream that has no past to catch up with begins with what it hears.
        let held = |trail: &Trail| trail.anchor().map(|_| Trail::default());
        self.fresh = self.trails.iter().map(held).collect();
        self.before = self.trails.iter().map(Before::of).collect();
        let since = self.trails.iter().map(|trail| trail.anchor().map(str::to_owned));
        let todo = self.channels.iter().cloned().zip(since).enumerate();
        Past {
            web,
            server,
            token,
            clock: sender.clock.clone(),
            pace: self.pace.clone(),
            todo: todo.map(|(index, (channel, since))| (index, channel, since)).collect(),
            pages: 0,
            failures: 0,
        }
    }

    /// Listens until a connection fails, and takes in the past meanwhile.
    async fn listen(
        &mut self,
        host: &str,
        mut ears: Ears,
        mut past: BoxStream<'static, Page>,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let mut catching_up = true;
        loop {
            let next = async {
                tokio::select! {
                    piece = ears.next() => Next::Piece(piece),
                    page = past.next(), if catching_up => Next::Page(page),
                }
            };
            match sender.meanwhile(next).await? {
                Next::Piece(None) => return Err(FeedError::failed("all streams ended; reconnecting")),
                Next::Piece(Some(piece)) => {
                    let heard = piece?;
                    sender.hear();
                    self.hear(host, heard, sender).await?;
                }
                Next::Page(Some(page)) => self.turn(host, page, sender).await?,
                Next::Page(None) => {
                    catching_up = false;
                    sender.tell(Health::Live).await?;
                }
            }
        }
    }

    async fn hear(
        &mut self,
        host: &str,
        heard: Vec<Heard>,
        sender: &mut MentionSender,
    ) -> Result<(), Closed> {
        let mut moved = false;
        for heard in heard {
            match heard {
                Heard::Garbage(why) => sender.discard(why),
                Heard::Said(_, Said::Other) => {}
                Heard::Said(_, Said::Deleted(id)) => {
                    if let Some(uid) = self.known.delete(&id) {
                        let gone = status::retraction(sender.source(), uid, sender.clock.now());
                        sender.push(gone).await?;
                    }
                }
                Heard::Said(_, Said::Edited(status)) => self.hand_over(host, &status, sender).await?,
                Heard::Said(index, Said::New(status)) => {
                    self.note(index, &status);
                    self.hand_over(host, &status, sender).await?;
                    moved = true;
                }
            }
        }
        if moved {
            self.mark(sender);
        }
        Ok(())
    }

    /// Takes in a page of the past.
    async fn turn(&mut self, host: &str, page: Page, sender: &mut MentionSender) -> Result<(), Closed> {
        let mut mentions = self.taken_back(&page, sender);
        let Page { channel, statuses, done, hole, .. } = page;
        if let Some(why) = hole {
            sender.goes_on(false);
            let stream = self.channels[channel].name();
            tracing::warn!(feed = %sender.source(), stream, why, "a gap remains");
            let why = format!("what was missed of `{stream}` cannot be fetched: {why}").into();
            sender.state.trouble = Some(Trouble { since: sender.clock.now(), why, deaf: false });
        }
        let fresh = self.fresh[channel].take();
        for status in &statuses {
            self.note(channel, status);
            mentions.extend(self.read(host, status, sender));
        }
        match fresh {
            Some(fresh) if done => self.trails[channel].join(fresh),
            fresh => self.fresh[channel] = fresh,
        }
        if !mentions.is_empty() {
            sender.send(mentions, true).await?;
        }
        self.mark(sender);
        Ok(())
    }

    /// Retractions of what was heard before the gap and is not there any more.
    fn taken_back(&mut self, page: &Page, sender: &MentionSender) -> Vec<Mention> {
        if !self.channels[page.channel].is_whole() {
            return Vec::new();
        }
        let missing = self.before[page.channel].missing(page);
        let uids = missing.into_iter().filter_map(|id| self.known.delete(id));
        uids.map(|uid| status::retraction(sender.source(), uid, sender.clock.now())).collect()
    }

    async fn hand_over(
        &mut self,
        host: &str,
        status: &Value,
        sender: &mut MentionSender,
    ) -> Result<(), Closed> {
        match self.read(host, status, sender) {
            Some(mention) => sender.push(mention).await,
            None => Ok(()),
        }
    }

    /// Reads a status; `None` for what is known already or not to be shown.
    fn read(&mut self, host: &str, status: &Value, sender: &mut MentionSender) -> Option<Mention> {
        let reader = Reader {
            source: sender.source(),
            host,
            known: &self.known,
            bots: self.table.bots.unwrap_or(true),
        };
        match reader.read(status, sender.clock.now()) {
            Ok(Status::Heard(id, mention)) => {
                sender.understood();
                self.known.hear(&id, &mention.uid, mention.version).then_some(*mention)
            }
            Ok(Status::Passed) => {
                sender.understood();
                None
            }
            Err(garbage) => {
                sender.discard(garbage.0);
                None
            }
        }
    }

    /// A stream has come as far as this status. Edits do not count: they may be of any age.
    fn note(&mut self, channel: usize, status: &Value) {
        if let Some(id) = field::id(status.get("id")) {
            self.fresh[channel].as_mut().unwrap_or(&mut self.trails[channel]).note(&id);
        }
    }

    fn mark(&self, sender: &mut MentionSender) {
        let names: Vec<String> = self.channels.iter().map(Channel::name).collect();
        let cursor = trail::written(names.iter().map(String::as_str).zip(&self.trails));
        sender.mark(cursor);
    }
}

enum Next {
    Piece(Option<ear::Piece>),
    Page(Option<Page>),
}

impl Adapter for Mastodon {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

/// A message of a WebSocket, or a status alone; `None` for what is neither.
pub(in crate::feed) fn told(json: &[u8], source: &Arc<str>, now: Time) -> Option<Mention> {
    let value = match event::message(json) {
        Ok(Message::Event(_, Said::New(status) | Said::Edited(status))) => *status,
        Ok(_) => return None,
        Err(_) => record::parse(json).ok()?,
    };
    let reader = Reader { source, host: "social.example", known: &Known::default(), bots: true };
    match reader.read(&value, now) {
        Ok(Status::Heard(_, mention)) => Some(*mention),
        Ok(Status::Passed) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests;
