//! X, by its API v2 (docs.x.com/x-api): the filtered stream, whose rules follow the layout's
//! topics, or recent search in turns.
//!
//! A post is known by the id of its first version. Every post that is read costs, so that a day's
//! budget is kept, over restarts too. X tells of deletions only on its compliance streams, which
//! are for Enterprise: a post that was deleted stays until the journal forgets it. State: the
//! cursor, and the pages of one round.

mod caller;
mod includes;
mod mark;
mod post;
mod problem;
mod rules;
mod search;
mod stream;
pub(in crate::feed) mod table;
mod text;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use self::caller::Caller;
use self::mark::Mark;
use self::search::{From, Search};
use self::table::XMode;
pub use self::table::XTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::backoff::{RetryPolicies, RetryPolicy};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::record;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::poll::Poll;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::Web;
use crate::feed::transport::{secret, url};
use crate::layout::feed::{Secret, x_rules};
use crate::mention::Mention;
use crate::mention::source::Health;

impl AdapterTable for XTable {
    const KIND: &'static str = "x";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(X::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        told(bytes, source, now).into()
    }
}

/// Where X is.
const BASE: &str = "https://api.x.com";
/// How far back the first question of `recent` goes.
const FIRST_LOOK: Duration = Duration::from_secs(15 * 60);

/// A feed of X.
pub(in crate::feed) struct X {
    table: XTable,
    pace: Pace,
    web: Option<Web>,
    mark: Mark,
    /// The greatest id of the stream while what a gap has cost is still being asked for.
    ahead: Option<u64>,
    begun: bool,
    /// Whether the rules are known to be right, and all of them the feed's own.
    synced: Option<bool>,
}

impl X {
    pub fn new(table: &XTable, pace: &Pace) -> Self {
        Self {
            table: table.clone(),
            pace: pace.clone(),
            web: None,
            mark: Mark::default(),
            ahead: None,
            begun: false,
            synced: None,
        }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        if !std::mem::replace(&mut self.begun, true) {
            self.mark = Mark::read(sender.cursor().map_or("", |cursor| cursor));
        }
        self.mark.afford(self.table.max_posts_per_day, sender.clock.now())?;
        let x = self.caller(sender).await?;
        let stop = match self.table.mode {
            XMode::Stream => self.stream(&x, sender).await,
            XMode::Recent => self.poll(&x, sender).await,
        };
        // What was whole before the failure is not lost with it.
        sender.flush().await?;
        stop
    }

    async fn caller(&mut self, sender: &MentionSender) -> Result<Caller, FeedError> {
        let base = url::address(self.table.url.as_deref().unwrap_or(BASE))?;
        let token = Secret::of(&self.table.token_env, &self.table.token_file);
        let token =
            token.ok_or_else(|| FeedError::of(FailureKind::Refused, "the layout does not name a token"))?;
        let token = secret::read(&token).await?;
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&base, &self.pace)?,
        };
        self.web = Some(web.clone());
        Ok(Caller { web, base, token, clock: sender.clock.clone() })
    }

    /// Asks again and again.
    async fn poll(&mut self, x: &Caller, sender: &mut MentionSender) -> Result<(), FeedError> {
        let asked =
            self.table.asked(x_rules::MAX_SEARCH).map_err(|why| FeedError::of(FailureKind::Refused, why))?;
        let queries = search::queries(&asked, x_rules::MAX_SEARCH);
        if queries.is_empty() {
            return Err(FeedError::of(FailureKind::Refused, "the layout has no topic to ask X for"));
        }
        let mut poll = Poll::new(self.table.interval.0, &self.pace);
        loop {
            let from = match self.mark.newest {
                0 => From::Moment(sender.clock.now() - FIRST_LOOK),
                id => From::Id(id),
            };
            sender.goes_on(self.mark.newest > 0);
            self.round(Search::new(x.clone(), &queries, from), sender).await?;
            sender.tell(Health::Live).await?;
            poll.rest(sender).await?;
        }
    }

    /// Takes in one round. The cursor moves when it is over, because pages come newest first.
    async fn round(&mut self, mut search: Search, sender: &mut MentionSender) -> Result<(), FeedError> {
        let mut newest = self.mark.newest;
        while let Some(page) = sender.meanwhile(search.page()).await?? {
            sender.hear();
            newest = newest.max(self.take(&page, sender).await?);
            self.mark.afford(self.table.max_posts_per_day, sender.clock.now()).inspect_err(|_| {
                sender.mark(self.mark.written());
            })?;
            if let Some(rest) = page.rest {
                sender.meanwhile(tokio::time::sleep(self.pace.stretch(rest))).await?;
            }
        }
        self.mark.newest = newest;
        sender.mark(self.mark.written());
        Ok(())
    }

    /// Takes in a page of a search; gives its greatest id.
    async fn take(&mut self, page: &search::Page, sender: &mut MentionSender) -> Result<u64, FeedError> {
        let mut newest = 0;
        for value in &page.posts {
            newest = newest.max(post::number(value));
            match post::read(value, Some(&page.includes), sender.source(), sender.clock.now()) {
                Ok(mut mention) => {
                    mention.found_for = self.queries(page.topic.as_deref());
                    sender.push(mention).await?;
                }
                Err(DecodeError(why)) => sender.discard(why),
            }
        }
        self.mark.count(page.posts.len() as u64, sender.clock.now());
        sender.mark(self.mark.written());
        Ok(newest)
    }
}

impl X {
    /// The queries of those of `topics` that X was asked for.
    fn queries<'t>(&self, topics: impl IntoIterator<Item = &'t str>) -> Vec<Arc<str>> {
        let asked = if self.table.rules.is_empty() { self.table.topics.as_slice() } else { &[] };
        let query =
            |topic| asked.iter().find(|(name, _)| name == topic).map(|(_, query)| query.as_str().into());
        topics.into_iter().filter_map(query).collect()
    }
}

impl Adapter for X {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }

    /// As X asks for under "Handling disconnections": the first retry at once; connections that
    /// break 250 ms more each time up to 16 s; errors of HTTP 5 s, doubled up to 320 s; too many
    /// requests 1 minute, doubled.
    fn retry_policies(&self) -> RetryPolicies {
        let secs = Duration::from_secs;
        RetryPolicies {
            network: RetryPolicy::linear(Duration::from_millis(250), secs(16)).at_once(),
            server: RetryPolicy::exponential(secs(5), secs(320)),
            throttled: RetryPolicy::exponential(secs(60), secs(3_600)),
            ..RetryPolicies::default()
        }
    }
}

/// A line of the stream; `None` for an error, and for what is no post.
pub(in crate::feed) fn told(json: &[u8], source: &Arc<str>, now: Time) -> Option<Mention> {
    let payload = record::parse(json).ok()?;
    if problem::in_band(&payload).is_some() {
        return None;
    }
    post::of_line(&payload, None, source, now).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::feed::backoff::Backoff;

    /// Whether these are the waits in milliseconds after failures in a row; chance adds a tenth.
    fn follows(fault: FailureKind, delays: impl IntoIterator<Item = u64>) {
        let x = X::new(&XTable::default(), &Pace::default());
        let mut backoff =
            Backoff::new(x.retry_policies(), Pace::default().healthy_after, Time::from_secs(1_800_000_000));
        for delay in delays {
            let wait = backoff.next(fault, Duration::ZERO, None).as_millis() as u64;
            assert!((delay..=delay * 11 / 10).contains(&wait), "{fault:?}: {wait} ms for {delay} ms");
        }
    }

    #[test]
    fn the_three_policies_are_those_of_x() {
        follows(FailureKind::Network, (0..100).map(|n| (n * 250).min(16_000)));
        follows(FailureKind::Server, [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 320_000]);
        follows(FailureKind::Throttled, [60_000, 120_000, 240_000, 480_000]);
    }
}
