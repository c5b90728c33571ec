//! Messages of Sprout Social listening topics, asked for again and again
//! (api.sproutsocial.com/docs, "Listening Topics").
//!
//! A round asks each topic for what was said since [`OVERLAP`] before the newest message that was
//! handed over, the oldest first, page by page. Sprout gives at most [`MAX_RESULTS`] messages of
//! one window: what is beyond is asked for in a window that begins where the first one broke off.
//! All feeds with one token share its 60 calls a minute.

pub(in crate::feed) mod decode;
pub(in crate::feed) mod table;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

pub use self::table::SproutTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::field;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::kinds::suites;
use crate::feed::kinds::suites::budget::{Allowance, Budget};
use crate::feed::kinds::suites::fields::{at, each, endpoint, stamp};
use crate::feed::kinds::suites::known::Known;
use crate::feed::poll::Poll;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::Web;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::{self, Hidden};
use crate::feed::transport::url;
use crate::layout::feed::Secret;
use crate::mention::source::Health;

impl AdapterTable for SproutTable {
    const KIND: &'static str = "sprout";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Source::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        suites::decoded(each(suites::page(bytes).get("data")), decode::read, source, now)
    }
}

const SERVER: &str = "https://api.sproutsocial.com";
/// What an account may call.
const ALLOWED: Allowance = Allowance { calls: 60, window: Duration::from_secs(60) };
/// A message may become known this long after it was said.
const OVERLAP: Duration = Duration::from_secs(900);
/// Messages asked for in one call; Sprout gives no more.
const PAGE: usize = 100;
/// Messages of one window that Sprout gives at most.
const MAX_RESULTS: usize = 10_000;
/// Most calls for one topic in one round.
const MAX_CALLS: usize = 300;
/// An answer of a busy topic takes its time.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// Networks that Sprout hands over; it wants some named. X is not among them.
const NETWORKS: [&str; 9] =
    ["BLUESKY", "FACEBOOK", "INSTAGRAM", "LINKEDIN", "REDDIT", "TIKTOK", "TUMBLR", "WWW", "YOUTUBE"];

/// One feed of Sprout; lives through failures.
#[derive(Debug)]
pub(in crate::feed) struct Source {
    table: SproutTable,
    pace: Pace,
    web: Option<Web>,
    known: Known,
    poll: Poll,
    /// `None` before the first round.
    marks: Option<Marks>,
}

/// What one call needs.
struct Session {
    token: Hidden,
    budget: Arc<Budget>,
    web: Web,
}

/// One answer.
struct Page {
    messages: Vec<Value>,
    /// More pages follow.
    more: bool,
}

/// Where each topic goes on: when the newest message was said, µs since 1970.
type Marks = BTreeMap<String, i64>;

impl Source {
    pub fn new(table: &SproutTable, pace: &Pace) -> Self {
        let poll = Poll::new(table.interval.0, pace);
        Self {
            table: table.clone(),
            pace: pace.clone(),
            web: None,
            known: Known::default(),
            poll,
            marks: None,
        }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        loop {
            for topic in self.table.topics.clone() {
                self.walk(&topic, sender).await?;
            }
            sender.tell(Health::Live).await?;
            self.poll.rest(sender).await?;
        }
    }

    /// Hands over what a topic has since the last walk.
    async fn walk(&mut self, topic: &str, sender: &mut MentionSender) -> Result<(), FeedError> {
        let session = self.session().await?;
        let now = sender.clock.now();
        let first = now - self.table.history.0;
        let mark = self.marks(sender).get(topic).copied();
        sender.goes_on(mark.is_some());
        let mut newest = mark.map_or(first, |mark| Time::from_micros(mark).min(now));
        let mut begin = newest - OVERLAP;
        let mut page = 1;
        for _ in 0..MAX_CALLS {
            self.turn(&session, sender).await?;
            let got = self.ask(&session, topic, begin, page, sender).await?;
            let latest = got.messages.iter().filter_map(decode::created).filter(|at| *at <= now).max();
            newest = newest.max(latest.unwrap_or(newest));
            self.hand_over(&got.messages, sender).await?;
            self.keep(topic, newest, sender);
            if !got.more {
                return Ok(());
            }
            sender.tell(Health::CatchingUp).await?;
            page += 1;
            if (page - 1) * PAGE >= MAX_RESULTS {
                // So many in one second that a window cannot part them: the rest of it is skipped.
                begin = latest.unwrap_or(begin).max(begin + Duration::from_secs(1));
                page = 1;
            }
        }
        Ok(())
    }

    /// Where the topics go on: at the start, where the run before stopped.
    fn marks(&mut self, sender: &MentionSender) -> &mut Marks {
        let kept = || sender.cursor().and_then(|cursor| serde_json::from_str(cursor).ok());
        self.marks.get_or_insert_with(|| kept().unwrap_or_default())
    }

    /// Keeps a topic's place beside those of the others that the layout names.
    fn keep(&mut self, topic: &str, newest: Time, sender: &mut MentionSender) {
        let topics = self.table.topics.clone();
        let marks = self.marks(sender);
        marks.retain(|known, _| topics.contains(known));
        marks.insert(topic.to_owned(), newest.as_micros());
        sender.mark(serde_json::to_string(marks).expect("texts and numbers are JSON"));
    }

    async fn session(&mut self) -> Result<Session, FeedError> {
        let secret = Secret::of(&self.table.token_env, &self.table.token_file);
        let secret =
            secret.ok_or_else(|| FeedError::Final("the layout does not name an API token".into()))?;
        let url = endpoint(&self.table.url, SERVER, "")?;
        let token = secret::read(&secret).await?;
        let budget = Budget::of("sprout", url::host(&url), token.expose(), ALLOWED);
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&url, &self.pace)?,
        };
        Ok(Session { token, budget, web: self.web.insert(web).clone() })
    }

    /// Waits for a call that the account may make.
    async fn turn(&self, session: &Session, sender: &mut MentionSender) -> Result<(), FeedError> {
        while let Err(wait) = session.budget.take(sender.clock.instant()) {
            let until = sender.clock.now() + wait;
            let why = "the Sprout account has used up its 60 calls per minute".into();
            sender.tell(Health::Throttled { until, why }).await?;
            sender.meanwhile(tokio::time::sleep(self.pace.stretch(wait))).await?;
        }
        Ok(())
    }

    async fn ask(
        &self,
        session: &Session,
        topic: &str,
        begin: Time,
        page: usize,
        sender: &mut MentionSender,
    ) -> Result<Page, FeedError> {
        let call = self.call(session, topic, begin, page, sender.clock.now())?;
        let answer = sender.meanwhile(session.web.fetch(call)).await??;
        sender.hear();
        match answer.status.as_u16() {
            202 => {
                return Err(FeedError::of(
                    FailureKind::Server,
                    "Sprout has no response ready yet; asking again",
                ));
            }
            // The list has become shorter than it was when the page before was asked for.
            400 if page > 1 => return Ok(Page { messages: Vec::new(), more: false }),
            _ => {}
        }
        let answer = answer.accepted(sender.clock.now())?.json_for(sender)?;
        let Some(Value::Array(_)) = answer.get("data") else {
            return Err(FeedError::of(FailureKind::Server, "the response from Sprout has no `data`"));
        };
        let messages: Vec<Value> = each(answer.get("data")).cloned().collect();
        let total = field::count(at(&answer, &["paging", "total_pages"])).unwrap_or(0);
        // What is beyond the most that a window gives is not even counted as a page.
        let cut = page * PAGE >= MAX_RESULTS && messages.len() >= PAGE;
        Ok(Page { more: cut || ((page as u64) < total && !messages.is_empty()), messages })
    }

    fn call(
        &self,
        session: &Session,
        topic: &str,
        begin: Time,
        page: usize,
        now: Time,
    ) -> Result<HttpRequest, FeedError> {
        let customer = self.table.customer.unwrap_or_default();
        let path = format!("v1/{customer}/listening/topics/{topic}/messages");
        let url = endpoint(&self.table.url, SERVER, &path)?;
        let networks = match self.table.networks.is_empty() {
            true => NETWORKS.join(","),
            false => self.table.networks.join(","),
        };
        let end = now + Duration::from_secs(60);
        let mut call =
            HttpRequest::post(&url).accept("application/json").bearer(&session.token).json(&json!({
                "filters": [
                    format!("created_time.in({}..{})", stamp(begin), stamp(end)),
                    format!("network.eq({networks})"),
                ],
                "fields": [
                    "guid", "created_time", "network", "content_category", "text", "perma_link", "language",
                    "hashtags", "sentiment", "from.name", "from.screen_name",
                ],
                "metrics": ["likes", "replies", "shares_count", "impressions", "from.followers_count"],
                "sort": ["created_time:asc"],
                "timezone": "UTC",
                "limit": PAGE,
                "page": page,
            }));
        call.within = Some(self.pace.connect_within.max(ANSWER_WITHIN));
        Ok(call)
    }

    /// Hands over messages without those that were handed over before as they are.
    async fn hand_over(&mut self, messages: &[Value], sender: &mut MentionSender) -> Result<(), FeedError> {
        let (source, now) = (sender.source().clone(), sender.clock.now());
        let garbage = sender.state.garbage;
        for message in messages {
            match decode::read(message, &source, now, &mut self.known) {
                Ok(mention) if self.known.is_news(&mention.uid, message) => sender.push(mention).await?,
                Ok(_) => {}
                Err(DecodeError(why)) => sender.discard(why),
            }
        }
        sender.end_page(messages.len(), garbage);
        Ok(())
    }
}

impl Adapter for Source {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}
