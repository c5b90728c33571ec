//! The filtered stream: docs.x.com/x-api/posts/filtered-stream. Posts come as lines of JSON, and
//! every 20 seconds at least a blank line. After a gap X repeats up to five minutes where the plan
//! has it (`backfill_minutes`); otherwise recent search is asked for what was missed, as soon as it
//! knows of all that was said before the stream was open.

use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use serde_json::Value;
use tokio::time::sleep;

use super::caller::Caller;
use super::search::{self, From, Page, Search};
use super::{X, mark, post, problem, rules};
use crate::clock::Time;
use crate::feed::adapter::Pace;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::record;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::framing::ndjson::{Line, Lines};
use crate::feed::sender::{Closed, MentionSender};
use crate::feed::transport::http::{self, Response};
use crate::layout::feed::x_rules;
use crate::mention::source::Health;

/// X is heard every 20 seconds; a second more is given for the way.
const SILENCE: Duration = Duration::from_secs(21);
/// How far before the last post that was heard a gap begins: the stream does not keep order.
const OVERLAP: Duration = Duration::from_secs(30);
/// Recent search knows of a post after 30 seconds, unless another time is asked for.
const INDEXED_AFTER: Duration = Duration::from_secs(35);
/// The first and the longest wait before a page is asked for again.
const WAITS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(320));

impl X {
    /// Listens to the stream until it fails.
    pub(super) async fn stream(&mut self, x: &Caller, sender: &mut MentionSender) -> Result<(), FeedError> {
        let prefix = rules::prefix(sender.source());
        let prefix = self.sync(x, &prefix, sender).await?.then_some(prefix);
        let gap = Gap::of(self, sender.state.heard, sender.clock.now());
        let minutes = self.table.backfill_minutes.to_string();
        let mut asked = post::FIELDS.to_vec();
        asked.extend((gap == Gap::Repeated).then_some(("backfill_minutes", minutes.as_str())));
        let opened = sender.meanwhile(x.open("tweets/search/stream", &asked)).await?;
        let response = opened.inspect_err(|stop| self.doubt(stop))?;
        if http::mime(&response.headers) == "text/html" {
            return Err(FeedError::of(
                FailureKind::Refused,
                "the server sends a page instead of a stream; check `url`",
            ));
        }
        sender.hear();
        sender.goes_on(!matches!(gap, Gap::None));
        let missed = match gap {
            Gap::Searched(from) => {
                sender.tell(Health::CatchingUp).await?;
                self.ahead = Some(self.mark.newest);
                self.missed(x, from)
            }
            Gap::None | Gap::Repeated => {
                sender.tell(Health::Live).await?;
                self.ahead = None;
                stream::empty().boxed()
            }
        };
        self.listen(lines(response), missed, prefix.as_deref(), sender).await
    }

    /// Makes X's rules those of the layout, unless that was done. True when all rules are ours, so
    /// that posts of others can be told by their tags.
    async fn sync(
        &mut self,
        x: &Caller,
        prefix: &str,
        sender: &mut MentionSender,
    ) -> Result<bool, FeedError> {
        if !self.table.sync_rules {
            return Ok(false);
        }
        if let Some(own) = self.synced {
            return Ok(own);
        }
        let wanted =
            self.table.asked(x_rules::MAX_RULE).map_err(|why| FeedError::of(FailureKind::Refused, why))?;
        if wanted.is_empty() {
            return Err(FeedError::of(FailureKind::Refused, "the layout has no topic to ask X for"));
        }
        let own = sender.meanwhile(rules::sync(x, prefix, &wanted)).await??;
        self.synced = Some(own);
        Ok(own)
    }

    /// After a refusal the rules are looked at anew.
    fn doubt(&mut self, stop: &FeedError) {
        if matches!(stop, FeedError::Failed { fault: FailureKind::Refused, .. }) {
            self.synced = None;
        }
    }

    /// The pages of what a gap has cost; failures are tried again, a refusal ends them.
    fn missed(&self, x: &Caller, from: From) -> BoxStream<'static, Result<Page, String>> {
        // What the stream's rules may say can be too long for a search.
        let queries = match self.table.asked(x_rules::MAX_SEARCH) {
            Ok(asked) => search::queries(&asked, x_rules::MAX_SEARCH),
            Err(why) => return stream::iter([Err(why)]).boxed(),
        };
        let search = Search::new(x.clone(), &queries, from);
        let start = Missed { search, pace: self.pace.clone(), failures: 0, over: false };
        let first = self.pace.stretch(INDEXED_AFTER);
        let pages = stream::unfold((start, Some(first)), |(mut missed, wait)| async move {
            if let Some(wait) = wait {
                sleep(wait).await;
            }
            let page = missed.page().await?;
            let rest = page.as_ref().ok().and_then(|page| page.rest).map(|rest| missed.pace.stretch(rest));
            Some((page, (missed, rest)))
        });
        pages.boxed()
    }

    async fn listen(
        &mut self,
        mut lines: BoxStream<'static, Result<Vec<Heard>, FeedError>>,
        mut missed: BoxStream<'static, Result<Page, String>>,
        prefix: Option<&str>,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        loop {
            let catching_up = self.ahead.is_some();
            let next = async {
                tokio::select! {
                    heard = lines.next() => Next::Heard(heard),
                    page = missed.next(), if catching_up => Next::Missed(page),
                }
            };
            match sender.meanwhile(next).await? {
                Next::Heard(None) => return Err(FeedError::failed("X ended the stream; reconnecting")),
                Next::Heard(Some(heard)) => self.hear(heard?, prefix, sender).await?,
                Next::Missed(Some(Ok(page))) => {
                    self.take(&page, sender).await?;
                    if self.mark.is_half_spent(self.table.max_posts_per_day) {
                        missed = stream::iter([Err("half of today's posts are used up".to_owned())]).boxed();
                    }
                }
                Next::Missed(Some(Err(why))) => {
                    sender.goes_on(false);
                    tracing::warn!(feed = %sender.source(), why, "what was missed in a gap is not fetched");
                }
                Next::Missed(None) => self.caught_up(sender).await?,
            }
            self.afford(sender)?;
        }
    }

    /// Fails when the day's budget is used up; then nothing is left to be caught up with.
    fn afford(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let afford = self.mark.afford(self.table.max_posts_per_day, sender.clock.now());
        afford.inspect_err(|_| {
            self.ahead = None;
            sender.mark(self.mark.written());
        })
    }

    /// What a gap has cost has been had: the cursor goes on where the stream is.
    async fn caught_up(&mut self, sender: &mut MentionSender) -> Result<(), Closed> {
        self.mark.newest = self.mark.newest.max(self.ahead.take().unwrap_or_default());
        sender.mark(self.mark.written());
        sender.tell(Health::Live).await
    }

    async fn hear(
        &mut self,
        heard: Vec<Heard>,
        prefix: Option<&str>,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        sender.hear();
        for heard in heard {
            match heard {
                Heard::Payload(payload) => self.payload(&payload, prefix, sender).await?,
                Heard::DecodeError(why) => sender.discard(why),
            }
        }
        Ok(())
    }

    /// Takes in a line: a post, or the stream's end.
    async fn payload(
        &mut self,
        payload: &Value,
        prefix: Option<&str>,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        if let Some(stop) = problem::in_band(payload) {
            self.doubt(&stop);
            return Err(stop);
        }
        let now = sender.clock.now();
        self.mark.count(1, now);
        match post::of_line(payload, prefix, sender.source(), now) {
            Ok(mention) => {
                sender.understood();
                let newest = self.ahead.as_mut().unwrap_or(&mut self.mark.newest);
                *newest = (*newest).max(post::number(&payload["data"]));
                if let Some(mut mention) = mention {
                    if self.table.sync_rules {
                        let own = rules::prefix(sender.source());
                        let topics = mention.tags.iter().map(|tag| tag.strip_prefix(&own).unwrap_or(tag));
                        mention.found_for = self.queries(topics);
                    }
                    sender.push(mention).await?;
                }
            }
            Err(DecodeError(why)) => sender.discard(why),
        }
        sender.mark(self.mark.written());
        Ok(())
    }
}

enum Next {
    Heard(Option<Result<Vec<Heard>, FeedError>>),
    Missed(Option<Result<Page, String>>),
}

/// A line of the stream.
#[derive(Debug)]
enum Heard {
    Payload(Value),
    DecodeError(&'static str),
}

/// The lines of the stream as they come; none in a piece that was a heartbeat.
fn lines(response: Response) -> BoxStream<'static, Result<Vec<Heard>, FeedError>> {
    stream::unfold((response, Lines::default()), |(mut response, mut lines)| async move {
        let heard = response.bytes(SILENCE).await.and_then(|bytes| {
            let bytes = bytes.ok_or_else(|| FeedError::failed("X ended the stream; reconnecting"))?;
            let mut heard = Vec::new();
            lines.push(bytes.as_ref(), &mut |line| match line {
                Line::Heartbeat => {}
                Line::TooLong => heard.push(Heard::DecodeError("too long")),
                Line::Record(json) => heard.push(match record::parse(json) {
                    Ok(payload) => Heard::Payload(payload),
                    Err(DecodeError(why)) => Heard::DecodeError(why),
                }),
            });
            Ok(heard)
        });
        Some((heard, (response, lines)))
    })
    .boxed()
}

/// What lies between the last post and now, and how it is had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    /// Nothing was heard before, or nothing is to be had.
    None,
    /// X repeats it.
    Repeated,
    /// It is searched for.
    Searched(From),
}

impl Gap {
    fn of(x: &X, heard: Option<Time>, now: Time) -> Self {
        let newest = x.mark.newest;
        if newest == 0 {
            return Self::None;
        }
        let since = heard.unwrap_or_default().max(mark::made_at(newest));
        let minutes = Duration::from_secs(u64::from(x.table.backfill_minutes) * 60);
        match () {
            () if now.since(since) < minutes => Self::Repeated,
            () if x.table.recover => Self::Searched(From::Id(mark::earlier(newest, OVERLAP))),
            () => Self::None,
        }
    }
}

/// A search for what was missed.
struct Missed {
    search: Search,
    pace: Pace,
    failures: u32,
    over: bool,
}

impl Missed {
    async fn page(&mut self) -> Option<Result<Page, String>> {
        while !self.over {
            match self.search.page().await {
                Ok(page) => return page.map(Ok),
                Err(FeedError::Failed { fault: FailureKind::Refused, why, .. }) => {
                    self.over = true;
                    return Some(Err(why));
                }
                Err(FeedError::Failed { wait, .. }) => {
                    let own = WAITS.0.saturating_mul(1 << self.failures.min(8)).min(WAITS.1);
                    self.failures += 1;
                    sleep(self.pace.stretch(wait.unwrap_or(own))).await;
                }
                Err(FeedError::Closed | FeedError::Final(_)) => self.over = true,
            }
        }
        None
    }
}
