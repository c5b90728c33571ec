//! Mentions of Brandwatch Consumer Research, asked for again and again
//! (developers.brandwatch.com/docs/retrieving-mentions and /docs/rate-limiting).
//!
//! A round asks for the newest mentions by the time that Brandwatch added them and goes back, page
//! by page, to where the round before began and [`OVERLAP`] beyond; the place is kept when the
//! round is whole. All feeds with one token share the 30 calls within 10 minutes that a client
//! has. A round has at most [`MAX_PAGES`] pages.

pub(in crate::feed) mod decode;
pub(in crate::feed) mod table;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::Url;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::table::BrandwatchTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::field;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::kinds::suites;
use crate::feed::kinds::suites::budget::{Allowance, Budget};
use crate::feed::kinds::suites::fields::{each, endpoint, stamp};
use crate::feed::kinds::suites::known::Known;
use crate::feed::poll::Poll;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::Web;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::{self, Hidden};
use crate::feed::transport::url;
use crate::layout::feed::Secret;
use crate::mention::source::Health;

impl AdapterTable for BrandwatchTable {
    const KIND: &'static str = "brandwatch";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Source::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        suites::decoded(each(suites::page(bytes).get("results")), decode::read, source, now)
    }
}

const SERVER: &str = "https://api.brandwatch.com";
/// What a client, which is all users of an account together, may call.
const ALLOWED: Allowance = Allowance { calls: 30, window: Duration::from_secs(600) };
/// Mentions may appear out of order by this much.
const OVERLAP: Duration = Duration::from_secs(300);
/// A mention may be found this long after it was said: the dates that are asked for.
const FOUND_WITHIN: Duration = Duration::from_secs(7 * 86_400);
/// What claims to have been added later than this after now does not move the place.
const AHEAD: Duration = Duration::from_secs(86_400);
/// Most pages of a round; what lies before is told as unread.
const MAX_PAGES: usize = 60;
/// Longest place in a list that is taken from an answer, bytes.
const MAX_PLACE: usize = 2_048;
/// An answer of 5,000 mentions takes its time.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// One feed of Brandwatch; lives through failures.
#[derive(Debug)]
pub(in crate::feed) struct Source {
    table: BrandwatchTable,
    pace: Pace,
    web: Option<Web>,
    known: Known,
    poll: Poll,
}

/// Where the next round stops.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    /// The newest time at which a mention was added, µs since 1970.
    added: i64,
    /// What was listened to: others begin anew.
    scope: String,
}

/// What one call needs.
struct Session {
    url: Url,
    token: Hidden,
    budget: Arc<Budget>,
    web: Web,
}

/// One answer.
struct Page {
    records: Vec<Value>,
    /// Where the page after it begins, if Brandwatch says so.
    next: Option<String>,
}

/// Which page to ask for.
enum Place {
    Number(usize),
    Cursor(String),
}

impl Source {
    pub fn new(table: &BrandwatchTable, pace: &Pace) -> Self {
        let poll = Poll::new(table.interval.0, pace);
        Self { table: table.clone(), pace: pace.clone(), web: None, known: Known::default(), poll }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        loop {
            self.round(sender).await?;
            sender.tell(Health::Live).await?;
            self.poll.rest(sender).await?;
        }
    }

    /// Hands over all that was added since the round before.
    async fn round(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let session = self.session().await?;
        let now = sender.clock.now();
        let begun = self.begun(sender);
        sender.goes_on(begun.is_some());
        let begun = begun.unwrap_or(now - self.table.history.0);
        let (mut newest, stop_at) = (begun, begun - OVERLAP);
        let mut place = Place::Number(0);
        for number in 1..=MAX_PAGES {
            self.turn(&session, sender).await?;
            let page = self.ask(&session, &place, begun, sender).await?;
            let full = page.records.len() >= self.table.page_size as usize;
            let added = page.records.iter().filter_map(decode::added);
            let (oldest, latest) = (added.clone().min(), added.filter(|at| *at <= now + AHEAD).max());
            newest = newest.max(latest.unwrap_or(newest));
            self.hand_over(&page.records, sender).await?;
            if !full || oldest.is_none_or(|oldest| oldest < stop_at) {
                sender.mark(self.cursor(newest));
                return Ok(());
            }
            sender.tell(Health::CatchingUp).await?;
            place = page.next.map_or(Place::Number(number), Place::Cursor);
        }
        sender.goes_on(false);
        sender.discard("too many mentions in one poll; the older ones are skipped");
        sender.mark(self.cursor(newest));
        Ok(())
    }

    /// The first round's place, or the last one's.
    fn begun(&self, sender: &MentionSender) -> Option<Time> {
        let cursor: Cursor = serde_json::from_str(sender.cursor()?).ok()?;
        (cursor.scope == self.scope()).then_some(Time::from_micros(cursor.added))
    }

    fn cursor(&self, newest: Time) -> String {
        let cursor = Cursor { added: newest.as_micros(), scope: self.scope() };
        serde_json::to_string(&cursor).expect("a number and a text are JSON")
    }

    fn scope(&self) -> String {
        let BrandwatchTable { project, queries, query_groups, .. } = &self.table;
        format!("{}/{queries:?}/{query_groups:?}", project.unwrap_or_default())
    }

    async fn session(&mut self) -> Result<Session, FeedError> {
        let secret = Secret::of(&self.table.token_env, &self.table.token_file);
        let secret =
            secret.ok_or_else(|| FeedError::Final("the layout does not name an access token".into()))?;
        let project = self.table.project.unwrap_or_default();
        let url = endpoint(&self.table.url, SERVER, &format!("projects/{project}/data/mentions"))?;
        let token = secret::read(&secret).await?;
        let budget = Budget::of("brandwatch", url::host(&url), token.expose(), ALLOWED);
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&url, &self.pace)?,
        };
        Ok(Session { url, token, budget, web: self.web.insert(web).clone() })
    }

    /// Waits for a call that the client may make.
    async fn turn(&self, session: &Session, sender: &mut MentionSender) -> Result<(), FeedError> {
        while let Err(wait) = session.budget.take(sender.clock.instant()) {
            let until = sender.clock.now() + wait;
            let why = "the Brandwatch client has used up its 30 calls in 10 minutes".into();
            sender.tell(Health::Throttled { until, why }).await?;
            sender.meanwhile(tokio::time::sleep(self.pace.stretch(wait))).await?;
        }
        Ok(())
    }

    async fn ask(
        &self,
        session: &Session,
        place: &Place,
        begun: Time,
        sender: &mut MentionSender,
    ) -> Result<Page, FeedError> {
        let call = self.call(session, place, begun, sender.clock.now());
        let answer = sender.meanwhile(session.web.fetch(call)).await??;
        let now = sender.clock.now();
        sender.hear();
        let (allowed, used) = counted(&answer.headers);
        session.budget.learn(allowed, used, sender.clock.instant());
        let answer = answer.accepted(now)?.json_for(sender)?;
        let Some(Value::Array(_)) = answer.get("results") else {
            return Err(FeedError::of(FailureKind::Server, "the response from Brandwatch has no `results`"));
        };
        let next = field::text(answer.get("nextCursor"));
        let next = next.filter(|next| !next.is_empty() && next.len() <= MAX_PLACE).map(str::to_owned);
        Ok(Page { records: each(answer.get("results")).cloned().collect(), next })
    }

    fn call(&self, session: &Session, place: &Place, begun: Time, now: Time) -> HttpRequest {
        let from = begun.min(now) - FOUND_WITHIN;
        let mut call = HttpRequest::get(&session.url).accept("application/json").bearer(&session.token);
        call.within = Some(self.pace.connect_within.max(ANSWER_WITHIN));
        for query in &self.table.queries {
            call = call.query("queryId", &query.to_string());
        }
        for group in &self.table.query_groups {
            call = call.query("queryGroupId", &group.to_string());
        }
        let utc = |at: Time| stamp(at) + ".000Z";
        call = call.query("startDate", &utc(from)).query("endDate", &utc(now + AHEAD));
        call = call.query("pageSize", &self.table.page_size.to_string());
        call = call.query("orderBy", "added").query("orderDirection", "desc");
        match place {
            Place::Number(page) => call.query("page", &page.to_string()),
            Place::Cursor(cursor) => call.query("cursor", cursor),
        }
    }

    /// Hands over a page, the oldest first, without what was handed over before as it is.
    async fn hand_over(&mut self, records: &[Value], sender: &mut MentionSender) -> Result<(), FeedError> {
        let (source, now) = (sender.source().clone(), sender.clock.now());
        let garbage = sender.state.garbage;
        for record in records.iter().rev() {
            match decode::read(record, &source, now, &mut self.known) {
                Ok(mention) => {
                    // A mention of two queries comes once for each.
                    let name = format!("{} {:?}", mention.uid, record.get("queryId"));
                    if self.known.is_news(&name, record) {
                        sender.push(mention).await?;
                    }
                }
                Err(DecodeError(why)) => sender.discard(why),
            }
        }
        sender.end_page(records.len(), garbage);
        Ok(())
    }
}

impl Adapter for Source {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

/// How many calls the client has within 10 minutes and how many it made, by Brandwatch's count:
/// `x-rate-limit: 30/10m` and `x-rate-limit-used: 5`.
fn counted(headers: &HeaderMap) -> (Option<usize>, Option<usize>) {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let allowed = text("x-rate-limit").and_then(|limit| limit.trim().strip_suffix("/10m"));
    (allowed.and_then(|n| n.parse().ok()), text("x-rate-limit-used").and_then(|n| n.trim().parse().ok()))
}
