//! News of the world by the GDELT DOC 2.0 API (blog.gdeltproject.org, "GDELT DOC 2.0 API Debuts!"):
//! articles that match a query, in the order in which GDELT saw them.
//!
//! Limits: 250 articles a call, 32 calls a round, 5 seconds between two calls, the last day at the first start,
//! 8,192 articles remembered.

pub mod articles;
mod languages;
pub(in crate::feed) mod table;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use self::articles::Articles;
pub use self::table::GdeltTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::poll::Poll;
use crate::feed::poll::seen::Seen;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{Answer, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::url;
use crate::mention::source::Health;

impl AdapterTable for GdeltTable {
    const KIND: &'static str = "gdelt";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Gdelt::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        articles::read(&String::from_utf8_lossy(bytes), source, now).unwrap_or_default().mentions.into()
    }
}

const ADDRESS: &str = "https://api.gdeltproject.org/api/v2/doc/doc";
/// Most articles that one call gives.
const MAX_RECORDS: usize = 250;
/// Most calls of one round; the next one goes on from there.
const MAX_PAGES: usize = 32;
/// Between two calls.
const APART: Duration = Duration::from_secs(5);
/// GDELT dates articles by the quarter of an hour and finds some late: asked for again.
const OVERLAP: Duration = Duration::from_secs(2_700);
/// How far the first call looks back.
const PAST: Duration = Duration::from_secs(86_400);
const MAX_SEEN: usize = 8_192;
/// Longest sentence of GDELT's that is told, characters.
const MAX_WORDS: usize = 160;

/// The articles of one query.
#[derive(Debug)]
pub struct Gdelt {
    table: GdeltTable,
    pace: Pace,
    web: Option<Web>,
    poll: Poll,
    /// When GDELT saw the last article. The cursor is this in seconds since 1970.
    last: Option<Time>,
    seen: Seen,
}

impl Gdelt {
    pub fn new(table: &GdeltTable, pace: &Pace) -> Self {
        let poll = Poll::new(table.every.0, pace);
        Self {
            table: table.clone(),
            pace: pace.clone(),
            web: None,
            poll,
            last: None,
            seen: Seen::new(MAX_SEEN),
        }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let web = self.web()?;
        let kept = || sender.cursor()?.parse().ok().map(Time::from_secs);
        self.last = self.last.or_else(kept);
        loop {
            self.round(&web, sender).await?;
            self.poll.rest(sender).await?;
        }
    }

    fn address(&self) -> &str {
        self.table.url.as_deref().unwrap_or(ADDRESS)
    }

    fn web(&mut self) -> Result<Web, FeedError> {
        if let Some(web) = &self.web {
            return Ok(web.clone());
        }
        let web = Web::new(&url::address(self.address())?, &self.pace)?;
        Ok(self.web.insert(web).clone())
    }

    /// Asks from the last article on until an answer is not full.
    async fn round(&mut self, web: &Web, sender: &mut MentionSender) -> Result<(), FeedError> {
        let now = sender.clock.now();
        let earliest = now - PAST;
        let mut from = self.last.map_or(earliest, |last| (last - OVERLAP).max(earliest)).min(now);
        sender.goes_on(self.last.is_some_and(|last| last >= earliest));
        for _ in 0..MAX_PAGES {
            let articles = self.ask(web, from, now, sender).await?;
            let full = articles.found >= MAX_RECORDS;
            let newest = articles.mentions.iter().map(|m| m.ts).max();
            self.take(articles, sender).await?;
            sender.tell(Health::Live).await?;
            if !full {
                return Ok(());
            }
            from = self.onward(from, newest);
            sender.meanwhile(tokio::time::sleep(self.pace.stretch(APART))).await?;
        }
        Ok(())
    }

    /// Where the next page begins. A quarter of an hour with more articles than a page is left
    /// behind: GDELT gives no second page of it.
    fn onward(&self, from: Time, newest: Option<Time>) -> Time {
        match newest.filter(|newest| *newest > from) {
            Some(newest) => newest,
            None => {
                tracing::warn!("more than {MAX_RECORDS} articles at the same time; narrow the query");
                from + Duration::from_secs(1)
            }
        }
    }

    async fn ask(
        &self,
        web: &Web,
        from: Time,
        to: Time,
        sender: &mut MentionSender,
    ) -> Result<Articles, FeedError> {
        let call = HttpRequest::get(&url::address(self.address())?)
            .with_query("query", &self.table.query)
            .with_query("mode", "artlist")
            .with_query("format", "json")
            .with_query("sort", "dateasc")
            .with_query("maxrecords", &MAX_RECORDS.to_string())
            .with_query("startdatetime", &compact(from))
            .with_query("enddatetime", &compact(to));
        let answer = sender.meanwhile(web.fetch(call.within(Duration::from_secs(30)))).await??;
        sender.hear();
        let now = sender.clock.now();
        let answer = answer.accepted(now)?;
        let body = String::from_utf8_lossy(&answer.body);
        articles::read(&body, sender.source(), now).ok_or_else(|| refusal(&answer, &body))
    }

    async fn take(&mut self, articles: Articles, sender: &mut MentionSender) -> Result<(), FeedError> {
        for garbage in &articles.garbage {
            sender.discard(garbage.0);
        }
        if !articles.mentions.is_empty() {
            sender.understood();
        }
        for mention in articles.mentions {
            self.last = self.last.max(Some(mention.ts));
            if let Some(news) = self.seen.news(mention) {
                sender.push(news).await?;
            }
        }
        if let Some(last) = self.last {
            sender.mark(last.as_secs().to_string());
        }
        Ok(())
    }
}

/// `20260704143806`.
fn compact(at: Time) -> String {
    let second = Timestamp::from_second(at.as_secs()).unwrap_or_default();
    second.strftime("%Y%m%d%H%M%S").to_string()
}

/// GDELT answers 200 with a sentence or a page when it has none of the articles.
fn refusal(answer: &Answer, body: &str) -> FeedError {
    let words: String =
        crate::feed::decode::html::plain(body).split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = words.to_ascii_lowercase();
    let said: String = words.chars().take(MAX_WORDS).collect();
    let says = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    if says(&["limit requests", "too many requests", "rate limit", "high load"]) {
        return FeedError::of(FailureKind::Throttled, format!("GDELT says: {said}"));
    }
    let page = body.trim_start().starts_with('<') || answer.body.is_empty();
    if !page && says(&["query", "keyword", "phrase", "timespan", "parenthes", "search", "invalid", "must"]) {
        return FeedError::of(FailureKind::Refused, format!("GDELT rejects the query: {said}"));
    }
    FeedError::of(
        FailureKind::Server,
        format!("GDELT did not send a list of articles: {}", if page { "a web page" } else { &said }),
    )
}

impl Adapter for Gdelt {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}
