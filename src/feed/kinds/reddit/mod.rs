//! New posts and comments of Reddit by its API (www.reddit.com/dev/api): listings are walked from
//! the newest down to what is known, and what was handed over is looked at again.
//!
//! Not by `before`: a listing before a thing that was removed is empty, for ever. Limits: 100
//! things a page, 10 pages a listing (Reddit gives no more than 1,000), 10 anchors, 4,096 things
//! remembered, the last 1,000 of them looked at again, 100 a round.

mod access;
pub(in crate::feed) mod table;
pub mod thing;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;

use self::access::Access;
pub use self::table::RedditTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::poll::Poll;
use crate::feed::poll::seen::Seen;
use crate::feed::sender::MentionSender;
use crate::mention::source::Health;
use crate::mention::{Mention, Op};

impl AdapterTable for RedditTable {
    const KIND: &'static str = "reddit";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Reddit::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        let (things, _) = children(serde_json::from_slice(bytes).unwrap_or_default()).unwrap_or_default();
        things.iter().filter_map(|thing| thing::read(thing, source, now).ok()).into()
    }
}

/// Most pages of one listing.
const MAX_PAGES: usize = 10;
/// Names of the newest things that are kept; the others serve when one of them is removed.
const MAX_ANCHORS: usize = 10;
const MAX_SEEN: usize = 4_096;
/// Things that are looked at again.
const MAX_RECENT: usize = 1_000;
/// Most things of one call.
const PAGE: usize = 100;

/// What the layout wants of Reddit.
#[derive(Debug)]
pub struct Reddit {
    access: Access,
    listings: Vec<Listing>,
    poll: Poll,
    seen: Seen,
    /// Names of things that were handed over, those to be looked at next in front.
    recent: VecDeque<Arc<str>>,
    resumed: bool,
}

/// One listing.
#[derive(Debug)]
struct Listing {
    /// Its name in the cursor.
    name: &'static str,
    path: String,
    query: Vec<(&'static str, String)>,
    /// The newest things that are known, the newest first.
    anchors: Vec<String>,
}

impl Listing {
    fn of(table: &RedditTable) -> Vec<Self> {
        let within = table.subreddits.join("+");
        let search = table.search.iter().map(|words| words.trim()).find(|words| !words.is_empty());
        let listing = |name, path: String| Self { name, path, query: Vec::new(), anchors: Vec::new() };
        let mut listings = Vec::new();
        match (search, within.as_str()) {
            (None, _) => listings.push(listing("new", format!("/r/{within}/new"))),
            (Some(_), "") => listings.push(listing("search", "/search".into())),
            (Some(_), _) => listings.push(listing("search", format!("/r/{within}/search"))),
        }
        if let (Some(words), Some(search)) = (search, listings.last_mut()) {
            let restrict = if within.is_empty() { "0" } else { "1" };
            let query = [("q", words), ("sort", "new"), ("type", "link"), ("restrict_sr", restrict)];
            search.query = query.map(|(name, value)| (name, value.to_owned())).into();
        }
        if table.comments && search.is_none() {
            listings.push(listing("comments", format!("/r/{within}/comments")));
        }
        listings
    }

    /// Whether a thing, or all that come after it, are known.
    fn knows(&self, name: &str) -> bool {
        let oldest = self.anchors.iter().filter_map(|anchor| thing::number(anchor)).min();
        let older = oldest.zip(thing::number(name)).is_some_and(|(oldest, number)| number < oldest);
        older || self.anchors.iter().any(|anchor| anchor == name)
    }
}

impl Reddit {
    pub fn new(table: &RedditTable, pace: &Pace) -> Self {
        Self {
            access: Access::new(table, pace),
            listings: Listing::of(table),
            poll: Poll::new(table.every.0, pace),
            seen: Seen::new(MAX_SEEN),
            recent: VecDeque::new(),
            resumed: false,
        }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        self.resume(sender);
        loop {
            for at in 0..self.listings.len() {
                self.walk(at, sender).await?;
                sender.tell(Health::Live).await?;
            }
            self.look_again(sender).await?;
            self.poll.rest(sender).await?;
        }
    }

    fn resume(&mut self, sender: &MentionSender) {
        if std::mem::replace(&mut self.resumed, true) {
            return;
        }
        let kept = sender.cursor().and_then(|cursor| serde_json::from_str(cursor).ok());
        let mut kept: BTreeMap<String, Vec<String>> = kept.unwrap_or_default();
        for listing in &mut self.listings {
            listing.anchors = kept.remove(listing.name).unwrap_or_default();
            listing.anchors.truncate(MAX_ANCHORS);
        }
    }

    /// Hands over what is new in a listing, the oldest first.
    async fn walk(&mut self, at: usize, sender: &mut MentionSender) -> Result<(), FeedError> {
        let mut things: Vec<Value> = Vec::new();
        let mut after = String::new();
        let first = self.listings[at].anchors.is_empty();
        for page in 0..MAX_PAGES {
            let (mut children, next) = self.page(at, &after, sender).await?;
            let known = children
                .iter()
                .position(|child| thing::name(child).is_some_and(|n| self.listings[at].knows(n)));
            // The first page is read whole: what is known may have changed.
            children.truncate(known.filter(|_| page > 0).unwrap_or(children.len()));
            things.append(&mut children);
            match next {
                Some(next) if known.is_none() && !first && next != after => after = next,
                _ => break,
            }
        }
        if !first && things.len() >= MAX_PAGES * PAGE {
            tracing::warn!(feed = %sender.source(), "the gap is longer than Reddit's listing of 1,000");
        }
        sender.goes_on(!first && things.len() < MAX_PAGES * PAGE);
        self.take(things.iter().rev(), sender).await?;
        self.anchor(at, &things);
        sender.mark(self.cursor());
        Ok(())
    }

    /// One page: its things, and the name behind which the next one begins.
    async fn page(
        &mut self,
        at: usize,
        after: &str,
        sender: &mut MentionSender,
    ) -> Result<(Vec<Value>, Option<String>), FeedError> {
        let Listing { path, query, .. } = &self.listings[at];
        let mut query: Vec<(&str, &str)> =
            query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let limit = PAGE.to_string();
        query.push(("limit", &limit));
        if !after.is_empty() {
            query.push(("after", after));
        }
        let listing = self.access.listing(path, &query, sender).await?;
        children(listing)
    }

    async fn take(
        &mut self,
        things: impl Iterator<Item = &Value>,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let (source, now) = (sender.source().clone(), sender.clock.now());
        let (mut records, garbage) = (0, sender.state.garbage);
        for thing in things {
            records += 1;
            match thing::read(thing, &source, now) {
                Ok(mention) => self.hand_over(mention, sender).await?,
                Err(garbage) => sender.discard(garbage.0),
            }
        }
        sender.end_page(records, garbage);
        Ok(())
    }

    async fn hand_over(&mut self, mention: Mention, sender: &mut MentionSender) -> Result<(), FeedError> {
        let known = self.seen.knows(&mention.uid);
        if !known && mention.op == Op::Upsert {
            self.recent.extend(mention.uid.strip_prefix("reddit:").map(Arc::from));
            if self.recent.len() > MAX_RECENT {
                self.recent.pop_front();
            }
        }
        if let Some(mut news) = self.seen.news(mention) {
            if news.op == Op::Metrics {
                news.version = sender.clock.now().as_micros().unsigned_abs();
            }
            sender.push(news).await?;
        }
        Ok(())
    }

    fn anchor(&mut self, at: usize, things: &[Value]) {
        let newest = things.iter().filter_map(thing::name).take(MAX_ANCHORS).map(str::to_owned);
        let anchors: Vec<_> = newest.collect();
        if !anchors.is_empty() {
            self.listings[at].anchors = anchors;
        }
    }

    /// Looks at things again that were handed over: edits, deletions and counts.
    async fn look_again(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let some = self.recent.len().min(PAGE);
        if some == 0 {
            return Ok(());
        }
        let names = self.recent.iter().take(some).map(|name| &**name).collect::<Vec<_>>().join(",");
        let listing = self.access.listing("/api/info", &[("id", &names)], sender).await?;
        let (things, _) = children(listing)?;
        self.recent.rotate_left(some);
        self.take(things.iter(), sender).await
    }

    fn cursor(&self) -> String {
        let kept: BTreeMap<_, _> = self.listings.iter().map(|l| (l.name, &l.anchors)).collect();
        serde_json::to_string(&kept).unwrap_or_default()
    }
}

/// The things of a listing and its `after`.
pub(in crate::feed) fn children(mut listing: Value) -> Result<(Vec<Value>, Option<String>), FeedError> {
    let after = listing.pointer("/data/after").and_then(Value::as_str).map(str::to_owned);
    let Some(Value::Array(mut children)) = listing.pointer_mut("/data/children").map(Value::take) else {
        return Err(FeedError::of(FailureKind::Server, "Reddit sent JSON that is not a listing"));
    };
    children.truncate(PAGE);
    Ok((children, after))
}

impl Adapter for Reddit {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}
