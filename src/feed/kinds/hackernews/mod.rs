//! Hacker News by its Firebase API (github.com/HackerNews/API): every item in the order of its id,
//! and the items that changed.
//!
//! After a gap the last [`AGAIN`] items are asked for again: their changes may have been missed.
//!
//! Limits: 8 calls at a time, the layout's `backfill` (10,000 at most) items behind, 256 items that
//! are not there yet and 8,192 whose last words are remembered.

pub mod item;
pub(in crate::feed) mod table;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};
use serde_json::Value;

use self::item::Item;
pub use self::table::HackerNewsTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::poll::Poll;
use crate::feed::poll::seen::Seen;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::Web;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::url;
use crate::mention::source::Health;

impl AdapterTable for HackerNewsTable {
    const KIND: &'static str = "hackernews";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(HackerNews::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        let kinds = HackerNewsTable::default().kinds;
        match item::read(&serde_json::from_slice(bytes).unwrap_or_default(), &kinds, source, now) {
            Ok(Item::Said(mention)) => Some(*mention).into(),
            Ok(Item::Gone | Item::Other) | Err(_) => Decoded::default(),
        }
    }
}

const ADDRESS: &str = "https://hacker-news.firebaseio.com/v0";
/// Calls at a time.
const CALLS: usize = 8;
/// Items between two marks of the cursor.
const STRIDE: u64 = 64;
/// More than this many items behind is catching up.
const BEHIND: u64 = 128;
/// Most items that are waited for; new ones are `null` for some seconds.
const MAX_PENDING: usize = 256;
/// Rounds after which an item that is not there will not come.
const MAX_TRIES: u8 = 5;
/// Most items that are remembered.
const MAX_SEEN: usize = 8_192;
/// Items that are looked at again after a gap.
const AGAIN: u64 = 256;
/// Most changed items of one round.
const MAX_CHANGED: usize = 1_000;

/// Hacker News, item by item.
#[derive(Debug)]
pub struct HackerNews {
    table: HackerNewsTable,
    pace: Pace,
    web: Option<Web>,
    poll: Poll,
    place: Option<Place>,
    /// Items that were `null`, and how often; the lowest first.
    pending: Vec<(u64, u8)>,
    seen: Seen,
}

/// How far it has come. The cursor is `first-last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// The first item that was ever asked for; changes of those before are not ours.
    first: u64,
    /// The last one.
    last: u64,
}

impl Place {
    fn parse(cursor: &str) -> Option<Self> {
        let (first, last) = cursor.split_once('-')?;
        let place = Self { first: first.parse().ok()?, last: last.parse().ok()? };
        (place.first <= place.last.saturating_add(1)).then_some(place)
    }
}

impl HackerNews {
    pub fn new(table: &HackerNewsTable, pace: &Pace) -> Self {
        let poll = Poll::new(table.every.0, pace);
        let (table, pace, seen) = (table.clone(), pace.clone(), Seen::new(MAX_SEEN));
        Self { table, pace, web: None, poll, place: None, pending: Vec::new(), seen }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let web = self.web()?;
        self.place = self.place.or_else(|| Place::parse(sender.cursor()?));
        let mut gap = self.place;
        loop {
            let newest = self.ask(&web, "maxitem", sender).await?;
            let newest = newest.as_u64().ok_or_else(|| wrong("no number for the newest item"))?;
            let reach = newest.saturating_sub(u64::from(self.table.backfill));
            sender.goes_on(self.place.is_some_and(|place| place.last >= reach));
            let place = self.start(newest, sender);
            let behind = newest.saturating_sub(place.last) > BEHIND;
            sender.tell(if behind { Health::CatchingUp } else { Health::Live }).await?;
            self.walk(&web, newest, sender).await?;
            sender.tell(Health::Live).await?;
            if let Some(before) = gap.take() {
                self.look_again(&web, before, sender).await?;
            }
            self.wait_for(&web, sender).await?;
            self.changes(&web, newest, sender).await?;
            self.poll.rest(sender).await?;
        }
    }

    fn web(&mut self) -> Result<Web, FeedError> {
        if let Some(web) = &self.web {
            return Ok(web.clone());
        }
        let web = Web::new(&url::address(self.base())?, &self.pace)?;
        Ok(self.web.insert(web).clone())
    }

    fn base(&self) -> &str {
        self.table.url.as_deref().unwrap_or(ADDRESS).trim_end_matches('/')
    }

    fn call(&self, what: &str) -> Result<HttpRequest, FeedError> {
        Ok(HttpRequest::get(&url::address(&format!("{}/{what}.json", self.base()))?)
            .accept("application/json"))
    }

    async fn ask(&self, web: &Web, what: &str, sender: &mut MentionSender) -> Result<Value, FeedError> {
        let call = self.call(what)?;
        let answer = sender.meanwhile(web.fetch(call)).await??;
        sender.hear();
        answer.accepted(sender.clock.now())?.json()
    }

    /// Where to begin: after the last item, but not further back than the layout says.
    fn start(&mut self, newest: u64, sender: &MentionSender) -> Place {
        let earliest = newest.saturating_sub(u64::from(self.table.backfill));
        let place = self.place.get_or_insert(Place { first: earliest + 1, last: earliest });
        if place.last < earliest {
            let skipped = earliest - place.last;
            tracing::warn!(feed = %sender.source(), skipped, "the gap is longer than `backfill`");
            place.last = earliest;
        }
        *place
    }

    /// Answers of many items, in their order.
    fn items(
        &self,
        web: &Web,
        ids: Vec<u64>,
        sender: &MentionSender,
    ) -> impl Stream<Item = Result<(u64, Value), FeedError>> + use<> {
        let (web, now) = (web.clone(), sender.clock.now());
        let calls: Vec<_> = ids.into_iter().map(|id| (id, self.call(&format!("item/{id}")))).collect();
        let fetch = move |(id, call): (u64, Result<HttpRequest, FeedError>)| {
            let web = web.clone();
            async move { Ok((id, web.fetch(call?).await?.accepted(now)?.json()?)) }
        };
        stream::iter(calls).map(fetch).buffered(CALLS)
    }

    /// Hands over every item up to the newest.
    async fn walk(&mut self, web: &Web, newest: u64, sender: &mut MentionSender) -> Result<(), FeedError> {
        while let Some(place) = self.place.filter(|place| place.last < newest) {
            let end = newest.min(place.last + STRIDE);
            let mut items = Box::pin(self.items(web, (place.last + 1..=end).collect(), sender));
            while let Some(item) = sender.meanwhile(items.next()).await? {
                let (id, value) = item?;
                if value.is_null() && self.pending.len() < MAX_PENDING {
                    self.pending.push((id, 0));
                }
                self.take(id, &value, false, sender).await?;
                self.place = Some(Place { last: id, ..place });
            }
            self.mark(sender);
        }
        Ok(())
    }

    /// Asks again for what was not there.
    async fn wait_for(&mut self, web: &Web, sender: &mut MentionSender) -> Result<(), FeedError> {
        let ids = self.pending.iter().map(|(id, _)| *id).collect();
        let mut items = Box::pin(self.items(web, ids, sender));
        while let Some(item) = sender.meanwhile(items.next()).await? {
            let (id, value) = item?;
            self.take(id, &value, false, sender).await?;
            match self.pending.iter_mut().find(|(pending, _)| *pending == id) {
                Some((_, tries)) if value.is_null() => *tries += 1,
                _ => self.pending.retain(|(pending, _)| *pending != id),
            }
        }
        self.pending.retain(|(_, tries)| *tries < MAX_TRIES);
        self.mark(sender);
        Ok(())
    }

    /// What was handed over last before a gap: it may have been changed or taken back meanwhile, and
    /// the list of updates goes back some minutes only.
    async fn look_again(
        &mut self,
        web: &Web,
        before: Place,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let first = before.first.max(before.last.saturating_sub(AGAIN - 1));
        let mut items = Box::pin(self.items(web, (first..=before.last).collect(), sender));
        while let Some(item) = sender.meanwhile(items.next()).await? {
            let (id, value) = item?;
            if !value.is_null() {
                self.take(id, &value, true, sender).await?;
            }
        }
        Ok(())
    }

    /// Items that changed: their words, their counts, or that they are gone.
    async fn changes(&mut self, web: &Web, newest: u64, sender: &mut MentionSender) -> Result<(), FeedError> {
        let updates = self.ask(web, "updates", sender).await?;
        let ids =
            updates.get("items").and_then(Value::as_array).ok_or_else(|| wrong("no list of updates"))?;
        let ours = self.place.map_or(0, |place| place.first)..=newest;
        let ids = ids.iter().filter_map(Value::as_u64).filter(|id| ours.contains(id)).take(MAX_CHANGED);
        let mut items = Box::pin(self.items(web, ids.collect(), sender));
        while let Some(item) = sender.meanwhile(items.next()).await? {
            let (id, value) = item?;
            self.take(id, &value, true, sender).await?;
        }
        Ok(())
    }

    async fn take(
        &mut self,
        id: u64,
        value: &Value,
        again: bool,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        sender.hear();
        let (source, now) = (sender.source().clone(), sender.clock.now());
        let mention = match item::read(value, &self.table.kinds, &source, now) {
            Ok(Item::Said(mention)) => *mention,
            Ok(Item::Gone) => item::gone(id, &source, now),
            Ok(Item::Other) => {
                sender.understood();
                return Ok(());
            }
            Err(garbage) => {
                sender.discard(garbage.0);
                return Ok(());
            }
        };
        sender.understood();
        let known = self.seen.knows(&mention.uid);
        if mention.op == crate::mention::Op::Delete && !known && !again {
            // It was never told.
            return Ok(());
        }
        if let Some(mut news) = self.seen.news(mention) {
            if known || again {
                // Items do not tell when they were changed: the last to arrive is the latest.
                news.version = now.as_micros().unsigned_abs();
            }
            sender.push(news).await?;
        }
        Ok(())
    }

    /// Goes on, after a restart, before the first item that is still waited for.
    fn mark(&self, sender: &mut MentionSender) {
        let Some(place) = self.place else { return };
        let waited = self.pending.iter().map(|(id, _)| id - 1).min().unwrap_or(u64::MAX);
        let last = place.last.min(waited).max(place.first.saturating_sub(1));
        sender.mark(format!("{}-{last}", place.first));
    }
}

fn wrong(what: &str) -> FeedError {
    FeedError::of(FailureKind::Server, format!("Hacker News sends {what}"))
}

impl Adapter for HackerNews {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_and_nonsense_is_not() {
        assert_eq!(Place::parse("100-250"), Some(Place { first: 100, last: 250 }));
        assert_eq!(Place::parse("101-100"), Some(Place { first: 101, last: 100 }));
        for nonsense in ["", "5", "9-1", "a-b", "-1-5", "1-99999999999999999999"] {
            assert_eq!(Place::parse(nonsense), None, "{nonsense}");
        }
    }
}
